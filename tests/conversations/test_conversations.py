"""Whole conversations, in chat and by phone, through real processes.

Each `*.yml` beside this file holds conversations: who speaks (`as`, from people.yml), on which
channels (both unless said), and turns. A turn `says` something, presses `keys`, or `verifies`
(gives whatever factors are asked for, also the code that is sent, unless it `verifies: factors`
alone); then `hears`, `chat` or `voice` name what must be in the reply, `never` what must not,
`queue` where the person waits, `verified` whether somebody is proven. `down` names a company whose
backend does not answer meanwhile, `about` the member IDs of others whom the conversation is about.
In a turn of the chat, `agent` lets an agent take the conversation that waits for such a reason
first: then the reply comes when it comes. On the phone `waits` is how many seconds of silence are
waited for at least.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any, Protocol

import pytest
import yaml

from api.ivr.portions import fits, seconds
from api.ivr.wording import MORE, MORE_BY_KEY
from tests.desk.test_handed_over import Agent, until
from tests.stack import Caller, Member, Stack

MOST_FAILING = 5
HERE = Path(__file__).parent
PEOPLE = yaml.safe_load((HERE / "people.yml").read_text("utf-8"))
CHANNELS = ("chat", "voice")
MOST_FACTORS = 9
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


_MORE = re.compile("|".join(map(re.escape, (MORE, MORE_BY_KEY))))


class Talk(Protocol):
    """One conversation on one channel."""

    heard: str
    queue: str | None
    waits: int

    def say(self, text: str) -> None: ...
    def press(self, keys: str) -> None: ...
    @property
    def verified(self) -> bool | None: ...


class ChatTalk:
    """By web chat."""

    def __init__(self, stack: Stack) -> None:
        self.member: Member = stack.member()
        self.heard = self.member.greeting.text
        self.queue: str | None = None
        self.waits = 0

    def say(self, text: str) -> None:
        reply = self.member.say(text)
        self.heard = reply.text
        if "closed now" in self.heard or "nadie atiende" in self.heard:
            # At night: leave it, at the same queue.
            reply = self.member.say("leave it for them")
            self.heard += f"\n{reply.text}"
        if reply.state["owner"] == "queue":
            self.queue = _queue_named(self.heard)

    def press(self, keys: str) -> None:
        self.say(keys)

    @property
    def verified(self) -> bool | None:
        return bool(self.member.state["verified"])


class PhoneTalk:
    """By phone, as the recogniser writes it: no capitals, no punctuation. What is too long for one
    hearing is heard to its end, and no part of it is.
    """

    def __init__(self, stack: Stack) -> None:
        self.caller: Caller = stack.caller()
        self.heard = self.caller.greeting.text
        self.queue: str | None = None
        self.waits = 0

    def say(self, text: str) -> None:
        plain = "".join(c for c in text.lower() if c.isalnum() or c in " '/-")
        self._hear(self.caller.speak(plain))

    def press(self, keys: str) -> None:
        self._hear(self.caller.keys(keys))

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
        if "is closed now" in spoken:
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


def _queue_named(text: str) -> str:
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
        "alliance-front-desk",
    )


def conversations() -> Iterator[Any]:
    for path in sorted(HERE.glob("*.yml")):
        if path.name == "people.yml":
            continue
        for entry in yaml.safe_load(path.read_text("utf-8")):
            for channel in entry.get("channels", CHANNELS):
                yield pytest.param(
                    entry, channel, id=f"{path.stem}: {entry['conversation']} [{channel}]"
                )


def test_few_fail_and_each_says_why() -> None:
    failing = [
        entry
        for path in sorted((HERE / "failing").glob("*.yml"))
        for entry in yaml.safe_load(path.read_text("utf-8"))
    ]
    assert len(failing) <= MOST_FAILING
    assert all(entry["reason"] for entry in failing)


@pytest.mark.parametrize(("entry", "channel"), list(conversations()))
def test_conversation(stack: Stack, entry: dict[str, Any], channel: str) -> None:
    stack.let_codes_be_sent()
    with ExitStack() as mended:
        if "down" in entry:
            stack.fault(entry["down"], kind="down")
            mended.callback(stack.no_fault, entry["down"])
        _hold(stack, entry, channel)


def _hold(stack: Stack, entry: dict[str, Any], channel: str) -> None:
    talk: Talk = ChatTalk(stack) if channel == "chat" else PhoneTalk(stack)
    for turn in entry["turns"]:
        if channel not in turn.get("channels", CHANNELS):
            continue
        if "verifies" in turn:
            _verify(talk, PEOPLE[entry["as"]], stack, with_code=turn["verifies"] != "factors")
        elif "keys" in turn:
            talk.press(turn["keys"])
        else:
            if "agent" in turn and isinstance(talk, ChatTalk):
                _accept(stack, turn["agent"])
            talk.say(turn["says"])
            if "agent" in turn and isinstance(talk, ChatTalk):
                until(partial(_comes, talk, turn["hears"]))
        _check(talk, turn, channel)


def _accept(stack: Stack, reason: str) -> None:
    """An agent takes the conversation that waits for this reason."""
    agent = Agent(stack)
    line = agent.waiting(reason)
    agent.post(f"conversations/{line['id']}/accept").raise_for_status()
    agent.http.close()


def _comes(talk: ChatTalk, words: list[str]) -> bool:
    """Whether the words have come into the chat by now."""
    talk.heard = talk.member.messages().text
    return all(str(each).lower() in talk.heard.lower() for each in words)


def _verify(talk: Talk, person: dict[str, str], stack: Stack, *, with_code: bool) -> None:
    """Give what is asked for, until something else is said or the asking begins anew."""
    given: list[str] = []
    for _ in range(MOST_FACTORS):
        asked = _asked(talk.heard.lower())
        if asked is None or asked in given or (asked == "code" and not with_code):
            return
        given.append(asked)
        talk.say(stack.code(person["member_id"]) if asked == "code" else _dated(person[asked]))


def _dated(value: str) -> str:
    """A sample member's age is kept, and so their year of birth moves with the years."""
    this_year = date.today().year  # noqa: DTZ011 (the stand-ins make their people by it)
    return re.sub(r"\{(\d+) years ago\}", lambda years: str(this_year - int(years[1])), value)


def _asked(heard: str) -> str | None:
    """What is asked for: by the last words that name a factor, because the phone first reads back
    the one before.
    """
    places = {heard.rfind(words): factor for words, factor in FACTORS.items() if words in heard}
    return places[max(places)] if places else None


def _check(talk: Talk, turn: dict[str, Any], channel: str) -> None:
    heard = talk.heard.lower()
    assert heard.strip(), "nothing was said"
    for words in [*turn.get("hears", ()), *turn.get(channel, ())]:
        assert str(words).lower() in heard, f"{words!r} was not said in: {talk.heard}"
    for words in turn.get("never", ()):
        assert str(words).lower() not in heard, f"{words!r} was said in: {talk.heard}"
    if channel == "voice" and "waits" in turn:
        assert talk.waits >= turn["waits"], f"only {talk.waits} seconds after: {talk.heard}"
    if "queue" in turn:
        assert talk.queue == turn["queue"], f"{talk.queue} after: {talk.heard}"
    if "verified" in turn and talk.verified is not None:
        assert talk.verified is turn["verified"]
