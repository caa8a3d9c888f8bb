"""`action_answer`: puts the message's questions on the agenda and answers what can be answered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answers.cases import CASES
from actions.answers.dental_vision import IN_FILE
from actions.answers.emergency import for_safety
from actions.answers.general import detail
from actions.answers.membership_changes import NO, YES
from actions.answers.question import Desk
from actions.answers.service import PERSON
from actions.answers.talk import is_talk, talk
from actions.answers.terms import asked_terms
from actions.answers.topics import NEEDS
from actions.dialogue.agenda import TERM, Item
from actions.dialogue.asides import (
    asks_question,
    drops,
    is_eager,
    is_heard,
    is_wait,
    is_wordless,
    looks_mine_up,
    patient,
    sorry,
)
from actions.dialogue.at_counter import tells_more_of_it
from actions.dialogue.by_words import (
    by_its_words,
    one_story,
    only_asked,
    rejoined,
    told_beside,
    told_once,
    without_caller,
    without_insult,
)
from actions.dialogue.call_back import call_apart
from actions.dialogue.case_needs import says_something
from actions.dialogue.choosing import NONE, in_other_words, picked, picked_several
from actions.dialogue.context import ASPECT, asked_of, aspect_of_former, recent, with_thing_of
from actions.dialogue.enumerated import one_each
from actions.dialogue.families_told import speaks_for_another, told_of_family
from actions.dialogue.follow_ups.carrying_on import (
    names_care_alone,
    without_what_is_not_meant,
)
from actions.dialogue.follow_ups.claims import split_wait
from actions.dialogue.follow_ups.people import notice_people
from actions.dialogue.follow_ups.places import asks_of_network, last_search
from actions.dialogue.follow_ups.served import tells_place
from actions.dialogue.follow_ups.subject import only_tells
from actions.dialogue.follow_ups.topics import CLAIMS
from actions.dialogue.general_first import (
    accepted,
    by_answer,
    is_to_offer,
    not_wanted,
    offer,
    own_case,
)
from actions.dialogue.going_back import earlier_topics
from actions.dialogue.going_further import is_filing, is_to_file, same_account
from actions.dialogue.grievances import added, asks_for_number, filed_beside
from actions.dialogue.handing_over import (
    FOR_A_PERSON,
    WAIT,
    asks_for_people,
    asks_how_long,
    is_the_reason,
    is_to_decline,
    notice_company,
    one_way_to_people,
    tries_here,
)
from actions.dialogue.in_danger import hear_danger
from actions.dialogue.intents import intents
from actions.dialogue.needs import (
    asks,
    asks_identity,
    asks_in_part,
    lacking,
    missing,
    needs_identity,
    read_factor,
)
from actions.dialogue.newcomers import notice_newcomer, only_introduces, welcome
from actions.dialogue.order_asked import once, whole, with_fact
from actions.dialogue.past_care import of_past_care
from actions.dialogue.placed_beside import placed_beside
from actions.dialogue.put_aside import ASIDE
from actions.dialogue.reading import is_name_alone, is_one_name
from actions.dialogue.refusing import (
    asked_beside,
    asks_usual,
    general_rules,
    in_general,
    looked_up_again,
    stays_unknown,
    without_asking,
)
from actions.dialogue.spanish import A_PERSONS, asks_for_one, person_instead, turns_to_english
from actions.dialogue.spanish_questions import asked_in_spanish
from actions.dialogue.taking import drop, take
from actions.dialogue.turn import Turn
from actions.dialogue.ways_on import UNREACHED, names_other_card
from actions.dialogue.working_off import work_off
from actions.identity.introduced import take as take_introduction
from actions.identity.put_on import notice_put_on, puts_on
from actions.identity.step_up import SLOT as CODE
from actions.identity.third_party import INTENT as CALLER
from actions.identity.third_party import notice_caller, notice_own, on_business, together
from actions.identity.verify_first import is_willing, is_wish, wants_to_verify, wish
from alliance.answer import Answer
from alliance.aspects import KINDS, leans_back
from alliance.clock import Clock

Events = list[dict[str, Any]]
_NO_REPLY = frozenset({"chances", "refused", "hardship", "deadline", "meanwhile"})
# "So?", "and the other one?": no yes and no no.
_ASKS_ON = re.compile(
    r"\W*(?:so|and|well|then|but|ok(?:ay)? so)(?: (?:now|what|then))?\s*\?+\s*|"
    r"\W*(?:are )?you sure\b.*|"
    r"\W*(?:and |but |so )?(?:why(?! not)|how come|what|who|when|where|which|how)\b.*|"
    r"\W*and (?:the|that|those)\b.*|"
    r"\W*(?:(?:no|sorry|not that one|i meant?)\W+)+the (?:other|next|first|second|third|last)\b.*",
    re.IGNORECASE,
)
_YES_FIRST = re.compile(r"\W*(?:yes|yeah|yep|yup|sure|please|absolutely)\b", re.IGNORECASE)
# "Can they do that?" is no yes.
_ASKS_OF_OTHERS = re.compile(
    r"\W*(?:(?:and|but|so)\W+)*(?:can|could|do|does|did|are|is|will|would|should|may) "
    r"(?:they|he|she|it|that|i|we)\b",
    re.IGNORECASE,
)
# "Yes, I'm Delia", "right, it's all signed": more is told, and no person is asked for.
_TELLS_MORE = re.compile(
    r"\W*(?:(?:yes|yeah|yep|yup|right|correct|ok(?:ay)?)\W+)+"
    r"(?:i'?m|i am|i have|i'?ve|this is|my|our|"
    r"(?:he|she|it|they|we)(?:'?s|'?re| is| are| was| were| has| have|'ve)) "
    r"(?!ready|sure|fine|ok(?:ay)?|interested|please|good|great)\w",
    re.IGNORECASE,
)
# What decides how all the rest is heard.
_OF_WHO_SPEAKS = ("emergency", "language_help", CALLER)
_CHANGES = frozenset({"add_dependent", "remove_dependent", "end_coverage", "update_contact"})
_ADDED = Answer(
    text="Thank you, I've added that. Shall I pass your request on?",
    speech="Thank you, I've added that. Shall I pass your request on?",
    kind="question",
    buttons=(YES, NO, PERSON),
)
_FIRST_NAME = "factor_first_name"
# "Not for my plan, I mean in general."
_ONLY_IN_GENERAL = re.compile(
    r"\W*(?:(?:not|no|just|only|i|i'?m|mean|ask|asking|for|about|of|my|our|plan|own|me|it|is|a|the|"
    r"really|more)\W+)*(?:in general|generally(?: speaking)?)\W*",
    re.IGNORECASE,
)
_NAMES_SELF = re.compile(
    r"\b(?:my (?:first )?name(?:'?s| is)|this is)\s+(?P<name>[^\W\d_]{2,20})\b", re.IGNORECASE
)


class Answering:
    """Rasa runs it at every message that is not an answer to the form, and at the form's end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def run(self, turn: Turn, desk: Desk) -> Events:
        """Answer; what still needs something is left to the form."""
        today = self._clock.today()
        if turn.fresh:
            # What is asked in between is no failed answer.
            turn.failures.pop(turn.asking or "", None)
            if turn.memory.outside and names_other_card(turn):
                turn.memory = replace(turn.memory, outside=None)
            if beside := filed_beside(turn) or placed_beside(turn):
                turn.agenda[0], turn.questions = beside
            notice_put_on(turn)
            asks_on = turn.in_form and asks_question(turn)
            if not (speaks_for_another(turn.text) or asks_on):
                take_introduction(turn, today)
                # Where it held nothing but who they are, that is what was said.
                turn.questions = turn.questions or (Item("inform", turn.text),)
            _hear(turn, today)
        digressed = turn.fresh and turn.in_form
        await work_off(turn, desk, today)
        # A form that a digression has emptied comes back here with nothing more to say.
        offered = turn.memory.offered
        if is_to_offer(offered) and not turn.agenda and (turn.fresh or turn.answers):
            turn.say(offer(turn.context.verified, offered, before=_another_topic(turn)))
        told = {answer.intent for answer in turn.answers} if turn.fresh else {turn.memory.told}
        # While a company is away they may try again.
        if not (
            turn.in_form
            or UNREACHED in told
            or any(asks_identity(turn, item) for item in turn.agenda)
        ):
            # What was said of who it is is kept for no later question.
            turn.forget_factors()
        events = turn.events()
        if turn.agenda and not turn.answers and digressed and _still_unknown(turn, today):
            until = "have the code" if turn.context.verified else "know who you are"
            text = f"I'll answer that as soon as I {until}."
            turn.say(Answer(text=text, speech=text, kind="notice", intent=turn.agenda[0].intent))
        if turn.agenda:
            events.append({"event": "followup", "name": "need_form"})
        return events


