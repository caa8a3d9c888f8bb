"""What somebody who waits for a person may want meanwhile: to know how long, to wait no more, or
to be called instead. Anything else is kept for the person.
"""

from __future__ import annotations

import re
from typing import Literal

Wish = Literal["how_long", "leave", "call_back"]

_LEAD = (
    r"(?:(?:ok(?:ay)?|well|hm+|ugh|oh|hey|hi|hello|so|um+|sorry|please|actually|wait|you know what|"
    r"i(?:'ve| have)? changed my mind|no|yes|yeah|sure|fine|and|but|just|then|thanks|thank you|"
    r"oiga|bueno|pues|entonces|y)\W+)*"
)
_END = (
    r"(?:\W+(?:now|then|please|here|there|for (?:me|a person|someone|somebody)|today|thanks?|"
    r"thank you|still|more|ahora|por favor|gracias))*\W*"
)
_HOW_LONG = re.compile(
    rf"\W*{_LEAD}(?:"
    r"how (?:much longer|long)(?: (?:is|will|do|does|am|are|would|it|the|my|this|i|we|you|they|"
    r"people|take|be|gonna|going|to|have|got|wait(?:ing)?|line|queue|still|sit(?:ting)?|stuck|stay(?:ing)?|"
    r"keep(?:ing)?|hold|on|in|here|before|till|until|me|some ?(?:one|body)|any ?(?:one|body)|an?|"
    r"person|agent|answers?|comes?))*|"
    r"(?:what'?s|what is) the (?:wait(?:ing)?(?: time)?|hold up|holdup)|"
    r"(?:(?:i'?m|i am|we'?re|am i|are we|have i been) )?still (?:waiting|here|in (?:the )?(?:line|"
    r"queue)|on hold|nobody|no ?one)(?: (?:here|in line))?|"
    r"(?:am i|are we) (?:next|still (?:in (?:the )?(?:line|queue)|waiting)|up soon)|"
    r"(?:where|what number|how far) am i(?: back)?(?: in (?:the )?(?:line|queue))?|"
    r"(?:how many|are there|is there)(?: (?:people|others|any ?(?:one|body)|are|still))* "
    r"(?:ahead|before|in front)(?: of)?(?: me)?|"
    r"(?:any ?(?:one|body)|some ?(?:one|body))(?: there)?|"
    r"(?:is|isn'?t|are|aren'?t) there (?:really )?(?:no ?(?:one|body)|any ?(?:one|body)|"
    r"some ?(?:one|body)|a (?:person|human))(?: (?:i|we|can|could|to|talk|speak|with|free|"
    r"available|at all))*|"
    r"(?:did|have|will) i (?:lose|lost|keep) my (?:place|spot|turn)"
    r"(?: in (?:the )?(?:line|queue))?|"
    r"(?:when|is|will|are) (?:is |are |will |does )?(?:any ?(?:one|body)|some ?(?:one|body)|"
    r"an? (?:person|agent|human|rep\w*)|they|you (?:guys|people))"
    r"(?: (?:ever|gonna|going|to|be|coming|come|"
    r"here|there|answer(?:ing)?|free|available|with me|reply(?:ing)?|really))*|"
    r"cu[aá]nto (?:tiempo )?(?:m[aá]s )?(?:tengo que|hay que|debo|voy a|me toca|falta|tardan?|"
    r"tarda)(?: (?:esperar|que esperar|todav[ií]a|mucho))*|"
    r"(?:todav[ií]a|sigo|a[uú]n) (?:estoy )?esperando|hay alguien(?: ah[ií])?"
    rf"){_END}",
    re.IGNORECASE,
)
_PERSON = (
    r"(?:an?|the|any|your|to)? ?(?:person|agent|human|some ?(?:one|body)|any ?(?:one|body)|rep\w*|"
    r"queue|line|wait)"
)
_LEAVES = (
    r"(?:never ?mind|forget (?:about )?(?:it|that|the (?:person|agent))|"
    r"cancel(?: (?:it|that|this|the (?:wait|person|agent|queue)))?|(?:drop|skip|scratch|stop) "
    r"(?:it|that)|leave it|(?:take|call) (?:it|that|this|my (?:message|note)) (?:back|off)|"
    r"(?:cancel|delete) (?:my|the) (?:message|note)|d[eé]jelo|olv[ií]del[oa]|ya no|"
    r"canc[eé]lel[oa]|no (?:person|agent)|"
    r"(?:i )?(?:do not|don'?t|no longer) (?:want|need)(?: to (?:wait|talk to|speak to|see))?"
    rf"(?: (?:for|with))? ?{_PERSON}?(?: any ?more| after all)*|"
    r"(?:i'?m|i am) (?:done|tired of|sick of|not|through) (?:with )?waiting"
    r"(?: any ?(?:more|longer))?|"
    r"(?:(?:i )?(?:can'?t|cannot|won'?t|will not)|(?:forget|skip|stop|drop|enough|no more|"
    r"never ?mind)(?: (?:about|with|of))?) (?:the |this |all this )?(?:wait(?:ing)?|line|queue)"
    r"(?: (?:any ?(?:more|longer)|that long|so long|for (?:them|this|that)))?|"
    r"(?:i(?:'?ll| will|'d rather)?|can i|could i|let me) (?:just )?(?:ask|try|talk (?:to|with)|"
    r"go (?:on|back)(?: (?:to|with))?) (?:it )?(?:with )?(?:you|the (?:bot|assistant|robot))"
    r"(?: (?:instead|again|after all))*|"
    r"(?:take me )?(?:back|return) to (?:you|the (?:bot|assistant|robot))(?: (?:instead|again))*|"
    r"(?:take|get) me (?:out of|off) (?:the |this )?(?:line|queue))"
)
# What is said after a comma belongs to the assistant that is gone back to.
_LEAVE = re.compile(
    rf"\W*{_LEAD}{_LEAVES}(?:\W+{_LEAD}{_LEAVES})*{_END}(?=$|(?<=[,.;!-] )|(?<=[,.;!-]))",
    re.IGNORECASE,
)
# Nothing else may stand beside a wish to be called: "can someone call, he isn't breathing" is for
# those who look for danger.
_WHEN_AND_WHERE = (
    r"(?:instead|please|later|then|now|today|tomorrow|tonight|this|in|on|at|around|about|after|before|"
    r"between|and|or|the|an?|when|if|you|they|can|could|possible|get|a chance|have time|someone is|"
    r"free|my|cell|mobile|home|work|phone|number|is|it'?s|morning|afternoon|evening|night|noon|"
    r"lunch|am|pm|a\.m\.|p\.m\.|o'?clock|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:next |this )?week|thanks?|thank you|better|mejor|por favor|ma[ñn]ana|m[aá]s tarde|hoy|"
    r"[\d():.,+/-]+(?:am|pm)?)"
)
_CALL_BACK = re.compile(
    rf"\W*{_LEAD}(?:i(?:'d| would)? (?:rather|prefer|like|want)(?: to)? |"
    r"(?:can|could|would|will) (?:you|they|some ?(?:one|body)|any ?(?:one|body)|a person|she|he) |"
    r"(?:tell|ask|have|get|let) (?:them|some ?(?:one|body)|him|her|a person)(?: to)? |"
    r"(?:that|if) they )?(?:just |please )*"
    r"(?:(?:call|phone|ring)(?: me)?(?: back)?|be called(?: back)?|an? (?:call ?back|phone call)|"
    r"give me a (?:call|ring)|que me llamen|ll[aá]men?me|me (?:pueden|puede) llamar)"
    rf"(?:\W+{_WHEN_AND_WHERE})*\W*",
    re.IGNORECASE,
)
_DANGER = re.compile(
    r"\b(?:911|ambulance|ambulancia|help(?! (?:paying|with|to pay|me (?:pay|with)))|ayuda|"
    r"emergency|emergencia)\b",
    re.IGNORECASE,
)
# "I can't sit here that long, could they phone me instead?"
_IMPATIENT = re.compile(
    r"\b(?:wait\w*|sit|sitting|stay|on hold|this line|in line|queue|(?:that|so|too) long|no time|"
    r"busy|at work)\b",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_MOST_WORDS = 14


def wish(text: str) -> Wish | None:
    """What the words of somebody who waits ask of the line itself; None where they are for the
    person, or may tell of danger.
    """
    if len(text.split()) > _MOST_WORDS or _DANGER.search(text):
        return None
    # "They're here now. Am I still in line?": what is said before it is for the person.
    if _HOW_LONG.fullmatch(_SENTENCE_END.split(text.strip())[-1]):
        return "how_long"
    before, _, last = text.strip().rpartition(", ")
    if _CALL_BACK.fullmatch(text) or (_IMPATIENT.search(before) and _CALL_BACK.fullmatch(last)):
        return "call_back"
    return "leave" if _LEAVE.match(text) else None


def asked_besides(text: str) -> str:
    """What somebody who leaves the line asks the assistant in the same breath: "never mind, what is
    my copay?". Empty where it is nothing.
    """
    found = _LEAVE.match(text)
    return text[found.end() :].strip() if found else ""
