"""Tickets for the socket: a browser cannot send its bearer token when it opens one, and a token in
an address would be written to logs. A ticket opens one socket, once, within half a minute.
"""

from __future__ import annotations

from redis.asyncio import Redis

from api.ids import new_token, token_hash

TICKET_SECONDS = 30


class SocketTickets:
    """Kept in Redis under their hashes. Raises redis.RedisError."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def issue(self, session_hash: str) -> str:
        """A ticket for the session with this token hash."""
        ticket = new_token()
        await self._redis.set(_key(ticket), session_hash, ex=TICKET_SECONDS)
        return ticket

    async def redeem(self, ticket: str) -> str | None:
        """The session's token hash, the first time; None ever after, and for what is no ticket."""
        found = await self._redis.getdel(_key(ticket))
        return str(found) if found else None


def _key(ticket: str) -> str:
    return f"memberline:socket-ticket:{token_hash(ticket)}"
