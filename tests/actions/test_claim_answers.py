"""Denials, explanations and bills: the reason, the fix and the share, right to the cent."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from actions.answers.claim_signs import ClaimSigns
from actions.answers.claims import asks_share
from actions.answers.question import ClaimWanted, Desk, Question
from actions.answers.tables import denial_reasons
from actions.answers.topics import answer
from actions.answers.wording import money
from alliance.answer import Answer
from alliance.denials import load_denials
from alliance.errors import ConfigurationError
from alliance.values import Period
from api.ivr.portions import portion
from api.ivr.speech import plain
from api.ivr.wording import MORE_BY_KEY
from tests.actions.conftest import Client, person
from tests.actions.test_answers_told import hearable

Clients = dict[str, Client]
MARCH = ClaimWanted(period=Period(date(2026, 3, 1), date(2026, 3, 31), "March 2026"))
LATEST = ClaimWanted(latest=True)


async def told(
    clients: Clients,
    desk: Desk,
    who: tuple[str, str],
    intent: str,
    claim: ClaimWanted | None = MARCH,
    *,
    text: str = "",
    level: int = 2,
) -> Answer:
    member = await person(clients, who, level=level)
    return await answer(member, Question(intent, text, claim=claim), "this", desk)


class TestDenials:
    @pytest.mark.parametrize(
        ("who", "amount", "words"),
        [
            # No approval beforehand: the doctor can still ask for it.
            (("cigna", "U10010004"), "$2,180.00", ["needed approval", "Your doctor may send it"]),
            # Information is missing: no appeal is needed.
            (("mvp", "M10010005"), "$325.00", ["information is missing", "need no appeal"]),
            # Another plan may be first.
            (("preferred-care", "P10010006"), "$2,340.00", ["another plan", "other insurance"]),
            # Sent late by the office: nothing is owed, and nobody speaks of "too late".
            (("mvp", "M10010035"), "nothing", ["last day for sending", "don't pay"]),
            # One service of two is not covered.
            (("mvp", "M10010029"), "$105.00", ["only part", "$65.00 is not covered"]),
            # The coverage ended backwards.
            (("cigna", "U10010015"), "$240.00", ["took back", "no coverage", "employer"]),
        ],
    )
    async def test_reason_share_and_fix(
        self, clients: Clients, desk: Desk, who: tuple[str, str], amount: str, words: list[str]
    ) -> None:
        said = await told(clients, desk, who, "claim_denial")
        for part in (desk.partners[who[0]].name, amount, *words):
            assert part in said.text, part
        assert "appeal" in said.text
        assert "too late" not in said.text.lower()
        assert hearable(said.speech)
        assert (said.level, said.partner) == (2, who[0])

    async def test_the_emergency_of_which_only_the_hospital_s_claim_was_denied(
        self, clients: Clients, desk: Desk
    ) -> None:
        """Situation 1: hospital and physician apart, the member liability, what to send."""
        said = await told(
            clients,
            desk,
            ("mvp", "M10010041"),
            "claim_denial",
            text="why was my ER claim denied, do I owe $2,340",
        )
        assert "your share as $2,340.00" in said.text
        assert "ask the hospital to send what is missing" in said.text
        assert "CLM-2026-01741" in said.text
        assert "Hospital and doctors bill apart" in said.text
        assert "CLM-2026-01742" in said.text
        assert "use the date on your letter" in said.text
        assert "911" not in said.text
        # Some twelve seconds; the company is four words longer when a voice spells it.
        assert len(said.speech.split()) <= 34
        assert "Say more" in said.speech

    async def test_paid_after_a_second_look_is_not_denied(
        self, clients: Clients, desk: Desk
    ) -> None:
        said = await told(clients, desk, ("preferred-care", "P10010031"), "claim_denial")
        assert "processed again and paid" in said.text

    async def test_no_denied_claim(self, clients: Clients, desk: Desk) -> None:
        said = await told(clients, desk, ("mvp", "M10010002"), "claim_denial", LATEST)
        assert "I see no denied claim" in said.text
        assert desk.partners["mvp"].phone.member_services in said.text

    @pytest.mark.parametrize("intent", ["claim_denial", "explain_eob", "billing_problem"])
    async def test_a_lower_proof_hears_no_detail(
        self, clients: Clients, desk: Desk, intent: str
    ) -> None:
        said = await told(clients, desk, ("mvp", "M10010005"), intent, level=1)
        assert "$" not in said.text
        assert "missing" not in said.text
        assert said.facts == {}
        assert desk.partners["mvp"].phone.member_services in said.text

    def test_every_reason_has_a_way_on_in_plain_words(self) -> None:
        reasons = denial_reasons()
        assert reasons.find(["CO-16", "PR 16", "016"]) == reasons.find(["16"])
        for code, reason in reasons.by_code.items():
            assert reason.why[0].islower(), code
            assert not reason.why.endswith("."), code
            assert len(reason.fix.speech.split()) <= 22, code

    @given(st.lists(st.text(max_size=8), max_size=5))
    def test_any_codes_are_read(self, codes: list[str]) -> None:
        found = denial_reasons().find(codes)
        assert len(found) == len(set(found)) <= len(codes)

    @pytest.mark.parametrize(
        "document",
        [
            None,
            {},
            {"fixes": {"a": {"text": "x"}}, "reasons": []},
            {
                "fixes": {"a": {"text": "{name}", "speech": "x", "needs_appeal": True}},
                "reasons": [{"codes": ["1"], "why": "y", "fix": "a"}],
            },
            {
                "fixes": {"a": {"text": "x", "speech": "x", "needs_appeal": True}},
                "reasons": [{"codes": ["1", "1"], "why": "y", "fix": "a"}],
            },
        ],
    )
    def test_a_mistake_in_the_table_stops_the_start(self, document: object) -> None:
        with pytest.raises(ConfigurationError, match=r"denial_reasons\.yml"):
            load_denials(document)


class TestHeard:
    """By phone the payment and the share are one breath: the rest waits for "more"."""

    @pytest.mark.parametrize(
        ("who", "first"),
        [
            (("mvp", "M10010002"), ["M V P", "paid", "140 dollars", "Your share is 25 dollars"]),
            (("mvp", "M10010029"), ["170 dollars", "Your share is 105 dollars"]),
            (("mvp", "M10010009"), ["paid nothing", "235 dollars"]),
            (
                ("preferred-care", "P10010031"),
                ["looked again and paid", "140 dollars", "40 dollars"],
            ),
        ],
    )
    async def test_payment_and_share_come_first(
        self, clients: Clients, desk: Desk, who: tuple[str, str], first: list[str]
    ) -> None:
        said = await told(clients, desk, who, "claim_status", level=1)
        now, _ = portion(plain(said.speech), "", MORE_BY_KEY)
        for part in first:
            assert part in now, (part, now)

    @pytest.mark.parametrize(
        "asked",
        [
            "so what do i have to pay",
            "and what's my cut",
            "then i don't owe anything",
            "what's on me",
        ],
    )
    async def test_the_share_is_first_where_it_alone_is_asked(
        self, clients: Clients, desk: Desk, asked: str
    ) -> None:
        said = await told(clients, desk, ("mvp", "M10010005"), "claim_status", text=asked, level=1)
        assert said.speech.startswith("M V P")
        assert "325 dollars" in plain(said.speech).split(".")[0]

    @pytest.mark.parametrize(
        "asked", ["what do i owe on my premium", "what do i pay for an mri", "how much is it"]
    )
    def test_what_names_something_else_asks_of_something_else(self, asked: str) -> None:
        assert not asks_share(asked)


class TestExplanations:
    async def test_all_lines_of_a_paid_claim(self, clients: Clients, desk: Desk) -> None:
        said = await told(clients, desk, ("mvp", "M10010009"), "explain_eob")
        for part in ("$420.00", "$235.00", "$0.00", "deductible $235.00", "not a bill"):
            assert part in said.text, part
        assert said.facts["claims"][0]["deductible"] == "235.00"
        assert hearable(said.speech)

    async def test_the_latest_when_none_is_named(self, clients: Clients, desk: Desk) -> None:
        said = await told(clients, desk, ("cigna", "U10010032"), "explain_eob", None)
        assert len(said.facts["claims"]) == 1
        assert "Your share is $30.00: copay $30.00" in said.text

    async def test_a_claim_that_is_not_decided_has_none_yet(
        self, clients: Clients, desk: Desk
    ) -> None:
        said = await told(clients, desk, ("cigna", "U10010030"), "explain_eob")
        assert "asked for more information" in said.text
        assert "operative report" in said.text

    async def test_nothing_owed_is_not_to_be_paid(self, clients: Clients, desk: Desk) -> None:
        said = await told(clients, desk, ("mvp", "900555102"), "explain_eob")
        assert "you owe nothing" in said.text
        assert "don't pay" in said.text


class TestBills:
    @pytest.mark.parametrize(
        ("who", "text", "words"),
        [
            # The physician's claim was paid in full.
            (("mvp", "M10010041"), "the ER doctor billed me $610", ["owe nothing", "Don't pay"]),
            # The hospital's was denied: the fix comes before paying.
            (("mvp", "M10010041"), "a bill of $2,340", ["$2,340.00", "before you pay"]),
            # More than the share: billed minus paid is never what is owed.
            (("cigna", "U10010032"), "they want $2,340 from me", ["$250.00", "is more"]),
            (("cigna", "U10010001"), "i got a bill for $30", ["$30.00", "is the same"]),
            (("cigna", "U10010001"), "they sent it to collections", ["dispute", "$30.00"]),
            (("cigna", "U10010001"), "i paid it twice", ["owes you the rest", "$30.00"]),
            (("cigna", "U10010030"), "i got a bill", ["still working", "before it is decided"]),
            (("mvp", "M10010035"), "i got a bill", ["owe nothing", "Don't pay until we check"]),
        ],
    )
    async def test_compared_with_the_share(
        self, clients: Clients, desk: Desk, who: tuple[str, str], text: str, words: list[str]
    ) -> None:
        said = await told(clients, desk, who, "billing_problem", text=text)
        for part in words:
            assert part.lower() in said.text.lower(), part
        assert hearable(said.speech)

    async def test_an_emergency_s_bill_is_a_protected_one(
        self, clients: Clients, desk: Desk
    ) -> None:
        said = await told(
            clients, desk, ("cigna", "U10010032"), "billing_problem", text="i got a bill"
        )
        assert said.facts["rule"] == "surprise bill"
        assert "the law mostly limits your share" in said.text.lower()

    async def test_a_bill_of_no_claim_of_theirs_asks_for_more(
        self, clients: Clients, desk: Desk
    ) -> None:
        said = await told(
            clients, desk, ("cigna", "U10010001"), "billing_problem", None, text="i got a bill"
        )
        assert "date of the visit or the amount" in said.text
        assert said.facts["claims"] == []

    async def test_a_bill_of_another_amount_is_no_claim_that_is_missing(
        self, clients: Clients, desk: Desk
    ) -> None:
        bill = ClaimWanted(signs=ClaimSigns(amounts=(Decimal(1380),)))
        said = await told(
            clients,
            desk,
            ("cigna", "U10010032"),
            "billing_problem",
            bill,
            text="they billed me 1380 dollars",
        )
        assert "shows that amount" in said.text
        assert "no claim for that" not in said.text

    async def test_the_amount_finds_the_claim(self, clients: Clients, desk: Desk) -> None:
        said = await told(
            clients,
            desk,
            ("cigna", "U10010032"),
            "billing_problem",
            None,
            text="a hospital billed me 2340 dollars",
        )
        assert said.facts["claims"][0]["number"] == "CLM-2026-01381"

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(cents=st.integers(1, 500_000))
    async def test_whatever_is_billed_the_share_is_the_company_s(
        self, clients: Clients, desk: Desk, cents: int
    ) -> None:
        """No arithmetic: of all amounts, only the bill's own and the company's are said."""
        bill = Decimal(cents) / 100
        said = await told(
            clients, desk, ("cigna", "U10010001"), "billing_problem", text=f"billed ${bill:.2f}"
        )
        amounts = set(re.findall(r"\$[\d,]+\.\d\d", said.text))
        assert amounts <= {money(bill), "$30.00"}
        assert "$30.00" in amounts
        assert ("is more" in said.text) is (bill > 30)


class TestCards:
    async def test_amounts_and_timeline_written_out(self, clients: Clients, desk: Desk) -> None:
        said = await told(clients, desk, ("mvp", "M10010002"), "claim_status", level=1)
        (card,) = said.cards
        assert card["kind"] == "claim"
        assert card["title"] == "Your claim of March 12, 2026"
        assert {"label": "Your share", "amount": "$25.00"} in card["amounts"]
        assert card["timeline"] == [
            {"date": "March 12, 2026", "event": "Service"},
            {"date": "March 16, 2026", "event": "Received by MVP"},
            {"date": "April 2, 2026", "event": "Paid"},
        ]
        # Provider and service need more proof.
        assert (card["provider"], card["service"]) == (None, None)

    async def test_an_open_claim_shows_no_amount_but_the_bill(
        self, clients: Clients, desk: Desk
    ) -> None:
        said = await told(clients, desk, ("mvp", "M10010033"), "claim_status", LATEST)
        (card,) = said.cards
        assert [each["label"] for each in card["amounts"]] == ["Billed"]
        assert card["service"] == "MRI scan of the knee"
