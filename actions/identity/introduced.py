"""Who introduces themselves and asks in the same message: "Hi, this is Riley Exampleby, P10010003,
born 8/23/1990, did my March claim go through?".

Only what stands before or after the question, in parts that say nothing else, is taken: a ZIP code,
date or ID inside the question belongs to the question. It proves nothing by itself, it is just not
asked for again; all factors are checked together as ever.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from actions.answers.topics import NEEDS
from actions.dialogue.agenda import Item
from actions.dialogue.needs import asks, asks_amid, is_drug_asked_about, read_factor
from actions.dialogue.turn import Turn
from actions.identity.no_card import NO_CARD, says_no_card
from actions.identity.third_party import professional
from actions.identity.told_together import (
    SOMEBODY_ELSE,
    name_beside_id,
    tells_anothers,
    told_together,
    without_them,
)
from alliance.gazetteer import common_words
from alliance.values import Kind, is_only_value

_KINDS: Mapping[str, Kind] = {
    "factor_member_id": "member_id",
    "factor_date_of_birth": "date_of_birth",
    "factor_zip": "zip",
    "factor_first_name": "first_name",
}
_LABEL = (
    r"(?:my )?(?:(?:member )?(?:id|number)|date of birth|dob|birth ?(?:date|day)|zip(?: code)?)\b|"
    r"born\b"
)
_ASKING = (
    r"(?:did|do|does|is (?:my|the|it)|was (?:my|the|it)|has (?:my|the|it)|have (?:you|i)|can|could|"
    r"what|how|when|why|where|i want|i wanna|i need|i'?d like|i'?m calling)\b"
)
_SLIP = (
    r"\b(?:no+|nope|not|sorry|wait|(?:wh)?oops|oh|ugh|actually|i mean|i meant|typo|"
    r"autocorrect\w*|wrong|that'?s wrong|scratch that|make that|my bad|hang on|hold on)\b"
)
# Where one part may end and the next begin.
_CUT = re.compile(
    rf"[,;.?!]+\s+|\s*\n+\s*|\s+[-–—]+\s+|,?\s+(?:and|&)\s+(?={_LABEL}|{_ASKING})|"
    rf"\s+(?={_LABEL})|\s+(?={_ASKING})|\s+(?={_SLIP}\b)|(?<=\d{{4}})\s+(?=[a-z]{{2}})",
    re.IGNORECASE,
)
# Between a value and the one that was meant: "Megan, no sorry, autocorrect. Morgan".
_SLIPPED = re.compile(rf"\W*(?:{_SLIP}\W*)+", re.IGNORECASE)
_GREETING = re.compile(
    r"(?:\W*\b(?:hi|hello|hey|hiya|there|good|morning|afternoon|evening|yes|ok|okay|sure|please|"
    r"and|so|um+|uh+|whatever|fine|al(?:l ?)?right|well|then|go ahead|let'?s(?: go)?|"
    r"do (?:it|that|this))\b)+\W*",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:this is|my (?:full |first )?name(?: is|'?s)|i'?m|i am|me llamo|mi nombre es)\s+"
    r"(?P<name>\S.*)|^(?P<here>\S+(?: \S+)?) (?:here|calling)\b",
    re.IGNORECASE,
)
_BY_NAME = re.compile(
    r"\b(?:this is|my (?:full |first )?name(?: is|'?s)|me llamo|mi nombre es)\b", re.IGNORECASE
)
_OWN = re.compile(r"\bmy\b", re.IGNORECASE)
_BORN = re.compile(r"\b(?:born|birth\w*|dob)\b", re.IGNORECASE)
# A part can hold commas itself: "August 23, 1990".
_MOST_JOINED = 3
_MOST_CHARACTERS = 400
_CARD_GONE = re.compile(
    r"\b(?:lost|misplaced|can'?t find|(?:don'?t|do not) have|left|without) (?:my |the |any |a )?"
    r"(?:(?:insurance|id|member|medical|health) )*(?:card|wallet|purse)\b",
    re.IGNORECASE,
)
_ASKS_FOR = re.compile(r"\b(?:lost|stolen|new|another|replace\w*|need|want|how|can|send)\b", re.I)
# Fewer words beside the values ask nothing; above this share of what else it may be it is clear.
_LEAST_WORDS = 2
_CLEARLY = 0.6
# So many words beside the values at a prompt, or fewer, may be chat; with more than this share of
# what else it may be they are a question.
_MOST_CHAT_WORDS = 6
_HARDLY = 0.3
# A bare date so late is a visit's, and nobody's birthday who writes here.
_A_VISIT = timedelta(days=3 * 365)


@dataclass(frozen=True)
class _Part:
    """A value with nothing else in its part of the message."""

    slot: str
    value: Any
    text: str


def take(turn: Turn, today: date) -> None:
    """Take what the message says of who is asking, and leave the question without it.

    Changes the turn: its factors, and its words where they hold any.
    """
    if not turn.live or turn.context.verified or turn.memory.caller or turn.text.startswith("/"):
        return
    if turn.barred or tells_anothers(turn.text) or is_drug_asked_about(turn):
        return
    if _without_card(turn):
        turn.factors["factor_member_id"] = [NO_CARD]
        turn.questions = tuple(item for item in turn.questions if not _only_has_no_card(item))
        return
    asked = turn.asking if turn.in_form else None
    if turn.in_form and asked not in _KINDS:
        return
    text = turn.text
    if len(text) > _MOST_CHARACTERS or turn.intent == "emergency" or professional(text):
        return
    asks_more = asks_amid(text) or any(item.is_sure for item in turn.questions)
    together = {} if asks_more else told_together(turn, today)
    if "factor_member_id" in together or (asked in together):
        _only_introduced(turn, together)
        return
    pieces = _pieces(text)
    lead, first = _lead(turn, pieces, asked, today)
    trail, last = _trail(turn, pieces, first, today)
    found = _kept(lead, trail, turn, asked, today)
    if "factor_member_id" in found and "factor_first_name" not in {*found, *turn.factors}:
        named = name_beside_id(turn, today)
        found |= {"factor_first_name": named} if named else {}
    amid = told_together(turn, today, amid=True)
    if len(amid.keys() - found.keys()) and "factor_member_id" in amid and asks_more:
        _told_amid(turn, {**amid, **found}, today)
        return
    if not found:
        return
    if first >= last or _only_chats(turn, pieces[first:last]):
        _only_introduced(turn, found)
        return
    start = pieces[first][0] if lead else 0
    end = pieces[last - 1][1] if trail else len(text)
    if trail and text[end : end + 1] == "?":
        end += 1
    turn.factors.update(found)
    turn.questions = tuple(
        _asked_beside(turn, _within(item, text, start, end)) for item in turn.questions
    )
    turn.entities = _left(turn.entities, text, start, end)
    turn.text = text[start:end]


def _told_amid(turn: Turn, found: Mapping[str, Any], today: date) -> None:
    """Take the details from amid a question in one breath, as it is heard by phone: "my number is
    M10010002 i was born november second ... and i got a bill".
    """
    turn.factors.update({slot: found[slot] for slot in found if slot not in turn.factors})
    said = [without_them(turn, item.text, found, today) for item in turn.questions]
    turn.questions = tuple(
        _asked_beside(turn, replace(item, text=text, entities=_kept_in(item.entities, text)))
        for item, text in zip(turn.questions, said, strict=True)
    )
    turn.text = without_them(turn, turn.text, found, today)
    turn.entities = _kept_in(turn.entities, turn.text)


def _kept_in(entities: Iterable[Mapping[str, Any]], text: str) -> tuple[Mapping[str, Any], ...]:
    """The values of the question, without those that told who is asking."""
    proves, low = {"member_id", "zip"}, text.lower()
    return tuple(
        each
        for each in entities
        if each["entity"] not in proves
        and (each["entity"] != "date" or str(each.get("said", "")).lower() in low)
    )


def _without_card(turn: Turn) -> bool:
    """Whether a question comes with the word that the card is lost: its number is not asked for.
    A lost card that is the question itself is another matter.
    """
    asks = any(item.intent in NEEDS and item.intent != "id_card" for item in turn.questions)
    return asks and not turn.in_form and _CARD_GONE.search(turn.text) is not None


def _only_has_no_card(item: Item) -> bool:
    """ "I don't have my card on me", beside a question: no wish to see it. A lost one may be."""
    return item.intent == "id_card" and says_no_card(item.text) and not _ASKS_FOR.search(item.text)


def _pieces(text: str) -> list[tuple[int, int]]:
    """The message's parts by their characters."""
    stripped = len(text.rstrip(" .,!?\n"))
    edges = [0]
    for cut in _CUT.finditer(text, 0, stripped):
        edges += [cut.start(), cut.end()]
    edges.append(stripped)
    return [(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True) if start < end]


