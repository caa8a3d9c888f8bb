"""The action process: an ASGI app around rasa-sdk's executor.

Rasa calls `POST /webhook`; the bridge calls `POST /answers`. It listens on loopback, asks for the
internal token, and has no CORS. (The SDK's own server binds every interface, allows any origin,
and echoes the tracker in its errors.)
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Annotated, Any

import httpx
import structlog
from fastapi import Depends, FastAPI, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from rasa_sdk.executor import ActionExecutor
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError
from sqlalchemy.ext.asyncio import create_async_engine

from actions.answers.general import read_knowledge
from actions.answers.tables import read_all
from actions.answers.topics import answer
from actions.audit_log import SqlAuditLog
from actions.cases import at_desk as cases_at_desk
from actions.cases.delivery import CaseDelivery
from actions.cases.filing import Filing, case_kinds
from actions.cases.store import CaseStore
from actions.dialogue.actions import ActionAnswer, ValidateNeedForm
from actions.dialogue.agenda import Item, Memory, question
from actions.dialogue.general_first import general_part
from actions.dialogue.intents import intents
from actions.dialogue.needs import lacking
from actions.identity import at_desk
from actions.identity.codes import OneTimeCodes
from actions.partners import connect
from actions.partners.budget import budget
from actions.partners.watch import Watches
from actions.services import Services
from actions.settings import PartnerConfiguration, Settings, settings_from_environment
from actions.turns import Turns
from actions.verification import NotInAlliance, Unavailable, Verification, Verified
from actions.withdrawals import Withdrawals
from alliance.clock import system_clock
from alliance.errors import MemberlineError
from alliance.knowledge import KNOWLEDGE_FOLDER
from alliance.turn import TurnContext
from alliance.verified import Actor

REDIS_SECONDS = 1.0
# One try to deliver a case; nobody waits for it.
WEBHOOK_SECONDS = 5.0


class Unauthorized(MemberlineError):
    """The internal token is missing or wrong."""

    status = 401
    code = "unauthorized"


class AskedFor(BaseModel):
    """A question from the bridge: the conversation's context must be in Redis."""

    conversation_id: str
    intent: str
    text: str = ""
    entities: list[dict[str, Any]] = []


