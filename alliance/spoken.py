"""Spoken forms to written ones: "one two two oh seven" -> "12207", "m as in mary" -> "m".

A phone recogniser writes numbers as words, and people type them as they say them. `normalise`
turns runs of spoken numbers and letter names into figures and keeps, for every character, where
it came from, so a span found in the result maps back onto what was said. Prose stays prose: a
lone "one", "to" or "for" is a word, not a number. `normalise_text` is the plain clean form that
the intent classifier reads.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

__all__ = ["MONTHS", "ORDINALS", "Normalised", "Piece", "Run", "normalise", "normalise_text"]

# --- vocabulary ----------------------------------------------------------------------------------

_ENGLISH_DIGITS: Final = "zero one two three four five six seven eight nine"
_SPANISH_DIGITS: Final = "cero uno dos tres cuatro cinco seis siete ocho nueve"
_DIGITS = {
    word: str(value)
    for words in (_ENGLISH_DIGITS, _SPANISH_DIGITS)
    for value, word in enumerate(words.split())
} | {"niner": "9", "fife": "5"}
_TEENS = {
    w: i
    for i, w in enumerate(
        [
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        10,
    )
}
_TENS = {
    w: i * 10
    for i, w in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], 2
    )
} | {"fourty": 40, "ninty": 90}
ORDINALS = {
    w: i
    for i, w in enumerate(
        [
            "first",
            "second",
            "third",
            "fourth",
            "fifth",
            "sixth",
            "seventh",
            "eighth",
            "ninth",
            "tenth",
            "eleventh",
            "twelfth",
            "thirteenth",
            "fourteenth",
            "fifteenth",
            "sixteenth",
            "seventeenth",
            "eighteenth",
            "nineteenth",
        ],
        1,
    )
} | {"twentieth": 20, "thirtieth": 30}
_NATO = {
    w: w[0]
    for w in [
        "alpha",
        "bravo",
        "charlie",
        "delta",
        "echo",
        "foxtrot",
        "golf",
        "hotel",
        "india",
        "juliet",
        "juliett",
        "kilo",
        "lima",
        "mike",
        "november",
        "oscar",
        "papa",
        "quebec",
        "romeo",
        "sierra",
        "tango",
        "uniform",
        "victor",
        "whiskey",
        "yankee",
        "zulu",
    ]
} | {"alfa": "a", "xray": "x"}
# Letter names as recognisers write them. Those that are everyday words count only directly
# before what must be a member number.
_LETTER_NAMES = {
    "bee": "b", "cee": "c", "dee": "d", "gee": "g", "aitch": "h", "jay": "j", "kay": "k",
    "ell": "l", "em": "m", "en": "n", "pee": "p", "cue": "q", "ess": "s", "tee": "t", "vee": "v",
    "zee": "z", "zed": "z",
}  # fmt: skip
_RISKY_LETTER_NAMES = {
    "you": "u", "yu": "u", "be": "b", "see": "c", "sea": "c", "pea": "p", "tea": "t", "queue": "q",
    "are": "r", "ex": "x", "why": "y", "oh": "o",
}  # fmt: skip
_HOMOPHONES = {
    "to": "2",
    "too": "2",
    "tu": "2",
    "for": "4",
    "fore": "4",
    "ate": "8",
    "won": "1",
    "tree": "3",
}
_REPEATS = {"double": 2, "triple": 3, "treble": 3}
_SEPARATORS = {
    "dash": "-", "hyphen": "-", "minus": "-", "-": "-", "–": "-", "slash": "/", "/": "/",
    "stroke": "/", "dot": ".", "point": ".", "guion": "-", "guión": "-",
}  # fmt: skip
_FILLERS = {"uh", "um", "er", "erm", "ah", "hmm", "mm", "then", "space", "and", "y", ",", "…"}
_UNITS = re.compile(
    r"(?:days?|weeks?|months?|years?|dollars?|bucks?|cents?|percent|visits?|o'clock)$"
)

# Month names, their short forms and common misspellings, English and Spanish.
MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan janurary januray janury enero",
            "february feb febuary feburary febrary febrero",
            "march mar marzo",
            "april apr apirl abril",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agust agosto",
            "september sept sep septmber setember septiembre setiembre",
            "october oct octubre",
            "november nov novemeber noviembre",
            "december dec decmber diciembre",
        ),
        1,
    )
    for name in names.split()
}

# Abbreviations that people and recognisers spell out; other letter runs are joined only from
# three letters on, and not when "a" or "i" at an edge may be a word.
ACRONYMS = frozenset(
    [
        "mvp",
        "mri",
        "eob",
        "fsa",
        "hsa",
        "hra",
        "pcp",
        "hmo",
        "ppo",
        "pos",
        "epo",
        "ekg",
        "ecg",
        "er",
        "ct",
        "cat",
        "pet",
        "id",
        "ob",
        "obgyn",
        "ent",
        "cobra",
        "hipaa",
        "cpap",
        "bipap",
        "iud",
        "ivf",
        "std",
        "sti",
        "adhd",
        "add",
        "ptsd",
        "ocd",
        "copd",
        "uti",
        "icu",
        "nicu",
        "ada",
        "otc",
        "rx",
        "dme",
        "tty",
        "tdd",
        "iop",
        "php",
        "lcsw",
        "np",
        "md",
        "cpt",
        "snf",
        "aba",
        "tmj",
        "ms",
        "hiv",
        "va",
        "vt",
        "ny",
        "nh",
        "nyc",
        "cdphp",
        "pt",
        "ot",
        "tb",
        "hap",
        "aetna",
        "cigna",
    ]
)

# Every word that can be part of a run.
_VOCABULARY = frozenset().union(
    _DIGITS, _TEENS, _TENS, ORDINALS, _NATO, _LETTER_NAMES, _RISKY_LETTER_NAMES, _HOMOPHONES,
    _REPEATS, _SEPARATORS, _FILLERS,
)  # fmt: skip

Kind = Literal["digit", "number", "typed", "ordinal", "letter", "separator", "weak"]


class _Token(NamedTuple):
    text: str
    start: int
    end: int


class Piece(NamedTuple):
    """One element of a run: "twelve" is the number "12" of one word, "m as in mary" a letter."""

    kind: Kind
    text: str
    start: int
    end: int
    words: int
    """How many tokens it was said in."""
    said: str = ""
    """The word itself, for what is only weakly a number or letter."""


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring pieces that read as one value; offsets are those of the original text."""

    start: int
    end: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Normalised:
    """The written form, lower-case, and for each of its characters the original span."""

    text: str
    original: str
    runs: tuple[Run, ...]
    _starts: Sequence[int]
    _ends: Sequence[int]

    def original_span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the original; an empty span maps to an empty one."""
        if not 0 <= start <= end <= len(self.text):
            raise ValueError(f"span {start}:{end} outside of {len(self.text)} characters")
        if start == end:
            at = self._starts[start] if start < len(self._starts) else len(self.original)
            return at, at
        return self._starts[start], self._ends[end - 1]

    def said(self, start: int, end: int) -> str:
        """The original words behind `text[start:end]`."""
        begin, stop = self.original_span(start, end)
        return self.original[begin:stop]


# --- the clean form for the classifier -----------------------------------------------------------

_SPELLINGS = {
    "co pay": "copay", "co pays": "copays", "co-pay": "copay", "co-pays": "copays",
    "co payment": "copayment", "co insurance": "coinsurance", "co-insurance": "coinsurance",
    "m v p": "mvp", "m.v.p.": "mvp", "m.v.p": "mvp", "m r i": "mri", "m.r.i.": "mri",
    "e o b": "eob", "f s a": "fsa", "h s a": "hsa", "p c p": "pcp", "h m o": "hmo", "p p o": "ppo",
    "p o s": "pos", "e k g": "ekg", "c t": "ct", "i d": "id", "i.d.": "id", "e r": "er",
    "e.r.": "er", "o b g y n": "obgyn", "ob gyn": "obgyn", "ob-gyn": "obgyn", "ob/gyn": "obgyn",
    "t t y": "tty", "co bra": "cobra", "c o b r a": "cobra", "hippa": "hipaa", "e mail": "email",
    "e-mail": "email", "x ray": "xray", "x-ray": "xray", "x rays": "xrays", "x-rays": "xrays",
    "deductable": "deductible", "deductibel": "deductible", "pre authorization":
    "preauthorization", "pre-authorization": "preauthorization", "pre cert": "precert",
    "pre-cert": "precert", "web site": "website", "log in": "login", "sign in": "signin",
    "pass word": "password", "out of pocket": "out of pocket", "out-of-pocket": "out of pocket",
    "in-network": "in network", "out-of-network": "out of network", "health care": "healthcare",
    "zip code": "zipcode", "zip-code": "zipcode", "preferd care": "preferred care",
    "prefered care": "preferred care", "cygna": "cigna", "signa": "cigna",
    # Letters that fingers swap, in the words that say what is asked.
    "hwo": "how", "waht": "what", "whta": "what", "wehn": "when", "whne": "when", "whcih": "which",
    "wich": "which", "whch": "which", "wehre": "where", "whre": "where", "teh": "the", "hte": "the",
    "adn": "and", "cna": "can", "yuo": "you", "taht": "that", "thta": "that", "msut": "must",
}  # fmt: skip
_SPELLING = re.compile(
    r"(?<![\w'])(?:"
    + "|".join(re.escape(k) for k in sorted(_SPELLINGS, key=len, reverse=True))
    + r")(?!\w)"
)
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "–": "-", "—": "-"}
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]+")
_SPACE = re.compile(r"\s+")


def normalise_text(text: str) -> str:
    """The form the intent classifier reads: NFKC, lower-case, straight quotes, one spelling for
    what recognisers and people write apart ("co pay", "m v p"), single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_QUOTES)
    text = _SPACE.sub(" ", _CONTROL.sub(" ", text.lower())).strip()
    return _SPELLING.sub(lambda m: _SPELLINGS[m.group()], text)


