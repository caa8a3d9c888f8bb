"""The bridge: the only part that faces the outside."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx
import structlog
import yaml
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alliance.clock import Clock, system_clock
from alliance.errors import MemberlineError
from alliance.hearing import BANDS_FILE, VoiceBands
from alliance.intents import INTENTS_FILE, intent_levels, intent_titles
from alliance.partners import PARTNERS_FILE, Partners, load_partners
from alliance.routing import ROUTING_FILE, load_routing
from api.assistant import TURN_SECONDS, Assistant
from api.chat import endpoints as chat_endpoints
from api.chat import socket as chat_socket
from api.chat.service import Chat
from api.chat.sessions import ChatSessions
from api.chat.socket import OpenSockets
from api.chat.tickets import SocketTickets
from api.conversations.after_hours import AfterHours
from api.conversations.candidates import Candidates
from api.conversations.contacts import Contacts
from api.conversations.pending import Pending
from api.conversations.recall import Recall
from api.conversations.service import Conversations
from api.conversations.store import ConversationStore
from api.desk import assist, calls, company_sign_in, follow_ups, identity, supervision, users
from api.desk import endpoints as desk_endpoints
from api.desk.agents import Agents
from api.desk.assist import Vendors
from api.desk.callbacks import Callbacks
from api.desk.calls import RunningCalls
from api.desk.cases import CaseList
from api.desk.direct import DirectAnswers
from api.desk.handover import Handovers
from api.desk.member import MemberPanel
from api.desk.openid import OpenIdSignIn
from api.desk.promising import Promising
from api.desk.providers import Provider, configured_providers
from api.desk.service import Desk
from api.desk.shadow import Shadows
from api.desk.verifying import Verifying
from api.desk.wrapping_up import WrapUps
from api.errors import Forbidden, TooLarge, TooMany
from api.identity.service import PortalSignIn
from api.identity.tickets import PortalTickets
from api.insights import endpoints as insights_endpoints
from api.insights.backends import BackendFigures
from api.insights.figures import Figures
from api.insights.learning import Learning
from api.insights.records import TurnRecords
from api.insights.withdrawals import Withdrawals
from api.ivr import audiocodes, generic, jambonz, lex, twilio, vxml
from api.ivr.calls import Calls
from api.ivr.core import VoiceConversations
from api.ivr.owed import OwedReplies
from api.limits import Limits
from api.locks import ConversationLocks
from api.origins import Origins
from api.settings import Settings, settings_from_environment
from api.store.engine import connect
from api.wakes import Wakes

log = structlog.get_logger()

WEB = Path(__file__).parent / "web"
REDIS_SECONDS = 1.0
REDIS_CONNECTIONS = 100
# A company's website, asked for its keys.
OUTSIDE_SECONDS = 3.0
MOST_BYTES = 16 * 1024
# Phone platforms send their recogniser's readings with what each could mean.
MOST_PHONE_BYTES = 64 * 1024
_POLICY = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    "object-src 'none'; frame-ancestors "
)
# The pages that other sites may be allowed to show in a frame.
_FRAMED = ("/",)


@dataclass(frozen=True)
class Parts:
    """What requests work with; made in the lifespan."""

    settings: Settings
    # Those with a backend: name by key.
    companies: dict[str, str]
    # What each asks for instead of the card: a kind of `second_factor` by key.
    second_factors: dict[str, str]
    engine: AsyncEngine
    redis: Redis
    wakes: Wakes
    assistant: Assistant
    store: ConversationStore
    conversations: Conversations
    handovers: Handovers
    shadows: Shadows
    agents: Agents
    openid: OpenIdSignIn
    callbacks: Callbacks
    cases: CaseList
    desk: Desk
    running_calls: RunningCalls
    verifying: Verifying
    promising: Promising
    member_panel: MemberPanel
    vendors: Vendors
    records: TurnRecords
    learning: Learning
    figures: Figures
    withdrawals: Withdrawals
    clock: Clock
    chat: Chat
    chat_sessions: ChatSessions
    socket_tickets: SocketTickets
    open_sockets: OpenSockets
    limits: Limits
    origins: Origins
    voice: VoiceConversations


def create_app(settings: Settings | None = None) -> FastAPI:
    """The bridge. Settings come from the environment unless given."""
    settings = settings or settings_from_environment()
    partners = load_partners(yaml.safe_load(PARTNERS_FILE.read_text("utf-8")), os.environ)
    providers = configured_providers([partner.key for partner in partners if partner.backend])

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            app.state.parts = await _connect(settings, partners, providers, stack)
            yield

    app = FastAPI(title="Memberline", version="0.1.0", lifespan=lifespan)
    _handle_errors(app)
    app.add_middleware(_Guard, settings=settings)
    # Outermost, so that a listed page can read refusals too.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=sorted(settings.allowed_origins),
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
        max_age=600,
    )
    app.include_router(chat_endpoints.router)
    app.include_router(chat_socket.router)
    for platform in (twilio, jambonz, audiocodes, lex, vxml, generic):
        app.include_router(platform.router)
    app.include_router(desk_endpoints.router)
    for part in (
        company_sign_in,
        calls,
        follow_ups,
        users,
        supervision,
        identity,
        assist,
        insights_endpoints,
    ):
        app.include_router(part.router)
    _add_health(app)
    _add_pages(app, partners)
    return app


async def _connect(
    settings: Settings,
    partners: Partners,
    providers: Sequence[Provider],
    stack: contextlib.AsyncExitStack,
) -> Parts:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ]
    )
    clock = system_clock()
    intents = yaml.safe_load(INTENTS_FILE.read_text("utf-8"))
    titles, levels = intent_titles(intents), intent_levels(intents)
    routing = load_routing(yaml.safe_load(ROUTING_FILE.read_text("utf-8")), partners, levels)
    engine = connect(settings.database_url)
    stack.push_async_callback(engine.dispose)
    # A crowd waits for a free connection, instead of being told that Redis is away.
    pool = BlockingConnectionPool.from_url(
        settings.redis_url,
        max_connections=REDIS_CONNECTIONS,
        timeout=REDIS_SECONDS,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        # Once more when a kept connection turns out to be dead; never after a time-out.
        retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
        decode_responses=True,
        client_name="memberline-bridge",
    )
    redis = Redis.from_pool(pool)
    stack.push_async_callback(redis.aclose)
    # The listener waits for wakes without a limit; everything else is answered in a second.
    listener = Redis.from_url(
        settings.redis_url,
        socket_timeout=None,
        decode_responses=True,
        client_name="memberline-bridge-wakes",
    )
    stack.push_async_callback(listener.aclose)
    client = await stack.enter_async_context(
        httpx.AsyncClient(base_url=settings.rasa_url, timeout=TURN_SECONDS)
    )
    actions = await stack.enter_async_context(
        httpx.AsyncClient(base_url=settings.actions_url, timeout=TURN_SECONDS)
    )
    outside = await stack.enter_async_context(httpx.AsyncClient(timeout=OUTSIDE_SECONDS))
    portal = PortalSignIn(PortalTickets(partners, outside, redis), actions, settings.internal_token)
    wakes = Wakes(redis, listener)
    listening = asyncio.create_task(wakes.run())
    stack.push_async_callback(_stop, listening)
    store = ConversationStore(engine, clock)
    assistant = Assistant(client, redis, clock, settings.internal_token)
    locks = ConversationLocks(redis)
    agents = Agents(engine, clock)
    await agents.first_admin(settings.var / "desk-admin.txt", partners)
    answers = DirectAnswers(actions, redis, settings.internal_token)
    handovers = Handovers(engine, store, assistant, wakes, partners, routing, clock)
    shadows = Shadows(engine, store, assistant, handovers, locks, wakes, partners, agents, clock)
    stack.push_async_callback(shadows.close)
    callbacks = Callbacks(engine, wakes, partners, clock)
    records = TurnRecords(engine, clock)
    stack.push_async_callback(records.close)
    contacts = Contacts(engine, clock, settings.secret)
    recall = Recall(contacts, redis, clock, titles, levels)
    conversations = Conversations(
        store,
        assistant,
        locks,
        handovers,
        shadows,
        wakes,
        partners,
        callbacks,
        recall,
        records,
        Candidates(engine, redis, clock),
        AfterHours(redis, partners, clock),
        Pending(redis),
        titles,
    )
    chat_sessions = ChatSessions(engine, store, clock)
    desk = Desk(
        store,
        handovers,
        shadows,
        assistant,
        agents,
        wakes,
        partners,
        routing,
        WrapUps(engine, partners, clock),
        conversations,
        clock,
    )
    companies = {partner.key: partner.name for partner in partners if partner.backend}
    serving = asyncio.create_task(desk.keep_served())
    stack.push_async_callback(_stop, serving)
    return Parts(
        settings=settings,
        companies=companies,
        second_factors={partner.key: partner.second_factor for partner in partners},
        engine=engine,
        redis=redis,
        wakes=wakes,
        assistant=assistant,
        store=store,
        conversations=conversations,
        handovers=handovers,
        shadows=shadows,
        agents=agents,
        openid=OpenIdSignIn(providers, outside, redis),
        callbacks=callbacks,
        cases=CaseList(engine, wakes, clock),
        desk=desk,
        running_calls=RunningCalls(engine, store, assistant, companies, clock),
        verifying=Verifying(desk, assistant, answers, partners),
        promising=Promising(desk, assistant, answers, callbacks, partners),
        member_panel=MemberPanel(engine, desk, assistant, answers, contacts, partners),
        records=records,
        learning=Learning(engine, frozenset(levels)),
        figures=Figures(engine, clock, BackendFigures(engine, answers, companies), companies),
        withdrawals=Withdrawals(engine, clock, frozenset(titles)),
        clock=clock,
        vendors=Vendors(store, handovers, assistant, partners, clock),
        chat=Chat(
            engine,
            store,
            chat_sessions,
            conversations,
            handovers,
            assistant,
            agents,
            partners,
            wakes,
            portal,
            clock,
        ),
        chat_sessions=chat_sessions,
        socket_tickets=SocketTickets(redis),
        open_sockets=OpenSockets(),
        limits=Limits(redis),
        origins=Origins(settings),
        voice=VoiceConversations(
            Calls(engine, store, clock),
            store,
            conversations,
            handovers,
            assistant,
            partners,
            routing,
            titles,
            VoiceBands.of(json.loads(BANDS_FILE.read_text("utf-8"))),
            clock,
            OwedReplies(redis),
        ),
    )


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(MemberlineError)
    async def on_error(_: Request, error: MemberlineError) -> JSONResponse:
        wait = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else None
        return _refusal(error, wait)

    @app.exception_handler(RequestValidationError)
    async def on_invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        fields = ", ".join(".".join(str(part) for part in e["loc"]) for e in error.errors())
        return JSONResponse({"error": "unusable", "detail": f"Please check: {fields}."}, 422)

    @app.exception_handler(UnicodeEncodeError)
    async def on_half_characters(_: Request, __: UnicodeEncodeError) -> JSONResponse:
        detail = "The message holds half characters, which are no text."
        return JSONResponse({"error": "unusable", "detail": detail}, 422)

    @app.exception_handler(HTTPException)
    async def on_http_error(_: Request, error: HTTPException) -> JSONResponse:
        code = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
        return JSONResponse({"error": code, "detail": error.detail}, error.status_code)

    @app.exception_handler(RedisError)
    @app.exception_handler(SQLAlchemyError)
    async def on_store_down(_: Request, error: Exception) -> JSONResponse:
        log.error("store_unavailable", error=type(error).__name__)
        detail = "A part of the service is not working. Please try again in a minute."
        return JSONResponse({"error": "unavailable", "detail": detail}, 503)


def _refusal(error: MemberlineError, headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse({"error": error.code, "detail": error.detail}, error.status, headers)


class _Guard:
    """Size and origin before anything is read; headers that keep pages and data in their place."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._origins = Origins(settings)
        self._framed_by = " ".join(settings.frame_ancestors) or "'none'"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request, as ASGI calls it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        path = scope["path"]

        async def send_kept(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._keep_in_place(MutableHeaders(scope=message), path)
            await send(message)

        refused = _refused(Request(scope), self._origins)
        await (_refusal(refused) if refused else self._app)(scope, receive, send_kept)

    def _keep_in_place(self, headers: MutableHeaders, path: str) -> None:
        frames = self._framed_by if path in _FRAMED else "'none'"
        headers.setdefault("Content-Security-Policy", f"{_POLICY}{frames}")
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "no-referrer")
        headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()"
        )
        # Pages are always asked for again: one of one version never runs another's parts.
        cached = "no-cache" if path.startswith("/web/") else "no-store"
        headers.setdefault("Cache-Control", cached)


