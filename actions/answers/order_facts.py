"""What a member tells of two plans that decides which pays first, read from their words.

No file holds it: whose birthday comes first, whether a job has ended, how many work there. Each
fact is kept by name, as JSON: `employment` (active, retired, cobra), `employees`, `medicare` (age,
disability, kidney_disease), `months` (of Medicare for kidney disease), `works` (a bare yes or no to
"still working there, and are there enough people?"), `earlier`, `court` and `ended` (mine, theirs,
or a company's key).
"""

from __future__ import annotations

import re
from typing import Any, Literal

from alliance.order import DISABILITY_EMPLOYEES, KIDNEY_DISEASE_MONTHS
from alliance.partners import Partners
from alliance.spoken import MONTHS, normalise

# What is asked for: of Medicare beside a job's plan (or the rest of that), for kidney disease, of
# two own plans, of a child's two plans (at two companies here), and of a child's two parents.
Asked = Literal["work", "size", "months", "job", "plan", "birthday"]
Facts = dict[str, Any]

_YES = re.compile(r"\W*(?:yes|yeah|yep|yup|correct|right|both|i do|i am|we do|sure)\b", re.I)
_NO = re.compile(r"\W*(?:no(?! (?:idea|clue))|nope|nah|neither)\b", re.IGNORECASE)
_RETIRED = re.compile(
    r"\bretire(?:d|es|e|ment)?\b|\bpension(?:er)?\b|\b(?:stopped|quit|no longer|not|don'?t|"
    r"doesn'?t) work(?:s|ing)?\b|\bquit\b|\blaid off\b|\blost (?:my|his|her|the) job\b",
    re.IGNORECASE,
)
_COBRA = re.compile(r"\bcobra\b", re.IGNORECASE)
_FORMER = re.compile(r"\b(?:old|former|previous|last|ex.?) ?(?:job|employer|work)|\bleft\b", re.I)
_WORKS = re.compile(
    r"\b(?:still|i|he|she|we|wife|husband|spouse|currently)(?:'?m| am|'?s| is|'?re| are)? ?"
    r"(?:still |currently |actively )?(?:work(?:s|ing)?|employed)\b",
    re.IGNORECASE,
)
_EMPLOYEES = re.compile(
    r"(?<![\d/$.])(?P<count>\d{1,3}(?:,\d{3})+|\d{1,6})\b(?:\s*\+)? ?(?:or so |or more )?"
    r"(?:full.time )?(?:employees|people|workers|persons|staff|of us)\b",
    re.IGNORECASE,
)
_COUNT = re.compile(r"(?<![\d/$.])(?:\d{1,3}(?:,\d{3})+|\d{1,6})\b")
_FEW = re.compile(
    r"\b(?:fewer|less|under|below) than (?:20|twenty)\b|\bunder (?:20|twenty)\b|"
    r"\b(?:small|tiny|little) (?:\w+ )?(?:employer|company|business|firm|shop|place|office)\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:hundreds|thousands|huge|enormous)\b|\b(?:big|large|huge|giant) (?:\w+ )?"
    r"(?:employer|company|firm|corporation|place)\b|\b(?:more|over) than (?:100|a hundred)\b",
    re.IGNORECASE,
)
_KIDNEYS = re.compile(r"\bkidneys?\b|\besrd\b|\bdialysis\b|\brenal\b", re.IGNORECASE)
_DISABLED = re.compile(r"\bdisab(?:led|ility)\b|\bssdi\b", re.IGNORECASE)
_BY_AGE = re.compile(r"\b(?:turn(?:ed|ing)? 65|over 65|by age|because of (?:my )?age)\b", re.I)
_SPAN = re.compile(r"(?P<count>\d{1,3}) (?P<unit>months?|years?)\b", re.IGNORECASE)
_MONTHS_A_YEAR = 12

