"""`validate_need_form`: fills what is being asked, verifies when all factors are there, asks on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answers.callback import CALLBACK_NEEDS, ask_callback, read_time
from actions.answers.cases import CASES
from actions.answers.emergency import for_safety
from actions.answers.general import detail
from actions.answers.service import PERSON
from actions.answers.talk import is_talk, talk
from actions.answers.terms import asked_terms
from actions.answers.topics import NEEDS
from actions.answers.wording import line_of
from actions.dialogue.agenda import NO_COMPANY, Item
from actions.dialogue.asides import (
    SORRY,
    asks_its_own,
    asks_of_others,
    asks_question,
    asks_simpler,
    asks_why,
    drops,
    is_farewell,
    is_heard,
    is_unknown,
    said_aside,
    sounds_of_leaving,
)
from actions.dialogue.by_words import asks_how_to_take
from actions.dialogue.call_back import calls_off, other_time
from actions.dialogue.case_needs import CASE_NEEDS, ask_case, read_filing
from actions.dialogue.context import ASPECT
from actions.dialogue.corrections import (
    corrected_factors,
    corrects,
    other_needs,
    taken_back,
    told_again,
)
from actions.dialogue.elsewhere import elsewhere, names_other_insurer
from actions.dialogue.families_told import CHILDREN, told_of_family
from actions.dialogue.follow_ups.claims import is_letter_date
from actions.dialogue.follow_ups.follow_up import follow_up
from actions.dialogue.follow_ups.lists import of_list
from actions.dialogue.follow_ups.topics import AGAIN
from actions.dialogue.grievances import (
    WHERE_IT_WAS,
    adds_to_it,
    filed_beside,
    more_words,
    stays_unnamed,
    wants_number,
)
from actions.dialogue.handing_over import (
    FOR_A_PERSON,
    asks_for_people,
    asks_how_long,
    calls_nobody,
    insists_on_person,
    notice_company,
    tells_what_about,
    tries_here,
)
from actions.dialogue.in_danger import CLEARED
from actions.dialogue.needs import (
    asks,
    asks_amid,
    asks_identity,
    asks_in_part,
    company_of_id,
    in_own_words,
    is_answer,
    is_likely,
    is_refusal,
    is_unclear,
    knows_no_company,
    missing,
    needs_identity,
    read_factors,
    read_need,
    without_card,
)
from actions.dialogue.past_care import of_past_care
from actions.dialogue.prompts import (
    EXPLAIN_AT,
    EXPLAINED,
    LOOK_UP,
    PROMPTS,
    WAY_OUT_AT,
    ask,
    way_out,
)
from actions.dialogue.put_aside import met_meanwhile
from actions.dialogue.reading import bare_value, company_meant, is_one_name
from actions.dialogue.refusing import asked_beside, decline, wants_general
from actions.dialogue.turn import FACTOR_SLOTS, Turn
from actions.dialogue.ways_on import OUTSIDE, UNREACHED
from actions.identity.introduced import take as take_introduction
from actions.identity.no_card import NO_CARD, NameFactors, ask_second, says_no_card
from actions.identity.put_on import goes_over
from actions.identity.step_up import LOCKED, StepUp
from actions.identity.step_up import SLOT as CODE
from actions.identity.third_party import ask_whose, is_for_another, professional, settle
from actions.identity.told_together import told_together
from actions.verification import (
    Factors,
    LockedOut,
    NotInAlliance,
    Outcome,
    Refused,
    Several,
    Unavailable,
    Verification,
    Verified,
)
from alliance.answer import Answer
from alliance.clock import Clock
from alliance.gazetteer import locate
from alliance.partners import Partner
from alliance.spoken import normalise, normalise_text
from alliance.verified import MAX_FAILURES

Events = list[dict[str, Any]]
CHANGED = "Thank you, I've changed that."
UNNAMED = "You don't have to say who you are for this."
NOTED = "Thank you, I've noted that."
ONCE_MORE = "Thank you. I keep nothing that didn't fit, so I need all of it once more."
ADDED = "Thank you, I've added that."
_DANGER = "emergency"
# Figures of an area code, and of a whole number.
_AREA, _PHONE = 3, 10
LEAST_QUESTION_WORDS = 5
MOST_COMPANY_WORDS = 4
_IDENTITY_FIRST = "factor_first_name"
_ZIP = re.compile(r"(?<![\d-])\d{5}(?![\d-])")
_SIX_FIGURES = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}(?!\d)")
# Where the company may be said that is asked for next.
_COMPANY_BESIDE = ("need_words", "need_filing", "need_reason", "need_phone", "need_time")
_IN_ANY_WORDS = ("need_words", "need_reason")
# Where much would be taken for more of a case, or for a number or an hour to call at.
_ANY_WORDS = ("need_words", "need_partner", "need_filing", "need_phone", "need_time")
# What is told in a case sounds like these.
_OF_A_STORY = frozenset(
    {
        *CASES,
        *WHERE_IT_WAS,
        "billing_problem",
        "claim_denial",
        "claim_status",
        "explain_eob",
        "id_card",
        "update_contact",
    }
)
# "I want to report him" of a fraud sounds like a complaint, and files it.
_REPORTS = ("complaint", "report_fraud")
_TELLS = re.compile(
    r"\W*(?:(?:and|also|but|oh|well|so|then|because)\W+)*(?:it|they|he|she|that|this|nobody|no one|"
    r"(?:i|we|(?:my|the|your|our|his|her|their) \w+) (?:\w+ )?(?:was|were|had|got|went|said|told|"
    r"asked|never|did|kept|gave|took|\w+ed))\b",
    re.IGNORECASE,
)
_CARD_SLOTS = ("factor_member_id", "factor_card_company")
_CARD = re.compile(r"\b(?:card|wallet|purse|tarjeta)\b", re.IGNORECASE)
# A number or a day and nothing else, at a prompt for what proves who they are: no question.
_BARE_VALUE = re.compile(
    r"\W*(?:(?:oh|no|sorry|wait|actually|i mean|i meant|it'?s|it is|it was|that'?s|um+|uh+)\W+)*"
    r"(?:\d+|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]* \d{1,2}(?:st|nd|rd|th)?)\W*",
    re.IGNORECASE,
)
# On what is being asked: details were told that did not fit. "Oh, it's 1979, not 78" is then a part
# of those.
_REFUSED = "refused"
_PUT_RIGHT_IN_PART = re.compile(
    r"^(?=.*\d).*\b(?:not|instead of|i (?:meant|mistyped|misread|swapped|mixed)|typo)\b",
    re.IGNORECASE,
)
# "Why not?", "what's wrong with it", "that is my birthday": of details that did not fit.
_WHY_NOT = re.compile(
    r"\W*(?:(?:but|well|ok(?:ay)?|and|so|wait|huh|no|what|come on)\W+)*"
    r"(?:why(?: not| is that| so)?|how come(?: (?:not|it|they|that|you)\b.*)?|"
    r"why (?:does|did|is|wo|ca|would|do|are|were|was)n'?t\b.*|"
    r"wh(?:at|ich)(?:'?s| is| was| of| one| part| are| did)?\b.{0,20}\b(?:wrong|fit\w*|match\w*|"
    r"off|mistake)\b.*|(?:it|that|this|they|everything|all of (?:it|that))(?:'?s|'?re| is| are)"
    r"\b.{0,25}\b(?:right|correct|true|fits?|matches)\b[^?\d]*|"
    r"(?:it|that)(?:'?s| is) my \w+(?: \w+)?|"
    r"i(?:'m| am)? (?:know|sure|certain|positive)\b[^?\d]*)\W*",
    re.IGNORECASE,
)
MISFIT = "I can't say which of them didn't fit, so that nobody can guess them. A person can help."
# "Can't you look it up?"
_LOOK_IT_UP = re.compile(
    r"\byou (?:\w+ ){0,2}?(?:look|pull|bring) (?:it|that|this|me|them|him|her) up\b|"
    r"\byou (?:\w+ ){0,2}?(?:check|see) (?:it|that|this)(?: yourself| there| for me)?\W*$",
    re.IGNORECASE,
)
# On a case: how often it was asked whether to file it, and whether the last reply left that out. So
# often it is asked after all that is asked in between, and then only every third time.
_TIMES_ASKED, _LEFT_OUT = "times_asked", "left_out"
_MOST_IN_A_ROW, _NOW_AND_THEN = 3, 3
# What would only be answered by "what would you like instead?".
_NOTHING = frozenset({"affirm", "deny", "inform", "feedback_positive", "feedback_negative"})


_THEIR_NAME = re.compile(r"\b(?:his|her|their) (?:first )?name(?:'?s| is)?\b", re.IGNORECASE)


class NeedForm:
    """Rasa runs it when the form begins, at each message while something is asked, and after a
    digression. An empty result at a message makes the form step aside for the digression.
    """

    def __init__(self, verification: Verification, step_up: StepUp, clock: Clock) -> None:
        self._verification = verification
        self._step_up = step_up
        self._clock = clock

    async def run(self, turn: Turn) -> Events:
        """Read the message if it answers, then verify, ask on, or finish."""
        lead: str | None = ""
        if turn.fresh and turn.in_form and turn.asking:
            self._read_as_past(turn)
            if agenda := met_meanwhile(turn, self._clock.today()):
                turn.agenda = agenda
                return await self._ask_or_finish(turn, NOTED)
            if turn.asking == CODE and turn.live and turn.context.verified and not is_refusal(turn):
                match await self._step_up.hear(turn):
                    case "proven":
                        pass
                    case "asked":
                        return [*turn.events(), _requested(CODE)]
                    case "dropped":
                        self._drop_unproven(turn)
                    case None:
                        lead = self._no_code_heard(turn)
                        if lead is None:
                            return []
                return await self._ask_or_finish(turn, lead or "")
            heard = self._listen(turn)
            if heard is None:
                return []
            lead = heard
        if self._all_factors(turn):
            lead = await self._verify(turn)
        return await self._ask_or_finish(turn, lead or "")

    def _read_as_past(self, turn: Turn) -> None:
        """A question about care that is over is one of its claim, at a prompt too."""
        if len(turn.questions) == 1:
            item = of_past_care(turn.questions[0], self._clock.today())
            if item is not turn.questions[0]:
                turn.questions, turn.intent = (item,), item.intent

    def _no_code_heard(self, turn: Turn) -> str | None:
        """What is said before the code is asked for again, when the message held none; None when
        it is to be answered itself.
        """
        aside = said_aside(turn)
        if aside is not None:
            return aside
        if _leaves(turn):
            self._part(turn)
            return ""
        if turn.text.startswith("/") or self._carries_on(turn):
            return None
        if asked_terms(turn.text, turn.partners, self._clock.today()):
            return None
        if turn.harsh or (turn.intent != "inform" and not is_unclear(turn)):
            return None
        if asks_simpler(turn.text) or asks_for_people(turn.text):
            return None
        if is_unclear(turn) and _asks_aside(turn):
            return "I can't help with that one."
        self._miss(turn)
        return ""

    def _listen(self, turn: Turn) -> str | None:
        """Take what the message says; returns what is said before the next question, or None when
        the message is no answer and is to be answered itself.
        """
        today = self._clock.today()
        proves = (turn.asking or "").startswith("factor_")
        own = proves and asks_question(turn)
        if not turn.live and self._tells_who(turn):
            return ""
        if any(question.intent == _DANGER for question in turn.questions):
            # Whatever is asked, danger is no answer to it.
            return None
        if proves and for_safety(turn.text, turn.memory.language, at_home=False):
            return None
        if drops(turn.text) or calls_off(turn, turn.text) or tries_here(turn):
            return None
        if calls_nobody(turn.text) or wants_number(turn, turn.questions[0]):
            return None
        if _asks_another(turn) or asks_how_to_take(turn.questions[0]):
            return None
        case = turn.agenda[0] if turn.agenda else None
        if case and adds_to_it(turn, case.intent) and (more := more_words(turn, case)):
            return self._add(turn, more)
        if proves and _is_refused(turn) and _WHY_NOT.fullmatch(turn.text):
            return MISFIT
        corrected = corrected_factors(turn, today) if proves else {}
        asks_back = asks_why(turn.text) or asks_of_others(turn.text)
        if proves and is_refusal(turn) and not (corrected or asks_back or own):
            if asked_beside(turn):
                return None
            decline(turn)
            return ""
        if asked_terms(turn.text, turn.partners, today):
            return None
        if proves and _THEIR_NAME.search(turn.text) and asks_in_part(turn.text):
            # "Was his visit paid? His name is Stuart": asked of him, and none of their own names.
            return None
        if proves and (lead := goes_over(turn)):
            return lead
        if proves and _asks_to_look_up(turn):
            return "Yes, once I know who you are."
        if proves and wants_general(turn.questions[0]):
            return None
        if proves and professional(turn.text):
            return None
        if proves and turn.agenda and is_for_another(turn.text):
            # As they were told to say: nobody else's details are heard.
            turn.forget_factors()
            settle(turn, "other")
            return ""
        if own and not _has_lost_card(turn):
            return None
        if _has_no_card(turn):
            return self._goes_without_card(turn)
        if turn.asking == CODE and turn.context.verified is None:
            return "It has been a while, so I have to be sure again that it's you."
        aside = said_aside(turn)
        if aside is not None:
            return aside
        if _was_not_asked(turn) and is_heard(turn.text):
            # "Ok", to what was told in between, says yes to nothing.
            return "All right."
        if asks_simpler(turn.text) and turn.memory.last:
            return None
        if _leaves(turn):
            self._part(turn)
            return ""
        if proves and (details := told_together(turn, today)):
            turn.factors.update(details)
            turn.failures.pop(turn.asking or "", None)
            return NOTED
        if corrected:
            turn.factors.update(corrected)
            return CHANGED
        if proves and not read_factors(turn, today) and (slot := taken_back(turn)):
            turn.factors.pop(slot)
            return "No problem, let's put that right."
        if turn.asking in _CARD_SLOTS and names_other_insurer(turn.text):
            self._elsewhere(turn)
            return ""
        if turn.asking == _IDENTITY_FIRST and not turn.factors:
            # Once more after details that did not fit: what was wrong is told first.
            turn.factors.update(told_again(turn, today))
            if turn.factors:
                return NOTED
            if _is_refused(turn) and _PUT_RIGHT_IN_PART.search(turn.text):
                return ONCE_MORE
        if turn.asking in _COMPANY_BESIDE and turn.agenda and (company := _only_a_company(turn)):
            notice_company(turn)
            turn.agenda[0] = turn.agenda[0].tell("partner", company)
            return NOTED
        if is_letter_date(turn, turn.questions[0]) or self._asks_of_it(turn):
            return None
        if stays_unnamed(turn):
            return UNNAMED
        if insists_on_person(turn):
            turn.agenda[0] = turn.agenda[0].tell("partner", NO_COMPANY)
            return "That's all right, you don't have to say."
        if turn.asking == "need_phone" and (told := _part_of_phone(turn)):
            return told
        if (tells_what_about(turn) or _tells_of_it(turn, today)) and (
            more := more_words(turn, turn.agenda[0])
        ):
            return self._add(turn, more)
        if proves and turn.asking != "factor_card_company" and (company := _only_a_company(turn)):
            notice_company(turn)
            turn.factors["factor_card_company"] = company
            return NOTED
        if proves and not read_factors(turn, today) and self._introduced(turn):
            return NOTED if turn.asking not in turn.factors else ""
        if filed_beside(turn):
            return None
        if turn.asking == "need_provider" and turn.agenda and (one := _of_the_list(turn)):
            turn.agenda[0] = turn.agenda[0].tell("provider", one)
            return ""
        answers = is_answer(turn, today)
        if not (answers and self._holds_value(turn)) and self._carries_on(turn):
            return None
        if answers:
            return self._hear(turn)
        if is_unknown(turn.text):
            return self._unknown(turn)
        if is_likely(turn) or (proves and asks_for_people(turn.text)):
            return None
        if proves and (turn.intent, names_other_insurer(turn.text)) == ("out_of_scope", True):
            # "When does my Humana dental start?": whose it is is told.
            return None
        if is_unclear(turn) and _asks_aside(turn):
            return "I can't help with that one."
        pleased = _is_only(turn, "feedback_positive")
        if _is_only(turn, "feedback_negative") or (pleased and turn.harsh):
            return SORRY
        if pleased:
            return "Good to hear."
        if (is_unclear(turn) or _says_nothing(turn)) and not turn.harsh:
            front = turn.agenda[0] if turn.agenda else None
            if front and (more := more_words(turn, front)):
                return self._add(turn, more)
            if front and proves and _and_another(turn):
                turn.agenda.insert(1, Item(front.intent, turn.text, turn.entities))
                return "I'll look at that one too."
            if _only_agrees(turn):
                return ""
            self._miss(turn)
            return "I see." if proves and _tells_a_story(turn.text) else ""
        return None

    def _add(self, turn: Turn, more: Mapping[str, str]) -> str:
        """Keep what is added to the words of what is being told."""
        front = turn.agenda[0]
        turn.agenda[0] = replace(front, told={**front.told, **more})
        notice_company(turn)
        if named := company_meant(turn.text, turn.entities):
            turn.agenda[0] = turn.agenda[0].tell("partner", named)
        turn.failures.pop(turn.asking or "", None)
        private = front.intent == "confidential_communication"
        if safety := for_safety(turn.text, turn.memory.language, at_home=private):
            turn.say(safety)
        return ADDED

    def _asks_of_it(self, turn: Turn) -> bool:
        """Whether, where any words would be taken for the answer, something is asked of what is
        being told or wished for: "how long is the wait?".
        """
        if asks_how_long(turn, turn.questions[0]):
            return True
        if turn.asking not in _IN_ANY_WORDS or len(turn.questions) != 1 or not turn.agenda:
            return False
        near = turn.questions[0].near(surely=True)
        told = detail(turn.agenda[0].intent, near, turn.partners, self._clock.today())
        return told is not None and asks_in_part(turn.text)

    def _introduced(self, turn: Turn) -> bool:
        """Whether the message tells who they are, more or otherwise than was asked, and asks
        nothing beside it; then that is taken.
        """
        told = replace(turn, factors=dict(turn.factors))
        take_introduction(told, self._clock.today())
        if told.questions or told.factors == turn.factors:
            return False
        turn.factors = told.factors
        turn.failures.pop(turn.asking or "", None)
        return True

    def _unknown(self, turn: Turn) -> str:
        """The member does not know what is asked: another way, or an example."""
        if turn.asking == "factor_member_id":
            return self._goes_without_card(turn)
        self._miss(turn)
        slot = turn.asking or ""
        if slot not in PROMPTS or turn.answers:
            return ""
        explained = turn.failures.get(slot, 0) >= EXPLAIN_AT
        return "No problem." if explained else f"No problem. {PROMPTS[slot].explain}"

    def _goes_without_card(self, turn: Turn) -> str:
        turn.factors["factor_member_id"] = [NO_CARD]
        turn.factors.pop("factor_card_company", None)
        turn.failures.pop("factor_member_id", None)
        item = turn.questions[0]
        anew = item.is_sure and item.intent == "id_card" and _NEW_CARD.search(item.text)
        if anew and all(each.intent != "id_card" for each in turn.agenda):
            turn.agenda.append(item)
        if anew:
            return "No problem, it works without the card too. I'll look at a new one as well."
        if asks_its_own(turn):
            turn.agenda.append(item)
            return "No problem, it works without the card too. I'll come to your question."
        return "No problem, it works without the card too."

    def _holds_value(self, turn: Turn) -> bool:
        """Whether the message says something for what is asked."""
        today = self._clock.today()
        if (turn.asking or "").startswith("factor_"):
            return bool(read_factors(turn, today))
        return read_need(turn, today) is not None

    def _carries_on(self, turn: Turn) -> bool:
        """Whether the message, too short to stand by itself, changes or goes on with a question:
        "what about my daughter?", "what if I move to Buffalo?", "no, the one from May".
        """
        proves = (turn.asking or "").startswith("factor_")
        if len(turn.questions) != 1 or (proves and _BARE_VALUE.fullmatch(turn.text)):
            return False
        item = turn.questions[0]
        if ASPECT in told_of_family(turn, item).told:
            return True
        return isinstance(follow_up(turn, item, self._clock.today()), Item)

    def _part(self, turn: Turn) -> None:
        """The member leaves: what was being asked is dropped."""
        turn.agenda.clear()
        turn.forget_factors()
        turn.failures.clear()
        turn.say(talk("goodbye"))

    def _hear(self, turn: Turn) -> str:
        """Take the values of the message, or count that there was none."""
        slot = turn.asking or ""
        today = self._clock.today()
        lead = ""
        if slot.startswith("factor_"):
            factors = read_factors(turn, today)
            turn.factors.update(factors)
            heard = bool(factors)
            if heard and slot not in factors:
                lead = NOTED
        else:
            front = turn.agenda[0] if turn.agenda else None
            several = _several_claims(turn, today)
            value = several[0] if several else read_need(turn, today)
            others = other_needs(turn, NEEDS.get(front.intent, ()), today) if front else {}
            if front and slot == "need_claim" and (name := _which_relative(turn, front)):
                value, others = None, {"person": name}
            if front and corrects(turn.text) and others and in_own_words(value):
                # "No, a dermatologist" at another prompt is no answer to it.
                value = None
            if front and (time := others.get("time")):
                others["time"] = other_time(time, str(front.said("time", today) or ""))
            told = {**others, **({} if value is None else {slot.removeprefix("need_"): value})}
            if front and not told and (more := more_words(turn, front)):
                told, lead = more, self._add(turn, more)
            heard = bool(told)
            if front:
                turn.agenda[0] = replace(front, told={**front.told, **told})
                turn.agenda[1:1] = [front.tell("claim", other) for other in several[1:]]
            if slot == "need_whose" and value is not None and front:
                settle(turn, value)
            if value is None and others:
                again = front and any(front.said(need, today) is not None for need in others)
                lead = CHANGED if again else NOTED
        if heard:
            turn.failures.pop(slot, None)
        elif not _only_agrees(turn):
            self._miss(turn)
            if slot.startswith("factor_") and _tells_a_story(turn.text):
                lead = "I see."
        return lead

    def _miss(self, turn: Turn) -> None:
        """Count that the question got no answer; the third time is the last."""
        slot = turn.asking or ""
        turn.failures[slot] = turn.failures.get(slot, 0) + 1
        if slot == "need_partner" and turn.agenda and turn.agenda[0].intent in CASES:
            # What was told is not lost for a company's name: whoever gets it finds that out.
            if turn.failures[slot] >= EXPLAIN_AT:
                turn.agenda[0] = turn.agenda[0].tell("partner", NO_COMPANY)
            return
        if turn.failures[slot] >= WAY_OUT_AT and turn.context.channel == "chat":
            self._leave(turn)

    def _leave(self, turn: Turn) -> None:
        """Three times not understood: the question is dropped, and there is a way out."""
        turn.agenda.pop(0)
        turn.forget_factors()
        turn.failures.clear()
        turn.say(way_out())

    def _all_factors(self, turn: Turn) -> bool:
        return (
            turn.live
            and needs_identity(turn)
            and not [
                slot for slot in missing(turn, self._clock.today()) if slot.startswith("factor_")
            ]
        )

    async def _verify(self, turn: Turn) -> str:
        """Verify; returns what is said before the next question."""
        if without_card(turn):
            return await self._verify_without_card(turn)
        owner = company_of_id(turn)
        if owner is None:
            raise ValueError("all factors are there but the company is undecided")
        partner, member_id = owner
        born = turn.factors["factor_date_of_birth"]
        factors = Factors(
            first_names=tuple(turn.factors["factor_first_name"]),
            member_id=member_id,
            birth_date=self._clock.today().fromisoformat(born),
            zip=turn.factors["factor_zip"],
        )
        outcome = await self._verification.verify(turn.context, factors, partner, turn.partners)
        if not isinstance(outcome, Unavailable):
            # Who tries again after a company did not answer is not asked everything once more.
            turn.forget_factors()
        return self._settle(turn, outcome, partner)

    async def _verify_without_card(self, turn: Turn) -> str:
        partner = turn.partners[turn.factors["factor_card_company"]]
        factors = NameFactors(
            first_names=tuple(turn.factors["factor_first_name"]),
            last_name=turn.factors["factor_last_name"],
            birth_date=date.fromisoformat(turn.factors["factor_date_of_birth"]),
            zip=turn.factors["factor_zip"],
            second=turn.factors["factor_second"],
        )
        outcome = await self._verification.verify_without_card(
            turn.context, factors, partner, turn.partners
        )
        if not isinstance(outcome, Unavailable):
            # Who tries again after a company did not answer is not asked everything once more.
            turn.forget_factors()
        return self._settle(turn, outcome, partner)

    def _settle(self, turn: Turn, outcome: Outcome, asked: Partner) -> str:
        match outcome:
            case Verified(_, context):
                turn.context = context
                # From now on their plans decide whom to ask, and no company that was only named.
                turn.memory = replace(turn.memory, partner=None)
                return ""
            case Refused(failures) if failures < MAX_FAILURES:
                if turn.agenda:
                    turn.agenda[0] = turn.agenda[0].tell(_REFUSED, True)
                return "Those details don't fit together in our records. Let's try once more."
            case Several():
                self._drop_personal(
                    turn,
                    "Thank you. I can't tell by that alone who you are: I need the member ID, or a "
                    f"person can help you, also at {line_of(asked)}.",
                )
            case LockedOut(counter):
                self._lock(turn, asked, counter)
            case Refused():
                self._lock(turn, asked)
            case NotInAlliance(partner):
                # For "and for urgent care?": of the same, which is theirs to tell.
                asked_last = turn.agenda[0].to_json() if turn.agenda else turn.memory.topic
                turn.memory = replace(
                    turn.memory,
                    outside=partner.key,
                    partner=partner.key,
                    topic=asked_last,
                    offered=None,
                )
                self._drop_personal(
                    turn,
                    f"Thank you. Your plan with {partner.name} is not one of the alliance's "
                    f"plans, so I can't look into it here. Please call {line_of(partner)}.",
                    OUTSIDE,
                )
            case Unavailable(partner):
                # For "try again", and for the person or the call that is asked for instead.
                asked_last = turn.agenda[0].to_json()
                turn.memory = replace(turn.memory, topic=asked_last, partner=partner.key)
                self._drop_personal(
                    turn,
                    f"I could not reach {partner.name} just now, so I can't look that up. Please "
                    f"try again in a few minutes, or call {line_of(partner)}.",
                    UNREACHED,
                )
        return ""

    def _lock(self, turn: Turn, asked: Partner, counter: str = "") -> None:
        text = "I can't confirm who you are with those details, so I can't open your records here."
        # No look-up is offered any more: it would end here again.
        turn.memory = replace(
            turn.memory,
            barred=asked.key,
            barred_by=counter,
            offered=None,
            partner=turn.memory.partner or asked.key,
        )
        if turn.context.channel == "voice":
            turn.say(Answer(text=text, speech=text, kind="notice", intent=LOCKED))
            told = {"reason": "could not be verified", "partner": asked.key}
            # What needs no proof is answered before the person comes.
            others = [item for item in turn.agenda if not asks_identity(turn, item)]
            turn.agenda = [*others, Item("speak_to_agent", told=told)]
            return
        self._drop_personal(
            turn, f"{text} A person can help you, or call {line_of(asked)}.", LOCKED
        )

    def _elsewhere(self, turn: Turn) -> None:
        """The member's card is of an insurer outside the alliance."""
        turn.forget_factors()
        turn.failures.clear()
        turn.say(elsewhere(turn.partners))
        self._drop_unproven(turn)

    def _drop_personal(self, turn: Turn, text: str, intent: str | None = None) -> None:
        """Say why the personal questions go unanswered, and take them off the agenda."""
        turn.say(Answer(text=text, speech=text, kind="notice", intent=intent, buttons=(PERSON,)))
        self._drop_unproven(turn)

    def _drop_unproven(self, turn: Turn) -> None:
        """What cannot be answered to somebody proven no better goes from the agenda's front."""
        while needs_identity(turn):
            turn.agenda.pop(0)

    async def _ask_or_finish(self, turn: Turn, lead: str) -> Events:
        slots = missing(turn, self._clock.today())
        if not slots:
            return [*turn.events(), _requested(None)]
        slot = slots[0]
        if slot.startswith("factor_") and not turn.live:
            self._suggest_verifying(turn)
            return [*turn.events(), _requested(slot)]
        if not lead:
            lead = _lead(turn, slot)
        if slot == CODE:
            if await self._step_up.ask(turn, lead):
                return [*turn.events(), _requested(CODE)]
            self._drop_unproven(turn)
            return await self._ask_or_finish(turn, "")
        need = slot.removeprefix("need_")
        if need == "location" and (unknown := _unknown_zip(turn.text)):
            lead = f"I don't know the ZIP code {unknown}."
        if need == "whose":
            turn.say(ask_whose(lead))
            return [*turn.events(), _requested(slot)]
        if need in CALLBACK_NEEDS:
            turn.say(ask_callback(need, lead, failed=bool(turn.failures.get(slot))))
            return [*turn.events(), _requested(slot)]
        if need in CASE_NEEDS:
            _ask_case(turn, need, lead)
            return [*turn.events(), _requested(slot)]
        failures = turn.failures.get(slot, 0) if turn.fresh else 0
        wants_person = bool(turn.agenda) and turn.agenda[0].intent == "speak_to_agent"
        wants_person = wants_person and turn.memory.language == "en"
        if slot == "need_partner" and wants_person and not (lead or failures or turn.spoke):
            lead = "A person can help you."
        if slot == "factor_second":
            partner = turn.partners[turn.factors["factor_card_company"]]
            turn.say(ask_second(partner, lead=lead, failures=failures))
            return [*turn.events(), _requested(slot)]
        turn.say(
            ask(
                slot,
                turn.partners,
                lead=lead,
                failures=failures,
                brief=turn.spoke,
                for_others=turn.memory.caller is not None,
            )
        )
        return [*turn.events(), _requested(slot)]

    def _tells_who(self, turn: Turn) -> bool:
        """Whether the message is something that proves identity, in whatever order: in shadow the
        agent takes it, and it is not kept.
        """
        asking = turn.asking or ""
        if not asking.startswith("factor_") or turn.intent == "emergency":
            return False
        if says_no_card(turn.text) or (asking == CODE and _SIX_FIGURES.search(turn.text)):
            return True
        today = self._clock.today()
        try:
            for turn.asking in FACTOR_SLOTS:
                if is_answer(turn, today) and read_factors(turn, today):
                    return True
        finally:
            turn.asking = asking
        return False

    def _suggest_verifying(self, turn: Turn) -> None:
        """For an agent: nothing is verified in shadow, the agent does that at the desk. Until then
        the question waits, and what the member tells of themselves is not kept.
        """
        turn.forget_factors()
        known = turn.context.verified is not None
        text = (
            "I can look that up once you have confirmed a one-time code."
            if known
            else "I can look that up once I know who you are. May I have your first name, member "
            "ID, date of birth and ZIP code?"
        )
        turn.say(
            Answer(
                text=text,
                speech=text,
                kind="question",
                intent=turn.agenda[0].intent,
                facts={"awaits": "code" if known else "identity"},
            )
        )


