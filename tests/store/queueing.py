"""Puts conversations into the queue for ever and says which; ended by a signal."""

from __future__ import annotations

import asyncio
import sys

from alliance.clock import system_clock
from api.conversations.store import ConversationStore, Draft
from api.store.engine import connect
from tests.store.conftest import handovers


async def main(url: str) -> None:
    engine = connect(url)
    queue, store = handovers(engine), ConversationStore(engine, system_clock())
    while True:
        conversation = await store.create("chat")
        await store.add(conversation.id, [Draft("member", "a person please")])
        await queue.open(conversation, {"partner": "mvp", "reason": "r"}, None)
        sys.stdout.write(f"queued {conversation.id}\n")
        sys.stdout.flush()


asyncio.run(main(sys.argv[1]))
