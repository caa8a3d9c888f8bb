"""Callers with a voice, on a running Memberline: what they say is spoken, carried by a telephone
line, heard by a recogniser and sent to the bridge as any platform would (`/ivr/json`).

    .venv/bin/python -m scripts.phone_calls

needs `make run` in another terminal and Debian's flite and espeak-ng. Ten calls are made, and
docs/phone-calls.md is written anew from them.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from evaluation import sentences
from scripts.failure import Failure, one_sentence
from scripts.folder import folder
from scripts.phone_line import LINES, Hearing, Recogniser
from scripts.setup import ROOT

TRANSCRIPTS = ROOT / "docs" / "phone-calls.md"
_SECONDS = 20
_MOST_TURNS = 14
# The key of the company by the first letter of its member IDs.
_COMPANIES = {"M": "2", "U": "1", "P": "3"}
_LETTERS = {
    letter: key
    for key, letters in zip(
        "23456789", ["abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz"], strict=True
    )
    for letter in letters
}


@dataclass(frozen=True)
class Proof:
    """What a sample member of docs/sample-members.md proves themselves with, by keys."""

    first_name: str
    member_id: str
    date_of_birth: str
    zip: str


MORGAN = Proof("morgan", "M10010002", "11021979", "12207")
AVERY = Proof("avery", "U10010001", "05171984", "06103")
RILEY = Proof("riley", "P10010003", "08231990", "14604")


@dataclass(frozen=True)
class Caller:
    """Somebody who calls. `asks` are the same wish in other words, said one after the other as long
    as the line asks again. `topic` is a pattern of what the line may call it ("a claim"); `right`
    is a pattern of the answer. Without `right` the caller asks for a person as soon as the line has
    understood, and `skills` says which people are the right ones. `steps` are further words (or
    "keys:12", "silence") once the wish is answered.
    """

    name: str
    asks: Sequence[str]
    topic: str = ""
    right: str = ""
    skills: Sequence[str] = ()
    line: str = "awb"
    proof: Proof | None = None
    steps: Sequence[str] = ()


@dataclass
class Call:
    """What became of a call. `outcome`: right, person (who asks again what it is about), wrong
    (other people than the wish's), or lost (neither answered nor passed on). `utterances` is how
    often the wish was said; what a person is told it is about is not counted.
    """

    caller: Caller
    lines: list[tuple[str, str]] = field(default_factory=list)
    outcome: str = "open"
    route: dict[str, Any] | None = None
    utterances: int = 0

    def heard(self) -> str:
        """All that the line said."""
        return "\n".join(text for who, text in self.lines if who == "Line")


class Telephone:
    """Makes calls to one bridge."""

    def __init__(self, bridge: str, key: str, folder: Path, code: Any = None) -> None:
        self._http = httpx.Client(
            base_url=bridge, timeout=_SECONDS, headers={"Authorization": f"Bearer {key}"}
        )
        self._recogniser = Recogniser((s.text for s in sentences.written()), folder)
        self._code = code

    def call(self, caller: Caller) -> Call:
        """One call, to its end."""
        made = _Made(self, caller)
        made.run()
        return made.call

    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """One turn. Raises httpx.HTTPStatusError."""
        response = self._http.post("/ivr/json", json=body)
        response.raise_for_status()
        told: dict[str, Any] = response.json()
        return told

    def hear(self, text: str, line: str, model: str) -> list[Hearing]:
        """What the recogniser makes of a voice that says `text`."""
        return self._recogniser.hear(text, LINES[line], model)

    def code(self, member_id: str) -> str:
        """The one-time code that was sent to a sample member."""
        return str(self._code(member_id))


class _Made:
    """A call as it is made."""

    def __init__(self, telephone: Telephone, caller: Caller) -> None:
        self._telephone = telephone
        self._caller = caller
        self.call = Call(caller)
        self._id = f"call-{uuid.uuid4().hex}"
        self._turns = 0
        self._told: dict[str, Any] = {}
        self._asks = list(caller.asks)

    def run(self) -> None:
        self._send("start")
        self._ask()
        for _ in range(_MOST_TURNS):
            if self._told["action"] != "listen" or self.call.outcome == "right":
                break
            self._react(str(self._told["say"]))
        if self.call.outcome == "right":
            for step in self._caller.steps:
                if self._told["action"] != "listen":
                    break
                self._step(step)
        self._judge()
        self._telephone.post({"call_id": self._id, "turn_id": "end", "event": "hangup"})

    def _judge(self) -> None:
        self.call.route = self._told.get("route")
        if self.call.outcome != "open":
            return
        route = self.call.route
        if route is None:
            self.call.outcome = "lost"
        elif route["reason"] == "could not be understood" or not route["skills"]:
            self.call.outcome = "person"
        else:
            right = set(self._caller.skills) <= set(route["skills"]) and self._caller.skills
            self.call.outcome = "right" if right else "wrong"

    def _react(self, prompt: str) -> None:
        """What a caller says to a prompt. The last question in it counts."""
        low = prompt.lower()
        if self._caller.right and re.search(self._caller.right, prompt, re.IGNORECASE):
            self.call.outcome = "right"
        elif match := re.search(r"is it about ([^?]+)\? say yes or no", low):
            meant = self._caller.topic and re.search(self._caller.topic, match[1])
            self._speak("yes" if meant else "no", "answers")
        elif "is someone in danger" in low:
            self._keys("1" if "9 1 1" in self._caller.right else "2")
        elif "is that right? say yes or no" in low:
            self._keys("1")
        elif "is closed now" in low:
            self._keys("2")
        elif "let's use the keys" in low:
            self._send("silence")
        elif "didn't catch" in low or "you can say: check" in low or "didn't hear" in low:
            self._ask()
        elif "which company" in low:
            self._keys("9" if self._caller.proof is None else self._company)
        elif "what is it about" in low:
            self._ask(counted=False)
        elif self._caller.proof and self._proves(low, self._caller.proof):
            return
        elif self._caller.skills:
            self._speak("i want to talk to a person", "open")
        elif self._asks:
            self._ask()
        else:
            self._keys("0")

    @property
    def _company(self) -> str:
        return _COMPANIES[self._caller.proof.member_id[0]] if self._caller.proof else "9"

    def _proves(self, prompt: str, proof: Proof) -> bool:
        """Give what is asked for. False: nothing of it is."""
        asked = {
            "first name": "".join(_LETTERS[c] for c in proof.first_name) + "#",
            "member id": proof.member_id[1:] + "#",
            "date of birth": proof.date_of_birth,
            "zip code of your home": proof.zip,
            "the code": "",
        }
        places = {prompt.rfind(words): keys for words, keys in asked.items() if words in prompt}
        if not places:
            return False
        self._keys(places[max(places)] or self._telephone.code(proof.member_id))
        return True

    def _step(self, step: str) -> None:
        if step == "silence":
            self._send("silence")
        elif step.startswith("keys:"):
            self._keys(step.removeprefix("keys:"))
        else:
            self._speak(step, "open")

    def _ask(self, *, counted: bool = True) -> None:
        """The wish; in its last words again when there are no others."""
        text = self._asks.pop(0) if self._asks else self._caller.asks[-1]
        self.call.utterances += counted
        if text == "silence" or text.startswith("keys:"):
            self._step(text)
        else:
            self._speak(text, "open")

    def _speak(self, text: str, model: str) -> None:
        if "speech" not in (self._told["listen"] or {"modes": ()})["modes"]:
            return self._send("silence")
        readings = self._telephone.hear(text, self._caller.line, model)
        note = f"heard: “{readings[0].text}”, {readings[0].confidence:.2f}" if readings else "noise"
        same = readings and readings[0].text == text
        self.call.lines.append(("Caller", f"{text} ({note})" if not same else text))
        if not readings:
            return self._send("input", speech="", confidence=0.0)
        best, *others = readings
        return self._send(
            "input",
            speech=best.text,
            confidence=best.confidence,
            alternatives=[{"text": o.text, "confidence": o.confidence} for o in others],
        )

    def _keys(self, keys: str) -> None:
        shown = keys if len(keys) < 3 else "*" * len(keys)
        self.call.lines.append(("Caller", f"[presses {shown}]"))
        self._send("input", digits=keys)

    def _send(self, event: str, **given: Any) -> None:
        if event == "silence":
            self.call.lines.append(("Caller", "[says nothing]"))
        self._turns += 1
        body = {"call_id": self._id, "turn_id": str(self._turns), "event": event}
        self._told = self._telephone.post({**body, "input": given} if given else body)
        self.call.lines.append(("Line", str(self._told["say"])))
        if route := self._told["route"]:
            to = f"{route['queue']}, skills {', '.join(route['skills']) or 'none'}"
            self.call.lines.append(("Call", f"goes to {to}"))


TEN = (
    Caller(
        "A claim, with the caller verified by keys",
        ["has my claim from march been paid"],
        right=r"140 dollars",
        proof=MORGAN,
        steps=["repeat that please", "thank you goodbye"],
    ),
    Caller(
        "A doctor", ["find me a heart doctor near albany"], right=r"cardiolog", steps=["more"],
        line="rms",
    ),
    Caller(
        "Danger", ["my husband has chest pain and he can't breathe"], right=r"call 9 1 1 now",
        steps=["keys:0"],
    ),
    Caller("A person at once", ["representative", "a bill that i got"], skills=["claims"]),
    Caller("A person, asked for by key", ["keys:0", "my claim was denied"], skills=["claims"]),
    Caller("Spanish", ["keys:9"], right="oprima 1", steps=["keys:2"]),
    Caller(
        "Routed by its reason", ["why was my claim denied"], "why a claim was denied",
        skills=["claims"], line="rms",
    ),
    Caller(
        "A bad line", ["i want to know whether my claim has been paid", "my claim"], "a claim",
        skills=["claims"], line="bad",
    ),
    Caller("Nobody speaks", ["silence", "silence", "silence"]),
    Caller(
        "Slower, and time to look for the card",
        ["has my claim from march been paid"],
        right=r"first name",
        line="rms",
        steps=["speak slower please", "hold on", "silence", "i want to talk to a person", "keys:9"],
    ),
)  # fmt: skip


def main() -> None:
    with one_sentence(), tempfile.TemporaryDirectory() as name:
        where = _running()
        key = str(where["IVR_API_TOKEN"]).split()[0]
        telephone = Telephone(where["bridge"], key, Path(name), lambda who: _code(where, who))
        calls = [telephone.call(caller) for caller in TEN]
        TRANSCRIPTS.write_text(page(calls))
        print(f"Written: {TRANSCRIPTS.relative_to(ROOT)}")


def page(calls: Sequence[Call]) -> str:
    """The transcripts as Markdown."""
    parts = [
        "# Ten calls\n\n"
        "Made by `python -m scripts.phone_calls`; don't edit by hand. A synthetic voice spoke over "
        "an 8 kHz line, a recogniser heard, and the running assistant answered. Where it heard "
        "something else than was said, that and its confidence stand beside it.\n"
    ]
    for call in calls:
        lines = "\n".join(f"- **{who}**: {text}" for who, text in call.lines if text)
        parts.append(f"## {call.caller.name}\n\n{lines}\n")
    return "\n".join(parts)


def _running() -> dict[str, str]:
    """Where the running stack is. Raises Failure when none runs."""
    try:
        running = json.loads((folder(os.environ) / "running.json").read_text("utf-8"))
    except FileNotFoundError:
        raise Failure("Memberline is not running: start it with `make run`.") from None
    return {**running["environment"], "bridge": running["bridge"]}


def _code(where: dict[str, str], member_id: str) -> str:
    """The newest code at the stand-ins' outboxes."""
    for partner in ("CIGNA", "MVP", "PREFERRED_CARE"):
        url = f"{where[f'{partner}_BACKEND_URL']}/outbox"
        answer = httpx.get(url, headers={"Accept": "application/json"}, timeout=_SECONDS)
        for message in answer.json()["messages"]:
            if message["member_id"] == member_id:
                figures = re.sub(r"(?<=\d), (?=\d)", "", message["text"])
                return str(re.findall(r"\d{6}", figures)[0])
    raise Failure(f"No code was sent to {member_id}.")


if __name__ == "__main__":
    main()
