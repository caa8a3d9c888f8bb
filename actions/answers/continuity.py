"""Continuity of care: the doctor leaves the network in the middle of a treatment.

Source: No Surprises Act, section 113 (42 USC 300gg-113): for up to 90 days a continuing care
patient may go on at the in-network share.
"""

from __future__ import annotations

import re

_OF_DOCTORS = frozenset(
    {"check_network", "out_of_area_coverage", "change_pcp", "provider_details", "behavioral_health"}
)
_LEFT = re.compile(
    r"\b(?:left|leaves?|leaving|drop(?:s|ped|ping)?(?: out)?|quit(?:s|ting)?|going out|goes out|"
    r"went out|no longer)\b.{0,20}\bnetwork\b|"
    r"\b(?:isn'?t|not) in\b.{0,20}\bnetwork any ?more\b|"
    r"\bout of (?:the |your |my )?network (?:as of|from|since|starting|now)\b",
    re.IGNORECASE,
)
_IN_TREATMENT = re.compile(
    r"\b(?:middle of|halfway|half way|in the midst|mid)\b|\b(?:treatment|treated|chemo\w*|"
    r"radiation|dialysis|pregnan\w+|expecting|surgery|follow ?ups?|transplant|cancer|"
    r"keep (?:seeing )?(?:her|him|them|my (?:doctor|surgeon|ob|therapist)))\b",
    re.IGNORECASE,
)


def is_of_continuity(intent: str, text: str) -> bool:
    """Whether somebody under treatment asks what becomes of it now that the doctor has left: a rule
    that holds whoever the doctor is.
    """
    return (
        intent in _OF_DOCTORS
        and _LEFT.search(text) is not None
        and _IN_TREATMENT.search(text) is not None
    )
