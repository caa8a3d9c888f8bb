"""Sending in a claim: the general steps, and for a verified member which company takes it."""

from __future__ import annotations

from actions.answers.claim_search import coverages, trouble
from actions.answers.general import general
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON
from actions.answers.wording import day, joined, line_of
from alliance.answer import Answer, Source
from alliance.coverage import LineOfBusiness, covering
from alliance.verified import VerifiedMember

_LINES: tuple[tuple[LineOfBusiness, tuple[str, ...]], ...] = (
    ("dental", ("dental", "dentist", "tooth", "teeth", "braces", "crown")),
    ("pharmacy", ("prescription", "pharmacy", "medicine", "drug")),
)


async def submit_claim(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """How to send a claim. With a member: the company that covered them on the day of the care,
    whatever company's doctor gave it.
    """
    said = general(member, question, desk)
    if member is None or member.level < 1:
        return said or _way_on(question, desk)
    period = question.claim.period if question.claim else None
    on = period.start if period else desk.clock.today()
    known, failed = await coverages(member, desk)
    line = _line(question.text)
    # A drug or a dentist's work is the medical plan's where no plan of its own covers it.
    covered = covering(known, on, line) or covering(known, on, "medical")
    keys = list(dict.fromkeys(each.partner for each in covered))
    partners = [desk.partners[key] for key in keys]
    when = f"care on {day(on)}" if period else "care today"

    def told(*, spoken: bool) -> str:
        if not partners:
            return ""
        names = joined([p.spoken_name if spoken else p.name for p in partners], "or")
        lines = joined([line_of(p, spoken=spoken) for p in partners], "or")
        first = " The plan that pays first gets it first." if len(partners) > 1 else ""
        if spoken:
            # A number to call takes long to say.
            return (
                f"For {when}, your claim goes to {names}. Send the claim form with the itemized "
                f"bill and proof of payment.{first} For the form, call {lines}."
            )
        return (
            f"For {when}, your claim goes to {names}. Get the form from {lines}, and add the "
            f"itemized bill and proof of payment.{first}"
        )

    missing = trouble(failed, desk, "plan")
    return Answer(
        text=" ".join(p for p in (told(spoken=False) or _text(said, question, desk), missing) if p),
        speech=told(spoken=True) or (said.speech if said else _way_on(question, desk).speech),
        intent=question.intent,
        partner=keys[0] if keys else (said.partner if said else None),
        level=1,
        facts={"companies": keys, "on": on.isoformat()},
        buttons=(PERSON,),
        sources=(
            *(Source(c.partner, f"Coverage/{c.id}", desk.now().isoformat()) for c in covered),
            *(said.sources if said and not partners else ()),
        ),
    )


def _line(text: str) -> LineOfBusiness:
    said = text.lower()
    return next((line for line, words in _LINES if any(word in said for word in words)), "medical")


def _text(said: Answer | None, question: Question, desk: Desk) -> str:
    return said.text if said else _way_on(question, desk).text


def _way_on(question: Question, desk: Desk) -> Answer:
    """Where the knowledge has nothing: who takes claims."""
    named = desk.partners.get(question.partner)
    partners = [named] if named else [partner for partner in desk.partners if partner.backend]
    lines = joined([line_of(partner) for partner in partners], "or")
    text = f"The address for claims is on the back of your card. For the form, call {lines}."
    return Answer(
        text=text,
        speech="The address for claims is on the back of your card. A person can send the form.",
        intent=question.intent,
        buttons=(PERSON,),
    )