def _still_unknown(turn: Turn, today: date) -> bool:
    """Whether something is left to ask before it is known who is asking."""
    slots = missing(turn, today)
    return needs_identity(turn) and any(slot.startswith("factor_") for slot in slots)


def _hear(turn: Turn, today: date) -> None:
    """Put the message's questions on the agenda, or answer small talk at once."""
    if not is_wait(turn.text):
        notice_people(turn)
    notice_own(turn)
    notice_caller(turn)
    notice_company(turn)
    notice_newcomer(turn)
    if hear_danger(turn, today):
        return
    if english := turns_to_english(turn):
        turn.memory = replace(turn.memory, offered=None)
        turn.say(english)
        return
    if turn.in_form and (drops(turn.text) or tries_here(turn)):
        drop(turn)
    if not turn.text.startswith("/") and is_wordless(turn.text):
        # Dots are no yes to an offer, which stands.
        turn.say(talk("unclear"))
        return
    if turn.memory.offered and not turn.in_form and is_wait(turn.text):
        # "Uh", "hold on": no yes either.
        turn.say(patient())
        return
    offered = _open_offer(turn)
    if told := added(turn):
        _put_on_agenda(turn, [told], today)
        return
    if len(turn.questions) > 1 and asked_terms(turn.text, turn.partners, today):
        # "The difference between one and the other" is one question.
        turn.questions = (replace(turn.questions[0], text=turn.text),)
    unknown = stays_unknown(turn)
    if unknown:
        turn.questions = asked_beside(turn)
    parted = call_apart(turn, split_wait(turn, _chosen(turn)))
    fresh: list[Item] = []
    parted = only_asked(without_insult(rejoined(without_caller(turn, parted), turn.text)))
    for each in one_story(parted, turn.text):
        for one in _each_named(turn, without_what_is_not_meant(each)):
            fresh += _wanted(turn, one, fresh, offered, today)
    fresh = told_once(fresh)
    if unknown or _stays_in_general(turn, fresh):
        fresh = in_general(turn, fresh, today)
    else:
        fresh = without_asking(turn, fresh)
    if turn.harsh and fresh and not any(item.intent in CASES for item in fresh):
        turn.say(sorry())
    talked_of = [item.intent for item in (*fresh, *recent(turn)[:1])]
    private = "confidential_communication" in talked_of
    if safety := for_safety(turn.text, turn.memory.language, at_home=private):
        turn.say(safety)
    _put_on_agenda(turn, fresh, today)


