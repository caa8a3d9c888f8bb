"""No resource breaks a reader: an odd part is left out, or the whole is nothing."""

from __future__ import annotations

import copy
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from actions.partners.authorizations import authorization, referral
from actions.partners.contacts import contact_file
from actions.partners.eligibility import benefits, card
from actions.partners.family import beneficiaries, dependant
from actions.partners.member_data import adjudicated, coverage, member_record, unadjudicated
from alliance.coverage import Coverage
from alliance.verified import Membership
from tests.sandbox.conftest import TODAY, Backend

Json = dict[str, Any]
Path = tuple[str | int, ...]
# What a careless server puts where something else belongs.
ODD: st.SearchStrategy[object] = st.sampled_from(
    [None, [], {}, "", "x", 7, -1.5, True, [None], ["x"], [[]], [{}], {"a": 1}]
)


def _me(resource: Json) -> Membership:
    for name in ("patient", "beneficiary", "subject"):
        if name in resource:
            return Membership("mvp", resource[name]["reference"].rsplit("/", 1)[-1])
    return Membership("mvp", str(resource.get("id")))


def _read_card(resource: Json, me: Membership) -> object:
    read = coverage(resource, me)
    return read and card(resource, read, resource)


def _plan(me: Membership) -> Coverage:
    read = coverage(
        {"id": "c", "status": "active", "beneficiary": {"reference": f"Patient/{me.patient_id}"}},
        me,
    )
    assert read is not None
    return read


READERS: dict[str, list[Callable[[Json, Membership], object]]] = {
    "Patient": [
        lambda each, _: member_record({"id": "p", **each}, TODAY),
        lambda each, _: contact_file(each),
        lambda each, _: dependant({**each, "id": "p"}, "child", [], "mvp"),
    ],
    "Coverage": [
        coverage,
        _read_card,
        lambda each, me: beneficiaries([each], me),
    ],
    "ExplanationOfBenefit": [adjudicated, authorization],
    "Claim": [lambda each, me: unadjudicated(each, [], me)],
    "ClaimResponse": [
        lambda each, me: unadjudicated(
            {
                "id": "c",
                "status": "active",
                "use": "claim",
                "patient": {"reference": f"Patient/{me.patient_id}"},
            },
            [{**each, "request": {"reference": "Claim/c"}}],
            me,
        )
    ],
    "Consent": [
        lambda each, me: dependant({"id": me.patient_id}, "child", [each], "mvp"),
    ],
    "ServiceRequest": [referral],
    "CoverageEligibilityResponse": [
        lambda each, me: benefits(each, me, [_plan(me)], date(2026, 3, 1)),
    ],
}
ELIGIBILITY: Json = {
    "resourceType": "CoverageEligibilityResponse",
    "patient": {"reference": "Patient/me"},
    "disposition": "Claims processed through 2026-02-01",
    "insurance": [
        {
            "coverage": {"reference": "Coverage/c"},
            "inforce": True,
            "benefitPeriod": {"start": "2026-01-01", "end": "2026-12-31"},
            "item": [
                {
                    "network": {"coding": [{"code": "in"}]},
                    "unit": {"coding": [{"code": "individual"}]},
                    "benefit": [
                        {
                            "type": {"coding": [{"code": "deductible"}]},
                            "allowedMoney": {"value": 500},
                            "usedMoney": {"value": 20},
                        }
                    ],
                },
                {
                    "productOrService": {"coding": [{"code": "99213"}], "text": "Office visit"},
                    "authorizationRequired": False,
                    "benefit": [
                        {"type": {"coding": [{"code": "copay"}]}, "allowedMoney": {"value": 25}}
                    ],
                },
            ],
        }
    ],
}


@pytest.fixture(scope="module")
def samples(sandboxes: Mapping[str, Backend]) -> dict[str, list[Json]]:
    """A few resources of each type, as a stand-in keeps them."""
    found: dict[str, list[Json]] = {
        "CoverageEligibilityResponse": [ELIGIBILITY],
    }
    for kind in set(READERS) - set(found):
        with closing(sqlite3.connect(sandboxes["mvp"].data / "mvp.sqlite")) as store:
            rows = store.execute(
                "SELECT body FROM resource WHERE type = ? ORDER BY id LIMIT 12", [kind]
            )
            found[kind] = [json.loads(body) for (body,) in rows]
    return found


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    steps: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(value, dict):
        steps = iter(value.items())
    elif isinstance(value, list):
        steps = iter(enumerate(value))
    for name, inner in steps:
        yield from _paths(inner, (*path, name))


def _with(resource: Json, path: Path, value: Any) -> Json:
    changed = copy.deepcopy(resource)
    holder: Any = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return changed


@pytest.mark.parametrize("kind", READERS)
@settings(max_examples=150)
@given(choice=st.data())
def test_an_odd_part_breaks_nothing(
    samples: dict[str, list[Json]], kind: str, choice: st.DataObject
) -> None:
    assert samples[kind], f"no {kind} to read"
    resource = choice.draw(st.sampled_from(samples[kind]), label="resource")
    me = _me(resource)
    path = choice.draw(st.sampled_from(sorted(_paths(resource), key=str)), label="place")
    odd = _with(resource, path, choice.draw(ODD, label="odd"))
    for read in READERS[kind]:
        read(odd, me)
