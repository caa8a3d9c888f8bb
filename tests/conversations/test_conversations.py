"""Whole conversations, in chat and by phone, through real processes.

Each `*.yml` beside this file holds conversations: who speaks (`as`, from people.yml), on which
channels (both unless said), and turns. A turn `says` something, presses `keys`, or `verifies`
(gives whatever factors are asked for, also the code that is sent, unless it `verifies: factors`
alone); then `hears`, `chat` or `voice` name what must be in the reply (of a list in them, any one),
`never` what must not, `queue` where the person waits, `verified` whether somebody is proven, `asks`
which companies' records of a member were read for it, by the audit (no other than the companies of
whoever speaks ever may be). `down` names a company whose backend does not answer meanwhile,
`slow` one that takes its time; `about` the member IDs of others whom the conversation is about.
In a turn of the chat, `agent` lets an agent take the conversation that waits for such a reason
first: then the reply comes when it comes. On the phone `waits` is how many seconds of silence are
waited for at least, and who is `silent` says nothing. `at_night` is held on a Saturday night, with
a clock that stands still: then it is told what follows where nobody answers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from tests.conversations.talks import CHANNELS, HERE, held
from tests.stack import Stack

MOST_FAILING = 5


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
def test_each_ends_with_something_that_must_be_heard(entry: dict[str, Any], channel: str) -> None:
    last = [turn for turn in entry["turns"] if channel in turn.get("channels", CHANNELS)][-1]
    assert last.keys() & {"hears", channel, "queue", "agent"}


@pytest.mark.parametrize(("entry", "channel"), list(conversations()))
def test_conversation(stack: Stack, entry: dict[str, Any], channel: str) -> None:
    for _, fault in held(stack, entry, channel):
        assert fault is None, fault
