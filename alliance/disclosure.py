"""Who may hear what about another person of the family, decided per person and per resource.

HIPAA 45 CFR 164.502(g) leaves a minor's care out of a parent's sight where the minor consented to
it lawfully; a request for confidential communication (NY Insurance Law 2612) or a court order bars
disclosure; at 18 a parent's access ends; substance use records (42 CFR part 2) need a consent of
their own. What is withheld is not there: in no list, no count, no sum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Literal, Protocol, get_args

from alliance.claims import ServiceCategory
from alliance.coverage import Relationship
from alliance.errors import ConfigurationError
from alliance.verified import Membership, VerifiedMember

DISCLOSURE_FILE = Path(__file__).parent / "data" / "disclosure.yml"
ADULT = 18
# A general permission does not open these: each needs one of its own.
_NEEDS_OWN_CONSENT: frozenset[ServiceCategory] = frozenset({"substance_use", "sexual_health"})


class Item(Protocol):
    """What may be withheld: a claim, an authorization, a referral."""

    @property
    def sensitive(self) -> bool: ...
    @property
    def categories(self) -> frozenset[ServiceCategory]: ...


@dataclass(frozen=True)
class Permission:
    """A consent on file. `to` is the partner's id of the person it names; None names everybody.

    A confidential request and a court order are `deny`; a representative is `permit`.
    """

    effect: Literal["permit", "deny"]
    to: str | None
    start: date | None = None
    end: date | None = None

    def in_force(self, day: date) -> bool:
        return (self.start or date.min) <= day <= (self.end or date.max)


@dataclass(frozen=True)
class Dependant:
    """Somebody covered through a subscriber, as one partner's file shows them.

    `relationship` is to the subscriber, `state` where they live. `permissions` None: the partner
    does not tell what they allowed and forbade, and nothing about them is disclosed.
    """

    partner: str
    patient_id: str
    first_names: tuple[str, ...]
    birth_date: date | None
    gender: str
    relationship: Relationship
    state: str | None
    permissions: tuple[Permission, ...] | None


@dataclass(frozen=True)
class MinorsCare:
    """From which age a minor consents alone to a kind of care, by state of residence."""

    default: Mapping[ServiceCategory, int]
    states: Mapping[str, Mapping[ServiceCategory, int]]

    def consented(self, category: ServiceCategory, state: str | None, age: int) -> bool:
        """Whether a minor of that age there may have consented to it without a parent."""
        ages = {**self.default, **self.states.get(state or "", {})}
        return age >= ages.get(category, 0)


@dataclass(frozen=True)
class View:
    """What one person may hear of another: of a minor child, or by a permission on file."""

    standing: Literal["parent", "permitted"]
    # Kinds of care that are withheld; whatever the partner's file labels always is.
    withheld: frozenset[ServiceCategory]

    def shows(self, item: Item) -> bool:
        """Whether the item may be told."""
        return not item.sensitive and not (item.categories & self.withheld)


@dataclass(frozen=True)
class OnBehalf(VerifiedMember):
    """Proof that opens another person's records to the verified `reader`, as far as `view` shows.

    Made for one answer and never stored; `records` filters by it and audits who read for whom.
    """

    reader: Membership
    view: View


def age_on(born: date, day: date) -> int:
    """Whole years. Somebody born on 29 February has their birthday on 1 March in other years."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def view_of(
    person: Dependant, reader: Membership, today: date, minors_care: MinorsCare
) -> View | None:
    """What the subscriber `reader` may hear about the person, or None: nothing.

    A denial beats everything; a child's records are open to the subscriber until 18; an adult's
    only with a permission on file that names the reader.
    """
    if person.permissions is None or person.partner != reader.partner:
        return None
    standing = [
        each
        for each in person.permissions
        if each.in_force(today) and each.to in (None, reader.patient_id)
    ]
    if any(each.effect == "deny" for each in standing):
        return None
    born = person.birth_date
    if person.relationship == "child" and born and age_on(born, today) < ADULT:
        return View("parent", _consented_by(person, born, today, minors_care))
    # A permission names somebody: one that names nobody opens nothing.
    if any(each.effect == "permit" and each.to == reader.patient_id for each in standing):
        return View("permitted", _NEEDS_OWN_CONSENT)
    return None


def _consented_by(
    person: Dependant, born: date, today: date, minors_care: MinorsCare
) -> frozenset[ServiceCategory]:
    # By the age of today: what a child may keep private now, a parent doesn't hear of now either.
    age = age_on(born, today)
    categories: tuple[ServiceCategory, ...] = get_args(ServiceCategory)
    return frozenset(
        category for category in categories if minors_care.consented(category, person.state, age)
    )


def load_minors_care(document: Any) -> MinorsCare:
    """Read `disclosure.yml`, parsed. Raises ConfigurationError with what to do."""
    table = document.get("minors_care") if isinstance(document, Mapping) else None
    if not isinstance(table, Mapping) or "default" not in table:
        raise ConfigurationError("disclosure.yml needs 'minors_care' with a 'default'.")
    rows = {str(state): _ages(str(state), row) for state, row in table.items()}
    default = rows.pop("default")
    missing = set(get_args(ServiceCategory)) - set(default)
    if missing:
        raise ConfigurationError(f"disclosure.yml: the default lacks {', '.join(sorted(missing))}.")
    return MinorsCare(default, rows)


def _ages(state: str, row: Any) -> Mapping[ServiceCategory, int]:
    ages = row.get("from_age") if isinstance(row, Mapping) else None
    known: Sequence[ServiceCategory] = get_args(ServiceCategory)
    if not isinstance(ages, Mapping) or any(
        key not in known or not isinstance(age, int) or not 0 <= age <= ADULT
        for key, age in ages.items()
    ):
        raise ConfigurationError(
            f"disclosure.yml: '{state}' needs 'from_age' with ages of 0 to {ADULT} for "
            f"{', '.join(known)}."
        )
    return dict(ages)
