"""What one question of a message wants: it goes on the agenda, or, where nothing has to be looked
up, is answered at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from actions.answers.cases import CASES
from actions.answers.dental_vision import IN_FILE
from actions.answers.general import detail, knows_aspect, own_topic, rule
from actions.answers.membership_changes import OWN_DAYS
from actions.answers.talk import is_talk, stopped, talk, which_one
from actions.answers.terms import asked_terms
from actions.answers.wording import line_of, our_lines
from actions.dialogue.agenda import ASKED, PART, TERM, Item
from actions.dialogue.asides import (
    about_identity,
    announces,
    asks_presence,
    asks_simpler,
    asks_why_who,
    calm,
    distrusts,
    for_reading,
    is_farewell,
    is_protest,
    is_wait,
    knocks,
    patient,
    present,
    ready,
    sounds_of_leaving,
    trust_is_theirs,
    wants_nothing_more,
    which_word,
    why_withheld,
)
from actions.dialogue.by_words import thing_alone
from actions.dialogue.call_back import about_call_back
from actions.dialogue.context import ASPECT, asked_of, is_newborn, recent, stands_alone
from actions.dialogue.danger import is_bare_fact, is_presence, perhaps_danger
from actions.dialogue.elsewhere import elsewhere, names_other_insurer
from actions.dialogue.follow_ups.carrying_on import (
    names_nothing_else,
    tells_of_them,
    tells_what_was_done,
)
from actions.dialogue.follow_ups.claims import (
    asks_decision,
    is_letter_date,
    of_claim,
    one_claim,
    with_claim,
)
from actions.dialogue.follow_ups.costs import tier_of_drug
from actions.dialogue.follow_ups.details import asks_until_when, detail_asked, plainly_of_last
from actions.dialogue.follow_ups.follow_up import follow_up
from actions.dialogue.follow_ups.lists import all_of_list
from actions.dialogue.follow_ups.subject import shared, with_subject
from actions.dialogue.follow_ups.topics import CLAIMS, SERVICES, SUMS, told_last
from actions.dialogue.general_first import is_personal
from actions.dialogue.going_back import earlier_topics
from actions.dialogue.going_further import of_the_same_sum
from actions.dialogue.grievances import (
    WHERE_IT_WAS,
    files_again,
    may_add,
    number_of_case,
    of_earlier_case,
    passed_on_already,
    takes_case_back,
    tells_on_of_case,
    told_afterwards,
    wants_no_complaint,
    wants_number,
    wants_to_add,
)
from actions.dialogue.handing_over import (
    FOR_A_PERSON,
    a_person_for,
    calls_nobody,
    line_for_last,
    nobody_called,
    stated_reason,
    waiting_for_a_person,
    willing,
)
from actions.dialogue.intents import intents
from actions.dialogue.needs import asks, asks_amid, asks_identity, asks_in_part, is_likely
from actions.dialogue.put_aside import met_later
from actions.dialogue.refusing import generally, looked_up_again, thinks_better
from actions.dialogue.turn import Turn
from actions.dialogue.ways_on import closed, names_other_card, of_what_is_closed
from actions.identity.another_speaker import gives_anothers_id
from actions.identity.put_on import HERE, may_speak, puts_on
from actions.identity.third_party import (
    EMPLOYER,
    INSTEAD,
    OFFICE,
    RELAY,
    about_somebody,
    company_alone,
    line_of_company,
    on_business,
    points_at_somebody,
    professional,
    redirected,
    says_own,
)
from actions.identity.third_party import INTENT as CALLER
from actions.identity.verify_first import wants_to_verify, wish
from alliance.answer import Answer
from alliance.aspects import RECORD, leans_back
from alliance.harsh import is_sarcastic, only_insults

# None: it is something else.
Taken = list[Item] | None
MOST_CHOICES = 3
MOST_SWEARING_WORDS = 3
# "Vietnamese please"
_MOST_LANGUAGE_WORDS = 3
# So likely two topics are together, that it is one of them.
_SURELY = 0.8
_TELL_COSTS = frozenset({"copay_cost", "benefit_covered", "cost_estimate"})
# So near an entry comes before what is asked of every topic alike.
_NEARER = 0.5
# "I just want to see my balance", said in anger at a lock.
_WANTS_IN = re.compile(
    r"\b(?:want|need|trying|tried|wanted|have|let me|can'?t(?: i)?|why can'?t i) (?:\w+ )?(?:to )?"
    r"(?:see|know|get|check|look|find|open|access)\b(?!.*\bcomplain)",
    re.IGNORECASE,
)
# The knowledge's entry of somebody else's number, which proves nothing.
_GIVES_NUMBER = "third-give-number"
# The aspects that ask when a case is answered.
_BY_WHEN = ("duration", "deadline")
_WHEN_HEARD = re.compile(
    r"\b(?:when|how (?:soon|long))\b.{0,40}"
    r"\b(?:hear|answer\w*|know|decid\w*|back|done|result\w*)\b",
    re.IGNORECASE,
)
# "What is the last day for my papers?": the member's own day, and not the answer's.
_HANDS_IN = re.compile(
    r"\b(?:send|sending|mail|fax|submit\w*|hand(?:ing)? in|papers?|documents?|records|notes)\b",
    re.IGNORECASE,
)
# What a reply told of a danger: that it is one, that it is over, or who listens.
# "Did you even read what I wrote", "what is this chat for" ask not what is kept.
_NOT_OF_RECORDS = frozenset({"feedback_negative", "feedback_positive", "ask_capabilities"})
_PRAISE = frozenset({"thank", "feedback_positive"})
_OF_DANGER = frozenset({"emergency", "all_clear", "safety"})
_ENROLLMENT = frozenset({"add_dependent", "remove_dependent", "end_coverage", "maternity_program"})
# Of how soon somebody new has to be told.
_BY_WHEN_ADDED = ("added-late", "added-until")
# Whose entries tell them what is kept from them, by who they are.
_OF_CALLERS = ("third-", "office-", "employer-", "proof-", "danger-")
# So likely it is danger, though not for sure.
_PERHAPS = 0.5
# Which answers from the member's file tell which part alone.
_PARTS = {
    "deductible_status": ("share", "since", "deadline"),
    "out_of_pocket_status": ("share", "since", "deadline"),
    "benefit_covered": ("permission", "count"),
    "drug_coverage": ("permission",),
    "drug_cost": ("cost", "share"),
    "mail_order_pharmacy": ("duration", "since", "count"),
    "contact_info": ("hours",),
}
_FROM_SOMEBODY = re.compile(
    r"\b(?:letters?|call(?:s|ed|er)?|texts?|e-?mails?|messages?|bills?|he|she|they|man|woman|guy)\b",
    re.IGNORECASE,
)
_A_COMPANY = re.compile(
    r"\W*(?:(?:it'?s|he'?s|she'?s|we'?re|i'?m|we|i|have|got|with|the|his|her|my|our|plan|card|is)\W+)*"
    r"[\w.]+(?: [\w.]+){0,2}\W*",
    re.IGNORECASE,
)
_DENIES = re.compile(r"\b(?:no|not|nope|nah|never|wrong|\w+n'?t)\b", re.IGNORECASE)
# So few words tell nothing.
_LEAST_TOLD = 3
# Asked on, also with a word that else calls something off.
_WHAT_THEN = re.compile(r"\W*(?:(?:and|but|so|ok(?:ay)?)\W+)*what (?:if|happens)\b", re.IGNORECASE)
_ASKS_MEANING = re.compile(
    r"\b(?:what|whats|how|differ\w*|means?|meaning|define|definition|explain)\b", re.IGNORECASE
)
# "And how is that different from a copay?" of a word that was explained: what the other one is.
_DIFFERS_FROM = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|so|but)\W+)*(?:how (?:is|are|does)|what makes|is|isn't|what'?s the "
    r"difference between)\W+(?:it|that|this|those|they)\W+(?:(?:any|really) )?"
    r"(?:different (?:from|than|to)|differ from|the same (?:as|thing as)|and|not) "
    r"(?:an? |the |my )?(?P<word>[\w -]{3,40}?)(?: then)?\W*",
    re.IGNORECASE,
)
_AND_WHAT = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|what about|how about|also)\W+)+(?:an? |the )?"
    r"(?P<word>[\w -]{3,40}?)\W*",
    re.IGNORECASE,
)


def take(turn: Turn, item: Item, today: date) -> list[Item]:
    """What of the question goes on the agenda; what needs no looking up is said at once."""
    for reading in _READINGS:
        taken = reading(turn, item, today)
        if taken is not None:
            return [_as_their_file_tells(turn, each, item, today) for each in taken]
    return [_as_their_file_tells(turn, each, item, today) for each in _looked_up(turn, item, today)]


def _as_their_file_tells(turn: Turn, asked: Item, item: Item, today: date) -> Item:
    """What is looked up for a question, by the member's own file and in part, where it can be."""
    return _in_part(turn, _by_own_file(turn, asked, item, today), item)


