"""Hard words, and what is left of a message beside them: "u people are useless, where is my claim"
still asks about a claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_HARSH = re.compile(
    r"\b(?:f+u+c+k+\w*|f[*#@$]+\w*|sh[*#@$!]+\w*|b\*+\w+|a[*$]{2,}\w*|fck\w*|wtf|shit\w*|sh\*t|bullshit|bs|bitch\w*|asshole\w*|a-?holes?|"
    r"bastards?|dumbass|effing|fing|f in|freaking(?! out)|friggin\w*|bleep(?:ing|ed)?|goddamn|"
    r"damn you|piss off|screw you|go to hell|shut up|idiots?|morons?|stupid(?:est)?|dumb(?:er|"
    r"est)?|"
    r"useless|worthless|garbage|trash|crap|sucks?|suck|pathetic|incompetent|hate (?:you|this)|"
    r"(?:you|u|y'?all|you (?:people|guys|folks|all|lot)) (?:are|r) (?:all |just |such )*(?:a |an )?"
    r"(?:big |bunch of |pack of )?(?:joke|clowns?|circus|crooks?|thieves|liars?|disgrace)|"
    r"what a (?:joke|circus|disgrace|(?:bunch|pack) of (?:clowns|crooks|thieves|liars)))(?!\w)",
    re.IGNORECASE,
)
_PRAISE = (
    r"(?:great|wonderful|perfect|lovely|fantastic|brilliant|awesome|terrific|super|nice|amazing|"
    r"marvelous)"
)
# "Great, just great, another robot": no praise, whatever it sounds like.
_SARCASTIC = re.compile(
    rf"\b{_PRAISE}\W+(?!.*\b(?:are you|is this|am i)\b)(?:\w+\W+){{0,6}}?"
    r"(?:robot|bot|machine|computer|recording|chatbot|phone menu|automated \w+)\W*$|"
    rf"\b(?:just|this is just|oh how) {_PRAISE}\W*$|\bthanks for nothing\b|"
    r"\bjust what i needed\b|\b(?:a |some |big |lot of )+help you are\b|\byeah,? right\W*$|"
    r"^\W*(?:oh |ugh |great |god )*not another (?:robot|bot|machine|recording)",
    re.IGNORECASE,
)
_MOST_SARCASTIC_WORDS = 12
_CLAUSE_END = re.compile(
    r"\s*[,.!?;:\u2014-]+\s+|\s+(?=(?:and|but|so|now|just|where|what|whats|when|why|how|is|are|did|"
    r"you|your|i|my|we|they|this|that|it|"
    r"do|does|can|tell)\b)",
    re.IGNORECASE,
)
_LEAST_WORDS = 3
_MOST_INSULTING_WORDS = 9
# Ends in what they think of us; what else happened would be told after it.
_US = (
    r"(?:you|u|y'?all|ya'?ll|this|it|that|(?:this|that|your) (?:\w+ )?(?:company|place|bot|thing|"
    r"service|insurance|chat|line))(?: (?:people|guys|all|folks|lot))*"
)
_MERE_INSULT = re.compile(
    r"(?!.*\b(?:my|me|lost|hung|denied|told|never|because)\b)"
    rf"\W*(?:(?:god|jesus|wow|man|honestly|seriously|ugh|and|but|no)\W+)*(?:i hate you(?: \w+)?|"
    rf"(?:screw|damn|fuck) (?:you|u|this)(?: \w+)?|what a(?: [\w*'-]+){{1,5}}|{_US}"
    r"(?:(?:'?s|'?re| are| is| r)\b(?: [\w'*-]+){1,6}| (?:really |just |all |totally )?"
    r"(?:sucks?|stinks?|blows?)))\W*",
    re.IGNORECASE,
)


def is_harsh(text: str) -> bool:
    """Whether the words are hard ones."""
    return _HARSH.search(text) is not None


def is_sarcastic(text: str) -> bool:
    """Whether the words praise and mean the opposite."""
    return len(text.split()) <= _MOST_SARCASTIC_WORDS and _SARCASTIC.search(text) is not None


def only_insults(text: str) -> bool:
    """Whether a few hard words say what somebody thinks of us, and nothing of what happened: "you
    people are a bunch of idiots", "this company sucks".
    """
    few = len(text.split()) <= _MOST_INSULTING_WORDS
    return few and is_harsh(text) and _MERE_INSULT.fullmatch(text) is not None


def beside_it(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a harsh message that are free of hard words, by their characters from start to
    before end, the longest first.
    """
    edges = [0, *(found.end() for found in _CLAUSE_END.finditer(text)), len(text)]
    spans = [
        (start, end)
        for place, start in enumerate(edges)
        for end in edges[place + 1 :]
        if len(text[start:end].split()) >= _LEAST_WORDS and not is_harsh(text[start:end])
    ]
    return iter(sorted(spans, key=lambda span: span[0] - span[1]))
