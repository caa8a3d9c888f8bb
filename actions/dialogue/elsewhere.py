"""Members of insurers who are none of the alliance's: whom to ask instead."""

from __future__ import annotations

import re

from actions.answers.service import PERSON
from actions.answers.wording import joined
from alliance.answer import Answer
from alliance.partners import Partners

# As members name them.
_OTHER_INSURER = re.compile(
    r"\b(?:aetna|united ?health ?care|uhc|blue ?(?:cross|shield)|bcbs|anthem|humana|kaiser|"
    r"excellus|fidelis|emblem(?:health)?|oscar|molina|centene|tricare|medicaid|"
    r"capital district|cdphp|independent health|univera|healthfirst)\b",
    re.IGNORECASE,
)


def names_other_insurer(text: str) -> bool:
    """Whether the words name an insurer outside the alliance."""
    return _OTHER_INSURER.search(text) is not None


def elsewhere(partners: Partners) -> Answer:
    """Whose plans can be looked into here, and where another insurer's member asks."""
    ours = joined([partner.name for partner in partners if partner.backend], "or")
    text = (
        f"I can look only into plans of {ours}. For a plan of another insurer, please call the "
        "number on its card."
    )
    return Answer(text=text, speech=text, kind="notice", buttons=(PERSON,))
