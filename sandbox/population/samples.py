"""The sample members written by hand, one for each situation that a member service meets.

`docs/sample-members.md` is written from here (`python -m sandbox members`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sandbox.population.calendar import MARCH, OCTOBER, Anchor
from sandbox.population.records import (
    Authorization,
    Claim,
    Cover,
    Member,
    Referral,
    Representative,
    Spending,
    State,
    denied,
    make_claim,
    partly_paid,
    plan_named,
)
from sandbox.population.services import SERVICES

CIGNA, MVP, PREFERRED = "cigna", "mvp", "preferred-care"

# The everyday claims of somebody with nothing special about them, newest first: months back.
_EVERYDAY = (
    (1, "office"), (2, "statin"), (3, "lab"), (5, "specialist"), (6, "statin"), (7, "urgent"),
    (9, "therapy"), (11, "x-ray"), (13, "checkup"), (15, "flu-shot"), (17, "office"),
    (19, "lab"), (21, "statin"), (23, "specialist"),
)  # fmt: skip
_MARCH_DAY = 12


@dataclass(frozen=True)
class Sample:
    """One record and why it exists. `march` says what its claim of March is."""

    member: Member
    situation: str
    march: str
    # How a birth date that moves with the calendar is written in the documentation.
    born_rule: str | None = None


@dataclass
class _Writer:
    """Writes one company's record of a person, claim by claim."""

    anchor: Anchor
    partner: str
    member_id: str
    city: str

    def __post_init__(self) -> None:
        self.claims: list[Claim] = []
        self.spent = Spending()
        digits = "".join(c for c in self.member_id if c.isdigit())
        self._next = int(digits[-3:]) * 40 % 99_000 + 100

    def number(self, served: date) -> str:
        self._next += 1
        return f"CLM-{served.year}-{self._next:05d}"

    def add(self, cover: Cover, service: str, served: date, state: State = "paid") -> Claim:
        claim = make_claim(
            self.number(served), cover, service, served, self.anchor, self.spent, self.city, state
        )
        self.claims.append(claim)
        return claim

    def change(self, claim: Claim, **changes: object) -> Claim:
        changed = replace(claim, **changes)  # type: ignore[arg-type]
        self.claims[self.claims.index(claim)] = changed
        return changed

    def march(self, cover: Cover, service: str = "office", state: State = "paid") -> Claim:
        return self.add(cover, service, self.anchor.latest(MARCH, _MARCH_DAY), state)

    def everyday(self, cover: Cover) -> None:
        """Claims over two years, none in the latest March.

        Oldest first, so that each plan year's deductible fills up; but after the March claim,
        whose amounts then are the same on every day.
        """
        march = self.anchor.latest(MARCH, 1)
        for months, service in reversed(_EVERYDAY):
            served = self.anchor.months_ago(months, 3 + months)
            in_march = (served.year, served.month) == (march.year, march.month)
            if cover.covers(served) and not in_march:
                self.add(cover, service, served)

    def deny(
        self,
        cover: Cover,
        service: str,
        served: date,
        reason: str,
        note: str,
        *,
        owed: bool = True,
    ) -> Claim:
        claim = self.add(cover, service, served, "pending")
        return self.change(
            claim,
            shares=(denied(SERVICES[service], owed=owed),),
            state="denied",
            decided=self.anchor.not_later(claim.received + timedelta(days=12)),
            reason=reason,
            note=note,
        )


def _cover(
    anchor: Anchor,
    plan: str,
    group: str,
    start: date | None = None,
    end: date | None = None,
    **more: object,
) -> Cover:
    first = anchor.start(start or anchor.years_ago(3))
    key = str(more.pop("key", "medical"))
    return Cover(key, plan_named(plan), group, first, end, **more)  # type: ignore[arg-type]


def _member(
    partner: str,
    member_id: str,
    given: str,
    family: str,
    born: date,
    zip_code: str,
    covers: tuple[Cover, ...],
    claims: list[Claim],
    **more: object,
) -> Member:
    gender = more.pop("gender", "female")
    slug = f"{given}.{family}".lower().replace(" ", "-")
    tail = int("".join(c for c in member_id if c.isdigit())[-2:])
    return Member(
        partner,
        member_id,
        given,
        family,
        gender,  # type: ignore[arg-type]
        born,
        f"{tail + 1} Sample Street",
        zip_code,
        f"518-555-01{tail:02d}",
        str(more.pop("email", f"{slug}@example.org")),
        covers,
        tuple(sorted(claims, key=lambda claim: claim.served)),
        **more,  # type: ignore[arg-type]
    )


