"""Whose people a call is handed to when nobody is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from alliance.answer import Answer
from alliance.verified import Actor, Membership, Person, VerifiedMember
from api.conversations.topics import Topics, administrator

_HERE, _THERE = Membership("cigna", "1"), Membership("mvp", "2")
_ONE = VerifiedMember(Person(_HERE), 1, "id_dob_zip", Actor("member"), "c1", datetime.now(UTC))
_TWO = replace(_ONE, person=Person(_HERE, (_THERE,)))
_CLAIM = Answer("It was paid.", "It was paid.", intent="claim_status", partner="mvp", level=1)


def test_the_company_that_answered_the_last_topic() -> None:
    topics = Topics().after([], [_CLAIM])
    assert administrator(topics, _TWO) == "mvp"
    assert administrator(Topics.from_json(topics.to_json()), _TWO) == "mvp"
    # A company that they are no member of cannot help them.
    assert administrator(topics, _ONE) == "cigna"


def test_no_topic_and_two_companies_is_no_guess() -> None:
    assert administrator(Topics(), _TWO) is None
    assert administrator(Topics(), replace(_ONE, person=Person(_HERE, (), ("mvp",)))) is None
    # What anyone may hear came from no company that administers it.
    assert administrator(Topics().after([], [replace(_CLAIM, level=0)]), _TWO) is None


def test_who_calls_on_business_until_somebody_is_verified() -> None:
    told = Answer("No.", "No.", intent="third_party_caller", facts={"caller": "employer"})
    topics = Topics.from_json(Topics().after([], [told]).to_json())
    assert topics.caller == "employer"
    assert topics.after([], [replace(_CLAIM, level=0)]).caller == "employer"
    assert topics.after([], [_CLAIM]).caller is None


def test_kept_before_companies_were() -> None:
    before: dict[str, object] = {"asked": [], "answered": [], "language": "en", "product": None}
    assert Topics.from_json(before) == Topics()


@pytest.mark.parametrize(
    ("whole", "latest"), [("alliance_question", "alliance_question"), (None, "id_card")]
)
def test_what_the_whole_message_surely_is_about_decides_among_its_questions(
    whole: str | None, latest: str
) -> None:
    """ "Why are there two of you on one card?" """
    questions = [
        {"intent": "alliance_question", "confidence": 0.92, "band": "accept"},
        {"intent": "id_card", "confidence": 0.96, "band": "accept"},
    ]
    assert Topics().after(questions, [], whole).latest == latest