# --- tokens --------------------------------------------------------------------------------------

_TOKEN = re.compile(
    r"[^\W_]*\d[^\W_]*(?:[-/.,:][^\W_]*\d[^\W_]*)*"  # typed: 12207, U55500123, 5/12/1980, 3rd
    r"|[^\W\d_]+(?:'[^\W\d_]+)*"
    r"|[^\s\w]|_"
)


def _fold(text: str) -> tuple[str, Sequence[int], Sequence[int]]:
    """NFKC and lower-case, character by character, with each result's original span."""
    if text.isascii():
        return text.lower(), range(len(text)), range(1, len(text) + 1)
    chars: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for i, char in enumerate(text):
        folded = unicodedata.normalize("NFKC", char).lower().translate(_QUOTES)
        chars.append(folded)
        starts += [i] * len(folded)
        ends += [i + 1] * len(folded)
    return "".join(chars), starts, ends


def _is_single_digit(token: str) -> bool:
    return token in _DIGITS or (len(token) == 1 and token.isdecimal() and token.isascii())


def _digit(token: str) -> str:
    return _DIGITS.get(token, token)


def _is_figures(token: str) -> bool:
    return token.isascii() and token.isdecimal()


def _ordinal_text(value: int) -> str:
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(value % 10 if value not in (11, 12, 13) else 0, "th")
    return f"{value}{suffix}"


