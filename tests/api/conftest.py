"""The bridge in this process, with a real Redis, a real SQL store and a small stand-in for Rasa."""

from __future__ import annotations

import json
import shutil
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from alliance.answer import Act, Answer, Button
from alliance.clock import Clock, fixed_clock
from api.app import Parts, create_app
from api.settings import PhoneSettings, Settings, VendorKey
from api.store.engine import connect
from tests.actions.conftest import MOMENT, migrated, redis_process
from tests.alliance.conftest import ENVIRONMENT
from tests.sandbox.conftest import NOW

INTERNAL_TOKEN = "internal-token-of-the-tests"
VENDOR = VendorKey("chatwoot", "vendor-secret-of-the-tests", frozenset({"mvp"}))
TWILIO_TOKEN = "twilio-token-of-the-tests"
PHONE = PhoneSettings(
    jambonz_secret="jambonz-secret-of-the-tests",
    audiocodes_token="audiocodes-token-of-the-tests",
    lex_secret="lex-secret-of-the-tests",
    vxml_token="vxml-token-of-the-tests",
    api_keys=frozenset({"api-key-of-the-tests"}),
)
ADDRESS = "http://bridge.test"
# How the stand-in for Rasa answers a turn: its body in, the reply's body out.
Answering = Callable[[dict[str, Any]], Any]


def reply(*answers: Answer, **changes: Any) -> dict[str, Any]:
    """What Rasa's channel gives for a turn."""
    return {
        "messages": [answer.to_json() for answer in answers],
        "intent": {"name": "greet", "confidence": 0.97},
        "questions": [],
        "entities": [],
        "asking": None,
        "failures": {},
        **changes,
    }


def echo(body: dict[str, Any]) -> dict[str, Any]:
    """Says what it heard, with a button."""
    text = f"You said: {body['text']}"
    return reply(
        Answer(text, text, intent="greet", buttons=(Button("A person", "/speak_to_agent"),))
    )


def hand_over(
    partner: str | None = "mvp", reason: str = "a denied claim", **more: Any
) -> dict[str, Any]:
    detail = {"partner": partner, "reason": reason, "level": 0, **more}
    words = "I'm connecting you."
    return reply(
        Answer(words, words, intent="speak_to_agent", acts=(Act("handoff", detail),)),
        intent={"name": "speak_to_agent", "confidence": 0.99},
    )


def accepting(text: str) -> dict[str, Any]:
    """Understands every text for sure, as one question."""
    return understood(text, "greet")


def understood(
    text: str, intent: str, confidence: float = 0.97, band: str = "accept"
) -> dict[str, Any]:
    """What Rasa's channel gives for a text that is only to be understood."""
    question = {
        "intent": intent,
        "confidence": confidence,
        "band": band,
        "entities": [],
        "span": [0, len(text)],
    }
    return {"intent": {"name": intent, "confidence": confidence}, "questions": [question]}


@dataclass
class Rasa:
    """A small HTTP server in Rasa's place. `answer` gives the replies to turns, `understands` what
    a text would be taken for.
    """

    url: str = ""
    answer: Answering = echo
    understands: Callable[[str], Any] = accepting
    status: int = 200
    delay_seconds: float = 0.0
    requests: list[tuple[str, dict[str, Any], dict[str, str]]] = field(default_factory=list)

    def reset(self) -> None:
        self.answer, self.status, self.delay_seconds = echo, 200, 0.0
        self.understands = accepting
        self.requests.clear()

    def heard(self, route: str = "turn") -> list[dict[str, Any]]:
        """The bodies that came in at a route."""
        return [body for name, body, _ in self.requests if name == route]

    def respond(self, route: str, body: dict[str, Any], headers: dict[str, str]) -> Any:
        self.requests.append((route, body, headers))
        time.sleep(self.delay_seconds)
        if route == "understand":
            return {"understood": [self.understands(text) for text in body["texts"]]}
        return self.answer(body) if route == "turn" else {}


