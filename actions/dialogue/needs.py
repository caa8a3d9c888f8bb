"""What the first question on the agenda still needs, and reading it from what was said."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

from actions.answers.appeal import is_urgent
from actions.answers.callback import read_phone, read_time
from actions.answers.claim_words import DETAILS_LEVEL
from actions.answers.continuity import is_of_continuity
from actions.answers.referral import names_one
from actions.answers.representatives import wants_helper
from actions.answers.topics import NEEDS, OF_THE_PLAN, PERSONAL
from actions.dialogue.agenda import (
    NO_COMPANY,
    Item,
    Memory,
    about_whom,
    asks_which,
    location,
    needs_company,
)
from actions.dialogue.case_needs import read_filing, read_words
from actions.dialogue.intents import intents
from actions.dialogue.prompts import COMPANY_KEYS
from actions.dialogue.put_right import put_right
from actions.dialogue.reading import bare_value, by_care, entity_zip, value_in
from actions.dialogue.turn import WITHHOLDING, Turn
from actions.identity.no_card import NO_CARD, read_last_name, read_second
from actions.identity.no_card import SLOTS as NO_CARD_SLOTS
from actions.identity.third_party import ASK as ASK_WHOSE
from actions.identity.third_party import read_whose
from alliance.gazetteer import locate
from alliance.partners import Partner, Partners
from alliance.spoken import MONTHS, normalise
from alliance.values import (
    is_only_value,
    matches_name,
    may_be_name,
    read_date_of_birth,
    read_first_names,
    read_member_ids,
    read_zip,
)
from alliance.verified import VerifiedMember

# Greedy: what counts is what follows the last of them.
_SLIP = re.compile(
    r".*\b(?:i (?:mean|meant)|sorry|wait|no|(?:wh)?oops|make that|scratch that|correction)\b",
    re.IGNORECASE | re.DOTALL,
)
_BORN_AND_ZIP = re.compile(
    rf"(?P<born>\b(?:(?:{'|'.join(MONTHS)}) \d{{1,2}}(?:st|nd|rd|th)?,? (?:(?:19|20)?\d\d)|"
    r"\d{4}(?:19|20)\d\d))(?P<zip>\d{5})\b",
    re.IGNORECASE,
)
_ZIP_LABEL = re.compile(r"\bzip(?: ?code)?\b", re.IGNORECASE)
_YEAR = re.compile(r"[^\d]*(?<!\d)((?:19|20)\d\d)(?!\d)[^\d]*")
_DAY = re.compile(r"\W*(?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)\W*", re.IGNORECASE)
_FACTORS = ("factor_first_name", "factor_member_id", "factor_date_of_birth", "factor_zip")
_BORN = "factor_date_of_birth"
# Plain enough to be taken when something else was asked; five digits alone could be anything.
_BEFORE_THEIR_TURN = frozenset({"factor_member_id", "factor_date_of_birth"})
_KINDS = {
    "factor_first_name": "first_name",
    "factor_member_id": "member_id",
    "factor_card_company": "partner",
    "factor_date_of_birth": "date_of_birth",
    "factor_zip": "zip",
}
_NAME = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)?")
_OF_DRUGS = frozenset({"drug_coverage", "drug_cost", "mail_order_pharmacy"})
# The mark of an item that is only the wish to be verified (actions/identity/verify_first.py).
VERIFY = "verify"
# The mark of an item that anyone may ask, and that is to be answered for the member's own plan.
OF_MINE = "of_mine"
# The mark of an item of which it has to be asked whom of the family it is about.
OF_WHOM = "of_whom"
# On an item: of whom the file has said that the member may hear.
PERMITTED = "permitted"
# A few words that hold a value answer the question, whatever topic they sound like.
MOST_ANSWER_WORDS = 4
MOST_WHOSE_WORDS = 12
_CORRECTION = re.compile(
    r"^\W*(?:no+|sorry|oops|wait|actually|i meant?|not|make (?:it|that)|rather)\b", re.IGNORECASE
)
_CORRECTIONS = re.compile(rf"^(?:{_CORRECTION.pattern.removeprefix('^')}\W*)+", re.IGNORECASE)
_MOST_CORRECTION_WORDS = 7
_MOST_ASKING_WORDS = 14
_YES = re.compile(
    r"\W*(?:(?:yes|yeah|yep|yup|sure|ok|okay|please|go ahead|of course|fine|al(?:l ?)?right|do it|"
    r"sounds good|you (?:can|may) (?:check|look at|look up|see|pull up) (?:mine|my own|it)|"
    r"that'?s fine|let'?s do (?:it|that)|yes i do|i do|go for it|sí|si|claro|"
    r"(?:(?:can|could|will|would) you )?(?:please |just )?(?:look at|check|pull up|see|look up|"
    r"find|tell me about) (?:mine|my own(?: \w+)?|it for me|it up|me up))\W*)+",
    re.IGNORECASE,
)
_AGREES_FIRST = re.compile(rf"{_YES.pattern}(?<=\W)", re.IGNORECASE)
_NO = re.compile(
    r"\W*(?:no+|nope|nah|no (?:thanks?|thank you|way)|not (?:now|today|really)|maybe later|"
    r"i(?: am|'m) good|i don'?t (?:want to|think so|wanna))\W*(?:thanks?|thank you|sorry)?"
    r"(?:\W*(?:just |only )?(?:in general|generally|asking|curious|wondering))?\W*",
    re.IGNORECASE,
)
# "I'd rather not give you that": a no to saying who they are, which is theirs to say.
_CROSS = ("deny", "feedback_negative", "out_of_scope")
_NO_FIRST = re.compile(
    r"\W*(?:(?:still|again|hell|absolutely|sorry|i said|ugh)\W+)*(?:no|nope|nah)\b"
    r"(?!,? (?:idea|clue|card|id|number|problem|worries|such|one|wait|sorry|actually|hold|hang|"
    r"i meant?)\b)"
    r"(?!.*[\d?])",
    re.IGNORECASE,
)
# What would rather not be told: by these words, beside what is learnt from sentences.
_REFUSES = re.compile(
    r"\b(?:rather not|prefer not|no way|not doing (?:it|that|this)|none of your business|"
    r"not comfortable|uncomfortable|"
    # Whoever else won't: "they won't give me an itemized bill".
    r"(?<!they )(?<!\bhe )(?<!\bshe )(?<!\byou )(?<!office )(?<!doctor )(?<!hospital )"
    r"(?:do not|don'?t|won'?t|will not|not going to|not gonna|refuse to|not) (?:\w+ ){0,3}?"
    r"(?:give|giving|tell|telling|share|sharing|say|saying|provide|providing|hand|disclose|"
    r"identify|"
    r"identifying|verify|(?:typ(?:e|ing)|put(?:ting)?|enter(?:ing)?|writ(?:e|ing)) (?:\w+ ){0,2}?"
    r"(?:ids?|numbers?|details|info\w*|data|birth\w*|address|zip))\b"
    # "Don't tell me he's not on the list", "they booked it and won't tell me the price".
    r"(?! (?:me|us|him)\b))",
    re.IGNORECASE,
)
_ASKS_AMID = re.compile(
    r"\?|\b(?:am i|are you|(?:do|did|should|can|could|will|would) (?:i|you|they|we|he|she|"
    r"somebody|someone|anybody|anyone)|is (?:it|that|my|he|she)|what|how|when|who|where|why|"
    r"which)\b",
    re.IGNORECASE,
)
# How a question or a wish begins, or ends: no answer to what was asked.
_ASKS = re.compile(
    r"\?\s*$|^\W*(?:(?:and|so|but|ok|well|um|oh|also|hey|wait|hi|hello|good (?:morning|day|"
    r"afternoon|evening)|please|yes)\W+)*"
    r"(?:is|are|was|were|do|does|did|can|could|will|"
    r"would|should|what|what's|whats|how|how's|when|where|where's|who|who's|why|which|tell|show|"
    r"help|(?:until|till|by|for|since|from|up to|in|at|on|to|with) (?:what|which|when|whom?|how)|"
    r"i want|i need|i'd like|i would like|give me|let me|connect|transfer)\b",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[.,;!]\s+")
# A name by the letters on the keys: 2 to 9, as many as a first name has.
_KEYED_NAME = re.compile(r"[2-9]{2,15}")
_LIKELY = 0.5
_OTHER_ID = re.compile(
    r"\d.*\b(?:no|wait|sorry|oops|actually|wrong|i mean|i meant|old)\b.*\d", re.IGNORECASE
)
_NOT_THAT_ID = re.compile(r"\bnot\W+(?:the |my )?[A-Za-z]?\d", re.IGNORECASE)
_UNSURE = re.compile(
    r"\W*(?:(?:well|um+|uh+|hm+|sorry)\W+)*(?:9\W*$|(?:i'?m |i am )?(?:not|un) ?sure\b|"
    r"(?:i )?(?:do not|don'?t|dont) know\b|"
    r"(?:i )?(?:have |haven'?t )?(?:no|an?|any) (?:idea|clue)\b|"
    r"idk\b|dunno\b|beats me\b|(?:i )?(?:can'?t|cannot) (?:tell|say)\b|"
    r"(?:ok(?:ay)?\W+)?(?:whichever|whoever|whatever|any(?:body|one| of them|)|either(?: one)?|"
    r"(?:it )?(?:doesn'?t|does not) matter|no preference|you (?:choose|pick|decide))\W*$)",
    re.IGNORECASE,
)


_MOVES = re.compile(
    r"\b(?:if|when|after|once|suppose|say)\b.{0,20}\b(?:i|we)(?:'m| am|'re| are)?\W+(?:\w+ )?"
    r"(?:mov(?:e|ed|ing)|relocat\w+|live[ds]? in|living in)\b",
    re.IGNORECASE,
)


def would_move(text: str) -> bool:
    """Whether somebody asks what a move would change: "if I moved to Boston"."""
    return _MOVES.search(text) is not None


def lacking(item: Item, verified: VerifiedMember | None, memory: Memory, today: date) -> list[str]:
    """The needs (names as in `actions.answers.topics.NEEDS`) that are not met yet, in order."""
    if is_open(item) or item.told.get("filing") is False:
        # What is not to be filed needs no company to be filed with.
        return []
    return [
        need
        for need in needs_of(item)
        if not (
            proven(verified, item)
            if need == "identity"
            else _met(need, item, verified, memory, today)
        )
    ]


def missing(turn: Turn, today: date) -> list[str]:
    """The slots to ask for before the first question can be answered, in order."""
    if not turn.agenda or awaits_permission(turn, turn.agenda[0]):
        return []
    slots: list[str] = []
    for need in lacking(turn.agenda[0], turn.context.verified, turn.memory, today):
        slots += _identity(turn) if need == "identity" else [f"need_{need}"]
    return slots


def needs_identity(turn: Turn) -> bool:
    """Whether the first question is a personal one and it is not proven enough who is asking."""
    return bool(turn.agenda) and asks_identity(turn, turn.agenda[0])


def asks_identity(turn: Turn, item: Item) -> bool:
    """Whether a question is a personal one and it is not proven enough who is asking."""
    if is_open(item) or "identity" not in needs_of(item) or awaits_permission(turn, item):
        return False
    return not proven(turn.context.verified, item)


def awaits_permission(turn: Turn, item: Item) -> bool:
    """Whether a member asks about somebody else of whom the file was not asked yet: before it says
    that they may hear it, nothing more is asked of them, no day of a claim and no code.
    """
    member = turn.context.verified
    if member is None or item.intent not in PERSONAL or item.intent in OF_THE_PLAN:
        return False
    whom = about_whom(item, turn.partners)
    if whom is None or matches_name(whom, member.person.first_name):
        return False
    return item.told.get(PERMITTED) != whom


def proven(verified: VerifiedMember | None, item: Item) -> bool:
    """Whether it is proven enough for this question who is asking. A claim that is told by its
    care ("the emergency room one") is found only where the care may be told.
    """
    level = intents()[item.intent].level
    if by_care(item.told.get("claim")):
        level = max(level, DETAILS_LEVEL)
    if item.intent == "referral_question" and names_one(item.text):
        # It names a doctor.
        level = max(level, DETAILS_LEVEL)
    return verified is not None and verified.level >= level


def needs_of(item: Item) -> tuple[str, ...]:
    """What the question needs; the wish to be verified needs that and nothing else."""
    needs = ("identity",) if VERIFY in item.told else NEEDS.get(item.intent, ())
    if item.intent == "which_plan_covers_me" and would_move(item.text) and item.first("place"):
        # Who would cover them there, a state alone does not tell.
        needs = ("location",)
    if OF_MINE in item.told:
        needs = ("identity", *needs)
    if OF_WHOM in item.told:
        needs = ("person", *needs)
    return ("whose", *needs) if ASK_WHOSE in item.told else needs


def is_open(item: Item) -> bool:
    """Whether a personal topic is answered whoever asks: who would cover me at a place; an appeal
    that can't wait, which goes to a person at once; a helper on this call, whom a person notes; a
    doctor who leaves the network in the middle of a treatment, for which one rule holds.
    """
    if is_of_continuity(item.intent, item.text):
        return True
    if is_urgent(item.intent, item.text) or wants_helper(item.intent, item.text):
        return True
    placed = entity_zip(item.entities) is not None or bool({"location", "state"} & item.told.keys())
    return item.intent == "which_plan_covers_me" and placed


def without_card(turn: Turn) -> bool:
    """Whether the member has said that there is no card to read the ID from."""
    return turn.factors.get("factor_member_id") == [NO_CARD]


def company_of_id(turn: Turn) -> tuple[Partner, str] | None:
    """The company whose ID it is, and the ID in that company's form; None while undecided."""
    candidates = turn.factors.get("factor_member_id") or []
    chosen = turn.factors.get("factor_card_company")
    fits = companies(candidates, turn.partners)
    if chosen:
        fits = [(partner, number) for partner, number in fits if partner.key == chosen]
    if len({partner.key for partner, _ in fits}) == 1:
        return fits[0]
    return None