class _Reader:
    """Reads pieces out of the tokens; holds nothing but them and the position."""

    def __init__(self, tokens: Sequence[_Token]) -> None:
        self.tokens = tokens
        self.words = [t.text for t in tokens]

    def word(self, i: int) -> str:
        return self.words[i] if 0 <= i < len(self.words) else ""

    def _piece(self, kind: Kind, text: str, i: int, j: int, said: str = "") -> tuple[Piece, int]:
        return Piece(kind, text, self.tokens[i].start, self.tokens[j - 1].end, j - i, said), j

    def _hyphen(self, i: int) -> int:
        """Past the hyphen of "forty-five", if one is there and touches both words."""
        if (
            self.word(i) == "-"
            and i + 1 < len(self.words)
            and self.tokens[i - 1].end == self.tokens[i].start
            and self.tokens[i].end == self.tokens[i + 1].start
        ):
            return i + 1
        return i

    def _below_hundred(self, i: int) -> tuple[int, int] | None:
        word = self.word(i)
        if word in _TEENS:
            return _TEENS[word], i + 1
        if word in _TENS:
            j = self._hyphen(i + 1)
            unit = _DIGITS.get(self.word(j), "0")
            return (_TENS[word] + int(unit), j + 1) if unit != "0" else (_TENS[word], i + 1)
        if _is_single_digit(word):
            return int(_digit(word)), i + 1
        return None

    def _rest(self, i: int, *, hundreds: bool) -> tuple[int, int] | None:
        """What follows "hundred" or "thousand"; a digit that starts a further run does not."""
        j = i + 1 if self.word(i) == "and" else i
        found = self._below_hundred(j)
        if found is None:
            return None
        value, k = found
        if hundreds and self.word(k) == "hundred":
            rest = self._rest(k + 1, hundreds=False)
            return (value * 100 + rest[0], rest[1]) if rest else (value * 100, k + 1)
        scaled = self.word(k) == "thousand" and not hundreds
        if _is_single_digit(self.word(j)) and self._numeric(k) and not scaled:
            return None
        return (value, k) if value else None

    def _numeric(self, i: int) -> bool:
        word = self.word(i)
        return word in ("oh", "o", "hundred", "thousand") or (
            word in _TEENS or word in _TENS or _is_single_digit(word)
        )

    def _number(self, i: int) -> tuple[Piece, int] | None:
        word = self.word(i)
        if word in ("a", "one") and self.word(i + 1) in ("hundred", "thousand"):
            value, j = 1, i + 1
        elif _is_figures(word) and len(word) <= 3 and self.word(i + 1) in ("hundred", "thousand"):
            value, j = int(word), i + 1
        else:
            found = self._below_hundred(i)
            if found is None:
                return None
            value, j = found
        start = j
        if self.word(j) == "hundred":
            rest = self._rest(j + 1, hundreds=False)
            value, j = (value * 100 + rest[0], rest[1]) if rest else (value * 100, j + 1)
        if self.word(j) == "thousand":
            rest = self._rest(j + 1, hundreds=True)
            value, j = (value * 1000 + rest[0], rest[1]) if rest else (value * 1000, j + 1)
        if j == start and j == i + 1 and _is_single_digit(word):
            return self._piece("typed" if word.isdecimal() else "digit", _digit(word), i, j)
        return self._piece("number", str(value), i, j)

    def _ordinal(self, i: int) -> tuple[Piece, int] | None:
        word = self.word(i)
        if word in _TENS:
            j = self._hyphen(i + 1)
            unit = ORDINALS.get(self.word(j), 0)
            if 0 < unit < 10:
                return self._piece("ordinal", _ordinal_text(_TENS[word] + unit), i, j + 1)
        if word in ORDINALS:
            return self._piece("ordinal", _ordinal_text(ORDINALS[word]), i, i + 1)
        return None

    def _letter(self, i: int) -> tuple[Piece, int] | None:
        """A letter as a letter, by its name, by NATO's word, or "m as in mary"."""
        word = self.word(i)
        j = i + 1
        if word == "double" and self.word(j) in ("u", "you"):
            letter, sure = "w", True
            j += 1
        elif word == "x" and self.word(j) in ("ray", "-") and self.word(j + 1) in ("ray", ""):
            return None
        elif len(word) == 1 and "a" <= word <= "z":
            letter, sure = word, word not in "aioy"
        elif word in _LETTER_NAMES:
            letter, sure = _LETTER_NAMES[word], True
        elif word in _NATO:
            letter, sure = _NATO[word], False
        elif word in _RISKY_LETTER_NAMES:
            letter, sure = _RISKY_LETTER_NAMES[word], False
        else:
            return None
        as_in = 0
        if self.word(j) == "as" and self.word(j + 1) in ("in", "and", "an"):
            as_in = j + 2
        elif self.word(j) in ("like", "for", "as", "in") and self.word(j + 1)[:1] == letter:
            as_in = j + 1
        example = self.word(as_in) if as_in else ""
        if len(example) > 1 and example not in _DIGITS and "a" <= example[0] <= "z":
            # The example word decides: "m as in nancy" was an n.
            return self._piece("letter", example[0], i, as_in + 1)
        if not sure:
            return self._piece("weak", letter, i, j, said=word)
        return self._piece("letter", letter, i, j)

    def _repeat(self, i: int) -> tuple[Piece, int] | None:
        times = _REPEATS.get(self.word(i))
        what = self.word(i + 1)
        if times is None:
            return None
        if what in ("oh", "o"):
            return self._piece("number", "0" * times, i, i + 2)
        if _is_single_digit(what):
            return self._piece("number", _digit(what) * times, i, i + 2)
        return None

    def piece(self, i: int) -> tuple[Piece, int] | None:
        word = self.words[i] if i < len(self.words) else ""
        if len(word) > 1 and word not in _VOCABULARY and not _is_figures(word):
            return None
        if (found := self._ordinal(i)) or (found := self._repeat(i)) or (found := self._number(i)):
            return found
        if word in ("oh", "o"):
            return self._piece("weak", "0", i, i + 1, said="oh")
        if word in _HOMOPHONES:
            return self._piece("weak", _HOMOPHONES[word], i, i + 1, said="homophone")
        if _is_figures(word):
            return self._piece("typed", word, i, i + 1)
        if word in _SEPARATORS:
            return self._piece("separator", _SEPARATORS[word], i, i + 1)
        if found := self._letter(i):
            return found
        if word in _FILLERS:
            return self._piece("weak", "", i, i + 1, said="filler")
        return None


