"""General first: what anyone may hear is said at once, and the member's own case after that.

A message about the member's own case goes straight on to who they are; for any other the look-up
is offered. Verified members hear their own answer alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from actions.answers.cases import CASES
from actions.answers.general import general
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON
from actions.answers.topics import NEEDS, PERSONAL
from actions.dialogue.agenda import Item
from actions.dialogue.context import is_newborn
from actions.dialogue.intents import intents
from actions.dialogue.needs import OF_MINE, is_open, proven, would_move
from actions.dialogue.turn import Turn
from alliance.answer import Answer, Button
from alliance.verified import VerifiedMember

_OWN = re.compile(r"\b(?:my|mine|our|ours|i|i'm|im|i've|ive|i'd|me|we|we're|us)\b", re.IGNORECASE)
# Said by whoever asks how things are done, whosever they are.
_HOW_TO = re.compile(
    r"\b(?:how (?:do|can|would|should|does|to|long|much time)|what (?:do|should|can) (?:i|we) do|"
    r"where (?:do|can|should) (?:i|we)|what happens|what (?:is|are|does|'s)? ?(?:a|an)\b|"
    r"(?:do|can|should|must|may|could|would) (?:i|we|you|he|she|they|people|one|someone|somebody)|"
    r"what if|is it possible|(?:is|are|am) (?:i|we|he|she|they) (?:allowed|able|permitted) to|"
    r"(?:can|could|would|will) you (?:tell|explain|help)|"
    r"(?:tell|explain|help|show) (?:me|us)|"
    r"i(?:'d| would)? (?:want|need|like|wanna|have)(?: to)? (?:know|understand|ask|learn|see)|"
    r"i(?:'m| am) (?:wondering|curious|just asking|asking)|i have a question|let me know)\b",
    re.IGNORECASE,
)
# "Can you send me a new one?" is a wish, and no question of how it is done.
_DO_IT = re.compile(
    r"\b(?:can|could|will|would) (?:you|u) (?:\w+ )?(?:send|mail|order|get|give|issue|print|check|"
    r"look|pull|see)\b.{0,25}\b(?:me|my|mine|us|our)\b",
    re.IGNORECASE,
)
# Whom the file names already; a wish to name somebody is told how that is done.
_NAMED_THERE = re.compile(
    r"\b(?:who|whom|anyone|anybody|on file|already|still|listed|named|allowed|authori[sz]ed)\b",
    re.IGNORECASE,
)
# "May my daughter call for me?": the file tells whether she is named.
_MAY_CALL = re.compile(
    r"\b(?:may|can|could|is) (?:my|our) (?:\w+ ){1,2}?(?:allowed to |able to )?"
    r"(?:call|ask|talk|speak)\b",
    re.IGNORECASE,
)
_OWN_THING = re.compile(r"\b(?:my|mine|our|ours)\b", re.IGNORECASE)
# What the company holds about the member is theirs, however it is asked.
_ON_FILE = re.compile(
    r"\b(?:do|did) (?:i|we) (?:still |already |even |currently |now )*have (?:an? |any |one )|"
    r"\b(?:visits?|sessions?|times) (?:still )?(?:left|remaining)\b|"
    # "Can you tell me why it was denied?": of one that they have.
    r"\b(?:why|how come|whether|(?:tell me|see|check|know|find out) if) (?:it|this|that|they|you) "
    r"(?:was|were|got|is|has|did|do|does|wo|would|are|have)(?:n'?t)?\b|"
    r"\bcosts? (?:me|us)\b|\b(?:which|what) of (?:my|our)\b|"
    r"\b(?:get|have|tell me|give me|need|know) my (?:\w+ )?(?:card|member|id) (?:id |number)|"
    r"\bon (?:file|record)\b|\byou have for (?:me|us)\b|\byou (?:still )?have (?:my|our)\b",
    re.IGNORECASE,
)
# Of a thing that was named beside it: the rule tells it, and their own plan tells more.
_OF_THAT_THING = re.compile(
    r"\b(?:do|will|would) i need (?:an? |any )?(?:referral|approval|authorization) for "
    r"(?:it|that|this|those|them)\b",
    re.IGNORECASE,
)
# "How much do I have left?": of theirs, though it sounds like "how much do people pay?".
_MY_SUM = re.compile(
    r"\bhow (?:much|many)\b(?: \w+){0,3}? (?:do|did|have|has|will) (?:i|we) "
    r"(?:still |already )?(?:have|got|owe|use|used|spend|spent|left)\b(?! to)|"
    r"\bwhat (?:(?:do|did) )?(?:i|we) (?:still )?(?:owe|have to pay|gotta pay)\b|"
    r"\bhow much\b.{0,30}\b(?:left (?:in|on|of)|(?:still |now )?in (?:there|it)\b|remaining)",
    re.IGNORECASE,
)
# "You people turned it down and I want to know the reason": a decision that was made.
_DECIDED = re.compile(
    r"\b(?:you|they|(?:you|the|our|my) \w+|cigna|mvp|preferred care|it|this)(?: \w+){0,2}? "
    r"(?:paid|refused?|turned|denied|rejected|declined|(?:say|said) (?:no|it))\b|"
    r"\bwhy (?:was|wasn'?t|were|did|didn'?t)\b",
    re.IGNORECASE,
)
_SUPPOSED = re.compile(r"\b(?:if|when|whenever|once|can|could|ever|do you)\b", re.IGNORECASE)
_TELLS = re.compile(
    r"\b(?:tell|show|explain|help|(?:want|need|like|wanna) (?:to )?see)\b", re.IGNORECASE
)
_OWN_ENTITIES = frozenset({"claim_number", "date", "member_id", "amount"})
# With a day ("I got laid off today") they are told what to do; their own file says no more of it.
_LIFE_EVENTS = frozenset({"add_dependent", "end_coverage", "remove_dependent"})
# "Can my wife put me on hers?": how it is done, whosever plan it is.
_MAY = re.compile(r"\W*(?:(?:so|and|but|ok|okay|hi|hello)\W+)*(?:can|could|may|should)\b", re.I)
_WILL_MOVE = re.compile(
    r"\b(?:will|gonna|going to|may|might|are|'re|'ll)(?: be)? (?:mov(?:e|ing)|relocat\w+)\b", re.I
)
_MY_NETWORK = re.compile(
    r"\b(?:my|our) (?:\w+ )?(?:plan|network|insurance|card|coverage)\b", re.IGNORECASE
)
_AN_EOB = re.compile(r"\b(?:eobs?|explanation of|statement|letter|paper)\b", re.IGNORECASE)
# Said by whoever hears the look-up next: a person is not needed yet.
_OF_A_PERSON = re.compile(r"\b(?:a person|connect you)\b", re.IGNORECASE)
MOST_WORDS_BEFORE = 24
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
_LINE = re.compile(r"\d{3}-\d{4}")
MOST_SENTENCES = 2
# On an item that was offered: it was turned down once.
_DECLINED = "declined"
YES = Button("Yes, look up mine", "/affirm")
NO = Button("No, thanks", "/deny")


def own_case(item: Item) -> bool:
    """Whether the words are about the member's own case: "why was my claim denied?", a claim
    number, a date; and not "how do I appeal?". What opens a case always is.
    """
    if item.intent in CASES:
        return True
    named = {entity["entity"] for entity in item.entities} & _OWN_ENTITIES
    if named and not (named == {"date"} and item.intent in _LIFE_EVENTS):
        return True
    if item.intent in _LIFE_EVENTS and _MAY.match(item.text):
        return False
    names_one = item.first("relation") and _MAY_CALL.search(item.text)
    named_there = _NAMED_THERE.search(item.text) or names_one
    if item.intent == "authorize_representative" and not named_there:
        return False
    if _OF_THAT_THING.search(item.text) or _of_the_file(item.text):
        return True
    if item.intent == "fsa_balance" and _OWN_THING.search(item.text):
        # "When do I have to spend my flex money by?" is told by the account alone.
        return True
    decided = item.intent == "claim_denial" and _DECIDED.search(item.text)
    if decided and not _SUPPOSED.search(item.text):
        return True
    if {"claim", "person"} & {*item.told}:
        # Of what was just talked about: theirs.
        return True
    without = _HOW_TO.sub(" ", item.text)
    if without != item.text:
        # How it is done in general; with "tell me my ..." it is theirs all the same.
        return bool(_TELLS.search(item.text) and _OWN_THING.search(without))
    return bool(_OWN.search(item.text))


def _of_the_file(text: str) -> bool:
    return any(sign.search(text) for sign in (_DO_IT, _ON_FILE, _MY_SUM))


def asks_rule(item: Item) -> bool:
    """Whether the words ask how it is done, by whoever: what holds for everybody is an answer, and
    their own file can wait.
    """
    named = {entity["entity"] for entity in item.entities} & _OWN_ENTITIES
    return bool(_HOW_TO.search(item.text)) and not (named or _of_the_file(item.text))


def general_part(
    item: Item, verified: VerifiedMember | None, asked: Question, desk: Desk
) -> Answer | None:
    """What is said before a question is looked up: None when it was said, when there is nothing
    to say, or when the member is proven and hears their own answer.
    """
    if is_newborn_covered(item) and "general" not in item.told:
        # The rule decides, whatever the file shows yet.
        rule = general(verified, replace(asked, intent="add_dependent"), desk)
        return None if rule is None or desk.withdrawn.has(rule) else rule
    if (
        "general" in item.told
        or _of_a_bill(item)
        or not (item.intent in CASES or is_personal(item))
        or not intents()[item.intent].general
        or is_open(item)
        or (is_personal(item) and proven(verified, item))
    ):
        return None
    told = general(verified, asked, desk)
    return None if told and desk.withdrawn.has(told) else told


def for_own_plan(turn: Turn, item: Item) -> Item | None:
    """A doctor or place that was told as the directories list it, for the plan of who asks: offered
    where "my plan" or "my network" was asked about and nobody knows whose that is.
    """
    if item.intent != "check_network" or turn.context.verified or turn.shut or turn.agenda:
        return None
    if turn.in_form or turn.memory.caller or not _MY_NETWORK.search(item.text):
        return None
    return item.tell(OF_MINE, True)


def of_own_file(turn: Turn, item: Item) -> Item | None:
    """Which plan the file shows for who told where they live, or moved to: the place alone tells
    what company serves it. A move that is only thought of changes no file.
    """
    if item.intent != "which_plan_covers_me" or not is_open(item) or not own_case(item):
        return None
    nobodys = turn.shut or turn.in_form or turn.agenda or turn.memory.caller
    moves = would_move(item.text) or _WILL_MOVE.search(item.text)
    if turn.context.verified or nobodys or moves:
        return None
    return None if item.intent in turn.memory.declined else Item(item.intent, "which plan is mine")


def is_newborn_covered(item: Item) -> bool:
    """ "My son was born on the 8th, is he covered?"."""
    return item.intent == "coverage_status" and is_newborn(item.text)


def _of_a_bill(item: Item) -> bool:
    """Whether somebody asks what they owe: what an explanation of benefits is, is beside the
    point.
    """
    return item.intent == "explain_eob" and own_case(item) and not _AN_EOB.search(item.text)


def is_personal(item: Item) -> bool:
    """Whether it is looked up in a member's own file."""
    return item.intent in PERSONAL and "identity" in NEEDS.get(item.intent, ())


