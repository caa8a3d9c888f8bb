"""From what was understood to what an agent is shown: answers to send, and what to do next."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

from alliance.answer import Answer
from alliance.hours import is_open
from alliance.partners import Partners
from alliance.verified import Actor, VerifiedMember
from api.assistant import Reply

MOST = 3
# Below this the desk stays silent: silence beats noise.
LEAST_CONFIDENCE = 0.4
# A company's facts are fetched again when they are older.
STALE = timedelta(minutes=5)
# Small talk and not having understood are no help to an agent.
_UNHELPFUL = frozenset(
    {
        "out_of_scope",
        "unclear",
        "ask_capabilities",
        "inform",
        "repeat",
        "cancel",
        "speak_to_agent",
        "emergency",
    }
)
_PROGRAMMES = frozenset({"disease_management", "maternity_program", "wellness_program"})

# What a member asks for here, the company keeps as a case, with a number and a day.
_CASES = frozenset(
    {
        "complaint", "report_fraud", "confidential_communication", "report_death", "appeal",
        "add_dependent", "remove_dependent", "end_coverage",
    }
)  # fmt: skip

Step = Literal["verify", "confirm_code", "ask_zip", "open_case", "offer_program", "call_back"]
_AWAITED: Mapping[str, Step] = {"identity": "verify", "code": "confirm_code"}


def proof_for(
    member: VerifiedMember | None, companies: frozenset[str], actor: Actor
) -> VerifiedMember | None:
    """The member's proof as far as somebody who serves these companies may use it: reads are the
    actor's, and other companies stay closed. None when the member's own company is one of them.
    """
    if member is None or member.person.home.partner not in companies:
        return None
    others = tuple(m for m in member.person.others if m.partner in companies)
    return replace(member, person=replace(member.person, others=others), actor=actor)


def person_of(member: VerifiedMember | None) -> str | None:
    """Stands for the proven person, and for nobody else: what was made of one's data is shown only
    as long as that very person is proven.
    """
    if member is None:
        return None
    home = member.person.home
    return hashlib.sha256(f"{home.partner}/{home.patient_id}".encode()).hexdigest()[:16]


def suggestions(reply: Reply, partners: Partners, now: datetime) -> list[dict[str, Any]]:
    """At most three, best first; none when the message was not understood well enough."""
    helpful = [
        answer
        for answer in reply.answers
        if answer.facts.get("awaits")
        or (answer.intent not in _UNHELPFUL and _sure_enough(answer, reply))
    ]
    return [_body(answer, reply, partners, now) for answer in helpful[:MOST]]


def _sure_enough(answer: Answer, reply: Reply) -> bool:
    return reply.confidence >= LEAST_CONFIDENCE or bool(reply.asking) or _goes_on(answer, reply)


def _goes_on(answer: Answer, reply: Reply) -> bool:
    """Whether it answers by what was talked about before ("the latest", "MVP", "and mine too"):
    how surely the message itself was understood says nothing then.
    """
    if answer.intent is None:
        return False
    bands = {str(question.get("intent")): question.get("band") for question in reply.questions}
    # The dialogue answers what it is not sure of only where the conversation leaves no doubt.
    unsure = bands.get(answer.intent) in ("reject", "confirm")
    return unsure or answer.intent not in {reply.intent, *bands}


def is_knowledge(resource: str | None) -> bool:
    """Whether a source is an entry of the alliance's own knowledge, which is no company's file."""
    return resource is not None and resource.startswith("knowledge/")


def is_stale(body: Mapping[str, Any], now: datetime) -> bool:
    """Whether a fact of a company's is older than five minutes."""
    return any(
        not is_knowledge(source["resource"])
        and now - datetime.fromisoformat(source["fetched_at"]) > STALE
        for source in body["sources"]
    )


def sources_of(answer: Answer, partners: Partners) -> list[dict[str, Any]]:
    """Where an answer's facts come from, for reading."""
    return [
        {
            "partner": source.partner,
            "company": partner.name
            if (partner := partners.get(source.partner))
            else "Alliance knowledge",
            "resource": source.resource,
            "fetched_at": source.fetched_at,
        }
        for source in answer.sources
    ]


def _body(answer: Answer, reply: Reply, partners: Partners, now: datetime) -> dict[str, Any]:
    intent = answer.intent or reply.intent
    return {
        "text": answer.text,
        "kind": answer.kind,
        "intent": intent,
        "title": intent.replace("_", " "),
        "confidence": None if _goes_on(answer, reply) else round(reply.confidence, 3),
        "entities": [
            {"entity": entity["entity"], "value": str(entity.get("value", ""))}
            for entity in _entities(intent, reply)
        ],
        "sources": sources_of(answer, partners),
        "next": next_steps(answer, reply.asking, partners, now),
    }


def _entities(intent: str, reply: Reply) -> Sequence[Mapping[str, Any]]:
    """Those of the question that the answer is about; of the message where that is not told."""
    own = next((q.get("entities") for q in reply.questions if q.get("intent") == intent), None)
    return own if own is not None else reply.entities


def next_steps(answer: Answer, asking: str | None, partners: Partners, now: datetime) -> list[Step]:
    """What would help most now."""
    steps: list[Step] = []
    if awaited := _AWAITED.get(str(answer.facts.get("awaits"))):
        steps.append(awaited)
    if asking == "need_location":
        steps.append("ask_zip")
    if answer.intent in _CASES:
        steps.append("open_case")
    offered = answer.offers.intent if answer.offers else answer.intent
    if offered in _PROGRAMMES:
        steps.append("offer_program")
    partner = partners.get(answer.partner)
    if answer.kind == "notice" and partner and not is_open(partner.phone, now):
        steps.append("call_back")
    return steps
