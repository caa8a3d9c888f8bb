"""Which company's people a member is handed to, and what for: by what is known, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answers.cases import CASES
from actions.answers.plan_facts import named_line, today_of
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON
from actions.answers.talk import is_talk
from actions.dialogue.agenda import NO_COMPANY, URGENT, Item
from actions.dialogue.intents import intents
from actions.dialogue.needs import asks, asks_identity, asks_in_part, companies, refuses
from actions.dialogue.reading import company_meant
from actions.dialogue.turn import Turn
from alliance.answer import Answer
from alliance.coverage import covering
from alliance.errors import MemberlineError
from alliance.values import read_member_ids
from alliance.verified import VerifiedMember

FOR_A_PERSON = frozenset({"speak_to_agent", "request_callback"})
_KEPT = ("reason", "partner", "company")
_AFTER_DANGER = "asked for a person after danger"
_MOST_REASON_CHARACTERS = 300
_ABOUT = re.compile(
    r"\b(?:about|regarding|concerning|because|help(?: me| us)? with|"
    r"(?:handles?|deals? with|does|takes? care of|(?:is )?in charge of|knows? about)|"
    r"to (?:discuss|dispute|complain about)|"
    r"for(?= (?:my|our|a|an|the|this) \w))\b\s+"
    r"(?P<what>.+)",
    re.IGNORECASE | re.DOTALL,
)
# "What's the number for that?", "who do I call about the dental one?".
_POINTS_BACK = re.compile(
    r"\b(?:it|that|this|them|those|the (?:\w+ )?(?:one|plan|claim|bill))\b", re.IGNORECASE
)
# Letters of a word of a topic's title that says which topic is meant, at least.
_SHORTEST_NAMING = 5
# "About it", "about this": no reason that would tell a person anything.
_NOTHING = re.compile(
    r"\W*(?:it|this|that|something|stuff|things?|my (?:question|problem|issue))\W*(?:please)?\W*",
    re.IGNORECASE,
)
# "Maybe you can help me": said where a person is being called, by whoever would try it here first.
_TRIES = re.compile(
    r"(?:(?:maybe|perhaps|possibly|actually|well|first|ok(?:ay)?|hm+|wait|so|on second thoughts?|"
    r"you know what|instead|no)\W+)*"
    r"(?:you (?:can|could|might)|(?:can|could|would) you|let'?s see if you can|are you able to)\W+"
    r"(?:(?:maybe|also|perhaps|just|please|still|try to|be able to)\W+)*"
    r"(?:help(?: me)?(?: out)?|try(?: it)?|answer(?: it| that| me)?|(?:tell|show|give) me|check|"
    r"look|find|see|say|pull up)\b",
    re.IGNORECASE,
)
# "Actually wait, is my cleaning covered?": asked here after all.
_TURNS_TO_ASK = re.compile(
    r"\W*(?:(?:actually|oh|ok(?:ay)?|no)\W+)*(?:wait|hold on|hang on|first|before that|"
    r"never ?mind)\W+(?:is|are|do|does|did|can|will|what|how|when|where|which|why)\b.*\?",
    re.IGNORECASE | re.DOTALL,
)
_TRIES_HERE = re.compile(
    rf"\W*(?:{_TRIES.pattern}|(?:maybe|perhaps) you can\b|i(?:'ll| will| could| can)? (?:just )?"
    r"(?:try|ask) (?:it )?(?:with )?(?:you|here)\b)(?:\W+(?:me|with|it|that|this|first|instead|"
    r"yourself|into|at|then|too|please|after all|here|my|question|problem|one))*\W*",
    re.IGNORECASE,
)
_IS_ABOUT = re.compile(
    r"\W*(?:(?:it'?s|it is|just|well|um+|i guess) )*(?:about|regarding|because|concerning|my|a|an|"
    r"the|some|\w{3,}ing)\b(?!.*\?)",
    re.IGNORECASE,
)
_MOST_ABOUT_WORDS = 10
# "No need for the rep", "forget about the agent".
_NOBODY = re.compile(
    r"\W*(?:(?:actually|no|ok(?:ay)?|good|wait|so|then|well|never ?mind|thanks)\W+)"
    r"*(?:(?:there'?s |there is )?"
    r"no need (?:for|to (?:talk|speak) (?:to|with)|of)|i (?:no longer |don'?t (?:really )?|do not )"
    r"(?:need|want)(?: to (?:talk|speak) (?:to|with))?|forget(?: about)?|cancel|skip|"
    r"i won'?t (?:be )?need(?:ing)?) (?:the |a |an |any |your |that )?(?:live |real )?"
    r"(?:rep|reps|representative|agent|person|human|operator|somebody|someone|anyone|"
    r"transfer|connection)(?: (?:anymore|any more|now|then|after all|please|thanks))*\W*",
    re.IGNORECASE,
)
_PEOPLE = re.compile(
    r"\b(?:humans?|(?:real|live|actual) (?:person|people)|persons?|agents?|representatives?|reps?|"
    r"operators?|supervisors?|somebody|someone|anybody|anyone)\b",
    re.IGNORECASE,
)
# The knowledge's entry of how long it takes until a person answers.
WAIT = "person-wait"
# Where what it is about may be told beside.
WHERE_TO_REACH = frozenset({"need_partner", "need_phone", "need_time"})
_CALLING = frozenset({"need_reason", *WHERE_TO_REACH})


def tries_here(turn: Turn) -> bool:
    """Whether somebody for whom a person is being called would rather be helped here."""
    waiting = bool(turn.agenda) and turn.agenda[0].intent in FOR_A_PERSON
    if not waiting or turn.asking not in _CALLING:
        return False
    if _TRIES_HERE.fullmatch(turn.text):
        return True
    # "Maybe you can help me with my deductible": that question, in place of the person.
    begins = _TRIES.match(turn.text.lstrip()) or _TURNS_TO_ASK.match(turn.text)
    asked = [item for item in turn.questions if not is_talk(item.intent)]
    sure = bool(asked) and all(item.band == "accept" for item in asked)
    return begins is not None and sure and asked[0].intent not in (*FOR_A_PERSON, *CASES)


def insists_on_person(turn: Turn) -> bool:
    """Whether, asked for the company of the person whom they want, they would not say it or ask for
    the person once more: any company's people are better than the same question again.
    """
    waiting = bool(turn.agenda) and turn.agenda[0].intent == "speak_to_agent"
    if not waiting or turn.asking != "need_partner" or turn.partners.named(turn.text):
        return False
    again = turn.intent == "speak_to_agent" and "?" not in turn.text
    return refuses(turn.text) or again


def tells_what_about(turn: Turn) -> bool:
    """Whether, while the company is asked for a person, or where and when to call, what it is
    about is said in a few words: "finding a doctor", "it's about my bill". A question or a wish of
    its own is none.
    """
    waiting = bool(turn.agenda) and turn.agenda[0].intent in FOR_A_PERSON
    if not waiting or turn.asking not in WHERE_TO_REACH or turn.partners.named(turn.text):
        return False
    return len(turn.text.split()) <= _MOST_ABOUT_WORDS and bool(_IS_ABOUT.match(turn.text))


def asks_for_people(text: str) -> bool:
    """Whether a question or a wish names somebody to talk with, in whatever words."""
    return asks(text) and _PEOPLE.search(text) is not None


def calls_nobody(text: str) -> bool:
    """Whether a person is no longer wanted."""
    return _NOBODY.fullmatch(text) is not None


def asks_how_long(turn: Turn, item: Item) -> bool:
    """Whether, while a person is being called, it is asked how long that takes."""
    waiting = bool(turn.agenda) and turn.agenda[0].intent in FOR_A_PERSON
    if not waiting or turn.asking not in _CALLING or not asks_in_part(item.text):
        return False
    of_another = item.is_sure and item.intent not in FOR_A_PERSON
    return WAIT in item.near(surely=True) or (item.aspect == "duration" and not of_another)


def is_the_reason(turn: Turn, item: Item) -> bool:
    """Whether, beside a wish for a person, it only tells what that is for: "my card was declined, I
    need a real person".
    """
    asks_nothing = asks_identity(turn, item) and not asks_in_part(item.text)
    return asks_nothing and item.intent not in (*FOR_A_PERSON, *CASES) and not item.told


def one_way_to_people(
    fresh: Sequence[Item], waiting: Sequence[Item]
) -> tuple[list[Item], list[Item]]:
    """The questions of a message and those that wait, where a call back is wanted in place of the
    person who was asked for, or the other way round: with what that was for.
    """
    put_aside = next((item for item in waiting if item.intent in FOR_A_PERSON), None)
    if put_aside is None:
        return list(fresh), list(waiting)
    kept = {need: put_aside.told[need] for need in _KEPT if need in put_aside.told}
    return (
        [
            replace(item, told={**kept, **item.told}) if item.intent in FOR_A_PERSON else item
            for item in fresh
        ],
        [item for item in waiting if item.intent not in FOR_A_PERSON],
    )


def notice_company(turn: Turn) -> None:
    """Keep the company that somebody unproven names, so that its line alone is told, and nobody is
    asked for it once more.
    """
    if turn.context.verified is not None:
        return
    company = turn.partners.get(company_meant(turn.text, turn.entities))
    if company is None and turn.memory.caller is not None:
        # An office gives the patient's ID: it opens nothing, and tells the company.
        fits = companies(read_member_ids(turn.text), turn.partners)
        company = fits[0][0] if len({each.key for each, _ in fits}) == 1 else None
    if company and company.backend:
        turn.memory = replace(turn.memory, partner=company.key)


def nobody_called() -> Answer:
    """To somebody who no longer wants a person."""
    text = "All right, I call nobody. What else can I do for you?"
    return Answer(text=text, speech=text, kind="notice", intent="cancel")


def willing(turn: Turn, item: Item) -> Answer | None:
    """To whoever would rather be helped here, and does not say yet with what."""
    if not (turn.in_form and _TRIES_HERE.fullmatch(item.text)):
        return None
    text = "Gladly. Tell me in a few words what you need. If I can't help, a person will."
    return Answer(text=text, speech=text, kind="notice", intent="ask_capabilities")


async def with_company(turn: Turn, item: Item, desk: Desk) -> Item:
    """A verified member's wish for a person, now or by a call back, with the company that
    administers the topic.

    `told["company"]` is its key; `told["which"]` stands when only the member can say. The company
    that answered the topic decides, then the one named in the wish, then the only one in force
    today. Where the topic's company and the named one differ, the member says which.
    """
    member = turn.context.verified
    if item.intent not in FOR_A_PERSON or member is None or {"company", "which"} & {*item.told}:
        return item
    if "partner" in item.told:
        return item
    answered = turn.memory.answered_by
    topic = answered if answered and member.person.at(answered) else None
    named = company_meant(item.text, item.entities)
    if topic and named and named != topic:
        return item.tell("which", True)
    if found := topic or named or await _only_one(member, desk):
        return item.tell("company", found)
    return item.tell("which", True)


def at_once(item: Item, today: date) -> Item:
    """The wish for a person of somebody who was told of 911 just now: nothing is asked first."""
    if item.intent != "speak_to_agent":
        return item
    told = {"reason": _AFTER_DANGER, **item.told, URGENT: True}
    if told.pop("which", False) or not (item.said("partner", today) or "company" in told):
        told["partner"] = NO_COMPANY
    return replace(item, told=told)


async def _only_one(member: VerifiedMember, desk: Desk) -> str | None:
    """The member's only company with a coverage in force today; None when there are several, or
    when one of them could not be asked.
    """
    person = member.person
    if not person.others and not person.unreached:
        return person.home.partner
    found: set[str] = set()
    for membership in person.memberships:
        try:
            coverages = await desk.records.coverages(member, membership.partner)
        except MemberlineError:
            return None
        found.update(
            c.partner
            for c in covering(coverages, today_of(desk.partners[membership.partner], desk))
        )
    return found.pop() if len(found) == 1 and not person.unreached else None


def asks_to_connect(turn: Turn, given: Answer) -> bool:
    """Whether a bare yes to an answer means the person that it offers: one who reads sees the
    button; one who listens was asked in so many words, or "What else?" follows.
    """
    if given.kind != "answer" or turn.agenda or turn.in_form:
        return False
    if turn.context.channel == "voice":
        return (given.speech or given.text).endswith("connect you?")
    return PERSON in given.buttons


def a_person_for(item: Item) -> Item:
    """A person for the question that was just answered; its topic is what they read."""
    told = {"reason": intents()[item.intent].title, "agreed": True}
    return Item("speak_to_agent", item.text, item.entities, told=told)


def is_to_decline(turn: Turn, offered: Mapping[str, Any]) -> bool:
    """Whether a no is for what was offered: nobody was asked about a person whose button only
    stands below an answer, so that "no, the June one" is for the answer.
    """
    return offered["intent"] != "speak_to_agent" or turn.memory.language == "es"


def named_company(item: Item, asked: Question) -> str | None:
    """The company that the member named: what was worked out for a person is not their word."""
    return None if "company" in item.told else asked.partner


def line_for_last(turn: Turn, item: Item, today: date) -> str | None:
    """The company (its key) whose line is asked for by what it just told: "what number do I call
    for the dental one?"; None where any company may be meant.
    """
    if item.intent != "contact_info" or item.said("partner", today) is not None:
        return None
    if turn.memory.unreached:
        # "Is there a number for them?": for those who did not answer.
        return turn.memory.unreached
    if turn.context.verified and named_line(item.text):
        # Whose plan of that line it is decides (actions/answers/plan_facts.py).
        return _only_company(turn)
    if own := _only_company(turn):
        return own
    if turn.memory.answered_by is None or turn.memory.topic is None:
        return None
    title = intents()[turn.memory.topic["intent"]].title.lower()
    words = {word for word in re.findall(r"[a-z]+", title) if len(word) >= _SHORTEST_NAMING}
    named = words & set(re.findall(r"[a-z]+", item.text.lower()))
    return turn.memory.answered_by if named or _POINTS_BACK.search(item.text) else None


def _only_company(turn: Turn) -> str | None:
    """The one company of a proven member: nobody else's line is theirs to call."""
    person = turn.context.verified.person if turn.context.verified else None
    partners = {each.partner for each in person.memberships} if person else set()
    return partners.pop() if len(partners) == 1 else None


def waiting_for_a_person(turn: Turn) -> Item | None:
    """The question that was still being cleared up when a person was asked for instead."""
    return next((item for item in turn.agenda if item.intent not in FOR_A_PERSON), None)


def stated_reason(turn: Turn, item: Item) -> str | None:
    """What the message itself says a person is wanted for: its other question, or what follows
    "about"; None when it does not say.
    """
    found = _ABOUT.search(item.text)
    if found and not _NOTHING.fullmatch(found["what"]):
        return found["what"].strip(" .!?")[:_MOST_REASON_CHARACTERS]
    others = [
        other.intent
        for other in turn.questions
        if other.intent not in (*FOR_A_PERSON, "out_of_scope", "inform", "affirm", "deny")
    ]
    return ", ".join(intents()[name].title for name in others if name in intents()) or None
