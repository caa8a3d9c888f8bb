"""Verifying a member at the agent's desk, and lifting a lock-out there: routes for the bridge."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel

from actions.services import Services
from actions.verification import Factors, LockedOut, NotInAlliance, Unavailable, Verified
from alliance.turn import Channel, TurnContext
from alliance.verified import Actor

router = APIRouter()


class AtDesk(BaseModel):
    """Which conversation, and which agent acts."""

    conversation_id: str
    channel: Channel
    agent: str
    partner: str
    member_id: str

    def context(self) -> TurnContext:
        """The agent acts: what is read and tried is audited as theirs."""
        actor = Actor("agent", self.agent)
        return TurnContext(self.conversation_id, "desk", self.channel, "live", actor)


class Told(AtDesk):
    """What the member told the agent."""

    first_name: str
    birth_date: date
    zip: str


@router.post("/verifications/desk")
async def verify(told: Told, request: Request) -> dict[str, Any]:
    """`verified`, `refused`, `locked_out`, `not_in_alliance` or `unavailable`."""
    services: Services = request.app.state.services
    partners = services.configuration.current()
    outcome = await services.verification.verify(
        told.context(),
        Factors((told.first_name,), told.member_id, told.birth_date, told.zip),
        partners[told.partner],
        partners,
    )
    match outcome:
        case Verified():
            return {"outcome": "verified"}
        case LockedOut():
            return {"outcome": "locked_out"}
        case NotInAlliance():
            return {"outcome": "not_in_alliance"}
        case Unavailable():
            return {"outcome": "unavailable"}
    return {"outcome": "refused"}


@router.post("/lock-outs/lift")
async def lift(whom: AtDesk, request: Request) -> dict[str, str]:
    """Start the counts of a conversation and a person anew; the audit row comes first."""
    services: Services = request.app.state.services
    partners = services.configuration.current()
    await services.verification.lift_lock_out(
        whom.context(), partners[whom.partner], whom.member_id
    )
    return {"status": "lifted"}