def companies(candidates: list[str], partners: Partners) -> list[tuple[Partner, str]]:
    """Whose ID it could be: the best reading that fits any company, or the digits alone."""
    for candidate in candidates:
        fits = [(partner, candidate) for partner in partners.fitting(candidate)]
        if fits:
            return fits
    for candidate in candidates:
        if candidate.isdigit():
            completed = partners.completions(candidate)
            if completed:
                return completed
    return []


def read_factors(turn: Turn, today: date) -> dict[str, Any]:
    """What the message says for the factor being asked, and for others when it holds several.

    Only called for a message that is nothing but an answer.
    """
    asked = turn.asking or ""
    names = [name for name in _FACTORS if not (name == _BORN and _is_part_of_id(turn))]
    readings = {
        name: value for name in names if (value := read_factor(name, turn, today)) is not None
    }
    if asked == "factor_card_company":
        company = turn.partners.get(_company(turn))
        if company and company.backend:
            return {asked: company.key}
    if asked == "factor_last_name":
        name = next((n for text in texts(turn) if (n := read_last_name(text))), None)
        return {asked: name} if name else {}
    if asked == "factor_second":
        figures = next((f for text in texts(turn) if (f := read_second(text))), None)
        return {asked: figures} if figures else {}
    if asked not in readings:
        # The ID or the birth date before its turn, and nothing else in the message.
        return {
            name: value
            for name, value in readings.items()
            if (
                name in _BEFORE_THEIR_TURN
                or _CORRECTION.search(turn.text)
                or (name == "factor_zip" and _zip_alone(turn))
            )
            and name != "factor_first_name"
            and value != turn.factors.get(name)
            and is_only_value(_CORRECTIONS.sub("", turn.text), _kind(name))
        }
    # One number alone answers what was asked and nothing else.
    said = {asked: readings[asked]}
    if len(turn.text.split()) > 3:
        only = is_only_value(turn.text, _kind(asked))
        if not only:
            said.update(
                {
                    name: value
                    for name, value in readings.items()
                    if name != "factor_first_name" and name not in turn.factors
                }
            )
    return said


