"""The agenda answered from the front, until something is missing that the form has to ask."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from actions.answers.cost_shares import told_together
from actions.answers.general import aspect_told, detail, general
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON, way_on
from actions.answers.talk import is_talk
from actions.answers.terms import meaning
from actions.answers.topics import NEEDS, OF_THE_PLAN, PERSONAL, answer, without_permission
from actions.answers.wording import joined
from actions.dialogue.agenda import ASKED, IN_GENERAL, PART, TERM, Item, about_whom, question
from actions.dialogue.by_words import search_for
from actions.dialogue.call_back import keep_booked
from actions.dialogue.context import ASPECT
from actions.dialogue.families_told import CHILDREN, GROWN_CHILD
from actions.dialogue.follow_ups.costs import of_unit
from actions.dialogue.follow_ups.subject import keep_provider, remember, same_subject
from actions.dialogue.follow_ups.topics import ACCOUNTS, CLAIMS, RECORDS, SERVICES, SUMS
from actions.dialogue.general_first import (
    asks_rule,
    for_own_plan,
    general_part,
    of_own_file,
    own_case,
    shortened,
)
from actions.dialogue.going_back import earlier_topics
from actions.dialogue.grievances import with_filing
from actions.dialogue.handing_over import (
    a_person_for,
    asks_to_connect,
    at_once,
    named_company,
    with_company,
)
from actions.dialogue.intents import intents
from actions.dialogue.needs import (
    PERMITTED,
    asks_identity,
    awaits_permission,
    missing,
    needs_identity,
)
from actions.dialogue.newcomers import nothing_on_file
from actions.dialogue.order_asked import ask_on
from actions.dialogue.put_aside import ASIDE
from actions.dialogue.reading import company_meant
from actions.dialogue.spanish import offered_person
from actions.dialogue.taking import drop, is_alarmed
from actions.dialogue.times import TIMES, only_times
from actions.dialogue.turn import Turn
from actions.dialogue.ways_on import closed, not_ours
from actions.identity.step_up import LOCKED
from actions.identity.third_party import (
    INSTEAD,
    PERSON_ALONE,
    caller_of,
    only_a_person,
    told_on_business,
)
from actions.identity.third_party import INTENT as CALLER
from actions.identity.verify_first import is_wish, known
from alliance.answer import Answer
from alliance.aspects import KINDS
from alliance.partners import Partner

# A few answers a message: more would be a wall of text, and they stay on the agenda.
MOST_ANSWERS = 3
# What several kinds of visit cost is told briefly, one after the other.
_MOST_COSTS = 5
# For `_digest`, of this process alone.
_KEY = secrets.token_bytes(16)
_OF_BOTH = re.compile(
    r"\b(?:i|me|mine|my own|myself|both me) (?:and|or) my \w+|\bmy \w+ (?:and|or) (?:i|me|mine)\b|"
    r"\bmy \w+(?:['\u2019]?s)? (?:and|or) mine\b",
    re.IGNORECASE,
)
# Of these the rule helps whoever asks for somebody else.
_RULED = frozenset(
    {
        "appeal",
        "billing_problem",
        "change_pcp",
        "claim_denial",
        "disease_management",
        "mail_order_pharmacy",
        "maternity_program",
        "referral_question",
    }
)
_NO_TOPIC = frozenset({"speak_to_agent", "request_callback", "emergency", "contact_info"})
# Whose answers tell how often something is paid, also once more.
_COUNTS = frozenset({"dental_benefits", "vision_benefits"})


async def work_off(turn: Turn, desk: Desk, today: date) -> None:
    """Answer the agenda from the front until something is missing."""
    work = _Work(turn, desk, today)
    while turn.agenda and len(work.said) < _most(work.said, turn.agenda[0]):
        item = await with_company(turn, turn.agenda[0], desk)
        item = at_once(item, today) if is_alarmed(turn) else item
        item = turn.agenda[0] = await with_filing(turn, item, desk)
        if not await work.next(item):
            break
    if work.said:
        turn.memory = replace(turn.memory, last=tuple(work.said))
    waiting = [item for item in turn.agenda if "general" not in item.told]
    if waiting and len(work.said) >= MOST_ANSWERS:
        turn.say(_also_asked(waiting))


def _told_why(told: Answer, given: Answer) -> bool:
    """Whether it was just told why the claim was denied of whose bill this says to ask that."""
    intents_of = (told.intent, given.intent)
    claims = [[each.get("number") for each in one.facts.get("claims", ())] for one in (told, given)]
    return (
        intents_of == ("claim_denial", "billing_problem")
        and bool(claims[0])
        and (claims[0] == claims[1])
    )


def _most(said: list[dict[str, Any]], item: Item) -> int:
    of_costs = {each["intent"] for each in said} <= {"copay_cost"} == {item.intent}
    return _MOST_COSTS if of_costs else MOST_ANSWERS


@dataclass(slots=True)
class _Work:
    """One turn's work; `said`: what "repeat that" needs of each answer."""

    turn: Turn
    desk: Desk
    today: date
    said: list[dict[str, Any]] = field(default_factory=list)

    async def next(self, item: Item) -> bool:
        """Answer the first of the agenda, or the next part of its answer; False: something has to
        be asked first.
        """
        turn, desk = self.turn, self.desk
        personal = asks_identity(turn, item)
        asked = question(item, turn.memory, turn.partners, self.today)
        if item.intent in desk.withdrawn.intents:
            # Nobody is asked who they are for an answer that does not come.
            turn.agenda.pop(0)
            self._say(item, way_on(asked, intents()[item.intent].title, desk))
        elif TERM in item.told:
            self._explain(item, asked)
        elif ASPECT in item.told:
            self._tell_part(item, asked)
        elif told := general_part(item, turn.context.verified, asked, desk):
            self._tell_in_general(item, told)
        elif personal and IN_GENERAL in item.told:
            turn.agenda.pop(0)
        elif personal and turn.barred:
            self._refuse(item)
        elif personal and turn.outside:
            turn.agenda.pop(0)
            if not self.said:
                self._say(item, not_ours(turn))
        elif personal and turn.newcomer:
            turn.agenda.pop(0)
            if not self.said:
                self._say(item, nothing_on_file())
        # With all factors told there is nothing to ask, and they are still to be checked.
        elif missing(turn, self.today) or needs_identity(turn):
            return False
        else:
            await self._look_up(item, asked)
        return True

    def _say(self, item: Item, told: Answer) -> None:
        self.said.append(_kept(item, told))
        self.turn.say(told)

    def _explain(self, item: Item, asked: Question) -> None:
        """What the words mean, said first; the member's own is offered where nothing else waits."""
        turn, desk = self.turn, self.desk
        turn.agenda.pop(0)
        # Beside what was just told of their own a word is explained in passing: the matter stays.
        passing = any("item" in said for said in turn.memory.last)
        told = meaning(turn.context.verified, asked, desk)
        if told is None or desk.withdrawn.has(told):
            told = way_on(asked, intents()[item.intent].title, desk)
        else:
            own = Item(item.intent, intents()[item.intent].title)
            personal = item.intent in PERSONAL and "identity" in NEEDS.get(item.intent, ())
            wanted = item.intent not in turn.memory.declined
            another = turn.memory.caller is not None or passing
            if personal and wanted and not (turn.agenda or turn.in_form or turn.shut or another):
                turn.memory = replace(turn.memory, offered=own.to_json())
        self.said.append({**_kept(item, told), TERM: True})
        turn.say(told)
        self._talked_of(item, told, passing=passing)

    def _tell_part(self, item: Item, asked: Question) -> None:
        """What is asked of a topic beside the topic itself."""
        turn = self.turn
        turn.agenda.pop(0)
        # The company that told of it, which need not be the one of their medical plan.
        caller = turn.memory.caller is not None and turn.context.verified is None
        named = company_meant(turn.text, turn.entities) if caller else None
        turn.memory = replace(turn.memory, partner=named or turn.memory.partner)
        told_by = named or asked.partner or _company_that_told(turn, item)
        asked = replace(asked, partner=told_by)
        part = aspect_told(turn.context.verified, asked, item.told[ASPECT], self.desk)
        if item.told[ASPECT] == INSTEAD and self._just_said(part):
            part = only_a_person(part)
        self._say(item, part)
        self.said[-1] = {**self.said[-1], PART: item.told[ASPECT]}
        self._talked_of(item, part)
        if place := part.facts.get("looks_for"):
            turn.memory = replace(turn.memory, searched=search_for(*place).to_json())
        if part.facts.get("case") == GROWN_CHILD:
            # "But I'm her mother!" is answered as whoever asks for somebody else is.
            topic = Item(item.intent, item.text).to_json()
            turn.memory = replace(turn.memory, topic=topic, withheld=True)
            # Nobody's parent proves who they are for it.
            if any(each.first("relation") in CHILDREN for each in turn.agenda):
                turn.agenda = [each for each in turn.agenda if not asks_identity(turn, each)]

    def _talked_of(self, item: Item, part: Answer, *, passing: bool = False) -> None:
        """A part of a topic was told: what is asked next is of that one, unless it is asked for, or
        was told in `passing`.
        """
        turn = self.turn
        last = turn.memory.topic["intent"] if turn.memory.topic else None
        no_topic = is_talk(item.intent) or item.intent in _NO_TOPIC
        if no_topic or item.intent in {last, *(i.intent for i in turn.agenda)}:
            return
        told = {need: value for need, value in item.told.items() if need not in (ASPECT, TERM)}
        topic = replace(item, told=told).to_json()
        if passing:
            earlier = earlier_topics(topic, turn.memory.earlier, str(last))
            turn.memory = replace(turn.memory, earlier=earlier)
            return
        turn.memory = replace(
            turn.memory,
            topic=topic,
            answered_by=part.partner,
            earlier=earlier_topics(turn.memory.topic, turn.memory.earlier, item.intent),
        )

    def _tell_in_general(self, item: Item, told: Answer) -> None:
        turn = self.turn
        personal = asks_identity(turn, item)
        if TIMES in item.told:
            told = only_times(told)
        again = self._just_said(told) or told.text in {a.text for a in turn.answers}
        if again and personal and IN_GENERAL not in item.told:
            # "And acupuncture?": the same rules again would be no answer.
            turn.agenda[0] = item.tell("general", "said")
            return
        if _goes_on(turn, item, told) and personal and not turn.shut and TIMES not in item.told:
            told = shortened(told)
        self._say(item, told)
        self._then_own(told)

    def _just_said(self, told: Answer) -> bool:
        """Whether the last turn said these very words, in short or in full."""
        texts = {told.text, shortened(told).text}
        return any(said.get("text") in texts for said in self.turn.memory.last)

    def _then_own(self, told: Answer) -> None:
        """The general part is said: the member's own case comes next, or is offered."""
        turn = self.turn
        goes_on = _goes_on(turn, turn.agenda[0], told)
        item = turn.agenda.pop(0)
        if goes_on and TIMES not in item.told:
            # After what can be told of the other questions whoever asks.
            others = enumerate(turn.agenda)
            place = next((n for n, each in others if not self._tells(item, each)), None)
            place = len(turn.agenda) if place is None else place
            turn.agenda.insert(place, item.tell("general", "said"))
            return
        earlier = earlier_topics(turn.memory.topic, turn.memory.earlier, item.intent)
        turn.memory = replace(
            turn.memory, topic=item.to_json(), answered_by=told.partner, earlier=earlier
        )
        keep_provider(turn, item, self.today)
        another = about_whom(item, turn.partners) is not None or turn.memory.caller is not None
        nobodys = turn.shut or IN_GENERAL in item.told or another
        if item.intent in ACCOUNTS and turn.memory.told in ACCOUNTS and turn.context.verified:
            # Their account was told just now.
            nobodys = True
        if item.intent not in turn.memory.declined and not nobodys and not _says_all(told):
            turn.memory = replace(turn.memory, offered=item.to_json())

    def _tells(self, item: Item, other: Item) -> bool:
        """Whether something can be told in general of another question, of another matter."""
        turn = self.turn
        asked = question(other, turn.memory, turn.partners, self.today)
        told = general_part(other, turn.context.verified, asked, self.desk)
        return told is not None and not same_subject(item, other)

    def _refuse(self, item: Item) -> None:
        """Nothing of a member's own is told here any more."""
        turn = self.turn
        turn.agenda.pop(0)
        if turn.memory.told != LOCKED or not self.said:
            self._say(item, closed(turn))
        turn.memory = replace(turn.memory, topic=item.to_json())

    async def _look_up(self, item: Item, asked: Question) -> None:
        turn, desk = self.turn, self.desk
        withheld = None
        if (member := turn.context.verified) and awaits_permission(turn, item):
            withheld = await without_permission(member, asked, desk)
            if withheld is None:
                turn.agenda[0] = item.tell(PERMITTED, asked.about)
                return
        turn.agenda.pop(0)
        if is_wish(item):
            self._say(item, known(turn))
            return
        title = intents()[item.intent].title
        found = withheld or await answer(turn.context.verified, asked, title, desk)
        if found.facts.get("no_consent") and _OF_BOTH.search(item.text):
            # "Are my wife and I covered?": one's own is told all the same.
            mine = replace(asked, about=None)
            own = await answer(turn.context.verified, mine, title, desk)
            speech = f"{own.speech} {found.speech}"
            found = replace(own, text=f"{own.text}\n{found.text}", speech=speech)
        found = self._with_rule(item, asked, found)
        given = self._as_told_to_them(item, asked, found)
        if self._is_told_again(given):
            given = self._rather(item, asked, given)
        self.said.append(_kept(item, given))
        why_told = any(_told_why(told, given) for told in turn.answers)
        if given.text not in {told.text for told in turn.answers} and not why_told:
            # Two questions may have one answer: nobody wants to hear it twice.
            if turn.answers:
                turn.answers[-1], given = told_together(turn.answers[-1], given, desk)
            turn.say(given)
        self._leave_to_person(item, given)
        self._remember(item, asked, given)

    def _is_told_again(self, given: Answer) -> bool:
        """Whether the turn before told the same of the member's file, and this one does not ask to
        hear it once more.
        """
        if not given.level or given.acts:
            return False
        turn = self.turn
        asked = turn.text.startswith("/") or any(q.intent == "repeat" for q in turn.questions)
        told = {each.get("told") for each in turn.memory.last}
        return not asked and _digest(given) in told

    def _rather(self, item: Item, asked: Question, given: Answer) -> Answer:
        """What the knowledge has of what is asked, in place of what was told just now and does not
        tell it.
        """
        turn = self.turn
        said = next((each for each in turn.questions if each.text == item.text), turn.questions[0])
        the_same = said.is_sure and said.intent == item.intent and said.aspect is None
        of_sum = item.intent in SUMS
        counted = of_sum or item.intent in _COUNTS
        asked_again = counted and (said.asks_for("share", "count") or of_unit(said.text))
        if the_same or asked_again:
            return given
        if item.intent in ACCOUNTS and (ASKED in item.told or said.asks_for("deadline")):
            # Until when its money is good stands with the balance.
            return given
        if item.intent in CLAIMS:
            # "So was it approved?" is told by its file, also once more.
            return given
        found = detail(item.intent, said.near(surely=False), turn.partners, self.today)
        if found is None or (of_sum and found[1] in KINDS):
            nothing = not given.sources and given.kind == "answer"
            return _not_either(given, turn.partners.get(given.partner)) if nothing else given
        return aspect_told(turn.context.verified, asked, found[1], self.desk)

    def _with_rule(self, item: Item, asked: Question, found: Answer) -> Answer:
        """What holds for everybody needs nobody's permission: it is told before that somebody's own
        stays closed. On the phone only where it is asked how something is done.
        """
        closed_to_them = found.facts.get("no_consent") and "general" not in item.told
        if not closed_to_them or item.intent not in _RULED:
            return found
        rule = general(self.turn.context.verified, asked, self.desk)
        if rule is None or self.desk.withdrawn.has(rule) or self._just_said(rule):
            return found
        told = shortened(rule)
        speech = f"{told.speech} {found.speech}" if asks_rule(item) else found.speech
        return replace(found, text=f"{told.text}\n{found.text}", speech=speech)

    def _as_told_to_them(self, item: Item, asked: Question, given: Answer) -> Answer:
        """The answer as it is told to who asks, and to what they asked of it."""
        turn = self.turn
        if given.intent == CALLER:
            given = self._instead(asked, given)
        if who := caller_of(turn):
            given = told_on_business(given, who)
        return only_times(given) if TIMES in item.told else given

    def _instead(self, asked: Question, given: Answer) -> Answer:
        """What is kept from who asks for another is told once; then what they can do instead, and
        who goes on from there.
        """
        turn = self.turn
        before, case = turn.memory.refusals, given.facts.get("case") or ""
        told = case if case not in before else INSTEAD if before[-1] != INSTEAD else PERSON_ALONE
        turn.memory = replace(turn.memory, refusals=(*before, told))
        if told == INSTEAD:
            return aspect_told(None, asked, INSTEAD, self.desk)
        return only_a_person(given) if told == PERSON_ALONE else given

    def _leave_to_person(self, item: Item, given: Answer) -> None:
        turn = self.turn
        if any(act.kind == "handoff" for act in given.acts):
            # A person takes over, with all that was asked: nothing more is asked here.
            turn.agenda.clear()
        if item.intent == "language_help" and turn.memory.language == "es":
            # Nothing is asked in English of who does not speak it; a yes is for the person.
            offered = offered_person(turn, item)
            turn.memory = replace(turn.memory, offered=offered.to_json(), met=True)
            drop(turn)

    def _remember(self, item: Item, asked: Question, given: Answer) -> None:
        """What later turns need to know of this answer."""
        turn = self.turn
        if mine := for_own_plan(turn, item) or of_own_file(turn, item):
            turn.memory = replace(turn.memory, offered=mine.to_json())
        keep_booked(turn, item, given)
        # An entry of the knowledge has cases too, and files none.
        if given.facts.get("case") and "knowledge" not in given.facts:
            reference = str(given.facts["case"])
            turn.memory = replace(
                turn.memory, filed=item.to_json(), reference=reference, offered=None
            )
        item = ask_on(turn, item.settled(), given)
        if given.intent in RECORDS and item.intent in CLAIMS:
            # "Why was it denied?" of a request, and of no claim: what is asked on is of that.
            item = Item(given.intent, item.text, item.entities)
        is_topic = item.intent not in _NO_TOPIC
        if is_topic:
            remember(turn, item, given, self.today)
        if given.offers:
            agreed = item.accepting(given.offers)
            turn.memory = replace(turn.memory, offered=agreed.to_json())
        elif asks_to_connect(turn, given):
            turn.memory = replace(turn.memory, offered=a_person_for(item).to_json())
        turn.memory = replace(
            turn.memory,
            location=asked.place.zip if asked.place else turn.memory.location,
            partner=turn.memory.partner
            if turn.context.verified
            else named_company(item, asked) or turn.memory.partner,
            wanted=asked.reason if item.intent == "speak_to_agent" else turn.memory.wanted,
            answered_by=given.partner if is_topic else turn.memory.answered_by,
            topic=item.to_json() if is_topic else turn.memory.topic,
            earlier=earlier_topics(turn.memory.topic, turn.memory.earlier, item.intent),
        )