def _each_named(turn: Turn, said: Item) -> tuple[Item, ...]:
    """What is asked on of the last topic, once for each thing that it names: "and urgent care and
    my regular doctor?".
    """
    topic = turn.memory.topic
    begins = turn.text.find(said.text) if said.text else -1
    if topic is None or begins < 0:
        return (said,)
    if said.is_sure and not names_care_alone(said, Item.from_json(topic)):
        return (said,)
    parts = one_each(replace(said, intent=topic["intent"]), begins)
    return tuple(replace(part, intent=said.intent) for part in parts)


def _is_told_with_care(former: Item, item: Item) -> bool:
    """ "I need a crown, and don't know what it'll cost me": told with what the plan pays of it."""
    care = former.first("service") if ASPECT not in former.told else None
    asks_share = item.asks_for("cost", "share") and not item.named
    return care in IN_FILE.get(former.intent, ()) and asks_share


def _open_offer(turn: Turn) -> Mapping[str, Any] | None:
    """What the last answer offered, which this message may take or leave."""
    offered = turn.memory.offered
    # Asked in the middle of a form, the offer is made again when the form is through.
    answered = {item.intent for item in turn.questions} & {"affirm", "deny", "cancel"}
    waits = turn.in_form and is_to_offer(offered) and not answered
    turn.memory = replace(turn.memory, offered=offered if waits else None)
    return offered