def _lead(
    turn: Turn, pieces: list[tuple[int, int]], asked: str | None, today: date
) -> tuple[list[_Part], int]:
    """The values before the question, and the number of the piece it begins with."""
    found: list[_Part] = []
    with_id = any(turn.partners.fitting(turn.text[a:b].upper()) for a, b in pieces)
    at = begins = 0
    while at < len(pieces):
        for to in range(min(at + _MOST_JOINED, len(pieces)), at, -1):
            said = turn.text[pieces[at][0] : pieces[to - 1][1]]
            # "Oh wonderful, a machine" introduces nobody.
            bare = asked == "factor_first_name" or with_id or _agrees(turn)
            if part := _part(turn, said, today, name=not turn.harsh, bare=bare):
                found.append(part)
                at = begins = to
                break
        else:
            said = turn.text[slice(*pieces[at])]
            if not (_GREETING.fullmatch(said) or (found and _SLIPPED.fullmatch(said))):
                before = turn.text[slice(*pieces[at - 1])] if at else ""
                slip = _SLIPPED.match(said)
                # "Wait, who sees this?" takes nothing back.
                is_asked = asks(said[slip.end() :] if slip else said)
                if found and not is_asked and (slip or _SLIPPED.fullmatch(before)):
                    # What was meant instead is not understood: the slip is none either.
                    found.pop()
                break
            at += 1
    return found, begins


