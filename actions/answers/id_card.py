"""The ID card on the screen, as on file, and a new one by mail asked for as a case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from actions.answers.cases import file
from actions.answers.plan_facts import (
    cards_of,
    gather,
    heard,
    home,
    missing_companies,
    missing_companies_spoken,
    no_plan,
    or_unreachable,
    plan_of,
    sentences,
    today_of,
    whose,
)
from actions.answers.question import Desk, Question
from actions.answers.wording import day, joined, line_of, money, spaced
from alliance.answer import Answer, Button, Source
from alliance.benefits import Card
from alliance.partners import Partner
from alliance.verified import VerifiedMember

NEW_CARD = Button("Mail me a new card", "Please mail me a new ID card")
_TO_COME = "The card mostly comes by mail around that day."
_WANTS_NEW = re.compile(
    r"\b(?:lost|stolen|replac\w*|reprint|damaged|"
    r"(?:send|mail|order|request|need|want|get) (?:me )?(?:a |an )?"
    r"(?:new|another|second|extra|replacement|physical|plastic|paper) (?:\w+ ){0,2}cards?|"
    r"mail me|(?:send|mail) (?:me )?(?:a|my|the) (?:\w+ ){0,2}cards?|"
    r"(?:card|it) (?:never|hasn'?t|has not|didn'?t|did not) (?:come|came|arrived?)|"
    r"never (?:got|received) (?:\w+ ){0,3}cards?)\b",
    re.IGNORECASE,
)


@or_unreachable
async def id_card(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The cards of the coverages in force today."""
    gathered = await gather(member, question, desk)
    partner = home(member, question, desk)
    on = today_of(partner, desk)
    who = whose(member)
    current = [each for each in gathered.on(on) if each.line != "fsa"]
    cards, failed = await cards_of(member, current, desk)
    trouble = [*gathered.failed, *failed]
    if not cards:
        nothing = (
            f"I can't get the card from {partner.name} just now. Call {line_of(partner)}."
            if current
            else no_plan(gathered, "medical", on, partner, desk, who)
        )
        if not current and any(each.start and each.start > on for each in gathered.coverages):
            nothing = f"{nothing} {_TO_COME}"
        return Answer(
            text=sentences(nothing, missing_companies(trouble, desk)),
            speech=sentences(heard(nothing), missing_companies_spoken(trouble, desk)),
            intent=question.intent,
            partner=partner.key,
            level=1,
            facts={"cards": []},
        )
    first = cards[0]
    company = desk.partners[first.partner]
    if of_card := _part(first, question.asked, company, spoken=False):
        fetched = desk.now().isoformat()
        return Answer(
            text=of_card,
            speech=_part(first, question.asked, company, spoken=True),
            intent=question.intent,
            partner=first.partner,
            level=1,
            facts={"cards": [{"partner": first.partner, "member_id": first.member_id}]},
            buttons=(NEW_CARD,),
            sources=(Source(first.partner, f"Coverage/{first.coverage_id}", fetched),),
        )
    asked = await _asked_for_new(member, question, desk, desk.partners[first.partner])
    by_id = {each.id: each for each in current}
    told = " ".join(
        f"Here is the card of {plan_of(by_id[card.coverage_id], desk, who)}: {_numbers(card)}."
        for card in cards
    )
    fetched = desk.now().isoformat()
    return Answer(
        text=sentences(
            asked.text if asked else "",
            _other_cards(cards, first.partner, desk) if asked else "",
            told,
            f"It is as on file on {day(on)}; showing it is no guarantee of payment.",
            missing_companies(trouble, desk),
        ),
        speech=asked.speech
        if asked
        else sentences(
            f"{_capital(who.possessive)} {desk.partners[first.partner].spoken_name} member ID is "
            f"{spaced(first.member_id)}."
            if first.member_id
            else "",
            f"The group is {spaced(first.group)}." if first.group else "",
            f"{_capital(who.possessive)} card is also in the web chat.",
            missing_companies_spoken(trouble, desk),
        ),
        intent=question.intent,
        partner=first.partner,
        level=1,
        facts={
            "cards": [{"partner": c.partner, "member_id": c.member_id} for c in cards],
            **({"case": asked.facts} if asked else {}),
        },
        buttons=asked.buttons if asked else (NEW_CARD,),
        cards=tuple(_card(card, desk.partners[card.partner], day(on)) for card in cards),
        sources=tuple(Source(c.partner, f"Coverage/{c.coverage_id}", fetched) for c in cards),
    )


