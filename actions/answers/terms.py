"""What a word of health plans means, in one plain sentence: "what's a deductible?"."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from functools import lru_cache

from actions.answers.general import FILES, KnowledgeFiles, told
from actions.answers.question import Desk, Question
from actions.answers.service import company
from alliance.answer import Answer
from alliance.knowledge import Entry, Wording
from alliance.partners import Partners
from alliance.verified import VerifiedMember

_LEAD = (
    r"\W*(?:(?:wait|hold on|hang on|ok(?:ay)?|so|um+|uh+|hm+|sorry|hey|hi|hello|and|but|well|first|"
    r"also|please|quick question|(?:different|other|another|new|one more) (?:thing|question)|"
    r"in general|generally|before (?:that|this|i do)|excuse me|"
    r"while (?:i|we)(?:'m|'re| am| are)? wait(?:ing)?|"
    r"meanwhile|in the meantime|at least|then|just|anyway|by the way|btw|"
    r"(?:can|could|would) you (?:please )?(?:tell|explain(?: to)?) me|"
    r"(?:tell|explain to|remind) me|"
    r"i (?:do not|don'?t|dont) (?:really )?(?:know|understand|get))"
    r"\W+)*"
)
_ASKS = (
    r"(?:what(?:'?s| is| are| does| do| did)?|define|explain|"
    r"(?:the |what'?s the )?(?:meaning|definition) of|"
    r"what (?:do|did) you mean (?:by|with)|what(?:'?s| is) meant (?:by|with))"
)
_WHERE_IT_STANDS = (
    r"(?:it|that) means? (?:when|if) (?:an?|my|the|it)(?: (?:claim|bill|visit|plan|card|letter))?"
    r" (?:is|says|shows)"
)
_BEFORE = (
    r"(?:\W+(?:an?|this|that|by|exactly|actually|even|(?:the )?(?:word|term|words)|"
    rf"{_WHERE_IT_STANDS})\b)*"
)
# "The" and "my" ask for the meaning only where it says so: "what's my deductible" is theirs.
_BEFORE_MEANING = r"(?:\W+(?:an?|the|my|your|this|that|(?:the )?(?:word|term|words))\b)*"
_END = (
    r"(?:\W+(?:(?:to|for) me|again|exactly|anyway|even|please|thing|thingy|here|(?:is|are|"
    r"supposed to be)|"
    r"while (?:i|we)(?:'m|'re| am| are)? wait(?:ing)?|meanwhile|in the meantime|though|by the way|"
    r"in (?:plain|simple) (?:english|words|terms)|in (?:health )?insurance))*\W*"
)
_ASKS_IN_SPANISH = (
    r"\W*(?:(?:hola|perdone|disculpe|por favor|buen[oa]s? (?:d[ií]as|tardes|noches)|no s[eé]|"
    r"(?:me )?(?:puede|podr[ií]a) (?:decirme|explicarme)|(?:expl[ií]queme|d[ií]game)|"
    r"(?:quisiera|quiero) saber)\W+)*"
    r"(?:qu[eé] (?:es|son|significan?|quieren? decir))(?:\W+(?:una?|el|las?|los|mi|eso de))*"
)
_MEAN = (
    r"(?:\W+(?:on|in) (?:\w+ ){1,3}?\w+)?\W+(?:(?:even|actually|really|exactly)\W+)?"
    r"(?:means?|stands? for)"
)


# What is said around it and asks nothing: "sorry, was on the other line".
_AROUND = (
    r"(?:(?!(?:what|whats|what's|define|explain|how|why|when|where|who|which|is|are|do|does|did|"
    r"can|could|know|knew|knows|sure|asked?|understand|remember|need|want|check|show|find|send|"
    r"look|cancel|order|appeal|file|book|get|tell|give|difference)\b)[\w'\u2019]+[\s,.;:!-]+){0,8}?"
)


def asked_terms(
    text: str, partners: Partners, on: date, files: KnowledgeFiles = FILES
) -> tuple[Entry, ...]:
    """The entries of the words whose meaning the message asks for and nothing else: one, or two
    whose difference is asked for.
    """
    if text.startswith("/"):
        return ()
    known = files.current(partners).terms(on)
    if not known:
        return ()
    for pattern in _patterns(tuple(known)):
        if found := pattern.fullmatch(text):
            words = (" ".join(word.lower().split()) for word in found.groups() if word)
            # Each once: "the difference between a copay and a co-pay".
            return tuple({known[word].id: known[word] for word in words}.values())
    return ()


@lru_cache(maxsize=4)
def _patterns(terms: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    term = _one_of(terms)
    other = rf"(?:\W+(?:an?|the|my|your)\b)?\W+({term})"
    between = (
        r"\W+(?:and|versus|vs|or|different (?:from|than|to)|differ from|the same (?:as|thing as))"
    )
    asked = (
        rf"{_ASKS}{_BEFORE}\W+({term})",
        rf"(?:(?:(?:can|could|would) you )?(?:even |at least |just |please )*"
        rf"(?:tell me|explain(?: to me)?) |"
        rf"(?:do|would) you (?:even )?know )?what{_BEFORE}\W+({term}) (?:is|are|means?)"
        r"(?:\W+(?:or|if|at least|even)\b.{0,30})?",
        rf"{_ASKS}{_BEFORE_MEANING}\W+({term}){_MEAN}",
        rf"({term}){_MEAN}\W+what",
        # "They said something about a prior, what is that".
        rf".{{0,80}}\b(?:about|needs?|needed|says?|said|called|mentioned|wants?|wanted|requires?|"
        rf"required|it'?s|have)(?: (?:an?|the|my|some|to have|to get))*\W+({term})"
        r"\W+(?:(?:and|but|so|well|ok(?:ay)?|(?:i )?(?:have )?no idea|"
        r"i (?:don'?t|do not) (?:even )?know)\W+)*"
        r"(?:what(?:'?s| is| does)|whats) (?:that|it|this)(?: even| really)?(?: mean)?",
        rf"(?:explain |describe )?how(?: does| do)?(?:\W+(?:an?|the))?\W+({term}) works?",
        rf"(?:what(?:'?s| is)? )?(?:the )?diff(?:erence)? between{other}{between}{other}",
        rf"(?:how (?:is|are|does)|is|are){other}{between}{other}",
        rf"(?:an? )?({term})\W+(?:versus|vs|compared (?:to|with)){other}",
    )
    in_spanish = rf"{_ASKS_IN_SPANISH}\W+({term})(?:\W+(?:por favor|gracias))*\W*"
    patterns = (*(_LEAD + _AROUND + _LEAD + pattern + _END for pattern in asked), in_spanish)
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)


def _one_of(terms: Iterable[str]) -> str:
    # The longest first: "out-of-pocket maximum" before "out-of-pocket".
    return "|".join(
        re.escape(term).replace(r"\ ", r"\s+") for term in sorted(terms, key=len, reverse=True)
    )


def meaning(
    member: VerifiedMember | None, question: Question, desk: Desk, files: KnowledgeFiles = FILES
) -> Answer | None:
    """The meaning of the words that the question asks about; None where it asks about none."""
    entries = asked_terms(question.text, desk.partners, desk.clock.today(), files)
    if not entries:
        return None
    first, *others = entries
    for other in others:
        first = replace(
            first,
            wording=Wording(
                f"{first.wording.text} {other.wording.text}",
                f"{first.wording.speech} {other.wording.speech}",
            ),
            approvers={k: v for k, v in first.approvers.items() if k in other.approvers},
        )
    return told(first, question, company(member, question, desk), desk)