def _of_the_list(turn: Turn) -> Mapping[str, Any] | None:
    """The doctor or place that is picked of the list that was told last: "the second one"."""
    picked = of_list(turn, replace(turn.questions[0], aspect=None)) if turn.questions else None
    provider = picked.told.get("provider") if isinstance(picked, Item) else None
    return provider if isinstance(provider, Mapping) else None


def _which_relative(turn: Turn, front: Item) -> str | None:
    """ "Faye", where it is asked which claim of a daughter is meant: which daughter."""
    whom = front.told.get("person") or front.first("relation")
    names_one = whom in CHILDREN and is_one_name(turn.text)
    return turn.text.strip(" .!?,").capitalize() if names_one else None


def _several_claims(turn: Turn, today: date) -> list[Any]:
    """ "June and March", where it is asked which claim: the value of each."""
    if turn.asking != "need_claim" or len(turn.questions) < 2:
        return []
    read = (bare_value("claim", each.text, each.entities, today) for each in turn.questions)
    return [value for value in read if value is not None]


def _has_no_card(turn: Turn) -> bool:
    """Whether the member says that there is no card to read an ID from, also before it is asked."""
    early = (
        turn.asking == "factor_first_name"
        and "factor_member_id" not in turn.factors
        and _CARD.search(turn.text)
    )
    first = turn.questions[0] if turn.questions else None
    if first and first.is_sure and first.intent == "report_fraud":
        # "My card was stolen, and there are claims I don't know" is told for its own sake.
        return False
    return bool(turn.asking == "factor_member_id" or early) and says_no_card(turn.text)


