"""What a subscriber hears about others of the family: what disclosure allows, or one sentence."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.answers.question import ClaimWanted, Desk, Named, Question
from actions.answers.topics import OF_THE_PLAN, PERSONAL, answer
from alliance.answer import Answer
from alliance.disclosure import OnBehalf, View
from alliance.errors import NotVerified
from alliance.verified import Membership, VerifiedMember
from api.store.tables import audit
from sandbox.population.records import Member
from tests.actions.conftest import Client, person
from tests.actions.test_claim_answers import MARCH
from tests.sandbox.conftest import Backend

Clients = dict[str, Client]
People = Mapping[tuple[str, str], Member]
FRANK, FIONA = ("mvp", "M10010023"), ("mvp", "M10010024")
FAYE, FINN = ("mvp", "M10010025"), ("mvp", "M10010026")
ALL = ClaimWanted()


async def asked(
    clients: Clients,
    desk: Desk,
    about: str,
    *,
    intent: str = "claim_status",
    claim: ClaimWanted | None = ALL,
    who: tuple[str, str] = FRANK,
    level: int = 2,
    drug: Named | None = None,
) -> Answer:
    member = await person(clients, who, level=level)
    question = Question(intent, claim=claim, about=about, drug=drug)
    return await answer(member, question, "this", desk)


def said(given: Answer) -> str:
    """Everything that leaves the answer, whoever shows it."""
    return repr(given.to_json())


@pytest.mark.parametrize("about", ["daughter", "Faye", "faye"])
async def test_a_child_s_ordinary_claims_are_told(clients: Clients, desk: Desk, about: str) -> None:
    given = await asked(clients, desk, about, claim=MARCH)
    assert "Faye's claim CLM-2026-01101" in given.text
    assert "Faye's share is $25.00" in given.text
    assert "your share" not in given.text


@pytest.mark.parametrize("level", [1, 2])
async def test_care_that_a_minor_consented_to_leaves_no_trace(
    clients: Clients, desk: Desk, people: People, level: int
) -> None:
    """Situation 3: absent from list and count."""
    faye = people[FAYE]
    private = [claim for claim in faye.claims if claim.sensitive]
    assert len(private) == 2
    given = await asked(clients, desk, "daughter", level=level)
    assert f"{len(faye.claims) - len(private)} claims" in given.text
    for claim in private:
        assert claim.number not in said(given)
        assert claim.served.isoformat() not in said(given)
        for intent in ("claim_status", "claim_denial", "explain_eob", "billing_problem"):
            by_number = ClaimWanted(number=claim.number)
            none = ClaimWanted(number="CLM-2020-99999")
            one = await asked(clients, desk, "Faye", intent=intent, claim=by_number, level=level)
            other = await asked(clients, desk, "Faye", intent=intent, claim=none, level=level)
            assert one.text == other.text


@pytest.mark.parametrize("intent", sorted(OF_THE_PLAN))
async def test_a_plan_s_rules_are_one_s_own_whoever_is_named(
    clients: Clients, desk: Desk, intent: str
) -> None:
    """They read no records but the member's own, and hint at nobody."""
    drug = Named("Lipitor", "Lipitor", "drug") if intent.startswith("drug_") else None
    asked_for = [
        await asked(clients, desk, about, intent=intent, drug=drug) for about in ("Fiona", "Nobody")
    ]
    assert len({each.text for each in asked_for}) == 1
    assert "Fiona" not in said(asked_for[0])


@pytest.mark.parametrize("intent", sorted(set(PERSONAL) - OF_THE_PLAN))
async def test_the_words_are_the_same_whatever_the_reason(
    clients: Clients, desk: Desk, intent: str
) -> None:
    """Situation 2: a confidential request, an adult child, and nobody at all sound alike."""
    given = {
        about: await asked(clients, desk, about, intent=intent, claim=MARCH)
        for about in ("spouse", "Fiona", "Finn", "son", "Nobody", "mother", "friend", "ex_spouse")
    }
    assert len({each.text for each in given.values()}) == 1
    assert len({each.speech for each in given.values()}) == 1
    for each in given.values():
        assert (each.facts, each.cards, each.sources) == ({"no_consent": True}, (), ())
        assert "permission" in each.text


async def test_the_others_of_a_family_don_t_read_the_subscriber_s(
    clients: Clients, desk: Desk
) -> None:
    for who in (FIONA, FAYE, FINN):
        for about in ("spouse", "father", "Frank", "Faye", "daughter"):
            if who == FAYE and about == "Faye":
                continue
            given = await asked(clients, desk, about, who=who)
            assert "permission" in given.text, (who, about)


async def test_several_children_are_told_apart_by_name(clients: Clients, desk: Desk) -> None:
    given = await asked(clients, desk, "child")
    assert "first name" in given.text
    assert "Faye" not in said(given)
    assert "Finn" not in said(given)


async def test_one_s_own_name_is_oneself(clients: Clients, desk: Desk) -> None:
    given = await asked(clients, desk, "Frank", claim=MARCH)
    assert "your claim CLM-2026-01021" in given.text


async def test_the_audit_says_who_read_for_whom(
    clients: Clients, desk: Desk, engine: AsyncEngine, people: People
) -> None:
    await asked(clients, desk, "Faye", claim=MARCH)
    async with engine.connect() as connection:
        rows = list(await connection.execute(select(audit.c.subject, audit.c.what)))
    frank, faye = people[FRANK].id, people[FAYE].id
    assert (f"mvp/{frank}", "dependants") in rows
    assert (f"mvp/{faye}", f"claims, asked by mvp/{frank}") in rows


async def test_a_company_that_does_not_answer_tells_nothing(
    clients: Clients, desk: Desk, sandboxes: Mapping[str, Backend]
) -> None:
    frank = await person(clients, FRANK, level=2)
    sandboxes["mvp"].fault(kind="down")
    given = await answer(frank, Question("claim_status", claim=ALL, about="Faye"), "", desk)
    assert "could not reach MVP Health Care" in given.text
    assert desk.partners["mvp"].phone.member_services in given.text
    assert "Faye" not in said(given)


def behalf(member: VerifiedMember, of: Membership) -> OnBehalf:
    return OnBehalf(
        person=type(member.person)(of),
        level=2,
        method=member.method,
        actor=member.actor,
        conversation_id=member.conversation_id,
        expires_at=member.expires_at,
        reader=member.person.home,
        view=View("permitted", frozenset()),
    )


async def test_a_permission_opens_nobody_s_contacts_or_family(clients: Clients, desk: Desk) -> None:
    frank = await person(clients, FRANK, level=2)
    faye = await person(clients, FAYE)
    proof = behalf(frank, faye.person.home)
    with pytest.raises(NotVerified):
        await desk.records.contacts(proof, "mvp")
    with pytest.raises(NotVerified):
        await desk.records.dependants(proof, "mvp")