def _dollars(cents: int) -> str:
    return f"${cents / 100:,.2f}"


def _told(claim: Claim) -> str:
    """What a claim of March is, for the documentation; amounts never depend on the day."""
    text = {
        "paid": "paid",
        "partly_paid": "partly paid",
        "denied": "denied",
        "received": "received",
        "pending": "in process",
        "information_requested": "waiting for information",
        "adjusted": "adjusted",
        "reversed": "reversed",
    }[claim.state]
    # The number's year is the claim's.
    number = f" (CLM-year-{claim.number[-5:]})" if claim.number else ""
    if claim.decided is None:
        return f"{text}{number}: billed {_dollars(claim.billed)}"
    return (
        f"{text}{number}: billed {_dollars(claim.billed)}, plan paid {_dollars(claim.paid)}, "
        f"member owes {_dollars(claim.liability)}"
    )


def _usual(anchor: Anchor, cover: Cover) -> str:
    """What an office visit in March is under a coverage, whenever it covered March."""
    day = anchor.latest(MARCH, _MARCH_DAY)
    return _told(make_claim("", cover, "office", day, anchor, Spending(), ""))


def _plain(anchor: Anchor) -> list[Sample]:
    found = []
    for partner, member_id, name, born, zip_code, city, plan, group in (
        (CIGNA, "U10010001", ("Avery", "Sampleton"), date(1984, 5, 17), "06103", "hartford",
         "CIG-OAP", "ALX-1001"),
        (MVP, "M10010002", ("Morgan", "Testwell"), date(1979, 11, 2), "12207", "albany",
         "MVP-POS", "ALX-2001"),
        (PREFERRED, "P10010003", ("Riley", "Exampleby"), date(1990, 8, 23), "14604", "rochester",
         "PC-PPO", "ALX-3001"),
    ):  # fmt: skip
        cover = _cover(anchor, plan, group)
        writer = _Writer(anchor, partner, member_id, city)
        march = writer.march(cover)
        writer.everyday(cover)
        member = _member(partner, member_id, *name, born, zip_code, (cover,), writer.claims)
        found.append(Sample(member, "Plain member, claims over two years", _told(march)))
    return found


def _denied(anchor: Anchor) -> list[Sample]:
    found = []
    for partner, member_id, name, born, zip_code, city, plan, group, service, reason, note in (
        (CIGNA, "U10010004", ("Dana", "Refusal"), date(1971, 2, 9), "02118", "boston",
         "CIG-OAP", "ALX-1002", "mri", "197",
         "The scan needed approval beforehand and we have none on file. Your doctor may send it."),
        (MVP, "M10010005", ("Drew", "Nocover"), date(1988, 12, 30), "05401", "burlington",
         "MVP-HMO", "ALX-2002", "specialist", "16",
         "The claim lacks information that we need from the doctor's office."),
        (PREFERRED, "P10010006", ("Robin", "Deniedson"), date(1966, 7, 4), "14607", "rochester",
         "PC-HMO", "ALX-3002", "emergency", "22",
         "Another plan may have to pay first. Tell us about your other coverage."),
    ):  # fmt: skip
        cover = _cover(anchor, plan, group)
        writer = _Writer(anchor, partner, member_id, city)
        march = writer.deny(cover, service, anchor.latest(MARCH, 18), reason, note)
        writer.everyday(cover)
        member = _member(partner, member_id, *name, born, zip_code, (cover,), writer.claims)
        found.append(Sample(member, f"March claim denied (reason {reason})", _told(march)))
    return found


