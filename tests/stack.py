"""The whole of Memberline as real processes, and the two ways in which people talk to it.

`make run`'s own supervisor starts it, with a data folder of its own; only the trained model and
the encoder are those of the checkout.
"""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urljoin
from xml.etree import ElementTree

import httpx
from redis import Redis
from twilio.request_validator import RequestValidator

from scripts.orphans import die_with_parent
from scripts.ports import INNER_PORTS
from scripts.setup import ROOT

# Rasa alone takes up to a minute on two busy cores; the stand-ins build their data at first.
START_SECONDS = 300
STOP_SECONDS = 15
# The stand-ins find a member sooner than a company does; the shortest that is allowed.
_VERIFICATION_SECONDS = "0.1"
TURN_SECONDS = 20
_TAIL_LINES = 40
# What a developer may have set for `make run` must not reach into the tests.
_NOT_INHERITED = (
    "HOST",
    "REDIS_URL",
    "DATABASE_URL",
    "PUBLIC_URL",
    "CIGNA_BACKEND_URL",
    "MVP_BACKEND_URL",
    "PREFERRED_CARE_BACKEND_URL",
    "CIGNA_KEY_FILE",
    "MEMBERLINE_NOW",
    "VERIFICATION_SECONDS",
    *INNER_PORTS,
)


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Start:
    """One start of the supervisor, as `make run` starts it when everything is installed."""

    def __init__(self, var: Path, **environment: str) -> None:
        var.mkdir(parents=True, exist_ok=True)
        self.var = var
        self.output_file = var / "start.out"
        inherited = {name: v for name, v in os.environ.items() if name not in _NOT_INHERITED}
        port = environment.get("PORT") or str(free_port())
        with self.output_file.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "scripts.run"],
                cwd=ROOT,
                env={**inherited, "MEMBERLINE_VAR": str(var), **environment, "PORT": port},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent(),  # noqa: PLW1509 (tests start it with no thread)
            )

    @property
    def output(self) -> str:
        """What it has said so far."""
        return self.output_file.read_text("utf-8", "replace")

    def wait_ready(self, seconds: float = START_SECONDS) -> dict[str, Any]:
        """Wait until a first question was answered; returns what running.json says."""
        deadline = time.monotonic() + seconds
        while "Ready after" not in self.output:
            assert self.process.poll() is None, f"The start ended:\n{self.output}"
            assert time.monotonic() < deadline, f"Not ready after {seconds} s:\n{self.output}"
            time.sleep(0.1)
        running: dict[str, Any] = json.loads((self.var / "running.json").read_text("utf-8"))
        return running

    def wait_for(self, words: str, seconds: float = 30) -> None:
        """Wait until it says something."""
        deadline = time.monotonic() + seconds
        while words not in self.output:
            assert time.monotonic() < deadline, f"{words!r} was not said:\n{self.output}"
            time.sleep(0.05)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Signal it and wait; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(STOP_SECONDS)


