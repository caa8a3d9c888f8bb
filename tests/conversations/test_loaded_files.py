"""Real input: files of somebody else's make are loaded, and a conversation about them is held."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from scripts.setup import ROOT
from tests.stack import Member, Stack

SYSTEM = "https://old-insurer.example.org/member"
GROUP = {"coding": [{"code": "group"}]}


def patient(identifier: str, member_id: str, given: str) -> dict[str, Any]:
    return {
        "resourceType": "Patient",
        "id": identifier,
        "identifier": [{"system": SYSTEM, "value": member_id}],
        "name": [{"family": "Fremdling", "given": [given]}],
        "birthDate": "1961-04-09",
        "address": [{"postalCode": "13045"}, {"postalCode": "13088"}],
    }


def coverage(identifier: str, of: str, plan: str) -> dict[str, Any]:
    return {
        "resourceType": "Coverage",
        "id": identifier,
        "status": "active",
        "beneficiary": {"reference": f"Patient/{of}"},
        "period": {"start": "2018-01-01", "end": "2019-12-31"},
        "payor": [{"display": "Somebody"}],
        "class": [
            {"type": GROUP, "value": "ODD-77"},
            {"type": {"coding": [{"code": "plan"}]}, "value": "P1", "name": plan},
        ],
    }


def claim(identifier: str, of: str, number: str, day: str, **more: Any) -> dict[str, Any]:
    def total(code: str, value: float) -> dict[str, Any]:
        return {
            "category": {"coding": [{"code": code}]},
            "amount": {"value": value, "currency": "USD"},
        }

    return {
        "resourceType": "ExplanationOfBenefit",
        "id": identifier,
        "identifier": [{"value": number}],
        "status": "active",
        "type": {"coding": [{"code": "professional"}]},
        "use": "claim",
        "patient": {"reference": f"Patient/{of}"},
        "created": "2019-08-01",
        "insurer": {"display": "Somebody"},
        "provider": {"display": "Somebody"},
        "outcome": "partial",
        "insurance": [{"focal": True, "coverage": {"reference": "Coverage/hers"}}],
        "item": [{"sequence": 1, "servicedDate": day}],
        "total": [total("submitted", 1234.5), total("paidtoprovider", 987.65)],
        **more,
    }


@pytest.fixture(scope="module")
def loaded(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """His claim cites her Coverage; only `patient` says whose it is."""
    folder = tmp_path_factory.mktemp("files")
    resources = [
        patient("his.Id", "77-41002-221", "Otto"),
        patient("her-Id", "77-41002-222", "Else"),
        coverage("hers", "her-Id", "Secret Gold Plan"),
        coverage("his", "his.Id", "Plain Plan"),
        claim("e1", "his.Id", "ZX9001200340056", "2019-07-02"),
        claim("e2", "her-Id", "ZX9001200340057", "2019-07-03"),
    ]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"resource": resource} for resource in resources[:4]],
    }
    (folder / "people.json").write_text(json.dumps(bundle), "utf-8")
    lines = "\n".join(json.dumps(resource) for resource in resources[4:])
    (folder / "claims.ndjson").write_text(lines, "utf-8")
    command = [sys.executable, "-m", "sandbox", "load", "--partner", "mvp"]
    command += ["--alliance-group", "ALX-2001", *map(str, sorted(folder.iterdir()))]
    environment = {**os.environ, "MEMBERLINE_VAR": str(stack.var)}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return stack


def verified(stack: Stack, question: str, member_id: str = "77-41002-221") -> Member:
    member = stack.member()
    for text in (question, "Otto", member_id, "April 9, 1961", "13088"):
        member.say(text)
    return member


def test_a_claim_of_a_month_gives_the_files_amounts(loaded: Stack) -> None:
    member = verified(loaded, "has my claim from july 2019 been paid?")
    assert member.state["verified"], member.reply.text
    for words in ("MVP Health Care", "$1,234.50", "$987.65", "July 2, 2019"):
        assert words in member.reply
    assert "ZX9001200340057" not in member.reply


def test_the_id_may_be_said_without_its_separators(loaded: Stack) -> None:
    member = verified(loaded, "which plan covers me?", "7741002221")
    assert member.state["verified"], member.reply.text


def test_a_claim_of_that_number(loaded: Stack) -> None:
    member = verified(loaded, "what about claim number ZX9001200340056, has it been paid?")
    assert "$987.65" in member.reply


def test_another_persons_coverage_is_never_named(loaded: Stack) -> None:
    member = verified(loaded, "which plan covers me?")
    member.say("has my claim from july 2019 been paid?")
    said = " ".join(message["text"] for message in member.messages().messages)
    assert "Secret Gold Plan" not in said


def test_another_persons_number_is_not_found(loaded: Stack) -> None:
    member = verified(loaded, "has claim ZX9001200340057 been paid?")
    assert "has not received" in member.reply
    assert "987" not in member.reply