def _movers(anchor: Anchor) -> list[Sample]:
    """Moved on the latest 1 October: one company before it, CIGNA after, the same person."""
    found = []
    moved = anchor.latest(OCTOBER, 1)
    for old, plan, group, (old_id, new_id), (old_zip, new_zip), cities, name, born in (
        (MVP, "MVP-HMO", "ALX-2001", ("M10010007", "U10010007"), ("12180", "02118"),
         ("troy", "boston"), ("Jordan", "Movewell"), date(1992, 4, 11)),
        (PREFERRED, "PC-HMO", "ALX-3001", ("P10010008", "U10010008"), ("14607", "02139"),
         ("rochester", "cambridge"), ("Casey", "Relocato"), date(1983, 9, 19)),
    ):  # fmt: skip
        before = _cover(anchor, plan, group, end=moved - timedelta(days=1))
        after = _cover(anchor, "CIG-OAP", "ALX-1001", moved)
        march_day = anchor.latest(MARCH, _MARCH_DAY)
        for partner, member_id, cover, city, other in (
            (old, old_id, before, cities[0], "CIGNA"),
            (CIGNA, new_id, after, cities[1], {MVP: "MVP", PREFERRED: "Preferred Care"}[old]),
        ):
            writer = _Writer(anchor, partner, member_id, city)
            if cover.covers(march_day):
                writer.march(cover)
            writer.everyday(cover)
            if cover is after and cover.covers(anchor.days_ago(9)):
                writer.add(cover, "office", anchor.days_ago(9))
            # From October to February the latest March lies before the move, then after it.
            months = "October to February" if cover is before else "March to September"
            march = f"from {months}: {_usual(anchor, cover)}; else none here"
            member = _member(
                partner, member_id, *name, born, new_zip, (cover,), writer.claims,
                former_zip=old_zip, moved=moved,
            )  # fmt: skip
            found.append(
                Sample(
                    member,
                    f"Moved on the latest 1 October from {old_zip} to {new_zip}; "
                    f"also a record at {other}",
                    march,
                )
            )
    return found


def _two_companies(anchor: Anchor) -> list[Sample]:
    """Medical by MVP and dental by CIGNA; and two medical plans that both claim to be first."""
    medical = _cover(anchor, "MVP-POS", "ALX-2003")
    dental = _cover(anchor, "CIG-DENTAL", "ALX-1003", key="dental")
    at_mvp = _Writer(anchor, MVP, "M10010009", "schenectady")
    march = at_mvp.march(medical, "x-ray")
    at_mvp.everyday(medical)
    at_cigna = _Writer(anchor, CIGNA, "U10010009", "schenectady")
    at_cigna.add(dental, "cleaning", anchor.months_ago(14, 20))
    at_cigna.add(dental, "cleaning", anchor.months_ago(8, 20))
    at_cigna.add(dental, "filling", anchor.months_ago(2, 5))
    born = date(1987, 3, 3)
    situation = "Medical at MVP, dental at CIGNA"
    samples = [
        Sample(
            _member(MVP, "M10010009", "Taylor", "Twoplans", born, "12305", (medical,),
                    at_mvp.claims),
            situation,
            _told(march),
        ),
        Sample(
            _member(CIGNA, "U10010009", "Taylor", "Twoplans", born, "12305", (dental,),
                    at_cigna.claims),
            f"{situation}: the dental record",
            "none at CIGNA",
        ),
    ]  # fmt: skip
    for partner, member_id, plan, group in (
        (MVP, "M10010010", "MVP-SELECT", "ALX-2004"),
        (CIGNA, "U10010010", "CIG-OAP-SF", "ALX-1004"),
    ):
        cover = _cover(anchor, plan, group, order=1)
        writer = _Writer(anchor, partner, member_id, "albany")
        told = "none here"
        if partner == MVP:
            claim = writer.deny(
                cover, "lab", anchor.latest(MARCH, 20), "22", "Two plans both say they pay first."
            )
            told = _told(claim)
        writer.everyday(cover)
        member = _member(
            partner, member_id, "Connie", "Twofirst", date(1981, 6, 28), "12210", (cover,),
            writer.claims,
        )  # fmt: skip
        situation = "Two coverages in conflict: MVP and CIGNA are both on file as first payer"
        samples.append(Sample(member, situation, told))
    return samples


def _outsiders(anchor: Anchor) -> list[Sample]:
    found = []
    for partner, member_id, name, born, zip_code, city, plan, group in (
        (CIGNA, "U10010011", ("Nico", "Notalliance"), date(1995, 1, 21), "30303", "atlanta",
         "CIG-OAP", "CG-7001"),
        (MVP, "M10010012", ("Mabel", "Otherplan"), date(1958, 10, 8), "12866", "glens-falls",
         "MVP-HMO", "MG-7001"),
        (PREFERRED, "P10010013", ("Pat", "Outsider"), date(1976, 5, 5), "14620", "rochester",
         "PC-HMO", "PG-7001"),
    ):  # fmt: skip
        cover = _cover(anchor, plan, group)
        writer = _Writer(anchor, partner, member_id, city)
        march = writer.march(cover)
        writer.everyday(cover)
        member = _member(partner, member_id, *name, born, zip_code, (cover,), writer.claims)
        found.append(
            Sample(member, "Member of the company, not in an alliance group", _told(march))
        )
    return found


