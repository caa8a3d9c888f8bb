"""Portions: how long a text takes to say, and what of it is said at one time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.dialogue.prompts import PROMPTS
from api.ivr import speech, wording
from api.ivr.portions import (
    MOST_SECONDS,
    asking_part,
    asking_sentence,
    fits,
    portion,
    seconds,
    sentences,
)

PAID = "Cigna paid your claim for March 3, 2026."
SHARE = "Your share is 25 dollars, and the bill was 240 dollars."
NAME = "I can look that up. First I need to know who you are. What is your first name?"


@pytest.mark.parametrize("text", wording.FIXED)
def test_no_prompt_of_the_phone_is_too_long(text: str) -> None:
    assert fits(speech.plain(text))


@pytest.mark.parametrize("lead", [wording.AGAIN, wording.NOT_HEARD, wording.NO_SUCH_KEY])
@pytest.mark.parametrize("text", [wording.DIRECTED, wording.KEYS, wording.ALARMED])
def test_nor_is_it_after_a_failure(lead: str, text: str) -> None:
    assert fits(f"{lead} {text}")


def test_the_notice_in_spanish_goes_with_the_company() -> None:
    assert fits(f"{wording.SPANISH_NOTICE} {wording.SPANISH_COMPANY}")


@pytest.mark.parametrize("slot", sorted(PROMPTS))
def test_no_prompt_of_the_dialogue_is_too_long(slot: str) -> None:
    assert fits(speech.plain(PROMPTS[slot].speech))


def test_what_is_short_is_said_whole() -> None:
    assert portion(PAID, NAME, wording.MORE) == (f"{PAID} {NAME}", "")


def test_the_fact_comes_first_the_question_last_and_the_rest_waits() -> None:
    said, rest = portion(f"{PAID} {SHARE} {SHARE}", "Which one do you mean?", wording.MORE)
    assert said == f"{PAID} {SHARE} {wording.MORE} Which one do you mean?"
    assert rest == SHARE


def test_an_answer_is_told_before_how_to_answer_what_is_asked() -> None:
    asked = "Which company is on your card? Say it, or press 1 for Cigna, 2 M V P, or 9 if unsure."
    said, rest = portion(f"{SHARE} {PAID} {SHARE}", asked, wording.MORE)
    assert said.startswith(SHARE)
    assert said.endswith(f"{wording.MORE} Which company is on your card?")
    assert rest.endswith(SHARE)


def test_an_answer_that_fits_beside_the_bare_question_is_told() -> None:
    # With the words that more follows it would not fit, and no more does.
    told = f"{SHARE[:-1]}, which is shown in the file for the visit to the office in Albany in May."
    asked = "Shall I look up yours? I'd first ask a few things, to be quite sure that it is you."
    assert not fits(f"{told} {wording.MORE} {asked}")
    assert portion(told, asked, wording.MORE) == (f"{told} Shall I look up yours?", "")


def test_where_the_question_leaves_no_room_the_body_waits() -> None:
    asked = "What is the code?"
    told = f"{', '.join([SHARE[:-1]] * 5)}."
    said, rest = portion(told, asked, wording.MORE)
    assert said == asked
    assert rest == told
    said, rest = portion(told, asked, wording.MORE, begin=True)
    assert said == f"{told} {asked}"
    assert rest == ""


def test_no_reply_takes_a_longer_breath_and_more_gives_the_rest() -> None:
    asked = f"{PAID} {PAID} What is the code?"
    assert not fits(f"{SHARE} {asked}")
    said, rest = portion(SHARE, asked, "")
    assert fits(said)
    assert said.endswith(asked)
    assert rest == SHARE


def test_what_leads_to_a_question_gives_way_to_the_fact_before_it() -> None:
    lead = "I can look that up once I know who you are. If it is for someone else, tell me so now."
    told = f"{SHARE[:-1]}, which is shown in the file for the visit."
    name = "What is your first name?"
    assert not fits(f"{told} {wording.MORE} {lead} {name}")
    assert portion(told, f"{lead} {name}", wording.MORE) == (f"{told} {wording.MORE} {name}", lead)


def test_a_question_gives_up_how_to_answer_it_for_what_leads_to_it() -> None:
    lead = "That's all right, you don't have to tell me who you are."
    which = "Which company is on your card?"
    asked = f"{lead} {which} Say it, or press 1 for Cigna, 2 M V P, 3 Preferred Care, or 9."
    said, rest = portion("", f"{asked} Or wait.", wording.MORE)
    assert (said, rest) == (f"{lead} {which}", "")


def test_what_names_a_topic_leaves_room_for_the_fact_after_it() -> None:
    title, more = "This is about adding someone to the plan.", wording.MORE
    fact = "A new child usually has to be enrolled within 30 days of birth or adoption."
    asked = "Shall I look up yours? I'd first ask who you are."
    said, rest = portion(f"{title} {fact} {SHARE} {SHARE}", asked, more, facts=[fact])
    assert said == f"{title} {fact} {more} Shall I look up yours?"
    assert rest == f"{SHARE} {SHARE}"


def test_what_leads_to_a_question_can_wait_and_the_question_cannot() -> None:
    said, rest = portion(f"{SHARE} {SHARE} {SHARE}", NAME, wording.MORE)
    assert said.endswith(NAME)
    long = f"{SHARE} {SHARE} {SHARE} What is your first name?"
    said, rest = portion("", long, wording.MORE)
    assert said.endswith(f"{wording.MORE} What is your first name?")
    assert rest


def test_a_list_that_is_too_long_is_cut_between_its_entries() -> None:
    entries = "; ".join(f"{name} Sample Urgent Care, 2 miles" for name in "ABCDEF")
    said, rest = portion(f"The nearest: {entries}.", "", wording.MORE)
    assert said.endswith(f"miles. {wording.MORE}")
    assert fits(said)
    assert rest.startswith(("C", "D", "E"))
    assert rest.endswith("F Sample Urgent Care, 2 miles.")


def test_that_something_waits_may_stay_untold() -> None:
    code = "What is the code?"
    said, rest = portion(f"{PAID} {SHARE} {SHARE} {SHARE}", code, "")
    assert said.endswith(f"{SHARE} {code}")
    assert rest


@pytest.mark.parametrize("number", ["9 1 1", "9 8 8"])
def test_what_names_the_emergency_lines_never_waits(number: str) -> None:
    danger = f"In danger, call {number} now."
    said, rest = portion(f"{PAID} {SHARE} {SHARE} {SHARE} {danger}", "", wording.MORE)
    assert danger in said
    assert danger not in rest
    assert fits(said)


@pytest.mark.parametrize(
    "number", ["C I G N A, Q C K M, W 9 8 8", "M V P, 9 1 1 K, 7 A 9 8", "5 1 8, 5 5 5, 0 9 8 8"]
)
def test_a_number_read_out_by_its_signs_is_no_emergency_line(number: str) -> None:
    body = f"{PAID} Your reference number is {number}. Again, the number is {number}."
    said, rest = portion(body, "", wording.MORE)
    assert fits(said)
    assert rest == f"Again, the number is {number}."


def test_nothing_is_lost_whatever_the_question() -> None:
    body = " ".join([PAID, *[SHARE] * 5])
    heard: list[str] = []
    while body:
        said, body = portion(body, "Is that right?", wording.MORE)
        assert said.endswith("Is that right?")
        assert fits(said)
        heard += said.removesuffix("Is that right?").replace(wording.MORE, "").split()
    assert heard == " ".join([PAID, *[SHARE] * 5]).split()


@given(st.lists(st.sampled_from([PAID, SHARE, "Call 9 1 1.", "Is it?"]), max_size=9))
def test_every_portion_is_short_enough_and_they_end(parts: list[str]) -> None:
    body = " ".join(parts)
    for _ in range(len(parts) + 1):
        said, body = portion(body, "", wording.MORE)
        assert seconds(said) <= MOST_SECONDS or said.count("9 1 1") > 1
        if not body:
            return
    raise AssertionError(body)


def test_a_question_is_found_among_what_leads_to_it_and_how_to_answer() -> None:
    assert asking_part("I can help. Which one? Say first or second.") == (
        "Which one? Say first or second."
    )
    assert asking_sentence("I can help. Which one? Say first or second.") == "Which one?"
    assert asking_sentence("Say a ZIP code or a city.") == "Say a ZIP code or a city."
    assert asking_part("Say a ZIP code or a city.") == "Say a ZIP code or a city."


def test_titles_end_no_sentence() -> None:
    text = "Dr. Adams is in Albany, at 12 Main St. today. Call ahead."
    assert sentences(text) == ["Dr. Adams is in Albany, at 12 Main St. today.", "Call ahead."]