def _wanted(
    turn: Turn, said: Item, fresh: list[Item], offered: Mapping[str, Any] | None, today: date
) -> list[Item]:
    """What one part of the message puts on the agenda, after what the parts before it did."""
    if asks_how_long(turn, said):
        return [asked_of(turn.agenda[0], said, WAIT)]
    if once(said, fresh):
        return []
    if told := with_fact(turn, whole(turn, said)):
        if isinstance(told, Item):
            return [told]
        turn.say(told)
        return []
    item = told_of_family(turn, by_its_words(turn, of_past_care(said, today)))
    if only_tells(turn, item) or tells_place(turn, item) or told_beside(item, fresh):
        return []
    if turn.in_form and turn.agenda and tells_more_of_it(turn.agenda[0], item):
        return []
    if only_introduces(turn, item):
        turn.say(welcome())
        return []
    if fresh and _ONLY_IN_GENERAL.fullmatch(item.text):
        # Said of the question before it.
        return []
    if fresh and is_filing(fresh[-1]) and asks_for_number(item.text):
        # It is told with the case.
        return []
    if fresh and fresh[-1].intent == "benefit_covered" and _asks_approval_of_it(item):
        # "Is an MRI covered, and does it need approval?": their own plan's file tells both.
        fresh[-1] = fresh[-1].tell("general", "said")
        return []
    if fresh and turn.memory.withheld and not (asks(item.text) or item.named):
        # "Why can't you tell me, I pay for it": no question of its own.
        return []
    if asks_of_network(turn, item):
        # The own plan decides: it is found out whose it is, then the list is told again.
        return [wish(item), last_search(turn)]
    if fresh and (same_account(fresh[-1], item) or _is_told_with_care(fresh[-1], item)):
        return []
    if fresh:
        if part := aspect_of_former(turn, fresh[-1], item, today):
            return [part]
        item = with_thing_of(fresh[-1], item)
    if (case := _filed_just_now(turn)) and _replies(item, "affirm") and not is_heard(item.text):
        # "Yes, please pass it on": it is, and nobody was asked for.
        return [case]
    eager = is_eager(item.text) and not is_to_file(turn.memory.told, item.text)
    proves = is_to_offer(offered) and _says_who(turn, item, today)
    agrees = _agrees(turn, item, offered) and not puts_on(item) if offered else False
    if after_all := _after_all(turn, item, today):
        return [after_all]
    if offered and (agrees or eager or proves):
        return [accepted(offered)]
    if not offered and (own := _own_of_topic(turn, item)):
        return [own]
    if offered and _replies(item, "deny") and is_to_decline(turn, offered):
        declined = (*turn.memory.declined, offered["intent"])
        turn.memory = replace(turn.memory, declined=declined)
        if asks_in_part(item.text):
            # "No, not yet. What are my chances?"
            return take(turn, replace(item, intent="inform", band="confirm"), today)
        turn.say(not_wanted(by_answer(offered)))
        return []
    if offered and _adds_to(turn, item, offered):
        more = {**offered, "text": f"{offered['text']}; {item.text}"}
        turn.memory = replace(turn.memory, offered=more)
        turn.say(_ADDED)
        return []
    if turn.memory.caller and item.intent == "affirm" and _TELLS_MORE.match(item.text):
        item = replace(item, intent="inform", band="accept")
    if known_question := asked_in_spanish(turn, item, today):
        return [known_question]
    if person := person_instead(turn, item):
        if not asks_for_one(turn, item):
            turn.say(A_PERSONS)
        drop(turn)
        return [person]
    return take(turn, item, today)


def _asks_approval_of_it(item: Item) -> bool:
    return item.intent == "prior_auth_required" and not item.named and leans_back(item.text)


def _after_all(turn: Turn, item: Item, today: date) -> Item | None:
    """ "Fine, my name is Riley", "okay, I'm off the bus now, so where is that claim", of who would
    not say who they are: what they wanted is looked up, and their name is not asked for again.
    """
    open_to_all = turn.context.verified or turn.memory.caller or turn.in_form or turn.shut
    declined = next((each for each in recent(turn) if each.intent in turn.memory.declined), None)
    if open_to_all or declined is None:
        return None
    if is_willing(item) or _means(item, declined):
        return looked_up_again(declined)
    said = _NAMES_SELF.search(item.text)
    if said is None or asks(item.text) or not is_one_name(said["name"]):
        return None
    name = read_factor(_FIRST_NAME, replace(turn, text=said["name"], alternatives=()), today)
    if name is None:
        return None
    turn.factors.setdefault(_FIRST_NAME, name)
    return looked_up_again(declined)


