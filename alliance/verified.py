"""Who was proven to be talking. `VerifiedMember` is the only key that opens member data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

# HIPAA automatic logoff; an active conversation renews it turn by turn.
IDLE_LIMIT = timedelta(minutes=15)
# Failed verifications per conversation, and per person over all channels, before a person helps.
MAX_FAILURES = 3
LOCKOUT = timedelta(hours=24)
# Every verification answers after this long, so that an unknown ID and a wrong date look alike.
VERIFICATION_SECONDS = 0.6

ActorKind = Literal["member", "agent", "vendor"]
Method = Literal["id_dob_zip", "name", "portal", "one_time_code", "agent"]


@dataclass(frozen=True)
class Membership:
    """One partner's record of a person: the partner's key and its own patient id."""

    partner: str
    patient_id: str


@dataclass(frozen=True)
class Person:
    """The proven member at one partner, and the same person at others by HRex $member-match.

    `home` is the membership that was proven. `unreached` names partners that could not be asked
    whether they know the person: an answer that could need them says so. `zip_code` is the one
    that was told as proof ("" where none was asked), to search near home.
    """

    home: Membership
    others: tuple[Membership, ...] = ()
    unreached: tuple[str, ...] = ()
    first_name: str = ""
    zip_code: str = ""

    @property
    def memberships(self) -> tuple[Membership, ...]:
        return (self.home, *self.others)

    def at(self, partner: str) -> Membership | None:
        """The person's membership at `partner`, if there is one."""
        return next((m for m in self.memberships if m.partner == partner), None)


@dataclass(frozen=True)
class Actor:
    """Who acts: the member, an agent (`id` is the agent's user name) or a vendor's key."""

    kind: ActorKind
    id: str = ""


@dataclass(frozen=True)
class VerifiedMember:
    """Proof, kept on the server under the conversation's id. Level 1 or 2 (see the plan rules)."""

    person: Person
    level: int
    method: Method
    actor: Actor
    conversation_id: str
    expires_at: datetime

    def valid_at(self, now: datetime) -> bool:
        return now < self.expires_at

    def to_json(self) -> dict[str, Any]:
        data = asdict(self)
        data["expires_at"] = self.expires_at.isoformat()
        return data

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> VerifiedMember:
        person = data["person"]
        return cls(
            person=Person(
                home=Membership(**person["home"]),
                others=tuple(Membership(**item) for item in person["others"]),
                unreached=tuple(person["unreached"]),
                first_name=person["first_name"],
                zip_code=person.get("zip_code", ""),
            ),
            level=data["level"],
            method=data["method"],
            actor=Actor(**data["actor"]),
            conversation_id=data["conversation_id"],
            expires_at=datetime.fromisoformat(data["expires_at"]),
        )
