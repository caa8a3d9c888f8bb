"""`action_answer`: puts the message's questions on the agenda and answers what can be answered."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answers.cases import CASES
from actions.answers.emergency import for_safety
from actions.answers.general import aspect_told
from actions.answers.question import Desk, Question
from actions.answers.service import way_on
from actions.answers.talk import is_talk, talk, which_one
from actions.answers.terms import asked_terms, meaning
from actions.answers.topics import NEEDS, OF_THE_PLAN, PERSONAL, answer, without_permission
from actions.answers.wording import joined, our_lines
from actions.dialogue.agenda import (
    IN_GENERAL,
    NO_COMPANY,
    TERM,
    Item,
    about_whom,
    question,
)
from actions.dialogue.asides import (
    about_identity,
    announces,
    asks_presence,
    asks_simpler,
    calm,
    distrusts,
    drops,
    for_reading,
    is_eager,
    is_farewell,
    is_protest,
    is_wait,
    is_wordless,
    knocks,
    patient,
    present,
    ready,
    sorry,
    sounds_of_leaving,
    trust_is_theirs,
    which_word,
    why_withheld,
)
from actions.dialogue.by_words import (
    by_its_words,
    one_story,
    only_asked,
    search_for,
    thing_alone,
    told_beside,
    without_insult,
)
from actions.dialogue.call_back import about_call_back, call_apart, keep_booked
from actions.dialogue.choosing import NONE, in_other_words, picked, picked_several
from actions.dialogue.context import ASPECT, aspect_of_former, recent
from actions.dialogue.danger import (
    call_all_the_same,
    comforted,
    in_writing,
    is_cared_for,
    is_helped,
    is_low,
    is_of_plan,
    is_over,
    is_plainly_over,
    is_presence,
    is_told_over,
    perhaps_danger,
    relieved,
    says_no_danger,
    seeks_counsel,
    seems_well,
    sounds_like,
    tells_more,
    will_not_call,
)
from actions.dialogue.elsewhere import elsewhere, names_other_insurer
from actions.dialogue.families_told import GROWN_CHILD, speaks_for_another, told_of_family
from actions.dialogue.follow_ups.claims import one_claim, split_wait, with_claim
from actions.dialogue.follow_ups.costs import tier_of_drug
from actions.dialogue.follow_ups.details import detail_asked
from actions.dialogue.follow_ups.follow_up import follow_up
from actions.dialogue.follow_ups.lists import all_of_list
from actions.dialogue.follow_ups.people import notice_people
from actions.dialogue.follow_ups.places import asks_of_network, last_search
from actions.dialogue.follow_ups.subject import (
    only_tells,
    remember,
    same_subject,
    shared,
    with_subject,
)
from actions.dialogue.follow_ups.topics import told_last
from actions.dialogue.general_first import (
    accepted,
    by_answer,
    for_own_plan,
    general_part,
    is_to_offer,
    not_wanted,
    offer,
    own_case,
    shortened,
)
from actions.dialogue.going_back import earlier_topics
from actions.dialogue.going_further import is_to_file
from actions.dialogue.grievances import (
    asks_for_number,
    filed_beside,
    files_again,
    number_of_case,
    of_earlier_case,
    passed_on_already,
    takes_case_back,
    told_afterwards,
    with_filing,
)
from actions.dialogue.handing_over import (
    FOR_A_PERSON,
    a_person_for,
    asks_to_connect,
    calls_nobody,
    is_to_decline,
    line_for_last,
    named_company,
    nobody_called,
    one_way_to_people,
    stated_reason,
    tries_here,
    waiting_for_a_person,
    willing,
    with_company,
)
from actions.dialogue.intents import intents
from actions.dialogue.needs import (
    PERMITTED,
    asks_identity,
    asks_in_part,
    awaits_permission,
    is_likely,
    missing,
    needs_identity,
)
from actions.dialogue.past_care import of_past_care
from actions.dialogue.refusing import asked_beside, general_rules, in_general, stays_unknown
from actions.dialogue.spanish import offered_person, person_instead
from actions.dialogue.spanish_questions import asked_in_spanish
from actions.dialogue.times import TIMES, only_times
from actions.dialogue.turn import Turn
from actions.dialogue.ways_on import UNREACHED, closed, names_other_card, not_ours
from actions.identity.another_speaker import gives_anothers_id
from actions.identity.introduced import take as take_introduction
from actions.identity.step_up import LOCKED
from actions.identity.third_party import INTENT as CALLER
from actions.identity.third_party import (
    about_somebody,
    caller_of,
    company_alone,
    notice_caller,
    on_business,
    once_more,
    points_at_somebody,
    professional,
    redirected,
    together,
    told_on_business,
)
from actions.identity.verify_first import is_wish, known, wants_to_verify, wish
from alliance.answer import Answer
from alliance.aspects import RECORD
from alliance.clock import Clock

Events = list[dict[str, Any]]
# A few answers a message: more would be a wall of text, and they stay on the agenda.
MOST_ANSWERS = 3
MOST_CHOICES = 3
MOST_SWEARING_WORDS = 3
# So likely it is danger, though not for sure.
_PERHAPS = 0.5
_NO_REPLY = frozenset({"chances", "refused", "hardship", "deadline", "meanwhile"})
_HEARD = re.compile(
    r"\W*(?:(?:o?k(?:ay)?|all ?right|fine|good|great|cool|sure|right|got it|i see|understood|hm+|"
    r"thanks?|thank you|thx|noted|makes sense|that'?s (?:ok|okay|fine|good))\W*)+",
    re.IGNORECASE,
)
# "So?", "and the other one?": no yes and no no.
_ASKS_ON = re.compile(
    r"\W*(?:so|and|well|then|but|ok(?:ay)? so)(?: (?:now|what|then))?\s*\?+\s*|"
    r"\W*(?:and |but |so )?(?:why(?! not)|how come|what|who|when|where|which|how)\b.*|"
    r"\W*and (?:the|that|those)\b.*",
    re.IGNORECASE,
)
# "Can they do that?" is no yes.
_ASKS_OF_OTHERS = re.compile(
    r"\W*(?:(?:and|but|so)\W+)*(?:can|could|do|does|did|are|is|will|would|should|may) "
    r"(?:they|he|she|it|that|i|we)\b",
    re.IGNORECASE,
)
_FROM_SOMEBODY = re.compile(
    r"\b(?:letters?|call(?:s|ed|er)?|texts?|e-?mails?|messages?|bills?|he|she|they|man|woman|guy)\b",
    re.IGNORECASE,
)
_AND_WHAT = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|what about|how about|also)\W+)+(?:an? |the )?"
    r"(?P<word>[\w -]{3,40}?)\W*",
    re.IGNORECASE,
)


class Answering:
    """Rasa runs it at every message that is not an answer to the form, and at the form's end."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def run(self, turn: Turn, desk: Desk) -> Events:
        """Answer; what still needs something is left to the form."""
        if turn.fresh:
            if turn.memory.outside and names_other_card(turn):
                turn.memory = replace(turn.memory, outside=None)
            if filed := filed_beside(turn):
                turn.agenda[0], turn.questions = filed
            if not speaks_for_another(turn.text):
                take_introduction(turn, self._clock.today())
            self._hear(turn)
        digressed = turn.fresh and turn.in_form
        await self._work_off(turn, desk)
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
        if turn.agenda and not turn.answers and digressed and self._still_unknown(turn):
            until = "have the code" if turn.context.verified else "know who you are"
            text = f"I'll answer that as soon as I {until}."
            turn.say(Answer(text=text, speech=text, kind="notice", intent=turn.agenda[0].intent))
        if turn.agenda:
            events.append({"event": "followup", "name": "need_form"})
        return events

    def _still_unknown(self, turn: Turn) -> bool:
        """Whether something is left to ask before it is known who is asking."""
        slots = missing(turn, self._clock.today())
        return needs_identity(turn) and any(slot.startswith("factor_") for slot in slots)

    def _hear(self, turn: Turn) -> None:
        """Put the message's questions on the agenda, or answer small talk at once."""
        notice_people(turn)
        notice_caller(turn)
        emergencies = [item for item in turn.questions if item.intent == "emergency"]
        calm = turn.intent != "emergency"
        helped = is_helped(turn.text) or (calm and sounds_like("helped", turn.questions, turn.text))
        if self._warned(turn) and helped:
            # They have been told of 911 and have it: what they asked before waits until they ask.
            turn.say(relieved(over=is_over(turn.text), told=_words_told(turn)))
            asked = self._asked_beside(turn) if asks_in_part(turn.text) else []
            turn.agenda = [wanted for item in asked for wanted in self._take(turn, item)]
            return
        if told_last(turn) in _OF_CRISIS and is_low(turn.text, turn.intent == "emergency"):
            turn.say(comforted())
            turn.agenda = []
            return
        told = turn.memory.last[-1].get("text", "") if self._warned(turn) else ""
        over = is_plainly_over(turn.text)
        if will_not_call(turn.text, told):
            turn.say(in_writing())
            turn.agenda = []
            return
        if seeks_counsel(turn.text, told):
            turn.agenda = [Item("behavioral_health", turn.text, turn.entities)]
            return
        if told and tells_more(turn.text):
            # What to do stays the same.
            again = turn.memory.last[-1]
            turn.say(
                Answer(
                    text=again["text"], speech=again["speech"], kind="notice", intent="emergency"
                )
            )
            return
        if seems_well(turn.text, told):
            turn.say(call_all_the_same())
            turn.agenda = [
                more for item in self._asked_beside(turn) for more in self._take(turn, item)
            ]
            return
        sure = calm and sounds_like("over", turn.questions, turn.text)
        heard_over = over or is_told_over(turn.text) or sure
        if (told and heard_over) or (over and turn.intent == "emergency"):
            turn.agenda = self._after_danger(turn)
            return
        if turn.intent == "emergency" and not emergencies:
            emergencies = [Item("emergency", turn.text, turn.entities)]
        why_not_they = is_presence(turn.text) or is_cared_for(turn.text)
        if emergencies and told_last(turn) in _FOR_ANOTHER and why_not_they:
            # "He's right here, he'll do it", "she's in a nursing home": who may speak for whom is
            # what was talked of.
            item = replace(emergencies[0], intent=CALLER, aspect=None)
            turn.agenda = [redirected(turn, item, personal=True)]
            return
        if emergencies and told_last(turn) == "report_death" and is_of_plan(turn.text):
            item = replace(emergencies[0], intent="report_death", band="accept", aspect=None)
            turn.agenda = [*self._take(turn, item), *turn.agenda]
            return
        if emergencies:
            # Danger ends whatever was going on or is asked beside it, and asks nothing; that is
            # kept for when it is over.
            beside = (item for item in self._asked_beside(turn) if asks_in_part(item.text))
            going_on = next(iter((*beside, *turn.agenda)), None)
            interrupted = going_on.to_json() if going_on else None
            turn.memory = replace(turn.memory, interrupted=interrupted, offered=None)
            turn.agenda = [replace(emergencies[0], text=turn.text)]
            turn.forget_factors()
            turn.failures.clear()
            return
        if says_no_danger(turn.text) and not asks_in_part(turn.text):
            turn.say(relieved(told=_words_told(turn)))
            return
        if turn.in_form and (drops(turn.text) or tries_here(turn)):
            self._drop(turn)
        if not turn.text.startswith("/") and is_wordless(turn.text):
            # Dots are no yes to an offer, which stands.
            turn.say(talk("unclear"))
            return
        fresh: list[Item] = []
        if self._over(turn):
            turn.agenda = self._after_danger(turn)
            return
        if self._warned(turn) and {item.intent for item in turn.questions} == {"inform"}:
            # Taken for danger, and it was none: they go on with what was being asked.
            before = turn.memory.interrupted
            turn.memory = replace(turn.memory, interrupted=None)
            if before:
                turn.agenda = [Item.from_json(before)]
                return
        offered = turn.memory.offered
        # Asked in the middle of a form, the offer is made again when the form is through.
        answered = {item.intent for item in turn.questions} & {"affirm", "deny", "cancel"}
        waits = turn.in_form and is_to_offer(offered) and not answered
        turn.memory = replace(turn.memory, offered=offered if waits else None)
        if len(turn.questions) > 1 and asked_terms(turn.text, turn.partners, self._clock.today()):
            # "The difference between one and the other" is one question.
            turn.questions = (replace(turn.questions[0], text=turn.text),)
        unknown = stays_unknown(turn)
        if unknown:
            turn.questions = asked_beside(turn)
        parted = call_apart(turn, split_wait(turn, self._chosen(turn)))
        told = only_asked(without_insult(parted))
        for said in one_story(told, turn.text):
            worded = by_its_words(turn, of_past_care(said, self._clock.today()))
            item = told_of_family(turn, worded)
            if only_tells(turn, item) or told_beside(item, fresh):
                continue
            if asks_of_network(turn, item):
                # The own plan decides: it is found out whose it is, then the list is told again.
                fresh += [wish(item), last_search(turn)]
                continue
            eager = is_eager(item.text) and not is_to_file(turn.memory.told, item.text)
            if fresh and (part := aspect_of_former(turn, fresh[-1], item, self._clock.today())):
                fresh.append(part)
            elif offered and (_agrees(turn, item, offered) or eager):
                fresh.append(accepted(offered))
            elif offered and _replies(item, "deny") and is_to_decline(turn, offered):
                declined = (*turn.memory.declined, offered["intent"])
                turn.memory = replace(turn.memory, declined=declined)
                turn.say(not_wanted(by_answer(offered)))
            elif known_question := asked_in_spanish(turn, item, self._clock.today()):
                fresh.append(known_question)
            elif person := person_instead(turn, item):
                self._drop(turn)
                fresh.append(person)
            else:
                fresh += self._take(turn, item)
        if unknown or _stays_in_general(turn, fresh):
            fresh = in_general(turn, fresh, self._clock.today())
        if turn.harsh and fresh and not any(item.intent in CASES for item in fresh):
            turn.say(sorry())
        fresh = [_with_what_waits(item, turn.agenda, self._clock.today()) for item in fresh]
        private = any(item.intent == "confidential_communication" for item in fresh)
        if safety := for_safety(turn.text, turn.memory.language, at_home=private):
            turn.say(safety)
        # Who asks "how long does that take?" or what a word means still waits for the answer.
        new = {item.intent for item in fresh if not {ASPECT, TERM} & item.told.keys()}
        waiting = [item for item in turn.agenda if item.intent not in new]
        if new & FOR_A_PERSON:
            fresh, waiting = one_way_to_people(fresh, waiting)
        if on_business(turn):
            # What was asked as if of their own is nobody's whom they could prove to be.
            waiting = [item for item in waiting if not asks_identity(turn, item)]
        turn.agenda = self._in_order(turn, together(fresh), waiting)

    def _in_order(self, turn: Turn, fresh: list[Item], waiting: list[Item]) -> list[Item]:
        """What is asked now before what waits; but a case that is being told is filed before it is
        asked who they are for something else.
        """
        telling = turn.in_form and waiting and waiting[0].intent in CASES
        if not telling or (turn.asking or "").startswith("factor_"):
            return [*fresh, *waiting]
        later = [
            item
            for item in fresh
            if asks_identity(turn, item) and item.intent not in CASES and ASPECT not in item.told
        ]
        if not later or len(later) < len(fresh):
            return [*fresh, *waiting]
        telling_it = waiting[0].tell("put_off", True)
        if turn.asking == "need_partner" and "put_off" in waiting[0].told:
            # Other things matter more to them than which company it is: asked no third time.
            telling_it = telling_it.tell("partner", NO_COMPANY)
        else:
            text = "I'll look into that right after this."
            turn.say(Answer(text=text, speech=text, kind="notice", intent=later[0].intent))
        return [telling_it, *later, *waiting[1:]]

    def _take(self, turn: Turn, item: Item) -> list[Item]:
        """What of the message goes on the agenda; what needs no looking up is said at once."""
        today = self._clock.today()
        whole = _whole_question(turn, item.text)
        if of_drug := tier_of_drug(turn, item):
            return [of_drug]
        if terms := asked_terms(whole, turn.partners, today):
            return [Item(terms[0].intent, whole, told={TERM: True})]
        if ASPECT in item.told:
            return [item]
        if earlier := of_earlier_case(turn, item):
            turn.say(earlier)
            return []
        if asks_presence(item.text):
            turn.say(present())
            return []
        if item.asked_for == RECORD:
            return [Item("bot_challenge", item.text, told={ASPECT: RECORD})]
        learnt = item.asks_for("simpler") and detail_asked(turn, item, today) is None
        if (asks_simpler(item.text) or learnt) and self._told_something(turn):
            # The words for hearing are the shorter ones; data is looked up again.
            again = self._repeat(turn, briefly=True)
            if not again:
                turn.say(which_word())
            return again
        if several := all_of_list(turn, item):
            return several
        if asks_for_number(item.text) and (told := number_of_case(turn)):
            if isinstance(told, Item):
                return [told]
            turn.say(told)
            return []
        if files_again(turn, item) and (case := turn.memory.case_again()):
            return [case]
        if takes_case_back(turn, item.text) and (already := passed_on_already(turn)):
            turn.say(already)
            return []
        if calls_nobody(item.text):
            self._drop(turn)
            turn.say(nobody_called())
            return []
        if item.intent == "language_help" and turn.memory.told == "language_help":
            # Told how to get somebody who speaks it, they say which: that is whom they want.
            return [a_person_for(item)]
        if company_alone(turn, item):
            # Told which company, somebody on business wants its people: nothing else is left here.
            return [a_person_for(Item(CALLER, item.text, item.entities))]
        if turn.memory.caller and (item.intent, item.band) == ("appeal", "accept"):
            # How somebody else appeals: the way is the same for everybody.
            return [redirected(turn, item, personal=True)]
        meant = about_call_back(turn, item) or follow_up(turn, item, today)
        if isinstance(meant, Answer):
            turn.say(meant)
        elif meant is not None:
            return [meant]
        elif self._speaks_on_business(turn, item):
            return [redirected(turn, item, personal=True)]
        elif item.intent == "out_of_scope" and names_other_insurer(item.text):
            turn.say(elsewhere(turn.partners))
        elif one := one_claim(turn, item, today):
            return one
        elif item.intent == "inform" and gives_anothers_id(turn):
            turn.say(why_withheld())
        elif wants_to_verify(turn, item):
            # What they would not say who they are for is what they mean.
            declined = (each for each in recent(turn) if each.intent in turn.memory.declined)
            return [next(declined, wish(item))]
        elif told := about_identity(turn) or willing(turn, item):
            turn.say(told)
        elif distrusts(item.text) and _is_of_us(item):
            turn.say(trust_is_theirs(our_lines(turn.partners)))
        elif is_wait(item.text):
            turn.say(patient())
        elif announces(item.text):
            turn.say(ready())
        elif turn.memory.last and knocks(item.text):
            turn.say(present())
        elif is_farewell(item.text) and len(turn.questions) == 1:
            turn.say(talk("goodbye"))
        elif self._of_others(turn, item):
            return [redirected(turn, item, personal=True)]
        elif turn.harsh and _hardly_asks(turn, item):
            turn.say(calm())
        elif item.intent == "cancel":
            self._drop(turn)
            return self._instead(turn, item)
        elif more := told_afterwards(turn, item):
            return [more]
        elif self._unsure(turn, item):
            self._let_choose(turn, item)
        elif item.intent == "repeat":
            return self._repeat(turn)
        elif turn.memory.caller and (
            item.band == "reject"
            or item.intent == "inform"
            or is_protest(item.text)
            or is_presence(item.text)
        ):
            # Somebody for another, who only tells something or in words that nobody understands:
            # what holds for them.
            return [redirected(turn, item, personal=True)]
        elif search := thing_alone(item):
            return [search]
        elif item.intent == "inform" and turn.memory.topic and not item.entities:
            # No value of anything: a question that leans on what was said, and is not understood.
            turn.say(talk("unclear"))
        elif is_talk(item.intent):
            turn.say(talk(item.intent))
        else:
            known_item = self._known(turn, with_subject(turn, shared(turn, item, today), today))
            return [redirected(turn, known_item, personal=asks_identity(turn, item))]
        return []

    def _warned(self, turn: Turn) -> bool:
        """Whether the last answer told of 911."""
        return told_last(turn) == "emergency"

    def _over(self, turn: Turn) -> bool:
        return self._warned(turn) and is_over(turn.text)

    def _after_danger(self, turn: Turn) -> list[Item]:
        """What is asked together with the good news, else what the danger interrupted."""
        turn.say(relieved(told=_words_told(turn)))
        before, turn.memory = (
            turn.memory.interrupted,
            replace(turn.memory, interrupted=None, last=()),
        )
        if asked := self._asked_beside(turn):
            return [wanted for item in asked for wanted in self._take(turn, item)]
        if turn.intent == "emergency" and asks_in_part(turn.text) and not before:
            # The question beside it was lost in what sounded like danger.
            self._let_choose(turn, Item("out_of_scope", turn.text, turn.entities))
            return []
        return [Item.from_json(before)] if before else []

    def _asked_beside(self, turn: Turn) -> list[Item]:
        """The questions beside the news of a danger that was told."""
        return [
            item
            for item in turn.questions
            if item.band == "accept"
            and not is_talk(item.intent)
            and item.intent != "emergency"
            and (asks_in_part(item.text) or not (is_over(item.text) or is_helped(item.text)))
        ]

    def _drop(self, turn: Turn) -> None:
        if turn.agenda:
            # "Go back to my claim" finds it again.
            earlier = earlier_topics(turn.agenda[0].to_json(), turn.memory.earlier, "")
            turn.memory = replace(turn.memory, earlier=earlier)
        turn.agenda.clear()
        turn.forget_factors()
        turn.failures.clear()

    def _instead(self, turn: Turn, item: Item) -> list[Item]:
        """The likeliest topic of "forget that, find me a dentist"; a mere "stop" is confirmed."""
        other = next((name for name, _ in turn.ranking if not is_talk(name)), None)
        if item.entities and other and item.band != "accept" and len(turn.questions) == 1:
            return [replace(item, intent=other, band="accept")]
        if len(turn.questions) == 1:
            turn.say(passed_on_already(turn) or talk("cancel"))
        return []

    def _chosen(self, turn: Turn) -> tuple[Item, ...]:
        """The message's questions; a topic that was chosen brings the words of its question."""
        unsure, turn.memory = turn.memory.unsure, replace(turn.memory, unsure=None)
        if unsure is None:
            return turn.questions
        before = Item.from_json(unsure)
        if turn.confirmed:
            # A caller said yes to it: the message is the question itself once more.
            return turn.questions
        if turn.text.startswith("/"):
            return tuple(
                replace(item, text=before.text, entities=before.entities) for item in turn.questions
            )
        choices = [(name, intents()[name].title) for name in before.told.get("choices", ())]
        if several := picked_several(turn.text, choices):
            return tuple(replace(before, intent=each, told={}, band="accept") for each in several)
        meant = None if turn.intent == "emergency" else picked(turn.text, choices)
        if meant is None:
            return turn.questions
        if meant == NONE:
            turn.say(in_other_words())
            return ()
        return (replace(before, intent=meant, told={}, band="accept"),)

    def _unsure(self, turn: Turn, item: Item) -> bool:
        """Whether to ask which topic was meant before anything is looked up."""
        return (
            item.band == "confirm"
            and not (turn.in_form and is_likely(turn))
            and len(turn.questions) == 1
            and (not is_talk(item.intent) or _hardly_leaves(item))
            and item.intent != "speak_to_agent"
        )

    def _of_others(self, turn: Turn, item: Item) -> bool:
        """Whether nobody can tell for sure what is asked, and clear that it is not of their own."""
        unsure = self._unsure(turn, item)
        if turn.memory.caller and item.intent == "inform" and names_other_card(turn):
            # Somebody else's ID opens nothing, and asks for nothing.
            return turn.context.verified is None
        if on_business(turn):
            return unsure or item.intent == "out_of_scope"
        if turn.memory.caller and (unsure or item.intent == "out_of_scope"):
            return points_at_somebody(item.text)
        return unsure and about_somebody(item.text, personal=asks_identity(turn, item))

    def _speaks_on_business(self, turn: Turn, item: Item) -> bool:
        """Whether somebody says for whom they call and nothing that is understood besides."""
        if turn.context.verified or professional(item.text) is None:
            return False
        return item.band != "accept" or item.intent in ("out_of_scope", "inform", "greet")

    def _let_choose(self, turn: Turn, item: Item) -> None:
        likeliest = [
            (name, sure) for name, sure in turn.ranking if not is_talk(name) and name != "emergency"
        ]
        likeliest = likeliest[:MOST_CHOICES]
        if not likeliest:
            turn.say(talk("unclear"))
            return
        if dict(turn.ranking).get("emergency", 0.0) >= _PERHAPS:
            turn.say(perhaps_danger())
        remembered = item.tell("choices", [name for name, _ in likeliest])
        turn.memory = replace(turn.memory, unsure=remembered.to_json())
        told = which_one([(name, intents()[name].title) for name, _ in likeliest])
        suggested = [{"intent": name, "confidence": round(sure, 4)} for name, sure in likeliest]
        turn.say(replace(told, facts={"suggested": suggested}))

    def _known(self, turn: Turn, item: Item) -> Item:
        """What the conversation already tells about a new question."""
        if item.intent == "speak_to_agent" and (reason := stated_reason(turn, item)):
            return item.tell("reason", reason)
        if item.intent in ("speak_to_agent", "request_callback") and turn.memory.topic:
            topic = Item.from_json(turn.memory.topic)
            return item.tell("reason", intents()[topic.intent].title)
        if item.intent == "speak_to_agent" and (waiting := waiting_for_a_person(turn)):
            return item.tell("reason", intents()[waiting.intent].title)
        if item.intent == "request_callback" and turn.memory.wanted:
            return item.tell("reason", turn.memory.wanted)
        if company := line_for_last(turn, item, self._clock.today()):
            return item.tell("company", company)
        return with_claim(turn, item, self._clock.today())

    def _told_something(self, turn: Turn) -> bool:
        """Whether there is an answer of ours that may not have been understood."""
        told = told_last(turn)
        closed_to_them = turn.shut or turn.memory.withheld
        return told is not None and not (closed_to_them or is_talk(told) or self._warned(turn))

    def _repeat(self, turn: Turn, *, briefly: bool = False) -> list[Item]:
        """The last answer again: what was a member's own is looked up again, with its proof."""
        if not turn.memory.last and not turn.in_form:
            turn.say(talk("ask_capabilities"))
        again: list[Item] = []
        for said in turn.memory.last:
            if "item" in said:
                again.append(Item.from_json(said["item"]))
            else:
                reads = turn.context.channel == "chat"
                shorter = for_reading(said["speech"]) if reads else said["speech"]
                text = shorter if briefly else said["text"]
                turn.say(Answer(text=text, speech=said["speech"], kind="notice", intent="repeat"))
        return again

    async def _work_off(self, turn: Turn, desk: Desk) -> None:
        """Answer the agenda from the front until something is missing."""
        today = self._clock.today()
        said: list[dict[str, Any]] = []
        while turn.agenda and len(said) < MOST_ANSWERS:
            item = await with_company(turn, turn.agenda[0], desk)
            item = turn.agenda[0] = await with_filing(turn, item, desk)
            asked = question(item, turn.memory, turn.partners, today)
            if item.intent in desk.withdrawn.intents:
                # Nobody is asked who they are for an answer that does not come.
                turn.agenda.pop(0)
                instead = way_on(asked, intents()[item.intent].title, desk)
                said.append(_kept(item, instead))
                turn.say(instead)
                continue
            if TERM in item.told:
                turn.agenda.pop(0)
                explained = self._explained(turn, item, asked, desk)
                said.append({**_kept(item, explained), TERM: True})
                turn.say(explained)
                self._talked_of(turn, item, explained)
                continue
            if ASPECT in item.told:
                turn.agenda.pop(0)
                part = aspect_told(turn.context.verified, asked, item.told[ASPECT], desk)
                said.append(_kept(item, part))
                turn.say(part)
                self._talked_of(turn, item, part)
                if place := part.facts.get("looks_for"):
                    turn.memory = replace(turn.memory, searched=search_for(*place).to_json())
                if part.facts.get("case") == GROWN_CHILD:
                    # "But I'm her mother!" is answered as whoever asks for somebody else is.
                    topic = Item(item.intent, item.text).to_json()
                    turn.memory = replace(turn.memory, topic=topic, withheld=True)
                continue
            if told := general_part(item, turn.context.verified, asked, desk):
                if TIMES in item.told:
                    told = only_times(told)
                again = self._just_said(turn, told) or told.text in {a.text for a in turn.answers}
                if again and asks_identity(turn, item):
                    # "And acupuncture?": the same rules again would be no answer.
                    turn.agenda[0] = item.tell("general", "said")
                    continue
                goes_on = _goes_on(turn, item, told) and asks_identity(turn, item) and not turn.shut
                told = shortened(told) if goes_on and TIMES not in item.told else told
                said.append(_kept(item, told))
                turn.say(told)
                self._then_own(turn, told, desk)
                continue
            if IN_GENERAL in item.told and asks_identity(turn, item):
                turn.agenda.pop(0)
                continue
            if turn.barred and asks_identity(turn, item):
                turn.agenda.pop(0)
                if turn.memory.told != LOCKED or not said:
                    told = closed(turn)
                    said.append(_kept(item, told))
                    turn.say(told)
                turn.memory = replace(turn.memory, topic=item.to_json())
                continue
            if turn.outside and asks_identity(turn, item):
                turn.agenda.pop(0)
                if not said:
                    told = not_ours(turn)
                    said.append(_kept(item, told))
                    turn.say(told)
                continue
            # With all factors told there is nothing to ask, and they are still to be checked.
            if missing(turn, today) or needs_identity(turn):
                break
            withheld = None
            if (member := turn.context.verified) and awaits_permission(turn, item):
                withheld = await without_permission(member, asked, desk)
                if withheld is None:
                    turn.agenda[0] = item.tell(PERMITTED, asked.about)
                    continue
            turn.agenda.pop(0)
            if is_wish(item):
                told = known(turn)
                said.append(_kept(item, told))
                turn.say(told)
                continue
            title = intents()[item.intent].title
            given = withheld or await answer(turn.context.verified, asked, title, desk)
            if who := caller_of(turn):
                given = told_on_business(given, who)
            if TIMES in item.told:
                given = only_times(given)
            rule_again = once_more(turn, given)
            known_rule = self._just_said(turn, given) or self._just_said(turn, rule_again)
            if given.intent == CALLER and known_rule:
                given = rule_again
            said.append(_kept(item, given))
            if given.text not in {told.text for told in turn.answers}:
                # Two questions may have one answer: nobody wants to hear it twice.
                turn.say(given)
            if any(act.kind == "handoff" for act in given.acts):
                # A person takes over, with all that was asked: nothing more is asked here.
                turn.agenda.clear()
            if item.intent == "language_help" and turn.memory.language == "es":
                # Nothing is asked in English of who does not speak it; a yes is for the person.
                offered = offered_person(turn, item)
                turn.memory = replace(turn.memory, offered=offered.to_json(), met=True)
                self._drop(turn)
            if mine := for_own_plan(turn, item):
                turn.memory = replace(turn.memory, offered=mine.to_json())
            keep_booked(turn, item, given)
            # An entry of the knowledge has cases too, and files none.
            if given.facts.get("case") and "knowledge" not in given.facts:
                reference = str(given.facts["case"])
                turn.memory = replace(
                    turn.memory, filed=item.to_json(), reference=reference, offered=None
                )
            item = item.settled()
            if item.intent not in _NO_TOPIC:
                remember(turn, item, given, today)
            if given.offers:
                agreed = item.accepting(given.offers)
                turn.memory = replace(turn.memory, offered=agreed.to_json())
            elif asks_to_connect(turn, given):
                turn.memory = replace(turn.memory, offered=a_person_for(item).to_json())
            turn.memory = replace(
                turn.memory,
                location=asked.place.zip if asked.place else turn.memory.location,
                partner=named_company(item, asked) or turn.memory.partner,
                wanted=asked.reason if item.intent == "speak_to_agent" else turn.memory.wanted,
                answered_by=turn.memory.answered_by if item.intent in _NO_TOPIC else given.partner,
                topic=turn.memory.topic if item.intent in _NO_TOPIC else item.to_json(),
                earlier=earlier_topics(turn.memory.topic, turn.memory.earlier, item.intent),
            )
        if said:
            turn.memory = replace(
                turn.memory,
                last=tuple(said),
            )
        waiting = [item for item in turn.agenda if "general" not in item.told]
        if waiting and len(said) == MOST_ANSWERS:
            turn.say(_also_asked(waiting))

    def _talked_of(self, turn: Turn, item: Item, part: Answer) -> None:
        """A part of a topic was told: what is asked next is of that one, unless it is asked for."""
        last = turn.memory.topic["intent"] if turn.memory.topic else None
        no_topic = is_talk(item.intent) or item.intent in _NO_TOPIC
        if no_topic or item.intent in {last, *(i.intent for i in turn.agenda)}:
            return
        told = {need: value for need, value in item.told.items() if need not in (ASPECT, TERM)}
        turn.memory = replace(
            turn.memory,
            topic=replace(item, told=told).to_json(),
            answered_by=part.partner,
            earlier=earlier_topics(turn.memory.topic, turn.memory.earlier, item.intent),
        )

    def _explained(self, turn: Turn, item: Item, asked: Question, desk: Desk) -> Answer:
        """What the words mean, said first; the member's own is offered where nothing else waits."""
        told = meaning(turn.context.verified, asked, desk)
        if told is None or desk.withdrawn.has(told):
            return way_on(asked, intents()[item.intent].title, desk)
        own = Item(item.intent, intents()[item.intent].title)
        personal = item.intent in PERSONAL and "identity" in NEEDS.get(item.intent, ())
        wanted = item.intent not in turn.memory.declined
        if personal and wanted and not (turn.agenda or turn.in_form or turn.shut):
            turn.memory = replace(turn.memory, offered=own.to_json())
        return told

    def _just_said(self, turn: Turn, told: Answer) -> bool:
        """Whether the last turn said these very words, in short or in full."""
        texts = {told.text, shortened(told).text}
        return any(said.get("text") in texts for said in turn.memory.last)

    def _then_own(self, turn: Turn, told: Answer, desk: Desk) -> None:
        """The general part is said: the member's own case comes next, or is offered."""
        goes_on = _goes_on(turn, turn.agenda[0], told)
        item = turn.agenda.pop(0)
        if goes_on and TIMES not in item.told:
            # After what can be told of the other questions whoever asks.
            others = enumerate(turn.agenda)
            place = next((n for n, each in others if not self._tells(turn, item, each, desk)), None)
            place = len(turn.agenda) if place is None else place
            turn.agenda.insert(place, item.tell("general", "said"))
            return
        earlier = earlier_topics(turn.memory.topic, turn.memory.earlier, item.intent)
        turn.memory = replace(
            turn.memory, topic=item.to_json(), answered_by=told.partner, earlier=earlier
        )
        another = about_whom(item, turn.partners) is not None or turn.memory.caller is not None
        nobodys = turn.shut or IN_GENERAL in item.told or another
        if item.intent not in turn.memory.declined and not nobodys and not _says_all(told):
            turn.memory = replace(turn.memory, offered=item.to_json())

    def _tells(self, turn: Turn, item: Item, other: Item, desk: Desk) -> bool:
        """Whether something can be told in general of another question, of another matter."""
        asked = question(other, turn.memory, turn.partners, self._clock.today())
        told = general_part(other, turn.context.verified, asked, desk)
        return told is not None and not same_subject(item, other)


