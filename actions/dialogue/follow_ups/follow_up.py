"""What a short message means after what was said before: "the second one", "more", "and dental?",
"no, the May one", "what about my daughter?", "how much was it?".

Each module beside this one knows what is asked on about one thing; the first that knows the words
decides.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from actions.answers.cases import CASES
from actions.answers.general import knows_aspect
from actions.answers.talk import is_talk
from actions.dialogue.agenda import ASKED, Item
from actions.dialogue.asides import drops, is_heard, is_protest, why_withheld
from actions.dialogue.context import (
    ASPECT,
    asked_of,
    aspect_asked,
    aspect_untold,
    known_by,
    leant_on,
    likely_meant,
    recent,
    same_matter,
    stands_alone,
)
from actions.dialogue.follow_ups.again import on_another_day, told_again
from actions.dialogue.follow_ups.aspects import by_aspect, in_writing
from actions.dialogue.follow_ups.carrying_on import (
    carried_on,
    is_slip,
    meant,
    names_nothing_else,
    one_s_own,
    priced_before,
    with_values,
)
from actions.dialogue.follow_ups.claims import (
    beyond_network,
    billed_beside,
    counted_toward,
    is_letter_date,
    of_claims,
    of_its_state,
    paid_beside,
    paid_for_it,
    said_of_it,
    share_of_one,
    to_be_fixed,
    urgent_now,
)
from actions.dialogue.follow_ups.costs import (
    covered_there,
    needs_permission,
    of_costs,
    of_own_sum,
    other_drug,
    price_if,
    sum_of_teeth,
)
from actions.dialogue.follow_ups.details import (
    detail_asked,
    is_on_file,
    kind_asked,
    names_referral,
    tells_own_file,
    until_when,
)
from actions.dialogue.follow_ups.doubts import in_doubt, what_was_asked
from actions.dialogue.follow_ups.lists import as_own_doctor, of_list
from actions.dialogue.follow_ups.people import (
    is_of_another,
    met_theirs,
    of_one_named,
    of_their_own,
    part_of_sum,
    points_at_another,
    with_person,
)
from actions.dialogue.follow_ups.places import (
    narrowed,
    of_places,
    one_elsewhere,
    where_given,
    which_of_them,
)
from actions.dialogue.follow_ups.records import (
    field_told,
    with_part,
)
from actions.dialogue.follow_ups.served import served
from actions.dialogue.follow_ups.topics import (
    ABOUT_PROVIDERS,
    AGAIN,
    CLAIMS,
    COVERAGE,
    DRUGS,
    SEARCHES,
    SERVICES,
    SUMS,
    is_short,
    last_topic,
    told_last,
    topics_of,
)
from actions.dialogue.follow_ups.whose import then_own, wants_own_instead, whose
from actions.dialogue.going_back import gone_back, of_earlier
from actions.dialogue.going_further import (
    going_further,
    left_of_the_sum,
    objection,
    of_own_record,
    of_the_same_sum,
    picked_request,
    to_file,
)
from actions.dialogue.needs import asks, asks_identity, asks_in_part, would_move
from actions.dialogue.newcomers import of_enrolling
from actions.dialogue.reading import DONE_AT, entity_zip, is_name_alone, is_one_name
from actions.dialogue.times import times_of
from actions.dialogue.turn import Turn
from actions.dialogue.ways_on import (
    UNREACHED,
    asks_what_now,
    asks_without_proof,
    names_other_card,
    no_permission,
    not_ours,
    of_what_is_closed,
    protests,
    tries_again,
    what_now,
    why,
)
from actions.identity.step_up import NO_CODE
from actions.identity.third_party import is_mine, points_at_somebody
from alliance.answer import Answer
from alliance.aspects import KINDS, leans_back, names_no_matter
from alliance.spoken import MONTHS

# "What about weekends?", "and by e-mail?" of the lines to call.
_OF_LINES = re.compile(
    r"\W*(?:(?:ok(?:ay)?|and|but|so|what about|how about|also|or|is it|are you|are they|open|there|"
    r"even|still|actually|can i|do you|do they|have)\W+)*(?:on |by |at |in |an? |the |during |"
    r"after )*(?:the )?"
    r"(?:weekends?|saturdays?|sundays?|nights?|evenings?|mornings?|holidays?|tonight|tomorrow|"
    r"e-?mails?|write|fax|late|early|text|work|hours|\d+ ?(?:am|pm|a\.m\.|p\.m\.))"
    r"(?: (?:address|too|as well|then|you|them|number|hours|instead))*\W*|"
    r"\W*(?:(?:ok(?:ay)?|and|but|so)\W+)*(?:what(?:'?s| are| is)? (?:the(?:ir|ese|se)? |your )?"
    r"(?:opening |business )?(?:hours|times?)(?: (?:are|do) (?:they|you|the phones?)(?: open| "
    r"close| "
    r"there| available)?)?|(?:until |till )?(?:when|what time|how late) (?:do|are|is|does) "
    r"(?:they|you|the (?:line|phones?|office)|somebody|someone) (?:open|close|there|answer|"
    r"available))"
    r"(?: (?:today|tomorrow|tonight|now))*\W*",
    re.IGNORECASE,
)
_IN_WRITING = re.compile(r"\b(?:e-?mails?|write|fax|text|address)\b", re.IGNORECASE)
_SHOULD_BE = re.compile(
    r"(?P<slip>.*)\b(?:should (?:be|have been|read)|i (?:really )?meant?(?: to say)?|"
    r"make (?:that|it))\W+(?=\w)",
    re.IGNORECASE,
)
_TWO_KINDS = re.compile(r"\b(hmo|ppo|pos|epo)s?\b.*\b(?!\1)(?:hmo|ppo|pos|epo)s?\b", re.IGNORECASE)
# The knowledge's entry of a card on the member's own phone.
_CARD_ON_PHONE = "card-on-phone"
# What is asked of that form, after it was told that a permission is needed.
_OF_FORM = ("where", "documents")
# The knowledge's entry of where the permission form is.
_FORM = "representative-form"
# "Can I get one sent?" after the card was shown.
_ANOTHER_CARD = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|but|please|yes|well)\W+)*(?:(?:can|could|would|will|may) (?:i|"
    r"you|we) "
    r"(?:please |also |still )?)?(?:get|have|send|mail|order|print|need)(?: me| us)?(?: out)? "
    r"(?:one|it|another(?: one)?|a (?:new|fresh|plastic|paper|real|physical) (?:one|card))"
    r"(?: (?:sent|mailed|shipped|out|to me|please|again|by mail|in the mail|home|instead))*\W*",
    re.IGNORECASE,
)
_OURS = re.compile(
    r"\b(?:your|ur|you guys'?|y'all'?s) (?:\w+ )?"
    r"(?:number|no|phone|line|address|hours|fax|e-?mail)\b|"
    r"\b(?:do|are|will) (?:you|u)(?: guys| people| all)? (?:open|close|closed)\b",
    re.IGNORECASE,
)
# "Can you fix it?" of a name on the card asks for no other card.
_MENDS = re.compile(r"\b(?:fix|correct|change|mend|spell|update|edit)\w*\b", re.IGNORECASE)
_NAME_ON_CARD = "card-fix-here"
_NEW_CARD = "mail me a new card"
_SAY_AGAIN = re.compile(
    r"\W*(?:(?:sorry|wait|oops|what|please|can you|could you)\W+)*(?:say|repeat|tell me) "
    r"(?:that|it|this)(?:\W+(?:again|once more|one more time|please))*\W*",
    re.IGNORECASE,
)
# "Can I send it?" asks for nothing on paper.
_I_SEND = re.compile(r"\b(?:i|we) (?:just |also )?(?:send|mail|fax|e-?mail)\b", re.IGNORECASE)
# "How long can she stay on my insurance?", and the knowledge's entry of it.
_STAYS_ON = re.compile(
    r"\bhow long\b.{0,20}\b(?:he|she|they|my \w+)\b.{0,12}\b(?:stay|be|remain|keep)\b.{0,12}\bon\b",
    re.IGNORECASE,
)
_UNTIL_AGE = "child-26"
_CHILDREN = frozenset({"son", "daughter", "child"})
# "Does my doctor in Rochester still count?": who has one looks for none.
_MY_DOCTOR = re.compile(
    r"\b(?:is|does|do|can|will|are)\b.{0,12}\bmy (?:\w+ )?(?:doctor|dr|pcp|pediatrician)\b",
    re.IGNORECASE,
)
_PUTS_RIGHT = re.compile(r"\W*(?:no+|nope|not|sorry|wait|actually|oops|i mean|i meant)\b", re.I)
_ON_FILE = re.compile(
    r"\b(?:change|update|correct|tell|file|records?|system|mail|letters?)\b", re.IGNORECASE
)
_SOUGHT = frozenset({"specialty", "facility", "service", "provider", "language"})
_WHO_INSURES = re.compile(
    r"\b(?:who|which)\b.{0,15}\b(?:my|our) (?:insurance|insurer|plan|health plan|coverage)\b|"
    r"\bwho (?:covers|insures) (?:me|us)\b",
    re.IGNORECASE,
)
_PAYS_FIRST = re.compile(r"\b(?:first|primary|second(?:ary)?|main)\b", re.IGNORECASE)
# So sure a message must be of another matter that points back at the last one.
_SURE_OF_ANOTHER = 0.9
_THEIR_NAME = re.compile(r"\b(?:his|her|their) name\b", re.IGNORECASE)
# "Why can't I see Finn's?"
_CANT_SEE = re.compile(
    r"\bwhy (?:can'?t|can not|cannot|won'?t|don'?t|aren'?t|am i not|am not) (?:i|you|we)?\b.{0,12}"
    r"\b(?:see|show|tell|look|allowed|let|get|view|hear)",
    re.IGNORECASE,
)
# After somebody else's records stayed closed: how they can be opened; and one's own.
_ALLOWING = ("way", "documents", "fix", "next")
_THE_FORM = re.compile(r"\b(?:that|this|such an?|any) (?:permission |consent )?form\b", re.I)
_GOES_ON_TO_ASK = re.compile(r"[.!;]\s+\w[^.!]*\?")
# "I want my sister to talk to you for me": the member's own permission, and no one's to them.
_SPEAKS_FOR_ME = re.compile(
    r"\b(?:for me|on my behalf|than me|do(?:ing)? (?:all )?the talking|"
    r"(?:talk|speak)\w* (?:to|with) (?:you|my \w+)|about (?:my|mine)|"
    r"my (?:things|stuff|account|business|info\w*|records)|share (?:my|mine))\b",
    re.IGNORECASE,
)
_CAN_TELL = re.compile(
    r"\b(?:nothing|anything|something|tell|say|show|help|her|him|she|he|them|then)\b", re.IGNORECASE
)
_WHAT_CAN_YOU = re.compile(
    r"\W*(?:(?:and|but|ok(?:ay)?|so|then|well)\W+)*what(?: else)? (?:can|do) (?:you|u|ya)\b", re.I
)
_TOLD_AGAINST = frozenset({"inform", "out_of_scope", "feedback_negative"})
_OWN_INSTEAD = re.compile(r"\b(?:my own|mine)\b", re.IGNORECASE)
_FOR_ME = re.compile(
    r"\W*(?:(?:and|but|ok(?:ay)?|so)\W+)*(?:what about|how about|for|about)? ?me\W*", re.I
)


def _another_card(turn: Turn) -> Item:
    """A card by mail; one that was ordered a moment ago is not ordered again."""
    filed = turn.memory.filed
    ordered = filed is not None and filed["intent"] == "id_card"
    return (turn.memory.case_again() if ordered else None) or Item("id_card", _NEW_CARD)


def _waits_with_it(turn: Turn, item: Item) -> Item | None:
    """The claim that waits until it is known who asks, where more is asked of it: "and what will I
    have to pay for it?". No rule tells that before the claim is told.
    """
    front = turn.agenda[0] if turn.in_form and turn.agenda else None
    if front is None or front.intent not in CLAIMS or ASPECT in front.told:
        return None
    asks_of_it = item.sure_aspect in ("share", "paid") and not item.named - {"amount"}
    if not asks_of_it or not asks_identity(turn, front):
        return None
    if item.is_sure and item.intent not in (*CLAIMS, "premium_payment"):
        return None
    return front


def _share_of_that_care(turn: Turn, item: Item) -> Item | None:
    """ "How much is mine?", after it was told which company covers a bill's day: of its claim."""
    topic = turn.memory.topic
    told = topic is not None and topic["intent"] == turn.memory.told == "which_plan_covers_me"
    if topic is None or not told or turn.context.verified is None or turn.in_form or item.named:
        return None
    day = Item.from_json(topic)
    of_share = item.sure_aspect in ("share", "paid", "cost") and is_short(item)
    if not (of_share and day.first("date") and _OF_CARE.search(day.text)):
        return None
    return Item("claim_status", day.text, day.entities)