def _is_part_of_id(turn: Turn) -> bool:
    """Whether figures alone, where the member ID is asked, are an ID that is not whole."""
    return turn.asking == "factor_member_id" and turn.text.strip(" .").isdigit()


def _zip_alone(turn: Turn) -> bool:
    """Whether five figures can only be a ZIP code: typed where a name or a birth date is asked."""
    asked_in_words = turn.asking in ("factor_first_name", "factor_date_of_birth")
    return asked_in_words and turn.context.channel == "chat"


_MONTH_INSTEAD = re.compile(
    r"\W*(?:(?:no+|nope|not|sorry|wait|actually|oops|i mean|i meant|oh|make (?:it|that)|the one|"
    rf"from|in|it was)\W+)+(?:{'|'.join(MONTHS)})(?: (?:sorry|please|claim|one))*\W*",
    re.IGNORECASE,
)


# What points at something that was listed before.
_OF_THE_LIST = re.compile(
    r"\b(?:first|second|third|fourth|fifth|last|ones?|he|she|they|them|those|his|her|their)\b",
    re.IGNORECASE,
)


def is_answer(turn: Turn, today: date) -> bool:
    """Whether the message answers what is being asked, rather than asking something else."""
    slot = turn.asking
    if slot is None or turn.text.startswith("/"):
        return False
    if slot in ("factor_first_name", "factor_last_name") and turn.harsh:
        # "Oh wonderful, a machine" is nobody's name.
        return False
    if slot == "need_partner" and _UNSURE.match(turn.text):
        return not _ASKS.search(turn.text)
    if slot in ("need_reason", "need_partner") and turn.questions[0].asks_to_be_called:
        return False
    if slot in ("need_reason", "need_words"):
        return turn.intent not in ("emergency", "cancel") and not _asks_on(turn)
    if slot == "need_whose":
        return read_whose(turn.text) is not None and len(turn.text.split()) <= MOST_WHOSE_WORDS
    calls_back = bool(turn.agenda) and turn.agenda[0].intent == "request_callback"
    if slot in ("need_phone", "need_time") or (calls_back and _company(turn) is None):
        # The time at the number's prompt is an answer too, and the number at the time's.
        told = read_phone(turn.text) or read_time(turn.text)
        return told is not None and not _ASKS.search(turn.text)
    if slot == "need_filing":
        tells_more = bool(turn.agenda) and turn.intent == turn.agenda[0].intent
        tells_more = tells_more and not asks_in_part(turn.text)
        return tells_more or read_filing(turn.text, turn.intent) is not None
    if slot == "factor_last_name":
        return turn.intent == "inform" or is_only_value(turn.text, "first_name")
    if slot == "factor_second":
        return any(read_second(text) for text in texts(turn))
    if slot == "factor_first_name" and _other_month(turn, today):
        return False
    if slot in _KINDS:
        # Keys hold no question: a number that fits nothing here was pressed wrong.
        return (
            turn.intent == "inform"
            or (turn.intent == "affirm" and slot == "factor_first_name")
            or turn.text.strip().isdigit()
            or any(is_only_value(text, _kind(slot)) for text in (turn.text, *turn.alternatives))
        )
    if turn.intent in ("inform", "affirm"):
        return True
    if turn.agenda and _corrects_need(turn, today):
        return True
    words = len(turn.text.split())
    value = read_need(turn, today)
    if in_own_words(value) and turn.memory.listed and _OF_THE_LIST.search(turn.text):
        # "What about the second one?", "does he speak Spanish?": no kind of place.
        return False
    if words <= MOST_ANSWER_WORDS and value is not None and not _ASKS.search(turn.text):
        # In their own words, a name that is on no list could be anything: also another question.
        return not in_own_words(value) or (is_unclear(turn) and not turn.harsh)
    if value is not None and is_unclear(turn) and not turn.harsh and not _ASKS.search(turn.text):
        return True
    return bool(turn.agenda) and turn.intent == turn.agenda[0].intent and not _asks_on(turn)


