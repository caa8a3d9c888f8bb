"""What a message may ask of the matter that was just talked about (until when, with which papers,
how long it takes, what it costs ...), and words that tell whether it leans on that matter.

Which of them a message asks is learnt (`bot.nlu.follow_ups`, `bot.nlu.details`).
"""

from __future__ import annotations

import re

# What is asked of every topic alike, as the understanding of follow-ups has it.
KINDS = frozenset(
    {
        "deadline", "documents", "paying", "hardship", "chances", "refused", "elsewhere", "cost",
        "meanwhile", "where", "who", "way", "here", "duration", "next", "reason", "fix", "since",
        "count", "permission",
    }
)  # fmt: skip
# Of many topics, known by the example questions of the entries that tell it.
_BY_EXAMPLES = ("anyway", "pick_up", "payee", "payment_number", "not_arrived")
# Of the conversation itself: whether it is kept, and who sees it.
RECORD = "record"
# Of a household: who is on the plan, and who of them sees what; of a call in the company's name;
# whether somebody has to be met by appointment. Told by words of their own, which name a matter.
MEMBERS, SEEN, WAS_US, APPOINTMENT = "members", "seen", "was_us", "appointment"
# The knowledge's entries whose examples tell that somebody asks for another.
CANNOT_TALK = "third-cant-talk"
FOR_ANOTHER = frozenset({"third-speaks-for", CANNOT_TALK})
ASPECTS = frozenset({*KINDS, *_BY_EXAMPLES, RECORD, MEMBERS, SEEN, WAS_US, APPOINTMENT})
# Words that name no matter.
_FILLING = frozenset(
    word
    for line in (
        "a an the my our your his her their its i i'm i'd i'll i've me we us you he him she",
        "they it that this them those these there here one ones all both everything anything",
        "something is are was were be do does did can could should must may would will shall",
        "have has had got get to for of on in at by with from about into up out and or but so",
        "then well ok okay oh um uh hm great good fine thanks thank please now still also just",
        "exactly usually normally really actually approximately roughly maybe else too even yet",
        "again first next back over what which when where who whom how why if know tell say ask",
        "need want like send sent mail company people person someone somebody guys folks wait",
        "sorry alright right sure mean that's it's what's how's when's who's they're you're",
        "we've going gonna wanna supposed think quick question asked said much long more any",
        "some not no don't can't before after until till today tomorrow soon later already",
        "myself ourselves though because anyway dear honey sir ma'am maam miss hi hello hey yes no",
        "least meantime actually supposedly whatever fine having been as money check payment",
    )
    for word in line.split()
)
# What is done with anything that is talked about.
_OF_ANYTHING = frozenset(
    word
    for line in (
        "happen happens happened start starts started end ends stop stops take takes took make",
        "makes use used change changes keep keeps go goes give gives gave find last lasts begin",
        "begins work works good valid many often cost costs pay free own part else different same",
        "without another other new soon fast late wrong right left anyone anybody did does hold",
        "effect effective kick kicks",
    )
    for word in line.split()
)
# What cannot stand by itself: it goes on from something, or points back at it.
_GOES_ON = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|so|well|oh|um+|uh+|hm+|right|great|thanks|thank you)\W+)*"
    r"(?:and|but|or|so|what about|how about|then|also|what if|does that|is that|will that)\b",
    re.IGNORECASE,
)
_POINTS_BACK = re.compile(
    r"\b(?:it|that|this|those|these|them|they|he|she|him|hers?|his|theirs|one|ones|both|mine|"
    r"instead|either|neither)\b",
    re.IGNORECASE,
)
_MOST_LEANING_WORDS = 10
_FEW_WORDS = 3
# "Any that speak Spanish?", "who speaks Korean": a wish for the doctor, not for the service.
_THEY_SPEAK = re.compile(
    r"\b(?:any(?: ?one| ?body)?|who|whoever|some ?one|some ?body|which|that|one|ones|they|he|she|"
    r"them|doctors?|dentists?|provider|place)\b.{0,24}\b(?:speaks?|speaking|talks?)\b|"
    r"^\W*(?:and |or |but |only |just )*(?:[a-z]+[- ])?speaking\b|"
    r"\b[a-z]+[- ]speaking (?:ones?|doctors?|dentists?|provider)",
    re.IGNORECASE,
)
_I_SPEAK = re.compile(
    r"\b(?:i|we|you|my \w+|our \w+)\b (?:only |don'?t |can'?t |do not |can |mostly )?"
    r"(?:speaks?|talk|understand)\b|\bto (?:talk|speak) (?:to|with)\b|\b(?:interpreter|translator|"
    r"representative|agent|person|operator)\b",
    re.IGNORECASE,
)


def names_no_matter(text: str) -> bool:
    """Whether the words could be asked of anything: "when does it start over?", "who do I send it
    to?".
    """
    words = re.findall(r"[\w'\u2019-]+", text.lower().replace("\u2019", "'"))
    names_nothing = all(word in _FILLING or word in _OF_ANYTHING for word in words)
    return 0 < len(words) <= _MOST_LEANING_WORDS and names_nothing


def leans_back(text: str) -> bool:
    """Whether the words can hardly be understood without what was said before."""
    words = len(text.split())
    if words <= _FEW_WORDS:
        return True
    if words > _MOST_LEANING_WORDS:
        return False
    return bool(_GOES_ON.search(text) or _POINTS_BACK.search(text))


def is_wish_for_language(text: str) -> bool:
    """Whether a language is wished of the doctor or place that is looked for, and not spoken by the
    one who asks.
    """
    return bool(_THEY_SPEAK.search(text)) and not _I_SPEAK.search(text)
