"""An Answer: made once, then said in chat, spoken by the IVR, or suggested to an agent."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

ActKind = Literal["handoff", "emergency", "callback", "callback_cancelled", "closed"]


@dataclass(frozen=True)
class Source:
    """Where a fact comes from.

    `partner` is the partner's key, `resource` a FHIR reference or a knowledge entry, `fetched_at`
    an ISO 8601 instant in UTC.
    """

    partner: str
    resource: str
    fetched_at: str


@dataclass(frozen=True)
class Button:
    """A choice. `payload` stays on the server: the client gets an opaque id and the title."""

    title: str
    payload: str


BESIDE = "beside"


@dataclass(frozen=True)
class Act:
    """Something the bridge has to do beside saying the text.

    `handoff`: to a person; `detail` holds partner, reason, summary, skills, and under `BESIDE` the
    text and speech that are told of the matter when nobody is there. `emergency`: alarm.
    `callback`: to be kept for the desk; `detail` holds partner, phone, window, reason, and
    `instead` where it takes the place of the one before. `callback_cancelled`: nobody is to call
    any more.
    `closed`: the conversation has ended.
    """

    kind: ActKind
    detail: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Listed:
    """What an answer listed, in order, so that "the second one" and "more" can be asked for.

    `intent` is what to ask about one of them. Each item holds what a question needs to ask for it
    again, by need (`{"claim": {"number": ...}}`, `{"provider": {"said": name, "key": NPI, "kind":
    "npi"}}`): public, or worth nothing without proof; never a fact about a member. `shown` and
    `spoken` are how many of them have been said by now, in reading and in hearing.
    """

    intent: str
    items: tuple[dict[str, Any], ...]
    shown: int
    spoken: int


@dataclass(frozen=True)
class Offer:
    """What a yes to the answer does: `intent` is asked again, agreed, with `chosen` (a place in a
    list, an NPI: worth nothing without proof, and never a fact about a member).
    """

    intent: str
    chosen: str


@dataclass(frozen=True)
class Answer:
    """What is said, in two renderings, with its facts.

    `text` is for reading, `speech` for hearing (no URL, no symbol that a voice would stumble on).
    `facts` are plain JSON values. `kind` is `answer`, `question` (something is asked of the
    member) or `notice`. `intent` names the member's question that this answers.
    """

    text: str
    speech: str
    kind: Literal["answer", "question", "notice"] = "answer"
    intent: str | None = None
    partner: str | None = None
    level: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    cards: tuple[dict[str, Any], ...] = ()
    sources: tuple[Source, ...] = ()
    acts: tuple[Act, ...] = ()
    listed: Listed | None = None
    offers: Offer | None = None

    @property
    def tells(self) -> bool:
        """Whether the member learns something by it. An answer that ends in an offer, or in which
        of several is meant, is of kind `question` and tells something all the same; what a form
        asks does not.
        """
        if self.kind == "question":
            return bool(self.offers or self.cards or self.sources)
        return self.kind == "answer"

    def to_json(self) -> dict[str, Any]:
        """The wire form, as the action process sends it through Rasa to the bridge."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Answer:
        """The inverse of `to_json`."""
        return cls(
            **{
                **data,
                "buttons": tuple(Button(**item) for item in data.get("buttons", ())),
                "cards": tuple(data.get("cards", ())),
                "sources": tuple(Source(**item) for item in data.get("sources", ())),
                "acts": tuple(Act(**item) for item in data.get("acts", ())),
                "listed": _listed(data.get("listed")),
                "offers": Offer(**data["offers"]) if data.get("offers") else None,
            }
        )


def _listed(data: dict[str, Any] | None) -> Listed | None:
    return Listed(**{**data, "items": tuple(data["items"])}) if data else None
