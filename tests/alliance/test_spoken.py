"""Spoken forms become written ones, prose stays prose, and every span maps back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.spoken import normalise, normalise_text

WRITTEN = [
    ("my zip is one two two oh seven", "my zip is 12207"),
    ("one, two, two, oh, seven", "12207"),
    ("one uh two um two oh seven", "12207"),
    ("twelve two oh seven", "12207"),
    ("where do they have one 12207", "where do they have one 12207"),
    ("one two two oh for", "12204"),
    ("one two to oh seven", "12207"),
    ("1 2 2 0 7", "12207"),
    ("oh five four oh one", "05401"),
    ("m as in mary five five five oh oh one two three", "m55500123"),
    ("m as in nancy five five five oh oh one two three", "n55500123"),
    ("em five double five oh oh one two three", "m55500123"),
    ("you five five five zero zero one two three", "u55500123"),
    ("uniform triple five zero zero one two three", "u55500123"),
    ("november five five five oh oh one two three", "n55500123"),
    ("c l m dash two zero two six dash five five five oh one", "clm-2026-55501"),
    ("c l m dash twenty twenty six dash fifty five five oh one", "clm-2026-55501"),
    ("alpha whiskey one two three four one two three four", "aw12341234"),
    ("may the twelfth nineteen eighty", "may the 12th 1980"),
    ("may twelve nineteen eighty", "may 12 1980"),
    ("november twelve nineteen eighty", "november 12 1980"),
    ("twelve of may nineteen eighty", "12 of may 1980"),
    ("twenty second of march two thousand twenty five", "22nd of march 2025"),
    ("the first of may two thousand and six", "the 1st of may 2006"),
    ("one hundred twenty dollars and fifty cents", "120 dollars and 50 cents"),
    ("twelve hundred dollars", "1200 dollars"),
    ("forty-five dollars", "45 dollars"),
    ("one thousand two hundred and thirty four dollars", "1234 dollars"),
    ("call one eight hundred five five five oh one one oh", "call 18005550110"),
    ("should i dial nine one one", "should i dial 911"),
    ("d as in david e s h a w n", "deshawn"),
    ("m a r i a lopez", "maria lopez"),
    ("is an m r i covered", "is an mri covered"),
    ("my e o b i got today", "my eob i got today"),
    ("mi código postal es uno dos dos cero siete", "mi código postal es 12207"),
    ("two weeks ago", "2 weeks ago"),
    ("ＺＩＰ １２２０７", "zip 12207"),
]

PROSE = [
    "i may need one for my son to go",
    "oh one of my kids is sick",
    "i was seen by one or two doctors",
    "the second one for a third time",
    "i have two kids and three claims",
    "can you tell me if i am covered",
    "i called twenty four seven",
    "plan b i think",
    "why are you asking to see my tea",
    "we won, too, for once",
    "which one is for me and which for you",
    "mike and charlie went to the hotel in november",
]


@pytest.mark.parametrize(("said", "written"), WRITTEN)
def test_spoken_forms_become_figures(said: str, written: str) -> None:
    assert normalise(said).text == written


@pytest.mark.parametrize("text", PROSE)
def test_prose_stays_prose(text: str) -> None:
    assert normalise(text).text == text


def test_a_span_of_the_result_maps_onto_what_was_said() -> None:
    said = normalise("Sure, it's M as in Mary five five five oh oh one two three. Zip one two 207")
    start = said.text.index("m55500123")
    assert said.said(start, start + 9) == "M as in Mary five five five oh oh one two three"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("What's my CO PAY?", "what's my copay?"),
        ("does M V P cover an X-ray", "does mvp cover an xray"),
        ("deductable\u200b left  \n please", "deductible left please"),
        ("It’s “fine”", 'it\'s "fine"'),
    ],
)
def test_the_classifiers_clean_form(text: str, clean: str) -> None:
    assert normalise_text(text) == clean


_WORDS = """
s b y o u x are see november mike oo
one two five oh zero nine twelve forty hundred thousand double triple to for and dash m em you
as in mary may third twentieth nineteen 12207 5/12/80 M55500123 i a the , . - é ß İ
"""
SPEECH = st.lists(st.sampled_from(_WORDS.split()), max_size=14).map(" ".join)
ANYTHING = st.one_of(st.text(max_size=80), SPEECH)


@given(ANYTHING)
def test_offsets_stay_inside_the_original_and_in_order(text: str) -> None:
    said = normalise(text)
    spans = [said.original_span(i, i + 1) for i in range(len(said.text))]
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)
    assert said.original_span(len(said.text), len(said.text)) == (len(text), len(text))


@given(ANYTHING)
def test_the_clean_form_is_stable(text: str) -> None:
    once = normalise_text(text)
    assert normalise_text(once) == once


_SMALL = """
oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen
"""


# "Oh, oh, oh" is no number.
@given(st.text("0123456789", min_size=5, max_size=16).filter(lambda digits: {*digits} != {"0"}))
def test_digits_said_one_by_one_come_back(digits: str) -> None:
    spoken = " ".join(_SMALL.split()[int(d)] for d in digits)
    said = normalise(f"it is {spoken} okay")
    assert said.text == f"it is {digits} okay"
    assert said.said(6, 6 + len(digits)) == spoken


@given(st.integers(20, 999_999))
def test_numbers_said_as_words_come_back(number: int) -> None:
    assert normalise(f"{_in_words(number)} dollars").text == f"{number} dollars"


def _in_words(n: int) -> str:
    small = _SMALL.split()
    tens = f"{'x ' * 2}twenty thirty forty fifty sixty seventy eighty ninety".split()
    if n < 20:
        return small[n]
    if n < 100:
        return tens[n // 10] + (f" {small[n % 10]}" if n % 10 else "")
    if n < 1000:
        return f"{small[n // 100]} hundred" + (f" {_in_words(n % 100)}" if n % 100 else "")
    return f"{_in_words(n // 1000)} thousand" + (f" {_in_words(n % 1000)}" if n % 1000 else "")