_MINE = re.compile(
    r"\b(?:mine|i'?m|i am|i was|me|my (?:birthday|bday|own|plan|card|insurance))\b", re.IGNORECASE
)
_THEIRS = re.compile(
    r"\b(?:his|hers?|he|she|theirs?|(?:husband|wife|spouse|partner|ex|father|mother|dad|mom)"
    r"(?:'?s)?)\b",
    re.IGNORECASE,
)
_OWNERS = (("mine", _MINE), ("theirs", _THEIRS))
_DAY = re.compile(
    rf"\b(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?(?: (?:the )?"
    r"(?P<day>\d{1,2})(?:st|nd|rd|th)?\b)?|(?<!\d)(?P<m>\d{1,2})/(?P<d>\d{1,2})(?!\d)",
    re.IGNORECASE,
)
# "His may come first" names no month.
_IS_MAY = re.compile(r"may$", re.IGNORECASE)
_COURT = re.compile(r"\bcourt\b|\bjudge\b|\bdecree\b|\bcustody order\b", re.IGNORECASE)
_NO_COURT = re.compile(r"\b(?:no|not|without|isn'?t|never)\b.{0,25}\b(?:court|judge|decree)", re.I)
_CLAUSES = re.compile(r"[,;.!]| and | but | while ", re.IGNORECASE)
_SAME = re.compile(r"\bsame (?:day|birthday|date)\b", re.IGNORECASE)
# One of the two and nothing else: "my husband's comes first".
_NAMES_ONE = re.compile(
    r"\W*(?:(?:it'?s|that'?s|it is|that would be|oh|so|ok(?:ay)?|well|um+|no court order|"
    r"there'?s no court order|and)\W+)*"
    r"(?:(?P<mine>mine|me|i am|my(?: own)?(?: birthday)?)|"
    r"(?P<theirs>his|hers|theirs|(?:my |the |our |her |his )*(?:husband|wife|spouse|partner|ex|"
    r"father|mother|dad|mom|other parent|(?:ex|girl|boy).?\w+)(?:'?s)?|he is|she is|he|she))"
    r"(?: birthday)?(?: (?:is|has|comes?|would|be|was|the|one|in|year|a|bit))*"
    r"(?: (?:first|earlier|sooner|before|(?P<later>later|second|last|after)))?"
    r"(?: (?:one|birthday|in the year|than \w+|me|mine|him|her|his|hers))*\W*",
    re.IGNORECASE,
)


def read(text: str, partners: Partners, asked: Asked | None = None) -> Facts:
    """What the words tell; a bare yes, no or number only where `asked` says of what."""
    said = normalise(text).text
    if asked == "birthday":
        return _of_parents(said)
    if asked in ("job", "plan"):
        return _of_companies(said, partners, asked)
    facts = _of_work(said)
    if asked == "months":
        return {**facts, **_months(said)}
    if asked in ("work", "size") and not facts:
        facts |= _bare(said)
    return facts


def read_of_two(text: str, partners: Partners) -> Facts:
    """What the question itself tells of two plans here: which is COBRA, or of a job that ended."""
    said = normalise(text).text
    return _of_companies(said, partners, "job") if _has_ended(said) else {}


def _of_work(said: str) -> Facts:
    facts: Facts = {}
    if _COBRA.search(said):
        facts["employment"] = "cobra"
    elif _RETIRED.search(said):
        facts["employment"] = "retired"
    elif _WORKS.search(said):
        facts["employment"] = "active"
    if count := _EMPLOYEES.search(said):
        facts["employees"] = int(count["count"].replace(",", ""))
    elif _FEW.search(said):
        facts["employees"] = 1
    elif _MANY.search(said):
        facts["employees"] = DISABILITY_EMPLOYEES
    if _KIDNEYS.search(said):
        facts["medicare"] = "kidney_disease"
    elif _DISABLED.search(said):
        facts["medicare"] = "disability"
    elif _BY_AGE.search(said):
        facts["medicare"] = "age"
    return facts


def _bare(said: str) -> Facts:
    """To "still working there, and are there 20 employees or more?"."""
    if count := _COUNT.search(said):
        return {"employees": int(count.group().replace(",", ""))}
    if _NO.match(said):
        return {"works": False}
    return {"works": True} if _YES.match(said) else {}


