"""What a conversation is about so far: for routing, for the hand-over, for the next contact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from alliance.answer import Answer
from alliance.verified import VerifiedMember

# Moves of a conversation and ways to a person are no topic.
_NONE = frozenset(
    {
        "greet", "goodbye", "thank", "affirm", "deny", "inform", "cancel", "repeat",
        "ask_capabilities", "bot_challenge", "feedback_positive", "out_of_scope", "unclear",
        "emergency", "speak_to_agent", "request_callback", "contact_info", "recall",
    }
)  # fmt: skip
_MOST = 10


@dataclass(frozen=True)
class Topics:
    """`asked` and `answered` are intents, the latest last; `product` as a company names it.
    `partner` is the company whose files answered the last topic: its people know the case.
    `caller` is who somebody on business said that they are ("employer"), for no own plan.
    """

    asked: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()
    language: str = "en"
    product: str | None = None
    partner: str | None = None
    caller: str | None = None

    @property
    def latest(self) -> str | None:
        """What is being talked about."""
        return self.asked[-1] if self.asked else None

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Topics:
        if not data:
            return cls()
        return cls(
            tuple(data["asked"]),
            tuple(data["answered"]),
            data["language"],
            data["product"],
            data.get("partner"),
            data.get("caller"),
        )

    def after(
        self,
        questions: Sequence[Mapping[str, Any]],
        answers: Sequence[Answer],
        whole: str | None = None,
    ) -> Topics:
        """With a turn's questions, as understood, and its answers. Of several questions the latest
        decides which people a person is looked for among: what the `whole` message surely is about,
        or else the surest of them.
        """
        asked = [
            str(question["intent"])
            for question in sorted(
                questions, key=lambda q: (q["intent"] == whole, q.get("confidence", 1.0))
            )
            if question.get("band") == "accept" and is_topic(question["intent"])
        ]
        answered = [
            answer.intent
            for answer in answers
            if answer.tells and answer.intent and is_topic(answer.intent)
        ]
        # What was chosen by key or button is known by its answer alone.
        fresh = [*asked, *(intent for intent in answered if intent not in asked)]
        language = next(
            (str(a.facts["language"]) for a in answers if a.facts.get("language")), self.language
        )
        told = [a for a in answers if a.tells and a.intent and is_topic(a.intent)]
        products = [_product(answer) for answer in answers]
        return replace(
            self,
            asked=_latest(self.asked, fresh),
            answered=_latest(self.answered, answered),
            language=language,
            product=next((product for product in products if product), self.product),
            caller=_caller(answers, self.caller),
            partner=(told[-1].partner if told[-1].level else None) if told else self.partner,
        )


def administrator(topics: Topics, member: VerifiedMember) -> str | None:
    """The company (its key) whose people a verified member is handed to without being asked: the
    one that answered the last topic, or the only one they are a member of. None: nobody knows.
    """
    person = member.person
    if topics.partner and person.at(topics.partner):
        return topics.partner
    return None if person.others or person.unreached else person.home.partner


def is_topic(intent: str) -> bool:
    """Whether the intent is something that a member wants settled."""
    return intent not in _NONE


def claim_of(answer: Answer) -> str | None:
    """The number of the one claim that an answer is about."""
    claims = answer.facts.get("claims")
    if isinstance(claims, list) and len(claims) == 1 and isinstance(claims[0], Mapping):
        number = claims[0].get("number")
        return str(number) if number else None
    return None


def _latest(before: Sequence[str], fresh: Sequence[str]) -> tuple[str, ...]:
    kept = [intent for intent in before if intent not in fresh]
    return tuple([*kept, *dict.fromkeys(fresh)][-_MOST:])


def _caller(answers: Sequence[Answer], before: str | None) -> str | None:
    """Who is on the line after these answers; one from a person's own files ends it."""
    for answer in reversed(answers):
        if answer.facts.get("caller") or answer.level:
            return str(answer.facts["caller"]) if answer.facts.get("caller") else None
    return before


def _product(answer: Answer) -> str | None:
    product = answer.facts.get("product")
    return str(product) if isinstance(product, str) else None