@dataclass(frozen=True)
class Stack:
    """Where everything is. `environment` holds the processes' URLs and secrets by name."""

    bridge: str
    var: Path
    environment: Mapping[str, str]
    start: Start

    def member(self, ticket: str | None = None) -> Member:
        """Somebody who opens the chat page, signed in at a company's website with a ticket."""
        return Member(self.bridge, ticket)

    def caller(self) -> Caller:
        """Somebody who calls, by way of Twilio."""
        return Caller(self.bridge, self.environment["TWILIO_AUTH_TOKEN"])

    def sandbox(self, partner: str) -> str:
        """The address of a company's stand-in, e.g. of "preferred-care"."""
        return self.environment[f"{partner.replace('-', '_').upper()}_BACKEND_URL"]

    def code(self, member_id: str) -> str:
        """The newest one-time code that a stand-in has sent to the member."""
        for partner in ("cigna", "mvp", "preferred-care"):
            answer = httpx.get(
                f"{self.sandbox(partner)}/outbox", headers={"Accept": "application/json"}
            )
            for message in answer.json()["messages"]:
                if message["member_id"] == member_id:
                    figures = re.sub(r"(?<=\d), (?=\d)", "", message["text"])
                    return str(re.findall(r"\d{6}", figures)[0])
        raise AssertionError(f"No code was sent to {member_id}.")

    def let_codes_be_sent(self) -> None:
        """Forget when codes were sent: to one person, one goes out a minute, and the conversations
        share the sample members.
        """
        with Redis.from_url(self.environment["REDIS_URL"], socket_timeout=2) as redis:
            for key in redis.scan_iter("memberline:code-sent:*"):
                redis.delete(key)

    def ticket(self, partner: str, member_id: str, **claims: Any) -> str:
        """A ticket of the company's website for a member who is signed in there."""
        url = f"{self.sandbox(partner)}/portal/tickets"
        response = httpx.post(url, json={"member_id": member_id, **claims})
        response.raise_for_status()
        return str(response.json()["ticket"])

    def fault(self, partner: str, **fault: Any) -> None:
        """Make a company's stand-in misbehave (see sandbox/faults.py)."""
        response = httpx.post(f"{self.sandbox(partner)}/faults", json=fault, headers=self._faults())
        response.raise_for_status()

    def no_fault(self, partner: str) -> None:
        """Let it behave again."""
        httpx.delete(f"{self.sandbox(partner)}/faults", headers=self._faults()).raise_for_status()

    def _faults(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.environment['SANDBOX_FAULTS_TOKEN']}"}

    def audited(self, after: int = 0) -> list[Audited]:
        """The audit's rows behind that number."""
        file = self.environment["DATABASE_URL"].removeprefix("sqlite+aiosqlite:///")
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            rows = connection.execute(
                "SELECT number, action, partner FROM audit WHERE number > ? ORDER BY number",
                (after,),
            )
            return [Audited(*row) for row in rows]

    def log_sizes(self) -> dict[Path, int]:
        """How long each process's log is now."""
        return {path: path.stat().st_size for path in sorted((self.var / "log").glob("*.log"))}

    def logs_since(self, sizes: Mapping[Path, int]) -> str:
        """What the processes wrote since then, the last lines of each."""
        parts = []
        for path in self.log_sizes():
            with path.open("rb") as log:
                log.seek(sizes.get(path, 0))
                lines = log.read().decode("utf-8", "replace").splitlines()
            if lines:
                parts.append("\n".join([f"--- {path.name}", *lines[-_TAIL_LINES:]]))
        return "\n".join(parts)


@contextmanager
def running_stack(var: Path, **environment: str) -> Iterator[Stack]:
    """Start everything, with faults allowed at the stand-ins and verification not slowed down;
    ended with the block.
    """
    quick = {"VERIFICATION_SECONDS": _VERIFICATION_SECONDS}
    start = Start(var, **{"SANDBOX_FAULTS_TOKEN": uuid.uuid4().hex, **quick, **environment})
    try:
        running = start.wait_ready()
        yield Stack(running["bridge"], var, running["environment"], start)
    finally:
        start.end()


@dataclass(frozen=True)
class Audited:
    """A row of the audit: what was done ("read", "verified"), and at which company."""

    number: int
    action: str
    partner: str


@dataclass(frozen=True)
class Reply:
    """What came back for one message in the chat; the member's own is left out."""

    messages: list[dict[str, Any]]
    state: dict[str, Any]

    @classmethod
    def of(cls, body: dict[str, Any]) -> Reply:
        """From a response's JSON."""
        others = [message for message in body["messages"] if message["from"] != "member"]
        return cls(others, body["state"])

    @property
    def text(self) -> str:
        """All that was said, one message a line."""
        return "\n".join(message["text"] for message in self.messages)

    @property
    def buttons(self) -> list[str]:
        """The titles of all buttons."""
        return [button["title"] for message in self.messages for button in message["buttons"]]

    @property
    def cards(self) -> list[dict[str, Any]]:
        """The cards of all messages."""
        return [card for message in self.messages for card in message["cards"]]

    def __contains__(self, words: str) -> bool:
        """Whether it was said, in whatever letters: `"paid" in member.say(...)`."""
        return words.lower() in self.text.lower()


