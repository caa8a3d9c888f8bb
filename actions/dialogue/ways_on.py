"""What a member can still do where the assistant itself goes no further ("so what can I do now?"):
after a lock-out, a refusal, a claim that was not paid in full; and why ("why?").
"""

from __future__ import annotations

import re
from dataclasses import replace

from actions.answers.family import FORM
from actions.answers.service import PERSON
from actions.answers.wording import joined, line_of
from actions.dialogue.agenda import ASKED, Item
from actions.dialogue.asides import REASON, is_protest
from actions.dialogue.context import ASPECT
from actions.dialogue.turn import Turn
from actions.identity.step_up import LOCKED, NO_CODE
from actions.identity.third_party import INSTEAD
from actions.identity.third_party import INTENT as CALLER
from alliance.answer import Answer, Button

# The plan of who asks is none of the alliance's.
OUTSIDE = "not_in_alliance"
# A company did not answer.
UNREACHED = "unreached"
# That, and why: told once.
_EXPLAINED = "not_in_alliance_explained"
CALL_BACK = Button("Call me back", "/request_callback")
_LEAD = (
    r"\W*(?:(?:ok(?:ay)?|so|well|and|then|but|great|fine|um+|uh+|hm+|please|all ?right|no|wait|now|"
    r"oh)\W+)*"
)
_DO = r"(?:can|could|should|shall|must|would|do|may) (?:i|we)(?: (?:still|even|possibly|else))?"
_TAIL = (
    r"(?:\W+(?:now|then|next|here|instead|please|today|"
    r"about (?:it|this|that|(?:the|my) [\w ]{3,25})|with (?:it|this|that)|from here|"
    r"to fix (?:it|this|that)|in (?:this|that) case))*\W*"
)
_WHAT_NOW = re.compile(
    rf"\W*(?:and |ok(?:ay)? )?so(?: what)?\s*\?+\s*|"
    rf"{_LEAD}(?:what(?: else)? {_DO} do|what now|now what|what next|what(?:'?s| is) next|"
    r"what(?:'?s| is) (?:the |my )next step|what happens (?:now|next)|"
    r"what(?:'?s| is) left (?:for me )?to do|"
    r"what (?:am i|are we) (?:supposed|meant|going) to do|what do i do|what (?:do|must|should) "
    r"(?:i|we) (?:have|need|got|gotta)(?: to)? do|what is (?:it )?(?:that )?i (?:have|need) to do|"
    r"what are my (?:options|choices|rights|next steps)|what (?:options|choices) do i have|"
    rf"(?:is there )?(?:any|some)thing (?:else )?(?:that )?i can (?:still )?do|"
    r"how (?:do|can|could|should|would|am|are|'m) (?:i|we)(?: supposed to| gonna| going to| "
    r"meant to)? "
    r"(?:fix|solve|resolve|settle|change|get (?:around|past)) "
    rf"(?:it|this|that)|how (?:do|can) i (?:go on|continue|proceed)){_TAIL}",
    re.IGNORECASE,
)
_WHY = re.compile(
    rf"{_LEAD}(?:why(?: (?:not|is that|was that|so|though|can'?t you|won'?t you))?|how come|"
    r"what for|what(?:'?s| is| was) the reason)\W*",
    re.IGNORECASE,
)
# "Why do you need it?", of what they would not say.
_WHY_IT = re.compile(
    rf"{_LEAD}why (?:do|would|must|are) (?:you|u)(?: guys| people| even| really)* "
    r"(?:need|want|ask(?:ing)?|have to (?:know|have|ask))(?: for| me)*"
    r"(?: (?:it|that|this|them|those|all|of|to know))*(?: (?:anyway|then|though))?\W*",
    re.IGNORECASE,
)
# After a lock-out, of it.
_WHY_CLOSED = re.compile(
    r"\b(?:why|how come|what)\b.{0,30}\b(?:get in|let me in|log(?:ged)? in|lock\w*|block\w*|"
    r"clos\w*|wrong|see (?:my|it)|shut)\b",
    re.IGNORECASE,
)
_LOCKED_OUT = re.compile(
    r"\b(?:lock(?:ed)?|shut|block(?:ed)?|kept?)(?: me)? out\b|\bb?locked\b", re.I
)
# "But that is my number", "I typed it exactly as it stands there".
_INSISTS = re.compile(
    r"\b(?:is|are|was|were|am|that'?s|it'?s)\b.{0,25}"
    r"\b(?:my (?:\w+ )?(?:number|id|name|birth\w*|zip|details|info\w*)|right|correct|mine|me|"
    r"who i)\b|\bon (?:my|the) card\b|"
    r"\bi (?:typed|gave|entered|put|told you|know)\b.{0,30}"
    r"\b(?:right|correct\w*|exact\w*|true|my)\b",
    re.IGNORECASE,
)
_UNTIL_WHEN = re.compile(
    r"\b(?:how long|until when|till when|when)\b.{0,40}\b(?:lock\w*|block\w*|clos\w*|shut|try|"
    r"again|last|open\w*|back in)\b|"
    r"^\W*(?:(?:ok(?:ay)?|so|and|but|please|wait)\W+)*(?:(?:can|could|may) (?:i|we)|let me|"
    r"(?:i|we) (?:want|would like|'d like) to) (?:just |please )?(?:try|do|start|have)\b.{0,12}"
    r"\b(?:again|over|once more|another (?:go|try|chance))\W*$|"
    r"^\W*(?:one|another|a last|just one) more (?:try|chance|time)\W*$",
    re.IGNORECASE,
)
# "When will it work again?", "is it broken?": of a company that did not answer.
_BACK_WHEN = re.compile(
    r"\bwhen\b.{0,30}\b(?:work(?:s|ing)?|fixed|back|up|running|available|repaired|reach\w*)\b|"
    r"\bwhen (?:can|will|could|might) (?:you|it|they|that|this)(?: \w+){0,2} (?:see|ask|look|check|"
    r"answer|know|try)\b|"
    r"\bwhen (?:should|can|could|do|may) i (?:try|ask|check|come back|call)\b.{0,25}\bagain\b|"
    r"\b(?:is|are|was)\b.{0,30}\b(?:broken|down|offline|out of order|not working)\b|"
    r"\bhow long\b.{0,30}\b(?:down|out|broken|offline|last|take)\b",
    re.IGNORECASE,
)
# "Does the website work?", "can I see it in another way?"
_ELSEWHERE = re.compile(
    r"\b(?:web ?site|online|app|portal|(?:an)?other (?:way|place)|somewhere else|elsewhere)\b",
    re.IGNORECASE,
)
# "I need it today, I have surgery tomorrow".
_PRESSING = re.compile(
    r"\b(?:i|we) (?:really |still |just )*need (?:it|this|that|to know|an answer)\b.{0,20}"
    r"\b(?:today|tonight|now|right away|asap|soon|by|before|for|tomorrow)\b|\burgent\b(?! care)|"
    r"\b(?:can'?t|cannot) wait\b|\b(?:it|this) (?:really )?can'?t wait\b",
    re.IGNORECASE,
)
_MEANS_IT = re.compile(
    rf"{_LEAD}(?:(?:does|do) (?:that|this|it) mean|is (?:it|that|this) (?:me|you|us|your|"
    r"on (?:your|my)|my (?:\w+ )?(?:plan|account|phone|internet|computer|card|connection))|"
    r"(?:is|are|was) (?:that|this|it|there) "
    r"(?:because|something|anything|a problem)|(?:is|was) (?:my|our) \w+|am i (?:not|still|even)|"
    r"have i|did i|what do you mean|how can (?:you|that)|how come|why can'?t you|"
    r"you(?:'?re| are) (?:the|cigna|mvp|preferred))\b",
    re.IGNORECASE,
)
_OF_IT = re.compile(r"\b(?:it|that|this|why|they)\b", re.IGNORECASE)
_CALLS = re.compile(r"\b(?:call|phone|ring|text|e-?mail|let)\b (?:me|us)\b", re.IGNORECASE)
_TRY_AGAIN = re.compile(
    rf"{_LEAD}(?:(?:can'?t|(?:can|could|would|will|should)(?:n'?t)?) (?:you|i|we) |please |let'?s |"
    r"just |try )*"
    r"(?:try|check|look|ask|do|run|have another (?:go|try|look)|give it another (?:go|try))"
    r"(?: (?:it|that|again|once more|one more time|for me|up|them|please|pls|plz|now|anyway|"
    r"anyhow|somehow|all the same))*\W*|"
    rf"{_LEAD}(?:again|once more|one more time|retry|(?:is|does) it (?:work(?:ing)?|back)"
    rf"(?: (?:now|again|yet))*|any (?:luck|better|change)(?: (?:now|yet))?){_TAIL}",
    re.IGNORECASE,
)
_MOST_WORDS = 12