def _other_month(turn: Turn, today: date) -> bool:
    """ "No, sorry, May", where a claim of April waits for who they are: no name, but its month."""
    claim = turn.agenda[0].said("claim", today) if turn.agenda else None
    of_days = isinstance(claim, dict) and "start" in claim
    return of_days and _MONTH_INSTEAD.fullmatch(turn.text) is not None


def _asks_on(turn: Turn) -> bool:
    """Whether something is asked of the matter itself, and nothing told of it: "will they know it
    was me?".
    """
    first = turn.questions[0]
    short = len(turn.text.split()) <= _MOST_ASKING_WORDS
    asked = first.sure_aspect is not None and asks(turn.text)
    return len(turn.questions) == 1 and short and asked


def texts(turn: Turn) -> tuple[str, ...]:
    """What was said, and the recogniser's other readings of it."""
    return (turn.text, *turn.alternatives)


def _corrects_need(turn: Turn, today: date) -> bool:
    """ "No, a dermatologist" while the place is asked: a short word on another need."""
    if not _CORRECTION.search(turn.text) or len(turn.text.split()) > _MOST_CORRECTION_WORDS:
        return False
    return any(
        value_in(need, turn.text, turn.entities, today) is not None
        for need in NEEDS.get(turn.agenda[0].intent, ())
        if need not in ("identity", "reason", "person")
    )