def _in_part(turn: Turn, asked: Item, item: Item) -> Item:
    """What is looked up, with what alone is asked of it: "how many refills are left?". Where
    another part of it still waits ("how many visits?", "and does it need approval?") all is told.
    """
    part = item.sure_aspect
    waits = turn.agenda[0].told.get(ASKED) if turn.in_form and turn.agenda else None
    if waits and part and waits == asked.told.get(ASKED) and waits != part:
        return replace(asked, told={n: v for n, v in asked.told.items() if n != ASKED})
    if part is None or {ASPECT, TERM, ASKED} & asked.told.keys():
        return asked
    return asked.tell(ASKED, part) if part in _PARTS.get(asked.intent, ()) else asked


def _by_own_file(turn: Turn, asked: Item, item: Item, today: date) -> Item:
    """What an entry of the knowledge would tell, by the member's own file, where that tells it
    better: which paper a claim lacks, how many refills are left.
    """
    aspect = asked.told.get(ASPECT)
    if aspect == "deadline" and asked.intent in OWN_DAYS and _told_from_file(turn, asked.intent):
        # The day that counts for them was told a moment ago.
        told = {name: value for name, value in asked.told.items() if name != ASPECT}
        return replace(asked, told={**told, "general": "said", ASKED: "deadline"})
    if turn.context.verified and asks_until_when(asked):
        # How to send receipts asks for more proof than their last day.
        told = {name: value for name, value in asked.told.items() if name != ASPECT}
        return replace(asked, intent="fsa_balance", told={**told, ASKED: "deadline"})
    if aspect is None or turn.context.verified is None:
        return asked
    own = own_topic(asked.intent, aspect, turn.partners, today)
    if own is None or own not in CLAIMS:
        # The plan's year is no one person's.
        aside = {ASPECT, "person"} if own in SUMS else {ASPECT}
        told = {name: value for name, value in asked.told.items() if name not in aside}
        asked = replace(asked, entities=()) if own in SUMS else asked
        told = {**told, ASKED: aspect}
        text = f"my referral on file, {item.text}" if own == "referral_question" else item.text
        return replace(asked, intent=own, text=text, told=told) if own else asked
    if own == "claim_denial" and not turn.memory.refused:
        own = "explain_eob"
    topic_told = turn.memory.topic["intent"] if turn.memory.topic else None
    if topic_told == own or any(
        said["intent"] == own and "item" in said for said in turn.memory.last
    ):
        # What its own answer left open, the entry tells.
        return asked
    if "claim" in turn.memory.subject:
        return Item(own, item.text, (), {**of_claim(turn.memory.subject), "general": "said"})
    listed = turn.memory.listed
    if listed and listed["intent"] in CLAIMS and (topic := turn.memory.topic):
        # Of several that were told: of those.
        return replace(Item.from_json(topic), intent=own).tell("general", "said")
    return asked