# "But I AM a member!", "what do you mean, not one of them?".
_AM_MEMBER = re.compile(
    r"\b(?:i|we)(?:'?m| am|'?re| are|'?ve| have| do have| got| pay)\b.{0,30}\b(?:member|insured|"
    r"covered|insurance|card|customer|plan|cigna|mvp|preferred care|premiums?)\b|"
    # "But my card says CIGNA right on it."
    r"\b(?:my|the|this) (?:\w+ )?card\b.{0,20}\b(?:says?|has|shows?|reads?)\b|"
    r"\bon (?:my|the) (?:\w+ )?card\b|"
    r"\bwhat (?:do you mean|does that mean)\b|\bnot (?:one of|in|part of)\b.{0,20}"
    r"\b(?:alliance|plans?)\b|\b(?:can'?t|won'?t) you\b.{0,20}\b(?:look|see|check|help)\b",
    re.IGNORECASE,
)
# Another card than the one that was tried.
_OTHER_CARD = re.compile(
    r"\b(?:another|other|different|new|second|two|both|right|wrong) "
    r"(?:(?:member|insurance|id) )?(?:cards?|plans?|ids?|numbers?|insurance|ones?)\b",
    re.IGNORECASE,
)
_THINGS = frozenset({"drug", "service", "specialty", "facility", "provider"})
_MOST_PROTEST_WORDS = 14
_WHO_THEN = re.compile(
    r"\bwho(?:m)? (?:can|could|do|should|will|does|else)\b.{0,20}\b(?:help|ask|call|talk|speak|"
    r"tell|know)\w*",
    re.IGNORECASE,
)


