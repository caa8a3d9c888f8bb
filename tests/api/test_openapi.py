"""Schemathesis over the bridge's own description: whatever is sent, it is no 500.

A real bridge on a real port with real Redis and SQL; only Rasa and the actions stand behind it as
small servers or not at all, so an honest 503 with the contract's error body is an answer too.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.core.result import Ok

from api.app import create_app
from tests.alliance.conftest import ENVIRONMENT
from tests.api.conftest import VENDOR, Rasa, bridge_settings, hand_over
from tests.sandbox.conftest import NOW

pytestmark = pytest.mark.extra

Operation = APIOperation[Any, Any, Any, Any]
# Event streams do not end; the rest is everything.
ENDLESS = {"/desk/events"}
VALID_EXAMPLES, INVALID_EXAMPLES = 5, 10
START_SECONDS = 60
# A PDF takes its time on a busy machine.
PATIENCE_SECONDS = 60


@dataclass
class Door:
    """The bridge's address, and what each of its callers shows."""

    url: str
    http: httpx.Client
    conversation: str
    admin: dict[str, str]
    # Checking a password takes long on purpose: one sign-in is kept while it holds.
    kept: dict[str, str] = field(default_factory=dict)

    def headers(self, path: str) -> dict[str, str]:
        if path.startswith("/chat"):
            token = self.http.post("/chat/sessions").json()["token"]
            return {"Authorization": f"Bearer {token}"}
        if path.startswith("/desk"):
            return {"X-Requested-With": "memberline-desk"}
        if path.startswith("/assist"):
            return {"X-API-Key": VENDOR.secret}
        return {"X-API-Key": "api-key-of-the-tests"}

    def cookies(self, path: str) -> dict[str, str]:
        if not path.startswith("/desk"):
            return {}
        shown = {"Cookie": f"memberline_desk={self.kept.get('memberline_desk', '')}"}
        if self.http.get("/desk/queue", headers=shown).status_code != 200:
            headers = self.headers(path)
            signed_in = self.http.post("/desk/sessions", json=self.admin, headers=headers)
            self.http.cookies.clear()
            self.kept = {"memberline_desk": signed_in.cookies["memberline_desk"]}
        return dict(self.kept)


@pytest.fixture(scope="module")
def door(
    rasa_server: Rasa,
    redis_url: str,
    empty_database: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Door]:
    folder = tmp_path_factory.mktemp("bridge")
    database = Path(shutil.copy(empty_database, folder / "memberline.db"))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ENVIRONMENT, "MEMBERLINE_NOW": NOW}.items():
            patch.setenv(name, value)
        app = create_app(bridge_settings(redis_url, rasa_server.url, database, folder))
        server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False))
        serving = threading.Thread(target=server.run, daemon=True)
        serving.start()
        deadline = time.monotonic() + START_SECONDS
        while not server.started:
            assert time.monotonic() < deadline, "The bridge did not start."
            time.sleep(0.05)
        url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
        lines = (folder / "desk-admin.txt").read_text("utf-8").splitlines()
        known = dict(line.split(": ", 1) for line in lines)
        admin = {"username": known["user"], "password": known["password"]}
        with httpx.Client(base_url=url, timeout=30) as http:
            door = Door(url, http, "", admin)
            door.conversation = waiting(door, rasa_server)
            yield door
        server.should_exit = True
        serving.join(20)


def waiting(door: Door, rasa: Rasa) -> str:
    """The id of a conversation that waits for a person."""
    rasa.reset()
    rasa.answer = lambda _: hand_over()
    said = {"client_message_id": "m1", "text": "a person please"}
    door.http.post("/chat/messages", json=said, headers=door.headers("/chat")).raise_for_status()
    rasa.reset()
    cookie = {"Cookie": f"memberline_desk={door.cookies('/desk')['memberline_desk']}"}
    queue = door.http.get("/desk/queue", headers=cookie).json()
    return str(queue["conversations"][0]["id"])


def operations() -> list[Operation]:
    """All of the description, in its order. It needs no running parts."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        nowhere = "http://127.0.0.1:9"
        app = create_app(bridge_settings("redis://127.0.0.1:9/0", nowhere, Path("x"), Path("x")))
        schema = schemathesis.openapi.from_dict(app.openapi())
    found = [each.ok() for each in schema.get_all_operations() if isinstance(each, Ok)]
    assert len(found) == len(list(schema.get_all_operations()))
    return [each for each in found if each.path not in ENDLESS]


def may_be_wrong(operation: Operation) -> bool:
    """Whether anything about it has a form: every text is a good path part, header or cookie."""
    return bool(operation.body or operation.query)


@pytest.mark.parametrize("operation", operations(), ids=lambda each: f"{each.method} {each.path}")
def test_no_request_is_too_much_for_it(door: Door, operation: Operation) -> None:
    _try(door, operation, GenerationMode.POSITIVE, VALID_EXAMPLES)
    if may_be_wrong(operation):
        _try(door, operation, GenerationMode.NEGATIVE, INVALID_EXAMPLES)


def _try(door: Door, operation: Operation, mode: GenerationMode, examples: int) -> None:
    headers, cookies = door.headers(operation.path), door.cookies(operation.path)

    # The same examples every time: a test that fails by chance helps nobody.
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), real=st.booleans())
    def send(case: Case[Operation], real: bool) -> None:
        _ask_at_once(case.query or {})
        if real and "conversation_id" in (case.path_parameters or {}):
            case.path_parameters["conversation_id"] = door.conversation
        response = case.call(
            base_url=door.url, headers=headers, cookies=cookies, timeout=PATIENCE_SECONDS
        )
        assert response.status_code < 500 or response.status_code == 503, response.text
        if response.status_code == 503:
            assert response.json().keys() == {"error", "detail"}

    send()


def _ask_at_once(query: dict[str, Any]) -> None:
    """A long poll waits as it should; here nothing will come."""
    with suppress(KeyError, TypeError, ValueError):
        query["wait"] = 0 if float(query["wait"]) > 0 else query["wait"]