def _of_last_after_all(turn: Turn, item: Item, today: date) -> Item | None:
    """What points back, names nothing and is hardly sure to be of another matter ("so can my doctor
    still send it?" after a denial): of what was told last, where an entry of that is near at all.
    """
    likeliest, sure = next(iter(turn.ranking), ("", 0.0))
    points = leans_back(item.text) and not item.named and item.first("relation") is None
    hardly = item.is_sure and likeliest == item.intent and sure < _SURE_OF_ANOTHER
    last = turn.memory.topic["intent"] if turn.memory.topic else None
    if item.intent in CASES and not asks_in_part(item.text):
        # "Make sure that nothing comes to the house about it": the case itself.
        return None
    # "What about now, who is my insurance?" names what it asks.
    own = item.intent in COVERAGE
    if item.is_alone and item.intent == last:
        # "No, I meant how much of it I've met": that very topic once more.
        return None
    if turn.in_form or own or not points or not hardly or last != turn.memory.told:
        return None
    return kind_asked(turn, replace(item, band="confirm"), today)


def _how_long_on_plan(turn: Turn, item: Item) -> Item | None:
    """ "How long can she stay on my insurance?" of a daughter who was talked of: until an age."""
    of_plan = item.intent in ("end_coverage", "coverage_status", "add_dependent")
    child = any(each["person"] in _CHILDREN for each in turn.memory.people)
    if not (of_plan and child and _STAYS_ON.search(item.text)):
        return None
    return asked_of(Item("remove_dependent"), item, _UNTIL_AGE)


