"""Programs for health conditions, pregnancy and wellness: what the company has for the member,
and asking for a place after a yes. Nobody is ever told that they are enrolled by us: the company
confirms it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from actions.answers.every_company import Asked, ask_every
from actions.answers.general import general
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON, way_on
from actions.answers.wording import joined, line_of, spaced
from alliance.answer import Answer, Button, Listed, Offer, Source
from alliance.errors import PartnerUnavailable
from alliance.programmes import Programme, ProgrammeKind
from alliance.verified import VerifiedMember

_KINDS: dict[str, ProgrammeKind] = {
    "disease_management": "disease-management",
    "maternity_program": "maternity",
    "wellness_program": "wellness",
}
_TITLES = {
    "disease_management": "programs for health conditions",
    "maternity_program": "pregnancy programs",
    "wellness_program": "wellness programs",
}
MOST_READ = 5
MOST_SPOKEN = 2
YES = Button("Yes, please", "/affirm")
NO = Button("No, thanks", "/deny")
_NEWBORN = (
    "A new baby is not covered by itself: ask your employer to add the baby within 30 days of the "
    "birth. I can't add anyone here."
)
_BORN = re.compile(
    r"\b(?:newborn|new baby|gave birth|had (?:a|the|my|our) baby|(?:was|just) born|"
    r"(?:weeks?|days?) old|delivered)\b",
    re.IGNORECASE,
)
_JOIN = re.compile(
    r"\b(?:join|sign (?:me |us )?up|enroll|enrol|register|start|get (?:in|into)|take part)\b",
    re.IGNORECASE,
)


async def disease_management(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The programs that the member is offered, and joining one. Level 2: they tell a condition."""
    return await _programmes(member, question, desk)


async def maternity_program(member: VerifiedMember, question: Question, desk: Desk) -> Answer:
    """The pregnancy program, joining it, and what a newborn's coverage needs. Level 2."""
    if _is_loss(question.text):
        # Nobody who has lost a child is offered a program.
        return general(member, question, desk) or way_on(question, "pregnancy care", desk)
    return await _programmes(member, question, desk, _NEWBORN)


async def wellness_program(member: VerifiedMember | None, question: Question, desk: Desk) -> Answer:
    """What there is in general; for a verified member, the company's own programs."""
    if member is None:
        return general(None, question, desk) or way_on(question, _TITLES[question.intent], desk)
    return await _programmes(member, question, desk)


_LOSS = re.compile(
    r"\b(?:miscarr\w*|stillb\w*|lost (?:the|my|our|her) (?:baby|child|pregnancy))\b", re.IGNORECASE
)


def _is_loss(text: str) -> bool:
    return bool(_LOSS.search(text))


async def _programmes(
    member: VerifiedMember, question: Question, desk: Desk, note: str = ""
) -> Answer:
    kind = _KINDS[question.intent]

    async def ask(of: VerifiedMember, partner: str) -> list[Programme]:
        return await desk.records.programmes(of, partner, kind)

    asked = await ask_every(member, desk, ask)
    offered = [each for programmes in asked.found.values() for each in programmes]
    if _BORN.search(question.text):
        note = _NEWBORN
    if not offered:
        return _none(member, question, asked, desk, note)
    chosen = _chosen(offered, question)
    if chosen and question.agreed and _may_join(member):
        if not desk.records.live:
            return _for_the_agent(chosen, question, desk)
        return await _enroll(member, chosen, question, desk)
    if chosen:
        place = str(offered.index(chosen))
        joins = _may_join(member)
        return _offer(chosen, place, question, desk, note, asked.trouble, joins=joins)
    return _list(offered, question, desk, note, asked.trouble)


def _may_join(member: VerifiedMember) -> bool:
    """Every change needs level 2."""
    return member.level >= 2


def _for_the_agent(programme: Programme, question: Question, desk: Desk) -> Answer:
    """The member has said yes to an agent: nothing is changed in a suggestion, the agent asks."""
    company = desk.partners[programme.partner].name
    text = f"I'll ask {company} to sign you up for {programme.name}. {company} will confirm it."
    return _answer(question, desk, [programme], text, text)


def _chosen(offered: Sequence[Programme], question: Question) -> Programme | None:
    """The program that the member picked from a list, or that their words single out."""
    if question.chosen and question.chosen.isdigit():
        # By its place in the list: what is remembered of a conversation tells no condition.
        return offered[int(question.chosen)] if int(question.chosen) < len(offered) else None
    if len(offered) == 1:
        return offered[0]
    said = set(re.findall(r"[a-z]+", question.text.lower()))
    fitting = [each for each in offered if said & _marks(each)]
    return fitting[0] if len(fitting) == 1 else None


# Words that tell one program from the others; the rest of their names do not.
_EVERYDAY = frozenset(
    {
        "sample", "living", "with", "program", "the", "and", "health", "help", "after", "once",
        "month", "calls", "nurse", "your", "free", "part", "back",
    }
)  # fmt: skip


def _marks(programme: Programme) -> set[str]:
    words = set(re.findall(r"[a-z]+", f"{programme.code} {programme.name}".lower()))
    return {word for word in words if word not in _EVERYDAY and len(word) > 2}