# "Can I get one anyway?", "what if I don't?" after they would not say who they are.
_WITHOUT = re.compile(
    rf"{_LEAD}(?:(?:can|could|may) i (?:still )?(?:get|have|do|see|order) (?:one|it|that|them|a "
    rf"new one)"
    r"(?: sent| mailed)?|is there (?:a|any|some|another) way|what if i (?:don'?t|won'?t|refuse))"
    r"(?: (?:anyway|anyhow|still|otherwise|without (?:it|that|all that|this)|regardless|then|"
    r"around (?:it|that)))*\W*",
    re.IGNORECASE,
)


def asks_what_now(text: str) -> bool:
    """Whether it is asked what can be done, and nothing else."""
    return _WHAT_NOW.fullmatch(text) is not None


def asks_without_proof(turn: Turn, text: str) -> Answer | None:
    """What goes without saying who they are, just after they would not; None where something else
    is asked.
    """
    just_declined = (
        turn.memory.told == "deny" and turn.memory.declined and not turn.context.verified
    )
    return _without_proof(turn) if just_declined and _WITHOUT.fullmatch(text) else None


def what_now(turn: Turn) -> Item | Answer | None:
    """The ways on after what was told last; None where nothing stands in the way."""
    memory = turn.memory
    if turn.barred:
        return closed(turn)
    if memory.told in (OUTSIDE, _EXPLAINED):
        return not_ours(turn)
    if memory.told == NO_CODE:
        return _without_code(turn)
    if memory.withheld:
        return no_permission()
    if memory.caller and memory.told == CALLER:
        return Item(CALLER, f"({memory.caller})", told={ASPECT: INSTEAD})
    of_claim = {
        need: memory.subject[need] for need in ("claim", "person") if need in memory.subject
    }
    if memory.refused and memory.told == "appeal":
        return _beside_an_appeal(turn)
    if memory.refused == "authorization":
        return Item("appeal", "how do I appeal a denied authorization")
    if memory.refused == "claim":
        topic = memory.topic["intent"] if memory.topic else None
        told_why = "claim_denial" in (memory.told, topic)
        earlier = any(each["intent"] == "claim_denial" for each in memory.earlier)
        if memory.rest or (earlier and not told_why):
            # Why was told, and what mends it not yet, or a while ago.
            fix = {"general": "said", ASKED: "fix"}
            return Item("claim_denial", "what can I do about it", told={**of_claim, **fix})
        intent, text = (
            ("appeal", "how do I appeal this claim")
            if told_why
            else ("claim_denial", "why was it denied and what can I do")
        )
        return Item(intent, text, told=of_claim)
    if memory.told == "deny" and memory.declined:
        return _without_proof(turn)
    if memory.unreached or memory.told == UNREACHED:
        told = (
            "Ask me once more in a few minutes, or look on the company's own member website. For "
            f"now a person can help: call {_lines(turn)}."
        )
        return _notice(told, UNREACHED, CALL_BACK)
    return None


