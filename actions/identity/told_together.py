"""Who tells several of the details that prove who they are at once, as they come to mind: "hm
sorry, first name Rick, ID U19999984, born March 8 1980, zip 06103", "Andy P10010031".

Read only where one of them is asked for, where nothing is asked beside them, and where a member ID
or two labels show what the values are. It proves nothing by itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from actions.dialogue.needs import asks_in_part, read_factor
from actions.dialogue.reading import is_one_name
from actions.dialogue.turn import Turn
from alliance.spoken import MONTHS, normalise

_NAME, _ID = "factor_first_name", "factor_member_id"
_BORN, _ZIP = "factor_date_of_birth", "factor_zip"
_LABELS = {
    _NAME: re.compile(
        r"(?:\b(?:(?:first |given )?name(?: is|'?s)?|this is|i am|i'?m)|^\W*(?:it'?s|it is))"
        r"(?! (?:born|not)\b)\b[\s:=]*",
        re.IGNORECASE,
    ),
    _ID: re.compile(
        # "Oops no, November 2" labels nothing.
        r"\b(?:(?:member(?:ship)? |card )?(?:id|number)|(?:member(?:ship)?|card|id) no\.?)"
        r"(?: is|'?s)?\b[\s:=#]*",
        re.IGNORECASE,
    ),
    _BORN: re.compile(
        r"\b(?:date of birth|birth ?(?:date|day)|d\.?o\.?b\.?|(?:i am |i'?m )?born)(?: is|'?s)?\b"
        r"[\s:=]*(?:on )?",
        re.IGNORECASE,
    ),
    _ZIP: re.compile(r"\b(?:zip|postal) ?(?:code)?(?: is|'?s)?\b[\s:=]*", re.IGNORECASE),
}
_FEWEST = 2
# Words of a name with a birth date and a ZIP code, in figures or months.
_MOST_OF_TWO = 7
_SLIPS = re.compile(r"\W*(?:wh?oops|sorry|wait|no|nope|ugh|u+m+|u+h+|oh|hm+|huh)\W*", re.IGNORECASE)
# What may be an ID, and a name that stands right before it: "Andy P10010031".
_SIGNS = re.compile(r"\b[A-Z]?\d{8,11}\b", re.IGNORECASE)
_BEFORE_ID = re.compile(
    r"(?:^|[,.;:!?]\s*)\W*(?:(?:hi|hello|hey|good \w+|ugh|ok(?:ay)?|fine|um+|uh+|so|well|sorry|"
    r"again|and|yes)\W+)*"
    r"(?:(?:i'?m|i am|it'?s|this is|my name(?: is|'s)?|name(?: is|'s)?)\s+)?"
    r"(?P<name>[^\W\d_]{2,20}(?: [^\W\d_]{2,20})?)(?: here| speaking| calling)?[\s,.;:/|-]+$",
    re.IGNORECASE,
)
_LEADS_ON = re.compile(r"\W*\b(?:and|my|the|with)\b\W*$", re.IGNORECASE)
# Or right after it, or last of all: "M10010002 Morgan 11/2/1979", "M10010002, 12207, Morgan".
_AFTER_ID = re.compile(r"[\s,.;:/|-]+(?P<name>[^\W\d_]{2,20})(?=[\s,.;:/|-]|$)")
_LAST = re.compile(r"[\s,.;:/|-](?P<name>[^\W\d_]{2,20})\W*$")
_SPEAKING = re.compile(
    r"\b(?!(?:hi|hello|hey|yes|so|well|ok(?:ay)?|it|is|this|i|my|and|now)\b)"
    r"(?P<name>[^\W\d_]{2,20})(?: [^\W\d_]{2,20})? (?:here|speaking|is my (?:first )?name)\b",
    re.I,
)
# Whoever tells another's details proves nothing of their own.
SOMEBODY_ELSE = re.compile(
    r"\b(?:her|his|hers|their|patient|husband|wife|spouse|son|daughter|child|baby|mother|father|"
    r"mom|dad)\b",
    re.IGNORECASE,
)
# A detail that is said to be somebody else's: "her name is Rosa", "my husband's is M10010023".
_SOMEBODYS = (
    r"(?:my|our|the) (?:\w+ )?(?:wife|husband|spouse|partner|kid|child|son|daughter|baby|mother|"
    r"mom|mum|father|dad|parent|sister|brother|grand\w+|aunt|uncle|friend|neighbou?r|boss|client|"
    r"patient|employee|member|boyfriend|girlfriend|fianc[eé]e?|ex)"
)
_A_DETAIL = r"(?:name|i\.?d\.?|number|birth\w*|b-?day|d\.?o\.?b|date of birth|zip|card|member)\b"
_ANOTHERS = re.compile(
    rf"\b(?:(?:her|his|{_SOMEBODYS}['\u2019]?s) (?:\w+ ){{0,2}}{_A_DETAIL}|"
    rf"their (?:\w+ )?(?:name|birth\w*|d\.?o\.?b|date of birth)\b|"
    rf"(?:hers|his|theirs|{_SOMEBODYS}['\u2019]s) is\b|{_SOMEBODYS} is (?:called|named)\b|"
    r"(?:he|she|they)(?: is|['\u2019]s| was|['\u2019]re| are| were) (?:called|named|born)\b)",
    re.IGNORECASE,
)
_FIRST_WORD = re.compile(r"[^\W\d_][\w'-]*")


# "U one zero ... one five seventeen eighty four oh six one oh three" is heard as one number: ID,
# birth date and ZIP code. "Nineteen ninety one four six oh four" is 1990 and 14604.
_ONE_NUMBER = re.compile(
    r"\b(?P<id>[a-z]\d{8})(?P<m>\d{1,2}?)(?P<d>\d{2})(?P<y>(?:19|20)?\d{2}|[3-9])(?P<zip>\d{5})\b",
    re.I,
)
_YEAR_AND_ZIP = re.compile(
    rf"(?P<day>\b(?:{'|'.join(MONTHS)}) \d{{1,2}}(?:st|nd|rd|th)?,? )"
    r"(?:(?P<year>19\d\d)(?P<zip>\d{5})|(?P<ten>19\d)(?P<place>[1-9]\d{4}))\b",
    re.IGNORECASE,
)
_A_DATE = re.compile(
    rf"(?:\b(?:born|birth ?day|dob|date of birth)\b[^\d.;?]{{0,12}})?"
    rf"(?:\b(?:{'|'.join(MONTHS)}|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)\.? "
    r"\d{1,2}(?:st|nd|rd|th)?,? (?:of )?'?(?:(?:19|20)\d\d|\d\d)\b|"
    r"\b\d{1,2}[/.-]\d{1,2}[/.-](?:(?:19|20)\d\d|\d\d)\b)",
    re.IGNORECASE,
)


def _plain(text: str) -> str:
    """The words with figures, what was heard as one number parted."""
    text = normalise(text).text
    text = _ONE_NUMBER.sub(
        lambda m: (
            f"{m['id']} {int(m['m'])}/{m['d']}/{m['y']:0<2} {m['zip']}"
            if 1 <= int(m["m"]) <= 12 and 1 <= int(m["d"]) <= 31
            else m[0]
        ),
        text,
    )
    return _YEAR_AND_ZIP.sub(
        lambda m: f"{m['day']}{m['year'] or m['ten'] + '0'} {m['zip'] or m['place']}", text
    )


def without_them(turn: Turn, text: str, found: Mapping[str, Any], today: date) -> str:
    """The words of a question without the details that were told amid it: a birth date is no day
    of a visit.
    """
    left = _plain(text)
    for sign in reversed(list(_SIGNS.finditer(left))):
        if turn.partners.fitting(sign[0].upper()):
            left = left[: sign.start()] + left[sign.end() :]
    for day in reversed(list(_A_DATE.finditer(left))):
        if _read(turn, _BORN, day[0], today) == found.get(_BORN):
            left = left[: day.start()] + left[day.end() :]
    place = found.get(_ZIP)
    return " ".join((left.replace(place, "") if place else left).split())


def tells_anothers(text: str) -> bool:
    """Whether a detail is told that the words say is somebody else's: it proves nothing of whoever
    tells it.
    """
    return _ANOTHERS.search(text) is not None


def told_together(turn: Turn, today: date, *, amid: bool = False) -> dict[str, Any]:
    """The details by slot; empty where the message does not tell several of them. `amid` a
    question only a member ID with two more is none of the question's values.
    """
    text = _plain(turn.text)
    if turn.text.startswith("/") or SOMEBODY_ELSE.search(text):
        return {}
    id_at = _id_in(turn, text)
    parts = _parts(text)
    if id_at:
        name = _name_around(text[: id_at.start()], text[id_at.end() :])
        parts = {**({_NAME: name} if name else {}), **parts, _ID: id_at[0]}
    rest = text[id_at.end() :] if id_at else parts.get(_BORN, "")
    before = text[: id_at.start()] if id_at else ""
    if turn.asking == _NAME and not parts and len(text.split()) <= _MOST_OF_TWO:
        # "Morgan, November 2 1979", and not "roughly what will a scan in 13210 run me".
        first, _, rest = text.strip().partition(" ")
        parts = {_NAME: first} if is_one_name(first) and not _SLIPS.fullmatch(first) else {}
    read = {slot: _read(turn, slot, said, today) for slot, said in parts.items()}
    for slot in (_BORN, _ZIP):
        said = (rest, before) if slot not in parts else (rest,)
        read[slot] = read.get(slot) or next(
            filter(None, (_read(turn, slot, s, today) for s in said)), None
        )
    found = {slot: value for slot, value in read.items() if value}
    # With an ID and two more, whatever else sounds like a question is none.
    plain = not turn.harsh and not asks_in_part(turn.text)
    enough = len(found) >= _FEWEST and plain
    most = len(found) == len(_LABELS)
    with_id = id_at and (most or (len(found) > _FEWEST and (amid or "?" not in turn.text)))
    return found if (enough and not amid) or with_id else {}


def name_beside_id(turn: Turn, today: date) -> list[str] | None:
    """The first name that stands right before the member ID, after a question: "was my claim paid?
    Chris, M10010022".
    """
    text = normalise(turn.text).text
    id_at = _id_in(turn, text)
    before = _BEFORE_ID.search(text[: id_at.start()]) if id_at else None
    names: list[str] | None = _read(turn, _NAME, before["name"], today) if before else None
    return names


def _name_around(before: str, after: str) -> str | None:
    """The name that stands beside the ID without a label."""
    # "Drew, and my member ID number is M10010005"
    while (labels := list(_LABELS[_ID].finditer(before))) and labels[-1].end() == len(before):
        before = _LEADS_ON.sub("", before[: labels[-1].start()]) + " "
    if found := _BEFORE_ID.search(before):
        return found["name"]
    beside = (_AFTER_ID.match(after), _LAST.search(after))
    names = (found["name"] for found in beside if found)
    return next((name for name in names if is_one_name(name)), None)


def _id_in(turn: Turn, text: str) -> re.Match[str] | None:
    signs = _SIGNS.finditer(text)
    return next((found for found in signs if turn.partners.fitting(found[0].upper())), None)


def _parts(text: str) -> dict[str, str]:
    """What stands after each label, up to the next."""
    labels = sorted(
        (found.start(), found.end(), slot)
        for slot, label in _LABELS.items()
        for found in label.finditer(text)
    )
    ends = [*(start for start, _, _ in labels[1:]), len(text)]
    parts = {slot: text[at:end] for (_, at, slot), end in zip(labels, ends, strict=False)}
    if named := _SPEAKING.search(text):
        parts[_NAME] = named["name"]
    return parts


def _read(turn: Turn, slot: str, said: str, today: date) -> Any:
    if slot == _NAME:
        first = _FIRST_WORD.match(said)
        said = first[0] if first else ""
    return read_factor(slot, replace(turn, text=said, alternatives=()), today) if said else None