# "Can you send me another?"
_NEW_CARD = re.compile(
    r"\b(?:new|another|replac\w+|order|mail|get|send)\b.{0,25}\b(?:me|one|card|id|it)\b|"
    r"\b(?:new|replacement) (?:id|one|card)\b",
    re.IGNORECASE,
)


_GONE = re.compile(
    r"\b(?:lost|misplaced|can'?t find|cannot find|(?:don'?t|do not) have|forgot|left|without) "
    r"(?:my |the |our |that |it|a )",
    re.IGNORECASE,
)


def _has_lost_card(turn: Turn) -> bool:
    """Whether it is said in so many words that there is no card, where its number is asked for."""
    gone = turn.asking == "factor_member_id" and _GONE.search(turn.text) is not None
    return gone and says_no_card(turn.text)


def _unknown_zip(text: str) -> str | None:
    """A ZIP code that is said and is none that we know."""
    return next((code for code in _ZIP.findall(text) if locate(code) is None), None)


def _part_of_phone(turn: Turn) -> str | None:
    """A number that is told in parts, "555-0134" and "area code 518": kept until it is whole. The
    figures of a time are none of it.
    """
    if read_time(turn.text) is not None:
        return None
    figures = "".join(filter(str.isdigit, normalise(turn.text).text))
    front = turn.agenda[0]
    before = str(front.told.get("figures", ""))
    area = len(figures) == _AREA
    whole = figures + before if area else before + figures
    if before and len(whole) == _PHONE:
        turn.agenda[0] = front.tell("phone", whole)
        return NOTED
    if not _AREA <= len(figures) < _PHONE:
        return None
    turn.agenda[0] = front.tell("figures", figures)
    turn.failures.pop(turn.asking or "", None)
    return "Thank you. And the rest of it?" if area else "I need its area code, too."