def is_refusal(turn: Turn) -> bool:
    """Whether the member would rather not say what proves who they are."""
    learnt = any(item.sure_aspect == WITHHOLDING for item in turn.questions)
    # "Still no, you get nothing from me."
    flatly = turn.intent in _CROSS and _NO_FIRST.match(turn.text) is not None
    return learnt or flatly or is_no(turn.text) or refuses(turn.text) or turn.text == "/deny"


def knows_no_company(text: str) -> bool:
    """Whether it is said that they don't know which company it is: "I don't know which company"."""
    return _UNSURE.match(text) is not None and "?" not in text


def is_no(text: str) -> bool:
    """Whether the words say no and nothing else."""
    return _NO.fullmatch(text) is not None


def refuses(text: str) -> bool:
    """Whether the words say that something is not told, whatever else they say."""
    return _REFUSES.search(text) is not None


def is_agreed(turn: Turn) -> bool:
    """Whether the member agrees to be asked, without an answer yet: the question just stands.

    By the words alone: a short name sounds like a yes to the classifier.
    """
    return bool(_YES.fullmatch(turn.text)) or turn.text == "/affirm"


def in_own_words(value: Any) -> bool:
    """Whether the value is the member's words alone, for something that is on no list."""
    return isinstance(value, dict) and "said" in value and value.get("kind") == ""