def _searches(turn: Turn, item: Item) -> bool:
    """Whether a doctor or a place is looked for, of a kind that is named: for sure, or in words
    that name nothing else after others were listed ("and a hospital?").
    """
    listed = told_last(turn) in SEARCHES and names_nothing_else(item)
    sure = item.band == "accept" or (listed and not turn.in_form)
    looked_for = item.intent in SEARCHES and sure and bool(item.entities)
    return looked_for and not _MY_DOCTOR.search(item.text)


def _lives_elsewhere(turn: Turn, item: Item) -> bool:
    """ "Oh, I don't live there any more, try 05401", after places were listed: where to look, and
    no change of an address on file.
    """
    named = {each["entity"] for each in item.entities}
    # "Wrong kid, the sick one lives in 13202": no other kind of doctor or place.
    elsewhere = item.intent == "update_contact" or (item.intent in SEARCHES and not named & _SOUGHT)
    listed = told_last(turn) in SEARCHES and not turn.in_form and elsewhere
    return bool(named & {"zip", "place"}) and listed and not _ON_FILE.search(item.text)


def _put_right(turn: Turn, item: Item, topics: list[Item], today: date) -> Item | None:
    """ "No, near Cambridge": what was told last, there, whatever rule that sounds like."""
    if topics and _lives_elsewhere(turn, item) and not _seeks_another_kind(item, topics[0]):
        return with_values(topics[0], item, meant(turn, item), today, topics[0].told)
    unsure = item.entities and not item.is_sure and _PUTS_RIGHT.match(item.text)
    if turn.in_form or not (topics and unsure and names_nothing_else(item)):
        return None
    carried = carried_on(turn, item, topics[0], today)
    if carried and carried.intent in SUMS and item.first("partner"):
        return carried.tell(ASKED, "company")
    return carried


