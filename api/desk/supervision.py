"""What supervisors do: watch the desk, and go on in an agent's place."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter

from api.desk.endpoints import AtDesk, Supervising, changes

router = APIRouter(prefix="/desk", tags=["supervision"])


@router.get("/conversations")
async def watch(supervisor: Supervising, desk: AtDesk) -> dict[str, Any]:
    """All conversations at the desk, whoever has them."""
    return {"conversations": await desk.watch(supervisor)}


@router.post("/conversations/{conversation_id}/take-over", dependencies=changes)
async def take_over(conversation_id: str, supervisor: Supervising, desk: AtDesk) -> dict[str, str]:
    """Go on in the agent's place."""
    await desk.take_over(supervisor, conversation_id)
    return {"status": "taken over"}
