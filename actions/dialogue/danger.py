"""What is said around an emergency: that it is over, and who is there, which is none.

By the words alone: a wrong 911 frightens, and a call that ends on "he is fine now" loses the matter
that was interrupted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from actions.answers.coverage_status import is_refused
from actions.answers.emergency import POISON, VIOLENCE
from actions.answers.service import PERSON
from actions.dialogue.agenda import Item
from alliance.answer import Answer

_CLEAR = re.compile(
    r"\b(?:false alarm|(?:(?:not|no) (?:an? )?emergency|(?:wasn|isn)'?t an? emergency)|"
    r"nobody(?:'?s| is) (?:hurt|in danger)|"
    r"(?:he|she|they|everybody|everyone|it|we|i|my \w+)(?:'?s|'?re|'?m| is| are| am)? "
    r"(?:all |feeling |feels? |doing |much )?(?:ok|okay|fine|safe|good|better|all right|alright|"
    r"breathing|awake|stable)(?: again)?(?: now)?|"
    r"(?:it|that|the pain|the bleeding|the feeling)(?:'?s| is| has)? (?:all )?"
    r"(?:over(?! (?:her|his|my|the|their|him|me|us|and)\b)|past|passed|passing|"
    r"gone(?! (?:down|in|into|inside|up|through)\b)|went away|"
    r"going away|stopped)(?: now)?|"
    r"ya (?:me siento |estoy |est[aá]n? )(?:bien|mejor)|falsa alarma|ya pas[oó](?: todo)?)\b",
    re.IGNORECASE,
)
# Help has come, or is on its way: 911 has been called.
_HELPED = re.compile(
    r"\b(?:(?:911|9 1 1|nine one one)(?:'?s| is) (?:coming|here|on (?:the|its|their) way)|"
    r"(?:the )?(?:ambulance|paramedics?|ems|emts?|police|medics|"
    r"fire (?:department|truck)|help)(?:'?s|'?re| is| are| has| have)? (?:here|there|coming|"
    r"arrived|(?:just )?(?:came|got here|pulled up)|on (?:the|its|their) way)|"
    r"they(?:'?re| are) (?:on (?:the|their) way|here(?: now)?\W*$)|"
    r"ya (?:lleg[oó]|viene|est[aá] aqu[ií]) (?:la )?(?:ambulancia|ayuda|polic[ií]a)|"
    r"help is (?:\w+ )?\d+ (?:min\w*|seconds|blocks)|"
    r"(?:they|he|she|emts?|medics|paramedics|the ambulance)(?:'?s| have|'?ve|'?re| are| is)? "
    r"(?:took|taken|taking|brought) (?:him|her|me|them|us|my \w+) (?:to|in)\b|"
    r"(?:emts?|medics|paramedics|ambulance)(?:'?s| have|'?ve|'?re| are| is| has)? "
    r"(?:just )?(?:took|taken|taking|got|has|have) (?:him|her|me|them|us|my \w+)\b|"
    r"(?:they|emts?|(?:the )?(?:medics|paramedics|doctors?|nurses?|ambulance))"
    r"(?:'?s|'?re| are| is) (?:checking|looking at|helping|treating|working on|"
    r"taking care of|with) (?:him|her|me|them|us|my \w+)\b|"
    r"ya llam(?:[eéó]|amos|aron) (?:al? )?(?:la )?(?:911|ambulancia)|ya vienen|"
    r"ya llegaron|(?:ya )?(?:llegaron|vienen|est[aá]n aqu[ií]) los (?:param[eé]dicos|bomberos)|"
    r"they(?:'?re| are) coming (?:right )?(?:now )?,? ?(?:thanks?|thank you)|"
    r"(?:i|we|he|she|somebody|someone|my \w+)(?:'?ve|'?s|'?m|'?re| have| has| is| are| am)? "
    r"?(?:just |already |now )?(?:called|calling|dialing) (?:911|9 1 1|nine one one|an ambulance|"
    r"'?(?:th)?em|poison control)|"
    r"(?:on (?:the )?(?:phone|line)|talking|speaking) (?:with|to) (?:them|911|9 1 1|988|9 8 8|"
    r"poison control|the (?:police|ambulance|dispatcher|hotline|lifeline))|"
    r"(?:i'?m|i am|we'?re|we are|she'?s|he'?s) (?:\w+ )?(?:driving|going|heading|headed|rushing|"
    r"on (?:the|our|my) way) (?:\w+ )?(?:there|(?:to|in) (?:the )?(?:er|e\.r\.|hospital|emergency "
    r"room))|"
    r"(?:la )?ambulancia (?:ya )?(?:est[aá] aqu[ií]|lleg[oó]|viene))\b",
    re.IGNORECASE,
)
_NOT_HELPED = re.compile(
    r"\b(?:on hold|hung up|hang up|busy|once|(?:no ?(?:body|one)|not?|n'?t) (?:\w+ )?(?:answer\w*|"
    r"pick\w*))\b",
    re.IGNORECASE,
)
_COURTESY = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|no|yes|oh|well)\b\W*)+(?=\w)|"
    r"\b(?:sorry|thanks?|thank you|gracias|perd[oó]n|oh|yes|no worries|right now|now|ahora)\b",
    re.IGNORECASE,
)
_NOT_CLEAR = re.compile(
    r"\b(?:is|are|am|do|does|can|will|was) not\b|"
    r"(?:n't|\b(?:do|does|did|is|was|are|ca|can|wo|ai|could)nt)\b(?! an? emergency)|"
    r"\b(?:never|still|if|help)\b",
    re.IGNORECASE,
)
_OPENS = r"\W*(?:(?:no|yes|well|but|and|so|because|cause|sorry|also|oh|um+|uh+)\W+)*"
_SOMEBODY = r"(?:he|she|they|(?:my|his|her|our|their|the) (?:\w+ )?\w+|i|we)"
_ON_A_PLAN = re.compile(
    rf"{_OPENS}{_SOMEBODY}(?:(?:,| and|, and) {_SOMEBODY}| and \w+)*"
    r"(?:'?s|'?re| is| are| was| were)? (?:(?:all|both|still|also|insured|covered|carried) )*"
    r"(?:on|under|through) (?:the|his|her|my|our|their) (?:\w+ )?(?:plan|insurance|policy|"
    r"coverage)(?:\W+(?:too|also|as well|with (?:him|her|them|us)))*\W*",
    re.IGNORECASE,
)
# What may stand around "just so sad" where it sounds of danger.
_BARE_WORDS = frozenset(
    {
        "i", "i'm", "im", "am", "no", "not", "and", "but", "it", "it's", "its", "oh", "well", "yes",
        "really", "ok", "okay", "today", "now", "right", "sorry", "feeling", "feel", "yeah",
    }
)  # fmt: skip
_WORSE = re.compile(r"\b(?:but|nobody|no one|worse|hurry|bleeding|dying)\b", re.IGNORECASE)
_SWELLS = re.compile(
    r"\b(?:lips?|tongue|throat|face|hives|rash|breath\w*|wheez\w*)\b", re.IGNORECASE
)
# Whoever says so beside "he is fine" may still be in danger.
_DANGER = re.compile(
    r"\b(?:pain\w*|hurts?|hurting|bleed\w*|blood\w*|chest|chok\w+|unconscious|faint\w*|passed out|"
    r"seiz\w*|collaps\w+|numb|stroke|swell\w*|swollen|blue|dying|die|dead|kill\w*|pills?|"
    r"overdos\w+|od|od(?:ed|ing)|heroin|fent\w*|swallow\w*|gun|knife|hit|fire|smoke|drown\w*|"
    r"poison\w*)\b",
    re.IGNORECASE,
)
# "She isn't coughing", which is no sign; not to breathe is one.
_IS_NOT = re.compile(
    r"\b(?:(?:is|are|was)(?:n'?t| not)|(?:he|she|they)(?:'?s|'?re) not) "
    r"(?!breath|respond|wak|mov)\w+ing(?: or \w+ing)*\b",
    re.IGNORECASE,
)
_SWALLOWED = re.compile(r"\b(?:poison\w*|swallow\w*|pills?)\b", re.IGNORECASE)
_NOT_IN_DANGER = re.compile(r"(?:\bnot|n'?t) in (?:any |immediate |real )*danger\b", re.IGNORECASE)
_PRESENCE = re.compile(
    r"\W*(?:(?:ok(?:ay)?|so|well)\W+)*here (?:he|she|they)(?:'?s| is| are| comes?)\W*|"
    r"\W*(?:(?:no|yes|yeah|well|but|and|sorry)\W+)*(?:he|she|they|my \w+|i)"
    r"(?:'?s|'?m|'?re| is| am| are)?\W+(?:(?:not|isn'?t|aren'?t|right|just|sitting|standing|"
    r"listening|waiting|also|still|on the (?:line|phone))\W+)*"
    r"(?:here|there|home|at home|around|available|asleep|sleeping|resting|busy|(?:sick )?in bed|"
    r"beside me|next to me|with me|at work|at school|"
    r"on the (?:line|phone)|(?:my|our) (?:boy|girl|kid|son|daughter|"
    r"child|wife|husband|mom|mother|dad|father))"
    r"(?:\W+(?:right now|rn|now|today|with me|beside me|next to me|at the moment|either|yet))*"
    r"(?:\W+(?:(?:and|so)\W+)?(?:he|she|they|i)(?:'ll| will| can| could| wants? to)(?: (?:do|say|"
    r"tell|talk|speak|answer|ask|take|it|that|over|to|you|now|himself|herself|myself))+)?"
    r"(?:\W+(?:(?:and|so)\W+)?(?:he |she |they )?(?:can'?t|cannot) (?:come|get) to the phone)?\W*",
    re.IGNORECASE,
)


# "He's nine", "she has Blue Cross": an age or an insurance, and nothing else.
_BARE_FACT = re.compile(
    rf"{_OPENS}(?:he|she|they|my \w+)(?:"
    r"(?:'?s| is| are|'?re|'?ll be| turned| just turned| turns) (?:only |already |just |almost )?"
    r"(?:\d{1,3}|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)?[ -]?(?:one|two|three|"
    r"four|five|six|seven|eight|nine)?|ten|eleven|twelve|\w+teen)(?: ?(?:years?|yrs?|months?|"
    r"y/?o))?(?: old)?|"
    r"(?:'?s got|'?ve got| has| have|'?s on|'?s with| is on| is with| got) (?:an? |the |his |her )?"
    r"(?:\w+ )?(?:insurance|plan|policy|coverage|blue cross|blue shield|aetna|cigna|mvp|"
    r"preferred care|humana|united\w*|medicare|medicaid|kaiser|excellus|fidelis))"
    r"(?:\W+(?:too|also|now|today|and|so|i think|though|actually))*\W*",
    re.IGNORECASE,
)
# "I don't know, maybe twenty", "an hour ago", "she's 15": said of the danger that was just told.
_MORE_OF_IT = re.compile(
    r"\W*(?:(?:i (?:do not|don'?t) know|not sure|um+|uh+|well|yes|yeah|no|oh|maybe|about|like|"
    r"around|probably|at least|over|just|almost|only|(?:he|she|it|my \w+)(?:'?s| is|'?ll be)|"
    r"(?:i'?m|i am))\W+)*"
    r"(?:an?|half|a few|a couple(?: of)?|the whole|all(?: of)?|\d+|one|two|three|four|five|six|"
    r"seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty|a hundred)"
    r"(?:\W+(?:or|to|of|an?|\w+ty|more|them|it|the|him|her|pills?|tablets?|bottle|bottles|hours?|"
    r"minutes?|half|ago|five|ten|so|maybe|i (?:think|guess)|years?|yrs?|months?|weeks?|days?|old|"
    r"pregnant|y/?o))*\W*",
    re.IGNORECASE,
)


def tells_more(text: str) -> bool:
    """Whether somebody who was told of 911 says how much it was, or how long ago."""
    return _MORE_OF_IT.fullmatch(text) is not None


# They are low, and say that they will not harm themselves.
_LOW = re.compile(
    r"\b(?:not|n'?t|never) (?:\w+ ){0,3}?(?:hurt|harm|kill|do anything to) (?:myself|me|anybody|"
    r"anyone)|\bnot (?:going to|gonna) (?:do|try) (?:anything|something)\b|"
    r"\bnot suicidal|\b(?:just|only) (?:(?:so|really|very|a bit|a little) )?"
    r"(?:sad|down(?! (?:the|there|here|in|on|at)\b)|low|tired|lonely|"
    r"overwhelmed|upset|stressed|crying|venting|exhausted)\b",
    re.IGNORECASE,
)


# They were told of 988 and would not call.
_WILL_NOT_CALL = re.compile(
    r"\b(?:don'?t|do not|won'?t|will not|can'?t|cannot|not|never|hate) (?:\w+ ){0,4}?"
    r"(?:call(?:ing)?|phone|phoning|talk(?:ing)?|speak(?:ing)?|dial(?:ing)?)\b",
    re.IGNORECASE,
)
# "Please don't send cops, can I just text someone?"
_WOULD_WRITE = re.compile(
    r"\b(?:can|could|may) i (?:just |only |maybe |rather )*(?:text|write|message)\b|"
    r"\b(?:rather|prefer to|only|just) (?:text|write)\b|"
    r"\btext (?:some(?:one|body)|instead|a person|them)\b|"
    r"\b(?:don'?t|do not|dont|no) (?:send |want |call )?(?:the |any )?(?:cops?|police|sirens?)\b",
    re.IGNORECASE,
)
# Somebody has come to who was told of the crisis line: "my sister just got here".
_HAS_COME = re.compile(
    r"\b(?:my|a) (?:\w+ )?(?:sister|brother|mom|mum|mother|dad|father|wife|husband|partner|friend|"
    r"roommate|neighbou?r|son|daughter|aunt|uncle|cousin|boyfriend|girlfriend|therapist|pastor)"
    r"(?:'?s| is| has)? (?:just |now |finally )*(?:got|came|come|here|arrived|home|back|showed up|"
    r"sitting|with)\b",
    re.IGNORECASE,
)
_CRISIS_LINE = "988"
_DOMESTIC_LINE = "1-800-799-7233"
# The knowledge's entries whose examples tell a wish to die, other danger, of somebody who may do
# harm to others, and what was swallowed.
LOW, NOW, OTHERS = "danger-low", "danger-now", "danger-others"
SWALLOWED = "danger-swallowed"
# What says little of any topic, or takes leave of all; and how likely danger must be beside words
# that are surely near to a wish to die, or perhaps.
_VAGUE = frozenset({"cancel", "out_of_scope", "inform", "feedback_negative", "goodbye"})
_HINTED, _LIKELY = 0.1, 0.3


def wants_to_die(item: Item, *, surely: bool = False) -> bool:
    """Whether somebody may want to die: for them is the crisis line, and 911 for other danger."""
    return LOW in item.near(surely=surely)


def is_other(item: Item) -> bool:
    """Whether it is another danger, by examples."""
    return NOW in item.near(surely=False)


def threatens(item: Item) -> bool:
    """Whether it is nearest to examples of harm to others: no crisis line is for them."""
    return bool(item.details) and item.details[0].entry == OTHERS


# "Can I take two of them?"
_ASKS_OF_DOSE = re.compile(
    r"\b(?:can|could|may|should|do|does|is it|what if|how (?:many|much|often)) (?:i|we|it|he|she|"
    r"my|ok(?:ay)?|safe|of)\b",
    re.IGNORECASE,
)


def hints_at_danger(item: Item) -> bool:
    """Whether words that are not understood are surely near to examples of danger, and to no other
    entry more: "I sawed into my leg", "my kid ate soap"; not where a dose is asked about.
    """
    nearest = item.details[0] if item.details else None
    unsure = item.intent in _VAGUE or item.band != "accept"
    if not unsure or nearest is None:
        return False
    if nearest.entry == SWALLOWED and not _ASKS_OF_DOSE.search(item.text):
        # "I took my pills already" is as it should be.
        amiss = not _THEIR_MEDICINE.search(item.text) or _AMISS.search(item.text)
        return bool(amiss) and (nearest.surely or _TAKEN.search(item.text) is not None)
    return nearest.surely and nearest.entry in (NOW, OTHERS)


# "What happens if I do nothing?", of whatever was told.
_INACTION = re.compile(
    r"\W*(?:(?:and|so|but|ok(?:ay)?|then)\W+)*(?:what (?:happens |then )?)?"
    r"if (?:i|we|he|she|they|you) (?:just |simply )?(?:do|does|did) nothing"
    r"(?: (?:about it|at all|more|now|then))*\W*",
    re.IGNORECASE,
)


def asks_of_inaction(text: str) -> bool:
    """Whether it is only asked what follows where nothing is done."""
    return _INACTION.fullmatch(text) is not None


def hints_at_dying(item: Item, ranking: Sequence[tuple[str, float]]) -> bool:
    """The same of words that are taken for something else: "I can't do this anymore"."""
    likely = dict(ranking).get("emergency", 0.0)
    unsure = item.intent in _VAGUE or item.band != "accept"
    near = likely >= _HINTED and wants_to_die(item, surely=True)
    return unsure and (near or (likely >= _LIKELY and wants_to_die(item)))


def will_not_call(text: str, told: str) -> bool:
    """Whether somebody who was `told` of the crisis line will not call, or would rather write."""
    writes = _WOULD_WRITE.search(text) is not None and _DANGER.search(text) is None
    return _CRISIS_LINE in told and (writes or _WILL_NOT_CALL.search(text) is not None)


def has_company(text: str, told: str) -> bool:
    """Whether somebody has come to who was `told` of the crisis line."""
    return _CRISIS_LINE in told and _HAS_COME.search(text) is not None


# "Maybe a counselor would be better", and no word of harm beside it.
_COUNSEL = re.compile(
    r"\b(?:therap(?:y|ists?)|counsel(?:ors?|ing|lors?|ling)|psychologists?|psychiatrists?)\b", re.I
)
_HARM = re.compile(
    r"\b(?:kill|die|dying|dead|hurt|harm|end|ending|over|pills?|gun|knife|rope|jump|cut|cutting|"
    r"bleed\w*|blood|overdos\w*|took|help|late|never|no|not|nothing|isn|can|won|doesn|didn|"
    r"goodbye)\b|"
    r"n'?t\b",
    re.IGNORECASE,
)
_MOST_COUNSEL_WORDS = 15


def seeks_counsel(text: str, told: str) -> bool:
    """Whether somebody who was `told` of the crisis line would rather see a counselor."""
    short = len(text.split()) <= _MOST_COUNSEL_WORDS
    asks = short and _CRISIS_LINE in told and _COUNSEL.search(text) is not None
    return asks and _HARM.search(text) is None


def told_of_crisis(told: str) -> bool:
    """Whether the words `told` of the crisis line."""
    return _CRISIS_LINE in told


def goes_on(text: str, told: str) -> str | None:
    """The kind of danger of which somebody was `told` the line, where they go on and name nothing
    worse: "she's not coughing, only crying".
    """
    kind = POISON if _POISON in told else VIOLENCE if _DOMESTIC_LINE in told else None
    left = _SWALLOWED.sub(" ", _IS_NOT.sub(" ", text))
    return None if _ILL_NOW.search(left) or _DANGER.search(left) else kind


def has_left(item: Item, told: str) -> bool:
    """Whether somebody who was `told` of the line against violence at home says that it is over for
    now: "he left, I'm alone".
    """
    worse = any(each.search(item.text) for each in (_NOT_CLEAR, _WORSE, _DANGER))
    return _DOMESTIC_LINE in told and item.sure_aspect == "over" and not worse


def in_writing() -> Answer:
    """To somebody in a crisis who will not call: the way without a voice, and no list of topics."""
    return Answer(
        text="You don't have to call. You can text 988 instead, at any hour, and stop whenever you "
        "like. If you might hurt yourself, text or call 911. I can also find you a counselor, or "
        "connect you with a person here: just tell me.",
        speech="You don't have to talk for long, and you can text 9 8 8 instead, at any hour. If "
        "you might hurt yourself, call 9 1 1. Say person, and I connect you with one here.",
        kind="notice",
        intent="emergency",
        buttons=(PERSON,),
    )


def is_low(text: str, sounds_of_danger: bool) -> bool:
    """Whether somebody who was told of 911 or 988 says that they feel low and are in no danger;
    where it `sounds_of_danger` all the same, nothing else may be told.
    """
    left = _LOW.sub(" ", text)
    more = set(re.findall(r"[\w'\u2019]+", left.lower().replace("\u2019", "'"))) - _BARE_WORDS
    return left != text and not (sounds_of_danger and more)


def sounds_weary(item: Item) -> bool:
    """Whether words that are not understood are nearest to a wish to die, and not near enough to be
    taken for one: "what's the point anymore".
    """
    nearest = item.details[0] if item.details else None
    unsure = item.band != "accept" and not item.entities
    return unsure and nearest is not None and nearest.entry == LOW and nearest.surely


def for_the_weary() -> Answer:
    """To them: who listens, in case it is more than their plan."""
    text = (
        "I'm sorry that it's so hard right now. If you ever think of ending your life, call or "
        "text 988, at any hour. I'm here too: tell me what I can do."
    )
    return Answer(text=text, speech=text, kind="notice", intent="safety")


def perhaps_danger() -> Answer:
    """Before it is asked what was meant, where it may have been danger."""
    text = "If anyone is ill or in danger right now, call 911 first."
    speech = "If anyone is ill or in danger right now, call 9 1 1 first."
    return Answer(text=text, speech=speech, kind="notice", intent="safety")


def comforted() -> Answer:
    """To somebody who feels low: who listens at any hour, and what can be found for them."""
    return Answer(
        text="I'm glad you told me. To talk with someone at any hour, call or text 988; it is "
        "free. I can also help you find a counselor: just ask me to.",
        speech="I'm glad you told me. To talk with someone at any hour, call or text 9 8 8. I can "
        "also help you find a counselor: just ask me to.",
        kind="notice",
        intent="all_clear",
    )


def is_over(text: str) -> bool:
    """Whether the message says that the danger is over, and nothing of more."""
    return bool(_CLEAR.search(text)) and not _NOT_CLEAR.search(text)


# Beside a medicine that a counter refuses: somebody is ill as they write, or soon will be.
_ILL_NOW = re.compile(
    r"\b(?:breath\w*|wheez\w*|gasp\w*|attack|air|lips|emergency|911|shock|shaking|ambulance|er|"
    r"passing out|sick|throwing up|vomit\w*|faint\w*|dizzy|weak|fever|insulin|sugar|crash\w*|"
    r"oxygen|hospital|days|heart|arms?|tingl\w*|throat|tongue|face|rash|hives|allerg\w*|epi ?pen|"
    r"anaphyla\w*|gr[ae]y|purple|pale|cold|sweat\w*|confused|unresponsive|wak\w*|fell|falling|"
    r"screaming|suicid\w*|withdraw\w*|hallucinat\w*|"
    r"(?:can'?t|cannot|can not|won'?t) (?:walk|talk|speak|move|see|stand|swallow|stop|feel))\b",
    re.IGNORECASE,
)


def is_only_refused(text: str) -> bool:
    """Whether a counter refuses a medicine, and nothing tells of anybody who is ill as they write:
    it sounds like danger to the classifier.
    """
    return is_refused(text) and not (_ILL_NOW.search(text) or _DANGER.search(text))


_SEALED = re.compile(r"\blips are sealed\b", re.IGNORECASE)
# What is kept to themselves by who would rather not say who they are, and what nobody in danger
# leaves out.
_KEPT = re.compile(
    r"\b(?:name\w*|birth\w*|b-?day|zip|numbers?|id|info\w*|details|social|say(?:ing)?|tell(?:ing)?|"
    r"told|giv(?:e|en|ing)|gave|shar(?:e|ing)|typ(?:e|ing)|read(?:ing)?|answer\w*|trust|"
    r"lips are sealed|private|anonymous\w*|incognito|stranger|nobody|nameless|online|identi\w+|"
    r"personal\w*)\b",
    re.IGNORECASE,
)
_OF_LIFE = re.compile(
    r"\b(?:kill\w*|di(?:e|ed|es)|dying|dead|death|hurt\w*|harm\w*|stab\w*|shoot\w*|shot|beat\w*|"
    r"burn\w*|jump\w*|roof|bridge|end (?:it|my|me)|liv(?:e|es|ing)|alive|any ?more|done|notice|"
    r"care|better off|safe|help|(?<!to )myself)\b",
    re.IGNORECASE,
)


def only_withholds(text: str) -> bool:
    """Whether the words, at a prompt for who somebody is, keep something to themselves and tell of
    no harm: "my lips are sealed" sounds like danger to the classifier.
    """
    return _KEPT.search(text) is not None and tells_no_harm(_SEALED.sub("", text))


def tells_no_harm(text: str) -> bool:
    """Whether none of the words is of danger or of an illness that can't wait."""
    return not any(words.search(text) for words in (_OF_LIFE, _DANGER, _ILL_NOW))


