"""One-time codes: how they are said, sent and read."""

from __future__ import annotations

import re
from datetime import timedelta

from alliance.spoken import normalise

FIGURES = 6
LIFE = timedelta(minutes=10)
RESEND = timedelta(minutes=1)

_CODE = re.compile(r"(?<![\d/-])\d(?:[ -]?\d){5}(?![\d/]|-\d)")
_POLITE = (
    r"it'?s|its|it|is|was|the|my|your|code|here|okay|ok|yes|yeah|sure|um|uh|so|number|says|said|i|"
    r"got|have|that'?s|that|they|sent|me|please|thanks|thank|you|hi|hello|text|message|e-?mail|and|"
    r"one-time|six|digit|six-digit|just|came|now|a|this|which|for|in|go|there"
)
_WRAPPING = re.compile(rf"(?:(?:{_POLITE})\b|[\s,.:;!()\"'#-])*", re.IGNORECASE)


def read_code(text: str) -> str | None:
    """The six figures, if the message is nothing but a code in polite words. Anything else at
    the prompt (a date, a ZIP code, another question) is no code.
    """
    if "?" in text or len(text) > 120:
        return None
    said = normalise(text).text
    found = list(_CODE.finditer(said))
    if len(found) != 1:
        return None
    before, after = said[: found[0].start()], said[found[0].end() :]
    if not (_WRAPPING.fullmatch(before) and _WRAPPING.fullmatch(after)):
        return None
    return "".join(c for c in found[0].group() if c.isdigit())


def message(code: str, company: str, *, spoken: bool) -> str:
    """What is sent. It says who sends it, and that nobody will ever call for it."""
    figures = ", ".join(code) if spoken else code
    again = f" Again: {figures}." if spoken else ""
    return (
        f"{company}: your one-time code is {figures}.{again} It ends in 10 minutes. We never call "
        "to ask for it: give it to nobody. If you did not ask for a code, call the number on your "
        "card."
    )
