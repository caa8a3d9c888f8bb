"""Danger in a message, and what is said after a warning of it: both come before all else that a
message may ask.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from actions.answers.emergency import CRISIS, OTHER_DANGER, POISON, THREAT, tells_of_dying
from actions.answers.general import detail
from actions.answers.talk import is_talk
from actions.dialogue.agenda import Item
from actions.dialogue.asides import is_wait, is_wordless, leaves_for_the_door
from actions.dialogue.context import ASPECT, asked_of
from actions.dialogue.danger import (
    LOW,
    NOW,
    OTHERS,
    SWALLOWED,
    accompanied,
    asks_of_inaction,
    call_all_the_same,
    comforted,
    for_the_weary,
    glad,
    goes_on,
    has_company,
    has_left,
    helped,
    hints_at_dying,
    in_writing,
    is_bare_fact,
    is_beside,
    is_cleared,
    is_helped,
    is_low,
    is_of_plan,
    is_of_poison,
    is_only_of_supply,
    is_other,
    is_over,
    is_plainly_over,
    is_presence,
    is_swallowed,
    is_told_over,
    names_danger,
    relieved,
    resumes,
    says_no_danger,
    seeks_counsel,
    seems_well,
    sounds_like,
    sounds_weary,
    tells_more,
    tells_of_danger,
    threatens,
    told_of_crisis,
    wants_to_die,
    will_not_call,
    without_medicine,
)
from actions.dialogue.follow_ups.costs import price_if
from actions.dialogue.follow_ups.details import detail_asked
from actions.dialogue.follow_ups.topics import CLAIMS, DRUGS, SEARCHES, told_last
from actions.dialogue.needs import asks_amid, asks_in_part
from actions.dialogue.taking import is_alarmed, is_warned, take, words_told
from actions.dialogue.turn import Turn
from actions.identity.step_up import SLOT as CODE
from actions.identity.step_up import is_of_code
from actions.identity.third_party import FAMILY, redirected
from actions.identity.third_party import INTENT as CALLER
from alliance.answer import Answer

_FOR_ANOTHER = frozenset({"authorize_representative", CALLER})
# Whoever was told of 988 may say that they are only low.
_OF_CRISIS = ("emergency", "behavioral_health")
_NO_NEWS = frozenset({"deny", "affirm", "out_of_scope"})
# What a reply told to whom help has come.
CLEARED = "all_clear"
# "I'm safe right now, he's at work": more words tell of something else.
_MOST_SAFE_WORDS = 8
# "What do I do?": more words ask of something else.
_MOST_ASKED = 6
_MOST_ASKED_OF_IT = 12
_OF_SUMS = ("share", "paid", "paying", "count")
_COUNSELLED = (*_OF_CRISIS, "find_provider")
# "I'll text them, and can you find me a counselor?" asks for nobody's call.
_NO_OTHER_WISH = frozenset({"request_callback", "speak_to_agent", "benefit_covered"})
# The knowledge's entry of a medicine that runs out.
RUNNING_OUT = "drug-running-out"
# The knowledge's entries of whether to have it looked at all the same, and of what to do until help
# is there.
STILL_GO = "danger-still-go"
FIRST_AID = "danger-first-aid"
# "I have MVP, what do I do?", "how do I call them?" of who was told of danger.
_PAID = "danger-paid"
_OF_PAYING = frozenset({"copay_cost", "cost_estimate", "check_network", "prior_auth_required"})
_WAITS = re.compile(
    r"\bshould (?:i|we) (?:just |still |maybe )?(?:wait|watch)\b|\bwait (?:and see|it out)\b", re.I
)
_WHAT_TO_DO = re.compile(
    r"\b(?:what|who|how) (?:do|should|can|must) (?:i|we) (?:do|call|reach)"
    r"(?: (?:them|it|now|then|first|next|about (?:it|this|that)|for (?:him|her|it)|again))*\W*$",
    re.IGNORECASE,
)
_HAPPENS_NOW = re.compile(
    r"\b(?:happen\w*|going on|starts?|started|ha(?:s|ve|ving) it|feel(?:ing)? it|comes? back)"
    r"\b.{0,12}\b(?:right now|now|this (?:very )?(?:minute|second|moment))\b",
    re.IGNORECASE,
)
# "If he hits me again and I end up in the ER" supposes nothing.
_DOES_TO_ME = re.compile(r"\b(?:he|she|they|who)\b.*\b(?:me|us|myself)\b|\bmyself\b", re.IGNORECASE)
WHICH_HOSPITAL = "danger-which-hospital"
_A_BILL = re.compile(r"\b(?:an?|the|this|that|your|my) bill\b", re.IGNORECASE)
_BILL = re.compile(r"\b(?:bill(?:s|ed)?|claims?|pay|paid|owe|den(?:y|ied)|charge[ds]?)\b", re.I)
# So much nearer than to danger; and how near where nobody's permission was talked of.
_BY_FAR, _ALONE = 0.1, 0.5
# So near to examples of what was swallowed where a nurse would be asked, or nothing.
_PLAINLY = 0.6
_SAYS_NO_MORE = frozenset({"nurse_line", "inform", "out_of_scope"})


# So unlikely danger is that is heard from a few words that name a thing and ask on of it.
_HARDLY = 0.75
_NOTHING_BESIDE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|so|but|and|what about|how about|also|for)\W+)+"
    r"(?:(?:in the meantime|meanwhile|until then|till then|then|though|too|now)\W*)*",
    re.IGNORECASE,
)
_OF_COVERAGE = frozenset(
    {
        "add_dependent", "remove_dependent", "end_coverage", "coverage_status", *DRUGS,
        "which_plan_covers_me", "out_of_area_coverage", "premium_payment", "copay_cost",
        "enroll_or_compare_plans", "deductible_status", "out_of_pocket_status", "benefit_covered",
    }
)  # fmt: skip
_NAMES_ON = re.compile(
    r"\W*(?:(?:ok(?:ay)?|so|but)\W+)*(?:and|what about|how about|also)(?: what about| for)? "
    r"(?:my|his|her|our|their|the) (?:[\w']+ ?){1,3}?"
    r"(?: (?:in the meantime|meanwhile|until then|till then|then|though|too|now))*\W*",
    re.IGNORECASE,
)


def hear_danger(turn: Turn, today: date) -> bool:
    """Whether the message was of danger, or of one that it was warned of: what it asks is then on
    the agenda, and what answers it is said.
    """
    if _is_of_the_code(turn):
        # "I can't get it" only sounds weary: the code is asked for once more, with the ways to it.
        return True
    calm = turn.intent != "emergency" and not is_warned(turn) and not names_danger(turn.text)
    if calm and is_wait(turn.text):
        # "One moment, there's somebody at the door" only sounds of danger.
        return False
    if leaves_for_the_door(turn.text) and not names_danger(turn.text):
        turn.questions = (replace(turn.questions[0], intent="cancel", band="accept"),)
        turn.intent = "cancel"
        return False
    if _only_supposed(turn):
        turn.questions = (replace(turn.questions[0], intent="copay_cost", band="accept"),)
        turn.intent = "copay_cost"
        return False
    if _only_if(turn):
        turn.questions = (replace(turn.questions[0], intent="coverage_status", band="accept"),)
        turn.intent = "coverage_status"
        return False
    if _only_names_on(turn):
        turn.questions = (replace(turn.questions[0], intent="inform", band="confirm"),)
        turn.intent = "inform"
        return False
    return any(heard(turn, today) for heard in _HEARD)


def _only_names_on(turn: Turn) -> bool:
    """ "And my eyes?", "and my wife's pills in the meantime?", after the plan was talked of:
    asked on of that, where hardly any danger was heard and no word tells of it.
    """
    first = turn.questions[0]
    alone = len(turn.questions) == 1 and first.intent == "emergency"
    topic = turn.agenda[0].to_json() if turn.in_form and turn.agenda else turn.memory.topic
    if not alone or topic is None or is_alarmed(turn):
        return False
    beside = without_medicine(turn.text)
    if beside != turn.text and _NOTHING_BESIDE.fullmatch(beside):
        # "And her blood pressure pills": no word is left that anything ails her.
        return topic["intent"] in _OF_COVERAGE
    hardly = dict(turn.ranking).get("emergency", 1.0) < _HARDLY
    return bool(hardly and _NAMES_ON.fullmatch(turn.text)) and not tells_of_danger(beside, first)


def _only_supposed(turn: Turn) -> bool:
    """ "And if it gets so bad that I end up in the emergency room?", after the price of other care:
    what that costs, where nothing is told that hurts.
    """
    first = turn.questions[0]
    alone = len(turn.questions) == 1 and first.intent == "emergency" and not is_warned(turn)
    if not alone or price_if(turn, first) is None or _DOES_TO_ME.search(turn.text):
        return False
    # The place alone tells of nobody's danger.
    beside = turn.text
    for entity in first.entities:
        beside = beside.replace(str(entity.get("said", "")), " ")
    return not tells_of_danger(beside, first)


# "So like, if I break my leg tonight?"
_IF_HURT = re.compile(
    r"\W*(?:(?:so|and|but|like|ok(?:ay)?|then|what|um+|well)\W+)*if (?:i|we|he|she|they|my \w+|"
    r"something|anything) (?:\w+ )?(?:breaks?|falls?|gets? (?:hurt|sick|hit|injured)|ends? up|"
    r"crash(?:es)?|happens?)\b[^.!]*",
    re.IGNORECASE,
)


def _only_if(turn: Turn) -> bool:
    """ "So if I break my leg tonight?", after the coverage was told: whether it is active."""
    first = turn.questions[0]
    alone = len(turn.questions) == 1 and first.intent == "emergency" and not is_warned(turn)
    of_plan = told_last(turn) == "coverage_status"
    supposed = _IF_HURT.fullmatch(turn.text) is not None and not names_danger(turn.text)
    return alone and of_plan and supposed


def _is_of_the_code(turn: Turn) -> bool:
    """Whether the code is asked for, and what is said is of that code and of no danger."""
    waits = turn.in_form and turn.asking == CODE
    return waits and is_of_code(turn.text) and not names_danger(turn.text)


def _helped(turn: Turn, today: date) -> bool:
    """They have been told of 911 and have it: what they asked before waits until they ask."""
    calm = turn.intent != "emergency"
    told = is_helped(turn.text) or (calm and sounds_like("helped", turn.questions, turn.text))
    if not (told and (is_warned(turn) or turn.memory.told == CLEARED)) or _is_cleared(turn):
        return False
    of_care = _of_the_care(turn, today)
    turn.say(_news(turn, briefly=bool(of_care)))
    # "So why was it denied?" is then of what the danger interrupted.
    before = turn.memory.interrupted or turn.memory.topic
    turn.memory = replace(turn.memory, last=(), topic=before)
    asked = _asked_beside(turn) if asks_amid(turn.text) else []
    turn.agenda = _resumed(turn) or of_care or _taken(turn, asked, today)
    return True


def warned_in_spanish(turn: Turn) -> bool:
    """Whether the warning that was told last is Spanish: so is what is said to the news of it."""
    return "llame" in _warning(turn).lower()


def _resumed(turn: Turn) -> list[Item]:
    """What the danger interrupted, where they ask to go back to it: "can I finish my claim now"."""
    before = turn.memory.interrupted
    if before is None or not resumes(turn.text):
        return []
    turn.memory = replace(turn.memory, interrupted=None)
    return [Item.from_json(before)]


def _goes_back(turn: Turn, _today: date) -> bool:
    """ "OK, back to my claim", after the news that help is there."""
    if turn.memory.told != CLEARED or _emergencies(turn):
        return False
    turn.agenda = _resumed(turn) or turn.agenda
    return bool(turn.agenda) and not turn.in_form


def _news(turn: Turn, *, briefly: bool) -> Answer:
    """What is said to the news that help is there; `briefly` before what is asked beside it."""
    told, over = words_told(turn), is_over(turn.text)
    if briefly:
        return helped()
    if is_beside(turn.text) and not (is_helped(turn.text) or over):
        return accompanied(told)
    return relieved(over=over, told=told)


def _of_the_care(turn: Turn, today: date) -> list[Item]:
    """ "They're taking her in now, is she covered for that": what is asked beside of the danger."""
    if not asks_amid(turn.text):
        return []
    for item in turn.questions:
        told = detail("emergency", item.near(surely=True), turn.partners, today)
        if told and told[1] not in (LOW, NOW) and told[0] >= item.details[0].nearness:
            return [asked_of(Item("emergency"), item, told[1])]
    return []


def _low(turn: Turn, _today: date) -> bool:
    if not (told_last(turn) in _OF_CRISIS and is_low(turn.text, turn.intent == "emergency")):
        return False
    turn.say(comforted())
    turn.agenda = []
    return True


def _will_not_call(turn: Turn, _today: date) -> bool:
    if not will_not_call(turn.text, _warning(turn)):
        return False
    turn.say(in_writing())
    turn.agenda = []
    return True


def _accompanied(turn: Turn, _today: date) -> bool:
    """ "My sister just got here": they are not alone, and the line stays named."""
    if not has_company(turn.text, _warning(turn)) or names_danger(turn.text):
        return False
    turn.say(accompanied(words_told(turn)))
    turn.agenda = []
    return True


def _seeks_counsel(turn: Turn, _today: date) -> bool:
    own = turn.questions[0].is_sure and turn.intent not in (*_COUNSELLED, *_NO_OTHER_WISH)
    if own or not seeks_counsel(turn.text, _warning(turn)):
        return False
    somewhere = {"zip", "place"} & {entity["entity"] for entity in turn.entities}
    intent = "find_provider" if somewhere else "behavioral_health"
    turn.agenda = [Item(intent, turn.text, turn.entities)]
    return True


def _tells_more(turn: Turn, _today: date) -> bool:
    """What to do stays the same."""
    if not (_warning(turn) and tells_more(turn.text)):
        return False
    again = turn.memory.last[-1]
    turn.say(Answer(text=again["text"], speech=again["speech"], kind="notice", intent="emergency"))
    return True


def _seems_well(turn: Turn, today: date) -> bool:
    # "... but she is throwing up blood"
    worse = names_danger(turn.text) and any(q.intent == "emergency" for q in turn.questions)
    if worse or not seems_well(turn.text, _warning(turn)) or _is_cleared(turn):
        return False
    turn.say(call_all_the_same())
    # "She seems fine, but what do I do?", "should I just wait?": that.
    said = _WHAT_TO_DO.search(turn.text) or _WAITS.search(turn.text)
    beside = [] if said else _asked_beside(turn)
    turn.agenda = _taken(turn, beside, today)
    return True


def _told_over(turn: Turn, today: date) -> bool:
    danger = turn.intent == "emergency"
    over = is_plainly_over(turn.text)
    sure = not danger and sounds_like("over", turn.questions, turn.text)
    left = has_left(turn.questions[0], _warning(turn))
    cleared = _is_cleared(turn)
    told = _warning(turn) and (over or is_told_over(turn.text) or sure or left or cleared)
    if not (told or (over and danger)):
        return False
    turn.agenda = _after(turn, today)
    return True


def _is_cleared(turn: Turn) -> bool:
    """ "Poison control says she's fine", and no word of danger beside it."""
    return is_cleared(turn.text) and not any(q.intent == "emergency" for q in turn.questions)


def _safe(turn: Turn, _today: date) -> bool:
    """ "I'm safe, he's at work", of somebody whom nothing told of danger now: they go on."""
    emergencies = _emergencies(turn)
    brief = len(turn.text.split()) <= _MOST_SAFE_WORDS and not asks_in_part(turn.text)
    if not (emergencies and brief and is_told_over(turn.text)):
        return False
    if tells_of_danger(turn.text, turn.questions[0]):
        return False
    turn.say(relieved(told=words_told(turn)))
    return True


def _why_not_they(turn: Turn, today: date) -> bool:
    """ "He's right here, he'll do it", "she's in a nursing home, who can ask for her?": who may
    speak for whom is what is talked of.
    """
    emergencies = _emergencies(turn)
    for_another = told_last(turn) in _FOR_ANOTHER
    if not emergencies or names_danger(turn.text):
        return False
    item = replace(emergencies[0], intent=CALLER, aspect=None)
    if entry := _of_who_speaks(turn, item, today, least=0.0 if for_another else _ALONE):
        if turn.context.verified is None:
            turn.memory = replace(turn.memory, caller=turn.memory.caller or FAMILY)
        turn.agenda = [asked_of(Item(CALLER), item, entry)]
    elif for_another and is_presence(turn.text):
        turn.agenda = [redirected(turn, item, personal=True)]
    else:
        return False
    return True


def _of_who_speaks(turn: Turn, item: Item, today: date, *, least: float) -> str | None:
    """The entry of those who speak for others that it is nearest to, at least so near, and by far
    nearer than to the examples of danger.
    """
    near = item.near(surely=False)
    told = detail(CALLER, item.near(surely=True), turn.partners, today)
    if told is None or told[0] < max(least, *near.values()):
        return None
    danger = max(near.get(entry, 0.0) for entry in (LOW, NOW))
    return told[1] if told[0] - danger >= _BY_FAR else None


def _of_supply(turn: Turn, _today: date) -> bool:
    """ "What do I do about my pills tonight?": how to get them."""
    emergencies = _emergencies(turn)
    if not (emergencies and told_last(turn) in DRUGS and is_only_of_supply(turn.text)):
        return False
    if {LOW, NOW} & emergencies[0].near(surely=False).keys():
        return False
    turn.agenda = [asked_of(Item("drug_coverage"), emergencies[0], RUNNING_OUT), *turn.agenda]
    return True


def _of_the_plan(turn: Turn, today: date) -> bool:
    """ "We were all on his plan", after a death was told."""
    emergencies = _emergencies(turn)
    if not (emergencies and told_last(turn) == "report_death" and is_of_plan(turn.text)):
        return False
    item = replace(emergencies[0], intent="report_death", band="accept", aspect=None)
    turn.agenda = [*take(turn, item, today), *turn.agenda]
    return True


def _in_danger(turn: Turn, _today: date) -> bool:
    """Danger ends whatever was going on or is asked beside it, and asks nothing; that is kept for
    when it is over.
    """
    emergencies = _emergencies(turn)
    if not emergencies:
        return False
    beside = (item for item in _asked_beside(turn) if asks_in_part(item.text))
    going_on = next(iter((*beside, *turn.agenda)), None)
    interrupted = going_on.to_json() if going_on else None
    turn.memory = replace(turn.memory, interrupted=interrupted, offered=None)
    turn.agenda = [_danger(turn, replace(emergencies[0], text=turn.text))]
    turn.forget_factors()
    turn.failures.clear()
    return True


def _asked_of_it(turn: Turn, today: date) -> bool:
    """ "Do I call here or there?" of whoever was told of 911."""
    first = turn.questions[0]
    brief = len(turn.text.split()) <= _MOST_ASKED_OF_IT
    warned = is_warned(turn) or turn.memory.told == CLEARED
    if not (warned and brief and asks_amid(turn.text)):
        return False
    asked = _of_the_care(turn, today)
    if asked and asked[0].told[ASPECT] == STILL_GO and is_of_poison(_warning(turn)):
        turn.say(call_all_the_same())
        return True
    single = len(turn.questions) == 1 and first.first("partner") is None
    of_us = first.intent == "contact_info" and single
    if not asked and is_warned(turn) and (of_us or _WHAT_TO_DO.search(turn.text)):
        # No line of ours is the one to call, and no plan helps.
        asked = [asked_of(Item("emergency"), first, _to_do(turn))]
    if not asked and is_warned(turn) and _asks_of_paying(turn):
        asked = [asked_of(Item("emergency"), first, _PAID)]
    turn.agenda = [*asked, *turn.agenda]
    return bool(asked)


def _asks_of_paying(turn: Turn) -> bool:
    """ "Will the ER cost me, is it even in my network": of the emergency, and of no other care."""
    named = {each["entity"] for item in turn.questions for each in item.entities}
    return all(each.intent in _OF_PAYING for each in turn.questions) and not named - {"facility"}


def _which_hospital(turn: Turn, _today: date) -> bool:
    """ "If the chest pain comes back, which hospital do I go to?": any, and no list of them."""
    first = turn.questions[0]
    searches = first.intent in SEARCHES and not first.first("place") and not first.first("zip")
    if not (searches and names_danger(turn.text) and WHICH_HOSPITAL in first.near(surely=True)):
        return False
    turn.agenda = [asked_of(Item("emergency"), first, WHICH_HOSPITAL), *turn.agenda]
    return True


def _if_now(turn: Turn, _today: date) -> bool:
    """ "What if it's happening right now?", after what holds for danger was told."""
    first = turn.questions[0]
    brief = len(turn.text.split()) <= _MOST_ASKED_OF_IT and not first.entities
    if not (is_warned(turn) and brief and _HAPPENS_NOW.search(turn.text)):
        return False
    turn.agenda = [asked_of(Item("emergency"), first, NOW), *turn.agenda]
    return True


def _none(turn: Turn, _today: date) -> bool:
    wants = any(
        each.is_sure and not is_talk(each.intent) and each.intent != "emergency"
        for each in turn.questions
    )
    # "I'm in no danger, I just want to start seeing a counselor."
    if wants or not says_no_danger(turn.text) or asks_in_part(turn.text):
        return False
    turn.say(relieved(told=words_told(turn)))
    return True


def _over(turn: Turn, today: date) -> bool:
    if not (is_warned(turn) and is_over(turn.text)):
        return False
    turn.agenda = _after(turn, today)
    return True


def _was_none(turn: Turn, _today: date) -> bool:
    """Taken for danger, and it was none: they go on with what was being asked."""
    told_only = {item.intent for item in turn.questions} == {"inform"}
    if not (is_warned(turn) and told_only) or is_wordless(turn.text):
        return False
    if {LOW, NOW, OTHERS} & turn.questions[0].near(surely=False).keys() or is_presence(turn.text):
        # "I'm by myself"
        return False
    if is_bare_fact(turn.text):
        # "He's on my plan", of the one who is in danger.
        return False
    before, turn.memory = turn.memory.interrupted, replace(turn.memory, interrupted=None)
    if not before:
        return False
    turn.agenda = [Item.from_json(before)]
    return True


def _weary(turn: Turn, _today: date) -> bool:
    if len(turn.questions) > 1 or turn.in_form or not sounds_weary(turn.questions[0]):
        return False
    if turn.memory.topic and turn.questions[0].sure_aspect in _OF_SUMS:
        # "What's left for me?", after a claim.
        return False
    turn.say(for_the_weary())
    turn.agenda = []
    return True


def _not_understood(turn: Turn, today: date) -> bool:
    """ "No, nobody's here": what to do stays the same, in other words."""
    first = turn.questions[0]
    only_told = first.intent == "inform" and not first.entities
    unclear = first.band == "reject" or first.intent in _NO_NEWS or only_told
    unclear = unclear or (first.band != "accept" and not asks_amid(turn.text))
    if not (is_warned(turn) and len(turn.questions) == 1 and unclear) or is_wordless(turn.text):
        return False
    if asks_in_part(turn.text) and (first.entities or len(turn.text.split()) > _MOST_ASKED):
        # "Can I at least ask how to get an exception?" is asked of something else.
        return False
    if detail_asked(turn, first, today) is not None:
        return False
    turn.agenda = [asked_of(Item("emergency"), first, _to_do(turn))]
    return True


def _to_do(turn: Turn) -> str:
    """The knowledge's entry of what to do, by the line that they were told of."""
    told = words_told(turn)
    if told_of_crisis(told):
        return LOW
    return SWALLOWED if is_of_poison(told) else NOW