_MEDICINE = (
    r"(?:pills?|tablets?|meds?|medicines?|medications?|doses?|refills?|prescriptions?|scripts?)"
)
_THEIR_MEDICINE = re.compile(
    rf"\b(?:(?:my|his|her|our|their|the|of) (?:\w+ ){{0,2}})?{_MEDICINE}\b", re.IGNORECASE
)
# How to get more of it, or that it runs out.
_WANTS_MORE = re.compile(
    r"\b(?:(?:what|how|where|who|can|could) (?:do|does|can|should|could|about|now|am|else|will|i|"
    r"we|he|she|they)|(?:ran|runs?|running|all|am|i'?m|is|are|be) (?:out|low)|\w+ left|last one|"
    r"refill)\b",
    re.IGNORECASE,
)
_TAKEN = re.compile(
    r"\b(?:take|taken|taking|took|gave|given|swallow\w*|dr[aiu]n?k\w*|ate|eat\w*|popp\w*|downed|"
    r"mixed|doubled?|too (?:many|much)|whole|bottle|count\w*|sav(?:ed|ing))\b",
    re.IGNORECASE,
)


_AMISS = re.compile(
    r"\b(?:twice|two|three|double\w*|wrong|mistake|too (?:many|much)|all|whole|instead|extra|mixed|"
    r"his|her|child|kid|baby|toddler|son|daughter|\w+'s)\b",
    re.IGNORECASE,
)


