"""What people put around what they want to say: "hmm ok.", "lol,", "..., you clowns". Left out, the
matter is understood, and leans on what was said before, as if it stood alone.
"""

from __future__ import annotations

import re

# "Oh six one oh three" begins with a zero.
_FIGURE = (
    r"(?:\d\b|(?:oh?|zero|one(?! (?:more|last|other|quick|thing|sec|moment))|two|three|four|five|"
    r"six|seven|eight|nine|double|triple|ten|eleven|twelve|\w+teen|"
    r"(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b)"
)
# Words that hold no matter wherever a message begins with them.
_SOUNDS = (
    rf"(?:oh(?! {_FIGURE})|"
    r"o+k(?:ay|ey|ie)?|k|h+m+|u+m+|u+h+|o+h{2,}|o{2,}h+|a+h+|aha|huh|wow|whoa|yikes|lol|lmao|haha(?:ha)*|"
    r"(?:oh )?(?:my )?(?:goodness|dear me|dear lord)|ugh+|argh+|grr+|geez|jeez|sheesh|phew|omg|"
    r"oh my (?:god|gosh|goodness|word)|"
    r"good (?:grief|lord|god|heavens)|"
    r"for (?:crying out loud|(?:heaven|god|goodness|christ|pete)'?s? sakes?)|gosh|"
    r"(?:darn|dang|damn)(?: it)?|dammit|alrighty|gotcha|thx|by the way|btw|fyi)"
)
# Words that can also begin what is said ("well visits", "right knee"): a mark must follow.
_MARKED = (
    r"(?:well|right|all ?right|alright|good|great|fine|nice|perfect|cool|awesome|excellent|"
    r"wonderful|lovely|super|interesting|really|seriously|unbelievable|unreal|ridiculous|whatever|"
    r"never ?mind (?:(?:the |that )?(?:first|second|third|other|last) (?:one|part|thing|question)|"
    r"the (?:first|second|third|other|last)|that (?:one|part|first one))|i see|got it|shoot|crap|"
    r"ty|k+|much appreciated|"
    r"thanks?(?: you)?(?: (?:so much|very much|a lot|a million|again|kindly|"
    r"for (?:that|this|checking|the (?:info|information|answer|help))))?|"
    r"(?:that(?:'?s| is| was) )?(?:good|great|nice|fine|perfect)(?: to (?:know|hear))?|"
    r"(?:just )?(?:one|an?|another|1) (?:(?:more|last|other|quick|final) )+(?:thing|question|q)|"
    r"(?:last|another|one|quick) (?:thing|question)|before i forget)"
)
_MARK = r"(?:[,.!;:\u2026\u2013\u2014-]+(?:\s+|$)|\s*\n+)"
_LEAD = re.compile(
    rf"\W*(?:{_SOUNDS}(?:{_MARK}|[\s!?]+)|{_MARKED}(?:\s+(?:then|now|dear|so))?{_MARK})+",
    re.IGNORECASE,
)
# Names that people are called, at the end of what is asked of them, and not what it tells.
_HARD_NAMES = (
    r"(?:idiots?|morons?|genius(?:es)?|clowns?|dumm(?:y|ies)|dumbass(?:es)?|jerks?|losers?|crooks?|"
    r"fools?|imbeciles?|bozos?|jackass(?:es)?|a-?holes?|assholes?|bastards?)"
)
_TAIL = re.compile(
    r"(?:(?:[,.!-]+\s*|(?<!\bare)(?<!\bwere)\s+(?=(?:you|u|ya)\b))"
    r"(?:(?:you|u|ya)\s+)?(?:(?:stupid|dumb|useless|bloody|damn|freaking|goddamn)\s+)*"
    rf"{_HARD_NAMES}|"
    r"(?<!\bare)(?<!\byou)(?<!\bof)(?<!\bsuch)(?<!\ba)(?<!\ban)(?<!\bthe)(?<!\bthese)(?<!\bu)\s+"
    rf"{_HARD_NAMES}|[\s,.!-]+(?:lol|lmao|smh|ffs))+[\s.!]*$",
    re.IGNORECASE,
)


def matter(text: str) -> tuple[int, int]:
    """Where what is said begins and ends, without what stands around it; the whole text where
    nothing else would be left.
    """
    begins = found.end() if (found := _LEAD.match(text)) else 0
    tail = _TAIL.search(text, begins)
    ends = tail.start() if tail else len(text)
    if not re.search(r"\w", text[begins:ends]):
        return 0, len(text)
    return begins, ends