def _told_from_file(turn: Turn, intent: str) -> bool:
    """Whether the last answer was the member's own on this topic, looked up."""
    return turn.context.verified is not None and any(
        said.get("intent") == intent and "item" in said for said in turn.memory.last
    )


def drop(turn: Turn) -> None:
    """Leave what was being asked: "go back to my claim" finds it again."""
    if turn.agenda:
        earlier = earlier_topics(turn.agenda[0].to_json(), turn.memory.earlier, "")
        turn.memory = replace(turn.memory, earlier=earlier)
    turn.agenda.clear()
    turn.forget_factors()
    turn.failures.clear()


def let_choose(turn: Turn, item: Item) -> None:
    """Ask which of the likeliest topics is meant."""
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


def is_warned(turn: Turn) -> bool:
    """Whether the last answer told of 911."""
    return told_last(turn) == "emergency"


def is_alarmed(turn: Turn) -> bool:
    """Whether the last reply was of danger: a warning, or what is said to the news of it."""
    return is_warned(turn) or turn.memory.told in _OF_DANGER


def words_told(turn: Turn) -> str:
    """The last answer's words."""
    return str(turn.memory.last[-1].get("text", "")) if turn.memory.last else ""


def _said(turn: Turn, told: Answer) -> list[Item]:
    """Nothing is left of a question that is answered."""
    turn.say(told)
    return []


def _tier_of_drug(turn: Turn, item: Item, _today: date) -> Taken:
    found = tier_of_drug(turn, item)
    return [found] if found else None


def _a_word(turn: Turn, item: Item, today: date) -> Taken:
    if turn.memory.told in SERVICES and not _ASKS_MEANING.search(item.text):
        # "And urgent care versus my own doctor?" after a price asks for theirs.
        return None
    whole = _whole_question(turn, item.text)
    terms = asked_terms(whole, turn.partners, today)
    return [Item(terms[0].intent, whole, told={TERM: True})] if terms else None


def _a_part(_turn: Turn, item: Item, _today: date) -> Taken:
    return [item] if ASPECT in item.told else None


def _earlier_case(turn: Turn, item: Item, _today: date) -> Taken:
    told = of_earlier_case(turn, item)
    return _said(turn, told) if told else None


def _our_presence(turn: Turn, item: Item, _today: date) -> Taken:
    return _said(turn, present()) if asks_presence(item.text) else None


def _a_moment(turn: Turn, item: Item, _today: date) -> Taken:
    """Before "my kids are screaming" is taken for a question about them."""
    return _said(turn, patient()) if is_wait(item.text) else None


def _put_on(turn: Turn, item: Item, _today: date) -> Taken:
    if not puts_on(item):
        return None
    if turn.context.verified is not None:
        return _said(turn, may_speak())
    if turn.memory.caller in (None, RELAY) or item.intent == "emergency":
        return None
    # "She's standing right here": whoever called for them.
    return [asked_of(Item(CALLER, f"({turn.memory.caller})"), item, HERE)]


def _decision_of_claim(turn: Turn, item: Item, _today: date) -> Taken:
    """ "So was it approved?", while it is asked which claim is meant: it is of that one."""
    front = turn.agenda[0] if turn.in_form and turn.agenda else None
    return [] if front and front.intent in CLAIMS and asks_decision(item) else None


def _what_is_closed(turn: Turn, item: Item, _today: date) -> Taken:
    if not turn.barred:
        return None
    told = of_what_is_closed(turn, item.text)
    told_again = item.intent == "inform" or item.band != "accept"
    if told is None and told_again and item.first("member_id"):
        # Once more what did not fit.
        told = closed(turn)
    if told is None and item.intent in ("complaint", "feedback_negative"):
        # "This is ridiculous, I just want to see my balance": of the lock, and no grievance.
        told = closed(turn) if _WANTS_IN.search(item.text) else None
    return _said(turn, told) if told else None


def _what_is_kept(turn: Turn, item: Item, today: date) -> Taken:
    talks = item.is_sure and item.intent in _NOT_OF_RECORDS
    if talks or item.asked_for != RECORD or detail_asked(turn, item, today) is not None:
        return None
    return [Item("bot_challenge", item.text, told={ASPECT: RECORD})]


