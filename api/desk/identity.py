"""Over HTTP: who the member is, verifying them at the desk, and what is known of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from api.desk.endpoints import AtDesk, SignedIn, Supervising, changes
from api.desk.member import MemberPanel
from api.desk.verifying import Given, GivenWithoutCard, Verifying

router = APIRouter(prefix="/desk", tags=["desk"])


class Factors(BaseModel):
    """As on the card. `partner` only where the ID fits two companies."""

    first_name: str = Field(min_length=1, max_length=100)
    member_id: str = Field(min_length=3, max_length=40)
    birth_date: date
    zip: str = Field(pattern=r"^\d{5}$")
    partner: str | None = Field(default=None, max_length=40)


class WithoutCard(BaseModel):
    """Instead of the ID the last name, and what the company asks for beside it: `second`."""

    partner: str = Field(max_length=40)
    first_name: str = Field(min_length=1, max_length=100)
    last_name: str = Field(min_length=1, max_length=100)
    birth_date: date
    zip: str = Field(pattern=r"^\d{5}$")
    second: str = Field(pattern=r"^\s*\d[\d -]{0,9}$")


class SendCode(BaseModel):
    """To the best contact on file, or to the best of a kind."""

    kind: Literal["mobile", "landline", "email"] | None = None


class Code(BaseModel):
    code: str = Field(pattern=r"^\s*(\d[ -]?){6}\s*$")


class Lift(BaseModel):
    member_id: str = Field(min_length=3, max_length=40)
    reason: str = Field(min_length=3, max_length=500)


def _verifying(request: Request) -> Verifying:
    return request.app.state.parts.verifying  # type: ignore[no-any-return]


def _panel(request: Request) -> MemberPanel:
    return request.app.state.parts.member_panel  # type: ignore[no-any-return]


@router.post("/conversations/{conversation_id}/verify", dependencies=changes)
async def verify(
    conversation_id: str,
    body: Factors,
    agent: SignedIn,
    verifying: Annotated[Verifying, Depends(_verifying)],
) -> dict[str, str]:
    """Try what the member told: `verified`, `refused` (which factor is never said), `locked_out`,
    `not_in_alliance` or `unavailable`.
    """
    given = Given(**body.model_dump() | {"member_id": body.member_id.strip().upper()})
    return {"outcome": await verifying.verify(agent, conversation_id, given)}


@router.post("/conversations/{conversation_id}/verify-without-card", dependencies=changes)
async def verify_without_card(
    conversation_id: str,
    body: WithoutCard,
    agent: SignedIn,
    verifying: Annotated[Verifying, Depends(_verifying)],
) -> dict[str, str]:
    """The same for who has no card; `several`: namesakes, whom only the member ID tells apart."""
    given = GivenWithoutCard(**body.model_dump())
    return {"outcome": await verifying.verify_without_card(agent, conversation_id, given)}


@router.post("/conversations/{conversation_id}/code", dependencies=changes)
async def send_code(
    conversation_id: str,
    body: SendCode,
    agent: SignedIn,
    verifying: Annotated[Verifying, Depends(_verifying)],
) -> dict[str, Any]:
    """Have a one-time code sent to the verified member: `sent` or `too_soon` with where to,
    masked, and the other kinds of contact; `no_contact`, `not_sent` or `locked_out`.
    """
    return await verifying.send_code(agent, conversation_id, body.kind)


@router.post("/conversations/{conversation_id}/code/check", dependencies=changes)
async def check_code(
    conversation_id: str,
    body: Code,
    agent: SignedIn,
    verifying: Annotated[Verifying, Depends(_verifying)],
) -> dict[str, str]:
    """Try the code that the member has told: `verified` (level 2), `wrong_code`, `expired`,
    `locked_out` or `unavailable`.
    """
    return {"outcome": await verifying.check_code(agent, conversation_id, body.code)}


@router.post("/conversations/{conversation_id}/lift-lock-out", dependencies=changes)
async def lift(
    conversation_id: str,
    body: Lift,
    supervisor: Supervising,
    verifying: Annotated[Verifying, Depends(_verifying)],
) -> dict[str, str]:
    """Let a locked-out person try again; audited with the supervisor's name."""
    await verifying.lift(supervisor, conversation_id, body.member_id.strip().upper(), body.reason)
    return {"status": "lifted"}


@router.get("/conversations/{conversation_id}/member")
async def member(
    conversation_id: str, agent: SignedIn, panel: Annotated[MemberPanel, Depends(_panel)]
) -> dict[str, Any]:
    """Plans, claims, earlier contacts and open cases of the verified member."""
    return await panel.show(agent, conversation_id)


@router.get("/handoffs/{handoff_id}")
async def screen_pop(handoff_id: str, agent: SignedIn, desk: AtDesk) -> dict[str, str]:
    """The conversation of a hand-off id, which is all that travels with a call."""
    return {"conversation_id": await desk.of_handoff(agent, handoff_id)}