# --- from pieces to runs -------------------------------------------------------------------------

_STRONG = ("digit", "number", "typed", "letter")
_ZIP_FIGURES = 5
# Sequences of numbers that are sayings, not values.
_SAYINGS = {("24", "7"), ("50", "50"), ("20", "20"), ("9", "5")}


def _digit_count(pieces: Sequence[Piece]) -> int:
    return sum(len(p.text) for p in pieces if p.kind in ("digit", "number", "typed"))


def _is_one_digit(piece: Piece | None) -> bool:
    return piece is not None and piece.kind in ("digit", "typed") and len(piece.text) == 1


def _is_numeric(piece: Piece | None) -> bool:
    """A number, or an "oh" that may be one."""
    return piece is not None and (piece.kind in ("digit", "number", "typed") or piece.said == "oh")


def _settle(pieces: list[Piece], at_end: bool) -> list[list[Piece]]:
    """Decides what each weak piece of a sequence is, and cuts the sequence where it is a word."""
    if _names_one_before_zip(pieces):
        return _settle(pieces[1:], at_end)
    sure_digits = _digit_count(pieces) + sum(p.said == "oh" for p in pieces)
    settled: list[Piece | None] = []
    for i, piece in enumerate(pieces):
        before = next((p for p in reversed(settled) if p is None or p.text != ""), None)
        after = next((p for p in pieces[i + 1 :] if p.said != "filler"), None)
        if piece.kind != "weak":
            settled.append(piece)
        elif piece.said == "filler":
            settled.append(
                piece._replace(text="")
                if before is not None and after is not None and after.kind in (*_STRONG, "weak")
                else None
            )
        elif piece.said == "oh":
            # "oh" is a zero beside a number, and first only in front of a longer run.
            if before is not None and before.kind == "letter" and not _is_numeric(after):
                settled.append(piece._replace(kind="letter", text="o"))
                continue
            beside = before is not None and before.kind in (*_STRONG, "separator")
            leads = _is_numeric(after) and sure_digits >= 4
            settled.append(piece._replace(kind="digit") if beside or leads else None)
        elif piece.said == "homophone":
            inside = _is_one_digit(before) and (
                _is_one_digit(after)
                or (after is not None and after.said in ("oh", "homophone"))
                or (after is None and at_end)
            )
            settled.append(piece._replace(kind="digit") if inside and sure_digits >= 4 else None)
        else:
            settled.append(_settle_letter(piece, before, pieces[i + 1 :]))
    segments: list[list[Piece]] = [[]]
    for settled_piece in settled:
        if settled_piece is None:
            segments.append([])
        elif settled_piece.text:
            segments[-1].append(settled_piece)
    return [trimmed for s in segments if (trimmed := _trim(s))]


