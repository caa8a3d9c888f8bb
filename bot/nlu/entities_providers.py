"""A named doctor or place in a message, marked by its cues; the directory finds out who it is.

"dr osei", "doctor lucille tremblay", "copley hospital", "whiteface dermatology", "my pcp is ..."
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from bot.nlu.entities_lists import Found, common_words, words_in

_TITLES = frozenset({"dr", "dr.", "doctor", "doc", "doctora", "drs", "nurse"})
_MOST_NAME_WORDS = 3
# What ends the names of practices and hospitals.
_PLACE_WORDS = (
    "hospital", "medical", "clinic", "associates", "dermatology", "cardiology", "orthopedics",
    "pediatrics", "dental", "health", "healthcare", "physicians", "imaging", "radiology",
    "laboratory", "labs", "pharmacy", "urgent", "family", "surgical", "eye", "vision", "women's",
    "hospice", "rehab", "rehabilitation", "wellness", "counseling", "oncology", "neurology",
    "obgyn", "ob", "gastroenterology", "urology", "podiatry", "chiropractic", "medicine", "ent",
    "headwaters", "infirmary", "nursing", "hearing", "orthodontics", "dentistry", "spine",
)  # fmt: skip
_PLACE_TAIL = words_in(
    """center centre group care practice medicine hospital clinic associates services partners
    specialists physicians institute system network health office therapy surgery dental
    dermatology cardiology pediatrics imaging home campus and"""
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
_CHAINS = (
    "walgreens", "cvs", "rite aid", "wegmans pharmacy", "kinney drugs", "kinney", "hannaford",
    "price chopper", "walmart", "costco", "target pharmacy", "sam's club", "express scripts",
    "optumrx", "caremark", "quest diagnostics", "quest", "labcorp", "lab corp", "concentra",
    "aspen dental", "lenscrafters", "minuteclinic", "fresenius", "davita", "wellnow", "well now",
    "mayo clinic", "cleveland clinic", "dartmouth hitchcock", "dartmouth-hitchcock",
    "albany med", "strong memorial", "johns hopkins", "sloan kettering", "mass general",
    "planned parenthood", "betterhelp", "talkspace", "teladoc", "walgreen's", "warby parker",
    "samaritan", "bassett", "crouse", "upstate medical", "gifford", "copley",
)  # fmt: skip
_CHAIN = re.compile(
    r"(?<![\w'])(?:" + "|".join(re.escape(c) for c in sorted(_CHAINS, key=len, reverse=True)) + r")"
    r"(?:'s)?(?!\w)"
)
_PCP_CUE = re.compile(
    r"\b(?:my (?:pcp|doctor|primary(?: care(?: doctor| physician)?)?|dentist|therapist|"
    r"pediatrician|specialist|surgeon) is|doctor is called|doctor's name is|her name is|"
    r"his name is|goes by|name of)\s+(?:called\s+|named\s+)?"
)
_NAME = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*\.?")
# After the title, words that go on with the sentence.
_AFTER_NAME = words_in(
    """in at on near and or for is was has have had still take takes taking accept accepts isn't isnt
    does doesn't do did said says say told wants wanted wrote write writes ordered orders who that
    which left moved moves retired quit also anymore any more covered cover please out part under
    with from to about office offices but if when the my me i we they he she it as of by practice
    group just never always over today yesterday last next can could will would should thinks
    think sent send sends put puts gave gives keeps prescribed prescribes used because cuz so
    since before after then there up down off not no y en a address phone number fax hours been
    billed charged bill bills name named visit visits appointment accepting network recommended
    referred refers suggested"""
)


class Providers:
    """Finds the spans of providers' names."""

    def __init__(self, is_known: Callable[[str], bool]) -> None:
        self._is_known = is_known

    def find(
        self, text: str, words: Sequence[str], raw: Sequence[str], at: Sequence[int]
    ) -> Iterator[Found]:
        """`words` in lower case, `raw` as written, `at` their offsets in `text`."""

        def found(first: int, after: int) -> Found:
            end = at[after - 1] + len(words[after - 1])
            return Found("provider", at[first], end, text[at[first] : end])

        for i, word in enumerate(words):
            if word in _TITLES:
                after = self._name_end(words, raw, i + 1, titled=True)
                # "doctor" alone is a doctor, not a name.
                if after > i + 1:
                    yield found(i, after)
            elif word in _PLACE_WORDS and (first := self._place_start(words, raw, i)) < i:
                yield found(first, _place_end(words, i))
        for match in _CHAIN.finditer(text):
            yield Found("provider", match.start(), match.end(), match.group())
        for match in _PCP_CUE.finditer(text):
            first = next((i for i, offset in enumerate(at) if offset == match.end()), None)
            if first is not None and words[first] not in _TITLES:
                after = self._name_end(words, raw, first, titled=False)
                if after > first:
                    yield found(first, after)

    def _name_end(
        self, words: Sequence[str], raw: Sequence[str], start: int, *, titled: bool
    ) -> int:
        """Where the name that begins at `start` ends; `start` if there is none."""
        i = start
        if i < len(words) and words[i] == "." and titled:
            i += 1
        first = i
        while i < len(words) and i - first < _MOST_NAME_WORDS:
            word = words[i]
            if not _NAME.fullmatch(word) or word in _AFTER_NAME or word in _NOT_NAMES:
                break
            capital = raw[i][:1].isupper()
            if not capital and i > first and self._is_known(word):
                break
            if not capital and i == first and word in common_words() and not _is_surname(word):
                break
            i += 1
        return i if i > first else start

    def _place_start(self, words: Sequence[str], raw: Sequence[str], i: int) -> int:
        """Where the name before a word such as "hospital" begins; `i` if there is none."""
        first = i
        while first > 0 and i - first < _MOST_NAME_WORDS:
            word = words[first - 1]
            named = raw[first - 1][:1].isupper() and (first - 1 > 0 or not self._is_known(word))
            if not _NAME.fullmatch(word) or (word in _NOT_NAMES and word not in _GENERIC_BEFORE):
                break
            if word in _TITLES or (self._is_known(word) and not named and first < i):
                break
            if self._is_known(word) and not named and word not in _GENERIC_BEFORE:
                break
            first -= 1
        return first


# Names that are also words.
_SURNAMES = words_in(
    """green brown white black young king hill wood stone rice price day may west long short good
    bell cook baker fisher shepherd carpenter miller mason page love strong little rich wise hall
    park parks brooks woods rivers field fields banks waters rose berry cherry singh patel shaw
    ford lane case cross gray silver gold sharp swift bright moody fox wolf lamb crane hart smith
    jones johnson lee martin chase grant bush bass mills chambers weeks summers winters frost snow
    storm rain reed marsh lake pool bridge street ross joy hope grace faith"""
)


def _is_surname(word: str) -> bool:
    return word in _SURNAMES


def _place_end(words: Sequence[str], i: int) -> int:
    """Past the words that go on with a practice's name: "medical group", "urgent care center"."""
    after = i + 1
    while after < len(words) and words[after] in _PLACE_TAIL and words[after] != "and":
        after += 1
    return after