def _means(item: Item, declined: Item) -> bool:
    """Whether it asks once more for the very claim that they would not prove themselves for."""
    of_claim = item.is_sure and item.intent == declined.intent and item.intent in CLAIMS
    return of_claim and not item.named and leans_back(item.text) and own_case(item)


def _adds_to(turn: Turn, item: Item, offered: Mapping[str, Any]) -> bool:
    """Whether more is told of a change that was offered to be passed on, and it is neither taken
    nor left: "he was born twenty days ago".
    """
    tells = item.intent == "inform" and item.band != "reject" and says_something(item.text)
    return (
        offered["intent"] in _CHANGES
        and by_answer(offered)
        and tells
        and not (turn.in_form or turn.harsh or asks_in_part(item.text))
    )


def _put_on_agenda(turn: Turn, fresh: list[Item], today: date) -> None:
    proves = turn.in_form and (turn.asking or "").startswith("factor_")
    if turn.in_form and turn.agenda and turn.agenda[0].intent in CASES and not proves:
        fresh = [_of_case(turn, item, turn.agenda[0], today) for item in fresh]
    fresh = [_with_what_waits(item, turn.agenda, today) for item in fresh]
    # Who asks "how long does that take?" or what a word means still waits for the answer.
    new = {item.intent for item in fresh if not {ASPECT, TERM} & item.told.keys()}
    waiting = [item for item in turn.agenda if item.intent not in new]
    if any(asks_identity(turn, item) for item in fresh):
        # Who they are is proven for that.
        waiting = [item for item in waiting if not is_wish(item)]
    # What is asked of the matter itself puts nothing aside, unless it holds for everybody.
    of_another = waiting and any(proves or item.intent != waiting[0].intent for item in fresh)
    if of_another and waiting[0] == next(iter(turn.agenda), None):
        waiting = _asked_no_third_time(turn, fresh, waiting)
    if new & FOR_A_PERSON:
        if any(asked.intent in FOR_A_PERSON for asked in turn.questions):
            fresh = [item for item in fresh if not is_the_reason(turn, item)]
        fresh, waiting = one_way_to_people(fresh, waiting)
    told_of_self = turn.factors.keys() - {"factor_card_company"}
    if on_business(turn) or (turn.memory.caller and CALLER in new and not told_of_self):
        # What was asked as if of their own is nobody's whom they could prove to be.
        waiting = [item for item in waiting if not asks_identity(turn, item)]
    turn.agenda = _in_order(turn, together(fresh), waiting, today)


def _asked_no_third_time(turn: Turn, fresh: list[Item], waiting: list[Item]) -> list[Item]:
    """What waits, where something else than what its prompt asks for is said to it: other things
    matter more to them, and who does so twice is not asked again. A case can still be agreed to.
    """
    first, *others = waiting
    asked = (turn.asking or "").removeprefix("need_")
    if not turn.in_form or asked == CODE:
        return waiting
    if asked.startswith("factor_"):
        return _offered_instead(turn, fresh, waiting)
    if first.told.get(ASIDE) != asked:
        return [first.tell(ASIDE, asked), *others]
    if asked == "filing":
        agreed = first.tell("filing", True).tell("agreed", True)
        turn.memory = replace(turn.memory, offered=agreed.to_json())
        return others
    if first.intent in CASES:
        return waiting
    # What was asked for may still be told.
    earlier = earlier_topics(first.to_json(), turn.memory.earlier, "")
    turn.memory = replace(turn.memory, earlier=earlier)
    return others


def _offered_instead(turn: Turn, fresh: list[Item], waiting: list[Item]) -> list[Item]:
    """What waits for who they are, where they go on asking what holds for everybody and have told
    nothing of themselves: the look-up is offered instead of asked for after every answer.
    """
    first = waiting[0]
    of_theirs = any(
        asks_identity(turn, item) and own_case(item) and not {ASPECT, TERM} & item.told.keys()
        for item in fresh
    )
    if turn.factors or of_theirs or not asks_identity(turn, first):
        return waiting
    if first.told.get(ASIDE) != "identity":
        return [first.tell(ASIDE, "identity"), *waiting[1:]]
    # What was told of it in general can still be asked on.
    earlier = earlier_topics(first.to_json(), turn.memory.earlier, "")
    turn.memory = replace(turn.memory, offered=first.to_json(), earlier=earlier)
    return [item for item in waiting if not asks_identity(turn, item)]


