"""What a message says of a price, a referral or a record that is asked for, by its words. Sentences
of these tests.
"""

from __future__ import annotations

import pytest

from actions.answers.claim_signs import read_signs
from actions.answers.referral import names_one
from actions.dialogue.agenda import Item
from actions.dialogue.by_words import rejoined
from actions.dialogue.follow_ups.whose import then_own
from tests.actions.talking import named


@pytest.mark.parametrize(
    ("text", "theirs"),
    [
        ("has my doctor put that referral through yet", True),
        ("is there still a referral to the bone doctor", True),
        ("did Dr. Sample ever write a referral for my skin", True),
        ("is a referral needed for a dermatologist", False),
        ("did the plan change so that I need a referral now", False),
    ],
)
def test_whether_a_referral_was_sent_is_no_question_of_the_rule(text: str, theirs: bool) -> None:
    assert names_one(text) is theirs


@pytest.mark.parametrize(
    "text",
    [
        "and the physician that treated me there, was he paid",
        "the doctor who saw me in the emergency room, did he get his money",
    ],
)
def test_the_doctor_who_treated_them_has_a_claim_of_his_own(text: str) -> None:
    signs = read_signs(text, [])
    assert signs is not None
    assert signs.form == "professional"


def test_when_they_go_there_is_no_question_of_its_own() -> None:
    doctor = named("specialty", "primary_care", "family doctor")
    price = Item("drug_cost", "how much is it")
    visit = Item("change_pcp", "when I go in to my family doctor", (doctor,))
    (whole,) = rejoined([price, visit], "how much is it when I go in to my family doctor")
    assert (whole.intent, whole.entities) == ("copay_cost", (doctor,))


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("fine, he's grown. then just mine from May", "mine from May"),
        ("is that one hers or mine", None),
        ("mine is the card with the lion. what is hers", None),
    ],
)
def test_one_s_own_after_anothers_stayed_closed(text: str, own: str | None) -> None:
    assert then_own(text) == own


def test_how_many_of_them_they_approved_is_one_question() -> None:
    visits = named("service", "counseling", "counseling")
    count = Item("benefit_covered", "how many counseling visits", (visits,))
    told = Item("prior_auth_status", "have they approved?")
    (whole,) = rejoined([count, told], "how many counseling visits have they approved?")
    assert (whole.intent, whole.entities) == ("prior_auth_status", (visits,))