def _months(said: str) -> Facts:
    """To "is it more than 30 months?"."""
    if span := _SPAN.search(said):
        years = span["unit"].lower().startswith("year")
        return {"months": int(span["count"]) * (_MONTHS_A_YEAR if years else 1)}
    if _NO.match(said):
        return {"months": KIDNEY_DISEASE_MONTHS}
    return {"months": KIDNEY_DISEASE_MONTHS + 1} if _YES.match(said) else {}


# What is said of a company's plan that is not that it ended: "the CIGNA one is through my job".
_SAYS_MORE = re.compile(
    r"\?|\b(?:through|jobs?|works?|working|wife|husband|spouse|partner|his|her|kids?|like|better|"
    r"pays?|paid|first|primary|still|current|new|both|what|how|who|why)\b",
    re.IGNORECASE,
)
_MOST_NAMING = 8


def _of_companies(said: str, partners: Partners, asked: Asked) -> Facts:
    """Which company's plan is the one that was asked for."""
    named = [
        (company.key, clause)
        for clause in _CLAUSES.split(said)
        if (company := partners.named(clause)) is not None
    ]
    if asked == "plan":
        if len({key for key, _ in named}) != 1:
            return {}
        ordered = _COURT.search(said) and not _NO_COURT.search(said)
        return {"court" if ordered else "earlier": named[0][0]}
    ended = [(key, clause) for key, clause in named if _has_ended(clause)]
    only = len(said.split()) <= _MOST_NAMING and not (
        _WORKS.search(said) or _SAYS_MORE.search(said)
    )
    if not ended and len({key for key, _ in named}) == 1 and only:
        ended = named
    if len({key for key, _ in ended}) == 1:
        kind = "cobra" if _COBRA.search(ended[0][1]) else "retired"
        return {"ended": ended[0][0], "employment": kind}
    return {"ended": "none"} if _NO.match(said) and not named else {}


def _has_ended(clause: str) -> bool:
    return any(words.search(clause) for words in (_COBRA, _RETIRED, _FORMER))


def _of_parents(said: str) -> Facts:
    """Whose birthday comes first in the year, or whom an order of a court names."""
    if _COURT.search(said) and not _NO_COURT.search(said):
        whose = _one_of_them(said)
        return {"court": whose} if whose else {}
    days = {}
    for found in _DAY.finditer(said):
        before = said[: found.start()]
        if _IS_MAY.match(found.group()) and not before.rstrip().endswith(" in"):
            continue
        if whose := _nearest(before):
            days[whose] = _month_and_day(found)
    if days.keys() == {"mine", "theirs"}:
        return _earlier(days["mine"], days["theirs"])
    if _SAME.search(said):
        return {"earlier": "same"}
    one = None if days else _NAMES_ONE.fullmatch(said)
    if one is None:
        return {}
    # "His is later": then it is mine.
    return {"earlier": "mine" if bool(one["mine"]) is not bool(one["later"]) else "theirs"}


def _earlier(mine: tuple[int, int], theirs: tuple[int, int]) -> Facts:
    if mine == theirs:
        # Two months alone that are the same decide nothing.
        return {"earlier": "same"} if mine[1] else {}
    return {"earlier": "mine" if mine < theirs else "theirs"}


def _one_of_them(said: str) -> str | None:
    found = {whose for whose, words in _OWNERS if words.search(said)}
    return found.pop() if len(found) == 1 else None


def _nearest(before: str) -> str | None:
    """Whose the day is that stands after these words: of who is named last."""
    places = {
        whose: max((found.end() for found in words.finditer(before)), default=-1)
        for whose, words in _OWNERS
    }
    whose = max(places, key=lambda each: places[each])
    return whose if places[whose] >= 0 else None


def _month_and_day(found: re.Match[str]) -> tuple[int, int]:
    if found["month"]:
        return MONTHS[found["month"].lower()], int(found["day"] or 0)
    return int(found["m"]), int(found["d"])