def _trail(
    turn: Turn, pieces: list[tuple[int, int]], first: int, today: date
) -> tuple[list[_Part], int]:
    """The values after the question, and the number of the piece after its last."""
    found: list[_Part] = []
    last = len(pieces)
    while last > first:
        for start in range(max(last - _MOST_JOINED, first), last):
            said = turn.text[pieces[start][0] : pieces[last - 1][1]]
            if part := _part(turn, said, today):
                found.append(part)
                last = start
                break
        else:
            break
    return found, last


def _part(
    turn: Turn, said: str, today: date, *, name: bool = False, bare: bool = False
) -> _Part | None:
    """The one factor that a part of the message is."""
    if SOMEBODY_ELSE.search(said):
        return None
    alone = replace(turn, text=said, alternatives=(), entities=(), intent="unclear")
    for slot, kind in _KINDS.items():
        if slot == "factor_first_name":
            called = _CALLED.search(said)
            if not name or not (called or bare):
                continue
        if is_only_value(said, kind) and (value := read_factor(slot, alone, today)) is not None:
            return _Part(slot, value, said)
    return None


def _kept(
    lead: list[_Part], trail: list[_Part], turn: Turn, asked: str | None, today: date
) -> dict[str, Any]:
    """What of it can only mean the one who is asking, by slot."""
    parts = lead + trail
    slots = {part.slot for part in parts}
    told = [*lead, *(part for part in trail if _OWN.search(part.text))]
    if asked and asked not in {part.slot for part in told}:
        # After the question, a bare ZIP code is a place of the question. What can be nothing but a
        # member ID is one before its turn too.
        return {part.slot: part.value for part in told if part.slot == "factor_member_id"}
    known = bool(asked) or "factor_member_id" in slots or _agrees(turn)
    for part in trail:
        visit = part.slot == "factor_date_of_birth" and not _BORN.search(part.text)
        if visit and date.fromisoformat(part.value) > today - _A_VISIT:
            return {}
        if _anyone_elses(turn) and not _OWN.search(part.text):
            return {}
    if not known:
        # A place, a baby's birthday or a feeling could be meant: "I'm diabetic, ..., 12207".
        named = "factor_first_name" in slots
        if not named or (
            len(slots) < 2 and not _sounds_named(lead, heard=turn.context.channel == "voice")
        ):
            return {}
    return {
        part.slot: part.value
        for part in (*trail, *lead)
        if part.slot == asked or part.slot not in turn.factors
    }


