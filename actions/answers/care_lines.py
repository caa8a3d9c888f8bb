"""A nurse to talk to, and mental health care: the general part with the company's own way in."""

from __future__ import annotations

from dataclasses import replace

from actions.answers.general import general
from actions.answers.question import Desk, Question
from actions.answers.service import company, way_on
from alliance.answer import Answer, Button
from alliance.verified import VerifiedMember


async def nurse_line(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """The nurse line of the member's company, or how to find its number. No medical advice."""
    answer = general(member, question, desk) or way_on(question, "talking to a nurse", desk)
    partner = company(member, question, desk)
    if partner is None or not partner.phone.nurse_line:
        return answer
    number = partner.phone.nurse_line
    return replace(
        answer,
        text=f"{partner.name}'s nurse line is {number}. {answer.text}",
        speech=(
            f"{partner.spoken_name}'s nurse line is {number}. If it feels like an emergency, call "
            "9 1 1 now."
        ),
        partner=partner.key,
        facts={**answer.facts, "nurse_line": number},
    )


async def behavioral_health(
    member: VerifiedMember | None, question: Question, desk: Desk
) -> Answer:
    """How to get therapy, counseling or help with drinking or drugs; 988 in a crisis. Nothing of
    the member's own is read: whether they had such care is nobody's business here.
    """
    answer = general(member, question, desk) or way_on(question, "counseling", desk)
    place = question.place
    near = f" near {place.city}" if place else ""
    find = Button(
        f"Find a therapist{near}", f"find a therapist{f' near {place.zip}' if place else ''}"
    )
    return replace(
        answer,
        text=f"{answer.text} I can also look for a therapist: tell me a ZIP code or a city.",
        speech=f"{answer.speech} I can also look for a therapist: say a ZIP code or a city.",
        buttons=(find, *answer.buttons),
    )
