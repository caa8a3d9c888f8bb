"""Reading one value out of what a member typed, said or keyed.

Every reader is a pure function over free text. It returns None (or an empty list) unless the
value is certain: the dialogue then asks again instead of guessing. `is_only_value` tells a bare
answer ("sure, it's 12207") from a message that merely holds a value ("doctor near 12207"), which
must never become proof of identity.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple

from alliance import gazetteer
from alliance.spoken import MONTHS, ORDINALS, Normalised, Piece, normalise

__all__ = [
    "Kind",
    "Period",
    "Value",
    "find_values",
    "is_only_value",
    "keypad",
    "mask",
    "matches_name",
    "read_amount",
    "read_claim_number",
    "read_date_of_birth",
    "read_first_names",
    "read_member_ids",
    "read_period",
    "read_zip",
]

Kind = Literal[
    "first_name", "member_id", "date_of_birth", "zip", "claim_number", "date", "amount",
    "partner", "specialty", "facility", "service", "place", "relation",
]  # fmt: skip


_SMALL_NUMBERS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


class Span(NamedTuple):
    """A value found in normalised text."""

    start: int
    end: int
    value: str


# --- dates ---------------------------------------------------------------------------------------

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d{2}"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
_DATE = re.compile(
    rf"""(?<![\w/$-])(?:
      (?P<iso_y>{_YEAR})-(?P<iso_m>\d{{1,2}})-(?P<iso_d>\d{{1,2}})
    | (?P<n_m>\d{{1,2}})(?P<sep>[/.-]|\ )(?P<n_d>\d{{1,2}})(?P=sep)
        (?P<n_y>{_YEAR}|(?:19|20)\ \d{{2}}|\d{{2}})
    | (?P<p_m>\d{{1,2}})/(?P<p_d>\d{{1,2}})
    | (?P<m_m>{_MONTH})\.?[\ ,-]+(?:the[\ ]+|el[\ ]+)?(?P<m_d>{_DAY})
        (?:(?:,|[\ ]*of|[\ ]*del?|[\ ]*in)?[\ ,-]*(?P<m_y>{_YEAR}|(?<=[\ ,])'?\d{{2}}))?
    | (?:the[\ ]+)?(?P<d_d>{_DAY})[\ -]+(?:of[\ ]+|day[\ ]+of[\ ]+|de[\ ]+)?(?P<d_m>{_MONTH})\b\.?
        (?:(?:,|[\ ]*of|[\ ]*del?|[\ ]*in)?[\ ,-]*(?P<d_y>{_YEAR}|(?<=[\ ,-])'?\d{{2}}))?
    | (?P<y_m>{_MONTH})\.?[\ ,]+(?:of[\ ]+|del?[\ ]+|in[\ ]+)?(?P<y_y>{_YEAR})
    )(?![\w/]|-\d)""",
    re.VERBOSE,
)


class _Date(NamedTuple):
    """A calendar date as said; what was not said is None. Two-digit years are below 100."""

    start: int
    end: int
    year: int | None
    month: int
    day: int | None


def _find_dates(text: str) -> Iterator[_Date]:
    for match in _DATE.finditer(text):
        groups = match.groupdict()
        prefix = next(p for p in ("iso", "n", "p", "m", "d", "y") if groups.get(f"{p}_m"))
        year = groups.get(f"{prefix}_y")
        said_month, said_day = groups[f"{prefix}_m"], groups.get(f"{prefix}_d")
        month = MONTHS.get(said_month) or int(said_month)
        day = int(re.sub(r"\D", "", said_day)) if said_day else None
        if month > 12 and day is not None and day <= 12:
            month, day = day, month
        if 1 <= month <= 12 and (day is None or 1 <= day <= 31):
            yield _Date(
                match.start(),
                match.end(),
                int(re.sub(r"\D", "", year)) if year else None,
                month,
                day,
            )


def _make_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _full_year(year: int, month: int, day: int, today: date) -> date | None:
    """The date, a two-digit year being the latest that is not in the future."""
    if year >= 100:
        return _make_date(year, month, day)
    for century in (today.year // 100 * 100, today.year // 100 * 100 - 100):
        found = _make_date(century + year, month, day)
        if found is not None and found <= today:
            return found
    return None


_OLDEST_YEARS = 125


def _is_birth_date(born: date, today: date) -> bool:
    return born <= today and today.year - born.year <= _OLDEST_YEARS


def _digit_splits(pieces: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Month, day, year and the number of joined words, for every way to cut spoken pieces."""
    count = len(pieces)
    for i in range(1, count - 1):
        month = "".join(pieces[:i])
        if len(month) > 2:
            break
        for j in range(i + 1, count):
            day, year = "".join(pieces[i:j]), "".join(pieces[j:])
            if len(day) > 2:
                break
            if len(year) in (2, 4) and (len(year) == 2 or year[:2] in ("19", "20")):
                joined = (i > 1 and pieces[0] != "0") + (j - i > 1 and pieces[i] != "0")
                yield int(month), int(day), int(year), joined


def _dates_in_digits(pieces: Sequence[Piece], today: date) -> list[date]:
    """Birth dates that a run of figures without separators may mean, most literal first."""
    texts: list[str] = []
    for piece in pieces:
        if piece.kind not in ("digit", "number", "typed"):
            return []
        texts += [piece.text] if piece.kind == "number" and len(piece.text) != 4 else (
            [piece.text[:2], piece.text[2:]] if piece.kind == "number" else list(piece.text)
        )  # fmt: skip
    total = "".join(texts)
    if not 4 <= len(total) <= 8:
        return []
    if len(total) == 8:
        texts = [total[:2], total[2:4], total[4:]]
    scored: list[tuple[int, date]] = []
    for month, day, year, joined in _digit_splits(texts):
        found = _full_year(year, month, day, today)
        if found is not None and _is_birth_date(found, today):
            scored.append((joined, found))
    if not scored:
        return []
    fewest = min(score for score, _ in scored)
    return list(dict.fromkeys(found for score, found in scored if score == fewest))


_COMPACT_DATE = re.compile(r"(?<![\w.$/-])(\d{2})(\d{2})(\d{4}|\d{2})(?![\w/-])")


def _birth_dates(said: Normalised, today: date) -> list[tuple[int, int, date]]:
    """All birth dates in the text, with their spans in the normalised text."""
    found: list[tuple[int, int, date]] = []
    for d in _find_dates(said.text):
        if d.year is not None and d.day is not None:
            born = _full_year(d.year, d.month, d.day, today)
            if born is not None and _is_birth_date(born, today):
                found.append((d.start, d.end, born))
    if found:
        return found
    for run in said.runs:
        dates = _dates_in_digits(run.pieces, today)
        if len(dates) == 1:
            start, end = _normalised_span(said, run.start, run.end)
            found.append((start, end, dates[0]))
    if found:
        return found
    for match in _COMPACT_DATE.finditer(said.text):
        born = _full_year(int(match[3]), int(match[1]), int(match[2]), today)
        if born is not None and _is_birth_date(born, today):
            found.append((match.start(), match.end(), born))
    return found


def _normalised_span(said: Normalised, start: int, end: int) -> tuple[int, int]:
    """The span of the normalised text that came from `original[start:end]`."""
    inside = [
        i
        for i in range(len(said.text))
        if start <= said.original_span(i, i + 1)[0] < end
    ]  # fmt: skip
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def read_date_of_birth(text: str, today: date) -> date | None:
    """A birth date in any form: "5/12/80", "may the twelfth nineteen eighty", keys 05121980.

    Month before day, as in the US, unless only the other order is a date. Two-digit years are the
    latest that is not after `today`. None when there is no full date, or more than one.
    """
    dates = {born for _, _, born in _birth_dates(normalise(text), today)}
    return dates.pop() if len(dates) == 1 else None


# --- ZIP codes -----------------------------------------------------------------------------------

# A round number said in words is an amount: "eleven thousand".
_ROUND = re.compile(r"\b(?:hundred|thousand)\b")
_ZIP = re.compile(r"(?<![\w$#.,/-])(?P<zip>\d{5})(?:[- ]\d{4}(?![\d-]))?(?![\w/-]|[.,]\d)")
# Five figures after these words are something else.
_NOT_ZIP_BEFORE = re.compile(
    r"(?:claim|claims|cpt|hcpcs|procedure|billing|service|group|policy|member|account|reference|"
    r"confirmation|extension|ext|badge|suite|box|room|case|invoice|check|cheque)"
    r"(?:\s+(?:code|number|num|no|id|is|was|the|my|for|it's|#))*[\s.:#]*$"
)
_NOT_ZIP_AFTER = re.compile(r"\s*(?:dollars?|bucks?|cents|percent|%|times|people|miles|points)\b")


def _zip_spans(said: Normalised) -> list[Span]:
    return [
        Span(m.start(), m.end(), m["zip"])
        for m in _ZIP.finditer(said.text)
        if not _NOT_ZIP_BEFORE.search(said.text, 0, m.start())
        and not _NOT_ZIP_AFTER.match(said.text, m.end())
        and m["zip"] != "00000"
        and not (m["zip"].endswith("00") and _ROUND.search(said.said(*m.span()).lower()))
    ]


def read_zip(text: str) -> str | None:
    """The five figures of the one ZIP code (or ZIP+4) in the text; None for none or several."""
    found = {span.value for span in _zip_spans(normalise(text))}
    return found.pop() if len(found) == 1 else None


# --- claim numbers -------------------------------------------------------------------------------

_CLM = r"(?:clm|cl m|c lm|c l m|see l m|sea l m|see lm|sea lm|cee l m|clem|c l em|c l n)"
_CLAIM = re.compile(
    rf"(?<![\w-])(?P<clm>{_CLM})[\s#:-]*(?P<year>20\d\d)[\s-]*(?P<rest>\d[\d\s-]{{2,14}}\d)(?![\w])"
    r"|(?<![\w-])(?P<long>[a-z]{1,3}[\s-]?\d(?:[\s-]?\d){19,35})(?![\w-])"
    r"|(?<=\bclaim)(?:\s+(?:number|num|no|id|reference|ref|is|was|it's|its|the|my|on|for))*[\s.:#]+"
    r"(?P<cued>(?:[a-z]{1,4}[\s-]?)?\d(?:[\s-]?\d){4,29})(?![\w/]|[.-]\d)"
    r"|(?<![\w$/.-])(?P<bare>20\d\d-\d{4,10})(?![\w-])"
)
_NOT_WORDS = re.compile(r"[^0-9a-z]+")
_OUR_CLAIM = re.compile(r"(?:clm[\s-]?(20\d\d)[\s-]?|(20\d\d)[\s-])(\d[\d\s-]{2,14}\d)")


def _claim_spans(said: Normalised) -> list[Span]:
    found: list[Span] = []
    for match in _CLAIM.finditer(said.text):
        if match["clm"]:
            value = f"CLM-{match['year']}-{_NOT_WORDS.sub('', match['rest'])}"
            found.append(Span(match.start(), match.end(), value))
        elif match["bare"]:
            found.append(Span(match.start(), match.end(), f"CLM-{match['bare']}"))
        else:
            name = "long" if match["long"] else "cued"
            value = _NOT_WORDS.sub("", match[name]).upper()
            if name == "cued" and _is_date_or_day(match[name]):
                continue
            if ours := _OUR_CLAIM.fullmatch(match[name]):
                value = f"CLM-{ours[1] or ours[2]}-{_NOT_WORDS.sub('', ours[3])}"
            found.append(Span(match.start(name), match.end(name), value))
    return found


def _is_date_or_day(text: str) -> bool:
    return any(True for _ in _find_dates(text))


def read_claim_number(text: str) -> str | None:
    """A claim number as its payer writes it: "CLM-2026-55501", or a long id without separators.

    Read in spoken forms too ("c l m dash twenty twenty six dash ..."). Other numbers count only
    after the word "claim". None when there is none or more than one.
    """
    found = {span.value for span in _claim_spans(normalise(text))}
    return found.pop() if len(found) == 1 else None


# --- member ids ----------------------------------------------------------------------------------

_MIN_ID, _MAX_ID = 6, 20
_MEMBER_ID = re.compile(
    r"(?<![\w$./'-])(?P<letters>[a-z]{1,4})?(?P<gap>[\s-]?)"
    r"(?P<rest>\d(?:[\s-]?\d|-?[a-z](?=-?\d)|[oil](?=[\doil])){3,24})(?![\w/]|[.,-]\d)"
)
# On a bad line these sound alike.
_CONFUSABLE = ("mn", "pbdtev")
# Words that recognisers write for a letter name; tried only after the figures alone.
_HEARD_AS_LETTER = {
    "am": "M", "i'm": "M", "im": "M", "him": "M", "an": "N", "and": "N", "in": "N", "end": "N",
    "you": "U", "yu": "U", "new": "U", "pea": "P", "be": "B", "he": "P", "tea": "T", "the": "V",
}  # fmt: skip
_WORD_BEFORE = re.compile(r"(?<![\w'])([a-z']+)\s+$")
_SHORT_WORDS = _words(
    "a i id is no my it its the on at to of or in an am as and for zip dob was ssn by be if so we "
    "he me us ok hi yes new not are you has had but can got get call code born with from near fax "
    "num cell home work may jan feb mar apr jun jul aug sep sept oct nov dec day"
)
_PLAIN_FIX = str.maketrans({"O": "0", "I": "1", "L": "1"})


def _id_spans(said: Normalised) -> list[tuple[Span, bool]]:
    """Spans of possible member ids and whether a letter was said rather than typed."""
    found: list[tuple[Span, bool]] = []
    claims = _claim_spans(said)
    for match in _MEMBER_ID.finditer(said.text):
        start, end = match.span()
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
    for span, spoken in _id_spans(said):
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


# --- names ---------------------------------------------------------------------------------------

_KEY_LETTERS = {
    "2": "abc", "3": "def", "4": "ghi", "5": "jkl", "6": "mno", "7": "pqrs", "8": "tuv",
    "9": "wxyz",
}  # fmt: skip
_KEYS = {letter: key for key, letters in _KEY_LETTERS.items() for letter in letters}


def _plain(text: str) -> str:
    """Lower case without accents, hyphens, spaces or punctuation."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(c for c in decomposed if c.isalnum() and not unicodedata.combining(c))


def keypad(text: str) -> str:
    """The phone keys that spell `text`: "Maria" -> "62742"; figures stay, all else is dropped."""
    return "".join(_KEYS.get(c, c) for c in _plain(text) if c in _KEYS or c in "0123456789")


def matches_name(said: str, on_file: str) -> bool:
    """Whether `said` is the name on file: case, accents and hyphens aside, spelled, or keyed.

    Nicknames and likenesses do not count: the name is part of the proof of identity.
    """
    wanted = _plain(on_file)
    if not wanted:
        return False
    if _plain(said) == wanted or _plain(normalise(said).text) == wanted:
        return True
    digits = re.sub(r"[\s*#-]", "", said)
    return digits.isascii() and digits.isdecimal() and digits == keypad(on_file)


# Words that are no first name in an answer to "what is your first name".
_NOT_NAMES = _words(
    """nah naw nope nuh uh huh mhm yea yess yass ya yah ye yup k kk nvm tysm thx thanx thankyou
    merci bingo restart redo eh nay okey yessir mi puedo quiero esta está dolor ayuda respira
    bebe bebé tengo necesito hablo habla ingles inglés lol pls plz ty idk omg a about account
    actually address adios after again agent all already am an and answer any anyone are ask
    asking at back bad be because been being benefits bill billing birth birthday born but by
    bye call called calling can cancel card care cause check claim claims clinic code company
    concerned confused copay cost could coverage covered customer date day deductible deny
    denied dental dentist did different do doctor does doing done dont don't drug emergency
    english español espanol everything find fine first for forgot from get give going gonna good
    got great had happened has have having he health hello help her here hey hi him his hold
    home hospital how human i i'd i'll i'm i've id if im in information insurance interested
    into is it it's its just keep know last later let live located looking lost machine mad main
    me medicine member menu mental message mine month months more my name named names need
    needed needing never new next no nobody none nor not nothing now number nurse of off ok okay
    old on one only open operator or other our out outside over own pain pay payment people
    person pharmacy phone plan please pm policy press problem provider question quit ready real
    really receive referral repeat representative right robot same say saying see service she
    sick so some somebody someone something sorry speak speaking spell start started status stop
    stuck subscriber such sure taking talk tell than thank thanks that that's the their them
    then there these they thing think this those time tired to today told tomorrow trying two
    unable until up upset us use very wait waiting want wanted wanting was way we well went were
    what what's whats when where which who who's whom why with without won't wondering work
    worried would wrong yeah year years yep yes yesterday yet you your yours zip zero"""
)
_NAME_WORD = r"[^\W\d_]+(?:[-'’.][^\W\d_]+)*"
_NAME_CUE = re.compile(
    r"""(?:^|(?<=[\s,.;:!-]))(?:
      (?P<strong>(?:(?:my|the|his|her|their|patient'?s?|subscriber'?s?|member'?s?)\s+)?
         (?:(?:first|full|given|legal|whole)\s+)*(?:name\s+is|name's|names|name:|name\s+would\s+be
         |name\s+on\s+(?:it|file|the\s+card|the\s+account)\s+is|nombre\s+es|name\s+was)
       |me\s+llamo|mi\s+nombre\s+es|i\s+go\s+by|goes\s+by|call\s+me|they\s+call\s+me)
    | (?P<weak>this\s+is|it\s+is|it'?s|that\s+is|that'?s|i'?m|i\s+am|soy|es|that\s+would\s+be
         |speaking\s+with|it\s+would\s+be|the\s+name)
    )\s*(?:it'?s|is)?[\s,:-]*""",
    re.VERBOSE | re.IGNORECASE,
)
_NAME_LEAD = re.compile(
    r"(?:(?:sure|ok|okay|yes|yeah|yep|yup|well|um+|uh+|oh|so|hi|hello|hey|hola|sí|si|alright|"
    r"no|sorry|actually|of course|certainly|no problem|good (?:morning|afternoon|evening)|"
    r"it'?s me|let me see|there|claro)(?![\w'])[\s,.!;:-]*)+",
    re.IGNORECASE,
)
_NAME_TAIL = re.compile(
    r"[\s,.;!?-]*(?:please|thanks|thank you|speaking|here|sir|ma'?am|gracias|por favor|calling|"
    r"is (?:my|the) (?:first |full )?name|that'?s (?:my|the) (?:first |full )?name|"
    r"(?:is )?(?:how|what) (?:it's|it is|is) (?:spelled|on (?:the|my) card))?[\s.,!?]*$",
    re.IGNORECASE,
)
_OTHER_NAME = re.compile(r"\b(?:last|middle|family|sur|maiden)[\s-]*$", re.IGNORECASE)
_MAX_NAME_WORDS = 4
_SPELLED = re.compile(r"(?<![\w'-])(?:[^\W\d_][\s.,-]+){2,}[^\W\d_](?![\w'])")


def _cased(word: str) -> str:
    """A name as written on a card, unless its writer already chose capitals."""
    if word.islower() or (word.isupper() and len(word) > 2):
        return re.sub(r"[^\W\d_]+", lambda m: m.group().capitalize(), word.lower())
    return word


# Given names that are also words.
_WORDY_NAMES = _words(
    """adam alex alexa alice amanda amy ann antonio april art ashley august barbara ben beth betty
    beverly bill bob carl chance charles chase chris christmas christopher craig crystal dan
    daniel dave david denise don elizabeth ever felix francisco frank fred george ginger guy
    heather hope jack james jason jean jeff jerry jim joe john jose josh june justin kevin kim
    lance laura lee lisa liz louis lucy mark mary matt max may melissa michael michelle mike
    miles minh nancy natalie nick olive pam paris paul pearl peter phil randy ray robert robin
    roger ruby ruth sam sarah saul sky stan steve steven sue summer sunny tim tom tony virginia
    will"""
)
_DRAWN_OUT = re.compile(r"(.)\1\1|^(?:ha|he|la|lo){2,}")


def _is_name_word(word: str) -> bool:
    """Whether a word that no "my name is" announces may be a name."""
    lower = word.lower()
    return (
        len(word) > 1
        and not _DRAWN_OUT.search(lower)
        and (lower in _WORDY_NAMES or lower not in gazetteer.common_words())
    )


def _name_words(text: str, *, sure: bool) -> tuple[list[str], int]:
    """The words of a name at the start of `text` and where they end.

    Not `sure` (no "my name is") means that the words must reach the end of the message.
    """
    words: list[str] = []
    end = 0
    pattern = re.compile(rf"\s*(?P<word>{_NAME_WORD}|\d{{1,4}}(?!\w))")
    while (match := pattern.match(text, end)) and len(words) < _MAX_NAME_WORDS:
        word = match["word"]
        if word.lower().rstrip(".") in _NOT_NAMES - ({"member"} if not words else frozenset()):
            break
        if word.isdecimal() and not words:
            break
        words.append(word.rstrip("."))
        end = match.end()
    if words and words[0].lower() == "member" and not words[-1].isdecimal():
        return [], 0
    if not sure and words:
        numbered = words[0].lower() == "member"
        plain = not all(w[:1].isupper() for w in words) and len(words) > 2
        if plain or not _NAME_TAIL.match(text, end):
            return [], 0
        if not numbered and not all(_is_name_word(w) for w in words):
            return [], 0
    return words, end


_COUNTED = re.compile(
    r"(?<=\s)(?:(?:zero|oh|o|one|two|three|four|five|six|seven|eight|nine)\b\s*)+$"
)
_COUNT_WORDS = {"zero": "0", "oh": "0", "o": "0"} | {
    word: str(value) for word, value in _SMALL_NUMBERS.items() if value < 10
}


def _spelled_name(text: str) -> str | None:
    """A name spelled letter by letter, also as "d as in david"."""
    spellings = [re.sub(r"[\s.,-]", "", m.group()).lower() for m in _SPELLED.finditer(text)]
    spellings += [
        "".join(p.text for p in run.pieces)
        for run in normalise(text).runs
        if len(run.pieces) >= 3 and all(p.kind == "letter" for p in run.pieces)
    ]
    return max(spellings, key=len).capitalize() if spellings else None


def _strip_name_wrapping(text: str) -> tuple[str, bool]:
    """The part of the message where the name is, and whether a sure cue stood before it."""
    cues = list(_NAME_CUE.finditer(text))
    strong = [c for c in cues if c["strong"] and not _OTHER_NAME.search(text, 0, c.start("strong"))]
    lead = _NAME_LEAD.match(text)
    start = lead.end() if lead else 0
    if strong:
        return text[strong[0].end() :], True
    if cues and cues[0].start() == start:
        return text[cues[0].end() :], False
    return text[start:], False


def read_first_names(text: str) -> list[str]:
    """First names that the answer may hold, best first: "my name is Maria Lopez" -> Maria, then
    Maria Lopez (double first names exist). Spelled names count before spoken ones."""
    clean = " ".join(text.replace("’", "'").split())
    names: list[str] = []
    if spelled := _spelled_name(clean):
        names.append(spelled)
        clean = _SPELLED.sub(" ", clean).strip(" ,.-")
    rest, sure = _strip_name_wrapping(clean)
    if counted := _COUNTED.search(rest):
        figures = "".join(_COUNT_WORDS[w] for w in counted.group().split())
        rest = rest[: counted.start()] + figures
    family_first = re.match(rf"\s*({_NAME_WORD})\s*,\s*({_NAME_WORD})\s*[.!]?$", rest)
    if family_first and not {w.lower() for w in family_first.groups()} & _NOT_NAMES:
        names.append(_cased(family_first[2]))
    words, _ = _name_words(rest, sure=sure)
    cased = [_cased(w) for w in words]
    if cased and len(cased) > 1 and cased[1].isdecimal():
        names.append(" ".join(cased[:2]))
    names += [" ".join(cased[:n]) for n in range(1, len(cased) + 1)]
    return list(dict.fromkeys(names))


# --- amounts -------------------------------------------------------------------------------------

_FIGURE = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d{1,2})?"
_AMOUNT = re.compile(
    rf"""(?<![\w.,/-])(?:
      \$\s?(?P<sign>{_FIGURE})(?P<k>k)?(?:\s+(?:dollars?|bucks?))?(?:\s+(?:and\s+)?(?P<c0>\d{{1,2}})\s+cents?)?
    | (?P<word>{_FIGURE})\s*(?:dollars?|bucks?|usd|d[oó]lares)
        (?:\s+(?:and\s+|con\s+)?(?P<c1>\d{{1,2}})(?:\s+cents?)?(?![\d\w]))?
    | (?P<other>{_FIGURE})(?=\s*(?:or|to|and|-)\s*\$?{_FIGURE}\s*(?:dollars?|bucks?))
    | (?P<cents>\d{{1,2}})\s+cents?
    | (?P<plain>\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{2}})?|\d+\.\d{{2}})
    )(?![\w/]|[.,]\d)""",
    re.VERBOSE,
)
_WORD_DOLLARS = re.compile(
    r"(?<![\w'])(" + "|".join(_SMALL_NUMBERS) + r")(?= (?:dollars?|bucks?)\b)"
)


class _Amount(NamedTuple):
    start: int
    end: int
    value: Decimal


def _amount_spans(text: str) -> list[_Amount]:
    """Amounts of money in normalised text."""
    found: list[_Amount] = []
    for match in _AMOUNT.finditer(text):
        if match["cents"]:
            value = Decimal(match["cents"]) / 100
        else:
            figure = match["sign"] or match["word"] or match["other"] or match["plain"]
            value = Decimal(figure.replace(",", ""))
            cents = match["c0"] or match["c1"]
            if match["k"]:
                value *= 1000
            if cents and value == value.to_integral_value():
                value += Decimal(cents) / 100
        found.append(_Amount(match.start(), match.end(), value))
    found += [
        _Amount(m.start(), m.end(), Decimal(_SMALL_NUMBERS[m[1]]))
        for m in _WORD_DOLLARS.finditer(text)
    ]
    return found


def read_amount(text: str) -> Decimal | None:
    """The one amount of money in dollars; a bare figure only when it is the whole message."""
    said = normalise(text).text
    found = {a.value for a in _amount_spans(said)}
    if not found and (bare := re.fullmatch(rf"\s*(?:it'?s\s+|about\s+)?({_FIGURE})[\s.!]*", said)):
        found = {Decimal(bare[1].replace(",", ""))}
    return found.pop() if len(found) == 1 else None


# --- periods -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Period:
    """Local calendar days, both ends inclusive, and the words that said them."""

    start: date
    end: date
    said: str

    @property
    def is_day(self) -> bool:
        return self.start == self.end


_BEFORE_MONTH = (
    r"(?:in|of|last|this|since|from|for|early|mid|late|until|till|through|thru|by|during|around|"
    r"about|before|after|between|and|to|or|back in|my|the|past|en|de|desde|del|este|pasado)"
)
_MONTH_ALONE = re.compile(
    rf"(?<![\w'/-])(?:(?P<cue>{_BEFORE_MONTH})[\s-]+)?(?P<month>{_MONTH})(?![\w'/]|-\d)"
)
# Month names that are also words or people's names: a cue must stand before them.
_WORDY_MONTHS = _words("may mar jan")
_PERSON_BEFORE = re.compile(
    r"(?:dr|doctor|daughter|wife|sister|mother|mom|aunt|niece|name is|named|mrs|ms|miss|nurse)"
    r"\.?\s+$"
)
# "in may" is a month, "who may be", "and may i", "the may ..." need what follows to be no verb.
_MODAL_AFTER = re.compile(
    r"\s+(?:i|we|you|he|she|they|be|not|have|need|also|want|require|get|or may|owe|go|come|see|"
    r"it|cause|apply|never|well|even|still|just|my|take|change|lose|ask)\b"
)
_FEW = {"a": 1, "an": 1, "couple": 2, "few": 3, "several": 4} | _SMALL_NUMBERS
_COUNT = (
    r"(?:(?:a\s+)?(?:couple|few)(?:\s+of)?|several|an?|\d{1,3}|" + "|".join(_SMALL_NUMBERS) + ")"
)
_AGO = re.compile(
    rf"(?<![\w'/-])(?P<n>{_COUNT})\s+(?P<unit>day|week|month|year)s?\s+(?:ago|back)\b"
    rf"|(?:hace)\s+(?P<n_es>un|una|dos|tres|cuatro|cinco|seis|\d{{1,3}})\s+(?P<unit_es>d[ií]a|semana|mes|año)(?:e?s)?"
)
_PAST = re.compile(
    rf"\b(?:in|over|during|within|for)?\s*(?:the\s+)?(?:last|past)\s+(?P<n>{_COUNT})\s+"
    r"(?P<unit>day|week|month|year)s\b"
)
_NAMED = re.compile(
    r"\b(?P<dby>(?:the\s+)?day\s+before\s+yesterday|anteayer|antier)\b"
    r"|\b(?P<yesterday>yesterday|last\s+night|ayer|anoche)\b"
    r"|\b(?P<today>today|this\s+morning|this\s+afternoon|hoy|esta\s+mañana)\b"
    r"|\b(?P<rel>last|this|past)\s+(?P<what>week|month|year)\b(?!\s*'s\s+(?:time))"
    r"|\b(?:la|el|esta|este)\s+(?P<what_es>semana|mes|año)(?P<rel_es>\s+pasad[ao])?\b"
    r"|\b(?P<yearpart>(?:beginning|start|first\s+of)\s+(?:of\s+)?(?:the|this)\s+year)\b"
)
_SEASON = re.compile(
    r"\b(?:in\s+the|over\s+the|during\s+the|since\s+the|last|this|this\s+past|that|since|early|late|"
    r"the\s+(?:early|late)|past)\s+(?P<season>spring|summer|fall|autumn|winter)(?:time)?"
    rf"(?:\s+of)?(?:\s+(?P<year>{_YEAR}))?\b"
)
_SEASONS = {"spring": 3, "summer": 6, "fall": 9, "autumn": 9, "winter": 12}
_DAYS = {
    name: number
    for number, names in enumerate(
        ("monday lunes", "tuesday tues martes", "wednesday weds miercoles miércoles",
         "thursday thurs jueves", "friday viernes", "saturday sabado sábado", "sunday domingo")
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY = re.compile(
    r"(?<!next )(?<!this coming )\b(?:(?:on|last|this past|past|this|el)\s+)?"
    r"(?P<day>" + "|".join(_DAYS) + r")\b(?!\s+(?:hours|through|to|morning hours))"
)
_YEAR_ALONE = re.compile(
    rf"(?:\b(?:in|for|during|since|of|from|year|back in|en|desde)\s+|^\s*)"
    rf"(?P<year>{_YEAR})(?![\w/,-]|\.\d)"
)
_HOLIDAY = re.compile(
    r"\b(?P<holiday>(?:christmas|xmas)(?:\s+(?:eve|day))?|new\s+year'?s(?:\s+(?:eve|day))?|"
    r"thanksgiving|halloween|valentine'?s(?:\s+day)?|(?:martin\s+luther\s+king|m\s?l\s?k)\s+day|"
    r"presidents'?\s+day|president's\s+day|memorial\s+day|independence\s+day|labor\s+day|"
    r"columbus\s+day|veterans'?\s+day|easter(?:\s+sunday)?|(?:the\s+)?(?:fourth|4th)\s+of\s+july|navidad)\b"
)
# (month, day), or (month, weekday from Monday, which one of the month; -1 is the last).
_HOLIDAYS: dict[str, tuple[int, int] | tuple[int, int, int]] = {
    "christmas": (12, 25), "xmas": (12, 25), "navidad": (12, 25), "new": (1, 1),
    "thanksgiving": (11, 3, 4), "halloween": (10, 31), "valentine": (2, 14), "martin": (1, 0, 3),
    "mlk": (1, 0, 3), "m": (1, 0, 3), "president": (2, 0, 3), "memorial": (5, 0, -1),
    "independence": (7, 4), "labor": (9, 0, 1), "columbus": (10, 0, 2), "veteran": (11, 11),
    "fourth": (7, 4), "4th": (7, 4), "the": (7, 4),
}  # fmt: skip
_RANGE_LINK = re.compile(r"\s*(?:to|and|through|thru|until|till|-|–|a|y|hasta)\s*(?:the\s+)?")
_RANGE_CUE = re.compile(r"\b(?:from|between|entre|desde|de)\s+(?:the\s+)?$")
_SINCE_CUE = re.compile(
    r"\b(?:since|ever since|starting|beginning|after|desde)\s+"
    r"(?:(?:about|around|the|last|in|on)\s+)*$"
)
_ONWARD = re.compile(
    r"\s+(?:on(?:wards?)?(?=\s*(?:$|[,.;!?]|and\b|until\b|till\b))|"
    r"(?:until now|to now|to today|till now|to date|to present)\b)"
)
_BORN_CUE = re.compile(r"(?:born|birth|birthday|dob|d\.o\.b\.?)\b[\w\s':]{0,12}$")


def _month_period(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _shift_month(day: date, months: int) -> tuple[int, int]:
    index = day.year * 12 + day.month - 1 - months
    return index // 12, index % 12 + 1


def _latest(month: int, day: int | None, today: date) -> tuple[date, date] | None:
    """The latest such month, or day, that is not in the future."""
    for year in (today.year, today.year - 1, today.year - 2, today.year - 3, today.year - 4):
        if day is None:
            if date(year, month, 1) <= today:
                return _month_period(year, month)
        elif (found := _make_date(year, month, day)) is not None and found <= today:
            return found, found
    return None


def _count(said: str) -> int:
    words = [w for w in said.split() if w not in ("of",)]
    if len(words) > 1 and words[0] == "a":
        words = words[1:]
    word = words[0]
    return int(word) if word.isdecimal() else _FEW[word]


def _ago(unit: str, n: int, vague: bool, today: date) -> tuple[date, date] | None:
    """ "Two weeks ago": a day for days, the week around for weeks, the calendar month or year."""
    try:
        if unit == "day":
            day = today - timedelta(days=n)
            return (day - timedelta(2), day + timedelta(1)) if vague else (day, day)
        if unit == "week":
            day = today - timedelta(weeks=n)
            reach = timedelta(days=10 if vague else 3)
            return day - reach, min(today, day + reach)
        if unit == "month":
            first = _month_period(*_shift_month(today, n + (1 if vague else 0)))[0]
            last = _month_period(*_shift_month(today, n - (1 if vague else 0)))[1]
            return first, min(today, last)
        return date(today.year - n, 1, 1), date(today.year - n, 12, 31)
    except (ValueError, OverflowError):
        return None


_SPANISH_UNITS = {"dia": "day", "día": "day", "semana": "week", "mes": "month", "año": "year"}
_SPANISH_COUNTS = {"un": 1, "una": 1, "dos": 2, "tres": 3, "cuatro": 4, "cinco": 5, "seis": 6}


def _easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    moon = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (b % 4) + 2 * (c // 4) - moon - c % 4) % 7
    days = moon + week - 7 * ((a + 11 * moon + 22 * week) // 451) + 114
    return date(year, days // 31, days % 31 + 1)


def _holiday(name: str, today: date) -> date:
    """The latest such day that is not in the future."""
    if name.startswith("easter"):
        return max(d for y in (today.year, today.year - 1) if (d := _easter(y)) <= today)
    first_word = re.split(r"[\s']", name)[0].rstrip("s")
    rule = next(r for key, r in _HOLIDAYS.items() if first_word == key.rstrip("s"))
    for year in (today.year, today.year - 1):
        day = date(year, rule[0], 1)
        if len(rule) == 2:
            day = date(year, rule[0], rule[1])
            if name.endswith("eve"):
                day -= timedelta(days=1)
        elif rule[2] > 0:
            day += timedelta(days=(rule[1] - day.weekday()) % 7 + 7 * (rule[2] - 1))
        else:
            last = _month_period(year, rule[0])[1]
            day = last - timedelta(days=(last.weekday() - rule[1]) % 7)
        if day <= today:
            break
    return day


class _Found(NamedTuple):
    start: int
    end: int
    first: date
    last: date


def _calendar_unit(unit: str, back: int, today: date) -> tuple[date, date]:
    if unit == "week":
        monday = today - timedelta(days=today.weekday() + 7 * back)
        # Weeks start on Sunday for some: both readings are inside.
        return monday - timedelta(days=1), monday + timedelta(days=6)
    if unit == "month":
        return _month_period(*_shift_month(today, back))
    return date(today.year - back, 1, 1), date(today.year - back, 12, 31)


def _relative_periods(text: str, today: date) -> Iterator[_Found]:
    for match in _AGO.finditer(text):
        if match["unit"]:
            vague = any(w in match["n"] for w in ("few", "several", "couple"))
            found = _ago(match["unit"], _count(match["n"]), vague, today)
        else:
            n_es = match["n_es"]
            n = int(n_es) if n_es.isdecimal() else _SPANISH_COUNTS[n_es]
            found = _ago(_SPANISH_UNITS[match["unit_es"]], n, False, today)
        if found:
            yield _Found(match.start(), match.end(), *found)
    for match in _PAST.finditer(text):
        n, unit = _count(match["n"]), match["unit"]
        days = {"day": 1, "week": 7, "month": 31, "year": 366}[unit] * n
        if days < 36600:
            yield _Found(match.start(), match.end(), today - timedelta(days=days), today)
    for match in _NAMED.finditer(text):
        first, last = _named_period(match, today)
        yield _Found(match.start(), match.end(), first, last)
    for match in _HOLIDAY.finditer(text):
        day = _holiday(match["holiday"], today)
        yield _Found(match.start(), match.end(), day, day)
    for match in _WEEKDAY.finditer(text):
        back = (today.weekday() - _DAYS[match["day"]]) % 7 or 7
        day = today - timedelta(days=back)
        yield _Found(match.start(), match.end(), day, day)


def _named_period(match: re.Match[str], today: date) -> tuple[date, date]:
    if match["dby"]:
        return (today - timedelta(days=2),) * 2
    if match["yesterday"]:
        return (today - timedelta(days=1),) * 2
    if match["today"]:
        return today, today
    if match["yearpart"]:
        return date(today.year, 1, 1), date(today.year, 2, 28)
    if match["what"]:
        return _calendar_unit(match["what"], int(match["rel"] != "this"), today)
    return _calendar_unit(_SPANISH_UNITS[match["what_es"]], int(bool(match["rel_es"])), today)


def _season(month: int, year: int) -> tuple[date, date]:
    last = _month_period(year + (month == 12), (month + 1) % 12 + 1)[1]
    return date(year, month, 1), last


def _calendar_periods(text: str, today: date) -> Iterator[_Found]:
    for d in _find_dates(text):
        if _BORN_CUE.search(text, 0, d.start):
            continue
        if d.year is None:
            found = _latest(d.month, d.day, today)
        elif d.day is None:
            found = _month_period(d.year, d.month)
        else:
            day = _full_year(d.year, d.month, d.day, today)
            found = (day, day) if day else None
        if found:
            yield _Found(d.start, d.end, *found)
    for match in _MONTH_ALONE.finditer(text):
        month = match["month"]
        alone = text.strip(" .!?,") == month
        # "so and may i ..." is no month; "in may" is, and so is "may" as the whole answer.
        if month in _WORDY_MONTHS and not (match["cue"] or alone):
            continue
        if (
            month == "may"
            and (match["cue"] in ("and", "or", "to", "my", "the") or not alone)
            and _MODAL_AFTER.match(text, match.end())
        ):
            continue
        if _PERSON_BEFORE.search(text, 0, match.start("month")):
            continue
        found = _latest(MONTHS[month], None, today)
        if match["cue"] == "last" and found and found[0] <= today <= found[1]:
            found = _month_period(found[0].year - 1, found[0].month)
        if found:
            yield _Found(match.start("month"), match.end(), *found)
    for match in _SEASON.finditer(text):
        month = _SEASONS[match["season"]]
        if match["year"]:
            first, last = _season(month, int(match["year"]))
        else:
            year = today.year if date(today.year, month, 1) <= today else today.year - 1
            first, last = _season(month, year)
        yield _Found(match.start(), match.end(), first, last)
    for match in _YEAR_ALONE.finditer(text):
        year = int(match["year"])
        yield _Found(match.start("year"), match.end(), date(year, 1, 1), date(year, 12, 31))


def _outermost(found: list[_Found]) -> list[_Found]:
    """Without those that lie inside a longer one: the "march" of "march 3rd"."""
    found.sort(key=lambda f: (f.start, f.start - f.end))
    kept: list[_Found] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def _periods(said: Normalised, today: date) -> list[_Found]:
    text = said.text
    found = _outermost([*_calendar_periods(text, today), *_relative_periods(text, today)])
    merged: list[_Found] = []
    i = 0
    while i < len(found):
        one = found[i]
        cue = _RANGE_CUE.search(text, 0, one.start)
        if i + 1 < len(found):
            other = found[i + 1]
            link = _RANGE_LINK.fullmatch(text, one.end, other.start)
            if link and (cue or "and" not in link.group()) and one.first <= other.last:
                start = cue.start() if cue else one.start
                merged.append(_Found(start, other.end, one.first, other.last))
                i += 2
                continue
        since = _SINCE_CUE.search(text, 0, one.start)
        onward = _ONWARD.match(text, one.end)
        if (since or onward) and one.first <= today:
            start = since.start() if since else one.start
            end = onward.end() if onward else one.end
            one = _Found(start, end, one.first, today)
        merged.append(one)
        i += 1
    return merged


def read_period(text: str, today: date) -> Period | None:
    """The days that a service date means, both ends inclusive, in local days.

    A month or day without its year is the latest that is not in the future. Weeks are calendar
    weeks; "two weeks ago" is that week, give or take three days. Of two periods of which one
    holds the other the narrower counts; None when nothing or two different ones were said.
    """
    said = normalise(text)
    found = _periods(said, today)
    narrowest = min(found, key=lambda f: f.last - f.first, default=None)
    if narrowest is None or any(
        not (f.first <= narrowest.first and narrowest.last <= f.last) for f in found
    ):
        return None
    words = said.said(narrowest.start, narrowest.end).strip()
    return Period(narrowest.first, narrowest.last, words)


# --- a value and nothing else --------------------------------------------------------------------

_POLITE = (
    r"sure|ok|okay|okey|yes|yeah|yep|yup|ya|well|um+|uh+|er|so|oh|hi|hello|hey|alright|all right|"
    r"right|of course|absolutely|certainly|no problem|no|nope|sorry|actually|wait|correction|"
    r"i mean|i meant|let me see|let's see|let me check|hold on|hang on|one sec|one second|"
    r"here you go|here it is|here|there you go|got it|i think|i believe|i guess|i have it|"
    r"please|thanks|thank you|sí|si|claro|it says|it reads|card says|the card says|"
    r"my card says|the plastic says|the paper says|the letter says|that one is|"
    r"good (?:morning|afternoon|evening)|perfect|great|and|ah+|hmm+|mm+"
)
_IS = (
    r"it'?s|it is|that'?s|that is|that would be|that'?ll be|it would be|it'?d be|it should be|"
    r"should be|this is|would be|is|was|es|it was|they'?re"
)
_WHOSE = (
    r"(?:my|the|his|her|our|their|your|mi|el|la|me|a|"
    r"(?:my|her|his|the)?\s*(?:son|daughter|wife|husband|mom|mother|dad|father|child|kid|baby|"
    r"subscriber|patient|member)'?s)"
)
_LABELS: dict[str, str] = {
    "zip": r"(?:home |current |mailing |billing )?(?:zip ?code|zip|postal code|post code|"
    r"area code zip|c[oó]digo postal)(?: number)?",
    "date_of_birth": r"b-?days?|birth ?days?|birth ?dates?|date of birth|d\.?o\.?b\.?|day of birth|"
    r"(?:(?:i|she|he) (?:was|am|were) )?born(?: on| in)?|fecha de nacimiento|nac[ií](?: el)?",
    "member_id": r"(?:(?:member|membership|subscriber|insurance|card|policy|plan|health|account|"
    r"cigna|mvp|preferred care|healthcare|care) )*(?:id|identification|i\.d\.|number|no|"
    r"id number|id no|identification number|member|id card number|code)",
    "claim_number": r"(?:claim|reference|claims|case)(?: (?:number|no|id|num|reference|#))*|number",
    "first_name": "",
    "date": r"(?:date|day|visit|service|appointment|it)(?: (?:of|was) (?:service|visit|the visit|on"
    r"|in))?|(?:on|in|around|about|back in|back on|sometime in|some time in|early|late|mid|en)",
    "amount": r"(?:amount|bill|charge|total|balance|copay|cost)|(?:about|around|exactly|for)",
    "partner": r"(?:company|plan|insurance|insurer|carrier|health plan)|"
    r"(?:i have|i'?ve got|i'?m with|i am with|with|through|by|from|i got|we have|we'?re with)",
    "specialty": r"(?:specialty|speciality|specialist|type|kind)|(?:an?|some|any|maybe)",
    "facility": r"(?:an?|some|any|maybe|nearest|closest)",
    "service": r"(?:service|procedure|test)|(?:an?|some|any|maybe|for an?|for)",
    "place": r"(?:city|town|location|place|area)|(?:in|near|around|by|close to|i'?m in|i am in|"
    r"i live in|we live in|we'?re in|outside(?: of)?|from)",
    "relation": r"(?:for|it'?s for|with|about)",
}
_AFTER = (
    r"please|thanks|thank you|ma'?am|sir|that'?s it|that is it|i think|i believe|i guess|okay|ok|"
    r"correct|right|all one word|por favor|gracias|again|yes|yeah|sorry|now|there you go|"
    r"if that helps|that'?s me|if i'?m reading (?:it|that) right|"
    r"it says (?:here|on (?:the|my) card)|"
    r"in all|period|altogether|on (?:the|my) card|as (?:the )?(?:member )?id|here you go"
)
_EDGE = r"[\s,.;:!#=\"()-]*"


def _wrapping(kind: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """What may stand before and after a value that is the whole answer."""
    label = _LABELS[kind]
    named = rf"(?:{_WHOSE}\s+)?(?:{label})" if label else _WHOSE
    before = re.compile(
        rf"{_EDGE}(?:(?:{_POLITE})\b{_EDGE})*(?:(?:{_IS})\b{_EDGE})?"
        rf"(?:{named}(?:'s)?(?!\w){_EDGE}(?:(?:number|num|no|#)\b{_EDGE})?)?"
        rf"(?:(?:{_IS}|on|the|(?:{_POLITE}))(?!\w){_EDGE}){{0,4}}"
    )
    after = re.compile(
        rf"{_EDGE}(?:(?:is|that'?s|was)\s+{named}(?!\w){_EDGE})?(?:(?:{_AFTER})\b{_EDGE})*"
    )
    return before, after


_WRAPPINGS = {kind: _wrapping(kind) for kind in _LABELS}


# Where only the span counts, any day late enough for every year that members may say.
_ANY_DAY = date(2039, 12, 31)


def _spans_of(said: Normalised, kind: str) -> list[tuple[int, int]]:
    if kind == "zip":
        return [(s.start, s.end) for s in _zip_spans(said)]
    if kind == "claim_number":
        return [(s.start, s.end) for s in _claim_spans(said)]
    if kind == "member_id":
        return [(s.start, s.end) for s, _ in _id_spans(said)]
    if kind == "date_of_birth":
        return [(start, end) for start, end, _ in _birth_dates(said, _ANY_DAY)]
    if kind == "date":
        return [(f.start, f.end) for f in _periods(said, _ANY_DAY)]
    if kind == "amount":
        return [(a.start, a.end) for a in _amount_spans(said.text)]
    return []


def _is_only_name(text: str) -> bool:
    clean = " ".join(text.replace("’", "'").split())
    names = read_first_names(clean)
    if not names or gazetteer.lookup_any(clean.strip(" .,!?").lower()):
        return False
    without = _SPELLED.sub("", clean) if _spelled_name(clean) else clean
    rest, _ = _strip_name_wrapping(without.strip(" ,.-"))
    if counted := _COUNTED.search(rest):
        rest = rest[: counted.start()] + "01"
    words, end = _name_words(rest, sure=False)
    return (bool(words) or not rest.strip(" ,.-")) and bool(_NAME_TAIL.match(rest, end))


_EDGES = " \t\r\n,.;:!\"'()"


def _is_only_phrase(text: str, kind: Kind) -> bool:
    before, after = _WRAPPINGS[kind]
    trimmed = text.strip(_EDGES)
    words = trimmed.split()
    for start in range(len(words)):
        for end in range(len(words), start, -1):
            phrase = " ".join(words[start:end]).strip(_EDGES)
            if gazetteer.lookup(kind, phrase) is None:
                continue
            lead = " ".join(words[:start])
            tail = " ".join(words[end:])
            if before.fullmatch(lead) and after.fullmatch(tail):
                return True
    return False


class Value(NamedTuple):
    """A value found in a message, with its span in the message as it came."""

    kind: Kind
    start: int
    end: int
    value: str


# Times that are no service dates but still dates: what is to come, bare years and days.
_OTHER_DATES = re.compile(
    r"\b(?:next|this coming|coming)\s+(?:week|month|year|spring|summer|fall|winter|"
    + "|".join([*_DAYS, *(m for m in MONTHS if len(m) > 3)])
    + r")\b|\btomorrow\b|\bmañana\b|\btonight\b|\b(?:last|this)\s+(?:yr|wk)\b"
    rf"|(?<![\w$./-]){_YEAR}(?![\w/,-]|\.\d|\s+(?:dollars?|bucks?))"
    r"|\b(?:on|by|until|till|before|after|since|due|from|says?|said)\s+the\s+"
    rf"(?P<day>\d{{1,2}}(?:st|nd|rd|th)|(?:twenty[\s-])?(?:{'|'.join(ORDINALS)}))"
    r"(?=\s*(?:$|[,.;!?]|(?:and|or|but|to|of (?:the|this|last) month|when|if|so|that|is|was)\b))"
)


def find_values(text: str | Normalised) -> list[Value]:
    """All identity numbers, ZIP codes, dates and amounts in the text, in order; they may overlap.

    A date's value is its normalised words (`read_period` and the readers above make days of it).
    """
    said = normalise(text) if isinstance(text, str) else text
    written = said.text
    claims = _claim_spans(said)
    found: list[tuple[Kind, int, int, str]] = [("claim_number", *span) for span in claims]
    found += [("zip", *span) for span in _zip_spans(said)]
    births = _birth_dates(said, _ANY_DAY)
    birth_starts = {start for start, _, _ in births}
    found += [
        ("member_id", *span)
        for span, _ in _id_spans(said)
        if span.start not in birth_starts and not (span.value.isdigit() and _is_other(said, span))
    ]
    found += [("date", start, end, written[start:end]) for start, end, _ in births]
    found += [("date", f.start, f.end, written[f.start : f.end]) for f in _periods(said, _ANY_DAY)]
    found += [
        ("date", *m.span(m.lastgroup or 0), m.group(m.lastgroup or 0))
        for m in _OTHER_DATES.finditer(written)
    ]
    found += [("amount", a.start, a.end, str(a.value)) for a in _amount_spans(written)]
    found += [("amount", *span) for span in _unnamed_amounts(said)]
    values = [
        Value(kind, *said.original_span(start, end), value) for kind, start, end, value in found
    ]
    return sorted(values, key=lambda v: (v.start, v.end))


# Money without its unit: after what is done with money, or so round that it is nothing else.
_MONEY_CUE = re.compile(
    r"\b(?:owe[sd]?|pay(?:ing|s)?|paid|charged?|charges|cost(?:s|ing)?|bill(?:ed)?|took|takes?|gave|"
    r"wants?|sent?|got|deduct(?:ed)?|dropped|spent|fee|total|amount|check|copay|worth)"
    r"(?:\s+(?:me|us|him|her|them|you|it|is|was|of|for|a|an|like|about|around|almost|nearly|over|"
    r"only|just|another|back|up|to|the|still|responsibility|out))*\s+$"
)
_NUMBER = re.compile(r"(?<![\w$.,/-])(\d{2,6})(?![\w%/-]|[.,:]\d)")
_COUNTED_THING = re.compile(
    r"\s*(?:%|percent|days?|weeks?|months?|years?|yrs?|hours?|hrs?|minutes?|mins?|visits?|times?|"
    r"people|kids|miles?|pills?|tablets?|mg|milligrams?|units?|sessions?|pounds?|lbs?|claims?|"
    r"bills?|letters?|st\b|street|avenue|ave|road|am\b|pm\b|o'clock|something|of (?:them|us|the)|"
    r"more (?:days|weeks|visits)|doctors?|companies|calls?|\w+ old)"
)
_GRAND = re.compile(r"\b(a|" + "|".join(_SMALL_NUMBERS) + r"|\d{1,3}) (?:grand|k)\b")


def _unnamed_amounts(said: Normalised) -> Iterator[Span]:
    """Amounts of money in running text that no "dollars" stands beside."""
    text = said.text
    for match in _NUMBER.finditer(text):
        if _COUNTED_THING.match(text, match.end()):
            continue
        spoken_round = _ROUND.search(said.said(*match.span()).lower())
        if spoken_round or _MONEY_CUE.search(text, 0, match.start()):
            yield Span(match.start(), match.end(), match[1])
    for match in _GRAND.finditer(text):
        count = _FEW.get(match[1]) or int(match[1])
        yield Span(match.start(), match.end(), str(count * 1000))


# In running text fewer figures than these are hardly a member id.
_LEAST_BARE_ID = 8
_PHONE_CUE = re.compile(
    r"\b(?:call|phone|cell|mobile|fax|text|reach|telephone|tel[eé]fono)\b[\w\s:,']{0,40}$"
)


def _is_other(said: Normalised, span: Span) -> bool:
    """Too few figures for a member id, or ten or eleven that are a phone number."""
    if len(span.value) < _LEAST_BARE_ID:
        return True
    if not (len(span.value) == 10 or (len(span.value) == 11 and span.value[0] == "1")):
        return False
    written = said.text[span.start : span.end]
    grouped = re.fullmatch(r"(?:1[\s-])?\d{3}[\s-]\d{3}[\s-]\d{4}", written)
    return bool(grouped or _PHONE_CUE.search(said.text, 0, span.start))


_MAX_ANSWER = 160


def is_only_value(text: str, kind: Kind) -> bool:
    """Whether the whole message is one value of this kind with at most polite wrapping.

    Strict on purpose: what says anything else ("doctor near 12207", "why do you need my zip")
    is a digression, and its values prove nothing.
    """
    if not text.strip() or len(text) > _MAX_ANSWER or "?" in text:
        return False
    if kind == "first_name":
        return _is_only_name(text)
    said = normalise(text)
    if kind in ("partner", "specialty", "facility", "service", "place", "relation"):
        return _is_only_phrase(said.text, kind)
    before, after = _WRAPPINGS[kind]
    return any(
        before.fullmatch(said.text, 0, start) and after.fullmatch(said.text, end)
        for start, end in _spans_of(said, kind)
    )