def _part(card: Card, asked: str | None, partner: Partner, *, spoken: bool) -> str:
    """The one number of the card that is asked for; nothing where the whole is to be told."""
    name = partner.spoken_name if spoken else partner.name
    named = {
        "group": [("group number", card.group)],
        "member_id": [("member ID", card.member_id)],
        "plan": [("plan", card.plan)],
        "rx": [("RxBIN", card.rx_bin), ("PCN", card.rx_pcn), ("RxGroup", card.rx_group)],
    }
    if asked == "copay":
        costs = [
            f"{cost.text} {money(cost.amount) if cost.amount is not None else f'{cost.percent}%'}"
            for cost in card.costs
        ]
        if costs:
            return f"{name} has these on your card: {joined(costs)}."
        return (
            f"{name}'s file shows me no copays on the card. Ask me for a service: “what is "
            "my copay for a specialist?”"
        )
    if asked not in named:
        return ""
    known = [
        f"{label} {spaced(value) if spoken and asked != 'plan' else value}"
        for label, value in named[asked]
        if value
    ]
    if known:
        return f"On your {name} card: {joined(known)}."
    missing = joined([label for label, _ in named[asked]], "or")
    return (
        f"{name}'s file gives me no {missing} for your card. It stands on the card itself; "
        f"or call {line_of(partner, spoken=spoken)}."
    )


def _other_cards(cards: Sequence[Card], asked: str, desk: Desk) -> str:
    """A new card is asked of one company: where that of another one comes from."""
    others = dict.fromkeys(card.partner for card in cards if card.partner != asked)
    return " ".join(
        f"For a new {desk.partners[key].name} card, call {line_of(desk.partners[key])}."
        for key in others
    )


async def _asked_for_new(
    member: VerifiedMember, question: Question, desk: Desk, partner: Partner
) -> Answer | None:
    """A new card is asked of the company as a case, in live turns; it goes to the address on
    file. None where the card on the screen is all that is wanted, or nothing may be opened.
    """
    if not wants_new(question.text) or not whose(member).own:
        return None
    if desk.cases is None or partner.cases is None:
        text = f"For a new card by mail, call {line_of(partner)}."
        return Answer(text=text, speech=text)
    return await file(member, question, desk, partner, "id_card")


def wants_new(text: str) -> bool:
    """Whether a card on the screen is not enough: one is to come by mail."""
    return bool(_WANTS_NEW.search(text))


def _numbers(card: Card) -> str:
    parts = [
        f"member ID {card.member_id}" if card.member_id else "",
        f"group {card.group}" if card.group else "",
    ]
    if card.rx_bin:
        parts.append(f"for the pharmacy RxBIN {card.rx_bin}")
        parts += [f"PCN {card.rx_pcn}"] if card.rx_pcn else []
        parts += [f"RxGroup {card.rx_group}"] if card.rx_group else []
    return ", ".join(part for part in parts if part) or "no numbers are in the file"


def _card(card: Card, partner: Partner, as_of: str) -> dict[str, Any]:
    """The shape that the chat page draws (`kind: id_card`): labels and values, in order.

    A dependant's card leaves the subscriber's ID out: it is one of the things that prove them.
    """
    fields = (
        ("Member ID", card.member_id),
        ("Group", card.group),
        ("Employer", card.group_name),
        ("RxBIN", card.rx_bin),
        ("RxPCN", card.rx_pcn),
        ("RxGroup", card.rx_group),
    )
    costs = (
        (cost.text, money(cost.amount) if cost.amount is not None else f"{cost.percent}%")
        for cost in card.costs
    )
    return {
        "kind": "id_card",
        "title": "Your ID card",
        "company": partner.name,
        "partner": partner.key,
        "plan": card.plan,
        "network": card.network,
        "name": card.name,
        "fields": [{"label": label, "value": value} for label, value in fields if value],
        "costs": [{"label": label, "value": value} for label, value in costs],
        "line": partner.phone.member_services,
        "note": f"As on file on {as_of}. Showing it is no guarantee of payment.",
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
