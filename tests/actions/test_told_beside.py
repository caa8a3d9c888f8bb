"""What is told beside a question, or in place of the answer that was asked for."""

from __future__ import annotations

import pytest

from actions.answers.coverage_status import is_refused
from actions.dialogue.case_needs import read_filing
from actions.dialogue.danger import is_only_refused, says_no_danger
from tests.actions.talking import Talk, asked


@pytest.mark.parametrize(
    ("said", "refused", "only"),
    [
        ("the chemist says my plan was dropped and keeps my puffer", True, True),
        ("walgreens told me i don't have coverage, i need this medicine", True, True),
        ("the drugstore won't fill her inhaler and she is wheezing", True, False),
        ("they won't refill his insulin", True, False),
        ("the pharmacy refuses my nitro and my arm tingles", True, False),
        ("cvs won't fill the epi pen, her face is puffing up", True, False),
        ("pharmacy rejected it and he won't wake up now", True, False),
        ("my plan was cancelled last year, what about my pills", False, False),
    ],
)
def test_a_counter_that_refuses(said: str, refused: bool, only: bool) -> None:
    assert is_refused(said) is refused
    assert is_only_refused(said) is only


@pytest.mark.parametrize(
    ("said", "files"),
    [
        ("no", False),
        ("no thanks, maybe later", False),
        ("no he went to work, i have an hour", None),
        ("yes go ahead", True),
    ],
)
def test_a_no_that_tells_something_is_none(said: str, files: bool | None) -> None:
    assert read_filing(said, "deny" if said.startswith("no") else "affirm") is files


@pytest.mark.parametrize(
    ("said", "none"),
    [
        ("she isn't in any danger, she sleeps", True),
        ("he is not in danger but he took pills", False),
        ("is he in danger", False),
    ],
)
def test_that_nobody_is_in_danger(said: str, none: bool) -> None:
    assert says_no_danger(said) is none


async def test_what_is_told_in_passing_is_no_question(talk: Talk) -> None:
    reply = await talk.say(
        "this wait kills me haha. how do i send in a claim",
        questions=[
            asked("out_of_scope", "this wait kills me haha.", band="reject"),
            asked("submit_claim", "how do i send in a claim"),
        ],
    )
    assert "claim form" in reply
    assert "can't help" not in reply


async def test_self_harm_beside_a_question_gets_988_and_the_answer(talk: Talk) -> None:
    reply = await talk.say("my son keeps hurting himself, is therapy paid", "behavioral_health")
    assert "988" in reply
    assert "counseling" in reply


async def test_violence_with_a_wish_for_private_mail_gets_both(talk: Talk) -> None:
    reply = await talk.say("he hits me, keep my letters from him", "confidential_communication")
    assert "1-800-799-7233" in reply
    assert "pass your request" in reply
    goes_on = await talk.say("no, he sleeps now", "deny")
    assert "Shall I pass it on" in goes_on
