"""What a voice says: plain words that any engine reads well, and SSML for those that take it.

Amounts are written out in words, because engines differ in what they make of currencies; dates,
telephone numbers and spelled IDs are marked up (W3C Speech Synthesis Markup Language 1.1 and its
note on `say-as` values).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from xml.sax.saxutils import escape

from api.ivr.portions import sentences

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_MONEY = re.compile(r"(?<![\w.])(-?)\$\s?(\d[\d,]*)(?:\.(\d\d))?\b")
_TELEPHONE = re.compile(r"\b(?:1-)?\d{3}-\d{3}-\d{4}\b")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_SLASH_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_SHORT_LINES = re.compile(r"\b(911|988|711)\b")
_REFERENCE = re.compile(r"\b(?=[A-Z0-9-]*\d{3})(?:[A-Z]{1,4}-?)(?:\d+)(?:-[A-Z0-9]+)*\b")
_LONG_NUMBER = re.compile(r"(?<![-\d])\d{6,}\b(?!-)")
_URL = re.compile(r"\b(?:https?://|www\.)\S+[^\s.,;:!?)]")
_MARKS = str.maketrans(
    {"“": "", "”": "", '"': "", "*": "", "_": " ", "#": " ", "•": ",", "|": ",", "<": "", ">": ""}
)
_WORDS_FOR_SIGNS = (("&", " and "), ("%", " percent"), ("=", " equals "), ("@", " at "))
_SPELLED = re.compile(r"\b(?:[A-Z0-9] ){2,}[A-Z0-9]\b")
_SPOKEN_DATE = re.compile(rf"\b({'|'.join(MONTHS)}) (\d{{1,2}}), (\d{{4}})\b")
# Pictures, control characters and what is no character at all.
_UNSAID = ("So", "Sk", "Cc", "Cf", "Cs", "Co", "Cn")


def plain(text: str) -> str:
    """Words without symbols, addresses or figures that a voice would stumble on."""
    said = _URL.sub("the website", unicodedata.normalize("NFC", text))
    said = _MONEY.sub(_money, said)
    said = _ISO_DATE.sub(lambda m: _day(int(m[1]), int(m[2]), int(m[3]), m[0]), said)
    said = _SLASH_DATE.sub(lambda m: _day(int(m[3]), int(m[1]), int(m[2]), m[0]), said)
    said = _REFERENCE.sub(lambda m: ", ".join(_apart(p) for p in m[0].split("-")), said)
    said = _LONG_NUMBER.sub(lambda m: _apart(m[0]), said)
    # Some engines make "nine hundred eleven" of it.
    said = _SHORT_LINES.sub(lambda m: _apart(m[1]), said)
    for sign, word in _WORDS_FOR_SIGNS:
        said = said.replace(sign, word)
    # Upper case is spelled by some engines.
    said = (
        said.replace("CIGNA", "Cigna").replace("MVP", "M V P").translate(_MARKS).replace("/", " ")
    )
    said = re.sub(r"\s*\(([^)]*)\)", r", \1,", said)
    said = " ".join(said.split())
    said = "".join(c for c in said if unicodedata.category(c) not in _UNSAID)
    said = re.sub(r"\s+([,.;:!?])", r"\1", " ".join(said.split()))
    return re.sub(r",(?=[,.;:!?])", "", said)


def ssml(text: str, *, slow: bool = False, language: str = "en-US") -> str:
    """The same words (from `plain`) with dates, telephone numbers and spelled IDs marked up."""
    marked = "".join(f"<s>{_marked(sentence)}</s>" for sentence in sentences(text))
    if slow:
        marked = f'<prosody rate="slow">{marked}</prosody>'
    return f'<speak version="1.1" xml:lang="{language}">{marked}</speak>'


def inner(text: str, *, slow: bool = False) -> str:
    """The markup without its envelope, for platforms that bring their own."""
    marked = " ".join(_marked(sentence) for sentence in sentences(text))
    return f'<prosody rate="slow">{marked}</prosody>' if slow else marked


def spelled(value: str) -> str:
    """Letters and figures one by one: 'M 5 5'."""
    return _apart("".join(c for c in value if c.isalnum()).upper())


def _apart(text: str) -> str:
    return " ".join(text)


def _money(match: re.Match[str]) -> str:
    dollars, cents = int(match[2].replace(",", "")), int(match[3] or 0)
    parts = [f"{dollars:,} dollar{'' if dollars == 1 else 's'}"] if dollars or not cents else []
    if cents:
        parts.append(f"{cents} cent{'' if cents == 1 else 's'}")
    return ("minus " if match[1] else "") + " and ".join(parts)


def _day(year: int, month: int, day: int, otherwise: str) -> str:
    try:
        date(year, month, day)
    except ValueError:
        return otherwise
    return f"{MONTHS[month - 1]} {day}, {year}"


def _marked(sentence: str) -> str:
    marked = escape(sentence)
    marked = _SPOKEN_DATE.sub(
        lambda m: (
            f'<say-as interpret-as="date" format="mdy">{MONTHS.index(m[1]) + 1}/{m[2]}/{m[3]}'
            "</say-as>"
        ),
        marked,
    )
    marked = _TELEPHONE.sub(lambda m: f'<say-as interpret-as="telephone">{m[0]}</say-as>', marked)
    marked = _SHORT_LINES.sub(
        lambda m: f'<say-as interpret-as="characters">{m[1]}</say-as>', marked
    )
    return _SPELLED.sub(
        lambda m: f'<say-as interpret-as="characters">{m[0].replace(" ", "")}</say-as>', marked
    )