def _names_one_before_zip(pieces: Sequence[Piece]) -> bool:
    """ "Where can I get one 12180": a word, and a ZIP code in figures."""
    if len(pieces) != 2:
        return False
    word, figures = pieces
    written = (figures.kind, len(figures.text)) == ("typed", _ZIP_FIGURES)
    return (word.kind, word.text) == ("digit", "1") and written


def _settle_letter(piece: Piece, before: Piece | None, after: Sequence[Piece]) -> Piece | None:
    """A word that may name a letter ("you", "mike", "a"): only in front of a long number."""
    following = [p for p in after if p.said != "filler"]
    digits = 0
    for p in following:
        if p.kind in ("digit", "number", "typed") or p.said in ("oh", "homophone"):
            digits += len(p.text)
        elif digits or p.kind not in ("letter", "weak"):
            break
    as_letter = piece._replace(kind="letter")
    beside_letter = before is not None and before.kind == "letter"
    if piece.said in ("a", "i", "y"):
        next_is_letter = bool(following) and following[0].kind == "letter"
        spelled = beside_letter or next_is_letter
        return as_letter if spelled and (digits >= 4 or next_is_letter or beside_letter) else None
    if piece.said == "november":
        # A month unless a string of single digits follows.
        singles = len(following) >= 6 and all(_is_one_digit(p) or p.said for p in following[:4])
        return as_letter if singles else None
    if piece.said in _NATO:
        return as_letter if digits >= 4 or beside_letter else None
    return as_letter if digits >= 6 or (beside_letter and digits >= 3) else None