def is_swallowed(item: Item) -> bool:
    """Whether it is nearest to examples of what was swallowed or of too much of a medicine: surely,
    or with nothing beside it that tells of anybody who is ill already.
    """
    nearest = item.details[0] if item.details else None
    if nearest is None or nearest.entry != SWALLOWED:
        return False
    left = _SWALLOWED.sub(" ", item.text)
    return nearest.surely or not (_ILL_NOW.search(left) or _DANGER.search(left))


def is_only_of_supply(text: str) -> bool:
    """Whether a medicine runs out or can't be had, and nobody is ill or has taken it: it sounds
    like danger to the classifier. To be believed only where medicine was talked of just before:
    "what do I do with my pills" from somebody who said nothing else is danger.
    """
    beside = _THEIR_MEDICINE.sub(" ", text)
    told = any(each.search(beside) for each in (_ILL_NOW, _DANGER, _TAKEN))
    return beside != text and _WANTS_MORE.search(text) is not None and not told


def without_medicine(text: str) -> str:
    """The words without the medicine that they name: "my wife's pills"."""
    return _THEIR_MEDICINE.sub(" ", text)


def names_danger(text: str) -> bool:
    """Whether something is named that hurts: a gun, blood, a chest."""
    return _DANGER.search(text) is not None


def tells_of_danger(text: str, item: Item) -> bool:
    """Whether words or examples of danger speak for it, beside the classifier."""
    told = any(each.search(text) for each in (_ILL_NOW, _DANGER, _TAKEN))
    return told or bool({LOW, NOW} & item.near(surely=False).keys())


