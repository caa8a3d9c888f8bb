"""The agenda: the member's questions, in the order in which they are to be answered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any

from actions.answers.question import ClaimWanted, Question
from alliance.gazetteer import locate
from alliance.partners import Partners
from alliance.values import Period, read_claim_number, read_period

# Claim numbers of other payers' making: a long word of letters and figures.
_ODD_NUMBER = re.compile(r"\b(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[\w-]{12,}\b")
# The member does not know which company it is: any queue will do.
NO_COMPANY = "unknown"


@dataclass(frozen=True)
class Item:
    """One question. `told` holds what was asked for and given, by need; `band` how sure the
    understanding is (accept, confirm, reject).
    """

    intent: str
    text: str = ""
    entities: tuple[Mapping[str, Any], ...] = ()
    told: Mapping[str, Any] = field(default_factory=dict)
    band: str = "accept"

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Item:
        return cls(
            data["intent"],
            data["text"],
            tuple(data["entities"]),
            dict(data["told"]),
            data.get("band", "accept"),
        )

    def tell(self, need: str, value: Any) -> Item:
        """The item with one more need met."""
        return replace(self, told={**self.told, need: value})

    def first(self, entity: str) -> Any:
        """The value of the first entity of a type, or None."""
        return next((e["value"] for e in self.entities if e["entity"] == entity), None)


@dataclass(frozen=True)
class Memory:
    """What the conversation remembers between questions (never proof of anything). `unsure` is
    the question whose topic the member was asked to choose.
    """

    location: str | None = None
    partner: str | None = None
    topic: Mapping[str, Any] | None = None
    unsure: Mapping[str, Any] | None = None
    last: tuple[Mapping[str, Any], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | None) -> Memory:
        return cls(**{**data, "last": tuple(data["last"])}) if data else cls()


def question(item: Item, memory: Memory, partners: Partners, today: date) -> Question:
    """What the item asks, with everything said so far."""
    # Where I would be covered is asked of the place in the question, never of one said before.
    of_a_place = item.intent == "which_plan_covers_me"
    zip_code = entity_zip(item.entities) if of_a_place else _location(item, memory)
    partner = item.told.get("partner") or item.first("partner")
    return Question(
        intent=item.intent,
        text=item.text,
        place=locate(zip_code) if zip_code else None,
        specialty=item.told.get("specialty") or item.first("specialty"),
        claim=_claim(item, today),
        partner=partner if partners.get(partner) else memory.partner,
        reason=item.told.get("reason"),
        language=item.first("language"),
        on=_day(item, today),
        entities={entity["entity"]: entity["value"] for entity in item.entities},
    )


def needs_company(item: Item, memory: Memory) -> bool:
    """Whether nobody has said yet which company it is about."""
    return not (item.told.get("partner") or item.first("partner") or memory.partner)


def claim_value(text: str, today: date) -> dict[str, Any] | None:
    """A claim that the text singles out: by number, by days of service, or the latest."""
    number = read_claim_number(text)
    if number:
        return {"number": number}
    odd = _ODD_NUMBER.search(text)
    if odd:
        return {"number": odd.group()}
    period = read_period(text, today)
    if period:
        return {
            "start": period.start.isoformat(),
            "end": period.end.isoformat(),
            "said": period.said,
        }
    words = set(text.lower().replace("'s", "").split())
    if words & {"latest", "last", "newest", "recent", "most"}:
        return {"latest": True}
    if words & {"all", "any", "every", "them"}:
        return {"all": True}
    return None


def _claim(item: Item, today: date) -> ClaimWanted | None:
    value = item.told.get("claim") or claim_value(item.text, today)
    if value is None:
        return None
    if "number" in value:
        return ClaimWanted(number=value["number"])
    if "start" in value:
        period = Period(
            date.fromisoformat(value["start"]), date.fromisoformat(value["end"]), value["said"]
        )
        return ClaimWanted(period=period)
    return ClaimWanted(latest=bool(value.get("latest")))


def _day(item: Item, today: date) -> date | None:
    """The day that a coverage question is about: the first of the days that were said."""
    period = read_period(item.text, today)
    return period.start if period else None


def _location(item: Item, memory: Memory) -> str | None:
    return item.told.get("location") or entity_zip(item.entities) or memory.location


def entity_zip(entities: Sequence[Mapping[str, Any]]) -> str | None:
    """The ZIP code of a place that is named closely enough: a state alone has none."""
    for kind in ("zip", "place"):
        for entity in entities:
            if entity["entity"] != kind:
                continue
            value = entity["value"]
            code = value.get("zip") if isinstance(value, Mapping) else value
            if code and locate(str(code)):
                return str(code)
    return None