def _simpler(turn: Turn, item: Item, today: date) -> Taken:
    """The words for hearing are the shorter ones; data is looked up again."""
    told = told_last(turn)
    if (
        item.is_sure
        and not is_talk(item.intent)
        and {told, item.intent} <= CLAIMS
        and (told != item.intent)
    ):
        # "The reason again, in short": what was told last is something else.
        return None
    learnt = item.asks_for("simpler") and detail_asked(turn, item, today) is None
    if not ((asks_simpler(item.text) or learnt) and _told_something(turn)):
        return None
    again = _repeat(turn, briefly=True)
    if not again:
        turn.say(which_word())
    return again


def _all_of_list(turn: Turn, item: Item, _today: date) -> Taken:
    return all_of_list(turn, item) or None


def _number_of_case(turn: Turn, item: Item, _today: date) -> Taken:
    told = number_of_case(turn) if wants_number(turn, item) else None
    if isinstance(told, Item):
        return [told]
    return _said(turn, told) if told else None


def _no_complaint(turn: Turn, item: Item, _today: date) -> Taken:
    told = wants_no_complaint(item)
    return _said(turn, told) if told else None


def _case_again(turn: Turn, item: Item, _today: date) -> Taken:
    case = turn.memory.case_again() if files_again(turn, item) else None
    return [case] if case else None


def _case_back(turn: Turn, item: Item, _today: date) -> Taken:
    told = passed_on_already(turn) if takes_case_back(turn, item.text) else None
    return _said(turn, told) if told else None


def _calls_nobody(turn: Turn, item: Item, _today: date) -> Taken:
    if not calls_nobody(item.text):
        return None
    drop(turn)
    return _said(turn, nobody_called())


def _their_language(turn: Turn, item: Item, today: date) -> Taken:
    """Told how to get somebody who speaks it, they say which: that is whom they want."""
    told = turn.memory.told == "language_help"
    named = item.first("language") and len(item.text.split()) <= _MOST_LANGUAGE_WORDS
    if not told or item.intent != "language_help":
        return None
    if not named and (asks(item.text) or detail_asked(turn, item, today) is not None):
        return None
    return [a_person_for(item)]


def _company_of_caller(turn: Turn, item: Item, _today: date) -> Taken:
    """Told which company, whoever calls for another wants its people: nothing else is left here."""
    company = turn.partners.get(turn.memory.partner)
    others = [each for each in turn.questions if each.text != item.text]
    asked = asks_amid(item.text) or any(not is_talk(each.intent) for each in others)
    if asked or not company_alone(turn, item):
        return None
    reads = turn.context.channel == "chat"
    if company and reads and (turn.memory.caller == OFFICE or not on_business(turn)):
        return _said(turn, line_of_company(company))
    return [a_person_for(Item(CALLER, item.text, item.entities))]


def _names_company(turn: Turn, item: Item, _today: date) -> Taken:
    """A company and nothing else, after what is the same for each, or after they would not say who
    they are: it is kept, and nothing is told or asked once more.
    """
    company = turn.partners.get(turn.memory.partner)
    same = turn.memory.told == "deny" or (turn.memory.last and PART in turn.memory.last[-1])
    if turn.context.verified or turn.in_form or not (company and same):
        return None
    named = [each for each in item.entities if each["entity"] == "partner"]
    if not named or len(item.entities) > 1 or not _A_COMPANY.fullmatch(item.text):
        return None
    text = f"Thank you. For that you can call {line_of(company)}. What would you like to know?"
    speech = (
        f"Thank you. For that, call {line_of(company, spoken=True)}. What would you like to know?"
    )
    return _said(turn, Answer(text=text, speech=speech, kind="notice", intent="inform"))


def _appeal_of_caller(turn: Turn, item: Item, _today: date) -> Taken:
    """How somebody else appeals: the way is the same for everybody."""
    sure = (item.intent, item.band) == ("appeal", "accept") and not item.asked_for
    if not (turn.memory.caller and sure):
        return None
    return [redirected(turn, item, personal=True)]


def _kind_for_caller(turn: Turn, item: Item, today: date) -> Taken:
    """ "Who can I ask then?", of somebody on business who was told what is kept from them."""
    a_line = item.intent == "contact_info" and item.first("partner") is None
    aspect = "where" if a_line else item.sure_aspect
    told = on_business(turn) and turn.memory.told == CALLER
    if not (told and aspect and knows_aspect(CALLER, aspect, turn.partners, today)):
        return None
    entry = detail(CALLER, item.near(surely=True), turn.partners, today)
    if entry and entry[0] >= _NEARER:
        return None
    # Of a newborn whom they told of before: by when the child has to be put on.
    topic = turn.memory.topic or {}
    before = str(topic["text"]) if topic.get("intent") == CALLER else ""
    return [asked_of(Item(CALLER, f"{before} ({turn.memory.caller})".strip()), item, aspect)]