def _seeks_another_kind(item: Item, topic: Item) -> bool:
    """ "Who around Dover mixes creams?" after a dentist was looked for."""
    another = item.is_alone and item.intent in SEARCHES and item.intent != topic.intent
    # "Oops, wrong kid, the one with the fever lives in 13202"
    return another and _PUTS_RIGHT.match(item.text) is None


def _another_of_them(turn: Turn, item: Item, topics: list[Item], today: date) -> Item | None:
    """ "OK and what about the surgery?" after the approval of a scan: that one's, and no rule that
    sounds near.
    """
    if topics and topics[0].intent == "dental_benefits" and item.first("service") in DONE_AT:
        # "And for an MRI, I guess that's the other plan."
        return Item("benefit_covered", item.text, item.entities)
    of_things = bool(topics) and topics[0].intent in (*SERVICES, "prior_auth_status")
    unsure = item.intent == "inform" or item.band != "accept" or AGAIN.search(item.text)
    named = bool(item.named & {"service", "specialty", "facility"})
    if not (of_things and unsure and named and names_nothing_else(item)):
        return None
    return carried_on(turn, item, topics[0], today)


def _without_slip(item: Item) -> Item:
    """Of two values of a kind the one that is meant: "I said February but it should be March"."""
    found = _SHOULD_BE.match(item.text)
    if found is None:
        return item
    slip = found["slip"].lower()
    wrong = [each for each in item.entities if str(each.get("said", "")).lower() in slip]
    right = tuple(each for each in item.entities if each not in wrong)
    if not {each["entity"] for each in wrong} & {each["entity"] for each in right}:
        return item
    return replace(item, text=f"no, {item.text[found.end() :]}", entities=right)


