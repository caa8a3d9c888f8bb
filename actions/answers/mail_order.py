"""Mail order: the company's mail pharmacy and the member's orders there."""

from __future__ import annotations

from actions.answers.every_company import ask_every
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON
from actions.answers.wording import day, joined, line_of
from alliance.answer import Answer, Source
from alliance.pharmacy import MailOrder, MailService
from alliance.verified import VerifiedMember

_GENERAL = (
    "For a new order, ask your doctor to send a 90-day prescription there; order refills about two "
    "weeks before you run out."
)


# What alone can be asked of an order (`Question.asked`), and is the same for reading and hearing.
_PARTS = frozenset({"sender", "care", "supply", "number", "phone"})


async def mail_order_pharmacy(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """Where the orders are, and which pharmacy. Level 2: it names drugs."""
    asked = await ask_every(member, desk, desk.records.mail_service)
    services = [service for service in asked.found.values() if service]
    orders = [(service, order) for service in services for order in service.orders]
    home = desk.partners[member.person.home.partner]
    named = question.drug.said if question.drug else None
    if named and services and not any(named.lower() in order.drug.lower() for _, order in orders):
        # "Can they mail it to me?", of a drug that was talked of: no order of another is told.
        names = joined([_pharmacy(service, desk) for service in services])
        told = [f"I see no order of {named} at {names}."]
        heard = f"I see no mail order of {named}."
        orders = []
    elif orders:
        told = [_told(service, order, question.asked, desk) for service, order in orders]
        heard = told[0] if question.asked in _PARTS else _heard(*orders[0])
    elif services:
        names = joined([_pharmacy(service, desk) for service in services])
        told = [f"I see no order of yours at {names}."]
        heard = f"I see no mail order of yours. {desk.partners[services[0].partner].spoken_name}'s "
        heard += f"mail pharmacy is {services[0].name}."
    elif not asked.failed:
        told = [f"{home.name} shows me no mail pharmacy for your plan. Call {line_of(home)}."]
        heard = f"{home.spoken_name} shows me no mail pharmacy for your plan."
    else:
        told, heard = [], ""
    how = _GENERAL if services and not (orders and question.asked) else ""
    text = " ".join(part for part in (*told, how, asked.trouble) if part)
    fetched = desk.now().isoformat()
    return Answer(
        text=text,
        speech=f"{heard} {asked.trouble}".strip(),
        intent=question.intent,
        partner=services[0].partner if services else home.key,
        level=2,
        facts={
            "orders": [
                {"number": order.number, "state": order.state, "drug": order.drug}
                for _, order in orders
            ]
        },
        buttons=(PERSON,),
        sources=tuple(Source(service.partner, "mail-order", fetched) for service in services),
    )


def _pharmacy(service: MailService, desk: Desk) -> str:
    phone = f", {service.phone}" if service.phone else ""
    return f"{desk.partners[service.partner].name}'s mail pharmacy ({service.name}{phone})"


def _told(service: MailService, order: MailOrder, part: str | None, desk: Desk) -> str:
    if part == "count" and order.refills_left is not None:
        return f"{order.drug[:1].upper()}{order.drug[1:]}:{_refills(order)}"
    if part in _PARTS:
        return _part(service, order, part)
    if part in ("duration", "since"):
        return f"Your order of {order.drug} at {desk.partners[service.partner].name}'s mail " + (
            f"pharmacy: {_state(order)}"
        )
    number = f" {order.number}" if order.number else ""
    supply = f", {order.days_supply} days' supply" if order.days_supply else ""
    return (
        f"Your order{number} at {_pharmacy(service, desk)}: {order.drug}{supply}. "
        f"{_state(order)}{_refills(order)}"
    )


def _part(service: MailService, order: MailOrder, part: str) -> str:
    if part == "sender":
        line = f" at {service.phone}" if service.phone else ""
        return (
            f"The file does not say who prescribed {order.drug}. {service.name} can tell you{line};"
            " it is on the bottle's label, too."
        )
    if part == "supply":
        if order.days_supply is None:
            return f"The file does not say for how many days the order of {order.drug} is."
        return f"The order of {order.drug} is for {order.days_supply} days."
    if part == "phone" and service.phone:
        return f"{service.name} has the number {service.phone}."
    if part == "number" and order.number:
        return f"The order of {order.drug} has the number {order.number}."
    return f"The order at {service.name} is for {order.drug}."


def _heard(service: MailService, order: MailOrder) -> str:
    return f"Your order of {order.drug} at {service.name}: {_state(order)}{_refills(order)}"


def _state(order: MailOrder) -> str:
    due = f" It is expected on {day(order.expected)}." if order.expected else ""
    match order.state:
        case "shipped":
            sent = f" on {day(order.shipped)}" if order.shipped else ""
            return f"It was shipped{sent}.{due}"
        case "delivered":
            return (
                f"It was due on {day(order.expected)} and shows as delivered."
                if order.expected
                else "It shows as delivered."
            )
        case "processing":
            return f"It is being prepared.{due}"
        case _:
            return "The pharmacy doesn't show where it is; please call it."


def _refills(order: MailOrder) -> str:
    if order.refills_left is None:
        return ""
    if order.refills_left == 0:
        return " No refill is left: ask your doctor for a new prescription."
    left = f"{order.refills_left} refill{'' if order.refills_left == 1 else 's'} left"
    again = f", the next from {day(order.refill_from)}" if order.refill_from else ""
    return f" {left}{again}."