class SignedIn(BaseModel):
    """Whom a company's website vouches for; the bridge has checked its ticket."""

    conversation_id: str
    partner: str
    member_id: str
    subject: str


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app. Settings come from the environment unless given."""
    settings = settings or settings_from_environment()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            services = await _connect(settings, stack)
            executor = ActionExecutor()
            executor.register_action(ActionAnswer(services))
            executor.register_action(ValidateNeedForm(services))
            app.state.services = services
            app.state.executor = executor
            yield

    def guard(x_memberline_token: Annotated[str, Header()] = "") -> None:
        if not hmac.compare_digest(x_memberline_token.encode(), settings.internal_token.encode()):
            raise Unauthorized("The internal token is missing or wrong.")

    app = FastAPI(title="Memberline actions", lifespan=lifespan, docs_url=None, redoc_url=None)

    @app.exception_handler(MemberlineError)
    async def on_error(_: Request, error: MemberlineError) -> JSONResponse:
        return JSONResponse({"error": error.code, "detail": error.detail}, error.status)

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/webhook", dependencies=[Depends(guard)])
    async def webhook(request: Request) -> JSONResponse:
        # Rasa is told to keep its domain (endpoints.yml), and the SDK takes no call without one.
        call = {"domain": {}, **await request.json()}
        with budget():
            result = await request.app.state.executor.run(call)
        return JSONResponse(result.model_dump() if result else {"events": [], "responses": []})

    @app.post("/answers", dependencies=[Depends(guard)])
    async def answers(asked: AskedFor, request: Request) -> dict[str, Any]:
        return await _answer(asked, request.app.state.services)

    @app.post("/verifications/portal", dependencies=[Depends(guard)])
    async def signed_in(who: SignedIn, request: Request) -> dict[str, Any]:
        return await _signed_in(who, request.app.state.services)

    @app.post("/partners/live", dependencies=[Depends(guard)])
    async def partners_live(request: Request) -> dict[str, Any]:
        live: dict[str, Any] = request.app.state.services.watches.live()
        return live

    for desk in (at_desk, cases_at_desk):
        app.include_router(desk.router, dependencies=[Depends(guard)])
    return app


async def _connect(settings: Settings, stack: AsyncExitStack) -> Services:
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()]
    )
    clock = system_clock()
    configuration = PartnerConfiguration(settings.overlays)
    # A mistake in the knowledge stops the start; a later one keeps the last good reading.
    read_knowledge(KNOWLEDGE_FOLDER, configuration.current())
    read_all()
    redis = Redis.from_url(
        settings.redis_url,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        # Once more when a kept connection turns out to be dead; never after a time-out.
        retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
        decode_responses=True,
        client_name="memberline-actions",
    )
    stack.push_async_callback(redis.aclose)
    engine = create_async_engine(settings.database_url, hide_parameters=True)
    stack.push_async_callback(engine.dispose)
    watches = Watches(clock)
    backends = await connect(configuration, clock, stack, watches)
    keeping = asyncio.create_task(watches.run(engine))
    stack.push_async_callback(_stop, keeping)
    audit = SqlAuditLog(engine, settings.audit_anchor, settings.secret)
    turns = Turns(redis, clock, settings.secret)
    case_kinds()
    outside = await stack.enter_async_context(httpx.AsyncClient(timeout=WEBHOOK_SECONDS))
    cases = CaseStore(engine)
    delivery = CaseDelivery(cases, outside, redis, configuration.current, clock)
    delivering = asyncio.create_task(delivery.run())
    stack.push_async_callback(_stop, delivering)
    withdrawals = Withdrawals(engine)
    looking = asyncio.create_task(withdrawals.run())
    stack.push_async_callback(_stop, looking)
    return Services(
        configuration=configuration,
        backends=backends,
        turns=turns,
        audit=audit,
        verification=Verification(backends, turns, audit, clock, settings.verification_seconds),
        codes=OneTimeCodes(backends, turns, audit, clock),
        filing=Filing(cases, delivery, audit, clock),
        withdrawals=withdrawals,
        watches=watches,
        clock=clock,
    )


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def _answer(asked: AskedFor, services: Services) -> dict[str, Any]:
    """One question, answered from what is known; or what would have to be known first, with what
    anyone may hear until then.
    """
    context = await services.turns.context(asked.conversation_id)
    partners = services.configuration.current()
    if context is None or asked.intent not in intents():
        return {"answer": None, "missing": []}
    item = Item(asked.intent, asked.text, tuple(asked.entities))
    today = services.clock.today()
    missing = lacking(item, context.verified, Memory(), today)
    wanted = question(item, Memory(), partners, today)
    desk = services.desk(context, partners)
    if missing:
        told = general_part(item, context.verified, wanted, desk)
        return {"answer": told.to_json() if told else None, "missing": missing}
    given = await answer(
        context.verified,
        wanted,
        intents()[asked.intent].title,
        desk,
    )
    return {"answer": given.to_json(), "missing": []}


async def _signed_in(who: SignedIn, services: Services) -> dict[str, Any]:
    """Open the conversation for the person at level 2: `verified`, `refused`,
    `not_in_alliance` or `unavailable`.
    """
    partners = services.configuration.current()
    context = TurnContext(who.conversation_id, "portal", "chat", "live", Actor("member"))
    outcome = await services.verification.open_ticket(
        context, partners[who.partner], who.member_id, who.subject, partners
    )
    match outcome:
        case Verified(member, _):
            return {"outcome": "verified", "first_name": member.person.first_name}
        case NotInAlliance():
            return {"outcome": "not_in_alliance"}
        case Unavailable():
            return {"outcome": "unavailable"}
    return {"outcome": "refused"}