def _ended(anchor: Anchor) -> list[Sample]:
    """Ended, ended backwards, and not begun."""
    ended_on = anchor.months_ago(2, 1) - timedelta(days=1)
    ended = _cover(anchor, "MVP-POS", "ALX-2002", end=ended_on)
    one = _Writer(anchor, MVP, "M10010014", "syracuse")
    if ended.covers(anchor.latest(MARCH, _MARCH_DAY)):
        one.march(ended)
    one.everyday(ended)

    march_day = anchor.latest(MARCH, _MARCH_DAY)
    back_to = date(march_day.year, 2, 28)
    retro = _cover(anchor, "CIG-OAP", "ALX-1002", end=back_to)
    two = _Writer(anchor, CIGNA, "U10010015", "new-haven")
    reversed_claim = two.march(replace(retro, end=None))
    reversed_claim = two.change(
        reversed_claim,
        state="reversed",
        cover=retro,
        shares=(denied(SERVICES["office"], owed=True),),
        reason="27",
        note="This payment was taken back: the coverage was ended as of the last day of February.",
    )
    two.everyday(retro)

    begins = (anchor.today.replace(day=1) + timedelta(days=32)).replace(day=1)
    future = _cover(anchor, "PC-HMO", "ALX-3003", begins)
    return [
        Sample(
            _member(MVP, "M10010014", "Eddie", "Endson", date(1969, 3, 14), "13202", (ended,),
                    one.claims, gender="male", contacts_since=anchor.days_ago(10)),
            "Coverage ended at the end of a month, two to three months ago; phone and e-mail "
            "changed 10 days ago",
            f"{_usual(anchor, ended)}; from March to May none: not covered",
        ),
        Sample(
            _member(CIGNA, "U10010015", "Rhea", "Troactive", date(1985, 12, 12), "06510",
                    (retro,), two.claims),
            "Coverage ended backwards, as of 28 February before the March claim",
            _told(reversed_claim),
        ),
        Sample(
            _member(PREFERRED, "P10010016", "Fabian", "Futuro", date(1998, 2, 2), "14424",
                    (future,), [], gender="male"),
            "Coverage begins on the first of next month",
            "none: not covered yet",
        ),
    ]  # fmt: skip


def _look_alikes(anchor: Anchor) -> list[Sample]:
    """Twins, namesakes, and two people whom name and birth date do not tell apart."""
    found = []
    for partner, member_id, given, family, born, zip_code, city, plan, group, why in (
        (PREFERRED, "P10010017", "Ada", "Twinning", date(2001, 6, 6), "14618", "rochester",
         "PC-PPO", "ALX-3001", "Twin of Ida: same birth date and ZIP"),
        (PREFERRED, "P10010018", "Ida", "Twinning", date(2001, 6, 6), "14618", "rochester",
         "PC-PPO", "ALX-3001", "Twin of Ada: same birth date and ZIP"),
        (CIGNA, "U10010019", "Sam", "Samename", date(1974, 1, 15), "60611", "chicago",
         "CIG-OAP", "ALX-1003", "Namesake of U10010020, another birth date"),
        (CIGNA, "U10010020", "Sam", "Samename", date(1999, 9, 9), "60611", "chicago",
         "CIG-OAP", "ALX-1003", "Namesake of U10010019, another birth date"),
        (MVP, "M10010021", "Chris", "Sameday", date(1980, 8, 8), "12207", "albany",
         "MVP-HMO", "ALX-2001", "Same name and birth date as M10010022: no unique match"),
        (MVP, "M10010022", "Chris", "Sameday", date(1980, 8, 8), "13202", "syracuse",
         "MVP-HMO", "ALX-2002", "Same name and birth date as M10010021: no unique match"),
    ):  # fmt: skip
        cover = _cover(anchor, plan, group)
        writer = _Writer(anchor, partner, member_id, city)
        services = ("urgent", "therapy", "specialist", "office")
        march = writer.march(cover, services[int(member_id[-1]) % 4])
        writer.everyday(cover)
        member = _member(partner, member_id, given, family, born, zip_code, (cover,), writer.claims)
        found.append(Sample(member, why, _told(march)))
    return found


