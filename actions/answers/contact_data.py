"""What a company has on file to reach a member, without giving it away, and how it is changed."""

from __future__ import annotations

from actions.answers.question import Desk, Question
from actions.answers.service import PERSON, company
from actions.answers.wording import joined, line_of
from alliance.answer import Answer, Source
from alliance.contacts import ContactFile
from alliance.verified import VerifiedMember


async def update_contact(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The contacts on file, masked, and who changes them. Nothing is changed here.

    Raises what `records` raises.
    """
    partner = company(member, question, desk)
    if partner is None:
        raise ValueError("a verified member has a company")
    file = await desk.records.contacts(member, partner.key)
    what_next = (
        "I can't change it here. Change it on your member website, or ask for a person. If you "
        "get coverage through work, tell your employer too. A new address alone changes no plan."
    )
    return Answer(
        text=f"{_on_file(file, partner.name, spoken=False)} {what_next} Questions? Call "
        f"{line_of(partner)}.",
        speech=f"{_on_file(file, partner.spoken_name, spoken=True)} I can't change it here. Your "
        "member website or a person can. Shall I connect you?",
        intent=question.intent,
        partner=partner.key,
        level=2,
        facts={
            "home": file.home,
            "contacts": [contact.masked for contact in file.contacts],
        },
        buttons=(PERSON,),
        sources=(Source(partner.key, "Patient", desk.now().isoformat()),),
    )


def _on_file(file: ContactFile, name: str, *, spoken: bool) -> str:
    home = [f"an address in {file.home}"] if file.home else []
    ways = [f"a{'n' if c.kind == 'email' else ''} {c.spoken if spoken else c.masked}"
            for c in file.contacts]  # fmt: skip
    if not home and not ways:
        return f"{name} has no address, phone number or e-mail address of yours on file."
    return f"{name} has on file: {joined([*home, *ways])}."
