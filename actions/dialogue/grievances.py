"""A complaint needs no yes: told in whatever words, it counts as one and is recorded."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answers.cases import CASES, files_itself
from actions.answers.question import Desk
from actions.answers.service import PERSON
from actions.answers.wording import joined, line_of
from actions.cases.filing import case_kinds
from actions.dialogue.agenda import NO_COMPANY, Item
from actions.dialogue.asides import sounds_of_leaving
from actions.dialogue.case_needs import names_nobody, read_filing, says_something
from actions.dialogue.follow_ups.topics import SEARCHES
from actions.dialogue.handing_over import FOR_A_PERSON, WHERE_TO_REACH
from actions.dialogue.needs import asks, asks_amid, asks_in_part
from actions.dialogue.turn import Turn
from alliance.answer import Answer
from alliance.cases import MOST_WORDS_CHARACTERS

# The knowledge's entry of a complaint to which more is added.
_ADDING = "complaint-add"
_A_CASE = re.compile(
    r"\b(?:i|we)(?:'ve| have| had)? (?:already )?(?:made|filed|sent|opened|submitted|put in|lodged|"
    r"wrote)\b.{0,20}\b(?:complaints?|grievances?|case|report)\b|"
    r"\b(?:i|we)(?:'ve| have| had)? (?:already )?(?:complained|reported)\b|"
    r"\b(?:my|our|that|the) (?:\w+ )?(?:complaint|grievance|case)\b",
    re.IGNORECASE,
)
_WHERE_IT_STANDS = re.compile(
    r"\b(?:status|update|any news|what happened|what(?:'?s| is) happening|hear(?:d|ing)?|stands?|"
    r"going anywhere|(?:no ?(?:body|one)|never|not|no|n'?t|without an?) (?:\w+ ){0,3}?(?:answer\w*|"
    r"repl(?:y|ied)|respon\w+|called|call|wrote|got back|contacted|word))\b",
    re.IGNORECASE,
)
# What these ask about is no complaint's state.
_CERTAIN = frozenset({"emergency", "appeal", "claim_status", "claim_denial", "speak_to_agent"})
_TAKES_BACK = re.compile(
    r"\W*(?:(?:actually|no|wait|and|but|ok(?:ay)?|so|hm+)\W+)*(?:(?:can|could|may|how do|how can) "
    r"(?:i|you|we) (?:still |please )?|i (?:want|need|would like) to |please )?"
    r"(?:take (?:it|that|this) back|withdraw|cancel|undo|retract|un-?file|recall|call (?:it|that)"
    r" off)"
    r"(?: (?:it|that|this|my|the|complaint|report|appeal|request|later|again|if i \w+.*))*\W*",
    re.IGNORECASE,
)
# Asked how it is done, and nothing is told yet that could be passed on.
_HOW = re.compile(
    r"\b(?:how|where|whom?|what (?:number|address|happens|department))\b.{0,40}"
    r"\b(?:complain\w*|complaints?|grievances?)\W*$",
    re.IGNORECASE,
)
# At the head of a message that says more.
_YES_OR_NO = re.compile(
    r"\W*(?:yes|yeah|yep|yup|sure|ok(?:ay)?|please(?: do)?|go ahead|no|nope|nah)\b(?:\W+(?:but|and|"
    r"first|please|wait|though|so|do|file it|go ahead)\b)*\W*",
    re.IGNORECASE,
)
_NUMBER_AGAIN = re.compile(
    r"\W*(?:(?:and|so|ok(?:ay)?|sorry|wait)\W+)*(?:what(?:'?s| is| was)|tell me|give me|repeat) "
    r"(?:my|the|that) number(?: (?:again|one more time|once more|please))*\W*",
    re.IGNORECASE,
)
_NO_COMPLAINT = re.compile(
    r"\b(?:don'?t|didn'?t|do not|not|no need to) (?:\w+ ){0,3}?(?:complain|"
    r"(?:file |make )?(?:a |any )?complaint)\b(?!.*\b(?:answer\w*|heard|hear)\b)",
    re.IGNORECASE,
)
_SORRY = "I'm sorry this happened."
# "Can you add that to my complaint?", and what is another one.
_ADDS = re.compile(
    r"\b(?:add|include|put in|note|mention|write)\b.{0,60}"
    r"\b(?:complaint|grievance|case|report|appeal)\b",
    re.IGNORECASE,
)
# What only adds to what was told: "please add that she was rude", "I also want to mention ...".
_ADDS_ON = re.compile(
    r"\b(?:(?:add|include|note|mention|put (?:in|down)|write (?:in|down)) "
    r"(?:(?:also|in|there|to|it) )*that (?!to\b|on\b)|"
    r"\btell them (?:that |also )?(?=(?:i|they|he|she|not|to|it|my)\b)|"
    r"\b(?:may|can|could) (?:i|you) (?:also |please )?(?:add|include) (?:something|(?:one|a|1) "
    r"(?:more )?thing|this)(?: else)?\b|"
    r"^\W*(?:(?:oh|and|also|wait|ok(?:ay)?|so|yes|please)\W+)*(?:add (?:one|1) more thing|"
    r"(?:also )?i forgot(?= (?:for|about|on|to add)\b))\b"
    r"(?: (?:for|about|on|to add(?: to)?) (?:the|my|that) \w+)?)",
    re.IGNORECASE,
)
# What may begin something else: "I forgot to tell you I need a new card".
_BEGINS = re.compile(
    r"\bi (?:\w+ ){0,2}?(?:want(?:ed)?|forgot|meant|like|need(?:ed)?) to "
    r"(?:also )?(?:mention|say|tell you)\b(?: that)?",
    re.IGNORECASE,
)
# "One more thing to that complaint" tells nothing yet.
_MORE = re.compile(r"\b(?:one|1|more|else|another|things?|add|put|in)\b", re.IGNORECASE)
# The last answer was that more can be told of the case.
ADDING = "adding"
# "Last Thursday, Dr. Lee's office": where it happened.
WHERE_IT_WAS = ("provider_details", "check_network")
_OF_A_PLACE = ("complaint", "report_fraud", "appeal")
# What a bill that is told of sounds like, and how it points back at what was told before.
_OF_A_BILL = ("billing_problem", "explain_eob", "claim_status")
_POINTS_BACK = re.compile(
    r"\W*(?:(?:and|also|oh|well|so)\W+)*(?:it|they|he|she|that|this|the (?:bill|charge|visit|date|"
    r"amount|place|company|doctor|office|name|person))\b",
    re.IGNORECASE,
)
_BECAUSE = re.compile(r"\W*(?:(?:it'?s|well|just|and)\W+)*(?:because|since|cuz|cause)\b", re.I)
# What is asked while a case is being told.
_TELLING = ("need_partner", "need_words", "need_filing")
_LEAVES = frozenset({"deny", "affirm", "thank", "goodbye"})
_ANOTHER = re.compile(
    r"\b(?:another|new|second|different|separate)\b(?: \w+){0,2}? (?:complaint|grievance|case|"
    r"report|appeal|request|matter|issue|problem|one|claim|denial|bill|person)\b",
    re.IGNORECASE,
)
# "Can I have my reference number?"
_NUMBER = re.compile(
    r"\b(?:reference|case|complaint|tracking|confirmation|ticket|grievance|appeal|report|file) "
    r"(?:number|no\b|num\b|#|id)|\bnumber (?:of|for|on) (?:the|my|this|that) "
    r"(?:case|complaint|report|appeal|request|ticket|grievance)\b|"
    r"\bmy number (?:for|of|on) (?:this|it|that)\b",
    re.IGNORECASE,
)


def _is_sure(item: Item, desk: Desk) -> bool:
    """Whether it is understood for sure as a complaint. What happened is asked where the words do
    not say it; whether to record it never is.
    """
    if _HOW.search(item.text):
        return False
    return item.intent == "complaint" and item.band == "accept" and desk.cases is not None


async def with_filing(turn: Turn, item: Item, desk: Desk) -> Item:
    """The complaint as one that is to be filed, where the rules leave nothing to ask."""
    if "filing" not in item.told and (
        _is_sure(item, desk)
        or await files_itself(turn.context.verified, item.intent, item.text, desk)
    ):
        item = item.tell("filing", True)
        if turn.context.verified:
            # Filed in the same breath: the number and the day are what is to be heard.
            turn.say(Answer(text=_SORRY, speech=_SORRY, kind="notice", intent=item.intent))
            item = item.tell("general", "said")
        # However few they are: the words that were spoken are the complaint.
        return item.tell("words", item.text) if says_something(item.text) else item
    return item


def of_earlier_case(turn: Turn, item: Item) -> Answer | None:
    """To whoever asks where a complaint of theirs stands that was made before this conversation:
    it opens no second one. None for everything else.
    """
    if turn.memory.filed or turn.text.startswith("/") or item.intent in _CERTAIN:
        return None
    if not (_A_CASE.search(item.text) and _WHERE_IT_STANDS.search(item.text)):
        return None
    named = turn.partners.named(item.text) or turn.partners.get(turn.memory.partner)
    ours = [named] if named and named.backend else [each for each in turn.partners if each.backend]
    lines = joined([line_of(each) for each in ours], "or")
    text = (
        "I can't see a case that was opened before this chat. A person can tell you where it "
        f"stands, best by its reference number: ask me for one, or call {lines}."
    )
    speech = (
        "I can't see a case that was opened before this call. A person can tell you where it "
        "stands. Say person, and I connect you."
    )
    return Answer(text=text, speech=speech, kind="notice", intent="complaint", buttons=(PERSON,))


def told_afterwards(turn: Turn, item: Item) -> Item | None:
    """The last case with what is told once it is on its way: a detail, a correction, more of the
    same. None where the words tell nothing of it.
    """
    filed = Item.from_json(turn.memory.filed) if turn.memory.filed else None
    if filed is None or turn.memory.reference is None or not says_something(item.text):
        return None
    if item.intent in _LEAVES and sounds_of_leaving(item.text):
        return None
    if not _ADDS.search(item.text):
        just_told = filed.intent in {each.get("intent") for each in turn.memory.last}
        where = WHERE_IT_WAS if filed.intent in _OF_A_PLACE else ()
        of_it = item.intent in (filed.intent, *where)
        about = of_it or not item.is_sure or _tells_on(filed, item)
        # A recogniser, and many a member, writes no question mark.
        if not (just_told and about) or asks_amid(item.text):
            return None
    if _ANOTHER.search(item.text) or turn.partners.named(item.text):
        return None
    return _with_words(filed, item.text, turn.memory.reference)


def _with_words(filed: Item, words: str, reference: str) -> Item:
    told = {**filed.told, "words": words, "case": reference, "filing": True}
    return replace(filed, text=words, told=told)


def adds_to_it(turn: Turn, case: str) -> bool:
    """Whether the words add something to the `case` that was told, and ask nothing else: "can you
    add that I waited an hour".
    """
    text, first = turn.text, turn.questions[0]
    found = _ADDS_ON.search(text)
    if found is None and not (first.is_sure and first.intent not in (case, *WHERE_IT_WAS)):
        found = _BEGINS.search(text)
    rest = text[found.end() :] if found else ""
    return says_something(rest) and not asks_in_part(rest)


def added(turn: Turn) -> Item | None:
    """The case that was passed on here with the whole message, where that is to be added to it: it
    says so, or they were asked to tell what there is to add.
    """
    if turn.memory.filed is None or turn.memory.reference is None or turn.in_form:
        return None
    first, *others = turn.questions
    words = turn.text
    if not adds_to_it(turn, turn.memory.filed["intent"]):
        begun = wants_to_add(turn, first)
        invited = turn.memory.told == ADDING and first.intent not in _LEAVES
        words = " ".join(each.text for each in others) if begun else words
        told = says_something(_MORE.sub("", words)) and not asks_in_part(words)
        if not (begun or invited) or not told:
            return None
    return _with_words(Item.from_json(turn.memory.filed), words, turn.memory.reference)


def wants_to_add(turn: Turn, item: Item) -> bool:
    """Whether it is asked if something can be added to the case that was passed on here."""
    nearest = item.details[0] if item.details else None
    near = nearest is not None and nearest.surely and nearest.entry == _ADDING
    return near and turn.memory.filed is not None and turn.memory.reference is not None


def may_add(turn: Turn) -> Answer | None:
    """That it can be added here; None where the same message tells it already."""
    others = (each for each in turn.questions if not wants_to_add(turn, each))
    if any(told_afterwards(turn, each) for each in others):
        return None
    text = f"Yes. Tell me here in your own words, and I add it to {turn.memory.reference}."
    speech = "Yes. Tell me in your own words, and I add it to your case."
    return Answer(text=text, speech=speech, kind="notice", intent=ADDING)


def _tells_on(filed: Item, item: Item) -> bool:
    """ "It was from a place in Texas, for 300 dollars", of a fraud or a complaint that was passed
    on; "because my doctor wants it", of an appeal.
    """
    if asks_in_part(item.text):
        return False
    if filed.intent == "appeal":
        return _BECAUSE.match(item.text) is not None
    if item.first("amount") is not None and not asks(item.text):
        # "A second pharmacy charged 80 dollars" looks for none.
        return item.intent in (*_OF_A_BILL, *SEARCHES)
    return item.intent in _OF_A_BILL and _POINTS_BACK.match(item.text) is not None


def tells_on_of_case(turn: Turn, item: Item) -> bool:
    """The same of the case that was passed on last, if there is one."""
    return turn.memory.filed is not None and _tells_on(Item.from_json(turn.memory.filed), item)


def asks_for_number(text: str) -> bool:
    """Whether the number of what was passed on is asked for."""
    return _NUMBER.search(text) is not None


def wants_number(turn: Turn, item: Item) -> bool:
    """Whether the number of a case is asked for: in words that name it, or in any that ask for a
    number while one is being told, or right after it was passed on.
    """
    filed = turn.memory.filed
    if asks_for_number(item.text) or (filed and _NUMBER_AGAIN.fullmatch(item.text)):
        return True
    telling = turn.asking in _TELLING and bool(turn.agenda) and turn.agenda[0].intent in CASES
    just_filed = filed is not None and turn.memory.told == filed["intent"]
    missed = item.intent == "repeat" and "number" in item.text.lower()
    return (telling or just_filed) and (item.asks_for("number") or missed)


def number_of_case(turn: Turn) -> Item | Answer | None:
    """The case once more, whose answer tells its number; that there is none yet; or None where no
    case was opened here.
    """
    if again := turn.memory.case_again():
        return again
    if not (turn.agenda and turn.agenda[0].intent in CASES):
        return None
    text = "There is no number yet: you get it as soon as I have passed it on."
    return Answer(text=text, speech=text, kind="notice", intent=turn.agenda[0].intent)


def wants_no_complaint(item: Item) -> Answer | None:
    """To "I don't want to complain, I want it paid": none is filed, and what helps instead."""
    if item.intent != "complaint" or not _NO_COMPLAINT.search(item.text):
        return None
    text = (
        "All right, I file no complaint. If something was refused, you can have it looked at "
        "again, free of charge: say “file my appeal”. I can also look up the claim, or get you a "
        "person."
    )
    return Answer(text=text, speech=text, kind="notice", intent="appeal", buttons=(PERSON,))


def files_again(turn: Turn, item: Item) -> bool:
    """Whether the appeal that was just filed is to be filed: its number is told, and no second one
    opened.
    """
    filed = turn.memory.filed
    if filed is None or not filed["intent"] == item.intent == "appeal" or item.entities:
        return False
    return case_kinds()["appeal"].is_plain(item.text) and not _ANOTHER.search(item.text)


def takes_case_back(turn: Turn, text: str) -> bool:
    """Whether what was just passed on is to be taken back."""
    return bool(turn.memory.filed) and _TAKES_BACK.fullmatch(text) is not None


def passed_on_already(turn: Turn) -> Answer | None:
    """To "forget it" when the case is on its way already; None where there is none."""
    filed = turn.memory.filed
    if filed is None or turn.memory.told != filed["intent"] or turn.in_form:
        return None
    text = (
        "It is passed on already, and I can't take it back here. Tell the person who follows it up "
        "that you no longer want it, or ask me for a person now. It costs you nothing."
    )
    return Answer(text=text, speech=text, kind="notice", intent="cancel", buttons=(PERSON,))


def filed_beside(turn: Turn) -> tuple[Item, tuple[Item, ...]] | None:
    """The case with the yes or no to filing it, and the question that comes with that: "yes, but
    how long does it take?". None where the message is no such two.
    """
    begun = _YES_OR_NO.match(turn.text)
    if not turn.in_form or turn.asking != "need_filing" or begun is None or not turn.agenda:
        return None
    rest = turn.text[begun.end() :]
    filed = read_filing(begun.group(), "inform")
    if filed is None or not asks(rest):
        return None
    first, *others = turn.questions
    intent = "inform" if first.intent in ("affirm", "deny") else first.intent
    asked = replace(first, text=rest, intent=intent)
    return turn.agenda[0].tell("filing", filed), (asked, *others)


def stays_unnamed(turn: Turn) -> bool:
    """Whether, while a case is being told, they only say that they give no name: none is needed."""
    telling = bool(turn.agenda) and turn.agenda[0].intent in CASES
    answers = turn.asking == "need_filing" and read_filing(turn.text, "inform") is not None
    return telling and names_nobody(turn.text) and not (answers or asks(turn.text))


def more_words(turn: Turn, item: Item) -> dict[str, str] | None:
    """What the member adds to a complaint, or to why they want a person, while the company is
    asked, whether to file it, or where to call: kept with what they said before. None where it
    adds nothing.
    """
    for_a_person = item.intent in FOR_A_PERSON
    asked = WHERE_TO_REACH if for_a_person else ("need_partner", "need_filing")
    asks_else = asks_in_part(turn.text) and not adds_to_it(turn, item.intent)
    if turn.asking not in asked or not says_something(turn.text) or asks_else:
        return None
    need = "reason" if for_a_person else "words"
    if need == "words" and item.intent not in CASES:
        return None
    before = str(item.told.get(need) or ("" if need == "reason" else item.text))
    more = {need: f"{before}; {turn.text.strip()}".strip("; ")[:MOST_WORDS_CHARACTERS]}
    if turn.asking == "need_partner" and need == "reason" and "; " in before:
        # Asked twice, and both times there was more to say: nobody is asked a third time. A
        # complaint of no company is filed with none, so for that it is.
        more["partner"] = NO_COMPANY
    return more
