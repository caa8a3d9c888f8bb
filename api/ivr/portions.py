"""Portions: what is said at one time can be remembered to its end, and the rest waits for "more".

A text is cut between sentences, a list also between its entries. What is asked comes last and is
never cut, the fact is what comes first, each of several facts before its details, and what names
911 or 988 never waits.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

# What takes longer is not remembered to its end.
MOST_SECONDS = 12.0
# Who asked for slow speech hears no more words than take this long at the usual pace.
SLOW_SECONDS = 9.0
# About the pace of the slowest of four synthesizers' voices; tests/audio/test_prompts.py compares.
_LETTERS_A_SECOND = 16.5
_SPELLED_SECONDS = 0.31
_SENTENCE_SECONDS = 0.3
_COMMA_SECONDS = 0.15
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\s])")
_NO_END = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|St|a\.m|p\.m|No|Inc)\.$")
_ENTRY_END = re.compile(r"(?<=;)\s+")
# Not within a number that is read out by its signs: a case's W988 is no crisis line.
_SAFETY = re.compile(r"(?<!\b[A-Z\d] )(?<!\b[A-Z\d], )\b(?:9 1 1|9 8 8)\b(?!,? [B-HJ-Z\d]\b)")


def seconds(text: str) -> float:
    """How long a voice takes for plain words, in seconds."""
    total = 0.0
    for word in text.split():
        bare = word.strip(",.;:!?'")
        if len(bare) == 1 and (bare.isdigit() or bare.isupper()) and bare not in "AI":
            total += _SPELLED_SECONDS
        elif bare.replace("-", "").isdigit():
            total += 0.3 * len(bare)
        else:
            total += (len(bare) + 1) / _LETTERS_A_SECOND
        if word[-1] in ".!?":
            total += _SENTENCE_SECONDS
        elif word[-1] in ",;:":
            total += _COMMA_SECONDS
    return total


def fits(text: str, most: float = MOST_SECONDS) -> bool:
    """Whether it can be said at one time."""
    return seconds(text) <= most


def sentences(text: str) -> list[str]:
    """The sentences, in order."""
    parts: list[str] = []
    for part in _SENTENCE_END.split(text.strip()):
        if parts and _NO_END.search(parts[-1]):
            parts[-1] = f"{parts[-1]} {part}"
        elif part:
            parts.append(part)
    return parts


def asking_part(question: str) -> str:
    """A question without what leads to it: from the first sentence that asks."""
    parts = sentences(question)
    first = next((at for at, part in enumerate(parts) if part.endswith("?")), 0)
    return " ".join(parts[first:])


def asking_sentence(question: str) -> str:
    """The question alone, for who has heard how to answer it."""
    asking = asking_part(question)
    first = sentences(asking)[0] if asking else ""
    return first if first.endswith("?") else asking


def portion(
    body: str,
    question: str,
    more: str,
    *,
    begin: bool = False,
    most: float = MOST_SECONDS,
    facts: Collection[str] = (),
) -> tuple[str, str]:
    """What is said now within `most` seconds, the question last, and what waits; `more` tells that
    something waits.

    All of it where that fits; else as many sentences as fit, in their order, those of `facts`
    before all others. Where the question leaves no room for the first, it is asked without how to
    answer it, and then without what leads to it; where that does not hold both either, the body
    waits untold (not with `begin`). Of a question that is too long by itself, what leads to it
    waits.
    """
    whole = f"{body} {question}".strip()
    if fits(whole, most):
        return whole, ""
    if not fits(f"{more} {question}", most):
        asking = asking_part(question)
        body, question = f"{body} {question.removesuffix(asking)}".strip(), asking
    parts = [entry for part in sentences(body) for entry in _ENTRY_END.split(part)]
    # What names 911 is said with the first, whatever follows; the first fact with what names its
    # topic.
    fact = next((at for at, part in enumerate(parts) if part in facts), 0)
    said_now = [part for at, part in enumerate(parts) if at <= fact or _SAFETY.search(part)]
    if parts and not fits(f"{' '.join(said_now)} {more} {question}", most):
        question = f"{question.removesuffix(asking_part(question))}{asking_sentence(question)}"
        if fits(f"{body} {question}", most):
            # Nothing waits, so nothing tells that something does.
            return f"{body} {question}", ""
        asking = asking_sentence(question)
        holds = fits(f"{parts[0]} {more} {question}", most)
        if more and not holds and fits(f"{parts[0]} {more} {asking}", most):
            # The fact comes before why something is asked, which is told on "more".
            body, question = f"{body} {question.removesuffix(asking)}".strip(), asking
            parts = [entry for part in sentences(body) for entry in _ENTRY_END.split(part)]
    room = most - seconds(f"{more} {question}")
    first = begin or not question
    if parts and not first:
        first = fits(f"{parts[0]} {more} {question}", most)
    now = _chosen(parts, room, facts, first=first)
    waiting = " ".join(part for at, part in enumerate(parts) if at not in now)
    if not waiting:
        return f"{body} {question}".strip(), ""
    said = (_joined(parts, now), more if now or not parts else "", question)
    return " ".join(part for part in said if part), waiting


def _chosen(parts: Sequence[str], room: float, facts: Collection[str], *, first: bool) -> set[int]:
    """Which are said now: those of danger, the facts, and then what fits; with `first` the first
    as well.
    """
    now = {at for at, part in enumerate(parts) if _SAFETY.search(part) or (first and at == 0)}
    before = [at for at, part in enumerate(parts) if part in facts]
    for at in dict.fromkeys([*before, *range(len(parts))]):
        if at in now:
            continue
        if seconds(_joined(parts, now | {at})) > room:
            break
        now.add(at)
    return now


def _joined(parts: Sequence[str], now: set[int]) -> str:
    """The chosen ones; a list that is left in the middle ends like a sentence."""
    return " ".join(
        f"{part[:-1]}." if part.endswith(";") and at + 1 not in now else part
        for at, part in enumerate(parts)
        if at in now
    )
