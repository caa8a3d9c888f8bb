"""How a written conversation is held through the real stack: who speaks, and what must be heard.

The form is told in test_conversations.py; evaluation/conversations.py measures with the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import yaml

from api.ivr.portions import fits, seconds
from api.ivr.wording import MORE, MORE_BY_KEY
from tests.desk.test_handed_over import Agent, until
from tests.stack import Caller, Member, Stack

HERE = Path(__file__).parent
PEOPLE = yaml.safe_load((HERE / "people.yml").read_text("utf-8"))
CHANNELS = ("chat", "voice")
MOST_FACTORS = 9
# What a company's backend may do meanwhile, and for how many seconds an answer is kept back: less
# than a partner is waited for.
FAULTS = {"down": 0.0, "slow": 0.5}
# What a prompt asks for, by its words.
FACTORS = {
    "last four digits": "second",
    "last name": "last_name",
    "first name": "first_name",
    "company name is on your card": "card_company",
    "member id": "member_id",
    "date of birth": "date_of_birth",
    "zip code": "zip",
    "the code": "code",
}


# Whose records may be read, by how a card's number begins; of those who have, or had, a plan of
# several companies, all.
_COMPANIES = {"U": "cigna", "M": "mvp", "P": "preferred-care"}
_AT_SEVERAL = {
    "Jordan": {"cigna", "mvp"},
    "Taylor": {"cigna", "mvp"},
    "Connie": {"cigna", "mvp"},
    "Casey": {"cigna", "preferred-care"},
}

_MORE = re.compile("|".join(map(re.escape, (MORE, MORE_BY_KEY))))


class Talk(Protocol):
    """One conversation on one channel."""

    heard: str
    queue: str | None
    waits: int

    def say(self, text: str) -> None: ...
    def press(self, keys: str) -> None: ...
    def be_silent(self) -> None: ...
    @property
    def verified(self) -> bool | None: ...


class ChatTalk:
    """By web chat."""

    def __init__(self, stack: Stack, *, leaves_it: bool = True) -> None:
        """`leaves_it`: at night, for those who wait."""
        self.member: Member = stack.member()
        self.heard = self.member.greeting.text
        self.queue: str | None = None
        self.waits = 0
        self._leaves_it = leaves_it

    def say(self, text: str) -> None:
        reply = self.member.say(text)
        self.heard = reply.text
        closed = "closed now" in self.heard or "nadie atiende" in self.heard
        if self._leaves_it and closed:
            # At night: leave it, at the same queue.
            reply = self.member.say("leave it for them")
            self.heard += f"\n{reply.text}"
        if reply.state["owner"] == "queue":
            # Who writes on while they wait is told nothing of the queue any more.
            self.queue = _queue_named(self.heard) or self.queue or "alliance-front-desk"

    def press(self, keys: str) -> None:
        self.say(keys)

    def be_silent(self) -> None:
        """Nothing is sent, and nothing comes."""
        self.heard = self.member.messages().text

    @property
    def verified(self) -> bool | None:
        return bool(self.member.state["verified"])


class PhoneTalk:
    """By phone, as the recogniser writes it: no capitals, no punctuation. What is too long for one
    hearing is heard to its end, and no part of it is.
    """

    def __init__(self, stack: Stack, *, leaves_it: bool = True) -> None:
        """`leaves_it`: at night, on the line that takes messages."""
        self.caller: Caller = stack.caller()
        self.heard = self.caller.greeting.text
        self.queue: str | None = None
        self.waits = 0
        self._leaves_it = leaves_it

    def say(self, text: str) -> None:
        plain = "".join(c for c in text.lower() if c.isalnum() or c in " '/-")
        self._hear(self.caller.speak(plain))

    def press(self, keys: str) -> None:
        self._hear(self.caller.keys(keys))

    def be_silent(self) -> None:
        self._hear(self.caller.silence())

    def _hear(self, spoken: Any) -> None:
        assert fits(spoken.text), f"{seconds(spoken.text):.1f} seconds: {spoken.text}"
        text = spoken.text
        while _MORE.search(spoken.text):
            spoken = self.caller.speak("more")
            assert fits(spoken.text), f"{seconds(spoken.text):.1f} seconds: {spoken.text}"
            text = f"{text}\n{spoken.text}"
        # Said figure by figure.
        self.heard = re.sub(r"\b(?:9 1 1|9 8 8)\b", lambda m: m[0].replace(" ", ""), text)
        self.waits = spoken.waits
        if self._leaves_it and "is closed now" in spoken:
            # At night: leave a message, at the same queue.
            spoken = self.caller.keys("2")
            self.heard += f"\n{spoken.text}"
        if spoken.action == "transfer":
            self.queue = spoken.task["queue"]
            assert set(spoken.task) <= {"queue", "partner", "skills", "handoff_id"}

    @property
    def verified(self) -> bool | None:
        return None


# How the chat says whose people are waited for.
_WAITING_AT = ("queue of", "leave it for", "atiende en", "persona de")


def _queue_named(text: str) -> str | None:
    names = {
        "MVP Health Care": "mvp-member-services",
        "CIGNA HealthCare": "cigna-member-services",
        "Preferred Care": "preferred-care-member-services",
    }
    return next(
        (
            queue
            for name, queue in names.items()
            if any(f"{words} {name}" in text for words in _WAITING_AT)
        ),
        None,
    )


def held(
    stack: Stack, entry: dict[str, Any], channel: str, *, leaves_it: bool = True
) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Each turn with what was wrong with its reply, if anything was."""
    stack.let_codes_be_sent()
    with ExitStack() as mended:
        for fault in entry.keys() & FAULTS.keys():
            stack.fault(entry[fault], kind=fault, seconds=FAULTS[fault])
            mended.callback(stack.no_fault, entry[fault])
        kind = ChatTalk if channel == "chat" else PhoneTalk
        talk: Talk = kind(stack, leaves_it=leaves_it)
        for turn in entry["turns"]:
            if channel in turn.get("channels", CHANNELS):
                yield turn, _fault(talk, turn, channel, entry, stack)


