"""A slip that is put right in the same breath: "my claim from May, no wait, March". What was put
aside is no part of the question.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from actions.dialogue.agenda import Item

Entity = Mapping[str, Any]

# Kinds that take each other's place: a town that of a ZIP code, the emergency room that of an
# office visit.
_ALIKE = (
    frozenset({"zip", "place"}),
    frozenset({"specialty", "service", "facility"}),
    *(
        frozenset({kind})
        for kind in ("date", "relation", "drug", "provider", "claim_number", "amount", "partner")
    ),
)
_CUE = (
    r"(?:no+|nope|really|wait|sorry|pardon|(?:wh)?oops|ugh|err?|uh+|um+|actually|rather|"
    r"i mean|i meant|i said|(?:scratch|strike|forget) that|make (?:that|it)|"
    r"my (?:bad|mistake)|correction|let me correct that|excuse me|that'?s wrong|wrong)"
)
_SMALL = (
    r"(?:(?:the|that|my) (?:other|second|next|latter) (?:one|claim|visit|bill|doctor)|the|a|an|"
    r"my|our|"
    r"(?:i|we|s?he|they)(?:'?ve| have|'?s| has| just| since)* (?:moved|lives?)|"
    r"in|from|near|on|for|of|at|to|around|about|by|with|it'?s|it was|that'?s)"
)
# What stands between the slip and what was meant: a word of the thing, the cue, and little else.
_BETWEEN = re.compile(
    r"(?P<thing>(?:\s(?:claims?|bills?|visits?|ones?|plan|appointment|office|area|deductible|"
    rf"coverage|card|(?:visit )?copays?|costs?|price))?)"
    rf"[\s,;.:\u2026\u2013-]+(?:(?:but|oh) )?(?:{_CUE}[\s,;.:!?\u2026\u2013-]+)+"
    rf"(?:{_SMALL}[\s,]+)*",
    re.IGNORECASE,
)
# "July, not June": here the second is put aside.
_NOT = re.compile(
    rf"[\s,;-]+(?:and )?(?:not|instead of|rather than)\s+(?:{_SMALL}\s+)*", re.IGNORECASE
)
# "Not April. The one from March": the first is put aside.
_DOES_NOT_WANT = (
    r"(?:(?:do not|don'?t|no longer) (?:really |actually )?(?:want|need|mean)|"
    r"(?:am not|'?m not|not) (?:looking|asking) (?:for|about))"
)
_NOT_FIRST = re.compile(
    rf"\b(?:{_DOES_NOT_WANT}|not|instead of|rather than|wasn'?t|isn'?t|forget(?: about)?|"
    r"never ?mind|skip|drop|no more|enough (?:of|with)|leave)\s+"
    rf"(?:(?:{_SMALL}|claims?|visits?|bills?|ones?)\s+)*$",
    re.IGNORECASE,
)
# "I don't want a pharmacy", before what is wanted.
_UNWANTED = re.compile(rf"\W*(?:(?:{_CUE}|but|oh|so|and)\W+)*(?:i|we)?\W*{_DOES_NOT_WANT}\b", re.I)
# "Is Dr. Blank in my plan? No, I mean Dr. Blunt": the rest of the question stands between.
_LATER = re.compile(
    rf"(?P<tail>\s[^.?!;]{{1,60}})[\s,;.:?!\u2026\u2013-]+(?:{_CUE}[\s,;.:!?\u2026\u2013-]+)+"
    rf"(?:{_SMALL}[\s,]+)*",
    re.IGNORECASE,
)
# "Forget that, how much is my deductible?": what was asked before it is put aside.
_TAKES_BACK = re.compile(
    rf"\W*(?:(?:{_CUE}|but|oh|you know what)\W+)*(?:(?:scratch|strike|forget|drop|skip) "
    r"(?:that|it|this)|never ?mind)\b",
    re.IGNORECASE,
)
# "File it. No wait, let me ask my doctor first": what was asked before it is put off.
_PUTS_OFF = re.compile(
    rf"\W*(?:(?:{_CUE}|but|oh|hold (?:on|off|up)|hang on|you know what|on second thought)\W+)+"
    r"(?:(?:i|i'?ll|i'?d|we|we'?ll|let me|let us|let's|better)\b.*\b(?:first|later|before|think|"
    r"sleep on|hold off|wait)\b|not (?:yet|now|today)\b|(?:don'?t|do not) (?:do|file|send|"
    r"submit|start|order|book) (?:it|that|anything)\b).*",
    re.IGNORECASE,
)
# "Wait, no, it was mine".
_IT_WAS_MINE = (
    rf"(?:(?:{_CUE}|but|oh)\W+)+(?:(?:it|that|this)(?:'?s| is| was)|for|i (?:mean|meant))? ?"
    r"(?:mine|me|myself|my own)\W*"
)
_MINE = re.compile(rf"\W*{_IT_WAS_MINE}", re.IGNORECASE)
_MINE_AFTER = re.compile(rf"[.?!,;]\s+{_IT_WAS_MINE}$", re.IGNORECASE)
_ENDS = re.compile(r"\W*(?:please|thanks|thank you|sorry|i mean)?\W*", re.IGNORECASE)
_OWN = re.compile(rf"{_BETWEEN.pattern}(?:mine|myself|me|own)\b", re.IGNORECASE)


def put_right(item: Item, text: str, begins: int) -> Item:
    """The question without what the member put aside. `text` is the whole message, of which the
    question begins at `begins`.
    """
    if (mine := _MINE_AFTER.search(item.text)) and (whose := _own(item)):
        return replace(whose, text=whose.text[: len(whose.text) - len(mine.group())])
    entities = sorted(item.entities, key=lambda each: int(each.get("start", 0)))
    ends = begins + len(item.text)
    said = item.text
    # From the back, so that the places before it still hold.
    for at in range(len(entities) - 1, -1, -1):
        first = entities[at]
        start, end = _span(first)
        if not begins <= start < end <= ends or text[start:end] != first.get("said"):
            continue
        second = next((each for each in entities[at + 1 :] if _are_alike(first, each)), None)
        if second:
            other_start, other_end = _span(second)
            between, tail = text[end:other_start], said[other_end - begins :]
            if slip := _BETWEEN.fullmatch(between):
                said = f"{said[: start - begins]}{second['said']}{slip['thing']}{tail}"
                entities.pop(at)
            elif _NOT.fullmatch(between):
                said = f"{said[: end - begins]}{tail}"
                entities.remove(second)
            elif put_aside := _NOT_FIRST.search(text[begins:start]):
                said = f"{said[: put_aside.start()]}{said[end - begins :].lstrip(' ,.;:-')}"
                entities.pop(at)
            elif (slip := _LATER.fullmatch(between)) and _ENDS.fullmatch(tail):
                said = f"{said[: start - begins]}{second['said']}{slip['tail']}"
                entities.pop(at)
        elif first["entity"] == "relation" and (own := _OWN.match(text, end)):
            said = f"{said[: start - begins]}own{own['thing']}{said[own.end() - begins :]}"
            entities.pop(at)
    if len(entities) == len(item.entities):
        return item
    return replace(item, text=said, entities=tuple(entities))


def not_taken_back(asked: Sequence[Item]) -> list[Item]:
    """The questions without those that the member puts aside for the next one. Danger stays."""
    if len(asked) > 1 and _PUTS_OFF.fullmatch(asked[-1].text):
        off = replace(asked[-1], intent="cancel", entities=(), band="accept", aspect=None)
        return [*(item for item in asked if item.intent == "emergency"), off]
    if len(asked) > 1 and _MINE.fullmatch(asked[-1].text) and (own := _own(asked[-2])):
        return [*asked[:-2], own]
    asked = [
        item
        for item, then in zip(asked, [*asked[1:], None], strict=True)
        if not (then and _is_unwanted(item, then))
    ]
    places = [n for n, item in enumerate(asked) if n and _TAKES_BACK.match(item.text)]
    if not places or (asked[-1].intent == "cancel" and places[-1] == len(asked) - 1):
        return list(asked)
    kept = [item for item in asked[: places[-1]] if item.intent == "emergency"]
    return [*kept, *(item for item in asked[places[-1] :] if item.intent != "cancel")]


def _is_unwanted(item: Item, then: Item) -> bool:
    """Whether a thing is only named as not wanted, before another of its kind."""
    alike = any(_are_alike(first, second) for first in item.entities for second in then.entities)
    return alike and "?" not in item.text and _UNWANTED.match(item.text) is not None


def _own(item: Item) -> Item | None:
    """The question as one's own, where it was about a relative."""
    relation = next((each for each in item.entities if each["entity"] == "relation"), None)
    if relation is None:
        return None
    text = re.sub(rf"\b{re.escape(str(relation['said']))}(?:['\u2019]?s)?\b", "own", item.text)
    return replace(item, text=text, entities=tuple(e for e in item.entities if e is not relation))


def _are_alike(first: Entity, second: Entity) -> bool:
    return any({first["entity"], second["entity"]} <= kinds for kinds in _ALIKE)


def _span(entity: Entity) -> tuple[int, int]:
    start = int(entity.get("start", 0))
    return start, start + len(str(entity.get("said", "")))