def _rule_for_caller(turn: Turn, item: Item, today: date) -> Taken:
    """Somebody on business asks "does he have to drop his plan": what holds for everybody."""
    nearest = item.details[0] if item.details else None
    if not on_business(turn) or nearest is None or not nearest.surely:
        return None
    if turn.memory.caller == OFFICE:
        # Of a patient, whatever it sounds like.
        return None
    if professional(item.text) and not asks_amid(item.text):
        # "HR here": who they are, and no question.
        return None
    kept_from_them = nearest.entry.startswith(_OF_CALLERS) and nearest.entry != HERE
    if nearest.nearness < _NEARER or kept_from_them:
        return None
    found = rule(nearest.entry, turn.partners, today)
    if found and found.intent in _ENROLLMENT and turn.memory.caller == EMPLOYER:
        # Whoever is told to ask their employer is the employer.
        if is_newborn(item.text):
            return [redirected(turn, item, personal=True)]
        timely = found.id in _BY_WHEN_ADDED or item.asks_for("deadline", "duration")
        aspect = "deadline" if timely else "way"
        return [asked_of(Item(CALLER, f"{item.text} ({EMPLOYER})"), item, aspect)]
    return [asked_of(Item(found.intent, item.text), item, found.id)] if found else None


def _asked_on(turn: Turn, item: Item, today: date) -> Taken:
    meant = about_call_back(turn, item) or follow_up(turn, item, today)
    if isinstance(meant, Answer):
        return _said(turn, meant)
    if meant is None and (same := of_the_same_sum(turn, item)) is not item:
        return [same]
    meant = meant or plainly_of_last(turn, item, today)
    by_when = meant and (
        meant.told.get(ASPECT) in _BY_WHEN
        or item.asks_for("duration")
        or _WHEN_HEARD.search(item.text)
    )
    if meant and meant.told.get(ASPECT) == "way" and _is_filed(turn, meant):
        # It is on its way already.
        return [meant.tell(ASPECT, "next")]
    if meant and by_when and _is_filed(turn, meant) and not _HANDS_IN.search(item.text):
        # The day is known, and no rule is.
        case = turn.memory.case_again()
        return [case] if case else [meant]
    return None if meant is None else [meant]


def _of_filed(turn: Turn, item: Item, today: date) -> Taken:
    """What can only be asked of the case that was just passed on: by when somebody answers, and
    what holds until then.
    """
    filed = turn.memory.filed
    if filed is None or turn.in_form or item.intent == "emergency" or stands_alone(turn, item):
        return None
    just_told = turn.memory.told == filed["intent"] != "id_card" and not item.entities
    if just_told and _WHEN_HEARD.search(item.text) and not _HANDS_IN.search(item.text):
        case = turn.memory.case_again()
        return [case] if case else None
    if not item.asks_for("meanwhile"):
        return None
    entry = detail(filed["intent"], item.near(surely=True), turn.partners, today)
    return [asked_of(Item(filed["intent"], item.text), item, entry[1])] if entry else None


def _why_who(turn: Turn, _item: Item, _today: date) -> Taken:
    """ "Why should I tell you who I am?", asked before all that it may sound like."""
    told = about_identity(turn) if asks_why_who(turn.text) else None
    return _said(turn, told) if told else None


def _is_filed(turn: Turn, item: Item) -> bool:
    """Whether it is asked of a case of the kind that was passed on here last; when a card comes, a
    rule tells.
    """
    filed = turn.memory.filed
    return filed is not None and filed["intent"] == item.intent != "id_card"


def _in_general(turn: Turn, item: Item, _today: date) -> Taken:
    return generally(turn, item)


def _on_business(turn: Turn, item: Item, _today: date) -> Taken:
    """Somebody says for whom they call, and nothing that is understood besides."""
    if turn.context.verified or professional(item.text) is None:
        return None
    if item.band == "accept" and item.intent not in ("out_of_scope", "inform", "greet"):
        return None
    return [redirected(turn, item, personal=True)]


def _another_insurer(turn: Turn, item: Item, _today: date) -> Taken:
    if item.intent != "out_of_scope" or not names_other_insurer(item.text):
        return None
    return _said(turn, elsewhere(turn.partners))


def _one_claim(turn: Turn, item: Item, today: date) -> Taken:
    # An office that calls about a patient is told no claim.
    return None if on_business(turn) else one_claim(turn, item, today) or None


def _anothers_id(turn: Turn, item: Item, _today: date) -> Taken:
    if item.intent != "inform" or not gives_anothers_id(turn):
        return None
    if turn.memory.caller and turn.context.verified is None:
        entry = INSTEAD if on_business(turn) else _GIVES_NUMBER
        return [asked_of(Item(CALLER, f"({turn.memory.caller})"), item, entry)]
    return _said(turn, why_withheld())


def _to_verify(turn: Turn, item: Item, _today: date) -> Taken:
    """What they would not say who they are for is what they mean, also after other questions."""
    topics = (each for each in recent(turn) if each.intent in turn.memory.declined)
    declined = next(topics, None)
    thinks_again = declined is not None and thinks_better(turn, item)
    if not (thinks_again or wants_to_verify(turn, item)):
        return None
    return [wish(item) if declined is None else looked_up_again(declined)]


def _own_after_all(turn: Turn, item: Item, _today: date) -> Taken:
    """ "Can I ask about my own plan?", of who spoke for another: who they are is asked for that."""
    unsure = item.band != "accept" or is_talk(item.intent)
    if not (turn.memory.caller and unsure and says_own(item.text)):
        return None
    turn.memory = replace(turn.memory, caller=None)
    return [wish(item)]


def _of_identity(turn: Turn, item: Item, _today: date) -> Taken:
    told = about_identity(turn) or willing(turn, item)
    return _said(turn, told) if told else None


