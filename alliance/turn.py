"""The context of a turn: written by the bridge before Rasa is called, read by the actions.

It lives in Redis under the conversation's id for the length of a turn. With no context there is
no member data and no side effect. Slots are never proof.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from alliance.verified import Actor, VerifiedMember

Channel = Literal["chat", "voice"]
Mode = Literal["live", "suggest"]

# A turn's budget is 10 s at the most; a context that outlives its turn opens nothing.
CONTEXT_SECONDS = 30


def context_key(conversation_id: str) -> str:
    """The Redis key of the running turn's context."""
    return f"memberline:turn:{conversation_id}"


def verification_key(conversation_id: str) -> str:
    """The Redis key of the conversation's verification (kept between turns, idle limit)."""
    return f"memberline:verified:{conversation_id}"


@dataclass(frozen=True)
class TurnContext:
    """What one turn may know and do.

    In mode `suggest` nothing is booked, sent, counted or changed, and reads are the actor's.
    """

    conversation_id: str
    turn_id: str
    channel: Channel
    mode: Mode
    actor: Actor
    verified: VerifiedMember | None = None
    # In which the conversation was begun or goes on, as the bridge knows it.
    language: str = "en"
    # A button was pressed: its words are ours, and tell nothing of who pressed it.
    pressed: bool = False
    # The words were said before the member was proven: nobody else goes on with them.
    proven_since: bool = False

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        data["verified"] = self.verified.to_json() if self.verified else None
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> TurnContext:
        verified = data.get("verified")
        return cls(
            conversation_id=data["conversation_id"],
            turn_id=data["turn_id"],
            channel=data["channel"],
            mode=data["mode"],
            actor=Actor(**data["actor"]),
            verified=VerifiedMember.from_json(verified) if verified else None,
            language=data.get("language", "en"),
            pressed=data.get("pressed", False),
            proven_since=data.get("proven_since", False),
        )
