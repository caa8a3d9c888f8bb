"""What the stand-in's back office and its client write in X12, judged by readers of others."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from io import StringIO
from pathlib import Path

import pytest
from pyx12.params import ParamsBase
from pyx12.x12n_document import x12n_document

from actions.partners.x12.interchange import read, write
from actions.partners.x12.requests import Subscriber, claim_request, eligibility_request
from scripts.setup import TOOLS, pip_settings
from tests.sandbox.conftest import ROOT, Backend, running

RILEY = Subscriber("P10010003", "Exampleby", "Riley", date(1990, 8, 23), "female")
NOW_UTC = datetime(2026, 11, 23, 17, tzinfo=UTC)
PAYER, SENDER = "PREFCARE55", "MEMBERLINE"
_PEER = """
import sys
from linuxforhealth.x12.io import X12ModelReader
with X12ModelReader(sys.stdin.read()) as reader:
    print(*(type(model).__name__ for model in reader.models()))
"""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    folder = tmp_path_factory.mktemp("office")
    with running("preferred-care", folder, all_in_fhir=False) as backend:
        yield backend


def ask(office: Backend, kind: str, payload: str, payload_id: str = "1", **more: str) -> str:
    """One real-time request; returns the whole MIME answer."""
    fields = {
        "PayloadType": kind,
        "ProcessingMode": "RealTime",
        "PayloadID": payload_id,
        "SenderID": SENDER,
        "ReceiverID": PAYER,
        "CORERuleVersion": "4.0.0",
        "Payload": payload,
        **more,
    }
    files = {name: (None, value) for name, value in fields.items()}
    response = office.http.post(f"{office.root}/core", files=files, headers=office.headers())
    assert response.status_code == 200
    return response.text


def payload_of(answer: str) -> str:
    start, end = answer.index("ISA*"), answer.rindex("~") + 1
    return answer[start:end]


def request_270(who: Subscriber = RILEY) -> str:
    return write("270", eligibility_request(who, PAYER, NOW_UTC), SENDER, PAYER, NOW_UTC)


def request_276(who: Subscriber = RILEY) -> str:
    return write("276", claim_request(who, PAYER, NOW_UTC), SENDER, PAYER, NOW_UTC)


def all_five(office: Backend) -> dict[str, str]:
    status = payload_of(ask(office, "X12_276_Request_005010X212", request_276()))
    trace = next(p.text(9) for p in read(status).all("STC") if p.text(9))
    return {
        "270": request_270(),
        "271": payload_of(ask(office, "X12_270_Request_005010X279A1", request_270())),
        "276": request_276(),
        "277": status,
        "835": payload_of(ask(office, "X12_835_Request_005010X221A1", request_276(), trace)),
    }


def test_the_remittance_is_valid_by_the_guides_map(office: Backend) -> None:
    advice = all_five(office)["835"]
    assert x12n_document(ParamsBase(), StringIO(advice), None, None)


@pytest.mark.extra
def test_an_independent_reader_takes_requests_and_answers(office: Backend, tmp_path: Path) -> None:
    peer = tmp_path / "peer"
    uv, lock = str(TOOLS / "bin" / "uv"), str(ROOT / "requirements" / "x12-peer.lock")
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(peer)],
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(peer), lock],
    ):
        subprocess.run(command, check=True, env={**os.environ, **pip_settings()})
    for code, text in all_five(office).items():
        if code == "835":
            continue
        read_it = subprocess.run(
            [peer / "bin" / "python", "-c", _PEER],
            # It takes an empty EB03 (a procedure in EB13 stands in its place) for a wrong code.
            input=re.sub(r"^EB\*(\w)\*IND\*\*", r"EB*\1*IND*30*", text, flags=re.MULTILINE),
            capture_output=True,
            text=True,
            check=False,
        )
        assert read_it.returncode == 0, f"{code}: {read_it.stderr[-2000:]}"
        assert read_it.stdout.strip()


class TestWhatIsRefused:
    """Errors come in the envelope, and nobody's data with them."""

    def test_without_a_token(self, office: Backend) -> None:
        assert office.http.post(f"{office.root}/core").status_code == 401

    @pytest.mark.parametrize(
        "who",
        [
            Subscriber("P10010003", "Exampleby", "Riley", date(1990, 8, 24), ""),
            Subscriber("P10010003", "Exampleby", "Reilly", date(1990, 8, 23), ""),
            Subscriber("P99999999", "Exampleby", "Riley", date(1990, 8, 23), ""),
        ],
        ids=["another birth date", "another name", "another member ID"],
    )
    def test_somebody_else_s_details(self, office: Backend, who: Subscriber) -> None:
        eligibility = read(
            payload_of(ask(office, "X12_270_Request_005010X279A1", request_270(who)))
        )
        claims = read(payload_of(ask(office, "X12_276_Request_005010X212", request_276(who))))
        assert list(eligibility.all("AAA"))
        assert not list(eligibility.all("EB"))
        assert not list(claims.all("REF", "1K"))

    @pytest.mark.parametrize(
        ("kind", "payload", "error"),
        [
            ("X12_837_Request_005010X222A1", "ISA*", "PayloadTypeIllegal"),
            ("X12_270_Request_005010X279A1", "hello", "PayloadInvalid"),
            ("X12_270_Request_005010X279A1", request_276(), "PayloadInvalid"),
            ("X12_835_Request_005010X221A1", request_276(), "PayloadIDUnknown"),
        ],
    )
    def test_what_cannot_be_read(
        self, office: Backend, kind: str, payload: str, error: str
    ) -> None:
        assert error in ask(office, kind, payload)
