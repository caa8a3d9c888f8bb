"""The bridge: the only part that faces the outside."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx
import structlog
import yaml
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi.staticfiles import StaticFiles
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError, RedisError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from alliance.clock import system_clock
from alliance.errors import MemberlineError
from alliance.partners import PARTNERS_FILE, Partners, load_partners
from alliance.routing import ROUTING_FILE, load_routing
from api.assistant import TURN_SECONDS, Assistant
from api.chat import endpoints as chat_endpoints
from api.chat.service import Chat
from api.chat.sessions import ChatSessions
from api.conversations.service import Conversations
from api.conversations.store import ConversationStore
from api.desk import endpoints as desk_endpoints
from api.desk.agents import Agents
from api.desk.handover import Handovers
from api.desk.service import Desk
from api.desk.shadow import Shadows
from api.errors import TooLarge
from api.ivr import twilio
from api.ivr.core import VoiceConversations
from api.locks import ConversationLocks
from api.settings import Settings, settings_from_environment
from api.store.engine import connect
from api.wakes import Wakes

log = structlog.get_logger()

WEB = Path(__file__).parent / "web"
REDIS_SECONDS = 1.0
MOST_BYTES = 16 * 1024
_POLICY = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'; object-src 'none'"
)


@dataclass(frozen=True)
class Parts:
    """What requests work with; made in the lifespan."""

    settings: Settings
    redis: Redis
    wakes: Wakes
    assistant: Assistant
    agents: Agents
    desk: Desk
    chat: Chat
    chat_sessions: ChatSessions
    voice: VoiceConversations


def create_app(settings: Settings | None = None) -> FastAPI:
    """The bridge. Settings come from the environment unless given."""
    settings = settings or settings_from_environment()
    partners = load_partners(yaml.safe_load(PARTNERS_FILE.read_text("utf-8")), os.environ)

    @contextlib.asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with contextlib.AsyncExitStack() as stack:
            app.state.parts = await _connect(settings, partners, stack)
            yield

    app = FastAPI(title="Memberline", version="0.1.0", lifespan=lifespan)
    _handle_errors(app)
    app.middleware("http")(_guard)
    app.include_router(chat_endpoints.router)
    app.include_router(twilio.router)
    app.include_router(desk_endpoints.router)
    _add_health(app)
    _add_pages(app)
    return app


async def _connect(
    settings: Settings, partners: Partners, stack: contextlib.AsyncExitStack
) -> Parts:
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.JSONRenderer(),
        ]
    )
    clock = system_clock()
    routing = load_routing(yaml.safe_load(ROUTING_FILE.read_text("utf-8")), partners)
    engine = connect(settings.database_url)
    stack.push_async_callback(engine.dispose)
    redis = Redis.from_url(
        settings.redis_url,
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
        # Once more when a kept connection turns out to be dead; never after a time-out.
        retry=Retry(NoBackoff(), 1, supported_errors=(ConnectionError,)),
        decode_responses=True,
        client_name="memberline-bridge",
    )
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
    wakes = Wakes(redis, listener)
    listening = asyncio.create_task(wakes.run())
    stack.push_async_callback(_stop, listening)
    store = ConversationStore(engine, clock)
    assistant = Assistant(client, redis, clock, settings.internal_token)
    locks = ConversationLocks(redis)
    agents = Agents(engine, clock)
    await agents.first_admin(settings.var / "desk-admin.txt", partners)
    handovers = Handovers(engine, store, assistant, wakes, partners, routing, clock)
    shadows = Shadows(engine, store, assistant, locks, wakes, partners, agents, clock)
    stack.push_async_callback(shadows.close)
    conversations = Conversations(store, assistant, locks, handovers, shadows, wakes, partners)
    chat_sessions = ChatSessions(engine, store, clock)
    return Parts(
        settings=settings,
        redis=redis,
        wakes=wakes,
        assistant=assistant,
        agents=agents,
        desk=Desk(store, handovers, shadows, assistant, wakes, partners, clock),
        chat=Chat(engine, store, chat_sessions, conversations, handovers, assistant, wakes, clock),
        chat_sessions=chat_sessions,
        voice=VoiceConversations(engine, store, conversations, handovers, partners, routing, clock),
    )


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _handle_errors(app: FastAPI) -> None:
    @app.exception_handler(MemberlineError)
    async def on_error(_: Request, error: MemberlineError) -> JSONResponse:
        return JSONResponse({"error": error.code, "detail": error.detail}, error.status)

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


async def _guard(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    """Size limit before anything is read; headers that keep pages and data where they belong."""
    length = request.headers.get("content-length", "0")
    unsaid = "transfer-encoding" in request.headers
    if unsaid or not length.isdigit() or int(length) > MOST_BYTES:
        error = TooLarge("A request may have 16 KB, and has to say its size.")
        return JSONResponse({"error": error.code, "detail": error.detail}, error.status)
    response = await call_next(request)
    response.headers.setdefault("Content-Security-Policy", _POLICY)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    if not request.url.path.startswith("/web/"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def _add_health(app: FastAPI) -> None:
    @app.get("/livez", tags=["health"])
    async def livez() -> dict[str, str]:
        """The process is there."""
        return {"status": "ok"}

    @app.get("/readyz", tags=["health"])
    async def readyz(request: Request) -> dict[str, str]:
        """Redis answers, and a turn through Rasa and the actions works."""
        parts: Parts = request.app.state.parts
        await parts.redis.ping()
        await parts.assistant.turn("readiness-probe", "hello", "chat", mode="suggest")
        await parts.assistant.forget("readiness-probe")
        return {"status": "ready"}


def _add_pages(app: FastAPI) -> None:
    @app.get("/", include_in_schema=False)
    async def chat_page() -> FileResponse:
        return FileResponse(WEB / "index.html")

    @app.get("/desk", include_in_schema=False)
    async def desk_page() -> FileResponse:
        return FileResponse(WEB / "desk.html")

    app.mount("/web", StaticFiles(directory=WEB), name="web")
