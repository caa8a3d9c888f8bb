"""Whether a message is a value and nothing else."""

from __future__ import annotations

import re

from alliance import gazetteer
from alliance.spoken import Normalised, normalise
from alliance.values.amounts import amount_spans
from alliance.values.common import ANY_DAY, Kind
from alliance.values.dates import birth_dates
from alliance.values.identifiers import claim_spans, id_spans
from alliance.values.names import is_only_name
from alliance.values.periods import find_periods
from alliance.values.zip_codes import zip_spans

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


def _spans_of(said: Normalised, kind: str) -> list[tuple[int, int]]:
    if kind == "zip":
        return [(s.start, s.end) for s in zip_spans(said)]
    if kind == "claim_number":
        return [(s.start, s.end) for s in claim_spans(said)]
    if kind == "member_id":
        return [(s.start, s.end) for s, _ in id_spans(said)]
    if kind == "date_of_birth":
        return [(start, end) for start, end, _ in birth_dates(said, ANY_DAY)]
    if kind == "date":
        return [(f.start, f.end) for f in find_periods(said, ANY_DAY)]
    if kind == "amount":
        return [(a.start, a.end) for a in amount_spans(said.text)]
    return []


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


_MAX_ANSWER = 160


def is_only_value(text: str, kind: Kind) -> bool:
    """Whether the whole message is one value of this kind with at most polite wrapping.

    Strict on purpose: what says anything else ("doctor near 12207", "why do you need my zip")
    is a digression, and its values prove nothing.
    """
    if not text.strip() or len(text) > _MAX_ANSWER or "?" in text:
        return False
    if kind == "first_name":
        return is_only_name(text)
    said = normalise(text)
    if kind in ("partner", "specialty", "facility", "service", "place", "relation"):
        return _is_only_phrase(said.text, kind)
    before, after = _WRAPPINGS[kind]
    return any(
        before.fullmatch(said.text, 0, start) and after.fullmatch(said.text, end)
        for start, end in _spans_of(said, kind)
    )