def _asks_another(turn: Turn) -> bool:
    """Whether, while a case is told or a call back arranged, one question of another matter is
    understood for sure: no part of the case, and no number to call.
    """
    front = turn.agenda[0] if turn.agenda else None
    if front is None or turn.asking not in _ANY_WORDS or len(turn.questions) != 1:
        return False
    item = turn.questions[0]
    if turn.asking == "need_partner" and knows_no_company(turn.text):
        return False
    # Whatever is said in Spanish is understood as a wish for a person who speaks it.
    same = {front.intent, "language_help", *FOR_A_PERSON, *_REPORTS}
    if not item.is_sure or is_talk(item.intent) or item.intent in same:
        return False
    if front.intent in FOR_A_PERSON:
        return not tells_what_about(turn)
    if adds_to_it(turn, front.intent):
        return False
    of_a_story = item.intent in _OF_A_STORY
    if turn.asking == "need_words":
        return not of_a_story and asks_in_part(item.text)
    tells = of_a_story or _TELLS.match(item.text) is not None
    return asks_in_part(item.text) or not tells


def _only_a_company(turn: Turn) -> str | None:
    """The key of the company that the message names and nothing else."""
    named = turn.partners.named(turn.text)
    short = len(normalise_text(turn.text).split()) <= MOST_COMPANY_WORDS
    return named.key if named and named.backend and short and not asks(turn.text) else None


