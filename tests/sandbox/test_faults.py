"""Faults on demand: a partner that is slow, down, throttling, broken or forgetful."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from tests.sandbox.conftest import Backend


@pytest.fixture
def broken(mvp: Backend) -> Iterator[Backend]:
    yield mvp
    mvp.no_fault()


class TestSteering:
    def test_it_needs_the_token(self, mvp: Backend) -> None:
        response = mvp.http.post(f"{mvp.root}/faults", json={"kind": "down"})
        assert response.status_code == 401
        assert mvp.get("metadata").status_code == 200

    def test_an_unknown_fault_is_refused(self, broken: Backend) -> None:
        assert broken.fault(kind="earthquake").status_code == 400

    def test_it_ends_by_count_or_by_hand(self, broken: Backend) -> None:
        broken.fault(kind="down", count=2)
        states = [broken.get("metadata").status_code for _ in range(3)]
        assert states == [503, 503, 200]
        broken.fault(kind="down")
        assert broken.get("metadata").status_code == 503
        broken.no_fault()
        assert broken.get("metadata").status_code == 200

    def test_it_can_strike_one_resource_type(self, broken: Backend) -> None:
        broken.fault(kind="down", resource="Coverage")
        assert broken.post_search("Coverage").status_code == 503
        assert broken.post_search("Patient").status_code == 200


class TestFaults:
    def test_slow(self, broken: Backend) -> None:
        broken.fault(kind="slow", seconds=0.5)
        start = time.monotonic()
        assert broken.get("metadata").status_code == 200
        assert time.monotonic() - start >= 0.5

    def test_too_many(self, broken: Backend) -> None:
        broken.fault(kind="too_many", seconds=7)
        response = broken.get("metadata")
        assert (response.status_code, response.headers["Retry-After"]) == (429, "7")

    def test_malformed(self, broken: Backend) -> None:
        broken.fault(kind="malformed")
        with pytest.raises(json.JSONDecodeError):
            broken.get("Location").json()

    def test_partial(self, broken: Backend) -> None:
        patient = broken.patient("M10010002")["id"]
        broken.fault(kind="partial")
        bundle = broken.post_search("ExplanationOfBenefit", patient=patient).json()
        assert bundle["entry"]
        assert not any("total" in entry["resource"] for entry in bundle["entry"])

    def test_expired_token(self, broken: Backend) -> None:
        headers = broken.headers()
        url = f"{broken.root}/fhir/Coverage/_search"
        assert broken.http.post(url, headers=headers).status_code == 200
        broken.fault(kind="expired_token", count=0)
        assert broken.http.post(url, headers=headers).status_code == 401
        assert broken.post_search("Coverage").status_code == 200