def why(turn: Turn, text: str) -> Answer | None:
    """Why the assistant did not do what was wanted; None where the question is about the facts."""
    declined = turn.memory.told == "deny" and bool(turn.memory.declined)
    if declined and turn.context.verified is None and _WHY_IT.fullmatch(text):
        return _notice(REASON, "deny")
    if not _WHY.fullmatch(text):
        return None
    if turn.memory.told in (OUTSIDE, _EXPLAINED):
        return not_ours(turn)
    if turn.barred and turn.memory.told == LOCKED:
        return _why_locked()
    if turn.memory.told == "out_of_scope":
        told = (
            "I only know health plans: claims, coverage, costs, doctors and the companies behind "
            "them. For anything else I could only guess, and I don't. What about your plan can I "
            "do for you?"
        )
        return _notice(told, "out_of_scope")
    if turn.memory.told == "deny" and turn.memory.declined:
        return _notice(REASON, "deny")
    return None


def tries_again(turn: Turn, text: str) -> Item | None:
    """The question that a company did not answer, for whoever would have it asked once more."""
    silent = turn.memory.unreached or turn.memory.told == UNREACHED
    if not (silent and turn.memory.topic and _TRY_AGAIN.fullmatch(text)):
        return None
    return Item.from_json(turn.memory.topic)


