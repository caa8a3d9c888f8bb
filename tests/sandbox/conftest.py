"""Real server processes of all three partners, on free ports, shared by the tests here."""

from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

ROOT = Path(__file__).parents[2]
PARTNERS = ("cigna", "mvp", "preferred-care")
# A fixed day: what the tests say about March holds whenever they run.
NOW = "2026-11-23T12:00:00-05:00"
TODAY = date(2026, 11, 23)
SECRETS = {"mvp": "mvp-test", "preferred-care": "preferred-care-test"}
FAULTS_TOKEN = "faults-test"
WEBHOOK_SECRETS = {key: f"{key}-webhook-test" for key in PARTNERS}
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_START_SECONDS = 240


@dataclass
class Backend:
    """One running stand-in, and a client that has a token for it."""

    partner: str
    root: str
    data: Path
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=20))

    def token_request(self, **changes: Any) -> httpx.Response:
        form = {"grant_type": "client_credentials"}
        if self.partner in SECRETS:
            form |= {"client_id": "memberline", "client_secret": SECRETS[self.partner]}
        else:
            form |= {"client_assertion_type": _ASSERTION, "client_assertion": self.assertion()}
        return self.http.post(f"{self.root}/oauth/token", data=form | changes)

    def assertion(self, **changes: Any) -> str:
        key = ECKey.import_key((self.data / "keys" / "memberline-es384.pem").read_bytes())
        claims = {
            "iss": "memberline",
            "sub": "memberline",
            "aud": f"{self.root}/oauth/token",
            "exp": int(time.time()) + 240,
            "jti": secrets.token_hex(8),
        }
        header = {"alg": "ES384", "kid": key.thumbprint()}
        return jwt.encode(header, claims | changes, key, algorithms=["ES384"])

    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token_request().json()['access_token']}"}

    def get(self, path: str, **params: Any) -> httpx.Response:
        """Without a token, as directory queries go."""
        return self.http.get(f"{self.root}/fhir/{path}", params=params)

    def post_search(self, resource: str, **form: Any) -> httpx.Response:
        url = f"{self.root}/fhir/{resource}/_search"
        return self.http.post(url, data=form, headers=self.headers())

    def found(self, resource: str, **form: Any) -> list[dict[str, Any]]:
        """All matches of a search over member data, every page."""
        response = self.post_search(resource, **form)
        matches = []
        while True:
            assert response.status_code == 200, response.text
            bundle = response.json()
            matches += [entry["resource"] for entry in bundle.get("entry", ())]
            following = [link["url"] for link in bundle["link"] if link["relation"] == "next"]
            if not following:
                return matches
            response = self.http.get(following[0], headers=self.headers())

    def patient(self, member_id: str) -> dict[str, Any]:
        system = f"https://{self.partner}.example.org/fhir/member-id"
        (patient,) = self.found("Patient", identifier=f"{system}|{member_id}")
        return patient

    def claims(self, member_id: str, *days: str) -> list[dict[str, Any]]:
        form = {"patient": self.patient(member_id)["id"], "service-date": list(days)}
        return self.found("ExplanationOfBenefit", **form, use="claim")

    def fault(self, **fault: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {FAULTS_TOKEN}"}
        return self.http.post(f"{self.root}/faults", json=fault, headers=headers)

    def no_fault(self) -> None:
        self.http.delete(f"{self.root}/faults", headers={"Authorization": f"Bearer {FAULTS_TOKEN}"})


def webhook_variable(partner: str) -> str:
    """The name of the variable with the secret that signs a company's cases."""
    return f"{partner.replace('-', '_').upper()}_WEBHOOK_SECRET"


def environment() -> dict[str, str]:
    return {
        **os.environ,
        "MEMBERLINE_NOW": NOW,
        "MVP_CLIENT_SECRET": SECRETS["mvp"],
        "PREFERRED_CARE_CLIENT_SECRET": SECRETS["preferred-care"],
        "SANDBOX_FAULTS_TOKEN": FAULTS_TOKEN,
        **{webhook_variable(key): secret for key, secret in WEBHOOK_SECRETS.items()},
    }


def command(*arguments: str, now: str = NOW) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sandbox", *arguments],
        cwd=ROOT,
        env=environment() | {"MEMBERLINE_NOW": now},
        capture_output=True,
        text=True,
        check=False,
        timeout=_START_SECONDS,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    partner: str, data: Path, now: str = NOW, *, all_in_fhir: bool = True
) -> Iterator[Backend]:
    """A stand-in process. The tests of its data read all of it in FHIR; as the assistant meets it,
    Preferred Care keeps coverage and claims for X12.
    """
    port = free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "sandbox", "serve", "--partner", partner),
            *("--port", str(port), "--data", str(data)),
            *(["--all-in-fhir"] if all_in_fhir else []),
        ],
        cwd=ROOT,
        env=environment() | {"MEMBERLINE_NOW": now},
    )
    backend = Backend(partner, f"http://127.0.0.1:{port}", data)
    try:
        _wait(backend, process)
        yield backend
    finally:
        backend.http.close()
        process.terminate()
        process.wait(timeout=20)


def _wait(backend: Backend, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        assert process.poll() is None, f"{backend.partner} stopped"
        try:
            if backend.http.get(f"{backend.root}/healthz").status_code == 200:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"{backend.partner} did not start")


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sandbox")


@pytest.fixture(scope="session")
def cigna(data: Path) -> Iterator[Backend]:
    with running("cigna", data) as backend:
        yield backend


@pytest.fixture(scope="session")
def mvp(data: Path) -> Iterator[Backend]:
    with running("mvp", data) as backend:
        yield backend


@pytest.fixture(scope="session")
def preferred_care(data: Path) -> Iterator[Backend]:
    with running("preferred-care", data) as backend:
        yield backend


@pytest.fixture(scope="session")
def backends(cigna: Backend, mvp: Backend, preferred_care: Backend) -> dict[str, Backend]:
    return {backend.partner: backend for backend in (cigna, mvp, preferred_care)}