def _says_all(told: Answer) -> bool:
    """Whether the rule holds for everybody, whatever their file says: emergency care."""
    return told.intent == "prior_auth_required" and told.facts.get("case") == "emergency"


def _goes_on(turn: Turn, item: Item, told: Answer) -> bool:
    """Whether the member's own case comes after the general part: it is asked about, or it will be
    known for another question about the same thing ("is it on the list, and how much is it?").
    """
    if IN_GENERAL in item.told or _says_all(told):
        return False
    whom = about_whom(item, turn.partners) if item.intent not in OF_THE_PLAN else None
    return (
        own_case(item)
        or whom is not None
        or any(
            other is not item and asks_identity(turn, other) and same_subject(item, other)
            for other in turn.agenda
        )
    )


def _is_of_us(item: Item) -> bool:
    """Whether words of distrust are of this chat: a fraud that is reported is somebody else's."""
    reports = item.intent == "report_fraud" and not _FROM_SOMEBODY.search(item.text)
    return item.band != "accept" or is_talk(item.intent) or reports


def _stays_in_general(turn: Turn, fresh: list[Item]) -> bool:
    """Whether somebody who just would not say who they are asks about that very topic, and not of
    their own: "just tell me the usual reasons then".
    """
    if turn.memory.told != "deny" or turn.context.verified or len(fresh) != 1:
        return False
    (item,) = fresh
    in_rules = general_rules(item) and item.intent in turn.memory.declined
    return in_rules and not own_case(item) and "agreed" not in item.told