def _fault(
    talk: Talk, turn: dict[str, Any], channel: str, entry: dict[str, Any], stack: Stack
) -> str | None:
    rows = stack.audited()
    before = rows[-1].number if rows else 0
    try:
        _take(talk, turn, entry, stack)
        _check(talk, turn, channel)
        _check_asked(_asked(stack, before), turn, entry)
    except AssertionError as error:
        return str(error)
    return None


def _asked(stack: Stack, before: int) -> set[str]:
    """The companies whose records of a member were read since then, by the audit."""
    return {row.partner for row in stack.audited(before) if row.action == "read"}


def _check_asked(asked: set[str], turn: dict[str, Any], entry: dict[str, Any]) -> None:
    """No company but the member's own is asked, whatever was said; where it is told which, those
    are.
    """
    if "as" in entry:
        others = asked - companies_of(PEOPLE[entry["as"]])
        assert not others, f"{', '.join(sorted(others))} was asked, where they have no plan"
    if "asks" in turn:
        assert asked == set(turn["asks"]), f"asked were: {', '.join(sorted(asked)) or 'none'}"


def companies_of(person: dict[str, str]) -> set[str]:
    """Where a sample member has, or had, a plan."""
    if several := _AT_SEVERAL.get(person["first_name"]):
        return several
    by_number = _COMPANIES.get(person["member_id"][:1])
    return {by_number or person["card_company"].lower().replace(" ", "-")}


def _take(talk: Talk, turn: dict[str, Any], entry: dict[str, Any], stack: Stack) -> None:
    if "verifies" in turn:
        verify(talk, PEOPLE[entry["as"]], stack, with_code=turn["verifies"] != "factors")
        return
    if "keys" in turn:
        talk.press(turn["keys"])
        return
    if "silent" in turn:
        talk.be_silent()
        return
    by_agent = "agent" in turn and isinstance(talk, ChatTalk)
    if by_agent:
        _accept(stack, turn["agent"])
    talk.say(turn["says"])
    if by_agent:
        until(partial(_comes, talk, turn["hears"]))


def _accept(stack: Stack, reason: str) -> None:
    """An agent takes the conversation that waits for this reason."""
    agent = Agent(stack)
    line = agent.waiting(reason)
    agent.post(f"conversations/{line['id']}/accept").raise_for_status()
    agent.http.close()


def _comes(talk: Talk, words: list[str]) -> bool:
    """Whether the words have come into the chat by now."""
    assert isinstance(talk, ChatTalk)
    talk.heard = talk.member.messages().text
    return all(str(each).lower() in talk.heard.lower() for each in words)


def verify(talk: Talk, person: dict[str, str], stack: Stack, *, with_code: bool) -> None:
    """Give what is asked for, until something else is said or the asking begins anew."""
    given: list[str] = []
    for _ in range(MOST_FACTORS):
        asked = asked_factor(talk.heard.lower())
        if asked is None or asked in given or (asked == "code" and not with_code):
            break
        given.append(asked)
        talk.say(stack.code(person["member_id"]) if asked == "code" else dated(person[asked]))
    assert given, f"nothing was asked for that proves who they are: {talk.heard}"


def dated(value: str) -> str:
    """A sample member's age is kept, and so their year of birth moves with the years."""
    this_year = date.today().year  # noqa: DTZ011 (the stand-ins make their people by it)
    return re.sub(r"\{(\d+) years ago\}", lambda years: str(this_year - int(years[1])), value)


def asked_factor(heard: str) -> str | None:
    """What is asked for: by the last words that name a factor, because the phone first reads back
    the one before.
    """
    places = {heard.rfind(words): factor for words, factor in FACTORS.items() if words in heard}
    return places[max(places)] if places else None


def _check(talk: Talk, turn: dict[str, Any], channel: str) -> None:
    heard = talk.heard.lower()
    assert heard.strip(), "nothing was said"
    # Spoken letter by letter.
    heard = f"{heard}\n{heard.replace('m v p', 'mvp')}" if "m v p" in heard else heard
    for words in [*turn.get("hears", ()), *turn.get(channel, ())]:
        any_of = words if isinstance(words, list) else [words]
        said = any(str(each).lower() in heard for each in any_of)
        assert said, f"{words!r} was not said in: {talk.heard}"
    for words in turn.get("never", ()):
        assert str(words).lower() not in heard, f"{words!r} was said in: {talk.heard}"
    if channel == "voice" and "waits" in turn:
        assert talk.waits >= turn["waits"], f"only {talk.waits} seconds after: {talk.heard}"
    if "queue" in turn:
        assert talk.queue == turn["queue"], f"{talk.queue} after: {talk.heard}"
    if "verified" in turn and talk.verified is not None:
        assert talk.verified is turn["verified"]
