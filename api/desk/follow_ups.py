"""Over HTTP: what was promised to members and is still to be done (cases, call backs)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from api.desk.callbacks import Callbacks
from api.desk.cases import CaseList
from api.desk.endpoints import SignedIn, changes

router = APIRouter(prefix="/desk", tags=["desk"])


class CallMade(BaseModel):
    outcome: str = Field(min_length=1, max_length=200)


def _callbacks(request: Request) -> Callbacks:
    return request.app.state.parts.callbacks  # type: ignore[no-any-return]


def _cases(request: Request) -> CaseList:
    return request.app.state.parts.cases  # type: ignore[no-any-return]


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
    """The cases of the agent's companies, those first that the company has not acknowledged."""
    return {"cases": await kept.current(agent)}
