"""The chat's socket: opened by a one-use ticket, and telling everything once and in order."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
import uvicorn
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from api.chat.socket import MOST_OF_A_SESSION, PROTOCOL, SESSION_OVER
from tests.api.conftest import Bridge, Chatter, Rasa, hand_over

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address(bridge: Bridge) -> AsyncIterator[str]:
    """The bridge on a real port, for sockets."""
    config = uvicorn.Config(bridge.app, port=0, lifespan="off", log_level="warning")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn tells by no event)
        await asyncio.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"127.0.0.1:{port}"
    server.should_exit = True
    await serving


async def ticket(bridge: Bridge, chat: Chatter) -> str:
    response = await bridge.http.post("/chat/socket-tickets", headers=chat.headers)
    assert response.status_code == 200, response.text
    return str(response.json()["ticket"])


@asynccontextmanager
async def opened(
    address: str, ticket: str, after: int = 0, origin: str | None = None
) -> AsyncIterator[ClientConnection]:
    async with connect(
        f"ws://{address}/chat/socket?after={after}",
        subprotocols=[PROTOCOL, ticket],  # type: ignore[list-item]
        origin=origin,  # type: ignore[arg-type]
        proxy=None,
    ) as socket:
        yield socket


async def told(socket: ClientConnection, wanted: str = "update") -> dict[str, Any]:
    """The next event of a kind."""
    async with asyncio.timeout(10):
        while True:
            event: dict[str, Any] = json.loads(await socket.recv())
            if event["type"] == wanted:
                return event


async def refusal(address: str, ticket: str, **options: Any) -> int:
    with pytest.raises(InvalidStatus) as error:
        async with opened(address, ticket, **options):
            pass
    return error.value.response.status_code


class TestOpening:
    async def test_it_begins_with_what_was_said_so_far(self, bridge: Bridge, address: str) -> None:
        chat = await bridge.chat()
        async with opened(address, await ticket(bridge, chat)) as socket:
            assert socket.subprotocol == PROTOCOL
            first = await told(socket)
            assert [m["seq"] for m in first["messages"]] == [1]
            assert first["state"] == {"owner": "assistant", "verified": False, "level": 0}

    async def test_a_ticket_opens_one_socket(self, bridge: Bridge, address: str) -> None:
        used = await ticket(bridge, await bridge.chat())
        async with opened(address, used):
            pass
        assert await refusal(address, used) == 403

    @pytest.mark.parametrize("wrong", ["nobody", "x" * 43])
    async def test_what_is_no_ticket_opens_nothing(self, address: str, wrong: str) -> None:
        assert await refusal(address, wrong) == 403

    async def test_the_session_s_token_is_no_ticket(self, bridge: Bridge, address: str) -> None:
        chat = await bridge.chat()
        assert await refusal(address, chat.started["token"]) == 403

    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example.org",
            "null",
            "http://127.0.0.1",
            "https://members.example.org.evil.org",
        ],
    )
    async def test_other_sites_pages_open_nothing(
        self, bridge: Bridge, address: str, origin: str
    ) -> None:
        made = await ticket(bridge, await bridge.chat())
        assert await refusal(address, made, origin=origin) == 403

    @pytest.mark.parametrize("own", [True, False])
    async def test_its_own_and_listed_pages_do(
        self, bridge: Bridge, address: str, own: bool
    ) -> None:
        origin = f"http://{address}" if own else "https://members.example.org"
        made = await ticket(bridge, await bridge.chat())
        async with opened(address, made, origin=origin) as socket:
            await told(socket)

    async def test_a_session_has_only_so_many(self, bridge: Bridge, address: str) -> None:
        chat = await bridge.chat()
        async with AsyncExits() as exits:
            for _ in range(MOST_OF_A_SESSION):
                await exits.enter(opened(address, await ticket(bridge, chat)))
            async with opened(address, await ticket(bridge, chat)) as one_more:
                with pytest.raises(ConnectionClosed) as closed:
                    await told(one_more)
                assert closed.value.rcvd is not None
                assert closed.value.rcvd.code == 1013


class AsyncExits:
    """Sockets that stay open until the block ends."""

    def __init__(self) -> None:
        self._open: list[Any] = []

    async def __aenter__(self) -> AsyncExits:
        return self

    async def __aexit__(self, *_: object) -> None:
        for each in self._open:
            await each.__aexit__(None, None, None)

    async def enter(self, manager: Any) -> Any:
        entered = await manager.__aenter__()
        self._open.append(manager)
        return entered


async def came_earlier(bridge: Bridge, chat: Chatter) -> None:
    """The tests' clock stands still, so everybody comes at once."""
    conversation = await bridge.parts.chat_sessions.conversation_of(chat.started["token"])
    handovers = bridge.parts.chat._handovers
    handover = await handovers.current(conversation)
    assert handover
    await handovers.note(handover.id, created_at=handover.created_at - timedelta(minutes=1))


