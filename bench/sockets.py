"""How many open chats one bridge process holds, and what they cost.

    .venv/bin/python -m bench.sockets [--sockets 500] [--seconds 30]

Starts the whole of Memberline, with a data folder of its own. Every socket belongs to a session of
its own, as every member's does. What is measured is the bridge's own memory before, with the
sockets open and after they have closed; whether each of them is told its conversation and still
lives at the end; and how long a hello takes to be answered by the socket, with one open and with
all of them: the ratio of the two counts, because machines differ. From this machine no address
limit counts (see api/limits.py).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tempfile
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.stack import running_stack

AT_ONCE = 4
ASKED = 40
PATIENCE_SECONDS = 30
_KILOBYTE = 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=30, help="how long they are held")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="memberline-bench-") as folder,
        running_stack(Path(folder) / "var") as stack,
    ):
        process = _bridge_process(stack.var)
        asyncio.run(_measure(stack.bridge, process, options.sockets, options.seconds))


@dataclass
class Chat:
    """One member's chat with its open socket."""

    headers: dict[str, str]
    socket: ClientConnection

    async def told(self) -> dict[str, Any]:
        """The next thing that the socket tells. Raises ConnectionClosed, TimeoutError."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            event: dict[str, Any] = json.loads(await self.socket.recv())
            return event


async def _measure(bridge: str, process: int, count: int, seconds: int) -> None:
    # A kept connection may be closed by the bridge just as it is used again.
    limits = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=0)
    async with httpx.AsyncClient(base_url=bridge, timeout=60, limits=limits) as http:
        async with AsyncExitStack() as alone:
            one = await _open(http, bridge, alone)
            few = await _telling(http, [one] * ASKED)
        before = _memory(process)
        async with AsyncExitStack() as stack:
            chats = await _open_all(http, bridge, count, stack)
            opened = _memory(process)
            await asyncio.sleep(seconds)
            many = await _telling(http, chats[:: max(1, count // ASKED)][:ASKED])
            alive = sum(await asyncio.gather(*(_lives(chat) for chat in chats)))
            held = _memory(process)
        await asyncio.sleep(3)
        after = _memory(process)
    print(f"{count} sockets: {len(chats)} opened and told their chat, {alive} alive at the end")
    print(f"memory of the bridge: {before:.0f} MB before, {opened:.0f} MB with them open")
    print(f"  {held:.0f} MB after {seconds} s and {ASKED} messages, {after:.0f} MB when closed")
    print(f"  {(held - before) * _KILOBYTE / count:.0f} KB a socket, {held / before:.2f} times")
    for name, took in (("one", few), ("all", many)):
        p50, p95 = np.percentile(took, [50, 95])
        print(f"a hello answered with {name} open: p50 {p50:.1f} ms, p95 {p95:.1f} ms")
    print(f"  ratio of the medians {np.median(many) / np.median(few):.2f}")
    if alive != count:
        raise SystemExit("Not all of them held.")


async def _open_all(
    http: httpx.AsyncClient, bridge: str, count: int, stack: AsyncExitStack
) -> list[Chat]:
    turn = asyncio.Semaphore(AT_ONCE)

    async def opened() -> Chat:
        async with turn:
            return await _open(http, bridge, stack)

    return await asyncio.gather(*(opened() for _ in range(count)))


async def _open(http: httpx.AsyncClient, bridge: str, stack: AsyncExitStack) -> Chat:
    """A chat with its socket, which has told the greeting."""
    begun = await http.post("/chat/sessions")
    begun.raise_for_status()
    headers = {"Authorization": f"Bearer {begun.json()['token']}"}
    issued = await http.post("/chat/socket-tickets", headers=headers)
    issued.raise_for_status()
    socket = await stack.enter_async_context(
        connect(
            f"{bridge.replace('http', 'ws', 1)}/chat/socket",
            subprotocols=["memberline", issued.json()["ticket"]],  # type: ignore[list-item]
            proxy=None,
            open_timeout=PATIENCE_SECONDS,
        )
    )
    chat = Chat(headers, socket)
    if [message["seq"] for message in (await chat.told())["messages"]] != [1]:
        raise SystemExit("A socket did not tell its greeting.")
    return chat


async def _telling(http: httpx.AsyncClient, chats: list[Chat]) -> list[float]:
    """Milliseconds from the sending of a hello to its answer by the socket, one chat at a time."""
    took = []
    for number, chat in enumerate(chats):
        said = {"client_message_id": f"bench-{number}", "text": "hello"}
        began = time.perf_counter()
        sending = asyncio.create_task(http.post("/chat/messages", json=said, headers=chat.headers))
        answered = False
        while not answered:
            told = (await chat.told()).get("messages", ())
            answered = any(message["from"] == "assistant" for message in told)
        took.append((time.perf_counter() - began) * 1000)
        (await sending).raise_for_status()
    return took


async def _lives(chat: Chat) -> bool:
    """Whether the bridge still answers at the other end."""
    with suppress(ConnectionClosed, TimeoutError):
        async with asyncio.timeout(PATIENCE_SECONDS):
            await (await chat.socket.ping())
            return True
    return False


def _bridge_process(var: Path) -> int:
    """The bridge that was started with this data folder."""
    mark = f"MEMBERLINE_VAR={var}".encode()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            runs_bridge = b"api.app:create_app" in (process / "cmdline").read_bytes()
            if runs_bridge and mark in (process / "environ").read_bytes():
                return int(process.name)
    raise SystemExit("The bridge is not among the processes of this machine.")


def _memory(process: int) -> float:
    """Resident memory in MB."""
    status = Path(f"/proc/{process}/status").read_text("utf-8")
    kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS"))
    return int(kilobytes) / _KILOBYTE


if __name__ == "__main__":
    main()
