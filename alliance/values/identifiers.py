"""Claim numbers and member ids."""

from __future__ import annotations

import re

from alliance.spoken import Normalised, normalise
from alliance.values.common import Span, word_set
from alliance.values.dates import find_dates

_CLM = r"(?:clm|cl m|c lm|c l m|(?:see|sea|cee|c) (?:l m|lm|elm|l em)|clem|c l n)"
_CLAIM = re.compile(
    rf"(?<![\w-])(?P<clm>{_CLM})[\s#:/.-]*(?P<year>20\d\d)[\s/.-]*"
    r"(?P<rest>\d[\d\s-]{2,14}\d)(?![\w])"
    # "A long one, e two six ...": the word before it is no figure of it.
    r"|(?<![\w-])(?:1[\s-]?)?(?P<long>[a-z]{1,3}[\s-]?\d(?:[\s-]?\d){19,35})(?![\w-])"
    r"|(?<=\bclaim)(?:\s+(?:number|num|no|id|reference|ref|is|was|it's|its|the|my|on|for))*[\s.:#]+"
    r"(?P<cued>(?:[a-z]{1,4}[\s-]?)?\d(?:[\s-]?\d){4,29})(?![\w/]|[.-]\d)"
    r"|(?<![\w$/.-])(?P<bare>20\d\d-\d{4,10})(?![\w-])"
    r"|(?<![\w$/.-])(?P<said>\d{5,10})(?= is (?:the|my) claim\b)"
)
# "CLM-2026-55546 or 55547": of the same year.
_ANOTHER = re.compile(r"(?:\s*,)?\s*(?:,|\band\b|\bor\b|&)\s*(?P<rest>\d{5})(?![\w/-]|[.,]\d)")
_NOT_WORDS = re.compile(r"[^0-9a-z]+")
# More than the eight figures of a date.
_CLAIM_FIGURES = re.compile(r"(20\d\d)(\d{5,10})")
_OUR_CLAIM = re.compile(r"(?:clm[\s-]?(20\d\d)[\s-]?|(20\d\d)[\s-])(\d[\d\s-]{2,14}\d)")


def claim_spans(said: Normalised) -> list[Span]:
    found: list[Span] = []
    for match in _CLAIM.finditer(said.text):
        if match["clm"]:
            value = f"CLM-{match['year']}-{_NOT_WORDS.sub('', match['rest'])}"
            found.append(Span(match.start(), match.end(), value))
            if another := _ANOTHER.match(said.text, match.end()):
                value = f"CLM-{match['year']}-{another['rest']}"
                found.append(Span(*another.span("rest"), value))
        elif match["bare"]:
            found.append(Span(match.start(), match.end(), f"CLM-{match['bare']}"))
        else:
            name = next(name for name in ("long", "said", "cued") if match[name])
            value = _NOT_WORDS.sub("", match[name]).upper()
            if name == "cued" and _is_date_or_day(match[name]):
                continue
            if ours := _OUR_CLAIM.fullmatch(match[name]):
                value = f"CLM-{ours[1] or ours[2]}-{_NOT_WORDS.sub('', ours[3])}"
            found.append(Span(match.start(name), match.end(name), value))
    return found


def _is_date_or_day(text: str) -> bool:
    return any(True for _ in find_dates(text))


def read_claim_number(text: str) -> str | None:
    """A claim number as its payer writes it: "CLM-2026-55501", or a long id without separators.

    Read in spoken forms too ("c l m dash twenty twenty six dash ..."). Other numbers count only
    after the word "claim". None when there is none or more than one.
    """
    found = {span.value for span in claim_spans(normalise(text))}
    return found.pop() if len(found) == 1 else None


def read_claim_figures(text: str) -> str | None:
    """A claim number of which only the figures are said or pressed, where one is asked for:
    "202600181" is CLM-2026-00181. None where there is anything else.
    """
    figures = _CLAIM_FIGURES.fullmatch(re.sub(r"[\s-]", "", normalise(text).text))
    return f"CLM-{figures[1]}-{figures[2]}" if figures else None


# --- member ids ----------------------------------------------------------------------------------

