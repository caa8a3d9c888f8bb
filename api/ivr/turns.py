"""What passes between a platform's adapter and the voice conversation."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Event = Literal["start", "input", "silence", "hangup"]
Action = Literal["listen", "transfer", "hangup", "wait"]


@dataclass(frozen=True)
class Heard:
    """One reading of what was said. `confidence` is 0 to 1, or None where there is none."""

    text: str
    confidence: float | None = None


@dataclass(frozen=True)
class VoiceTurn:
    """One request of a platform. `turn_id` names the turn: a retry carries the same.

    `confidence` is the recogniser's for `speech`, 0 to 1, or None when the platform gives none;
    `alternatives` are its other readings, best first.
    """

    platform: str
    call_id: str
    turn_id: str
    event: Event
    speech: str = ""
    digits: str = ""
    confidence: float | None = None
    alternatives: tuple[Heard, ...] = ()

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> VoiceTurn:
        """From what `dataclasses.asdict` makes of one."""
        return cls(
            **{**data, "alternatives": tuple(Heard(**each) for each in data["alternatives"])}
        )


@dataclass(frozen=True)
class Listen:
    """What may come next. `digits` is how many keys end the input (0: until #); `silence_ms` how
    long nothing may be said before that is a turn of its own.
    """

    modes: tuple[Literal["speech", "dtmf"], ...] = ("speech", "dtmf")
    digits: int = 0
    hints: tuple[str, ...] = ()
    silence_ms: int = 5000


@dataclass(frozen=True)
class Route:
    """Where a call goes. Only `handoff_id` says what was talked about, and it is opaque.

    `workflow` is Twilio's, `target` the SIP address or number for platforms that transfer by one.
    """

    partner: str | None
    queue: str
    workflow: str
    reason: str
    handoff_id: str | None
    skills: tuple[str, ...] = ()
    priority: int = 5
    target: str = ""


@dataclass(frozen=True)
class VoiceReply:
    """What a platform is told. `wait` asks it to come back for the same turn.

    `say` is plain words, `ssml` the same with marks, `language` a BCP 47 tag.
    """

    say: str
    action: Action
    listen: Listen | None = None
    route: Route | None = None
    ssml: str = ""
    language: str = "en-US"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> VoiceReply:
        listen, route = data["listen"], data["route"]
        return cls(
            **{
                **data,
                "listen": Listen(
                    tuple(listen["modes"]),
                    listen["digits"],
                    tuple(listen["hints"]),
                    listen["silence_ms"],
                )
                if listen
                else None,
                "route": Route(**{**route, "skills": tuple(route["skills"])}) if route else None,
            }
        )