def _in_order(turn: Turn, fresh: list[Item], waiting: list[Item], today: date) -> list[Item]:
    """What is asked now before what waits; but a case that is being told is filed before it is
    asked who they are for something else.
    """
    fresh = _ready_first(turn, fresh, today)
    telling = turn.in_form and waiting and waiting[0].intent in CASES
    if not telling or (turn.asking or "").startswith("factor_"):
        return [*fresh, *waiting]
    later = [item for item in fresh if _can_wait(turn, item)]
    put_off = "put_off" in waiting[0].told
    if not later or len(later) < len(fresh) or put_off or turn.asking == "need_partner":
        # Who they are tells the company of the case, too.
        return [*fresh, *waiting]
    text = "I'll look into that right after this."
    turn.say(Answer(text=text, speech=text, kind="notice", intent=later[0].intent))
    telling_it = waiting[0].tell("put_off", True)
    return [telling_it, *later, *waiting[1:]]


def _ready_first(turn: Turn, fresh: list[Item], today: date) -> list[Item]:
    """What needs nothing of them before what something has to be asked for: "I want to complain,
    and what's your number?".
    """
    first = next(iter(fresh), None)
    if first is None or not lacking(first, turn.context.verified, turn.memory, today):
        return fresh
    ready = [item for item in fresh if _needs_nothing(item) and item.intent != first.intent]
    return [*ready, *(item for item in fresh if item not in ready)]


def _needs_nothing(item: Item) -> bool:
    """Whether it is only told, and nothing is done by it."""
    acts = item.intent in (*CASES, *FOR_A_PERSON, *_OF_WHO_SPEAKS) or is_talk(item.intent)
    return not acts and (TERM in item.told or not NEEDS.get(item.intent))


def _can_wait(turn: Turn, item: Item) -> bool:
    """Whether it would be asked who they are, for something else than the case."""
    return asks_identity(turn, item) and item.intent not in CASES and ASPECT not in item.told


def _of_case(turn: Turn, item: Item, case: Item, today: date) -> Item:
    """A question that comes while a case is told: of the case, where it may be."""
    asks_on = item.intent == case.intent and item.sure_aspect is not None
    if not (_can_wait(turn, item) or (asks_on and asks_in_part(item.text))):
        return item
    told = detail(case.intent, item.near(surely=False), turn.partners, today)
    return asked_of(Item(case.intent, case.text), item, told[1]) if told else item


def _chosen(turn: Turn) -> tuple[Item, ...]:
    """The message's questions; a topic that was chosen brings the words of its question."""
    unsure, turn.memory = turn.memory.unsure, replace(turn.memory, unsure=None)
    # A caller who said yes to it: the message is the question itself once more.
    if unsure is None or turn.confirmed:
        return turn.questions
    before = Item.from_json(unsure)
    if turn.text.startswith("/"):
        return tuple(
            replace(item, text=before.text, entities=before.entities) for item in turn.questions
        )
    choices = [(name, intents()[name].title) for name in before.told.get("choices", ())]
    if several := picked_several(turn.text, choices):
        return tuple(replace(before, intent=each, told={}, band="accept") for each in several)
    meant = None if _asks_its_own(turn, choices) else picked(turn.text, choices)
    if meant is None:
        return turn.questions
    if meant == NONE:
        turn.say(in_other_words())
        return ()
    return (replace(before, intent=meant, told={}, band="accept"),)


def _asks_its_own(turn: Turn, choices: Sequence[tuple[str, str]]) -> bool:
    """Whether, instead of a choice, danger is told or a question of another topic is asked."""
    first = turn.questions[0]
    other = first.is_sure and first.intent not in dict(choices) and asks_in_part(turn.text)
    return turn.intent == "emergency" or other


