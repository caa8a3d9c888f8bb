"""Judges what the desk suggests at every message of the conversation tests.

Each conversation is held twice at once, through two bridges' worth of real code on one running
Memberline: with the assistant, whose answer is what an agent should have been shown, and with an
agent in the assistant's place. The agent verifies where the assistant does, and says what the
assistant says. A third one, whose agent serves none of the member's companies, must see nothing of
theirs.

Nobody else's data may be shown, whoever's it is: every suggestion is held against the stand-ins'
own list of who has which file, claim, member ID and name.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

import pytest
import yaml

from alliance.answer import Answer
from alliance.turn import verification_key
from alliance.verified import VerifiedMember
from api.app import Parts, create_app
from api.conversations.service import Outcome, Said
from api.conversations.store import Conversation
from api.desk.agents import Agent
from api.settings import settings_from_environment
from sandbox.population.calendar import Anchor, today
from sandbox.population.records import Member, patient_id
from sandbox.population.samples import samples
from tests.conversations.talks import HERE, MOST_FACTORS, PEOPLE, asked_factor, dated
from tests.stack import Stack

# An answer in words; asking who it is; asking something else; danger; opening a case or signing up
# for a program, which an agent does and a suggestion doesn't; or nothing: small talk needs no help.
Kind = Literal["answer", "verify", "question", "danger", "case", "program", "silence"]
# Kinds of messages that ask something: factors and small talk are the easy ones.
ASKED: frozenset[Kind] = frozenset({"answer", "question", "case", "program", "danger"})
_WHO = frozenset({"verify", "confirm_code"})
COMPANIES = frozenset({"cigna", "mvp", "preferred-care"})
# Sources that are nobody's: general words, directories, lists of drugs.
_PUBLIC = frozenset(
    {"knowledge", "PractitionerRole", "HealthcareService", "MedicationKnowledge", "wellness"}
)
_FIGURE = re.compile(r"[$\d]")
_ANYBODYS = re.compile(r"911|1-800|^555$")
_PATIENT = re.compile(r"\bp[0-9a-f]{16}\b")
# Said by the dialogue about itself: an agent needs no words for it.
_TALK = frozenset(
    {
        "greet", "goodbye", "thank", "affirm", "deny", "inform", "cancel", "repeat", "unclear",
        "ask_capabilities", "bot_challenge", "feedback_positive", "feedback_negative",
        "out_of_scope", "speak_to_agent",
    }
)  # fmt: skip


@dataclass
class Judged:
    """One message: what an agent should have been shown, and whether it was among the three."""

    conversation: str
    said: str
    kind: Kind
    wanted: list[str]
    shown: list[str]
    right: bool
    leaked: list[str] = field(default_factory=list)


def entries() -> Iterator[dict[str, Any]]:
    """The conversations that are held in chat."""
    for path in sorted(HERE.glob("*.yml")):
        if path.name == "people.yml":
            continue
        for entry in yaml.safe_load(path.read_text("utf-8")):
            if "chat" in entry.get("channels", ("chat",)):
                yield {**entry, "file": path.stem}


@asynccontextmanager
async def second_bridge(stack: Stack) -> AsyncIterator[Parts]:
    """Another bridge of the same Memberline, in this process."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in stack.environment.items():
            patch.setenv(name, value)
        patch.setenv("MEMBERLINE_VAR", str(stack.var))
        app = create_app(settings_from_environment())
        async with app.router.lifespan_context(app):
            parts: Parts = app.state.parts
            yield parts


class AtDesk:
    """A conversation that an agent has from its first message."""

    def __init__(self, parts: Parts, agent: Agent, conversation: Conversation) -> None:
        self._parts = parts
        self._agent = agent
        self._id = conversation.id

    @classmethod
    async def begin(cls, parts: Parts, agent: Agent) -> AtDesk:
        conversation = await parts.store.create("chat")
        await parts.handovers.open(conversation, {"partner": None, "reason": ""}, None)
        await parts.desk.accept(agent, conversation.id)
        return cls(parts, agent, conversation)

    async def hear(self, text: str) -> list[dict[str, Any]]:
        """The suggestions, once the member has said something."""
        await self._parts.agents.seen(self._agent.username)
        await self._parts.conversations.member_says(self._id, Said(text=text))
        return await self._shown()

    async def prove(self, proof: VerifiedMember | None) -> list[dict[str, Any]]:
        """As the agent's verifying does."""
        key = verification_key(self._id)
        if proof is None:
            await self._parts.redis.delete(key)
            return await self._shown()
        own = replace(proof, conversation_id=self._id)
        await self._parts.redis.set(key, json.dumps(own.to_json()), ex=900)
        await self._parts.desk.was_verified(self._id)
        return await self._shown()

    async def say(self, text: str) -> None:
        await self._parts.desk.say(self._agent, self._id, text)

    async def last_seq(self) -> int:
        """The number of the member's last message."""
        messages = await self._parts.store.messages(self._id)
        return max((m.seq for m in messages if m.sender == "member"), default=0)

    async def alarmed(self) -> bool:
        """Whether the member was shown a number for danger."""
        messages = await self._parts.store.messages(self._id)
        return any(m.sender == "system" and ("911" in m.text or "988" in m.text) for m in messages)

    async def end(self) -> None:
        await self._parts.desk.wrap_up(self._agent, self._id, "answered", "")

    async def _shown(self) -> list[dict[str, Any]]:
        await self._parts.shadows.close()
        return await self._parts.desk.suggestions(self._agent, self._id)


