"""The chat's socket: it tells what comes, numbered, from whatever number a page has seen last.

Pages send by HTTP, where the same message may be sent again; the socket only tells. A page that
cannot have one (some networks let no sockets through) asks `GET /chat/messages` instead.

Open it with the subprotocols `memberline` and a ticket of `POST /chat/socket-tickets`. It is closed
with 4401 when the session is over, with 1013 when there are too many, and by an answer of 403
instead of an opening when origin or ticket are wrong.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect, status
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from api.chat.endpoints import MOST_MESSAGES
from api.chat.service import Chat
from api.errors import NotSignedIn

log = structlog.get_logger()

PROTOCOL = "memberline"
SESSION_OVER = 4401
# Tabs of one browser share a session; more than this is no browser.
MOST_OF_A_SESSION = 8
MOST_OF_A_PROCESS = 4000
# Who does not take what is told for so long has gone.
_TELL_SECONDS = 20.0

router = APIRouter(prefix="/chat", tags=["chat"])


class OpenSockets:
    """How many this process holds, for each session and in all."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    @property
    def total(self) -> int:
        return self._open.total()

    @contextlib.contextmanager
    def one_more(self, session_hash: str) -> Any:
        """Holds a place; gives whether there was one."""
        room = self._open[session_hash] < MOST_OF_A_SESSION and self.total < MOST_OF_A_PROCESS
        self._open[session_hash] += 1
        try:
            yield room
        finally:
            self._open[session_hash] -= 1
            if not self._open[session_hash]:
                del self._open[session_hash]


@router.websocket("/socket")
async def chat_socket(
    websocket: WebSocket, after: Annotated[int, Query(ge=0, le=MOST_MESSAGES)] = 0
) -> None:
    """Tells messages and changes from a number on."""
    parts = websocket.app.state.parts
    headers = websocket.headers
    if not parts.origins.allowed(headers.get("origin"), headers.get("host", "")):
        await websocket.close()
        return
    offered = [each for each in websocket.scope["subprotocols"] if each != PROTOCOL]
    try:
        session_hash = await parts.socket_tickets.redeem(offered[0]) if offered else None
    except RedisError:
        session_hash = None
    if session_hash is None:
        await websocket.close()
        return
    with parts.open_sockets.one_more(session_hash) as room:
        await websocket.accept(subprotocol=PROTOCOL)
        if not room:
            await websocket.close(status.WS_1013_TRY_AGAIN_LATER)
            return
        await _serve(websocket, parts.chat, session_hash, after)


async def _serve(websocket: WebSocket, chat: Chat, session_hash: str, after: int) -> None:
    """Tell until one side has had enough."""
    telling = asyncio.create_task(_tell(websocket, chat, session_hash, after))
    hearing = asyncio.create_task(_hear(websocket))
    try:
        await asyncio.wait({telling, hearing}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (telling, hearing):
            task.cancel()
        await asyncio.gather(telling, hearing, return_exceptions=True)
    done = [task for task in (telling, hearing) if not task.cancelled() and not task.exception()]
    code = done[0].result() if done else status.WS_1011_INTERNAL_ERROR
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await websocket.close(code)


async def _tell(websocket: WebSocket, chat: Chat, session_hash: str, after: int) -> int:
    """The code to close with."""
    try:
        async for event in chat.events(session_hash, after):
            async with asyncio.timeout(_TELL_SECONDS):
                await websocket.send_json(event)
    except NotSignedIn:
        return SESSION_OVER
    except (TimeoutError, WebSocketDisconnect, RuntimeError):
        return status.WS_1001_GOING_AWAY
    except SQLAlchemyError as error:
        log.error("socket_without_store", error=type(error).__name__)
        return status.WS_1013_TRY_AGAIN_LATER
    return status.WS_1000_NORMAL_CLOSURE


async def _hear(websocket: WebSocket) -> int:
    """Nothing is to be heard but the end."""
    message = await websocket.receive()
    if message["type"] == "websocket.disconnect":
        return status.WS_1000_NORMAL_CLOSURE
    return status.WS_1003_UNSUPPORTED_DATA
