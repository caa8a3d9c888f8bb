"""The desk's users, for administrators."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, StringConstraints

from api.desk.agents import Role
from api.desk.endpoints import Administering, AtAgents, changes
from api.errors import Conflict, Unusable

router = APIRouter(prefix="/desk/users", tags=["users"])

Skill = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z-]{0,39}$")]
Password = Annotated[str, StringConstraints(min_length=12, max_length=200)]


class Rights(BaseModel):
    """What a user may do. `chat_limit` None: as many conversations at once as they like."""

    name: str = Field(min_length=1, max_length=100)
    role: Role
    companies: list[str] = Field(max_length=50)
    skills: list[Skill] = Field(default=[], max_length=50)
    chat_limit: int | None = Field(default=3, ge=1, le=50)


class NewUser(Rights):
    username: str = Field(pattern=r"^[A-Za-z0-9._@-]{1,100}$")
    password: Password


class ChangedUser(Rights):
    password: Password | None = None
    active: bool = True


def companies(request: Request) -> dict[str, str]:
    """The companies that have a backend, by key."""
    return request.app.state.parts.companies  # type: ignore[no-any-return]


Companies = Annotated[dict[str, str], Depends(companies)]


@router.get("")
async def users(_: Administering, agents: AtAgents, known: Companies) -> dict[str, Any]:
    """All users, and the companies that they can serve."""
    return {"users": await agents.all_users(), "companies": known}


@router.post("", dependencies=changes)
async def add(
    body: NewUser, _: Administering, agents: AtAgents, known: Companies
) -> dict[str, str]:
    """Make a user. 409 when the name is taken."""
    _served(body, known)
    await agents.add(**body.model_dump())
    return {"status": "added"}


@router.post("/{username}", dependencies=changes)
async def change(
    username: str, body: ChangedUser, admin: Administering, agents: AtAgents, known: Companies
) -> dict[str, str]:
    """Change a user; `active` false closes the desk to them."""
    _served(body, known)
    if username == admin.username and not body.active:
        raise Conflict("You can't switch yourself off.")
    await agents.change(username, **body.model_dump())
    return {"status": "changed"}


def _served(rights: Rights, known: dict[str, str]) -> None:
    unknown = set(rights.companies) - known.keys()
    if unknown:
        raise Unusable(f"There is no company '{min(unknown)}': use {', '.join(sorted(known))}.")