def is_unclear(turn: Turn) -> bool:
    """Whether nobody can tell what the message is: at a prompt, an answer that was not heard."""
    first = turn.questions[0]
    return first.band != "accept" and not turn.text.startswith("/")


def is_likely(turn: Turn) -> bool:
    """Whether a message that is not understood for sure is a question all the same, and likely the
    one it is taken for: at a prompt it is answered, and the form goes on.
    """
    first = turn.questions[0]
    return (
        first.band == "confirm"
        and turn.confidence >= _LIKELY
        and first.intent not in ("inform", "affirm", "deny")
        and bool(_ASKS.search(turn.text))
    )


def asks(text: str) -> bool:
    """Whether the words begin or end as a question or a wish does."""
    return _ASKS.search(text) is not None


def asks_in_part(text: str) -> bool:
    """Whether a clause of the message asks something."""
    return any(asks(part) for part in _CLAUSES.split(text))


def asks_amid(text: str) -> bool:
    """The same where a recogniser wrote no signs: "they took her in now is she covered"."""
    return asks_in_part(text) or _ASKS_AMID.search(text) is not None


def read_need(turn: Turn, today: date) -> Any:
    """The value for the need being asked, or None."""
    match turn.asking:
        case None:
            return None
        case "need_reason":
            return turn.text.strip()[:300] or None
        case "need_words":
            return read_words(turn.text)
        case "need_whose":
            return read_whose(turn.text)
        case "need_phone":
            return read_phone(turn.text)
        case "need_time":
            return read_time(turn.text)
        case "need_filing":
            return read_filing(turn.text, turn.intent)
        case "need_partner":
            return _company(turn)
        case "need_location":
            return _location(turn)
    said = _as_meant(turn)
    return bare_value(turn.asking.removeprefix("need_"), said.text, said.entities, today)


def _as_meant(turn: Turn) -> Item:
    """The message without what it puts aside: "Albany, no, Troy"."""
    return put_right(Item(turn.intent, turn.text, turn.entities), turn.text, 0)


def _kind(slot: str) -> Any:
    return _KINDS[slot]


def _identity(turn: Turn) -> list[str]:
    if turn.context.verified:
        # Known, and not well enough for this question.
        return ["factor_code"]
    if without_card(turn):
        wanted = ("factor_first_name", *NO_CARD_SLOTS)
        return [slot for slot in wanted if slot not in turn.factors]
    slots = [slot for slot in _FACTORS if slot not in turn.factors]
    if "factor_member_id" in turn.factors and company_of_id(turn) is None:
        slots.insert(0, "factor_card_company")
    return slots


def _met(
    need: str, item: Item, verified: VerifiedMember | None, memory: Memory, today: date
) -> bool:
    if need == "partner" and asks_which(item):
        return "partner" in item.told
    if need == "person" and OF_WHOM in item.told:
        return "person" in item.told
    if item.said(need, today) is not None:
        return True
    match need:
        case "location":
            return location(item, memory) is not None
        case "partner":
            return verified is not None or not needs_company(item, memory)
    return False


