"""Whatever is asked about while a member says who they are: its ZIP code, date or ID is no factor,
it gets a word, and the form goes on where it was.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.dialogue.intents import intents
from actions.dialogue.turn import FACTOR_SLOTS
from tests.actions.talking import Talk, named

SENTENCES: dict[str, str] = yaml.safe_load(
    (Path(__file__).parent / "digressions.yml").read_text("utf-8")
)
ENDS = {"emergency", "cancel", "goodbye"}
# Of these there is nothing to answer at a prompt: it is asked again, or the member has left.
NO_TOPIC = {"affirm", "deny", "goodbye", "feedback_positive", "feedback_negative"}
ASKED = "has my claim from march been paid?"
CARD = ("Morgan", "M10010002", "November 2, 1979")
NO_CARD = ("Jordan", "I don't have my card", "MVP", "Movewell", "April 11, 1992", "02118")
# How far the member has come when the sentence is said.
PROMPTS = {
    "factor_first_name": (),
    "factor_member_id": CARD[:1],
    "factor_date_of_birth": CARD[:2],
    "factor_zip": CARD,
    "factor_card_company": ("Lena", "900555101"),
    "factor_last_name": NO_CARD[:3],
    "factor_second": NO_CARD,
}


def test_every_intent_has_a_sentence_with_a_value_in_it() -> None:
    assert set(SENTENCES) == set(intents()) - {"inform"}
    for sentence in SENTENCES.values():
        assert re.search(r"\d{5}|\d{1,2}/\d{1,2}/\d{4}|\w+ \d{1,2}, \d{4}", sentence), sentence


def _entities(text: str) -> list[dict[str, Any]]:
    """What understanding finds in the sentences."""
    found = []
    if match := re.search(r"\bM\d{8}\b", text):
        found.append(named("member_id", match.group()))
    if match := re.search(r"(?<!\d)\d{5}(?!\d)", text):
        found.append(named("zip", match.group()))
    if match := re.search(r"\d{1,2}/\d{1,2}/\d{4}|[A-Z]\w+ \d{1,2}, \d{4}", text):
        found.append(named("date", match.group()))
    return found


async def _at(talk: Talk, prompt: str) -> None:
    await talk.say(ASKED, "claim_status", [named("date", "march")])
    await talk.give(*PROMPTS[prompt])
    assert talk.asking == prompt


def _factors(talk: Talk) -> dict[str, Any]:
    return {slot: talk.slots.get(slot) for slot in FACTOR_SLOTS}


@pytest.mark.parametrize("prompt", PROMPTS)
async def test_no_factor_is_filled_by_a_digression(talk: Talk, prompt: str) -> None:
    await _at(talk, prompt)
    before = _factors(talk)
    for intent, sentence in SENTENCES.items():
        here = talk.as_it_stands()
        left = await here.form_leaves(sentence, intent, _entities(sentence))
        after = _factors(here)
        assert after == (dict.fromkeys(FACTOR_SLOTS) if intent == "goodbye" else before), sentence
        assert left or intent in NO_TOPIC, sentence


async def test_a_digression_is_answered_and_the_form_goes_on(talk: Talk) -> None:
    await _at(talk, "factor_zip")
    before = _factors(talk)
    for intent, sentence in SENTENCES.items():
        here = talk.as_it_stands()
        # `say` fails on an empty turn.
        said = f"{intent}: {await here.say(sentence, intent, _entities(sentence))}"
        assert await here.verified() is None, said
        if intent in ENDS:
            assert here.asking is None, said
            assert not any(_factors(here).values()), said
            continue
        assert _factors(here) == before, said
        assert "claim_status" in [item["intent"] for item in here.slots["agenda"]], said
        # What was asked in between may need something of its own first.
        assert here.asking == "factor_zip" or (here.asking or "").startswith("need_"), said


async def test_no_code_is_taken_from_a_digression(talk: Talk) -> None:
    await talk.say("why was my claim from march denied?", "claim_denial")
    await talk.give("Drew", "M10010005", "12/30/1988", "05401")
    assert talk.asking == "factor_code"
    for intent, sentence in SENTENCES.items():
        here = talk.as_it_stands()
        await here.form_leaves(sentence, intent, _entities(sentence))
        verified = await here.verified()
        assert verified, sentence
        assert verified.level == 1, sentence
        if intent != "goodbye":
            assert here.asking == "factor_code", sentence
