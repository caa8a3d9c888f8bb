"""What travels between processes comes back as it was: answers, turns, proofs."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.answer import Act, ActKind, Answer, Button, Source
from alliance.turn import TurnContext, context_key, verification_key
from alliance.verified import Actor, Membership, Person, VerifiedMember

TEXTS = st.text(max_size=30)
JSON_VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)
OBJECTS = st.dictionaries(TEXTS, JSON_VALUES, max_size=3)
ANSWERS = st.builds(
    Answer,
    text=TEXTS,
    speech=TEXTS,
    kind=st.sampled_from(["answer", "question", "notice"]),
    intent=st.none() | TEXTS,
    partner=st.none() | TEXTS,
    level=st.integers(0, 2),
    facts=OBJECTS,
    buttons=st.lists(st.builds(Button, TEXTS, TEXTS), max_size=3).map(tuple),
    cards=st.lists(OBJECTS, max_size=2).map(tuple),
    sources=st.lists(st.builds(Source, TEXTS, TEXTS, TEXTS), max_size=2).map(tuple),
    acts=st.lists(st.builds(Act, st.sampled_from(get_args(ActKind)), OBJECTS), max_size=2).map(
        tuple
    ),
)
MEMBERSHIPS = st.builds(Membership, TEXTS, TEXTS)
PERSONS = st.builds(
    Person,
    home=MEMBERSHIPS,
    others=st.lists(MEMBERSHIPS, max_size=2).map(tuple),
    unreached=st.lists(TEXTS, max_size=2).map(tuple),
    first_name=TEXTS,
    zip_code=TEXTS,
)
ACTORS = st.builds(Actor, st.sampled_from(["member", "agent", "vendor"]), TEXTS)
MEMBERS = st.builds(
    VerifiedMember,
    person=PERSONS,
    level=st.integers(1, 2),
    method=st.sampled_from(["id_dob_zip", "portal", "one_time_code", "agent"]),
    actor=ACTORS,
    conversation_id=TEXTS,
    expires_at=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 (the zone stands beside)
)
CONTEXTS = st.builds(
    TurnContext,
    conversation_id=TEXTS,
    turn_id=TEXTS,
    channel=st.sampled_from(["chat", "voice"]),
    mode=st.sampled_from(["live", "suggest"]),
    actor=ACTORS,
    verified=st.none() | MEMBERS,
)


def over_the_wire(data: dict[str, Any]) -> dict[str, Any]:
    travelled: dict[str, Any] = json.loads(json.dumps(data))
    return travelled


@given(ANSWERS)
def test_answers(answer: Answer) -> None:
    assert Answer.from_json(over_the_wire(answer.to_json())) == answer


@given(MEMBERS)
def test_proofs(member: VerifiedMember) -> None:
    assert VerifiedMember.from_json(over_the_wire(member.to_json())) == member


@given(CONTEXTS)
def test_turns(context: TurnContext) -> None:
    assert TurnContext.from_json(over_the_wire(context.to_json())) == context


def test_an_answer_needs_only_its_words() -> None:
    assert Answer.from_json({"text": "a", "speech": "b"}) == Answer("a", "b")


@pytest.mark.parametrize("data", [{}, {"text": "a"}, {"text": "a", "speech": "b", "other": 1}])
def test_what_is_no_answer_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        Answer.from_json(data)


def test_a_context_without_its_parts_opens_nothing() -> None:
    with pytest.raises(KeyError):
        TurnContext.from_json({"conversation_id": "c", "verified": None})


@given(TEXTS, TEXTS)
def test_conversations_share_no_key(one: str, other: str) -> None:
    keys = {context_key(one), verification_key(one), context_key(other), verification_key(other)}
    assert len(keys) == (2 if one == other else 4)


class TestPerson:
    person = Person(Membership("mvp", "1"), (Membership("cigna", "2"),))

    def test_home_comes_first(self) -> None:
        assert self.person.memberships == (Membership("mvp", "1"), Membership("cigna", "2"))

    @pytest.mark.parametrize(
        ("partner", "patient_id"), [("mvp", "1"), ("cigna", "2"), ("preferred-care", None)]
    )
    def test_at(self, partner: str, patient_id: str | None) -> None:
        found = self.person.at(partner)
        assert (found and found.patient_id) == patient_id


def test_a_proof_ends_at_its_very_instant() -> None:
    end = datetime(2026, 11, 23, 17, tzinfo=UTC)
    member = VerifiedMember(
        Person(Membership("mvp", "1")), 1, "id_dob_zip", Actor("member"), "c", end
    )
    assert member.valid_at(end - timedelta(microseconds=1))
    assert not member.valid_at(end)
    assert not member.valid_at(end + timedelta(days=1))