def _family(anchor: Anchor) -> list[Sample]:
    """Subscriber, wife with a confidential request, a girl of 16 and a son who turned 18."""
    subscriber = "M10010023"
    people = (
        (subscriber, "Frank", "male", date(1972, 4, 1), "self", None,
         "Subscriber of a family plan"),
        ("M10010024", "Fiona", "female", date(1974, 7, 20), "spouse", None,
         "Wife of Frank; asked that nothing goes to him"),
        ("M10010025", "Faye", "female", anchor.years_ago(16), "child",
         "1 January, 16 years before this year",
         "16 years old; two claims are care she consented to herself"),
        ("M10010026", "Finn", "male", anchor.years_ago(18), "child",
         "1 January, 18 years before this year", "Turned 18 this year: a parent's access ended"),
    )  # fmt: skip
    found = []
    for member_id, given, gender, born, relationship, rule, why in people:
        cover = _cover(
            anchor, "MVP-POS", "ALX-2003", relationship=relationship, subscriber=subscriber
        )
        writer = _Writer(anchor, MVP, member_id, "albany")
        march = writer.march(cover, "specialist" if given == "Fiona" else "office")
        writer.everyday(cover)
        if given == "Faye":
            for service, months in (("reproductive", 3), ("counseling", 6)):
                private = writer.add(cover, service, anchor.months_ago(months, 22))
                writer.change(private, sensitive=("ADOL", "SEX" if months == 3 else "MH"))
        member = _member(
            MVP, member_id, given, "Familius", born, "12203", (cover,), writer.claims,
            gender=gender, confidential_from=subscriber if given == "Fiona" else None,
        )  # fmt: skip
        found.append(Sample(member, why, _told(march), rule))
    return found


def _newborn(anchor: Anchor) -> list[Sample]:
    mother_id = "P10010027"
    mother_cover = _cover(anchor, "PC-PPO", "ALX-3002")
    born = anchor.days_ago(20)
    mother = _Writer(anchor, PREFERRED, mother_id, "rochester")
    march = mother.march(mother_cover)
    mother.everyday(mother_cover)
    mother.add(mother_cover, "delivery", born, "pending")
    baby_cover = _cover(
        anchor, "PC-PPO", "ALX-3002", born, relationship="child", subscriber=mother_id,
        status="draft",
    )  # fmt: skip
    return [
        Sample(
            _member(PREFERRED, mother_id, "Nora", "Newborne", date(1993, 10, 30), "14609",
                    (mother_cover,), mother.claims),
            "Had a baby 20 days ago; the delivery claim is in process",
            _told(march),
        ),
        Sample(
            _member(PREFERRED, "P10010028", "Baby", "Newborne", born, "14609", (baby_cover,), []),
            "Newborn of Nora: enrolment not complete",
            "none",
            "20 days before today",
        ),
    ]  # fmt: skip


def _legacy(anchor: Anchor) -> list[Sample]:
    """Nine-digit IDs of old; 900555101 belongs to two people at two companies."""
    found = []
    for partner, member_id, name, born, zip_code, city, plan, group in (
        (MVP, "900555101", ("Lena", "Legacyone"), date(1955, 5, 30), "12305", "schenectady",
         "MVP-POS", "ALX-2001"),
        (PREFERRED, "900555101", ("Leo", "Legacytwo"), date(1962, 8, 16), "14604", "rochester",
         "PC-PPO", "ALX-3001"),
        (MVP, "900555102", ("Lois", "Legacythree"), date(1949, 2, 27), "13901", "binghamton",
         "MVP-HMO", "ALX-2004"),
    ):  # fmt: skip
        cover = _cover(anchor, plan, group)
        writer = _Writer(anchor, partner, member_id, city)
        march = writer.march(cover, "lab")
        writer.everyday(cover)
        member = _member(partner, member_id, *name, born, zip_code, (cover,), writer.claims)
        shared = " (also someone else's at the other company)" if member_id.endswith("1") else ""
        found.append(Sample(member, f"Old nine-digit member ID{shared}", _told(march)))
    return found