def _company_that_told(turn: Turn, item: Item) -> str | None:
    """The company that answered what is asked on."""
    last = turn.memory.topic["intent"] if turn.memory.topic else None
    same = last == item.intent or {last, item.intent} <= CLAIMS
    return turn.memory.answered_by if same else None


def _not_either(given: Answer, company: Partner | None) -> Answer:
    """To what is asked on of something that no file shows."""
    who = company.name if company else "the company"
    text = f"As {who}'s file shows me none, I can't tell that either. A person there can check."
    return replace(given, text=text, speech=text, buttons=(PERSON,))


def _says_all(told: Answer) -> bool:
    """Whether the rule holds for everybody, whatever their file says: emergency care."""
    return told.intent == "prior_auth_required" and told.facts.get("case") == "emergency"


def _goes_on(turn: Turn, item: Item, told: Answer) -> bool:
    """Whether the member's own case comes after the general part: it is asked about, or it will be
    known for another question about the same thing ("is it on the list, and how much is it?").
    """
    if IN_GENERAL in item.told or _says_all(told):
        return False
    if turn.in_form and asks_rule(item) and _is_asked_for(turn, item):
        # In the middle of a search: what was being asked goes on, and theirs is offered after it.
        return False
    whom = about_whom(item, turn.partners) if item.intent not in OF_THE_PLAN else None
    return (
        own_case(item)
        or whom is not None
        or any(
            other is not item
            and asks_identity(turn, other)
            and (same_subject(item, other) or _shares_proof(item, other))
            for other in turn.agenda
        )
    )