def says_no_danger(text: str) -> bool:
    """Whether the words say that somebody is in no danger, and tell of none."""
    return _NOT_IN_DANGER.search(text) is not None and not (
        _WORSE.search(text) or _DANGER.search(_NOT_IN_DANGER.sub(" ", text))
    )


def is_plainly_over(text: str) -> bool:
    """Whether the message says that the danger is over and nothing else at all, whatever it sounds
    like to the classifier: "ya estoy bien".
    """
    bare = " ".join(_COURTESY.sub(" ", text).split()).strip(" .,!")
    return _CLEAR.fullmatch(bare) is not None


def is_told_over(text: str) -> bool:
    """Whether somebody who was told of 911 says that it is over, with more that names no danger:
    "it passed, the medics looked at me, I'm fine".
    """
    beside = _CLEAR.sub(" ", text)
    worse = _WORSE.search(text) or _DANGER.search(beside) or _SWELLS.search(beside)
    return is_over(text) and not worse


_BESIDE = re.compile(r"\b(?:with|beside|next to) (?:me|us)\b", re.IGNORECASE)
_POISON = "1-800-222-1222"
# Poison harms later: who seems well is not over it.
_SEEMS_WELL = re.compile(
    r"\b(?:seems?|looks?|acts?|acting|feels?|is|'s|i'?m|are|will be|'ll be) (?:\w+ ){0,2}?"
    r"(?:fine|ok|okay|normal|good|all right|alright|well)\b|\bno symptoms\b",
    re.IGNORECASE,
)