def _claim_states(anchor: Anchor) -> list[Sample]:
    """Claims that are neither simply paid nor simply denied."""
    found = []

    def case(
        partner: str,
        member_id: str,
        name: tuple[str, str],
        born: date,
        zip_code: str,
        city: str,
        plan: str,
        group: str,
        why: str,
        write: Callable[[_Writer, Cover], Claim],
    ) -> None:
        cover = _cover(anchor, plan, group)
        writer = _Writer(anchor, partner, member_id, city)
        march = write(writer, cover)
        writer.everyday(cover)
        member = _member(partner, member_id, *name, born, zip_code, (cover,), writer.claims)
        found.append(Sample(member, why, _told(march)))

    def partly(writer: _Writer, cover: Cover) -> Claim:
        march = writer.march(cover, "specialist")
        note = "The second service on this claim is not part of the plan."
        return writer.change(march, **vars(partly_paid(march, "flu-shot", "96", note)))

    def waiting(writer: _Writer, cover: Cover) -> Claim:
        march = writer.march(cover, "surgery", "information_requested")
        return writer.change(march, note="We asked the surgeon's office for the operative report.")

    def adjusted(writer: _Writer, cover: Cover) -> Claim:
        day = anchor.latest(MARCH, 9)
        first = writer.deny(
            cover, "urgent", day, "18", "It looked like a duplicate of another claim."
        )
        second = writer.add(cover, "urgent", day)
        writer.change(first, replaced_by=second.number)
        return writer.change(
            second,
            state="adjusted",
            prior=first.number,
            decided=anchor.not_later(day + timedelta(days=48)),
            note="We looked again and paid this claim.",
        )

    def outside(writer: _Writer, cover: Cover) -> Claim:
        march = writer.march(cover, "emergency")
        return writer.change(
            march, in_network=False, note="Emergency care is covered as in network."
        )

    def recent(writer: _Writer, cover: Cover) -> Claim:
        writer.add(cover, "mri", anchor.days_ago(6), "received")
        writer.add(cover, "specialist", anchor.days_ago(20), "pending")
        return writer.march(cover)

    def recovery(writer: _Writer, cover: Cover) -> Claim:
        private = writer.add(cover, "recovery", anchor.months_ago(4, 14))
        writer.change(private, sensitive=("ETH", "42CFRPart2"))
        return writer.march(cover, "counseling")

    def late(writer: _Writer, cover: Cover) -> Claim:
        return writer.deny(
            cover, "therapy", anchor.latest(MARCH, 25), "29",
            "The office sent the claim too late. You do not owe this.", owed=False,
        )  # fmt: skip

    case(
        MVP,
        "M10010029",
        ("Paige", "Partly"),
        date(1991, 1, 12),
        "03101",
        "manchester",
        "MVP-POS",
        "ALX-2004",
        "March claim partly paid",
        partly,
    )
    case(
        CIGNA,
        "U10010030",
        ("Ines", "Inforequest"),
        date(1977, 7, 7),
        "19103",
        "philadelphia",
        "CIG-OAP-SF",
        "ALX-1004",
        "March claim waits for information from the surgeon",
        waiting,
    )
    case(
        PREFERRED,
        "P10010031",
        ("Andy", "Adjusted"),
        date(1986, 11, 23),
        "14623",
        "rochester",
        "PC-HMO",
        "ALX-3003",
        "March claim denied first, then adjusted and paid",
        adjusted,
    )
    case(
        CIGNA,
        "U10010032",
        ("Olga", "Outofnet"),
        date(1968, 4, 18),
        "10001",
        "new-york",
        "CIG-OAP",
        "ALX-1001",
        "Emergency out of network in March",
        outside,
    )
    case(
        MVP,
        "M10010033",
        ("Penny", "Pendingly"),
        date(1994, 3, 8),
        "12601",
        "poughkeepsie",
        "MVP-SELECT",
        "ALX-2003",
        "One claim received, one in process",
        recent,
    )
    case(
        CIGNA,
        "U10010034",
        ("Reed", "Recoverman"),
        date(1989, 10, 10),
        "75201",
        "dallas",
        "CIG-OAP",
        "ALX-1002",
        "Behavioral health and substance use claims",
        recovery,
    )
    case(
        MVP,
        "M10010035",
        ("Lars", "Latefiler"),
        date(1982, 2, 14),
        "12901",
        "plattsburgh",
        "MVP-HMO",
        "ALX-2002",
        "March claim denied, member owes nothing",
        late,
    )
    return found  # fmt: skip


