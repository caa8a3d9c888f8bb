"""Verifying a member at the agent's desk, and lifting a lock-out there: routes for the bridge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from actions.identity.codes import (
    CodeLocked,
    Expired,
    NoContact,
    NotSent,
    Proven,
    Sent,
    TooSoon,
    WrongCode,
)
from actions.identity.no_card import NameFactors
from actions.services import Services
from actions.verification import (
    Factors,
    LockedOut,
    NotInAlliance,
    Outcome,
    Several,
    Unavailable,
    Verified,
)
from alliance.contacts import ContactKind
from alliance.turn import Channel, TurnContext
from alliance.verified import Actor, VerifiedMember

router = APIRouter()


class AtDesk(BaseModel):
    """Which conversation, which agent acts, and for whose member."""

    conversation_id: str
    channel: Channel
    agent: str
    partner: str

    def context(self, member: VerifiedMember | None = None) -> TurnContext:
        """The agent acts: what is read and tried is audited as theirs."""
        actor = Actor("agent", self.agent)
        context = TurnContext(self.conversation_id, "desk", self.channel, "live", actor)
        return replace(context, verified=member)


class OfMember(AtDesk):
    """A member by the ID on their card."""

    member_id: str


class Told(OfMember):
    """What the member told the agent from the card."""

    first_name: str
    birth_date: date
    zip: str


class ToldWithoutCard(AtDesk):
    """What the member told the agent who has no card: `second` as the company asks for it."""

    first_name: str
    last_name: str
    birth_date: date
    zip: str
    second: str


class SendCode(AtDesk):
    """A code to the best contact on file, or to the best of a kind."""

    kind: ContactKind | None = None


class GivenCode(AtDesk):
    """The six figures that the member told the agent."""

    code: str


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
    return {"outcome": _named(outcome)}


@router.post("/verifications/desk/without-card")
async def verify_without_card(told: ToldWithoutCard, request: Request) -> dict[str, Any]:
    """The same, or `several`: namesakes, whom only the member ID tells apart."""
    services: Services = request.app.state.services
    partners = services.configuration.current()
    outcome = await services.verification.verify_without_card(
        told.context(),
        NameFactors((told.first_name,), told.last_name, told.birth_date, told.zip, told.second),
        partners[told.partner],
        partners,
    )
    return {"outcome": _named(outcome)}


@router.post("/codes/desk/send")
async def send_code(asked: SendCode, request: Request) -> dict[str, Any]:
    """`sent` or `too_soon` with where it went (masked) and the other kinds of contact; else
    `no_contact`, `not_sent`, `locked_out` or `not_verified`.
    """
    services: Services = request.app.state.services
    member = await services.turns.verified(asked.conversation_id)
    if member is None or member.person.home.partner != asked.partner:
        return {"outcome": "not_verified"}
    context = asked.context(member)
    partner = services.configuration.current()[asked.partner]
    match await services.codes.send(context, partner, asked.kind):
        case Sent(to, others):
            kinds = list(dict.fromkeys(other.kind for other in others))
            return {"outcome": "sent", "to": to.masked, "others": kinds}
        case TooSoon(masked):
            return {"outcome": "too_soon", "to": masked, "others": []}
        case NoContact():
            return {"outcome": "no_contact"}
        case CodeLocked():
            await services.codes.close(context)
            return {"outcome": "locked_out"}
    return {"outcome": "not_sent"}


@router.post("/codes/desk/check")
async def check_code(given: GivenCode, request: Request) -> dict[str, Any]:
    """`verified` (level 2), `wrong_code`, `expired`, `locked_out`, `unavailable` or
    `not_verified`.
    """
    services: Services = request.app.state.services
    member = await services.turns.verified(given.conversation_id)
    if member is None or member.person.home.partner != given.partner:
        return {"outcome": "not_verified"}
    context = given.context(member)
    partner = services.configuration.current()[given.partner]
    match await services.codes.check(context, partner, [given.code]):
        case Proven():
            return {"outcome": "verified"}
        case WrongCode():
            return {"outcome": "wrong_code"}
        case Expired():
            return {"outcome": "expired"}
        case CodeLocked():
            # As in chat: after too many wrong tries nothing of the member's stays open.
            await services.codes.close(context)
            return {"outcome": "locked_out"}
        case NotSent():
            return {"outcome": "unavailable"}


@router.post("/lock-outs/lift")
async def lift(whom: OfMember, request: Request) -> dict[str, str]:
    """Start the counts of a conversation and a person anew; the audit row comes first."""
    services: Services = request.app.state.services
    partners = services.configuration.current()
    await services.verification.lift_lock_out(
        whom.context(), partners[whom.partner], whom.member_id
    )
    return {"status": "lifted"}


_Tried = Literal["verified", "refused", "several", "locked_out", "not_in_alliance", "unavailable"]


def _named(outcome: Outcome) -> _Tried:
    match outcome:
        case Verified():
            return "verified"
        case Several():
            return "several"
        case LockedOut():
            return "locked_out"
        case NotInAlliance():
            return "not_in_alliance"
        case Unavailable():
            return "unavailable"
    return "refused"