def _leaves(turn: Turn) -> bool:
    """Whether the member is leaving in the middle of it."""
    only = turn.questions[0] if len(turn.questions) == 1 else None
    sure = only is not None and (only.intent, only.band) == ("goodbye", "accept")
    # "What does he see until then" only sounds like it.
    return (sure and sounds_of_leaving(turn.text)) or is_farewell(turn.text)


def _asks_aside(turn: Turn) -> bool:
    """Whether a whole question is asked that is none of ours, while it is asked who they are, or
    whether to pass something on.
    """
    return (
        (turn.asking in (CODE, "need_filing") or (turn.asking or "").startswith("factor_"))
        and turn.intent == "out_of_scope"
        and asks(turn.text)
        and len(turn.text.split()) >= LEAST_QUESTION_WORDS
    )


def _says_nothing(turn: Turn) -> bool:
    """Whether nothing in the message could be answered by itself: "no", "that's wrong"."""
    return not turn.text.startswith("/") and {q.intent for q in turn.questions} <= _NOTHING


def _and_another(turn: Turn) -> bool:
    """ "And the knee one?" while it is asked who they are: one more of what was asked about."""
    few = len(turn.text.split()) <= MOST_COMPANY_WORDS + 1
    return few and turn.text.rstrip().endswith("?") and AGAIN.search(turn.text) is not None