def _distrust(turn: Turn, item: Item, _today: date) -> Taken:
    if not (distrusts(item.text) and _is_of_us(item)):
        return None
    return _said(turn, trust_is_theirs(our_lines(turn.partners)))


def _small_talk(turn: Turn, item: Item, _today: date) -> Taken:
    if announces(item.text):
        return _said(turn, ready())
    if turn.memory.last and knocks(item.text):
        return _said(turn, present())
    only = len(turn.questions) == 1
    if only and (is_farewell(item.text) or (not turn.in_form and wants_nothing_more(item.text))):
        return _said(turn, talk("goodbye"))
    return None


def _of_others(turn: Turn, item: Item, _today: date) -> Taken:
    return [redirected(turn, item, personal=True)] if _is_of_others(turn, item) else None


def _only_angry(turn: Turn, item: Item, _today: date) -> Taken:
    if item.is_sure and item.intent in _PRAISE and not is_sarcastic(item.text):
        # "Thank you for not making me feel stupid."
        return None
    hardly = _hardly_asks(turn, item) and told_afterwards(turn, item) is None
    if not (turn.harsh and (hardly or _insults(turn, item))):
        return None
    return _said(turn, calm(again=turn.memory.told in ("calm", "feedback_negative")))


def _cancelled(turn: Turn, item: Item, today: date) -> Taken:
    """The likeliest topic of "forget that, find me a dentist"; a mere "stop" is confirmed. "What if
    I forget?" is asked on.
    """
    if item.intent != "cancel":
        return None
    if _WHAT_THEN.match(item.text):
        return take(turn, replace(item, intent="inform", band="confirm"), today)
    drop(turn)
    if len(turn.questions) != 1:
        return []
    other = next((name for name, _ in turn.ranking if not is_talk(name)), None)
    if item.entities and other and item.band != "accept":
        return [replace(item, intent=other, band="accept")]
    return _said(turn, passed_on_already(turn) or stopped(item.text))


def _adds_to_case(turn: Turn, item: Item, _today: date) -> Taken:
    if not wants_to_add(turn, item):
        return None
    told = may_add(turn)
    return _said(turn, told) if told else []


def _told_of_case(turn: Turn, item: Item, today: date) -> Taken:
    """What is surely only told: "her name was Deb"."""
    if is_letter_date(turn, item):
        # From it the last day is counted.
        return None
    told = (
        (item.intent, item.band) == ("inform", "accept")
        or item.intent in WHERE_IT_WAS
        or tells_on_of_case(turn, item)
    )
    return _added_to_case(turn, item, today) if told else None


def _what_was_left(turn: Turn, _item: Item, today: date) -> Taken:
    """ "My ZIP is 05401", of the search that other questions came between."""
    met = met_later(turn, today) if len(turn.questions) == 1 else None
    return [met] if met else None


def _added_to_case(turn: Turn, item: Item, _today: date) -> Taken:
    more = told_afterwards(turn, item)
    return [more] if more else None


# "How do I know this is really my insurance?"
_HOW_KNOWN = re.compile(
    r"\W*(?:(?:so|but|and|ok(?:ay)?|well|hi|hello|wait)\W+)*how (?:do|can|would) (?:i|we) know "
    r"(?:that )?(?:this|you)\b",
    re.IGNORECASE,
)
# How near an entry of the likeliest topic must be to be told rather than asked about.
_AGREED = 0.5


def _unsure(turn: Turn, item: Item, today: date) -> Taken:
    if not _is_unsure(turn, item):
        return None
    if names_nothing_else(item) and (alone := thing_alone(replace(item, intent="inform"))):
        # "Nutritionist?"
        return [alone]
    if item.first("provider") and (of_one := _asked_of_one(turn)):
        # "Can you tell me if Dr. Trialova is taking patients?"
        return _looked_up(turn, replace(item, intent=of_one, band="accept"), today)
    if of_care := _asked_of_care(turn, item):
        return _looked_up(turn, replace(item, intent=of_care, band="accept"), today)
    if "factor_member_id" in turn.factors and turn.context.verified is None:
        # Who they are was told with it: that is kept, and what they want asked once it is known.
        return [wish(item)]
    rule = detail(item.intent, item.near(surely=True), turn.partners, today)
    if rule and rule[0] >= _AGREED and asks_in_part(item.text):
        # The likeliest topic, and what is nearest to it: no more can be asked back.
        return [asked_of(item, item, rule[1])]
    few = len(item.text.split()) < _LEAST_TOLD and not (item.named or asks_in_part(item.text))
    if few and turn.memory.topic and turn.memory.told == turn.memory.topic["intent"]:
        # "Damn", to a price.
        return _said(turn, _i_see(turn, turn.memory.topic))
    let_choose(turn, item)
    return []


def _repeated(turn: Turn, item: Item, _today: date) -> Taken:
    return _repeat(turn) if item.intent == "repeat" else None


def _caller_tells(turn: Turn, item: Item, _today: date) -> Taken:
    """Somebody for another, who only tells something or in words that nobody understands: what
    holds for them.
    """
    tells = item.band == "reject" or item.intent == "inform"
    if not turn.memory.caller or not (tells or is_protest(item.text) or is_presence(item.text)):
        return None
    return [redirected(turn, item, personal=True)]