_TO_SPEAK = re.compile(
    r"\b(?:let me|i (?:want|need|would like)|i'd like|can i|could i|put me|get me|connect me)\b"
    r".{0,20}\b(?:speak|talk|through)\b",
    re.IGNORECASE,
)
_WHICH_CARD = re.compile(r"\b(?:which|what)\b.{0,20}\bcards?\b|\bboth cards\b", re.IGNORECASE)
_BOTH_CARDS = "order-cards"
# "Who do I tell, you or the HR lady where I work?" of what the employer enrolls.
_TOLD_TO_WORK = frozenset(
    {
        "add_dependent", "remove_dependent", "end_coverage", "update_contact", "coverage_status",
        "enroll_or_compare_plans", "which_plan_covers_me", "out_of_area_coverage",
    }
)  # fmt: skip
_WORK = r"(?:hr|human resources|personnel|boss|job|work|employer|(?:my|our) company)"
_YOU_OR_WORK = re.compile(
    rf"\byou\b[^.?!]{{0,15}}\bor\b[^.?!]{{0,25}}\b{_WORK}\b|\b{_WORK}\b[^.?!]{{0,25}}\bor\b"
    r"[^.?!]{0,15}\byou\b|"
    # "Who do I call to add her?"
    r"\bwho(?:m)? (?:do|should|would|can|must) (?:i|we) \w+(?: to)? (?:to )?(?:add|enroll|put|sign|"
    r"get|take|drop)\b",
    re.IGNORECASE,
)
# "And June's?", after a premium: of no claim, unless care is named.
_MONTH = re.compile(rf"\b(?:{'|'.join(MONTHS)}|(?:this|last|each|every) month)\b", re.IGNORECASE)
_ON_AND_OFF = frozenset({"add_dependent", "remove_dependent"})
_A_MONTH_PAID = re.compile(r"\b(?:pay|paid|pays|sen[dt]|get|got|through)\b", re.IGNORECASE)
_OF_CARE = re.compile(
    r"\b(?:claims?|visits?|bills?|doctors?|dr|hospital|dentist|appointments?|tests?|scans?|surgery|"
    r"er|lab)\b",
    re.IGNORECASE,
)
_PAID_MONTH = "premium-month"
_TO_SEND = re.compile(r"\bwhat\b.{0,30}\b(?:send|fax|need|give|provide|submit)\b", re.IGNORECASE)
_AFTER_CARE = CLAIMS | {"prior_auth_status"}


def _of_no_case(turn: Turn, item: Item) -> Item:
    """ "Who do I tell about it?" after two plans were told of, which sounds like a report: words
    that name no matter are asked of the one that was told, unless that is a case.
    """
    topic = next(iter(leant_on(turn)), None)
    about = known_by(turn, topic) if topic else None
    if topic and about in _TOLD_TO_WORK and _YOU_OR_WORK.search(item.text):
        return replace(item, intent=about, band="confirm", entities=(), aspect="where")
    if (
        topic
        and topic.intent in _AFTER_CARE
        and (item.intent, bool(item.named)) == ("referral_question", False)
        and "refer" not in item.text.lower()
    ):
        # "What does my doctor need to send you?" after a claim, which is no referral.
        if not _TO_SEND.search(item.text):
            return replace(item, intent=topic.intent, band="confirm")
        # The part is sure by the words, whatever entry is near.
        return replace(
            item, intent=topic.intent, band="confirm", aspect="documents", aspect_sure=True
        )
    asks_of_it = item.sure_aspect in KINDS and names_no_matter(item.text)
    if item.intent not in CASES or topic is None or topic.intent in CASES or not asks_of_it:
        return item
    return replace(item, intent=topic.intent, band="confirm")


def _month_of_premium(turn: Turn, item: Item) -> Item | None:
    """ "Did they pay June's?" of a premium that was told of."""
    of_it = told_last(turn) == "premium_payment" and not turn.in_form
    unsure = item.intent in (*CLAIMS, "premium_payment") or item.band != "accept"
    month = _MONTH.search(item.text) is not None and item.named <= {"date"}
    asked = _A_MONTH_PAID.search(item.text) and not _OF_CARE.search(item.text)
    if not (of_it and unsure and month and asked):
        return None
    return asked_of(Item("premium_payment"), item, _PAID_MONTH)


def _without_aside(item: Item) -> Item:
    """What its first clause names, where that names a thing and what follows asks nothing: "and for
    an x-ray, that's the medical one I guess".
    """
    first, *others = re.split(r",\s+", item.text, maxsplit=1)
    named = bool(item.named) and all(str(each.get("said", "")) in first for each in item.entities)
    if item.intent != "inform" or not named or any(map(asks, others)):
        return item
    brief = replace(item, text=first)
    return brief if names_nothing_else(brief) else item


