"""Talk to the running assistant in the terminal, and see what it makes of each message.

After each reply: the questions understood with their confidence and band, what they name, what is
being asked now, the calls to companies with their times, and the time of the whole turn. It stands
where the bridge stands, so nothing is stored and nobody at the desk is called: an act such as a
hand-over is shown. `make run` must be running in another terminal.

Run: `python -m scripts.talk [--voice] [FILE]` (`make talk`); a FILE's lines are said one by one.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
from redis.asyncio import Redis

from alliance.answer import Answer
from alliance.clock import system_clock
from alliance.turn import Channel
from api.assistant import TURN_SECONDS, Assistant, Reply
from api.errors import AssistantUnavailable
from api.ids import new_id
from scripts.failure import Failure, one_sentence
from scripts.folder import folder

DIM, BOLD, PLAIN = "\033[2m", "\033[1m", "\033[0m"


def main(arguments: list[str]) -> None:
    """Read the arguments and talk until the input ends."""
    with one_sentence():
        channel: Channel = "voice" if "--voice" in arguments else "chat"
        files = [argument for argument in arguments if not argument.startswith("--")]
        with suppress(KeyboardInterrupt):
            lines = Path(files[0]).read_text("utf-8").splitlines() if files else None
            asyncio.run(_talk(_running(), channel, lines))


def _running() -> dict[str, str]:
    """Where the running stack is. Raises Failure when none runs."""
    path = folder(os.environ) / "running.json"
    try:
        return dict(json.loads(path.read_text("utf-8"))["environment"])
    except FileNotFoundError:
        raise Failure("Memberline is not running: start it with `make run`.") from None


async def _talk(where: dict[str, str], channel: Channel, lines: list[str] | None) -> None:
    log = Path(where["MEMBERLINE_VAR"]) / "log" / "actions.log"
    async with (
        httpx.AsyncClient(
            base_url=where["RASA_URL"], timeout=TURN_SECONDS, trust_env=False
        ) as client,
        Redis.from_url(where["REDIS_URL"], decode_responses=True) as redis,
    ):
        assistant = Assistant(client, redis, system_clock(), where["MEMBERLINE_INTERNAL_TOKEN"])
        conversation = new_id()
        pressed: list[str] = []
        async for said in _lines(lines):
            if not said:
                continue
            # A number alone presses a button of the last reply, as "#2".
            payload = _pressed(said, pressed)
            seen = log.stat().st_size if log.exists() else 0
            began = time.perf_counter()
            try:
                reply = await assistant.turn(conversation, payload or said, channel)
            except AssistantUnavailable as error:
                print(f"{BOLD}!{PLAIN} {error.detail}")
                continue
            took = time.perf_counter() - began
            pressed = [b.payload for answer in reply.answers for b in answer.buttons]
            _show(reply, channel, took, _calls(log, seen))


async def _lines(written: list[str] | None) -> AsyncIterator[str]:
    if written is not None:
        for line in written:
            print(f"\n{BOLD}>{PLAIN} {line}")
            yield line.strip()
        return
    while True:
        try:
            yield (await asyncio.to_thread(input, f"\n{BOLD}>{PLAIN} ")).strip()
        except EOFError:
            return


def _pressed(said: str, payloads: list[str]) -> str | None:
    if not said.startswith("#") or not said[1:].isdigit():
        return None
    number = int(said[1:])
    return payloads[number - 1] if 0 < number <= len(payloads) else None


def _show(reply: Reply, channel: Channel, took: float, calls: list[dict[str, Any]]) -> None:
    number = 0
    for answer in reply.answers:
        print(answer.speech if channel == "voice" else answer.text)
        for button in answer.buttons:
            number += 1
            print(f"  [#{number} {button.title}]")
        for act in answer.acts:
            print(f"  {BOLD}({act.kind}: {act.detail}){PLAIN}")
    print(f"{DIM}{_understood(reply)}")
    for call in calls:
        print(f"  {call['partner']} {call['what']} {call['ms']} ms")
    sources = sorted({_source(answer) for answer in reply.answers} - {""})
    asking = f", asking {reply.asking}" if reply.asking else ""
    print(
        f"  {took * 1000:.0f} ms{asking}{', from ' if sources else ''}{'; '.join(sources)}{PLAIN}"
    )


def _understood(reply: Reply) -> str:
    lines = []
    for question in reply.questions or ({"intent": reply.intent, "confidence": reply.confidence},):
        named = ", ".join(f"{e['entity']}={e['value']}" for e in question.get("entities", ()))
        lines.append(
            f"  {question['intent']} {question['confidence']:.2f} {question.get('band', '')} "
            f"{named}".rstrip()
        )
    return "\n".join(lines)


def _source(answer: Answer) -> str:
    return ", ".join(sorted({f"{s.partner} {s.resource.split('/')[0]}" for s in answer.sources}))


def _calls(log: Path, seen: int) -> list[dict[str, Any]]:
    """The calls to companies that the action process has noted since `seen` bytes of its log."""
    if not log.exists():
        return []
    with log.open("rb") as file:
        file.seek(seen)
        lines = file.read().decode("utf-8", "replace").splitlines()
    noted = []
    for line in lines:
        with suppress(ValueError):
            entry = json.loads(line)
            if isinstance(entry, dict) and entry.get("event") == "partner_called":
                noted.append(entry)
    return noted


if __name__ == "__main__":
    main(sys.argv[1:])