def read_factor(slot: str, turn: Turn, today: date) -> Any:
    """A factor's value as stored in its slot; the recogniser's other readings count too."""
    texts = (turn.text, *turn.alternatives)
    match slot:
        case "factor_first_name" if is_drug_asked_about(turn):
            return None
        case "factor_first_name":
            names = [name for text in texts for name in read_first_names(text)]
            if not names and (agreed := _AGREES_FIRST.match(turn.text)):
                # "All right, let's do it. Riley"
                names = read_first_names(turn.text[agreed.end() :])
            alone = turn.text.strip(" .,!")
            said = turn.intent == "inform" and _NAME.fullmatch(alone) and may_be_name(alone)
            if not names and said:
                # Names are endless: what is said for one is compared, not judged.
                names = [alone]
            if turn.context.channel == "voice" and _KEYED_NAME.fullmatch(turn.text):
                names = [turn.text]
            return list(dict.fromkeys(names)) or None
        case "factor_member_id":
            ids = [number for text in texts for number in _member_ids(text, turn.partners)]
            found = list(dict.fromkeys(ids))
            return found if companies(found, turn.partners) else None
        case "factor_date_of_birth":
            both = (*texts, *_put_right(texts), *_parted(texts))
            born = next((d for text in both if (d := read_date_of_birth(text, today))), None)
            return _year_put_right(born, texts, today).isoformat() if born else None
        case "factor_zip":
            both = (*_after_label(texts), *texts, *_put_right(texts), *_parted(texts))
            return next((z for text in both if (z := read_zip(text))), None)
    return None


def is_drug_asked_about(turn: Turn) -> bool:
    """Whether the name of a drug is all that is said, after a question about drugs: "Humalog" is
    then no first name.
    """
    drug = next((each for each in turn.entities if each["entity"] == "drug"), None)
    front = turn.agenda[0] if turn.agenda else None
    if drug is None or front is None or front.intent not in _OF_DRUGS:
        return False
    return str(drug.get("said", "")).lower() == turn.text.strip(" .,!").lower()


def _put_right(texts: Iterable[str]) -> list[str]:
    """What is said after "I mean": of two values in one message, the one that is meant."""
    return [text[found.end() :] for text in texts if (found := _SLIP.match(text))]


def _parted(texts: Iterable[str]) -> list[str]:
    """A birth date and the ZIP code that was said in the same breath, whose figures a recogniser
    runs together: "November 2nd 197912207".
    """
    found = (_BORN_AND_ZIP.search(normalise(text).text) for text in texts)
    return [f"{each['born']}, {each['zip']}" for each in found if each]


def _after_label(texts: Iterable[str]) -> list[str]:
    """What follows the word itself: "11279 and the zip is 12207"."""
    return [text[found.end() :] for text in texts if (found := _ZIP_LABEL.search(text))]


def _year_put_right(born: date, texts: Iterable[str], today: date) -> date:
    """The birth date with the year that alone was put right: "1991, no sorry, 1990"."""
    for text in _put_right(texts):
        found = _YEAR.fullmatch(normalise(text).text)
        if found is None and (day := _DAY.fullmatch(normalise(text).text)):
            with suppress(ValueError):
                return born.replace(day=int(day[1]))
        # February 29 of another year is no day.
        if found and (born.month, born.day) != (2, 29):
            changed = born.replace(year=int(found[1]))
            return changed if changed <= today else born
    return born


def _member_ids(text: str, partners: Partners) -> list[str]:
    """Readings of a member ID, best first: a word that has a company's form as it stands, then
    what the general reading makes of it.
    """
    words = [word.strip(",.;:!?\"'()").upper() for word in text.split()]
    joined = "".join(word for word in words if any(c.isdigit() for c in word))
    verbatim = [word for word in (*words, joined) if word and partners.fitting(word)]
    if _OTHER_ID.search(text) and not _NOT_THAT_ID.search(text):
        # "U5550... oh wait, that's the old card, it's M5550...": the one said last.
        verbatim.reverse()
    return [*verbatim, *read_member_ids(text)]


def _company(turn: Turn) -> str | None:
    said = turn.text.strip().lower().rstrip(".!")
    if said.isdigit() and 1 <= int(said) <= len(COMPANY_KEYS):
        return COMPANY_KEYS[int(said) - 1]
    if _UNSURE.match(said) or turn.intent == "deny":
        return NO_COMPANY
    named = turn.partners.named(turn.text)
    return named.key if named else None


def _location(turn: Turn) -> str | None:
    said = _as_meant(turn)
    found = entity_zip(said.entities) or read_zip(said.text)
    return found if found and locate(found) else None