def _is_refused(turn: Turn) -> bool:
    """Whether details were told that did not fit, and all is asked once more."""
    return bool(turn.agenda) and _REFUSED in turn.agenda[0].told


def _asks_to_look_up(turn: Turn) -> bool:
    """ "Can't you look it up?", and nothing that would prove who they are."""
    few = len(turn.text.split()) <= LEAST_QUESTION_WORDS + 2
    return few and turn.asking != CODE and _LOOK_IT_UP.search(turn.text) is not None


def _tells_a_story(text: str) -> bool:
    """Whether, asked who they are, somebody tells of their matter: it was heard, though nothing of
    what was asked was in it.
    """
    return len(text.split()) >= LEAST_QUESTION_WORDS and not (asks(text) or re.search(r"\d", text))


def _is_only(turn: Turn, intent: str) -> bool:
    """Whether somebody loses patience, or is pleased, and says nothing else: nothing was missed."""
    only = turn.questions[0]
    return len(turn.questions) == 1 and (only.intent, only.band) == (intent, "accept")


def _only_agrees(turn: Turn) -> bool:
    """Whether, asked who they are, they agree: "k yes", "yep, that's right". The question stands. A
    single word may be a name.
    """
    proves = (turn.asking or "").startswith("factor_")
    return proves and len(turn.text.split()) > 1 and _is_only(turn, "affirm")


