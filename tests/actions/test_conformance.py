"""The conformance kit against the stand-ins, whole and broken: what an integrator is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
import yaml

from actions.partners.conformance.__main__ import main
from actions.settings import PartnerConfiguration
from alliance.partners import PARTNERS_FILE
from tests.sandbox.conftest import NOW, Backend

MEMBERS = {
    "cigna": {
        "member_id": "U10010001",
        "first_name": "Avery",
        "birth_date": "1984-05-17",
        "zip": "06103",
    },
    "mvp": {
        "member_id": "M10010002",
        "first_name": "Morgan",
        "birth_date": "1979-11-02",
        "zip": "12207",
    },
    "preferred-care": {
        "member_id": "P10010003",
        "first_name": "Riley",
        "birth_date": "1990-08-23",
        "zip": "14604",
    },
}
Kit = Callable[..., tuple[int, str]]


@pytest.fixture
def kit(
    configuration: PartnerConfiguration,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Kit:
    """Runs it as the command line does: exit status and what it printed."""
    del configuration
    monkeypatch.setenv("MEMBERLINE_NOW", NOW)

    def run(*more: str, members: object = MEMBERS, file: Path = PARTNERS_FILE) -> tuple[int, str]:
        (tmp_path / "members.yml").write_text(yaml.safe_dump(members), "utf-8")
        arguments = ["conformance", str(file), "--members", str(tmp_path / "members.yml"), *more]
        monkeypatch.setattr("sys.argv", arguments)
        status = main()
        printed = capsys.readouterr()
        return status, printed.out + printed.err

    return run


@pytest.mark.parametrize("key", MEMBERS)
def test_nothing_is_wrong_with_a_stand_in(kit: Kit, key: str) -> None:
    status, told = kit("--partner", key)
    assert "\n  wrong" not in told
    assert status == 0
    for capability in ("access", "provider search", "search by name", "coverage", "claims"):
        assert f"works   {capability}" in told


def test_what_a_backend_lacks_is_told_with_what_members_go_without(kit: Kit) -> None:
    _, told = kit("--partner", "preferred-care")
    assert "The back office does not tell prior authorizations." in told
    assert "-> Members hear the line." in told
    assert "claims that are still open" not in told


def test_no_value_of_the_test_member_is_printed(kit: Kit) -> None:
    _, told = kit("--partner", "mvp")
    assert not any(value in told for value in MEMBERS["mvp"].values() if value != "12207")
    assert "CLM-" not in told


@pytest.mark.parametrize(
    "kind",
    ["down", "malformed"],
)
def test_a_broken_backend_is_wrong_and_the_rest_is_still_asked(
    kit: Kit, sandboxes: Mapping[str, Backend], kind: str
) -> None:
    assert sandboxes["mvp"].fault(kind=kind).status_code < 300
    try:
        status, told = kit("--partner", "mvp")
    finally:
        sandboxes["mvp"].no_fault()
    assert status == 1
    assert "did not answer" in told
    assert told.count("\n  wrong") > 3


def test_a_member_whose_factors_do_not_fit_is_told_before_anything_is_read(kit: Kit) -> None:
    stranger = {"mvp": MEMBERS["mvp"] | {"birth_date": "1979-11-03"}}
    status, told = kit("--partner", "mvp", members=stranger)
    assert status == 1
    assert "don't prove exactly one person" in told
    assert "works   claims" not in told


def test_networks_that_the_configuration_does_not_know_are_told(kit: Kit, tmp_path: Path) -> None:
    document = yaml.safe_load(PARTNERS_FILE.read_text("utf-8"))
    document["partners"]["mvp"]["networks"]["regional"]["id"] = "Organization/another"
    file = tmp_path / "partners.yml"
    file.write_text(yaml.safe_dump(document), "utf-8")
    _, told = kit("--partner", "mvp", file=file)
    assert "a network of the configuration 0 of" in told
    assert "compare `networks` in the configuration" in told


@pytest.mark.parametrize(
    ("more", "members", "sentence"),
    [
        (("--partner", "nobody"), MEMBERS, "has no company 'nobody'"),
        (("--near", "99999"), MEMBERS, "is no ZIP code that we know"),
        ((), {"mvp": {"member_id": "M1"}}, "each company needs member_id, first_name"),
    ],
    ids=["company", "place", "members"],
)
def test_a_wrong_command_is_answered_with_a_sentence(
    kit: Kit, more: tuple[str, ...], members: object, sentence: str
) -> None:
    status, told = kit(*more, members=members)
    assert status == 2
    assert sentence in told