def _with_what_waits(item: Item, agenda: list[Item], today: date) -> Item:
    """A question that asks on about one that still waits, with what was told for that one: "and did
    you pay your part?" while it is asked who wants to know of the March claim.
    """
    before = next((each for each in agenda if each.intent == item.intent), None)
    needs = [need for need in NEEDS.get(item.intent, ()) if need != "identity"]
    if before is None or ASPECT in item.told or any(item.said(n, today) is not None for n in needs):
        return item
    return replace(
        item, entities=(*item.entities, *before.entities), told={**before.told, **item.told}
    )


def _kept(item: Item, given: Answer) -> dict[str, Any]:
    """What "repeat that" needs: the words, or for member data the question alone."""
    if given.level:
        return {"item": item.to_json(), "intent": item.intent}
    return {"text": given.text, "speech": given.speech, "intent": item.intent}


def _also_asked(waiting: list[Item]) -> Answer:
    """What is left after a few answers is named, so that nobody thinks it was not heard."""
    titles = dict.fromkeys(intents()[item.intent].title for item in waiting)
    text = f"You also asked about {joined(list(titles), 'and')}."
    return Answer(text=text, speech=text, kind="notice", intent=waiting[0].intent)


def _words_told(turn: Turn) -> str:
    """The last answer's words."""
    return str(turn.memory.last[-1].get("text", "")) if turn.memory.last else ""