class Member:
    """A member in the chat: `member.say("hello").text`."""

    def __init__(self, bridge: str, ticket: str | None = None) -> None:
        self.http = httpx.Client(base_url=bridge, timeout=TURN_SECONDS)
        begun = self.http.post("/chat/sessions", json={"ticket": ticket} if ticket else None)
        begun.raise_for_status()
        session = begun.json()
        self.http.headers["Authorization"] = f"Bearer {session['token']}"
        self.greeting = Reply.of({**session["greeting"], "state": session["state"]})
        self.reply = self.greeting

    @property
    def state(self) -> dict[str, Any]:
        """Who owns the conversation and whether it is verified, as of the last reply."""
        return self.reply.state

    def say(self, text: str) -> Reply:
        """Type a message."""
        return self._send(text=text)

    def press(self, title: str) -> Reply:
        """Press a button of the last reply by its title."""
        buttons = {b["title"]: b["id"] for m in self.reply.messages for b in m["buttons"]}
        assert title in buttons, f"There is no button {title!r}, only {sorted(buttons)}."
        return self._send(button_id=buttons[title])

    def stay_for_a_person(self) -> None:
        """At night the chat asks first whether to leave the message: yes. Then it waits."""
        if "Leave my message" in self.reply.buttons:
            self.press("Leave my message")
        assert self.state["owner"] == "queue", self.reply.text

    def messages(self, after: int = 0) -> Reply:
        """What has come since a number, from whoever."""
        response = self.http.get("/chat/messages", params={"after": after})
        response.raise_for_status()
        return Reply.of(response.json())

    def leave(self) -> None:
        """End the chat."""
        self.http.delete("/chat/sessions/current").raise_for_status()
        self.http.close()

    def _send(self, **said: str) -> Reply:
        response = self.http.post(
            "/chat/messages", json={"client_message_id": uuid.uuid4().hex, **said}
        )
        response.raise_for_status()
        self.reply = Reply.of(response.json())
        return self.reply


@dataclass(frozen=True)
class Spoken:
    """What the caller hears, and what happens then: listen, transfer or hangup."""

    text: str
    action: str
    # Where it goes when it is transferred: queue, partner, handoff_id.
    task: dict[str, Any] = field(default_factory=dict)
    hints: str = ""
    digits: int | None = None
    # So many seconds of silence are waited for an answer.
    waits: int = 0

    def __contains__(self, words: str) -> bool:
        return words.lower() in self.text.lower()


class Caller:
    """A caller, as Twilio passes a call on: signed forms in, TwiML out.

    with stack.caller() as caller:
        assert "911" in caller.greeting
        caller.speak("has my claim from march been paid?")
    """

    def __init__(self, bridge: str, token: str, number: str = "+15185550100") -> None:
        self.call_id = f"CA{uuid.uuid4().hex}"
        self.http = httpx.Client(timeout=TURN_SECONDS)
        self._url = f"{bridge}/ivr/twilio"
        self._next = self._url
        self._validator = RequestValidator(token)
        self._number = number
        self.greeting = self._post({})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.http.close()

    def speak(self, words: str, confidence: float = 0.92) -> Spoken:
        """Say something, as the recogniser heard it."""
        return self._post({"SpeechResult": words, "Confidence": str(confidence)})

    def keys(self, digits: str) -> Spoken:
        """Press keys."""
        return self._post({"Digits": digits})

    def silence(self) -> Spoken:
        """Say nothing."""
        return self._post({})

    def hang_up(self) -> None:
        """End the call, as Twilio's status callback tells it."""
        self._request({"CallStatus": "completed"}).raise_for_status()

    def _post(self, form: dict[str, str]) -> Spoken:
        response = self._request(form)
        response.raise_for_status()
        answer = ElementTree.fromstring(response.content)  # noqa: S314 (our own answer)
        said = " ".join("".join(part.itertext()) for part in answer.iter("Say"))
        redirect = answer.find("Redirect")
        if redirect is not None:
            self._next = urljoin(self._url, redirect.text or "")
            later = self._post(form)
            return Spoken(f"{said} {later.text}", later.action, later.task)
        return self._spoken(answer, said)

    def _spoken(self, answer: ElementTree.Element, said: str) -> Spoken:
        gather, enqueue = answer.find("Gather"), answer.find("Enqueue")
        if gather is not None:
            self._next = urljoin(self._url, gather.get("action", ""))
            digits = gather.get("numDigits")
            return Spoken(
                said,
                "listen",
                hints=gather.get("hints", ""),
                digits=int(digits) if digits else None,
                waits=int(gather.get("timeout", "0")),
            )
        if enqueue is not None:
            task = enqueue.find("Task")
            return Spoken(
                said, "transfer", json.loads((task.text if task is not None else "") or "{}")
            )
        dial = answer.find("Dial")
        if dial is not None:
            # Voicemail, by address: the company's name stands before it.
            address = dial.findtext("Sip", "").removeprefix("sip:").partition("@")[0]
            queue = address.replace(
                "voicemail", "services" if address.startswith("employer") else "member-services"
            )
            return Spoken(said, "transfer", {"queue": queue})
        return Spoken(said, "hangup")

    def _request(self, form: dict[str, str]) -> httpx.Response:
        sent = {
            "CallSid": self.call_id,
            "CallStatus": "in-progress",
            "From": self._number,
            "To": "+18005550110",
            **form,
        }
        signature = self._validator.compute_signature(self._next, sent)
        return self.http.post(self._next, data=sent, headers={"X-Twilio-Signature": signature})
