"""ZIP codes."""

from __future__ import annotations

import re

from alliance.spoken import Normalised, normalise
from alliance.values.common import ROUND, Span

_ZIP = re.compile(r"(?<![\w$#.,/-])(?P<zip>\d{5})(?:[- ]\d{4}(?![\d-]))?(?![\w/-]|[.,]\d)")
# Five figures after these words are something else.
_NOT_ZIP_BEFORE = re.compile(
    r"(?:claim|claims|cpt|hcpcs|procedure|billing|service|group|policy|member|account|reference|"
    r"confirmation|rx ?gro?u?p|grp|bin|pcn|npi|extension|ext|badge|suite|box|room|case|invoice|"
    r"check|cheque)"
    r"(?:\s+(?:code|number|num|no|id|is|was|the|my|for|it's|#))*[\s.:#]*$"
    r"|\b(?:owed?|pay|paid|charged?|asked)(?:\s+(?:me|us|for|about))*\s+$"
)
_NOT_ZIP_AFTER = re.compile(
    r"\s*(?:dollars?|bucks?|cents|percent|%|times|people|miles|points)\b"
    # The number of a house.
    r"|\s+(?:(?:county |state |old )?(?:route|rte|rt|highway|hwy) \d"
    r"|(?:(?!(?:near|on|off|by|at|in|and|or|to|for|from|with)\b)[a-z]+ ){1,2}"
    r"(?:road|rd|street|avenue|ave|lane|ln|drive|boulevard|blvd|turnpike|pike|court)\b)"
)


def zip_spans(said: Normalised) -> list[Span]:
    return [
        Span(m.start(), m.end(), m["zip"])
        for m in _ZIP.finditer(said.text)
        if not _NOT_ZIP_BEFORE.search(said.text, 0, m.start())
        and not _NOT_ZIP_AFTER.match(said.text, m.end())
        and m["zip"] != "00000"
        and not (m["zip"].endswith("00") and ROUND.search(said.said(*m.span()).lower()))
    ]


def read_zip(text: str) -> str | None:
    """The five figures of the one ZIP code (or ZIP+4) in the text; None for none or several."""
    found = {span.value for span in zip_spans(normalise(text))}
    return found.pop() if len(found) == 1 else None
