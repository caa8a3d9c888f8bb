"""Over HTTP, for supervisors: figures, and answers that are taken out of service."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field

from alliance.clock import Clock
from api.desk.endpoints import Administering, Supervising, changes
from api.insights.figures import Figures, as_csv
from api.insights.learning import Learning
from api.insights.withdrawals import Kind, Withdrawals

router = APIRouter(prefix="/desk", tags=["supervision"])

Days = Annotated[int, Query(ge=1, le=366)]
Company = Annotated[str | None, Query(max_length=40)]
Name = Annotated[str, Query(min_length=1, max_length=200)]


class Withdrawal(BaseModel):
    """An intent's name, or a knowledge source as suggestions and answers name it
    (`knowledge/...`).
    """

    kind: Kind
    name: str = Field(min_length=1, max_length=200)
    reason: str = Field(min_length=3, max_length=500)


class Label(BaseModel):
    """What a sentence means: an intent, or nothing that teaches anything (null)."""

    label: str | None = Field(max_length=100)


def _learning(request: Request) -> Learning:
    return request.app.state.parts.learning  # type: ignore[no-any-return]


def _figures(request: Request) -> Figures:
    return request.app.state.parts.figures  # type: ignore[no-any-return]


def _withdrawals(request: Request) -> Withdrawals:
    return request.app.state.parts.withdrawals  # type: ignore[no-any-return]


def _clock(request: Request) -> Clock:
    return request.app.state.parts.clock  # type: ignore[no-any-return]


TheFigures = Annotated[Figures, Depends(_figures)]
TheLearning = Annotated[Learning, Depends(_learning)]
TheWithdrawals = Annotated[Withdrawals, Depends(_withdrawals)]


@router.get("/figures/data")
async def figures(
    supervisor: Supervising, kept: TheFigures, days: Days = 7, company: Company = None
) -> dict[str, Any]:
    """The figures of the last days."""
    return await kept.read(supervisor, days, company)


@router.get("/figures/data.csv", response_class=Response)
async def figures_csv(
    supervisor: Supervising, kept: TheFigures, days: Days = 7, company: Company = None
) -> Response:
    """The same as a file for a spreadsheet."""
    return Response(
        as_csv(await kept.read(supervisor, days, company)),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="figures.csv"'},
    )


@router.get("/withdrawals")
async def withdrawals(_: Supervising, kept: TheWithdrawals) -> dict[str, Any]:
    """What is withdrawn now, and the names of what can be: intents and sources."""
    return {"withdrawals": await kept.current(), "names": await kept.names()}


@router.post("/withdrawals", dependencies=changes)
async def withdraw(
    body: Withdrawal, supervisor: Supervising, kept: TheWithdrawals
) -> dict[str, str]:
    """Take an answer out of service, in at most 60 seconds everywhere."""
    await kept.withdraw(supervisor, body.kind, body.name, body.reason)
    return {"status": "withdrawn"}


@router.post("/withdrawals/{withdrawal_id}/restore", dependencies=changes)
async def restore(
    withdrawal_id: str, supervisor: Supervising, kept: TheWithdrawals
) -> dict[str, str]:
    """Put it back into service."""
    await kept.restore(supervisor, withdrawal_id)
    return {"status": "restored"}


@router.get("/told")
async def told(
    supervisor: Supervising,
    kept: TheWithdrawals,
    clock: Annotated[Clock, Depends(_clock)],
    kind: Kind,
    name: Name,
    days: Days = 30,
) -> dict[str, Any]:
    """Who was told this."""
    since = clock.now() - timedelta(days=days)
    return {"told": await kept.told(supervisor, kind, name, since)}


@router.get("/learning/data")
async def learning(admin: Administering, kept: TheLearning) -> dict[str, Any]:
    """Sentences to label, redacted, the labels, and how many sentences have one."""
    return {
        "sentences": await kept.waiting(admin),
        "intents": kept.intents,
        "labelled": await kept.labelled(admin),
    }


@router.post("/learning/sentences/{candidate_id}", dependencies=changes)
async def label(
    candidate_id: str, body: Label, admin: Administering, kept: TheLearning
) -> dict[str, str]:
    """Say what a sentence means, or that it teaches nothing."""
    await kept.label(admin, candidate_id, body.label)
    return {"status": "kept"}


@router.get("/learning/export.yml", response_class=Response)
async def export(admin: Administering, kept: TheLearning) -> Response:
    """The labelled sentences for `python -m scripts.learn`."""
    return Response(
        await kept.export(admin),
        media_type="application/yaml; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="learned.yml"'},
    )