def of_what_is_closed(turn: Turn, text: str) -> Answer | None:
    """Until when, and why, after a lock-out or a company that did not answer; None where the
    question is about something else.
    """
    if len(text.split()) > _MOST_WORDS:
        return None
    if turn.barred and (turn.memory.told == LOCKED or _LOCKED_OUT.search(text)):
        if _UNTIL_WHEN.search(text):
            told = (
                "They stay closed here for 24 hours, and then you can try again. A person can "
                f"check who you are in another way before that: call {_lines(turn)}."
            )
            return _notice(told, LOCKED, CALL_BACK)
        if _WHY_CLOSED.search(text) or _INSISTS.search(text):
            return _why_locked()
    silent = turn.memory.unreached or turn.memory.told == UNREACHED
    # "Is my coverage active?", of another company that answers, is asked of the coverage.
    of_silence = turn.memory.told == UNREACHED or _OF_IT.search(text)
    if silent and of_silence and _MEANS_IT.match(text):
        told = (
            "No, it only means that a company's system did not answer me just now. It says nothing "
            f"about your plan or your claims. Ask me once more in a while, or call {_lines(turn)}."
        )
        return _notice(told, UNREACHED, CALL_BACK)
    if silent and _PRESSING.search(text) and not _CALLS.search(text):
        told = (
            "I understand that it can't wait. A person can look it up another way: ask me for one "
            f"now, or call {_lines(turn)}."
        )
        return _notice(told, UNREACHED, CALL_BACK)
    if silent and _ELSEWHERE.search(text):
        told = (
            "The company's own member website may show it while I can't: sign in there. Or ask me "
            f"once more in a while, or call {_lines(turn)}."
        )
        return _notice(told, UNREACHED, CALL_BACK)
    if silent and _BACK_WHEN.search(text) and not _CALLS.search(text):
        named = turn.partners.named(text) or turn.partners.get(turn.memory.unreached)
        line = line_of(named) if named and named.backend else _lines(turn)
        who = named.name if named else "it"
        told = (
            f"I can't see when {who} will answer again: mostly it takes minutes. It says "
            f"nothing about what is on file. Ask me once more in a while, or call {line}."
        )
        return _notice(told, UNREACHED, CALL_BACK)
    return None


def _why_locked() -> Answer:
    told = (
        "Three times the details did not fit what is on file, or a code was wrong. Then "
        "records stay closed here for a day, so that nobody can guess their way in. It "
        "says nothing against you: a person checks in another way."
    )
    return _notice(told, LOCKED, CALL_BACK)


def names_other_card(turn: Turn) -> bool:
    """Whether somebody of a plan outside the alliance has another card, or tells another ID."""
    words = (word.strip(",.;:!?\"'()").upper() for word in turn.text.split())
    # "What about the other one, Wegovy?" is of no card.
    of_a_thing = any(entity["entity"] in _THINGS for entity in turn.entities)
    names_one = not of_a_thing and _OTHER_CARD.search(turn.text) is not None
    return names_one or any(turn.partners.fitting(w) for w in words if w)


def protests(turn: Turn, text: str) -> bool:
    """Whether a member of a company does not take it that their plan is none of the alliance's."""
    if turn.memory.told not in (OUTSIDE, _EXPLAINED) or len(text.split()) > _MOST_PROTEST_WORDS:
        return False
    whom = _WHO_THEN.search(text) is not None
    return whom or is_protest(text) or _AM_MEMBER.search(text) is not None


def not_ours(turn: Turn) -> Answer:
    """To a member of one of the companies whose plan is none of the alliance's."""
    partner = turn.partners[turn.memory.outside or ""]
    if turn.memory.told == _EXPLAINED:
        text = (
            f"Only {partner.name} itself can look into that plan: call {line_of(partner)}, or ask "
            "me for a person. General questions I can answer here."
        )
        line = line_of(partner, spoken=True)
        speech = f"Only {partner.spoken_name} can look into that. Call {line}, or say person."
        return replace(_notice(text, _EXPLAINED, CALL_BACK), speech=speech)
    text = (
        f"You are a member of {partner.name}. But this service only reaches plans that an employer "
        f"has with the alliance, and yours is not one of them. {partner.name} can look into "
        f"everything: call {line_of(partner)}. If you have another card, tell me its member ID."
    )
    speech = (
        f"You are a member of {partner.spoken_name}, but this service only reaches plans of the "
        f"alliance, and yours is not one. Call {line_of(partner, spoken=True)}. If you have "
        "another card, say its member ID."
    )
    return Answer(
        text=text, speech=speech, kind="notice", intent=_EXPLAINED, buttons=(PERSON, CALL_BACK)
    )