class TestTelling:
    async def test_a_turn_is_told_in_order_and_once(self, bridge: Bridge, address: str) -> None:
        chat = await bridge.chat()
        async with opened(address, await ticket(bridge, chat)) as socket:
            await told(socket)
            for number in range(5):
                await chat.say(f"number {number}")
            heard: list[dict[str, Any]] = []
            while len(heard) < 10:
                heard += (await told(socket))["messages"]
        assert [m["seq"] for m in heard] == list(range(2, 12))
        assert [m["client_message_id"] for m in heard[::2]] == [f"m{n}" for n in range(1, 6)]

    async def test_it_goes_on_from_the_number_that_was_seen_last(
        self, bridge: Bridge, address: str
    ) -> None:
        chat = await bridge.chat()
        seen: list[int] = []
        for number in range(12):
            after = seen[-1] if seen else 0
            async with opened(address, await ticket(bridge, chat), after) as socket:
                if number % 3 == 0:
                    # Cut in the middle of a turn.
                    turn = asyncio.create_task(chat.say(f"number {number}"))
                    await asyncio.sleep(0.01 * (number % 4))
                else:
                    seen += [m["seq"] for m in (await told(socket))["messages"]]
            if number % 3 == 0:
                await turn
        async with opened(address, await ticket(bridge, chat), seen[-1]) as socket:
            seen += [m["seq"] for m in (await told(socket))["messages"]]
        assert seen == [m["seq"] for m in await chat.messages()]

    async def test_the_queue_tells_the_place(
        self, bridge: Bridge, address: str, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: hand_over("preferred-care")
        first, second = await bridge.chat(), await bridge.chat()
        for chat in (first, second):
            await chat.say("a person please")
        await came_earlier(bridge, first)
        async with opened(address, await ticket(bridge, second)) as socket:
            assert (await told(socket))["state"]["queue_position"] == 2
            await bridge.http.delete("/chat/sessions/current", headers=first.headers)
            assert (await told(socket))["state"]["queue_position"] == 1

    async def test_it_closes_when_the_session_ends_elsewhere(
        self, bridge: Bridge, address: str
    ) -> None:
        chat = await bridge.chat()
        async with opened(address, await ticket(bridge, chat)) as socket:
            await told(socket)
            await bridge.http.delete("/chat/sessions/current", headers=chat.headers)
            with pytest.raises(ConnectionClosed) as closed:
                await told(socket)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == SESSION_OVER

    async def test_nothing_may_be_said_by_it(self, bridge: Bridge, address: str) -> None:
        chat = await bridge.chat()
        async with opened(address, await ticket(bridge, chat)) as socket:
            await told(socket)
            await socket.send("hello")
            with pytest.raises(ConnectionClosed) as closed:
                await told(socket)
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1003
        assert bridge.parts.open_sockets.total == 0