class Judge:
    """Holds conversations and collects what it has judged."""

    def __init__(self, stack: Stack, parts: Parts) -> None:
        self._stack = stack
        self._parts = parts
        self.judged: list[Judged] = []

    async def hold(self, entry: dict[str, Any]) -> None:
        """One conversation, to its end or until a person is waited for."""
        live = await self._parts.store.create("chat")
        held = _Held(self, entry, live.id)
        held.desk = await AtDesk.begin(self._parts, await agent_of(self._parts, COMPANIES))
        self._stack.let_codes_be_sent()
        for turn in entry["turns"]:
            if "chat" not in turn.get("channels", ("chat",)):
                continue
            said = turn.get("says") or turn.get("keys")
            going_on = (
                await held.verify(PEOPLE[entry["as"]], with_code=turn["verifies"] != "factors")
                if "verifies" in turn
                else await held.say(str(said), turn)
            )
            if not going_on:
                break
        await held.desk.end()

    @property
    def parts(self) -> Parts:
        return self._parts

    @property
    def stack(self) -> Stack:
        return self._stack


class _Held:
    desk: AtDesk

    def __init__(self, judge: Judge, entry: dict[str, Any], live: str) -> None:
        self._judge = judge
        self._entry = entry
        self._live = live
        self._heard = ""
        self._proof: VerifiedMember | None = None
        # What the member has typed is theirs to read again.
        self._said = ""

    async def verify(self, person: dict[str, str], *, with_code: bool) -> bool:
        given: list[str] = []
        for _ in range(MOST_FACTORS):
            asked = asked_factor(self._heard.lower())
            if asked is None or asked in given or (asked == "code" and not with_code):
                return True
            given.append(asked)
            text = (
                self._judge.stack.code(person["member_id"])
                if asked == "code"
                else dated(person[asked])
            )
            if not await self.say(text, {}):
                return False
        return True

    async def say(self, text: str, turn: dict[str, Any]) -> bool:
        """Both hear it; the assistant's answer judges the suggestions. False: a person comes."""
        parts = self._judge.parts
        self._said += f"\n{text}"
        outcome = await parts.conversations.member_says(self._live, Said(text=text))
        if outcome.reply is None:
            return False
        self._heard = "\n".join(m.text for m in outcome.messages if m.sender != "member")
        shown = await self.desk.hear(text)
        proof = await parts.assistant.verified(self._live)
        proven = proof is not None and (self._proof is None or self._proof.level < proof.level)
        if proven:
            shown = await self.desk.prove(proof)
        elif proof is None and self._proof is not None:
            await self.desk.prove(None)
        self._proof = proof
        kind, wanted = expected(outcome)
        shown = [one for one in shown if one["for_seq"] == await self.desk.last_seq()]
        right = await self._right(kind, wanted, shown)
        never = [str(w) for w in turn.get("never", ()) if "chat" in turn.get("channels", ("chat",))]
        # The agent's question about who the member is stands for all the assistant's. Amounts,
        # days and people must be in no text at all; words of the dialogue may stand in what rests
        # on nobody's file.
        leaked = [
            word
            for word in never
            for one in shown
            if not _WHO.intersection(one["next"])
            and word.lower() in one["text"].lower()
            and (
                tells_of_somebody(word)
                or any(_is_personal(source["resource"]) for source in one["sources"])
            )
        ]
        leaked += self._foreign(shown, proof) + others_data(shown, proof, self._said)
        leaked += await self._strangers(text, outcome, proof)
        self._judge.judged.append(
            Judged(
                f"{self._entry['file']}: {self._entry['conversation']}",
                text,
                kind,
                wanted,
                [f"[{', '.join(s['next'])}] {s['text']}" for s in shown],
                right,
                leaked,
            )
        )
        if self._heard:
            await self.desk.say(self._heard)
        return outcome.conversation.owner == "assistant"

    async def _right(self, kind: Kind, wanted: list[str], shown: list[dict[str, Any]]) -> bool:
        texts = [one["text"] for one in shown]
        match kind:
            case "danger":
                return await self.desk.alarmed()
            case "verify":
                steps = {step for one in shown for step in one["next"]}
                return bool(steps & _WHO) and all(w in texts for w in wanted)
            case "case" | "program":
                step = {"case": "open_case", "program": "offer_program"}[kind]
                return any(step in one["next"] for one in shown)
            case "silence":
                return True
        return all(any(same(w, t) for t in texts) for w in wanted)

    def _foreign(self, shown: list[dict[str, Any]], proof: VerifiedMember | None) -> list[str]:
        """Sources that are no company's of the member."""
        own = {m.partner for m in proof.person.memberships} if proof else set()
        return [
            f"{source['partner']}: {source['resource']}"
            for one in shown
            for source in one["sources"]
            if _is_personal(source["resource"]) and source["partner"] not in own
        ]

    async def _strangers(
        self, text: str, outcome: Outcome, proof: VerifiedMember | None
    ) -> list[str]:
        """What an agent of no company of the member's would be shown of theirs."""
        personal = [answer for answer in outcome.answers if answer.level and answer.sources]
        if proof is None or not personal:
            return []
        others = COMPANIES - {m.partner for m in proof.person.memberships}
        if not others:
            return []
        desk = await AtDesk.begin(self._judge.parts, await agent_of(self._judge.parts, others))
        await desk.prove(proof)
        shown = await desk.hear(text)
        await desk.end()
        return [
            f"to a stranger: {one['text']}"
            for one in shown
            if any(same(answer.text, one["text"]) for answer in personal)
            or any(_is_personal(source["resource"]) for source in one["sources"])
        ]


