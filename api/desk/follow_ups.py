"""Over HTTP: what was promised to members and is still to be done (cases, call backs)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from alliance.cases import MOST_WORDS_CHARACTERS
from api.desk.callbacks import Callbacks
from api.desk.cases import CaseList
from api.desk.endpoints import SignedIn, changes
from api.desk.promising import Promising

router = APIRouter(prefix="/desk", tags=["desk"])


class NewCase(BaseModel):
    """`kind` is one of `/desk/case-kinds`; `company` only where none is known yet."""

    kind: str = Field(min_length=1, max_length=60)
    words: str = Field(min_length=3, max_length=MOST_WORDS_CHARACTERS)
    company: str | None = Field(default=None, max_length=40)


class NewCall(BaseModel):
    """`window` in the member's words: "tomorrow morning"."""

    phone: str = Field(min_length=10, max_length=30)
    window: str = Field(min_length=2, max_length=80)
    reason: str = Field(min_length=2, max_length=200)
    company: str | None = Field(default=None, max_length=40)


class CallMade(BaseModel):
    outcome: str = Field(min_length=1, max_length=200)


def _callbacks(request: Request) -> Callbacks:
    return request.app.state.parts.callbacks  # type: ignore[no-any-return]


def _cases(request: Request) -> CaseList:
    return request.app.state.parts.cases  # type: ignore[no-any-return]


def _promising(request: Request) -> Promising:
    return request.app.state.parts.promising  # type: ignore[no-any-return]


@router.get("/case-kinds")
async def kinds(
    _: SignedIn, promising: Annotated[Promising, Depends(_promising)]
) -> dict[str, dict[str, str]]:
    """What a case may be about: titles by key."""
    return {"kinds": promising.kinds}


@router.post("/conversations/{conversation_id}/cases", dependencies=changes)
async def open_case(
    conversation_id: str,
    body: NewCase,
    agent: SignedIn,
    promising: Annotated[Promising, Depends(_promising)],
) -> dict[str, Any]:
    """File the member's words with their company; the member is told the reference number."""
    return await promising.open_case(agent, conversation_id, body.kind, body.words, body.company)


@router.post("/conversations/{conversation_id}/callbacks", dependencies=changes)
async def book_call(
    conversation_id: str,
    body: NewCall,
    agent: SignedIn,
    promising: Annotated[Promising, Depends(_promising)],
) -> dict[str, str]:
    """Promise the member a call; they are told."""
    await promising.book_call(agent, conversation_id, **body.model_dump())
    return {"status": "booked"}


@router.get("/callbacks")
async def callbacks(
    agent: SignedIn, kept: Annotated[Callbacks, Depends(_callbacks)]
) -> dict[str, Any]:
    """The calls to make, the first due first."""
    return {"callbacks": await kept.waiting(agent)}


@router.post("/callbacks/{callback_id}/done", dependencies=changes)
async def done(
    callback_id: str,
    body: CallMade,
    agent: SignedIn,
    kept: Annotated[Callbacks, Depends(_callbacks)],
) -> dict[str, str]:
    """A call was made, or could not be."""
    await kept.done(agent, callback_id, body.outcome)
    return {"status": "done"}


@router.get("/cases")
async def cases(agent: SignedIn, kept: Annotated[CaseList, Depends(_cases)]) -> dict[str, Any]:
    """The open cases of the agent's companies, those first that the company has not taken."""
    return {"cases": await kept.current(agent)}


@router.post("/cases/{reference}/settled", dependencies=changes)
async def settled(
    reference: str, agent: SignedIn, kept: Annotated[CaseList, Depends(_cases)]
) -> dict[str, str]:
    """The company has answered the member."""
    await kept.settled(agent, reference)
    return {"status": "settled"}