def shortened(told: Answer) -> Answer:
    """The general part before the member's own case: what matters first, without the lines to
    call, because the look-up comes next.
    """
    *said, notice = _SENTENCE_END.split(told.text)
    kept = [sentence for sentence in said if not _LINE.search(sentence)][:MOST_SENTENCES]
    if not kept:
        return told
    return replace(
        told, text=" ".join([*kept, notice]), speech=_shortened_speech(told.speech), buttons=()
    )


def _shortened_speech(speech: str) -> str:
    """As many sentences as a caller keeps in mind while being asked who they are."""
    *said, notice = _SENTENCE_END.split(speech)
    kept: list[str] = []
    for sentence in said:
        if _OF_A_PERSON.search(sentence):
            continue
        if kept and len(" ".join([*kept, sentence]).split()) > MOST_WORDS_BEFORE:
            break
        kept.append(sentence)
    return " ".join([*kept, notice]) if kept else speech


def offer(
    verified: VerifiedMember | None, offered: Mapping[str, Any] | None, *, before: str = ""
) -> Answer:
    """After the general part: the member's own case, if they want it, and what has to be done
    first to be sure who they are, if anything. `before` is the topic, where another was told since.
    """
    first, heard = " I'd first ask a few things to be sure it's you.", " I'd first ask who you are."
    if verified:
        known = offered is not None and proven(verified, Item.from_json(offered))
        first = heard = "" if known else " I'd first send you a code."
    what = "look up yours"
    if offered is not None and OF_MINE in offered["told"]:
        what = "check it for your own plan"
    lead = f"You also asked about {before}. " if before else ""
    return Answer(
        text=f"{lead}Would you like me to {what}?{first}",
        speech=f"{lead}Shall I {what}?{heard}",
        kind="question",
        intent="offer",
        buttons=(YES, NO),
    )


def by_answer(offered: Mapping[str, Any]) -> bool:
    """Whether an answer of its own made the offer, and not the look-up after a general part."""
    return bool(offered["told"].get("agreed"))


def is_to_offer(offered: Mapping[str, Any] | None) -> bool:
    """Whether the look-up still has to be offered: not when an answer did, or when the member has
    just turned it down and may only think again.
    """
    return offered is not None and not by_answer(offered) and _DECLINED not in offered["told"]


def declined(item: Item) -> dict[str, Any]:
    """A question whose look-up was turned down, kept for a member who thinks again."""
    return item.tell(_DECLINED, True).to_json()


def accepted(offered: Mapping[str, Any]) -> Item:
    """The question that a yes asks."""
    item = Item.from_json(offered).tell("general", "said")
    return replace(item, told={n: v for n, v in item.told.items() if n != _DECLINED})


def not_wanted(act: bool = False) -> Answer:
    """A look-up, or with `act` something to be done, was offered; the member does not want it."""
    text = f"All right, I won't {'do that' if act else 'look it up'}. Is there anything else?"
    return Answer(text=text, speech=text, kind="notice", intent="deny", buttons=(PERSON,))