def seems_well(text: str, told: str) -> bool:
    """Whether somebody who was `told` of Poison Control says that nothing shows yet."""
    return _POISON in told and bool(_SEEMS_WELL.search(text)) and not _NOT_CLEAR.search(text)


# Who knows better than a plan, and has said how somebody is.
_KNOWS_BETTER = re.compile(
    r"\b(?:poison(?: \w+)?|doctors?|dr|nurses?|medics?|paramedics?|emts?|ems|911|pediatrician|"
    r"hospital|hotline|pharmacist|they)(?:'?ve| have| has| just| already| all| both| there| here)* "
    r"(?:says?|said|saying|told|tells?|thinks?|checked|cleared|confirmed|promised)\b",
    re.IGNORECASE,
)


def is_cleared(text: str) -> bool:
    """Whether those whom we tell people to call have said that somebody is well: "poison control
    says she is fine". What only seems well to a mother is not.
    """
    told = _KNOWS_BETTER.search(text)
    well = told is not None and _SEEMS_WELL.search(text, told.start())
    return bool(well) and not (_NOT_CLEAR.search(text) or _WORSE.search(text))


def is_of_poison(told: str) -> bool:
    """Whether the words `told` of Poison Control."""
    return _POISON in told


def call_all_the_same() -> Answer:
    """To "she seems fine" after something was swallowed."""
    text = (
        f"Please call Poison Control all the same, now: {_POISON}. Some things harm only later. If "
        "anything changes for the worse, call 911."
    )
    speech = f"Please call Poison Control all the same: {_POISON}. Some things harm only later."
    return Answer(text=text, speech=speech, kind="notice", intent="emergency")


