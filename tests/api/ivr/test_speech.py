"""What a voice says: words and marks."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.conversations.recall import NO, YES
from api.ivr import speech
from api.ivr.readings import with_companies
from api.ivr.requests import relayed, request_in
from api.ivr.turns import Heard, VoiceTurn


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It paid $1,234.50.", "It paid 1,234 dollars and 50 cents."),
        ("You owe $1.", "You owe 1 dollar."),
        ("Your share is $0.05.", "Your share is 5 cents."),
        ("Seen on 2026-03-12.", "Seen on March 12, 2026."),
        ("Seen on 3/12/2026.", "Seen on March 12, 2026."),
        ("Claim CLM-2026-55501.", "Claim C L M, 2 0 2 6, 5 5 5 0 1."),
        ("ID M55500123.", "ID M 5 5 5 0 0 1 2 3."),
        ("CIGNA HMO/POS & more ✅", "Cigna HMO POS and more"),
        ("See https://example.org/x.", "See the website."),
        ("It pays 80%.", "It pays 80 percent."),
        ("MVP (TTY 711) helps.", "M V P, TTY 7 1 1, helps."),
    ],
)
def test_plain_words(written: str, said: str) -> None:
    assert speech.plain(written) == said
    # Saying it twice changes nothing.
    assert speech.plain(said) == said


def test_dates_and_ids_are_marked_up() -> None:
    marked = speech.ssml(speech.plain("CLM-2026-55501 was paid on 2026-03-12 & closed."))
    assert '<say-as interpret-as="characters">CLM</say-as>' in marked
    assert '<say-as interpret-as="date" format="mdy">3/12/2026</say-as>' in marked
    marked += speech.ssml("Call 911, or 1-800-555-0110.")
    assert '<say-as interpret-as="characters">911</say-as>' in marked
    assert '<say-as interpret-as="telephone">1-800-555-0110</say-as>' in marked
    marked = speech.ssml("Call 911.")
    assert ET.fromstring(marked).tag == "speak"  # noqa: S314 (our own)


@given(st.text(max_size=200))
def test_whatever_is_said_is_well_formed(text: str) -> None:
    ET.fromstring(speech.ssml(speech.plain(text)))  # noqa: S314 (our own)


@pytest.mark.parametrize(
    ("words", "request_"),
    [
        ("could you repeat that please", "repeat"),
        ("sorry what", "repeat"),
        ("i didn't catch that", "repeat"),
        ("slow down please", "slower"),
        ("you're talking too fast", "slower"),
        ("hang on", "hold"),
        ("just a minute please", "hold"),
        ("i need to find my card", "hold"),
        ("sorry wait i'm digging out my glasses", "hold"),
        ("let me grab my insurance card one second", "hold"),
        ("tell me more", "more"),
        ("hablo español", "spanish"),
        ("this is communications assistant 3120", "relay"),
        ("representative", "person"),
        ("can i talk to a person please", None),
        ("what does my plan cover", None),
        ("one minute clinic near me", None),
        ("i need more physical therapy visits", None),
        ("is a spanish speaking doctor in network", None),
        ("agent of record change", None),
        ("i'm looking for my claim", None),
    ],
)
def test_what_is_asked_of_the_line(words: str, request_: str | None) -> None:
    assert request_in(words) == request_


@pytest.mark.parametrize(
    ("announced", "asked"),
    [
        (
            "video relay here the caller uses sign language and wants to know if her cast is paid",
            "if my cast is paid",
        ),
        (
            "relay operator twelve the caller asks if her wife can call go ahead",
            "if her wife can call",
        ),
        ("relay operator twelve she is asking where the lab is", "where the lab is"),
        ("hello this is relay operator twelve are you ready", None),
        ("relay operator twelve the caller says hello", None),
    ],
)
def test_what_a_relay_operator_passes_on(announced: str, asked: str | None) -> None:
    assert relayed(announced) == asked


@pytest.mark.parametrize(
    ("said", "yes", "no"),
    [
        ("yes that's correct thank you", True, False),
        ("yeah that is my number", True, False),
        ("um yes it is", True, False),
        ("no that's not my number", False, True),
        ("that's wrong", False, True),
        ("yes but i meant the bill from the lab", False, False),
        ("no i want to know about the lab in troy", False, False),
    ],
)
def test_yes_and_no_in_more_words(said: str, yes: bool, no: bool) -> None:
    assert (bool(YES.fullmatch(said)), bool(NO.fullmatch(said))) == (yes, no)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("do you take signal insurance", "do you take cigna insurance"),
        ("it is c i g n a", "it is cigna"),
        ("sorry i have no signal here", "sorry i have no signal here"),
        ("my phone signal dropped", "my phone signal dropped"),
    ],
)
def test_a_company_that_was_heard_as_another_word(heard: str, meant: str) -> None:
    turn = VoiceTurn("json", "call", "1", "input", speech=heard, alternatives=(Heard(heard),))
    found = with_companies(turn)
    assert (found.speech, found.alternatives[0].text) == (meant, meant)