def _agrees(turn: Turn) -> bool:
    """Whether a look-up was offered, which they agree to: "fine, let's do it. Riley"."""
    return turn.memory.offered is not None and not turn.in_form and turn.intent == "affirm"


def _anyone_elses(turn: Turn) -> bool:
    return any(entity["entity"] == "relation" for entity in turn.entities)


def _sounds_named(lead: Iterable[_Part], *, heard: bool) -> bool:
    """Whether a name is told as one: "this is Riley", not "I'm diabetic". What is `heard` has no
    capitals.
    """
    for part in lead:
        called = _CALLED.search(part.text) if part.slot == "factor_first_name" else None
        words = (called["name"] or called["here"]).split() if called else []
        if words and all(word[:1].isupper() for word in words):
            return True
        if heard and _BY_NAME.search(part.text) and not {*words} & common_words():
            return True
    return False


def _only_introduced(turn: Turn, found: Mapping[str, Any]) -> None:
    """Nothing is asked yet: an ID is the wish to be verified (`verify_first`), all else is none."""
    if turn.in_form:
        turn.factors.update(found)
        turn.questions = ()
    elif _agrees(turn):
        turn.factors.update(found)
    elif "factor_member_id" in found:
        turn.factors.update(found)
        turn.questions = (Item("inform", turn.text),)


def _only_chats(turn: Turn, pieces: list[tuple[int, int]]) -> bool:
    """Whether what is left beside the values, at a prompt, asks nothing: "you happy now"."""
    left = turn.text[pieces[0][0] : pieces[-1][1]]
    words = len(left.split())
    names = any(str(entity.get("said", "")).lower() in left.lower() for entity in turn.entities)
    speaks_another = any(item.intent == "language_help" for item in turn.questions)
    if not turn.in_form or names or speaks_another or words > _MOST_CHAT_WORDS:
        return False
    likely = next((sure for name, sure in turn.ranking if name in NEEDS), 0.0)
    asks_nothing = words <= _LEAST_WORDS or not asks(left + turn.text[pieces[-1][1] :])
    return likely < _HARDLY and asks_nothing


def _asked_beside(turn: Turn, item: Item) -> Item:
    """The question that is left where understanding heard only the numbers around it: what else
    the message may be, among what is more than telling something.
    """
    if item.intent != "inform" or len(item.text.split()) < _LEAST_WORDS:
        return item
    asks = [(name, sure) for name, sure in turn.ranking if name in NEEDS]
    total = sum(sure for _, sure in asks)
    if not total:
        return item
    name, sure = asks[0]
    return replace(item, intent=name, band="accept" if sure / total >= _CLEARLY else "confirm")


def _within(item: Item, text: str, start: int, end: int) -> Item:
    """The question without what stood before and after it."""
    at = max(text.find(item.text), 0)
    cut = text[max(at, start) : min(at + len(item.text), end)]
    return replace(item, text=cut, entities=_left(item.entities, text, start, end))


def _left(
    entities: Iterable[Mapping[str, Any]], text: str, start: int, end: int
) -> tuple[Mapping[str, Any], ...]:
    """The values that the question itself holds."""
    outside, inside = f"{text[:start]}\n{text[end:]}".lower(), text[start:end].lower()
    return tuple(
        {**entity, "start": max(entity.get("start", 0) - start, 0)}
        for entity in entities
        if (said := str(entity.get("said", "")).lower()) in inside or said not in outside
    )