def _trim(pieces: list[Piece]) -> list[Piece]:
    start, end = 0, len(pieces)
    while start < end and pieces[start].kind == "separator":
        start += 1
    while end > start and pieces[end - 1].kind == "separator":
        end -= 1
    return pieces[start:end]


def _is_value(pieces: list[Piece], before: str, after: str) -> bool:
    """Whether a settled sequence reads as a number rather than as words that happen to count."""
    numeric = [p for p in pieces if p.kind in ("digit", "number", "typed")]
    letters = [p for p in pieces if p.kind == "letter"]
    ordinals = [p for p in pieces if p.kind == "ordinal"]
    if not numeric and letters:
        return _is_spelling(letters)
    if letters:
        if len(letters) > 1 or _digit_count(pieces) >= 4 or letters[0].words > 1:
            return _digit_count(pieces) >= 3
        return False
    if tuple(p.text for p in numeric) in _SAYINGS and not ordinals:
        return False
    month_beside = before in MONTHS or after in MONTHS
    if ordinals:
        return any(p.words > 1 for p in ordinals) or before in MONTHS or after in MONTHS
    if all(p.kind == "typed" for p in pieces if p.kind != "separator"):
        return len(numeric) >= 3 and all(len(p.text) == 1 for p in numeric)
    if any(p.kind == "number" and p.words > 1 for p in numeric):
        return True
    if len(numeric) >= 3 or (len(numeric) == 2 and any(p.kind == "number" for p in numeric)):
        return True
    if before in ORDINALS and any(p.kind == "number" for p in numeric):
        return True
    if month_beside or _UNITS.match(after) is not None:
        return numeric[0].text != "1" or month_beside if numeric else False
    return len(numeric) == 2 and any(p.kind == "typed" for p in numeric)


def _is_spelling(letters: list[Piece]) -> bool:
    word = "".join(p.text for p in letters)
    if any(p.words > 1 for p in letters) or word in ACRONYMS:
        return len(word) > 1
    # Of five letters at an edge even "a" and "i" are spelled.
    return len(word) >= 5 or (len(word) >= 3 and word[0] not in "ai" and word[-1] not in "ai")


def _split_letters(pieces: list[Piece], after: str) -> list[list[Piece]]:
    """Spelled abbreviations stand apart from what follows: "m v p i got a bill"."""
    if any(p.kind != "letter" for p in pieces):
        return [pieces]
    word = "".join(p.text for p in pieces)
    if word in ACRONYMS:
        return [pieces]
    for cut in range(len(pieces) - 1, 1, -1):
        if word[:cut] in ACRONYMS and (word[cut:] in "ai" or word[cut:] in ACRONYMS):
            return [pieces[:cut], pieces[cut:]]
    if len(pieces) == 1 or len(pieces) > 4 or word[-1] not in "ai" or not after:
        return [pieces]
    return [pieces[:-1], pieces[-1:]]


_MONTH_LINK = frozenset({"the", "of", "on", "de", "el", "del", ","})


def _sequences(tokens: Sequence[_Token]) -> list[tuple[int, int, list[Piece]]]:
    """Maximal neighbouring pieces, as (first token, token after the last, pieces)."""
    reader = _Reader(tokens)
    found: list[tuple[int, int, list[Piece]]] = []
    i = 0
    while i < len(tokens):
        start = i
        pieces: list[Piece] = []
        while (read := reader.piece(i)) is not None:
            piece, j = read
            if piece.kind == "ordinal" and any(p.kind in _STRONG for p in pieces):
                break
            pieces.append(piece)
            i = j
            if piece.kind == "ordinal":
                break
        if pieces:
            found.append((start, i, pieces))
        else:
            i += 1
    return found


def _neighbour(tokens: Sequence[_Token], i: int, step: int) -> str:
    while 0 <= i < len(tokens) and tokens[i].text in _MONTH_LINK:
        i += step
    return tokens[i].text if 0 <= i < len(tokens) else ""