def _tells_of_it(turn: Turn, today: date) -> bool:
    """Whether, asked whether to file it or at which company, somebody goes on telling: "he isn't
    here now", "send it to my sister's", "her name was Deb, it was on Monday".
    """
    front = turn.agenda[0] if turn.agenda else None
    telling = turn.asking == "need_filing" or (
        turn.asking == "need_partner" and front is not None and front.intent in CASES
    )
    if not telling or front is None or asks_amid(turn.text):
        return False
    of_company = turn.asking == "need_partner"
    if of_company and (is_unknown(turn.text) or read_need(turn, today) is not None):
        return False
    if front.intent == "report_death" and any(each.is_sure for each in turn.questions):
        # "They still take the premium": there is something to be told of it.
        return False
    of_it = {front.intent, "update_contact", *WHERE_IT_WAS, *_NOTHING}
    told = all(
        each.intent in of_it or each.band != "accept" or _only_tells(turn, each)
        for each in turn.questions
    )
    return told and read_filing(turn.text, turn.intent) is None


def _ask_case(turn: Turn, need: str, lead: str) -> None:
    """Ask it; whether to file it, after what was asked in between, only now and then: who goes on
    asking has heard it, and can say yes at any time.
    """
    front = turn.agenda[0]
    asked = int(front.told.get(_TIMES_ASKED, 0)) if need == "filing" else 0
    beside = turn.spoke and not lead
    left_out = beside and asked >= _MOST_IN_A_ROW and asked % _NOW_AND_THEN != 2
    if need == "filing":
        turn.agenda[0] = front.tell(_TIMES_ASKED, asked + 1).tell(_LEFT_OUT, left_out)
    if not left_out:
        turn.say(ask_case(need, front.intent, lead, again=asked > 0))