# In this order: help that is there ends the warning, and danger itself comes before what only may
# be none.
_HEARD = (
    _helped,
    _low,
    _will_not_call,
    _accompanied,
    _seeks_counsel,
    _tells_more,
    _seems_well,
    _told_over,
    _safe,
    _why_not_they,
    _of_supply,
    _of_the_plan,
    _in_danger,
    _asked_of_it,
    _which_hospital,
    _if_now,
    _none,
    _over,
    _goes_back,
    _was_none,
    _not_understood,
    _weary,
)


def _warning(turn: Turn) -> str:
    """The words of the warning, where the last answer was one."""
    return words_told(turn) if is_warned(turn) else ""


def _emergencies(turn: Turn) -> list[Item]:
    """What the message tells of danger, in whole or in part."""
    first = turn.questions[0]
    if asks_of_inaction(turn.text) and not is_warned(turn):
        return []
    told = [item for item in turn.questions if item.intent == "emergency"]
    again = told_of_crisis(_warning(turn)) and wants_to_die(first, surely=True)
    hinted = len(turn.questions) == 1 and (again or hints_at_dying(first, turn.ranking))
    # "I took my pill twice": those who know what to do come before the nurse of a plan, and before
    # who says that they can't help.
    wrong_dose = _is_wrong_dose(first)
    if not told and (turn.intent == "emergency" or hinted or wrong_dose):
        return [replace(first, intent="emergency", text=turn.text)]
    return told


