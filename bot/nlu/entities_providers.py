"""A named doctor or place in a message, marked by its cues; the directory finds out who it is.

"dr osei", "doctor lucille tremblay", "copley hospital", "whiteface dermatology", "my pcp is ..."
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from alliance.gazetteer import common_words, has_city
from bot.nlu.entities_lists import Found, Token, load, words_in

_TITLES = frozenset({"dr", "dr.", "doctor", "doc", "doctora", "drs", "nurse"})
_MOST_NAME_WORDS = 3
# What ends the names of practices and hospitals.
_PLACE_WORDS = words_in(
    """hospital medical clinic associates dermatology cardiology orthopedics pediatrics dental
    health healthcare physicians imaging radiology laboratory labs pharmacy urgent regional memorial
    general cardio family surgical eye vision women's hospice rehab ortho lab rehabilitation
    wellness counseling oncology neurology obgyn ob gastroenterology urology podiatry chiropractic
    medicine ent headwaters infirmary nursing hearing orthodontics dentistry spine"""
)
_PLACE_TAIL = words_in(
    """center centre group care practice medicine hospital clinic associates services partners
    specialists physicians institute system network health office therapy surgery dental
    dermatology cardiology pediatrics imaging home campus
    """
)
_NOT_NAMES = words_in(
    """the a an my your our his her their this that these those any some no new old good best same
    different closest nearest local nearby other another each every which what whose at in near to
    from for of by with and or is was are were be been on about into out if not do does did can
    could will would has have had got get go went see saw need want find take takes took accept
    accepts use used call called inside outside children's childrens community general regional
    memorial medical urgent emergency mental behavioral home public private big small your women's
    men's in-network network covered cover preferred first mvp cigna s him me you i we they it am
    stayed stay specialist family primary health dental eye vision skilled walk veterans"""
)
_GENERIC_BEFORE = frozenset({"memorial", "regional", "general", "community", "university"})
# Chains and well-known houses that people name without any cue.
_CHAIN = re.compile(
    r"(?<![\w'])(?:(?:saint|st\.?) (?:peter|mary|luke|joseph|elizabeth|anne|francis|vincent|john|"
    r"barnabas|clare|agnes)(?:'?s)?(?: (?:hospital|health|medical center))?|"
    + "|".join(re.escape(c) for c in sorted(load("chains.json"), key=len, reverse=True))
    + r")(?:'s)?(?!\w)"
)
_NAMED_CUE = re.compile(
    r"\b(?:(?P<is>(?:my|his|her|our) (?:pcp|doctor|doc|primary(?: care(?: doctor| physician)?)?|"
    r"dentist|therapist|pediatrician|specialist|(?:\w+ )?surgeon|counselor|midwife|\w+ologist)"
    r"(?: is|'s)|"
    r"(?:doctor|dr|dentist|surgeon|therapist)(?:'s)? (?:is called|name is|named|called))"
    r"|(?:switch|change|swap|go|going|went|see|seeing|saw|with)(?: (?:my|our) \w+)? (?:to|over to))"
    r"\s+(?:called\s+|named\s+)?"
)
# Present participles before "pharmacy" or "clinic" tell what kind it is.
_GERUNDS = words_in("compounding walking nursing sleeping imaging breathing counseling staffing")
_NAME = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*\.?")
# After the title, words that go on with the sentence.
_AFTER_NAME = words_in(
    """in at on near and or for is was has have had still take takes taking accept accepts isn't
    isnt does doesn't do did said says say told wants wanted wrote write writes ordered orders
    who that which left moved moves retired quit also anymore any more covered cover please out
    part under with from to about office offices but if when the my me i we they he she it as of
    by practice group just never always over today yesterday last next can could will would
    should thinks think sent send sends put puts gave gives keeps prescribed prescribes used
    because cuz so since before after then there up down off not no y en a address phone number
    fax hours been billed charged bill bills name named visit visits appointment accepting
    network recommended referred refers suggested"""
)


_SUBJECTS = frozenset({"i", "we", "you", "he", "she", "they"})
# Parts of the country that practices are named after.
_REGIONS = frozenset(
    (
        "finger lakes", "hudson valley", "champlain valley", "mohawk valley", "capital region",
        "north country", "southern tier", "green mountain", "upper valley", "lakes region",
        "thousand islands", "capital district", "western new york", "central new york",
        "adirondack", "catskill", "cayuga", "northeast kingdom", "uvm", "white mountain",
        "saint lawrence", "st. lawrence", "lake champlain", "seacoast", "great lakes",
    )
)  # fmt: skip


def is_town(name: str) -> bool:
    """Whether a town whose name is no common word is called so."""
    return has_city(name) and not all(word in common_words() for word in name.split())


class Providers:
    """Finds the spans of providers' names."""

    def __init__(self, is_known: Callable[[str], bool]) -> None:
        self._is_known = is_known

    def find(self, text: str, tokens: Sequence[Token]) -> Iterator[Found]:
        """Names among the tokens of `text`, which is in lower case."""
        for i, token in enumerate(tokens):
            if token.word in _TITLES:
                after = self._name_end(tokens, i + 1)
                # "doctor" alone is a doctor, not a name.
                if after > i + 1:
                    yield _found(text, tokens, i, after)
            elif token.word in _PLACE_WORDS:
                first = self._place_start(tokens, i)
                if first < i:
                    yield _found(text, tokens, first, _place_end(tokens, i))
        for match in _CHAIN.finditer(text):
            yield Found("provider", match.start(), match.end(), match.group())
        for match in _NAMED_CUE.finditer(text):
            named = next((i for i, t in enumerate(tokens) if t.start == match.end()), None)
            if named is not None and tokens[named].word not in _TITLES:
                first = named
                after = self._name_end(tokens, first)
                surely = match["is"] or all(t.raw[:1].isupper() for t in tokens[first:after])
                if after > first and surely:
                    yield _found(text, tokens, first, after)

    def _name_end(self, tokens: Sequence[Token], first: int) -> int:
        """Where the name that begins at `first` ends; `first` if there is none."""
        i = first
        while i < len(tokens) and i - first < _MOST_NAME_WORDS:
            word, capital = tokens[i].word, tokens[i].raw[:1].isupper()
            if not _NAME.fullmatch(word) or word in _AFTER_NAME or word in _NOT_NAMES:
                break
            if word.startswith(("i'", "i\u2019")):
                # "The eye doctor I'm seeing"
                break
            if not capital and i > first and self._is_known(word):
                break
            if not capital and i == first and word in common_words() and word not in _SURNAMES:
                break
            if not capital and word.endswith(("ed", "ing")) and len(word) > 6:
                break
            i += 1
        return i

    def _place_start(self, tokens: Sequence[Token], i: int) -> int:
        """Where the name before a word such as "hospital" begins; `i` if there is none."""
        first = i
        while first > 0 and i - first < _MOST_NAME_WORDS:
            word, raw = tokens[first - 1].word, tokens[first - 1].raw
            # "ADHD medicine" is no practice.
            illness = raw.isupper() and tokens[i].word == "medicine"
            capital = raw[:1].isupper() and first > 1 and not illness
            if not _NAME.fullmatch(word) or word in _TITLES or word in _GERUNDS:
                break
            if first > 1 and tokens[first - 2].word in _SUBJECTS and not capital:
                # What somebody did, however it is spelt: "I ment urgent care".
                break
            if word in _NOT_NAMES and not (word in _GENERIC_BEFORE and first == i):
                break
            if self._is_known(word) and not capital and word not in _GENERIC_BEFORE:
                break
            first -= 1
        for size in (2, 1):
            name = " ".join(t.word for t in tokens[max(0, first - size) : first])
            if size <= first and (name in _REGIONS or is_town(name)):
                first -= size
                break
        # "regional medical center" alone has no name.
        return i if all(t.word in _GENERIC_BEFORE for t in tokens[first:i]) else first


def _found(text: str, tokens: Sequence[Token], first: int, after: int) -> Found:
    start, end = tokens[first].start, tokens[after - 1].end
    return Found("provider", start, end, text[start:end])


# Names that are also words.
_SURNAMES = words_in(
    """green brown white black young king hill wood stone rice price day west long short good
    bell cook baker fisher shepherd carpenter miller mason page love strong little rich wise hall
    park parks brooks woods rivers field fields banks waters rose berry cherry singh patel shaw
    ford lane case cross gray silver gold sharp swift bright moody fox wolf lamb crane hart smith
    jones johnson lee martin chase grant bush bass mills chambers weeks summers winters frost snow
    storm rain reed marsh lake pool bridge street ross joy hope grace faith"""
)


def _place_end(tokens: Sequence[Token], i: int) -> int:
    """Past the words that go on with a practice's name: "medical group", "urgent care center"."""
    after = i + 1
    while after < len(tokens) and tokens[after].word in _PLACE_TAIL:
        after += 1
    return after