def _is_asked_for(turn: Turn, item: Item) -> bool:
    """Whether something else waits for a word of theirs, and not for who they are."""
    asked = (turn.asking or "").removeprefix("need_")
    waiting = [each for each in turn.agenda if each is not item and each.told.get(ASIDE) == asked]
    return any(not asks_identity(turn, each) for each in waiting)


def _shares_proof(item: Item, other: Item) -> bool:
    """Whether who they are, which another question of the message asks for, answers this one too:
    "is acupuncture covered, and what's my copay at urgent care?"
    """
    enough = intents()[item.intent].level <= intents()[other.intent].level
    return enough and item.intent in SERVICES


def _kept(item: Item, given: Answer) -> dict[str, Any]:
    """What "repeat that" needs: the words, or for member data the question alone."""
    if given.level:
        return {"item": item.to_json(), "intent": item.intent, "told": _digest(given)}
    return {"text": given.text, "speech": given.speech, "intent": item.intent}


def _digest(given: Answer) -> str:
    """By which the same answer is known again; what it says can't be had from it."""
    return hashlib.blake2s(given.text.encode(), digest_size=8, key=_KEY).hexdigest()


def _also_asked(waiting: list[Item]) -> Answer:
    """What is left after a few answers is named, so that nobody thinks it was not heard."""
    titles = dict.fromkeys(intents()[item.intent].title for item in waiting)
    text = f"You also asked about {joined(list(titles), 'and')}."
    return Answer(text=text, speech=text, kind="notice", intent=waiting[0].intent)