def _danger(turn: Turn, item: Item) -> Item:
    """What to do now, by the kind of danger; to whoever was told of the crisis line and still wants
    to die, in other words.
    """
    if kind := goes_on(item.text, _warning(turn)):
        return replace(item, told={"chosen": kind})
    if is_swallowed(turn.questions[0]):
        return replace(item, told={"chosen": POISON})
    if threatens(turn.questions[0]) and not tells_of_dying(item.text):
        return replace(item, told={"chosen": THREAT})
    crisis = told_of_crisis(_warning(turn))
    if crisis and warned_in_spanish(turn) and not names_danger(item.text):
        return replace(item, told={"chosen": CRISIS})
    if crisis and not tells_of_danger(item.text, turn.questions[0]):
        return asked_of(Item("emergency"), item, LOW)
    if not wants_to_die(item):
        other = is_other(item) and not tells_of_dying(item.text)
        return replace(item, told={"chosen": OTHER_DANGER}) if other else item
    if crisis:
        return asked_of(Item("emergency"), item, LOW)
    return replace(item, told={"chosen": CRISIS})


def _is_wrong_dose(item: Item) -> bool:
    """Whether it is nearest to examples of too much of a medicine, or of the wrong one, and not
    understood for sure, or as something for a nurse: a crayon that was eaten is less near.
    """
    nearest = item.details[0] if item.details else None
    if nearest is None or not nearest.surely or nearest.entry != SWALLOWED:
        return False
    plainly = nearest.nearness >= _PLAINLY and item.intent in _SAYS_NO_MORE
    return item.band != "accept" or plainly