def _refused(request: Request, origins: Origins) -> MemberlineError | None:
    length = request.headers.get("content-length", "0")
    unsaid = "transfer-encoding" in request.headers
    most = MOST_PHONE_BYTES if request.url.path.startswith("/ivr/") else MOST_BYTES
    if unsaid or not length.isdigit() or int(length) > most:
        return TooLarge(f"A request may have {most // 1024} KB, and has to say its size.")
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    # Files are everybody's to read; the desk is nobody's but its own page's.
    reading = request.method in ("GET", "HEAD") and request.url.path.startswith("/web/")
    at_desk = request.url.path.startswith("/desk")
    fits = origins.own(origin, host) if at_desk else origins.allowed(origin, host)
    return None if reading or fits else Forbidden("This page may not use Memberline.")


def _add_health(app: FastAPI) -> None:
    @app.get("/livez", tags=["health"])
    async def livez() -> dict[str, str]:
        """The process is there."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["health"])
    async def readyz(request: Request) -> dict[str, str]:
        """Redis and the SQL store answer, and a turn through Rasa and the actions works."""
        parts: Parts = request.app.state.parts
        await parts.redis.ping()
        async with parts.engine.connect() as connection:
            await connection.execute(select(1))
        await parts.assistant.turn("readiness-probe", "hello", "chat", mode="suggest")
        await parts.assistant.forget("readiness-probe")
        return {"status": "ready"}


def _add_pages(app: FastAPI, partners: Partners) -> None:
    lines = [
        {
            "partner": partner.key,
            "company": partner.name,
            "phone": partner.phone.member_services,
            "tty": partner.phone.tty,
        }
        for partner in partners
        if partner.backend
    ]

    @app.get("/web/lines.json", include_in_schema=False)
    async def member_service_lines() -> list[dict[str, str]]:
        """The way on when nothing else works, so the chat fetches it with its page."""
        return lines

    @app.get("/", include_in_schema=False)
    async def chat_page() -> FileResponse:
        return FileResponse(WEB / "index.html")

    @app.get("/desk", include_in_schema=False)
    async def desk_page() -> FileResponse:
        return FileResponse(WEB / "desk.html")

    @app.get("/desk/people", include_in_schema=False)
    async def users_page() -> FileResponse:
        return FileResponse(WEB / "desk" / "people.html")

    @app.get("/desk/learning", include_in_schema=False)
    async def learning_page() -> FileResponse:
        return FileResponse(WEB / "desk" / "learning.html")

    @app.get("/desk/figures", include_in_schema=False)
    async def figures_page() -> FileResponse:
        return FileResponse(WEB / "desk" / "figures.html")

    # Compressed, as nothing secret is in them.
    app.mount("/web", GZipMiddleware(StaticFiles(directory=WEB), minimum_size=500), name="web")
