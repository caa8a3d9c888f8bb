"""Opening a case that a member has told an agent of: a route for the bridge."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from actions.answers.cases import in_medicare
from actions.services import Services
from alliance.turn import Channel, TurnContext
from alliance.verified import Actor

router = APIRouter()


class CaseAtDesk(BaseModel):
    """In which conversation, by which agent, for which company, of which kind (cases.yml)."""

    conversation_id: str
    channel: Channel
    agent: str
    partner: str
    kind: str
    words: str


@router.post("/cases/desk")
async def open_case(told: CaseAtDesk, request: Request) -> dict[str, Any]:
    """The case's `reference`, `due_at` and `urgency`; kept before this returns. The same words in
    the same conversation open no second one.
    """
    services: Services = request.app.state.services
    partners = services.configuration.current()
    member = await services.turns.verified(told.conversation_id)
    actor = Actor("agent", told.agent)
    context = TurnContext(told.conversation_id, "desk", told.channel, "live", actor)
    context = replace(context, verified=member)
    case = await services.filing.open(
        context,
        partners[told.partner],
        told.kind,
        told.words,
        member=member,
        medicare=await in_medicare(
            member, told.words, services.desk(context, partners), told.partner
        ),
    )
    return {
        "reference": case.reference,
        "due_at": case.due_at.isoformat(),
        "urgency": case.urgency,
    }