def _after(turn: Turn, today: date) -> list[Item]:
    """What is asked together with the good news, else what the danger interrupted."""
    told = words_told(turn)
    if resumed := _resumed(turn):
        turn.say(relieved(told=told))
        turn.memory = replace(turn.memory, last=())
        return resumed
    before, turn.memory = (
        turn.memory.interrupted,
        replace(turn.memory, interrupted=None, last=()),
    )
    beside = _asked_beside(turn) or _bill_beside(turn)
    asked = [] if beside else _of_the_care(turn, today)
    if any(item.told[ASPECT] == FIRST_AID for item in asked):
        # What to do while it lasts.
        asked = []
    if not (beside or asked) and turn.intent == "emergency" and asks_amid(turn.text):
        # "He's breathing again, what now?"
        asked = [asked_of(Item("emergency"), turn.questions[0], STILL_GO)]
    turn.say(glad() if asked else relieved(told=told))
    if beside:
        return _taken(turn, beside, today)
    return [*asked, *([Item.from_json(before)] if before else [])]


def _asked_beside(turn: Turn) -> list[Item]:
    """The questions beside the news of a danger that was told."""
    return [
        replace(item, band="accept")
        for item in turn.questions
        if (item.band == "accept" or _names_a_bill(item))
        and not is_talk(item.intent)
        and item.intent != "emergency"
        # "The nurse says he's okay, so what does it cost?" asks for no nurse.
        and not (item.intent == "nurse_line" and is_cleared(item.text))
        and (
            asks_amid(item.text)
            or _names_a_bill(item)
            or not (is_over(item.text) or is_helped(item.text))
        )
    ]


def _bill_beside(turn: Turn) -> list[Item]:
    """A bill that is named with the news and not understood: "I'm fine, it was in March, I got a
    bill for it why".
    """
    if not _A_BILL.search(turn.text) or turn.intent == "emergency":
        return []
    return [Item("billing_problem", turn.text, turn.questions[0].entities)]


def _names_a_bill(item: Item) -> bool:
    """Whether it is likely of a claim and names its bill: "that was last month, why the bill?"."""
    likely = item.band in ("accept", "confirm") and item.intent in CLAIMS
    return likely and _BILL.search(item.text) is not None


def _taken(turn: Turn, items: list[Item], today: date) -> list[Item]:
    return [wanted for item in items for wanted in take(turn, item, today)]
