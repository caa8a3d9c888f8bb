"""The one thing that is asked of an authorization that was told: what is left of it, until when it
counts, whom it is for, its number. The whole is too long to be heard once more for one of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from actions.answers.claim_words import Voice
from actions.answers.wording import day, days
from alliance.authorizations import Authorization
from alliance.partners import Partner

GRANTED = ("approved", "partly_approved")


def part(item: Authorization, asked: str | None, partner: Partner, voice: Voice) -> str:
    """What the file says of it, as follow-ups name what is `asked`; nothing where it says nothing
    of that, and the whole is to be told.
    """
    tell = _PARTS.get(asked or "")
    return tell(item, partner, voice) if tell else ""


def _named(item: Authorization) -> str:
    """Of which care it is told: there may be several."""
    return f"{item.service}: " if item.service else ""


def _who(item: Authorization, partner: Partner, voice: Voice) -> str:
    name = voice.company(partner)
    place = f" It is for {item.provider}." if item.provider else ""
    if voice.spoken:
        return f"{name} doesn't name who asked: mostly the doctor who ordered it.{place}"
    on = f" on {day(item.requested_on)}" if item.requested_on else ""
    return (
        f"{name}'s file doesn't name who asked for it{on}: mostly that is the office of the doctor "
        f"who ordered the care.{place}"
    )


def _where(item: Authorization, partner: Partner, voice: Voice) -> str:
    if item.provider is None:
        return ""
    did = "approved it" if item.decision in GRANTED else "has the request"
    return f"{voice.company(partner)} {did} for {item.provider}."


def _care(item: Authorization, partner: Partner, voice: Voice) -> str:
    if item.service is None:
        return ""
    at = f" at {item.provider}" if item.provider else ""
    return f"{voice.company(partner)} has it as: {item.service}{at}."


def _reason(item: Authorization, partner: Partner, voice: Voice) -> str:
    if item.decision != "denied":
        return ""
    return (
        f"{_named(item)}{voice.company(partner)} did not approve it, and its file doesn't give me "
        "the reason: your letter does, and your doctor's office can ask the reviewer. You can also "
        "appeal."
    )


def _not_granted(item: Authorization, partner: Partner, voice: Voice) -> str:
    """That there is nothing to count, or no day until which it is good."""
    if item.decision == "denied":
        return (
            f"{_named(item)}{voice.company(partner)} did not approve it, so there is nothing to "
            "use. For an appeal, use the date on your letter."
        )
    if item.decision == "pending":
        return f"{_named(item)}{voice.company(partner)} has not decided on it yet."
    return ""


def _count(item: Authorization, partner: Partner, voice: Voice) -> str:
    """What is left of it, where it was granted and its units are counted."""
    approved, used = item.units_approved, item.units_used
    if item.decision not in GRANTED:
        return _not_granted(item, partner, voice)
    if approved is None or used is None:
        return ""
    name = voice.company(partner)
    until = f" They count until {day(item.end)}." if item.end else ""
    left = max(approved - used, 0)
    return f"{_named(item)}{name} shows {left} of {approved} left: {used} are used.{until}"


def _dates(item: Authorization, partner: Partner, voice: Voice) -> str:
    if item.decision not in GRANTED:
        return _not_granted(item, partner, voice)
    if item.end is None:
        return ""
    name = voice.company(partner)
    on = f"until {day(item.end)}" if item.start is None else f"from {days(item.start, item.end)}"
    return f"{_named(item)}{name}'s approval counts {on}."


def _asked_on(item: Authorization, partner: Partner, voice: Voice) -> str:
    """From when it counts, and when it was asked for."""
    counts = _dates(item, partner, voice) if item.decision in GRANTED else ""
    if item.requested_on is None:
        return counts
    named = "" if counts else _named(item)
    return f"{counts} {named}It was asked for on {day(item.requested_on)}.".strip()


def _number(item: Authorization, partner: Partner, voice: Voice) -> str:
    return f"{voice.company(partner)} has it under the number {item.number}."


_PARTS: Mapping[str, Callable[[Authorization, Partner, Voice], str]] = {
    "who": _who,
    "where": _where,
    "count": _count,
    "deadline": _dates,
    "since": _asked_on,
    "care": _care,
    "reason": _reason,
    "number": _number,
}