def _seniors_and_helpers(anchor: Anchor) -> list[Sample]:
    advantage = _cover(anchor, "PC-MEDICARE", "ALX-3002")
    marge = _Writer(anchor, PREFERRED, "P10010036", "canandaigua")
    marge_march = marge.march(advantage, "specialist")
    marge.everyday(advantage)

    helped = _cover(anchor, "MVP-HMO", "ALX-2001")
    rosa = _Writer(anchor, MVP, "M10010037", "utica")
    rosa_march = rosa.march(helped)
    rosa.everyday(helped)

    flexible = _cover(anchor, "MVP-SELECT", "ALX-2003")
    flo = _Writer(anchor, MVP, "M10010038", "ithaca")
    flo_march = flo.march(flexible, "therapy")
    flo.everyday(flexible)

    spanish = _cover(anchor, "CIG-OAP", "ALX-1003")
    lucia = _Writer(anchor, CIGNA, "U10010039", "miami")
    lucia_march = lucia.march(spanish)
    lucia.everyday(spanish)
    since = anchor.years_ago(1, 5, 4)
    return [
        Sample(
            _member(PREFERRED, "P10010036", "Marge", "Medicarely", date(1948, 6, 15), "14424",
                    (advantage,), marge.claims, email="", phone_use="home"),
            "Medicare Advantage HMO; a landline is her only contact on file",
            _told(marge_march),
        ),
        Sample(
            _member(MVP, "M10010037", "Rosa", "Represented", date(1944, 12, 1), "13501",
                    (helped,), rosa.claims,
                    representative=Representative("Delia", "Represented", "Daughter", since)),
            "Her daughter Delia is her representative on file",
            _told(rosa_march),
        ),
        Sample(
            _member(MVP, "M10010038", "Flo", "Flexible", date(1983, 5, 25), "14850", (flexible,),
                    flo.claims),
            "Two years of a flexible spending account",
            _told(flo_march),
        ),
        Sample(
            _member(CIGNA, "U10010039", "Lucia", "Ejemplo", date(1990, 1, 30), "33130",
                    (spanish,), lucia.claims, language="es"),
            "Prefers Spanish",
            _told(lucia_march),
        ),
    ]  # fmt: skip


def _emergency(anchor: Anchor) -> list[Sample]:
    """The hospital's claim for an emergency is denied, the physician's is another one."""
    cover = _cover(anchor, "MVP-POS", "ALX-2004")
    writer = _Writer(anchor, MVP, "M10010041", "manchester")
    day = anchor.latest(MARCH, 14)
    hospital = writer.deny(
        cover, "emergency", day, "16",
        "We need the emergency room's record. The hospital can send it.",
    )  # fmt: skip
    writer.add(cover, "emergency-doctor", day)
    writer.everyday(cover)
    member = _member(
        MVP, "M10010041", "Erin", "Emergencia", date(1988, 6, 3), "03101", (cover,), writer.claims
    )
    situation = "Emergency in March: the hospital's claim denied, the physician's claim paid"
    return [Sample(member, situation, f"the hospital's is {_told(hospital)}")]


def _inactive(anchor: Anchor) -> list[Sample]:
    """Refused at the pharmacy: the family's coverage ended with last month, says our file."""
    ended = anchor.today.replace(day=1) - timedelta(days=1)
    subscriber = "U10010042"
    found = []
    for member_id, given, gender, born, relationship, why in (
        (subscriber, "Ivy", "female", date(1986, 9, 21), "self",
         "Coverage ended on the last day of last month; refused at the pharmacy"),
        ("U10010043", "Ike", "male", anchor.years_ago(9), "child",
         "Son of Ivy, uses an inhaler; coverage ended with hers"),
    ):  # fmt: skip
        cover = _cover(
            anchor, "CIG-OAP-SF", "ALX-1004", end=ended, relationship=relationship,
            subscriber=subscriber,
        )  # fmt: skip
        writer = _Writer(anchor, CIGNA, member_id, "hartford")
        usual = f"{_usual(anchor, cover)}; in March, none from the 1st on: not covered"
        if cover.covers(anchor.latest(MARCH, _MARCH_DAY)):
            writer.march(cover)
        writer.everyday(cover)
        if given == "Ike":
            writer.add(cover, "inhaler", anchor.months_ago(2, 8))
        member = _member(
            CIGNA, member_id, given, "Inactive", born, "06002", (cover,), writer.claims,
            gender=gender,
        )  # fmt: skip
        rule = "1 January, 9 years before this year" if given == "Ike" else None
        found.append(Sample(member, why, usual, rule))
    return found