def _thing_alone(_turn: Turn, item: Item, _today: date) -> Taken:
    search = thing_alone(item)
    return [search] if search else None


def _told_of_it(turn: Turn, item: Item, _today: date) -> Taken:
    """Something of the family is told after a rule, and nothing asked: "he lives with his mom"."""
    named = {each["entity"] for each in item.entities}
    unclear = item.intent == "inform" or (item.band != "accept" and tells_what_was_done(item.text))
    of_them = tells_of_them(item.text) or is_bare_fact(item.text)
    told = unclear and named <= {"relation", "date"} and of_them
    if not told or turn.memory.topic is None or turn.memory.caller:
        return None
    if item.intent not in ("inform", "out_of_scope", turn.memory.topic["intent"]):
        # "I lost my ID card", after a limit: of another matter, though not for sure.
        return None
    return _said(turn, _i_see(turn, turn.memory.topic))


def _i_see(turn: Turn, topic: Mapping[str, Any]) -> Answer:
    """To what is only told of the topic; the look-up of it is offered, or offered once more."""
    title = intents()[topic["intent"]].title
    text = f"Thank you, I see. What would you like to know about {title}?"
    about = Item.from_json(topic)
    in_general = turn.context.verified is None and intents()[about.intent].general
    if in_general and is_personal(about) and about.intent not in turn.memory.declined:
        turn.memory = replace(turn.memory, offered=topic)
        return Answer(text="I see.", speech="I see.", kind="notice", intent=about.intent)
    return Answer(text=text, speech=text, kind="notice", intent="inform")


def _not_understood(turn: Turn, item: Item, _today: date) -> Taken:
    """No value of anything: what is only told ("it's for my knee"), or a question that leans on
    what was said, and is not understood.
    """
    topic = turn.memory.topic
    hardly = item.intent == "feedback_positive" and item.band != "accept"
    if not (item.intent == "inform" or hardly) or not topic or item.entities:
        return None
    few = len(item.text.split()) < _LEAST_TOLD
    # "The biggest one" picks something, which is not understood.
    picks = re.search(r"\bones?\b", item.text, re.IGNORECASE) is not None
    asks = few or picks or asks_in_part(item.text) or turn.memory.caller or topic["intent"] in CASES
    return _said(turn, talk("unclear") if asks else _i_see(turn, topic))


def _talk(turn: Turn, item: Item, _today: date) -> Taken:
    if item.intent == "deny" and item.band != "accept" and not _DENIES.search(item.text):
        # "Even though he's younger?"
        return _said(turn, talk("unclear"))
    return _said(turn, talk(item.intent)) if is_talk(item.intent) else None


# In this order: the first that takes the question has it.
_READINGS: tuple[Callable[[Turn, Item, date], Taken], ...] = (
    _tier_of_drug,
    _a_word,
    _a_part,
    _earlier_case,
    _our_presence,
    _a_moment,
    _put_on,
    _decision_of_claim,
    _what_is_closed,
    _what_is_kept,
    _simpler,
    _all_of_list,
    _number_of_case,
    _no_complaint,
    _case_again,
    _case_back,
    _calls_nobody,
    _their_language,
    _company_of_caller,
    _names_company,
    _appeal_of_caller,
    _adds_to_case,
    _told_of_case,
    _kind_for_caller,
    _rule_for_caller,
    _in_general,
    _why_who,
    _of_filed,
    _asked_on,
    _on_business,
    _another_insurer,
    _one_claim,
    _anothers_id,
    _to_verify,
    _own_after_all,
    _of_identity,
    _distrust,
    _small_talk,
    _of_others,
    _only_angry,
    _cancelled,
    _what_was_left,
    _added_to_case,
    _told_of_it,
    _unsure,
    _repeated,
    _caller_tells,
    _thing_alone,
    _not_understood,
    _talk,
)


def _looked_up(turn: Turn, item: Item, today: date) -> list[Item]:
    """A question by itself, with what the conversation already tells about it."""
    of_subject = with_subject(turn, shared(turn, item, today), today)
    known = _known(turn, of_subject, today)
    return [redirected(turn, known, personal=asks_identity(turn, item))]


def _known(turn: Turn, item: Item, today: date) -> Item:
    """What the conversation already tells about a new question."""
    if item.intent in FOR_A_PERSON and (reason := stated_reason(turn, item)):
        return item.tell("reason", reason)
    if item.intent == "speak_to_agent" and turn.barred:
        return item.tell("reason", "who they are could not be confirmed")
    if item.intent in ("speak_to_agent", "request_callback") and turn.memory.topic:
        topic = Item.from_json(turn.memory.topic)
        return item.tell("reason", intents()[topic.intent].title)
    if item.intent == "speak_to_agent" and (waiting := waiting_for_a_person(turn)):
        return item.tell("reason", intents()[waiting.intent].title)
    if item.intent == "request_callback" and turn.memory.wanted:
        return item.tell("reason", turn.memory.wanted)
    if company := line_for_last(turn, item, today):
        return item.tell("company", company)
    return with_claim(turn, item, today)


def _repeat(turn: Turn, *, briefly: bool = False) -> list[Item]:
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


def _told_something(turn: Turn) -> bool:
    """Whether there is an answer of ours that may not have been understood."""
    told = told_last(turn)
    closed_to_them = turn.barred or turn.outside or turn.memory.withheld
    return told is not None and not (closed_to_them or is_talk(told) or is_warned(turn))