_MIN_ID, _MAX_ID = 6, 20
# "u555.81.390"; shorter ones are codes of illnesses ("E11.65").
_LEAST_DOTTED = 8
_MEMBER_ID = re.compile(
    r"(?<![\w$./'-])(?P<letters>[a-z]{1,4})?(?P<gap>[\s-]?)"
    r"(?P<rest>\d(?:[\s-]?\d|-?[a-z](?=-?\d)|[oil](?=[\doil])){3,24})(?![\w/]|[.,-]\d)"
    r"|(?<![\w$./'-])(?P<dotted>[a-z]\d{1,4}(?:\.\d{1,4}){1,4})(?![\w/]|[.,-]\d)"
)
# On a bad line these sound alike.
_CONFUSABLE = ("mn", "pbdtev")
# Words that recognisers write for a letter name; tried only after the figures alone.
_HEARD_AS_LETTER = {
    "am": "M", "i'm": "M", "im": "M", "him": "M", "an": "N", "and": "N", "in": "N", "end": "N",
    "you": "U", "yu": "U", "new": "U", "pea": "P", "be": "B", "he": "P", "tea": "T", "the": "V",
}  # fmt: skip
_WORD_BEFORE = re.compile(r"(?<![\w'])([a-z']+)\s+$")
_SHORT_WORDS = word_set(
    "a i id is no my it its the on at to of or in an am as and for zip dob was ssn by be if so we "
    "he me us ok hi yes new not are you has had but can got get call code born with from near fax "
    "num cell home work may jan feb mar apr jun jul aug sep sept oct nov dec day"
)
_PLAIN_FIX = str.maketrans({"O": "0", "I": "1", "L": "1"})


def id_spans(said: Normalised) -> list[tuple[Span, bool]]:
    """Spans of possible member ids and whether a letter was said rather than typed."""
    found: list[tuple[Span, bool]] = []
    claims = claim_spans(said)
    for match in _MEMBER_ID.finditer(said.text):
        start, end = match.span()
        if match["dotted"]:
            value = match["dotted"].replace(".", "").upper()
            if _LEAST_DOTTED <= len(value) <= _MAX_ID:
                found.append((Span(start, end, value), False))
            continue
        letters = match["letters"] or ""
        if match["gap"] and (letters in _SHORT_WORDS or (len(letters) > 1 and match["gap"] != "-")):
            letters, start = "", match.start("rest")
        elif not letters:
            start = match.start("rest")
        digits = re.sub(r"[\s-]", "", match["rest"]).upper()
        value = (letters + digits.translate(_PLAIN_FIX)).upper()
        if any(c.start <= start < c.end for c in claims) or not _MIN_ID <= len(value) <= _MAX_ID:
            continue
        if sum(c.isdigit() for c in value) < _MIN_ID - 1 or _is_date_or_day(match["rest"]):
            continue
        typed = said.said(start, end).replace(" ", "").replace("-", "").upper()
        spoken = typed.translate(_PLAIN_FIX) != value.translate(_PLAIN_FIX)
        apart = bool(letters) and bool(match["gap"].strip() == "" and match["gap"])
        found.append((Span(start, end, value), bool(letters) and (spoken or apart)))
    return found


def _confused(value: str) -> list[str]:
    """The same id with its first letter replaced by those that sound like it."""
    first = value[0].lower()
    return [
        other.upper() + value[1:]
        for group in _CONFUSABLE
        if first in group
        for other in group
        if other != first
    ]


def read_member_ids(text: str) -> list[str]:
    """Member ids that the text may hold, best first: upper case, no separators, 6 to 20 long.

    After an id whose letter was spoken come the letters that sound like it, because a recogniser
    mistakes them; after figures alone comes the letter that the word before may have been
    ("and five five ..." for N). A typed id has no alternatives.
    """
    said = normalise(text)
    best: list[str] = []
    further: list[str] = []
    for span, spoken in id_spans(said):
        best.append(span.value)
        if spoken:
            further += _confused(span.value)
        elif span.value.isdigit():
            before = _WORD_BEFORE.search(said.text, 0, span.start)
            letter = _HEARD_AS_LETTER.get(before[1]) if before else None
            if letter and len(span.value) >= 8:
                further.append(letter + span.value)
    best.sort(key=lambda value: value.isdigit())
    return list(dict.fromkeys(best + further))


_MASKED_GROUP = 3


def mask(member_id: str) -> str:
    """An id for reading back: its letters and last three figures, the rest as stars, in groups.

    "M55500123" -> "M ** *** 123". A voice says only the first and the last group.
    """
    compact = _NOT_WORDS.sub("", member_id.lower()).upper()
    letters = re.match(r"[A-Z]*", compact)
    prefix = letters.group() if letters else ""
    figures = compact[len(prefix) :]
    shown = figures[-_MASKED_GROUP:] if len(figures) > _MASKED_GROUP else ""
    hidden = "*" * (len(figures) - len(shown)) + shown
    groups = [hidden[max(0, i - _MASKED_GROUP) : i] for i in range(len(hidden), 0, -_MASKED_GROUP)]
    return " ".join(filter(None, [prefix, *reversed(groups)]))