def _own_instead(turn: Turn, item: Item) -> Item | None:
    told = last_topic(turn)
    if turn.in_form or not told:
        return None
    if turn.memory.withheld and (own := then_own(item.text)):
        days = tuple(each for each in item.entities if str(each.get("said", "")) in own)
        mine = replace(item, text=own, entities=days)
        # What stayed closed may have been told before something else: days are of claims.
        kept = [each for each in (*told, *recent(turn)) if each.intent in CLAIMS or not days]
        return next((each for topic in kept if (each := one_s_own(topic, mine))), None)
    return one_s_own(told[0], item) if wants_own_instead(item.text) else None


def _of_what_is_withheld(turn: Turn, item: Item) -> Answer | None:
    """To what is said against it that somebody's records stay closed ("but we're on the same
    plan"), and to how they could be opened ("so what does he have to do?").
    """
    own = _OWN_INSTEAD.search(item.text) or _FOR_ME.fullmatch(item.text)
    if not turn.memory.withheld or turn.in_form or own or item.named:
        return None
    of_us = item.is_alone and _WHAT_CAN_YOU.match(item.text)
    nothing = item.intent == "ask_capabilities" and _CAN_TELL.search(item.text) and not of_us
    if nothing or _THE_FORM.search(item.text):
        # "So there's nothing you can tell me?", "how long does that form take?"
        return no_permission()
    leans = not item.is_sure or is_talk(item.intent) or names_no_matter(item.text)
    if item.asks_for(*_ALLOWING) and leans and points_at_somebody(item.text):
        return no_permission()
    hardly = item.band != "accept" or item.intent in _TOLD_AGAINST
    if not hardly or asks_in_part(item.text) or is_heard(item.text):
        return None
    return no_permission() if turn.memory.told == why_withheld().intent else why_withheld()


def _by_itself(turn: Turn, item: Item, today: date) -> Item | None:
    """What an entry tells of the topic of its own, unless the member's file tells it, or
    which of their plans pays first.
    """
    pays = item.intent == "coordination_of_benefits" and _PAYS_FIRST.search(item.text)
    if (pays and turn.context.verified is not None) or _is_in_own_file(turn, item):
        return None
    return detail_asked(turn, item, today)


def _is_in_own_file(turn: Turn, item: Item) -> bool:
    """ "Can you see when mine ended?" is looked up, and no rule."""
    own = _OWN_INSTEAD.search(item.text)
    return tells_own_file(turn, item) or bool(item.is_alone and own and asks_identity(turn, item))