def _is_unsure(turn: Turn, item: Item) -> bool:
    """Whether to ask which topic was meant before anything is looked up."""
    return (
        item.band == "confirm"
        and not _is_of_claims_anyway(turn)
        and not (turn.in_form and is_likely(turn))
        and len(turn.questions) == 1
        and (not is_talk(item.intent) or _hardly_leaves(item))
        and item.intent != "speak_to_agent"
    )


def _asked_of_one(turn: Turn) -> str | None:
    """The likeliest topic, of a question that names a doctor or place, where it is of those."""
    likeliest = next((name for name, _ in turn.ranking if not is_talk(name)), None)
    return likeliest if likeliest in ("provider_details", "check_network") else None


def _asked_of_care(turn: Turn, item: Item) -> str | None:
    """The likeliest of the topics that tell what a kind of care costs, of a question that names
    one: each of them tells that it is covered, and what is paid for it.
    """
    likeliest = [name for name, _ in turn.ranking if not is_talk(name)][:MOST_CHOICES]
    care = item.first("service") if likeliest else None
    if care is None or not asks_in_part(item.text):
        return None
    of_a_claim = bool(item.named & {"date", "claim_number"}) or likeliest[0] in CLAIMS
    if of_a_claim:
        return None
    return next(
        (name for name in likeliest if name in _TELL_COSTS or care in IN_FILE.get(name, ())), None
    )


def _is_of_others(turn: Turn, item: Item) -> bool:
    """Whether nobody can tell for sure what is asked, and clear that it is not of their own."""
    unsure = _is_unsure(turn, item)
    if turn.memory.caller and item.intent == "inform" and names_other_card(turn):
        # Somebody else's ID opens nothing, and asks for nothing.
        return turn.context.verified is None
    if on_business(turn):
        of_us = item.intent in ("out_of_scope", "ask_capabilities", "bot_challenge")
        return unsure or of_us
    if turn.memory.caller and turn.memory.told == CALLER and item.band == "confirm":
        return leans_back(item.text) or points_at_somebody(item.text)
    if turn.memory.caller and (unsure or item.intent == "out_of_scope"):
        return points_at_somebody(item.text)
    hardly = unsure or item.band == "reject"
    return hardly and about_somebody(item.text, personal=asks_identity(turn, item))


def _is_of_us(item: Item) -> bool:
    """Whether words of distrust are of this chat: a fraud that is reported is somebody else's."""
    reports = item.intent == "report_fraud" and not _FROM_SOMEBODY.search(item.text)
    asks_how = _HOW_KNOWN.match(item.text) is not None
    return item.band != "accept" or is_talk(item.intent) or reports or asks_how


def _whole_question(turn: Turn, text: str) -> str:
    """ "And coinsurance?" after another word was explained, or something else was told that holds
    for everybody, asks what that is.
    """
    last = turn.memory.last[-1] if turn.memory.last else {}
    in_general = turn.context.verified is None and not turn.in_form and "text" in last
    explained = TERM in last or in_general
    if TERM in last and (other := _DIFFERS_FROM.fullmatch(text)):
        return f"what is {other['word']}?"
    found = _AND_WHAT.fullmatch(text) if explained else None
    return f"what is {found['word']}?" if found else text


def _hardly_leaves(item: Item) -> bool:
    """Whether a farewell was understood, for no word of one: "I only have two days left"."""
    return item.intent == "goodbye" and not sounds_of_leaving(item.text)


def _is_of_claims_anyway(turn: Turn) -> bool:
    """Whether a bill and its claim are all that it can be: of a claim either is told."""
    likely = [(name, sure) for name, sure in turn.ranking if not is_talk(name)][:2]
    of_claims = {name for name, _ in likely} <= CLAIMS
    # "I been to the ER in March and got two bills": with its day it is one, or they will say.
    first = turn.questions[0]
    dated = "date" in first.named and first.band == "confirm" and first.intent in CLAIMS
    danger = dict(turn.ranking).get("emergency", 0.0) >= _PERHAPS
    return (of_claims and sum(sure for _, sure in likely) >= _SURELY) or (dated and not danger)


def _hardly_asks(turn: Turn, item: Item) -> bool:
    """Whether hard words ask nothing that could be answered, or nothing that was understood; what
    names something ("give me the MVP number, idiot") is at least asked back.
    """
    unclear = item.band == "reject" or (item.band == "confirm" and not item.entities)
    # "You stink. Are you even a person?" is answered.
    of_us = item.intent in ("bot_challenge", "ask_capabilities") and asks_in_part(item.text)
    talks = is_talk(item.intent) and not (of_us and item.band == "accept")
    return unclear or talks or _only_swears(turn, item)


def _insults(turn: Turn, item: Item) -> bool:
    """Whether what was taken for a complaint complains of nothing. While a complaint is told, it is
    of that.
    """
    telling = bool(turn.agenda) and turn.agenda[0].intent in CASES
    return item.intent == "complaint" and not telling and only_insults(item.text)


def _only_swears(turn: Turn, item: Item) -> bool:
    """Whether a few hard words name nothing, and so ask nothing."""
    few = len(turn.text.split()) <= MOST_SWEARING_WORDS
    return few and not item.entities and item.intent not in (*CASES, "speak_to_agent")