_CLOSED = "I couldn't confirm that it's you"


def closed(turn: Turn) -> Answer:
    """After a lock-out: the records stay closed here, and how the member gets on all the same."""
    lines = _lines(turn)
    text = (
        f"{_CLOSED}, so your records stay closed to me here for a day. You "
        "still have these ways: ask me for a person, who checks in another way; ask for a call "
        f"back; call {lines}; or sign in on your company's member website and open the chat there. "
        "General questions I can answer now."
    )
    speech = (
        "I couldn't confirm that it's you, so your records stay closed to me for a day. Say "
        "person, and one checks in another way, or say call back."
    )
    if turn.memory.last and turn.memory.last[-1].get("text", "").startswith(_CLOSED):
        text = (
            "That is in your records too, which stay closed to me here for now. A person can look: "
            f"ask me for one or for a call back, or call {lines}."
        )
        speech = "That is in your records too. Say person, and one can look."
    return Answer(
        text=text, speech=speech, kind="notice", intent=LOCKED, buttons=(PERSON, CALL_BACK)
    )


def no_permission() -> Answer:
    """How somebody whose records stay closed can allow that they are told."""
    text = (
        "The permission is theirs to give: they fill in and sign the company's permission form, "
        "which says who may hear what, and until when. Once it is on file I can tell you. They can "
        "also ask me themselves, or tell a person on a call that they agree."
    )
    return Answer(
        text=text, speech=text, kind="notice", intent="no_consent", buttons=(FORM, PERSON)
    )


def _beside_an_appeal(turn: Turn) -> Answer:
    text = (
        "Three things, in this order: ask the office whether it can send what is missing or "
        "correct the claim; say \u201cfile my appeal\u201d and I pass it on today; or let a person "
        f"go through it with you, now, by a call back, or at {_lines(turn)}."
    )
    speech = (
        "First ask the office whether it can correct the claim. Say, file my appeal, and I pass it "
        "on. Or say person, or call back."
    )
    return Answer(
        text=text, speech=speech, kind="notice", intent="appeal", buttons=(PERSON, CALL_BACK)
    )


def _without_proof(turn: Turn) -> Answer:
    text = (
        "Without knowing who you are I can still tell how things work, find doctors and places, "
        "and open a complaint. For your own records, sign in on your company's member website and "
        f"open the chat there, ask me for a person or a call back, or call {_lines(turn)}."
    )
    speech = (
        "I can still tell how things work and find doctors. For your own records, say person, or "
        "call back."
    )
    return Answer(
        text=text, speech=speech, kind="notice", intent="deny", buttons=(PERSON, CALL_BACK)
    )


def _without_code(turn: Turn) -> Answer:
    text = (
        "Without a code I can still tell whether a claim was paid and what your share is, your "
        "deductible, and whether you are covered. For the rest, sign in on your company's member "
        "website and open the chat there, ask me for a person or a call back, or call "
        f"{_lines(turn)}."
    )
    speech = (
        "Without a code I can still tell whether a claim was paid, your share, and your "
        "deductible. For the rest, say person, or call back."
    )
    return Answer(
        text=text, speech=speech, kind="notice", intent=NO_CODE, buttons=(PERSON, CALL_BACK)
    )


def _lines(turn: Turn) -> str:
    """The line of the company that was tried, named or answered; else those of all."""
    keys = (turn.memory.unreached, turn.memory.barred, turn.memory.answered_by, turn.memory.partner)
    known = next((p for key in keys if (p := turn.partners.get(key))), None)
    ours = [known] if known else [partner for partner in turn.partners if partner.backend]
    return joined([line_of(partner) for partner in ours], "or")


def _notice(text: str, intent: str, *more: Button) -> Answer:
    return Answer(text=text, speech=text, kind="notice", intent=intent, buttons=(PERSON, *more))