def expected(outcome: Outcome) -> tuple[Kind, list[str]]:
    """What an agent should be shown in the assistant's place."""
    reply = outcome.reply
    assert reply is not None
    if reply.emergency:
        return "danger", []
    answers = [a for a in outcome.answers if a.kind == "answer" and not _is_talk(a)]
    wanted = [answer.text for answer in answers][:3]
    if reply.asking and reply.asking.startswith("factor_"):
        return "verify", wanted
    if any(answer.facts.get("due") for answer in answers):
        return "case", wanted
    if any(answer.facts.get("enrolment") for answer in answers):
        return "program", wanted
    if wanted:
        return "answer", wanted
    questions = [a.text for a in outcome.answers if a.kind == "question" and not _is_talk(a)]
    if questions and reply.asking:
        return "question", questions
    return "silence", []


def same(wanted: str, text: str) -> bool:
    """The same words, whatever the spaces."""
    return " ".join(wanted.split()) == " ".join(text.split())


def _is_talk(answer: Answer) -> bool:
    return answer.intent is None or answer.intent in _TALK


def _is_personal(resource: str) -> bool:
    """Whatever is not known to be anybody's to read."""
    return resource.split("/")[0] not in _PUBLIC


def tells_of_somebody(word: str) -> bool:
    """Whether it is an amount, a day, a number or a person; a line that anybody may call is not."""
    if _ANYBODYS.search(word):
        return False
    return bool(_FIGURE.search(word)) or any(word.startswith(m.given) for m in people())


def others_data(shown: list[dict[str, Any]], proof: VerifiedMember | None, said: str) -> list[str]:
    """What in the suggestions is of somebody else than the proven person, and those of their plan
    of whom they may hear: files, claims, member IDs, full names. `said`: what the member has typed.
    """
    own = {m.patient_id for m in proof.person.memberships} if proof else set()
    allowed = own | {m.id for m in people() if _hears_of(own, m)}
    found = []
    for one in shown:
        for source in one["sources"]:
            found += [p for p in _PATIENT.findall(source["resource"]) if p not in allowed]
        text = one["text"]
        found += [
            mark
            for mark, owners in marks().items()
            if mark in text and mark not in said and not owners & allowed
        ]
    return found


@cache
def people() -> tuple[Member, ...]:
    """The sample members, as each company knows them."""
    return tuple(one.member for one in samples(Anchor(today("America/New_York"))))


@cache
def marks() -> dict[str, frozenset[str]]:
    """What tells of somebody, and whose it is (the ids of their files)."""
    whose: dict[str, set[str]] = {}
    for member in people():
        numbers = (claim.number for claim in member.claims)
        for mark in (*numbers, member.member_id, f"{member.given} {member.family}"):
            whose.setdefault(mark, set()).add(member.id)
    return {mark: frozenset(ids) for mark, ids in whose.items()}


def _hears_of(own: set[str], other: Member) -> bool:
    """Whether a subscriber hears of somebody on their plan, by that person's file."""
    return (
        any(
            cover.subscriber is not None and patient_id(other.partner, cover.subscriber) in own
            for cover in other.covers
        )
        and not other.confidential_from
    )


async def agent_of(parts: Parts, companies: frozenset[str]) -> Agent:
    """The desk's user who serves these companies, made when there is none."""
    name = f"judge-{'-'.join(sorted(companies))}"
    if await parts.agents.get(name) is None:
        password = "a-password-of-the-tests"
        await parts.agents.add(name, "Judge", password, "agent", sorted(companies))
    await parts.agents.seen(name)
    return Agent(name, "Judge", "agent", companies)


async def judged_all(stack: Stack) -> list[Judged]:
    """Every conversation, with the faults that it wants."""
    async with second_bridge(stack) as parts:
        judge = Judge(stack, parts)
        for entry in entries():
            with ExitStack() as mended:
                if "down" in entry:
                    stack.fault(entry["down"], kind="down")
                    mended.callback(stack.no_fault, entry["down"])
                await judge.hold(entry)
        return judge.judged