def _runs(tokens: Sequence[_Token]) -> list[Run]:
    index_at = {t.start: i for i, t in enumerate(tokens)}
    index_end = {t.end: i for i, t in enumerate(tokens)}
    runs: list[Run] = []
    for _, stop, sequence in _sequences(tokens):
        if not any(p.kind in (*_STRONG, "ordinal") for p in sequence):
            continue
        for segment in _settle(sequence, at_end=stop == len(tokens)):
            after = _neighbour(tokens, index_end[segment[-1].end] + 1, 1)
            for part in _split_letters(segment, after):
                first, last = index_at[part[0].start], index_end[part[-1].end]
                before = _neighbour(tokens, first - 1, -1)
                after = tokens[last + 1].text if last + 1 < len(tokens) else ""
                near = _neighbour(tokens, last + 1, 1)
                if _is_value(part, before, near if near in MONTHS else after):
                    runs.append(Run(part[0].start, part[-1].end, tuple(part)))
    return runs


def _render(run: Run, folded: str, after_month: bool) -> list[tuple[str, int, int]]:
    """The run's figures with the span that each came from."""
    parts: list[tuple[str, int, int]] = []
    year = 1900 <= _int_or("".join(p.text for p in run.pieces), 0) < 2040
    for i, piece in enumerate(run.pieces):
        if i:
            previous = run.pieces[i - 1]
            typed_pair = (
                previous.kind == piece.kind == "typed"
                and max(len(previous.text), len(piece.text)) > 1
            )
            day_and_year = after_month and i == 1 and _int_or(previous.text) <= 31 and not year
            if typed_pair or day_and_year or previous.kind == "ordinal":
                gap = folded[previous.end : piece.start] if typed_pair else " "
                parts.append((gap or " ", previous.end, piece.start))
        parts.append((piece.text, piece.start, piece.end))
    return parts


def _int_or(text: str, otherwise: int = 100) -> int:
    """The number that `text` writes, or `otherwise`."""
    return int(text) if text.isdecimal() and text.isascii() else otherwise


# Without any of these there is no number and no spelled word: figures, words that surely count,
# single letters that are no words, and letters told by an example ("a for apple").
_RUN_HINT = re.compile(
    r"\d|(?<![^\W_])(?:"
    + "|".join(sorted({*_DIGITS, *_TEENS, *_TENS, *ORDINALS, *_REPEATS, *_LETTER_NAMES}, key=len))
    + r"|hundred|thousand|[b-hj-np-xz]|(?:[aioy]|"
    + "|".join(sorted({*_NATO, *_RISKY_LETTER_NAMES}, key=len))
    + r")\W+(?:as|like|for|in))(?![^\W_])"
)


def normalise(text: str) -> Normalised:
    """The written form of `text`: spoken numbers and spelled letters as figures, lower-case.

    Never raises; text with no spoken number comes back folded (NFKC, lower-case) and otherwise
    as it was.
    """
    folded, starts, ends = _fold(text)
    if not _RUN_HINT.search(folded):
        return Normalised(folded, text, (), starts, ends)
    tokens = [_Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(folded)]
    runs = _runs(tokens)
    if not runs:
        return Normalised(folded, text, (), starts, ends)
    at_token = {t.start: i for i, t in enumerate(tokens)}
    out: list[str] = []
    out_starts: list[int] = []
    out_ends: list[int] = []

    def copy(start: int, end: int) -> None:
        out.append(folded[start:end])
        out_starts.extend(starts[start:end])
        out_ends.extend(ends[start:end])

    position = 0
    for run in runs:
        copy(position, run.start)
        after_month = _neighbour(tokens, at_token[run.start] - 1, -1) in MONTHS
        for written, start, end in _render(run, folded, after_month):
            out.append(written)
            begin = starts[start] if start < len(starts) else len(text)
            stop = ends[end - 1] if end > start else begin
            out_starts.extend([begin] * len(written))
            out_ends.extend([max(stop, begin)] * len(written))
        position = run.end
    copy(position, len(folded))
    mapped = tuple(
        Run(
            starts[run.start],
            ends[run.end - 1],
            tuple(p._replace(start=starts[p.start], end=ends[p.end - 1]) for p in run.pieces),
        )
        for run in runs
    )
    return Normalised("".join(out), text, mapped, out_starts, out_ends)
