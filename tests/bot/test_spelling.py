"""Misspelt words are read as they were meant, and others are left alone."""

import pytest

from bot.nlu.spelling import repaired


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("is the phamacy near me", "is the pharmacy near me"),
        ("my insurence denyed my opperation", "my insurance denied my operation"),
        ("a speshialist, wihtout a referal", "a specialist, without a referral"),
        ("how much is the copaymint for pacients", "how much is the copayment for patients"),
    ],
)
def test_misspelt_words_are_put_right(text: str, meant: str) -> None:
    assert repaired(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "what is my deductible",
        "dr fakerson in schenectady",
        "me duele mucho el pecho y no puedo respirar",
        "my id is u10010001, robin.deniedson@example.org",
        "weeping over my jeans and a dishwasher",
        "she is clammy and drooping, they said convulsing",
        "shd i call your hrs, or my acct smth",
    ],
)
def test_what_is_right_or_no_english_stays(text: str) -> None:
    assert repaired(text) == text