_RESUMES = re.compile(
    r"\b(?:go|going|get|getting|come) (?:right )?back to "
    r"(?!the (?:er|hospital)|sleep|bed|work|him|her)|"
    r"\b(?:ok(?:ay)?|so|now|and|but),? back to (?:my|the|what|our|that)\b|"
    r"\b(?:continue|carry on|go on|pick up|finish)"
    r"(?:\W+(?:with|from|where|what|my|the|that|it|now)\b|\W*$)|\bwhere (?:were|was|did) we\b",
    re.IGNORECASE,
)


def resumes(text: str) -> bool:
    """Whether somebody wants to go back to what the danger interrupted."""
    return _RESUMES.search(text) is not None


def is_helped(text: str) -> bool:
    """Whether the message says that help is there or on its way, and nothing of more."""
    told = bool(_HELPED.search(text)) and not _NOT_HELPED.search(text)
    beside = _HELPED.sub(" ", text)
    return told and not (_NOT_CLEAR.search(beside) or _WORSE.search(text))


def sounds_like(news: str, questions: Sequence[Item], text: str) -> bool:
    """Whether a message is such news of a danger that was told ("helped", "over"), as was learnt
    from follow-ups, and tells of nothing worse. What sounds of danger itself never is: "she stopped
    breathing" is as near to "the pain stopped" as that is.
    """
    told = questions[0]
    sure = told.aspect_sure or told.band != "accept"
    if told.aspect != news or not sure or any(each.intent == "emergency" for each in questions):
        return False
    return not any(each.search(text) for each in (_NOT_CLEAR, _WORSE, _NOT_HELPED))