def _replies(item: Item, intent: str) -> bool:
    """Whether it says yes or no to an offer: "will that work?" and "what if they say no?" only
    sound like it.
    """
    asks_on = _ASKS_ON.fullmatch(item.text) or _ASKS_OF_OTHERS.match(item.text)
    return item.intent == intent and not asks_on and item.sure_aspect not in _NO_REPLY


def _another_topic(turn: Turn) -> str:
    """The topic of the offer by its title, where something else was told since: after a form."""
    intent = turn.memory.offered["intent"] if turn.memory.offered else None
    told = {given.intent for given in turn.answers}
    return intents()[intent].title if intent and told and intent not in told else ""


def _agrees(turn: Turn, item: Item, offered: Mapping[str, Any]) -> bool:
    """Whether it says yes to the offer. Nobody is handed to a person for "ok" or "thanks" below an
    answer whose button only offers one.
    """
    to_a_person = offered["intent"] == "speak_to_agent" and turn.context.channel == "chat"
    for_another = to_a_person and (
        _HEARD.fullmatch(item.text) or is_to_file(turn.memory.told, item.text)
    )
    return _replies(item, "affirm") and not for_another


def _whole_question(turn: Turn, text: str) -> str:
    """ "And coinsurance?" after another word was explained asks what that is."""
    explained = bool(turn.memory.last) and TERM in turn.memory.last[-1]
    found = _AND_WHAT.fullmatch(text) if explained else None
    return f"what is {found['word']}?" if found else text


def _hardly_leaves(item: Item) -> bool:
    """Whether a farewell was understood, for no word of one: "I only have two days left"."""
    return item.intent == "goodbye" and not sounds_of_leaving(item.text)


def _hardly_asks(turn: Turn, item: Item) -> bool:
    """Whether hard words ask nothing that could be answered, or nothing that was understood; what
    names something ("give me the MVP number, idiot") is at least asked back.
    """
    unclear = item.band == "reject" or (item.band == "confirm" and not item.entities)
    return unclear or is_talk(item.intent) or _only_swears(turn, item)


def _only_swears(turn: Turn, item: Item) -> bool:
    """Whether a few hard words name nothing, and so ask nothing."""
    few = len(turn.text.split()) <= MOST_SWEARING_WORDS
    return few and not item.entities and item.intent not in (*CASES, "speak_to_agent")


_FOR_ANOTHER = frozenset({"authorize_representative", CALLER})
# Whoever was told of 988 may say that they are only low.
_OF_CRISIS = ("emergency", "behavioral_health")
_NO_TOPIC = frozenset({"speak_to_agent", "request_callback", "emergency", "contact_info"})
