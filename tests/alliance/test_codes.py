"""One-time codes as they are read and sent, and contacts as they are named."""

from __future__ import annotations

from datetime import date

import pytest

from alliance.codes import message, read_code
from alliance.contacts import Contact


@pytest.mark.parametrize(
    "text",
    [
        "428193",
        "428 193",
        "4 2 8 1 9 3",
        "428-193",
        "It's 428193.",
        "the code is 428193, thanks",
        "four two eight one nine three",
        "it says four twenty eight one nine three",
        "okay it is four two eight one nine three",
    ],
)
def test_a_code_however_it_is_said(text: str) -> None:
    assert read_code(text) == "428193"


@pytest.mark.parametrize(
    "text",
    [
        "12207",
        "900555101",
        "M10010002",
        "find me a doctor near 428193",
        "is it 428193?",
        "05/12/1980",
        "5-12-1980",
        "my claim from march 12",
        "428193 or 428194",
        "why do you need that",
        "",
    ],
)
def test_what_is_no_code(text: str) -> None:
    assert read_code(text) is None


@pytest.mark.parametrize("spoken", [False, True])
def test_every_message_says_that_we_never_call_for_it(spoken: bool) -> None:
    sent = message("428193", "MVP Health Care", spoken=spoken)
    assert "never call" in sent
    assert ("428193" in sent) is not spoken


TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("since", "usable"),
    [(date(2020, 1, 1), True), (date(2026, 10, 24), True), (date(2026, 10, 25), False),
     (None, False)],
)  # fmt: skip
def test_a_contact_counts_after_thirty_days(since: date | None, usable: bool) -> None:
    assert Contact("mobile", "518-555-0102", since).usable(TODAY) is usable


def test_a_contact_is_named_and_not_told() -> None:
    mobile = Contact("mobile", "518-555-0102", None)
    mail = Contact("email", "morgan.testwell@example.org", None)
    assert mobile.masked == "mobile number ending in 02"
    assert mobile.spoken == "mobile number ending in 0 2"
    assert mail.masked == "e-mail address m...@example.org"
    assert "morgan" not in mail.masked + mail.spoken