@pytest.fixture(scope="session")
def rasa_server() -> Iterator[Rasa]:
    rasa = Rasa()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            given = rasa.respond(self.path.rsplit("/", 1)[-1], body, dict(self.headers))
            data = given if isinstance(given, bytes) else json.dumps(given).encode()
            self.send_response(rasa.status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: Any) -> None:
            """No line for each request."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        rasa.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield rasa
        server.shutdown()


@pytest.fixture
def rasa(rasa_server: Rasa) -> Rasa:
    rasa_server.reset()
    return rasa_server


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_process(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    client = Redis.from_url(redis_url, decode_responses=True, socket_timeout=1)
    yield client
    await client.aclose()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return migrated(tmp_path_factory.mktemp("database") / "empty.db")


@pytest.fixture
async def engine(empty_database: Path, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    file = shutil.copy(empty_database, tmp_path / "memberline.db")
    engine = connect(f"sqlite+aiosqlite:///{file}")
    yield engine
    await engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return fixed_clock(MOMENT)


# --- the whole bridge ----------------------------------------------------------------------------


@dataclass
class Bridge:
    """The app with its parts; `chat` opens a chat as the page does."""

    app: FastAPI
    http: httpx.AsyncClient
    folder: Path

    @property
    def parts(self) -> Parts:
        parts: Parts = self.app.state.parts
        return parts

    async def chat(self) -> Chatter:
        response = await self.http.post("/chat/sessions")
        assert response.status_code == 200, response.text
        return Chatter(self.http, response.json())


@dataclass
class Chatter:
    """Somebody at the chat page."""

    http: httpx.AsyncClient
    started: dict[str, Any]
    said: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.started['token']}"}

    async def send(self, **body: Any) -> httpx.Response:
        self.said += 1
        message = {"client_message_id": f"m{self.said}", **body}
        return await self.http.post("/chat/messages", json=message, headers=self.headers)

    async def say(self, text: str) -> dict[str, Any]:
        response = await self.send(text=text)
        assert response.status_code == 200, response.text
        answered: dict[str, Any] = response.json()
        return answered

    async def messages(self, **query: Any) -> list[dict[str, Any]]:
        response = await self.http.get("/chat/messages", params=query, headers=self.headers)
        assert response.status_code == 200, response.text
        found: list[dict[str, Any]] = response.json()["messages"]
        return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bridge(
    rasa_server: Rasa,
    redis_url: str,
    empty_database: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Bridge]:
    """One for all tests of a module: each test opens conversations of its own."""
    folder = tmp_path_factory.mktemp("bridge")
    async with opened(folder, rasa_server, redis_url, empty_database) as bridge:
        yield bridge


def bridge_settings(redis_url: str, rasa_url: str, database: Path, folder: Path) -> Settings:
    """A bridge with every door open; no actions stand behind it."""
    return Settings(
        redis_url=redis_url,
        database_url=f"sqlite+aiosqlite:///{database}",
        rasa_url=rasa_url,
        actions_url="http://127.0.0.1:9",
        internal_token=INTERNAL_TOKEN,
        secret="secret-of-the-tests",
        var=folder,
        public_url=None,
        twilio_auth_token=TWILIO_TOKEN,
        phone=PHONE,
        vendors=(VENDOR,),
        allowed_origins=frozenset({"https://members.example.org"}),
        frame_ancestors=("https://portal.example.org",),
    )


@asynccontextmanager
async def opened(
    folder: Path, rasa: Rasa, redis_url: str, empty_database: Path, **environment: str
) -> AsyncIterator[Bridge]:
    """A bridge of its own, with more in its environment."""
    database = shutil.copy(empty_database, folder / "memberline.db")
    settings = bridge_settings(redis_url, rasa.url, Path(database), folder)
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "MEMBERLINE_NOW": NOW, **environment}.items():
            patch.setenv(name, value)
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app, raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as http:
                yield Bridge(app, http, folder)