def _offer(
    programme: Programme,
    place: str,
    question: Question,
    desk: Desk,
    note: str,
    trouble: str,
    *,
    joins: bool,
) -> Answer:
    company = desk.partners[programme.partner]
    about = f"{company.name} offers you {programme.name}: {programme.text}".rstrip()
    if programme.incentive:
        about += f" Reward: {programme.incentive}."
    if programme.enrolled != "none":
        told = (
            f"{company.name} shows that you are in it."
            if programme.enrolled == "enrolled"
            else f"{company.name} has your request to join and will get in touch."
        )
        phone = f" You can reach the program at {programme.phone}." if programme.phone else ""
        return _answer(
            question,
            desk,
            [programme],
            f"{about} {told}{phone} {note} {trouble}",
            f"You have asked for {programme.name}. {told}",
        )
    phone = f" The program's number is {programme.phone}." if programme.phone else ""
    asks = f"Joining is your choice. Shall I ask {company.name} to sign you up?"
    heard = f"{company.spoken_name} offers you {programme.name}. {programme.text}"
    if not joins:
        asks = "Joining is your choice."
    answer = _answer(
        question,
        desk,
        [programme],
        f"{about}{phone} {note} {asks} {trouble}",
        f"{heard} {asks.replace(company.name, company.spoken_name)} {trouble}",
        buttons=(YES, NO) if joins else (PERSON,),
        offers=Offer(question.intent, place) if joins else None,
    )
    return answer


async def _enroll(
    member: VerifiedMember, programme: Programme, question: Question, desk: Desk
) -> Answer:
    company = desk.partners[programme.partner]
    key = f"{member.conversation_id}|{programme.partner}|{programme.code}"
    once = hashlib.sha256(key.encode()).hexdigest()
    try:
        receipt = await desk.records.enroll(member, programme.partner, programme.code, once)
    except PartnerUnavailable:
        where = f" or the program at {programme.phone}" if programme.phone else ""
        text = (
            f"I could not reach {company.name} just now, so nothing was sent. Please try again in "
            f"a few minutes, or call {line_of(company)}{where}."
        )
        return _answer(question, desk, [programme], text, text)
    text = (
        f"I have asked {company.name} to sign you up for {programme.name}. Your reference number "
        f"is {receipt.reference}. You are not in it yet: {company.name} will confirm it."
    )
    if programme.phone:
        text += f" Questions? Call the program at {programme.phone}."
    number = spaced(receipt.reference)
    speech = (
        f"I have asked {company.spoken_name} to sign you up. Your reference is {number}. Again: "
        f"{number}. They will confirm it."
    )
    answer = _answer(question, desk, [programme], text, speech)
    return Answer(**{**vars(answer), "facts": {**answer.facts, "enrolment": receipt.reference}})


def _list(
    offered: Sequence[Programme], question: Question, desk: Desk, note: str, trouble: str
) -> Answer:
    start = question.start if question.start < len(offered) else 0
    shown = offered[start : start + MOST_READ]
    spoken = offered[start : start + MOST_SPOKEN]
    names = list(dict.fromkeys(desk.partners[each.partner].name for each in offered))
    lines = [
        f"• {each.name}{f' ({desk.partners[each.partner].name})' if len(names) > 1 else ''}: "
        f"{each.text}{_reward(each)}{_state(each)}"
        for each in shown
    ]
    asks = (
        "Would you like to join one? Tell me which."
        if _JOIN.search(question.text)
        else ("Name one to hear more or to join it.")
    )
    text = "\n".join(
        part
        for part in (
            f"{joined(names)} offer{'s' if len(names) == 1 else ''} you these "
            f"{_TITLES[question.intent]}:",
            *lines,
            note,
            asks,
            trouble,
        )
        if part
    )
    heard = joined([each.name for each in spoken])
    more = "" if len(offered) <= start + len(spoken) else " There are more."
    company = desk.partners[shown[0].partner].spoken_name
    return _answer(
        question,
        desk,
        shown,
        text,
        f"{company} offers you {heard}.{more} Say first or second to hear about one. {trouble}",
        listed=Listed(
            question.intent,
            tuple({"chosen": str(index)} for index in range(len(offered))),
            start + len(shown),
            start + len(spoken),
        ),
    )


def _reward(programme: Programme) -> str:
    return f" Reward: {programme.incentive}." if programme.incentive else ""


def _state(programme: Programme) -> str:
    return "" if programme.enrolled == "none" else " You have asked to join."


def _none(
    member: VerifiedMember,
    question: Question,
    asked: Asked[list[Programme]],
    desk: Desk,
    note: str,
) -> Answer:
    company = desk.partners[member.person.home.partner]
    told = ""
    if asked.found:
        told = f"{company.name} shows no {_TITLES[question.intent]} for you right now."
    text = f"{told} {note} {asked.trouble} You can ask {line_of(company)}."
    return _answer(question, desk, [], text, text, partner=company.key)


def _answer(
    question: Question,
    desk: Desk,
    programmes: Sequence[Programme],
    text: str,
    speech: str,
    *,
    partner: str | None = None,
    buttons: tuple[Button, ...] = (PERSON,),
    offers: Offer | None = None,
    listed: Listed | None = None,
) -> Answer:
    level = 0 if question.intent == "wellness_program" else 2
    fetched = desk.now().isoformat()
    return Answer(
        text=_tidy(text),
        speech=" ".join(speech.replace("$", "").replace("/", " ").split()),
        kind="question" if offers else "answer",
        intent=question.intent,
        partner=programmes[0].partner if programmes else partner,
        level=level,
        facts={"programmes": [f"{each.partner}/{each.code}" for each in programmes]},
        buttons=buttons,
        sources=tuple(
            Source(each, _KINDS[question.intent], fetched)
            for each in dict.fromkeys(p.partner for p in programmes)
        ),
        offers=offers,
        listed=listed,
    )


def _tidy(text: str) -> str:
    return "\n".join(" ".join(line.split()) for line in text.splitlines() if line.strip())