def is_presence(text: str) -> bool:
    """Whether the message says who is there or not, and nothing else: "she's not here"."""
    return _PRESENCE.fullmatch(text) is not None


def is_bare_fact(text: str) -> bool:
    """Whether somebody's age or insurance is told and nothing else: "she has Blue Cross"."""
    return _BARE_FACT.fullmatch(text) is not None


def is_of_plan(text: str) -> bool:
    """Whether it is said who is on a plan, and nothing else: "his kids were on the plan"."""
    return _ON_A_PLAN.fullmatch(text) is not None


def is_beside(text: str) -> bool:
    """Whether somebody is there with who writes: "my sister is with me"."""
    return _BESIDE.search(text) is not None


def accompanied(told: str) -> Answer:
    """To somebody who says that a person they trust is there now, and no helper's name."""
    if _CRISIS_LINE in told:
        return relieved(over=False, told=told)
    text = "I'm glad that you're not alone. If anything changes, call 911."
    return Answer(text=text, speech=text, kind="notice", intent="all_clear")


def helped() -> Answer:
    """To help that has come, before what is asked beside it."""
    text = "Good. Do what they tell you."
    return Answer(text=text, speech=text, kind="notice", intent="all_clear")


def glad() -> Answer:
    """To danger that is over, before what is asked beside it."""
    text = "I'm glad to hear that."
    return Answer(text=text, speech=text, kind="notice", intent="all_clear")


# So short that the question which it interrupted fits beside it.
_SAFE_SPOKEN = "I'm glad that you are safe. The hotline is 1-800-799-7233. In danger, call 911."


def relieved(over: bool = True, told: str = "") -> Answer:
    """To danger that is over, or else to help that has come; who was `told` of the crisis line
    may need it later.
    """
    if over and _CRISIS_LINE in told:
        text = (
            "I'm glad to hear that. 988 is there day and night, by call or text, for you too. If "
            "anything changes, call 911."
        )
    elif over and _DOMESTIC_LINE in told:
        text = (
            "I'm glad that you are safe right now. The hotline stays open: 1-800-799-7233. If you "
            "are in danger again, call 911."
        )
    elif over:
        text = "I'm glad to hear that. If anything changes, call 911."
    elif _CRISIS_LINE in told:
        text = (
            "I'm glad that you're not alone. Keep what could hurt you out of reach. 988 is there "
            "day and night, by call or text. If there is danger right now, call 911."
        )
    else:
        text = "Good. Do what they tell you. I'm here when you need me."
    speech = _SAFE_SPOKEN if over and _DOMESTIC_LINE in told else text
    return Answer(text=text, speech=speech, kind="notice", intent="all_clear")
