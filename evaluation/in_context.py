"""Whether a question of its own is answered in the middle of a conversation as it is alone.

    .venv/bin/python -m evaluation.in_context [--show] [--sample N] [--seed N] [--as NAME]

Asks development sentences through real processes: each alone, then while who is asking is asked,
then after another question. Where the reply does not begin as it does alone, something was
swallowed or carried over, or the context rightly matters: `--show` tells each, to be judged by
reading. A sentence that the assistant asks back about alone, or that is no question of a topic, is
left out.
`--as` opens the conversations as a sample member who is signed in (people.yml of the conversation
tests); then nobody is asked who they are.
"""

from __future__ import annotations

import argparse
import random
import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from actions.answers.talk import is_talk
from evaluation import sentences
from evaluation.measures import share
from tests.conversations.conftest import MONDAY_NOON
from tests.conversations.talks import PEOPLE
from tests.stack import Member, Stack, running_stack

_COMPANIES = {"U": "cigna", "M": "mvp", "P": "preferred-care"}
# Begins a form that asks who it is.
_ASKS_WHO = "was my claim from march paid"
_WHO = "first name"
_ASKED_BACK = "Is it one of these?"
_NO_TOPIC = frozenset({"out_of_scope", "emergency", "speak_to_agent", "repeat"})


@dataclass(frozen=True)
class Seen:
    """What was said before a question, the question, and the reply alone and there."""

    scene: str
    before: str
    text: str
    alone: str
    here: str

    @property
    def kept(self) -> bool:
        """Whether the reply is the same: its first sentence is somewhere in it."""
        return _first(self.alone) in self.here


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="evaluation.in_context")
    parser.add_argument("--show", action="store_true", help="tell each that differs")
    parser.add_argument("--sample", type=int, default=400, help="how many sentences")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--as", dest="who", choices=sorted(PEOPLE), help="who is signed in")
    chosen = parser.parse_args(arguments)
    drawn = random.Random(chosen.seed)
    asked = [each.text for each in sentences.development() if _is_of_topic(each.intent)]
    said = drawn.sample(asked, min(chosen.sample, len(asked)))
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder) / "var", MEMBERLINE_NOW=MONDAY_NOON) as stack,
    ):
        seen = list(_seen(stack, said, drawn, chosen.who))
    for each in seen:
        if chosen.show and not each.kept:
            print(f"\n== {each.scene}: {each.before}\n   {each.text}")
            print(f"   alone: {each.alone}\n   here:  {each.here}")
    for scene in sorted({each.scene for each in seen}):
        print(f"{scene:28} {share(each.kept for each in seen if each.scene == scene)}")


def _seen(
    stack: Stack, said: Sequence[str], drawn: random.Random, who: str | None
) -> Iterator[Seen]:
    for text in said:
        alone = _member(stack, who).say(text).text
        if _ASKED_BACK in alone:
            continue
        if who is None and not alone.endswith(f"{_WHO}?"):
            yield Seen(
                "while it is asked who",
                _ASKS_WHO,
                text,
                alone,
                _after(stack, None, _ASKS_WHO, text),
            )
        before = drawn.choice(said)
        member = _member(stack, who)
        if _WHO not in member.say(before).text and member.state["owner"] == "assistant":
            yield Seen("after another question", before, text, alone, member.say(text).text)


def _after(stack: Stack, who: str | None, before: str, text: str) -> str:
    member = _member(stack, who)
    member.say(before)
    return member.say(text).text


def _member(stack: Stack, who: str | None) -> Member:
    if who is None:
        return stack.member()
    number = PEOPLE[who]["member_id"]
    return stack.member(stack.ticket(_COMPANIES[number[0]], number))


def _is_of_topic(intent: str) -> bool:
    return not is_talk(intent) and intent not in _NO_TOPIC


def _first(text: str) -> str:
    return re.split(r"(?<=[.?!])\s", text.strip())[0]


if __name__ == "__main__":
    main()
