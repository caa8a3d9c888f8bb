"""The desk's users, for administrators."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field, StringConstraints

from api.desk.agents import Administrator, Role
from api.desk.endpoints import Administering, AtAgents, changes
from api.errors import Conflict, NotFound, Unusable

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
async def users(admin: Administering, agents: AtAgents, known: Companies) -> dict[str, Any]:
    """The users of the administrator's companies, and the companies that they can be given."""
    found = [user for user in await agents.all_users() if _manages(admin, user["companies"])]
    return {"users": found, "companies": _own(admin, known)}


@router.post("", dependencies=changes)
async def add(
    body: NewUser, admin: Administering, agents: AtAgents, known: Companies
) -> dict[str, str]:
    """Make a user. 409 when the name is taken."""
    _served(body, _own(admin, known))
    await agents.add(**body.model_dump())
    return {"status": "added"}


@router.post("/{username}", dependencies=changes)
async def change(
    username: str, body: ChangedUser, admin: Administering, agents: AtAgents, known: Companies
) -> dict[str, str]:
    """Change a user; `active` false closes the desk to them. Who signs in at their company has
    name, role and companies from there, and no password here.
    """
    user = next((u for u in await agents.all_users() if u["username"] == username), None)
    if user is None or not _manages(admin, user["companies"]):
        raise NotFound("There is no such user.")
    _served(body, _own(admin, known))
    if username == admin.username and not body.active:
        raise Conflict("You can't switch yourself off.")
    values = body.model_dump()
    if user["issuer"]:
        if body.password:
            raise Conflict("This user signs in at their company, without a password here.")
        values = {name: values[name] for name in ("skills", "chat_limit", "active", "password")}
    await agents.change(username, **values)
    return {"status": "changed"}


def _manages(admin: Administrator, companies: Iterable[str]) -> bool:
    """Two companies that compete don't manage each other's people."""
    return admin.companies.issuperset(companies)


def _own(admin: Administrator, known: Mapping[str, str]) -> dict[str, str]:
    return {key: name for key, name in known.items() if admin.may_serve(key)}


def _served(rights: Rights, known: Mapping[str, str]) -> None:
    unknown = set(rights.companies) - known.keys()
    if unknown:
        raise Unusable(f"You give no rights for '{min(unknown)}': use {', '.join(sorted(known))}.")
