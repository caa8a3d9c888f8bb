"""Corrections while something is asked: "no, a dermatologist", "my birthday is the 12th, not the
21st". Only what is not yet checked can be corrected; a factor only in plain words that name it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from actions.answers.callback import CALLBACK_NEEDS, callback_value, read_phone, read_time
from actions.dialogue.follow_ups.carrying_on import meant
from actions.dialogue.needs import asks, read_factor
from actions.dialogue.reading import value_in
from actions.dialogue.turn import Turn
from actions.identity.no_card import NO_CARD
from alliance.spoken import MONTHS, ORDINALS, normalise
from alliance.values import is_only_value, read_first_names

_CUE = re.compile(
    r"\b(?:no|not|sorry|oops|wait|actually|i meant|i mean|wrong|mistake|misspoke|mistyped|typo|"
    r"correct|correction|should be|should have been|change|instead|isn'?t|wasn'?t|incorrect|"
    r"autocorrect\w*|misspel\w*|typo'?d|hang on|hold on|my bad|whoops|scratch|messed up|swapped)\b",
    re.IGNORECASE,
)
_NAMED = {
    "factor_first_name": re.compile(r"\b(?:first )?name\b|\bspell", re.IGNORECASE),
    "factor_member_id": re.compile(r"\b(?:member )?(?:id|number)\b|\bcard\b", re.IGNORECASE),
    "factor_date_of_birth": re.compile(r"\bbirth|\bborn\b|\bdob\b|\bb-?day\b", re.IGNORECASE),
    "factor_zip": re.compile(r"\bzip\b|\bpostal\b", re.IGNORECASE),
}
# All that may stand beside a detail that is told anew.
_SLIP_WORDS = frozenset(
    word
    for line in (
        "oh oops sorry no wait try maybe perhaps i i'm we swapped mixed messed up switched the",
        "digits numbers figures typo mistake made had got that it it's its is was be should meant",
        "mean my zip code birthday birth date dob day wrong actually instead to and or correct",
        "right one a an me let again with this of ah fat finger fingers same everything else rest",
        "then well ok okay yes yeah here really please alright",
    )
    for word in line.split()
)
_ITS_NAME = re.compile(
    r"\W*(?:(?:no+|sorry|oops|wait|actually|oh)\W+)+(?:it'?s|it is|the name is|my name'?s?(?: is)?|"
    r"i said|i'?m)\b",
    re.IGNORECASE,
)
# "Sorry, Avery" after "Aviary": a name alone, so like the one that was given.
_NAME_AGAIN = re.compile(
    r"\W*(?:(?:no+|nope|sorry|oops|whoops|wait|actually|i meant?|typo|autocorrect\w*|my bad|"
    r"correction|hang on|hold on|that was|spell(?:ed|ing)?|mis\w+|wrong|it'?s|make that)\W+)+"
    r"(?P<name>[^\W\d_]{2,20})\W*",
    re.IGNORECASE,
)
_SPELT_AGAIN = re.compile(
    r"\W*(?:(?:no+|nope|sorry|wait|actually|it'?s|i said)\W+)+(?P<name>[^\W\d_]{2,20})\W+"
    r"(?:(?:that'?s|spelled|so)\W+)?(?P<letters>(?:[^\W\d_]\W+){1,20}[^\W\d_])\W*",
    re.IGNORECASE,
)
_LIKE = 0.5
# "Go back, I typed the wrong day", "oops, typo in my ID": what was given is to be asked again.
_TAKES_BACK = re.compile(
    r"\b(?:go(?:ing)? back(?! to\b)|back up|step back|undo|redo|re-?enter|re-?type|typo\w*|"
    r"(?:typed|gave|put|entered|wrote|said|had|got|used|told you|made|was|is|that'?s)\b.{0,15}"
    r"\b(?:wrong(?:ly)?|a mistake|incorrect(?:ly)?)|wrong (?:day|month|year|date|number|id|name|"
    r"zip|code|birth\w*|one)|mis-?typed|misspel\w*|(?:mess|screw)ed (?:it |that )?up|"
    r"(?:change|fix|correct) (?:it|that|my|the))\b",
    re.IGNORECASE,
)
_MY_SLIP = re.compile(r"\b(?:i|oops|whoops|typo|back|undo|redo|re-?enter|re-?type)\b", re.I)
_DATE_WORD = re.compile(r"\b(?:day|month|year|date|birth\w*|bday|b-day|dob|born)\b", re.IGNORECASE)
_MOST_WORDS_BACK = 12
_ORDINAL = re.compile(rf"\b(?:{'|'.join(ORDINALS)})\b", re.IGNORECASE)
_DAY = r"(?P<{0}>\d{{1,2}})(?:st|nd|rd|th)?"
# "the 12th not the 21st", "1984 not 1985", "May, not March".
_DAY_NOT_DAY = re.compile(
    rf"(?:the )?{_DAY.format('new')}\W+(?:and )?(?:not|instead of|rather than)\W+(?:the )?"
    rf"{_DAY.format('old')}(?!\d)",
    re.IGNORECASE,
)
_YEAR_NOT_YEAR = re.compile(
    r"(?P<new>(?:19|20)\d\d)\W+(?:and )?(?:not|instead of)\W+(?P<old>(?:19|20)\d\d)", re.IGNORECASE
)
# "Sorry, 1988": of what was given, only the birth date has a year.
_YEAR_ALONE = re.compile(r"[^\d]*(?<!\d)(?P<new>(?:19|20)\d\d)(?!\d)[^\d]*")
# "Oh, it's the 4th": likewise a day with its ending.
_DAY_ALONE = re.compile(r"[^\d]*(?<!\d)(?P<new>\d{1,2})(?:st|nd|rd|th)\b[^\d]*", re.IGNORECASE)
# "It's ninety one": a year that is no day.
_SHORT_YEAR = re.compile(r"[^\d]*(?<!\d)(?P<new>[3-9]\d)(?!\d)[^\d]*")
_ANY_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# A date in full, and no ZIP code that could be read as one.
_IN_FULL = re.compile(rf"\d\s?[/.-]\s?\d|\b(?:{'|'.join(MONTHS)})\b", re.IGNORECASE)
_MONTH_NOT_MONTH = re.compile(
    rf"\b(?P<new>{'|'.join(MONTHS)})\W+(?:and )?(?:not|instead of)\W+(?P<old>{'|'.join(MONTHS)})\b",
    re.IGNORECASE,
)
_NOT_TAIL = re.compile(r"[\s,]*(?:and )?\b(?:not|instead of|rather than)\b.*$", re.IGNORECASE)


# "The last digit is a 2", "it ends in 35": the end of a number that was given.
_ENDS = re.compile(
    r"\b(?:ends? (?:in|with|on)|"
    r"last (?:(?:\w+ )?(?:digits?|numbers?|figures?|ones?)|two|three|four)"
    r"(?:'s| is| are| was| were| should (?:be|have been))?(?: an?| the)?)\W+"
    r"(?P<new>\d{1,4})(?!\d)",
    re.IGNORECASE,
)
_NUMBERS = ("factor_member_id", "factor_zip")


def corrected_factors(turn: Turn, today: date) -> dict[str, Any]:
    """The factors given before that this message puts right; empty when it corrects none."""
    if not turn.factors or turn.text.startswith("/"):
        return {}
    if ended := _other_end(turn):
        return ended
    if year := _other_year(turn, today):
        return {"factor_date_of_birth": year}
    if not _CUE.search(turn.text):
        return {}
    born = _birth_date(turn, today)
    if born:
        return {"factor_date_of_birth": born}
    if names := _name(turn) or _name_again(turn):
        return {"factor_first_name": names}
    if again := _date_again(turn, today):
        return {"factor_date_of_birth": again}
    # "M10010002, not M10010003": what comes after "not" is put aside.
    said = replace(turn, text=_NOT_TAIL.sub("", turn.text) or turn.text, alternatives=())
    for slot, named in _NAMED.items():
        if slot not in turn.factors or slot == turn.asking:
            continue
        # An ID in full can be nothing else: "oops, it's M10010002".
        whole = slot == "factor_member_id" and _whole_id(turn, said.text)
        value = read_factor(slot, said, today) if whole or named.search(turn.text) else None
        if value is not None and value != turn.factors[slot]:
            return {slot: value}
    return {}


def _whole_id(turn: Turn, text: str) -> bool:
    return any(turn.partners.fitting(word.upper()) for word in re.findall(r"[A-Za-z]\d+", text))


def told_again(turn: Turn, today: date) -> dict[str, Any]:
    """The birth date or ZIP code that is told anew when all is asked once more after details that
    did not fit: "sorry, I swapped the digits, it's 14604". Empty where the words say more, or where
    there are none: figures alone answer what is asked, such as a name that is pressed on the keys.
    """
    # "June second nineteen forty", as it is heard.
    plain = normalise(turn.text).text
    words = re.findall(r"(?<![\d])[^\W\d_]+(?:'[a-z]+)?", plain.lower())
    if not words or not set(words) <= _SLIP_WORDS | {month.lower() for month in MONTHS}:
        return {}
    for slot in ("factor_date_of_birth", "factor_zip"):
        value = read_factor(slot, turn, today)
        if value is not None:
            return {slot: value}
    return {}


def _date_again(turn: Turn, today: date) -> str | None:
    """The birth date told anew in full, and nothing else: "oops, 3/12/1984 I meant"."""
    given = turn.factors.get("factor_date_of_birth")
    if not given or turn.asking == "factor_date_of_birth" or not _IN_FULL.search(turn.text):
        return None
    again = told_again(turn, today).get("factor_date_of_birth")
    return again if again != given else None


def _name(turn: Turn) -> list[str] | None:
    """A first name said again where something else is asked: "no, it's Paige, P A I G E"."""
    given = turn.factors.get("factor_first_name")
    asked = turn.asking in ("factor_first_name", "factor_last_name", "factor_card_company")
    if not given or asked or not _ITS_NAME.match(turn.text) or turn.partners.named(turn.text):
        return None
    if any(figure.isdigit() for figure in normalise(turn.text).text):
        return None
    names = read_first_names(turn.text) if is_only_value(turn.text, "first_name") else []
    return names if names and names != given else None


def _name_again(turn: Turn) -> list[str] | None:
    given = turn.factors.get("factor_first_name")
    spelt = _SPELT_AGAIN.fullmatch(turn.text)
    if given and spelt and turn.asking != "factor_first_name":
        # "No, Flo, F L O": as it was heard, or not.
        return read_first_names(f"{spelt['name']} {spelt['letters']}") or None
    found = _NAME_AGAIN.fullmatch(turn.text)
    if not given or found is None or turn.partners.named(turn.text):
        return None
    like = max(SequenceMatcher(None, found["name"].lower(), n.lower()).ratio() for n in given)
    return [found["name"].capitalize()] if _LIKE <= like < 1 else None


def taken_back(turn: Turn) -> str | None:
    """The slot of the factor that the member says was wrong, and does not tell anew: the one that
    is named, else the one given last; None where nothing is taken back.
    """
    short = len(turn.text.split()) <= _MOST_WORDS_BACK
    if not turn.factors or not short or not _TAKES_BACK.search(turn.text):
        return None
    if (
        "?" in turn.text
        or asks(turn.text)
        or turn.harsh
        or turn.intent in ("complaint", "speak_to_agent")
    ):
        return None
    named = {**_NAMED, "factor_date_of_birth": _DATE_WORD}
    for slot, pattern in named.items():
        if slot in turn.factors and pattern.search(turn.text):
            return slot
    # "That is wrong" may be said of an answer, and not of what they typed.
    theirs = _MY_SLIP.search(turn.text) and not any(c.isdigit() for c in turn.text)
    return list(turn.factors)[-1] if theirs else None


def _birth_date(turn: Turn, today: date) -> str | None:
    """A part of the birth date put right, if the part to put aside is the one that was given."""
    given = turn.factors.get("factor_date_of_birth")
    if not given:
        return None
    born = date.fromisoformat(given)
    text = _ORDINAL.sub(lambda m: str(ORDINALS[m.group().lower()]), normalise(turn.text).text)
    try:
        found = _DAY_NOT_DAY.search(text)
        # The right day said again, against a wrong one, is right as well.
        if found and born.day in (int(found["old"]), int(found["new"])):
            return born.replace(day=int(found["new"])).isoformat()
        if (found := _YEAR_NOT_YEAR.search(text)) and int(found["old"]) == born.year:
            changed = born.replace(year=int(found["new"]))
            return changed.isoformat() if changed <= today else None
        if found := _MONTH_NOT_MONTH.search(text):
            old, new = (_month(found[part]) for part in ("old", "new"))
            return born.replace(month=new).isoformat() if old == born.month else None
        if turn.asking != "factor_date_of_birth" and (found := _DAY_ALONE.fullmatch(turn.text)):
            return born.replace(day=int(found["new"])).isoformat()
        if found := _SHORT_YEAR.fullmatch(text):
            text = f"19{found['new']}"
        if found := _YEAR_ALONE.fullmatch(text):
            changed = born.replace(year=int(found["new"]))
            return changed.isoformat() if changed <= today else None
    except ValueError:
        return None
    return None


def _other_year(turn: Turn, today: date) -> str | None:
    """The birth date with the other year of two, of which one was given: "I put 1984, it's "
    "1948"."""
    given = turn.factors.get("factor_date_of_birth")
    if not given:
        return None
    born = date.fromisoformat(given)
    years = {int(year) for year in _ANY_YEAR.findall(turn.text)}
    if born.year not in years or len(years) != 2 or (born.month, born.day) == (2, 29):
        return None
    changed = born.replace(year=next(iter(years - {born.year})))
    return changed.isoformat() if changed <= today else None


def _other_end(turn: Turn) -> dict[str, Any]:
    """The number that was named, else the one given last, with another end."""
    found = _ENDS.search(normalise(turn.text).text)
    given = [slot for slot in turn.factors if slot in _NUMBERS]
    if found is None or not given:
        return {}
    slot = next((each for each in given if _NAMED[each].search(turn.text)), given[-1])
    new = found["new"]
    if slot == "factor_zip":
        changed: Any = turn.factors[slot][: -len(new)] + new
    else:
        changed = [number[: -len(new)] + new for number in turn.factors[slot] if number != NO_CARD]
    return {slot: changed} if changed and changed != turn.factors[slot] else {}


def _month(said: str) -> int:
    return int(MONTHS[said.lower()])


def other_needs(turn: Turn, needs: tuple[str, ...], today: date) -> dict[str, Any]:
    """What the message says for needs of the question beside the one that is asked."""
    asked = (turn.asking or "").removeprefix("need_")
    found: dict[str, Any] = {}
    for need in needs:
        if need in (asked, "identity", "reason", "person"):
            continue
        if need in CALLBACK_NEEDS:
            phone = read_phone(turn.text)
            whole = phone if need == "phone" else None if phone else read_time(turn.text)
            if value := whole or callback_value(need, turn.text):
                found[need] = value
            continue
        value = value_in(need, turn.text, meant(turn, turn.questions[0]), today)
        if value is not None:
            found[need] = value
    return found


def corrects(text: str) -> bool:
    """Whether the words put something right."""
    return _CUE.search(text) is not None