def _stays_in_general(turn: Turn, fresh: list[Item]) -> bool:
    """Whether somebody who just would not say who they are asks about that very topic, and not of
    their own: "just tell me the usual reasons then".
    """
    if turn.memory.told != "deny" or turn.context.verified or len(fresh) != 1:
        return False
    (item,) = fresh
    of_it = item.intent in turn.memory.declined or asks_usual(item.text)
    in_rules = general_rules(item) and of_it
    return in_rules and not own_case(item) and "agreed" not in item.told


def _with_what_waits(item: Item, agenda: list[Item], today: date) -> Item:
    """A question that asks on about one that still waits, with what was told for that one: "and did
    you pay your part?" while it is asked who wants to know of the March claim.
    """
    before = next((each for each in agenda if each.intent == item.intent), None)
    if before and ASPECT not in item.told and (claim := _claim_of_both(before, item, today)):
        return item.tell("claim", claim)
    needs = [need for need in NEEDS.get(item.intent, ()) if need != "identity"]
    if before is None or ASPECT in item.told or any(item.said(n, today) is not None for n in needs):
        return item
    return replace(
        item, entities=(*item.entities, *before.entities), told={**before.told, **item.told}
    )


def _claim_of_both(before: Item, item: Item, today: date) -> dict[str, Any] | None:
    """The claim that is waited for with what is told of it since: "the one in March", "it was for
    blood work". None where one of them tells nothing, or both the same of it.
    """
    first, second = before.said("claim", today), item.said("claim", today)
    if not first or not second or (first.keys() & second.keys()) - {"said"}:
        return None
    return {**first, **second}


def _replies(item: Item, intent: str) -> bool:
    """Whether it says yes or no to an offer: "will that work?" and "what if they say no?" only
    sound like it.
    """
    asks_on = _ASKS_ON.fullmatch(item.text) or _ASKS_OF_OTHERS.match(item.text)
    of_the_matter = item.sure_aspect in (_NO_REPLY if item.band == "accept" else KINDS | _NO_REPLY)
    return item.intent == intent and not (asks_on or of_the_matter)


def _another_topic(turn: Turn) -> str:
    """The topic of the offer by its title, where something else was told since: after a form."""
    intent = turn.memory.offered["intent"] if turn.memory.offered else None
    if intent is None or is_talk(intent):
        # Only who they are was asked.
        return ""
    told = {given.intent for given in turn.answers}
    return intents()[intent].title if intent and told and intent not in told else ""


def _says_who(turn: Turn, item: Item, today: date) -> bool:
    """Whether somebody whose record was offered to be looked up says who they are, which takes it;
    a bare first name is kept, and not asked for again.
    """
    if turn.context.verified or turn.memory.caller:
        return False
    if item.intent == "inform" and is_name_alone(item.text):
        if name := read_factor(_FIRST_NAME, turn, today):
            turn.factors.setdefault(_FIRST_NAME, name)
        return True
    return wants_to_verify(turn, item)


def _own_of_topic(turn: Turn, item: Item) -> Item | None:
    """What was talked of, for whoever asks for their own of it after the offer is gone."""
    topic = Item.from_json(turn.memory.topic) if turn.memory.topic else None
    if topic is None or turn.in_form or turn.barred or not looks_mine_up(item.text):
        return None
    plain = replace(topic, told={n: v for n, v in topic.told.items() if n != ASPECT})
    return accepted(plain.to_json()) if "identity" in NEEDS.get(topic.intent, ()) else None


def _filed_just_now(turn: Turn) -> Item | None:
    """The case that the last answer passed on, whose number is told again; None where that was no
    case, or a person is asked for.
    """
    filed = turn.memory.filed
    if filed is None or turn.memory.told != filed["intent"] or asks_for_people(turn.text):
        return None
    return turn.memory.case_again()


def _agrees(turn: Turn, item: Item, offered: Mapping[str, Any]) -> bool:
    """Whether it says yes to the offer. Nobody is handed to a person for "ok", "thanks" or a
    question ("since when exactly?", "so it's good?") below an answer whose button only offers one.
    """
    to_a_person = offered["intent"] == "speak_to_agent" and turn.context.channel == "chat"
    for_another = to_a_person and (
        is_heard(item.text)
        or (asks_in_part(item.text) and not _YES_FIRST.match(item.text))
        or is_to_file(turn.memory.told, item.text)
        or (item.band != "accept" and item.first("partner") is not None)
        or _TELLS_MORE.match(item.text) is not None
    )
    return _replies(item, "affirm") and not for_another