def _away_and_second(anchor: Anchor) -> list[Sample]:
    """A student away from home, and a plan that pays after Medicare."""
    parent = "M10010044"
    found = []
    for member_id, given, gender, born, zip_code, city, relationship, why in (
        (parent, "Stella", "female", date(1975, 3, 30), "12203", "albany", "self",
         "Mother of Stuart, who studies in Boston"),
        ("M10010045", "Stuart", "male", date(2006, 11, 5), "02139", "cambridge", "child",
         "Student away: lives in Cambridge, covered through his mother in Albany"),
    ):  # fmt: skip
        cover = _cover(anchor, "MVP-POS", "ALX-2002", relationship=relationship, subscriber=parent)
        writer = _Writer(anchor, MVP, member_id, city)
        march = writer.march(cover, "office" if given == "Stella" else "urgent")
        writer.everyday(cover)
        member = _member(
            MVP, member_id, given, "Student", born, zip_code, (cover,), writer.claims,
            gender=gender,
        )  # fmt: skip
        found.append(Sample(member, why, _told(march)))
    second = _cover(anchor, "CIG-OAP", "ALX-1002", order=2)
    writer = _Writer(anchor, CIGNA, "U10010046", "tampa")
    march = writer.march(second, "specialist")
    writer.everyday(second)
    member = _member(
        CIGNA, "U10010046", "Max", "Secondary", date(1957, 8, 8), "33602", (second,),
        writer.claims, gender="male",
    )  # fmt: skip
    found.append(Sample(member, "Retired: Medicare pays first, this plan second", _told(march)))
    return found


def _authorizations(anchor: Anchor) -> list[Sample]:
    """Prior authorizations approved, refused and under review."""
    cover = _cover(anchor, "CIG-OAP", "ALX-1001")
    writer = _Writer(anchor, CIGNA, "U10010040", "phoenix")
    march = writer.march(cover)
    writer.everyday(cover)
    approved = Authorization(
        "PA-40001", cover, "Physical therapy, 12 visits", SERVICES["therapy"], "A1",
        anchor.days_ago(70), anchor.days_ago(66), anchor.days_ago(65),
        anchor.today + timedelta(days=60), 12, 4, "phoenix",
    )  # fmt: skip
    refused = Authorization(
        "PA-40002", cover, "MRI scan of the knee", SERVICES["mri"], "A3",
        anchor.days_ago(40), anchor.days_ago(34), None, None, 1, 0, "phoenix",
    )  # fmt: skip
    reviewed = Authorization(
        "PA-40003", cover, "Outpatient knee surgery", SERVICES["surgery"], "A4",
        anchor.days_ago(5), None, None, None, 1, 0, "phoenix",
    )  # fmt: skip
    member = _member(
        CIGNA, "U10010040", "Art", "Authorized", date(1970, 9, 27), "85004", (cover,),
        writer.claims, gender="male", authorizations=(approved, refused, reviewed),
    )  # fmt: skip
    situation = "Prior authorizations: one approved, one refused, one under review"
    return [Sample(member, situation, _told(march))]


def _referrals(anchor: Anchor) -> list[Sample]:
    """Referrals on file: one in force, one used up."""
    cover = _cover(anchor, "MVP-HMO", "ALX-2002")
    writer = _Writer(anchor, MVP, "M10010047", "albany")
    march = writer.march(cover)
    writer.everyday(cover)
    skin = Referral(
        "REF-47001", "Dr. Dora Dermasample", "Dermatology, office visits", "active",
        anchor.days_ago(20), anchor.today + timedelta(days=70), 3,
    )  # fmt: skip
    knee = Referral(
        "REF-47002", "Dr. Otto Orthosample", "Orthopedics, one visit", "completed",
        anchor.days_ago(200), anchor.days_ago(110), 1,
    )  # fmt: skip
    member = _member(
        MVP, "M10010047", "Rita", "Referralson", date(1982, 4, 16), "12207", (cover,),
        writer.claims, referrals=(skin, knee),
    )  # fmt: skip
    return [Sample(member, "Referrals on file: one in force, one used up", _told(march))]


def samples(anchor: Anchor) -> list[Sample]:
    """All sample members as they are on the anchor day."""
    parts = (
        _plain,
        _denied,
        _movers,
        _two_companies,
        _outsiders,
        _ended,
        _look_alikes,
        _family,
        _newborn,
        _legacy,
        _claim_states,
        _seniors_and_helpers,
        _emergency,
        _inactive,
        _away_and_second,
        _authorizations,
        _referrals,
    )
    return [sample for part in parts for sample in part(anchor)]