def _was_not_asked(turn: Turn) -> bool:
    """Whether the last reply left out to ask whether to file the case."""
    left_out = bool(turn.agenda) and turn.agenda[0].told.get(_LEFT_OUT) is True
    return turn.asking == "need_filing" and left_out


def _only_tells(turn: Turn, item: Item) -> bool:
    """ "It says Brightbrace, $900", of what is reported: it only sounds like their own question."""
    reports = turn.agenda[0].intent in ("report_fraud", "complaint")
    return reports and asks_identity(turn, item) and not asks_amid(item.text)


def _lead(turn: Turn, slot: str) -> str:
    """What is said before a question: why it is asked, that it was heard, that it was not."""
    if turn.fresh and turn.failures.get(slot):
        if turn.failures[slot] < EXPLAIN_AT:
            return "Sorry, I didn't get that."
        return EXPLAINED.get(slot, "")
    if slot == _IDENTITY_FIRST and turn.asking is None:
        # After a danger that is over they go on with what they asked before.
        return "" if turn.memory.told == CLEARED else LOOK_UP
    if turn.asking is None:
        told = slot.startswith("factor_") and slot != CODE and turn.factors
        return "Thank you. I can look that up once I'm sure that it's you." if told else ""
    if turn.fresh and turn.asking != slot:
        return "Thank you."
    return ""


def _requested(slot: str | None) -> dict[str, Any]:
    return {"event": "slot", "name": "requested_slot", "value": slot}
