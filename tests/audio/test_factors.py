"""What proves who calls, and which claim is meant, by voice: member IDs, dates of birth, ZIP codes,
names and claim numbers, spoken on an 8 kHz mu-law line and heard by a recogniser. What is taken
without a question must be right.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
import yaml

from alliance.hearing import BANDS_FILE, VoiceBands
from alliance.partners import PARTNERS_FILE, Partners, load_partners
from api.ivr.factors import is_sure, read_back
from api.ivr.turns import Heard
from scripts.phone_line import LINES, Recogniser
from tests.alliance.conftest import ENVIRONMENT

pytestmark = [pytest.mark.extra, pytest.mark.timeout(600)]

TODAY = date(2026, 11, 23)
BANDS = VoiceBands.of(json.loads(BANDS_FILE.read_text("utf-8")))
# What is asked, what a caller says, and what the line then reads back.
SPOKEN = (
    ("factor_member_id", "m one zero zero one zero zero zero two", "an ID ending in 0 0 2"),
    ("factor_member_id", "m as in mary one double oh one triple zero two", "an ID ending in 0 0 2"),
    ("factor_member_id", "u one zero zero one zero zero zero one", "an ID ending in 0 0 1"),
    ("factor_member_id", "p one oh oh one oh oh oh three", "an ID ending in 0 0 3"),
    ("factor_date_of_birth", "november second nineteen seventy nine", "a birthday on November 2"),
    ("factor_date_of_birth", "may seventeenth nineteen eighty four", "a birthday on May 17"),
    ("factor_date_of_birth", "august twenty third nineteen ninety", "a birthday on August 23"),
    ("factor_zip", "one two two oh seven", "a ZIP code ending in 0 7"),
    ("factor_zip", "oh six one oh three", "a ZIP code ending in 0 3"),
    ("factor_zip", "one four six zero four", "a ZIP code ending in 0 4"),
    ("need_claim", "c l m two zero two six five five five zero one", "a claim ending in 5 0 1"),
    ("need_claim", "c l m two zero two six one zero four seven two", "a claim ending in 4 7 2"),
    ("need_claim", "c l m two oh two six triple five zero three", "a claim ending in 5 0 3"),
    ("factor_first_name", "morgan", "the name Morgan"),
    ("factor_first_name", "avery", "the name Avery"),
    ("factor_first_name", "riley", "the name Riley"),
)


@dataclass(frozen=True)
class Given:
    """A factor as it was heard: `taken` is None where it is asked for again."""

    line: str
    said: str
    right: str
    taken: str | None
    sure: bool


@pytest.fixture(scope="module")
def partners() -> Partners:
    return load_partners(yaml.safe_load(PARTNERS_FILE.read_text("utf-8")), ENVIRONMENT)


@pytest.fixture(scope="module")
def given(partners: Partners, tmp_path_factory: pytest.TempPathFactory) -> list[Given]:
    assert shutil.which("flite"), "flite speaks (Debian: apt-get install flite)."
    recogniser = Recogniser(["has my claim been paid"], tmp_path_factory.mktemp("line"))
    return list(_heard(recogniser, partners))


def _heard(recogniser: Recogniser, partners: Partners) -> Iterator[Given]:
    for line in ("awb", "rms", "slt"):
        for asking, said, right in SPOKEN:
            readings = recogniser.hear(said, LINES[line], "answers")
            heard = [Heard(each.text, each.confidence) for each in readings]
            found = read_back(asking, [each.text for each in heard], partners, TODAY)
            sure = bool(heard) and is_sure(asking, heard, BANDS, partners, TODAY)
            yield Given(line, said, right, found[1] if found else None, sure)


def test_what_is_taken_without_a_question_is_right(given: list[Given]) -> None:
    wrong = [each for each in given if each.sure and each.taken not in (None, each.right)]
    assert not wrong, wrong


def test_most_are_understood_the_first_time_on_lines_of_clear_voices(given: list[Given]) -> None:
    clear = [each for each in given if each.line in ("awb", "rms")]
    right = [each for each in clear if each.taken == each.right]
    assert len(right) >= 0.8 * len(clear), [each for each in clear if each not in right]


def test_the_next_reading_is_tried_before_asking_again(partners: Partners) -> None:
    readings = ["that twenty third nineteen ninety", "august twenty third nineteen ninety"]
    found = read_back("factor_date_of_birth", readings, partners, TODAY)
    assert found == (readings[1], "a birthday on August 23")