def follow_up(turn: Turn, item: Item, today: date) -> Item | Answer | None:
    """The question that the message means by what came before, or what to say to it; None when it
    stands by itself.
    """
    if not item.text or turn.text.startswith("/") or item.intent == "emergency":
        return None
    if item.intent == "speak_to_agent" and _TO_SPEAK.search(item.text):
        # "Just let me speak to the appeals department" asks nothing of the appeal.
        return None
    if priced := price_if(turn, item):
        return priced
    if told_last(turn) == "coordination_of_benefits" and _WHICH_CARD.search(item.text):
        # "So which of my cards do I show first?" wants to see none.
        return asked_of(Item("coordination_of_benefits"), item, _BOTH_CARDS)
    if item.intent == "enroll_or_compare_plans" and _TWO_KINDS.search(item.text):
        # "The difference between an HMO and a PPO" is of both, and no entry of one.
        return None
    if early := _month_of_premium(turn, item) or _share_of_that_care(turn, item):
        return early
    item = of_the_same_sum(turn, of_earlier(turn, _of_no_case(turn, _without_slip(item))))
    if early := (
        urgent_now(turn, item) or told_again(turn, item) or on_another_day(turn, item, today)
    ):
        return early
    if item.is_sure and item.intent == "contact_info" and _OURS.search(item.text):
        # "What's your number?" asks for no claim's, and for no doctor's.
        return None
    if of_last := as_own_doctor(turn, item) or sum_of_teeth(turn, item):
        return of_last
    # "My claim bounced" after a daughter's.
    own_again = item.is_alone and is_mine(item.text) and is_of_another(turn)
    if (stands_alone(turn, item) or own_again) and not is_letter_date(turn, item):
        return gone_back(turn, item) or _by_itself(turn, item, today)
    if part := field_told(turn, item):
        return part
    if picked := picked_request(turn, item) or of_list(turn, item, today):
        return with_part(item, picked) if isinstance(picked, Item) else picked
    if left := left_of_the_sum(turn, item):
        return left
    if share := share_of_one(turn, item, today):
        return share
    if item.intent == "repeat" and item.band == "accept" and _SAY_AGAIN.fullmatch(item.text):
        # "Sorry, say that again" corrects nothing.
        return None
    of_a_line = item.band != "accept" or item.intent in ("contact_info", "inform")
    if of_a_line and item.first("partner") and told_last(turn) == "contact_info" and is_short(item):
        return Item("contact_info", item.text, item.entities)
    if stays := _how_long_on_plan(turn, item):
        return stays
    if doubted := in_doubt(turn, item) or what_was_asked(turn, item) or whose(turn, item):
        return doubted
    if own_instead := _own_instead(turn, item):
        return own_instead
    if again := tries_again(turn, item.text):
        return again
    next_step = asks_what_now(item.text)
    unreached = turn.memory.unreached or turn.memory.told == UNREACHED
    shut = turn.barred or turn.memory.caller or unreached or turn.memory.told == NO_CODE
    # By phone the reason of a denial comes first, and what mends it is still to be told.
    half_told = turn.memory.rest is not None and told_last(turn) == "claim_denial"
    stands = shut or half_told or not aspect_asked(turn, item, today)
    if next_step and stands and (way := what_now(turn)):
        return way
    if without := asks_without_proof(turn, item.text):
        return without
    if reason := why(turn, item.text) or of_what_is_closed(turn, item.text):
        return reason
    if protests(turn, item.text) and not names_other_card(turn):
        return not_ours(turn)
    if part := part_of_sum(turn, item, today):
        return part
    if theirs := met_theirs(turn, item):
        return with_person(turn, theirs, today)
    if of_one := of_one_named(turn, item, today):
        return of_one
    if earlier := gone_back(turn, item):
        return earlier
    if there := served(turn, item) or of_enrolling(turn, item, today):
        return there
    if would_move(item.text) and entity_zip(item.entities):
        return replace(item, intent="which_plan_covers_me", band="accept")
    # "She won't mind" calls nothing off.
    unsure = item.band != "accept" or (item.intent == "cancel" and not drops(item.text))
    of_them = leans_back(item.text) or points_at_another(turn, item)
    about_them = unsure and points_at_somebody(item.text) and of_them
    own = _OWN_INSTEAD.search(item.text)
    # "His name's Stuart": said on for the same records.
    tells = item.intent in ("inform", "out_of_scope")
    names_one = is_name_alone(item.text) or is_one_name(item.text)
    names_them = tells and (_THEIR_NAME.search(item.text) or names_one)
    # "They want a fortune for my drops. What's right?" asks something of its own.
    protests_it = is_protest(item.text) and not _GOES_ON_TO_ASK.search(item.text)
    insists = about_them or names_them or protests_it
    if turn.memory.withheld and not own and insists:
        # Every "why" hears the same words, however often.
        told_why = turn.memory.told == why_withheld().intent and not is_protest(item.text)
        allowing = item.intent == "authorize_representative" or item.asks_for(*_ALLOWING)
        return no_permission() if told_why or allowing else why_withheld()
    if kept := _of_what_is_withheld(turn, item):
        return kept
    of_another = points_at_another(turn, item) or is_of_another(turn)
    if turn.context.verified and _CANT_SEE.search(item.text) and of_another:
        turn.memory = replace(turn.memory, withheld=True)
        return why_withheld()
    allows = item.is_sure and item.intent == "authorize_representative"
    if turn.memory.withheld and allows and not _SPEAKS_FOR_ME.search(item.text):
        # "How can she allow it?" is asked of no other topic.
        return no_permission()
    # Of a newborn, who is on no file yet, the papers are asked for.
    newborn = any(known_by(turn, topic) == "add_dependent" for topic in recent(turn)[:1])
    of_form = not newborn and item.asks_for(*_OF_FORM)
    if turn.memory.withheld and (_FORM in item.near(surely=True) or (of_form and is_short(item))):
        return asked_of(Item("authorize_representative"), item, _FORM)
    of_lines = item.asks_for("hours") or _OF_LINES.fullmatch(item.text)
    if told_last(turn) == "contact_info" and is_short(item) and of_lines:
        hours = {} if _IN_WRITING.search(item.text) else {ASKED: "hours"}
        return Item("contact_info", item.text, item.entities, hours)
    if told_last(turn) == "id_card" and is_short(item) and _ANOTHER_CARD.fullmatch(item.text):
        return _another_card(turn)
    if state := (
        billed_beside(turn, item, today)
        or counted_toward(turn, item)
        or paid_for_it(turn, item)
        or to_be_fixed(turn, item)
        or of_its_state(turn, item)
    ):
        return state
    if not turn.in_form and item.intent in COVERAGE and _WHO_INSURES.search(item.text):
        # "And now, who is my insurance?" is asked of no claim that was told.
        return replace(item, band="accept")
    if item.is_sure and item.intent == "coordination_of_benefits" and _PAYS_FIRST.search(item.text):
        # "So which one pays first?" is no question of when a bill is paid; after Medicare, or of
        # their own two plans while nobody knows who they are, an entry tells the rule.
        verified = turn.context.verified is not None
        return None if verified else detail_asked(turn, item, today)
    if is_letter_date(turn, item):
        told = turn.memory.topic["told"] if turn.memory.topic else {}
        return Item("appeal", item.text, item.entities, dict(told))
    if objected := objection(turn, item, today):
        return objected
    topics = topics_of(turn)
    if right := _put_right(turn, item, topics, today):
        return right
    warned = told_last(turn) in ("emergency", "all_clear")
    if of_it := said_of_it(turn, item):
        return of_it
    if waits := _waits_with_it(turn, item):
        return waits
    if filed := to_file(turn, item):
        return filed
    if other := other_drug(turn, item):
        return other
    if several := which_of_them(turn, item):
        return several
    if recorded := of_own_record(turn, item):
        return recorded
    if account := until_when(turn, item):
        return account
    if own_sum := of_own_sum(turn, item):
        return own_sum
    if _is_in_own_file(turn, item):
        return None
    if there := one_elsewhere(turn, item, topics, today) or where_given(turn, item, today):
        return there
    if permitted := needs_permission(turn, item, topics):
        return permitted
    if covered := covered_there(item, topics):
        return covered
    if told_last(turn) in SEARCHES and (fewer := narrowed(turn, item, topics, today)):
        # "Is there one who speaks Spanish?" asks for no interpreter.
        return fewer
    if beside := paid_beside(turn, item, topics, today):
        return beside
    if another := _another_of_them(turn, item, topics, today):
        return another
    searches = _searches(turn, item)
    if (warned or not searches) and (part := detail_asked(turn, item, today)):
        return beyond_network(turn, part)
    if not topics:
        return None
    if names_referral(item) and topics[0].intent != item.intent:
        return None
    # While something is asked, a time is told where it needs no record (`aspect_asked`).
    for topic in () if turn.in_form else (*topics, *last_topic(turn)):
        entry = item.sure_aspect and knows_aspect(
            known_by(turn, topic), item.sure_aspect, turn.partners, today
        )
        if not entry and (times := times_of(item, topic)):
            return times
    if theirs := of_their_own(turn, item, topics[0], today):
        return theirs
    if further := going_further(turn, item, topics[0], today):
        return further
    if item.asks_for("written") and topics[0].intent == "id_card":
        return asked_of(topics[0], item, _CARD_ON_PHONE)
    if (
        item.asks_for("written")
        and not _I_SEND.search(item.text)
        and not (topics[0].intent in DRUGS and "mail" in item.text)
    ):
        return in_writing(turn)
    about = of_costs(turn, item, topics[0]) or of_claims(turn, item, topics[0], today)
    if about := about or of_places(turn, item, topics, today):
        return about
    # What was learnt for sure comes before an entry that is only near, where it can be asked of it.
    learnt = item.sure_aspect in KINDS or topics[0].intent in ABOUT_PROVIDERS
    near = None if searches or (item.sure_aspect and learnt) else kind_asked(turn, item, today)
    on_file = is_on_file(turn, item, topics[0])
    kind = near or (None if on_file else aspect_asked(turn, item, today))
    if told_last(turn) == "id_card" and kind and item.asks_for("here"):
        if _MENDS.search(item.text):
            return asked_of(Item("id_card"), item, _NAME_ON_CARD)
        # Asked whether it can be mailed: it is. Of nothing else is one ordered.
        return _another_card(turn)
    known = kind or by_aspect(turn, item, topics)
    if asked := known or in_doubt(turn, item, learnt=True) or aspect_untold(turn, item):
        return asked
    # Only a message that is not understood goes back further than to the last topic, or one that
    # only tells something and is likelier of another.
    # A thing that is only named is of what such things were asked of.
    item = _without_aside(item)
    names_thing = item.intent == "inform" and bool(item.named) and names_nothing_else(item)
    unsure = item.band != "accept" or is_slip(item.text) or names_thing
    before = recent(turn) if unsure else []
    likely = likely_meant(turn, item)
    first = [likely] if likely and item.intent == "inform" and not turn.in_form else []
    for topic in (*priced_before(turn, item), *first, *topics, *before):
        if item.is_sure and {item.intent, topic.intent} == _ON_AND_OFF:
            # "Can I put them on mine now?", after somebody was taken off.
            continue
        if carried := carried_on(turn, item, topic, today):
            return carried
    if likely is None or item.band == "accept":
        return same_matter(turn, item) or _of_last_after_all(turn, item, today)
    person = with_person(turn, replace(item, intent=likely.intent), today).told
    return with_values(likely, item, meant(turn, item), today, {**likely.told, **person})
