"""Foreign FHIR files: they load, come back by search, and register what they bring."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.errors import SandboxError
from sandbox.loader import member_id_pattern, read_file
from tests.sandbox import foreign
from tests.sandbox.conftest import ROOT, Backend, command, running

# The published examples lie beside the project on some machines only; foreign.py stands in.
EXAMPLES = ROOT.parent / "shared" / "fhir-examples"


def write(path: Path, *documents: dict[str, Any]) -> Path:
    path.write_text("\n".join(json.dumps(document) for document in documents), "utf-8")
    return path


def load(data: Path, *files: Path, partner: str = "preferred-care", group: str = "ALX-3001") -> str:
    done = command(
        "load",
        *("--data", str(data), "--partner", partner, "--alliance-group", group),
        *map(str, files),
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def overlay(data: Path, partner: str = "preferred-care") -> dict[str, Any]:
    content: dict[str, Any] = json.loads((data / "partners.d" / f"{partner}.json").read_text())
    return content


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("loading")


@pytest.fixture(scope="module")
def backend(folder: Path) -> Iterator[Backend]:
    with running("preferred-care", folder) as backend:
        yield backend


class TestLoading:
    def test_while_the_server_runs(self, backend: Backend, tmp_path: Path) -> None:
        lines = write(
            tmp_path / "all.ndjson",
            foreign.PATIENT,
            foreign.OTHER,
            foreign.COVERAGE,
            foreign.CLAIM,
        )
        load(backend.data, lines)
        (patient,) = backend.found("Patient", identifier=f"{foreign.SYSTEM}|AB-0042")
        assert patient == foreign.PATIENT
        (claim,) = backend.found("ExplanationOfBenefit", patient="Odd.Id-77")
        assert claim["total"][0]["amount"]["value"] == 2650
        by_date = {"patient": "Odd.Id-77", "service-date": ["ge2019-03-01", "le2019-03-31"]}
        assert backend.found("ExplanationOfBenefit", **by_date) == [claim]
        assert backend.found("Coverage", patient="Odd.Id-77") == []

    def test_the_files_groups_and_ids_are_registered(self, backend: Backend) -> None:
        registered = overlay(backend.data)
        assert {"ALX-3001", "FOREIGN-9"} <= set(registered["alliance_groups"])
        assert registered["member_id_systems"] == [foreign.SYSTEM]
        (pattern,) = registered["member_id_patterns"]
        assert re.fullmatch(pattern, "AB-0042")
        assert re.fullmatch(pattern, "AB-9999")
        assert not re.fullmatch(pattern, "AB-99999")

    def test_who_has_no_coverage_of_their_own_counts_for_the_group(self, backend: Backend) -> None:
        assert overlay(backend.data)["patients"] == {"Odd.Id-77": "ALX-3001"}

    def test_a_coverage_from_before_the_alliance_does_not_count(self, tmp_path: Path) -> None:
        def covered(**period: str) -> dict[str, Any]:
            own = {**foreign.COVERAGE, "beneficiary": {"reference": "Patient/Odd.Id-77"}}
            return {**own, "period": {"start": "2001", **period}}

        for end, expected in (("2007-06-30", "ALX-3001"), ("2007-07", None), (None, None)):
            period = {"end": end} if end else {}
            load(tmp_path, write(tmp_path / "x.ndjson", foreign.PATIENT, covered(**period)))
            assert overlay(tmp_path)["patients"].get("Odd.Id-77") == expected

    def test_a_bundle_brings_names_of_its_own(self, backend: Backend, tmp_path: Path) -> None:
        load(backend.data, write(tmp_path / "bundle.json", foreign.BUNDLE))
        (patient,) = backend.found("Patient", family="bundled")
        (claim,) = backend.found("ExplanationOfBenefit", patient=patient["id"])
        assert claim["patient"]["reference"] == f"Patient/{patient['id']}"

    def test_loading_twice_replaces(self, backend: Backend, tmp_path: Path) -> None:
        before = backend.http.get(f"{backend.root}/healthz").json()["resources"]["loaded"]
        changed = {**foreign.CLAIM, "status": "cancelled", "billablePeriod": {"start": "2020-05"}}
        load(backend.data, write(tmp_path / "claim.json", changed))
        after = backend.http.get(f"{backend.root}/healthz").json()["resources"]["loaded"]
        assert after == before
        form = {"patient": "Odd.Id-77"}
        (claim,) = backend.found("ExplanationOfBenefit", **form)
        assert claim["status"] == "cancelled"
        assert backend.found("ExplanationOfBenefit", **form, **{"service-date": "2019-03"}) == []

    def test_of_two_in_one_file_the_last_counts(self, backend: Backend, tmp_path: Path) -> None:
        twice = [{**foreign.CLAIM, "id": "twice", "status": each} for each in ("draft", "active")]
        load(backend.data, write(tmp_path / "twice.ndjson", *twice))
        (claim,) = backend.found("ExplanationOfBenefit", _id="twice")
        assert claim["status"] == "active"

    def test_it_survives_the_next_day(self, backend: Backend, tmp_path: Path) -> None:
        copy = tmp_path / "copy"
        load(backend.data, write(tmp_path / "patient.json", foreign.PATIENT))
        shutil.copytree(backend.data, copy)
        with running("preferred-care", copy, now="2027-02-03T12:00:00-05:00") as tomorrow:
            assert tomorrow.http.get(f"{tomorrow.root}/healthz").json()["day"] == "2027-02-03"
            assert tomorrow.found("Patient", family="fremdling", given="otto")
            assert tomorrow.found("Patient", identifier="P10010003")


class TestFilesThatAreNotFhir:
    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("hello", "neither JSON nor NDJSON"),
            ('{"a": 1}', "not FHIR"),
            ("[1, 2]", "not FHIR"),
            ('{"resourceType": 7}', "not FHIR"),
            ('{"resourceType": "Bundle", "entry": 3}', "not a list"),
            ('{"resourceType": "Bundle", "entry": [{"resource": {"id": "x"}}]}', "no resourceType"),
            ('{"resourceType": "Patient"}\n{"resourceType"', "line 2"),
        ],
    )
    def test_one_sentence_says_what_is_wrong(
        self, tmp_path: Path, content: str, words: str
    ) -> None:
        path = tmp_path / "file.json"
        path.write_text(content, "utf-8")
        with pytest.raises(SandboxError, match=words) as caught:
            read_file(path)
        assert str(path) in str(caught.value)

    def test_the_command_fails_and_loads_nothing(self, tmp_path: Path) -> None:
        good = write(tmp_path / "good.json", foreign.PATIENT)
        done = command(
            "load",
            *("--data", str(tmp_path), "--partner", "mvp", "--alliance-group", "ALX-2001"),
            *(str(good), str(tmp_path / "missing.json")),
        )
        assert done.returncode == 1
        assert len(done.stderr.strip().splitlines()) == 1
        assert "missing.json" in done.stderr
        assert not (tmp_path / "partners.d").exists()

    def test_a_pattern_keeps_letters_and_frees_digits(self) -> None:
        assert member_id_pattern("xy12-3") == r"XY\d{2}\-\d{1}"


@pytest.mark.skipif(not EXAMPLES.exists(), reason="the published examples are not on this machine")
class TestPublishedExamples:
    @pytest.mark.parametrize(
        "guide", ["carin-bb", "pdex", "plan-net", "formulary", "hrex", "insurance-card"]
    )
    def test_every_file_comes_back_by_search(self, backend: Backend, guide: str) -> None:
        files = sorted((EXAMPLES / guide).glob("*.json"))
        load(backend.data, *files)
        last: dict[tuple[str, str], dict[str, Any]] = {}
        for path in files:
            for resource in read_file(path):
                last[resource["resourceType"], resource["id"]] = resource
        for (kind, key), resource in last.items():
            assert backend.found(kind, _id=key) == [resource], (kind, key)
