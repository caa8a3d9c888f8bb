"""Why a claim was denied or cut, in plain words, and what usually fixes it.

Reasons are known by X12 claim adjustment reason codes; the words are our own
(`alliance/data/denial_reasons.yml`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Formatter
from typing import Any

from alliance.errors import ConfigurationError

DENIALS_FILE = Path(__file__).parent / "data" / "denial_reasons.yml"
_PLACEHOLDERS = frozenset({"company", "office", "line"})
_CODE_LISTS = ("CO", "PR", "OA", "PI", "CR")


@dataclass(frozen=True)
class Fix:
    """What helps. `needs_appeal`: nothing simpler does, so an appeal is offered beside it.
    `tells_note`: whether the company's own note is told as well.
    """

    key: str
    text: str
    speech: str
    needs_appeal: bool
    tells_note: bool = True


@dataclass(frozen=True)
class Reason:
    """`why` is a clause: 'information is missing from the claim'."""

    why: str
    fix: Fix


@dataclass(frozen=True)
class DenialReasons:
    """All reasons by code."""

    by_code: Mapping[str, Reason]

    def find(self, codes: Sequence[str]) -> tuple[Reason, ...]:
        """The reasons of these codes that are known, each once; '16', 'CO16' and 'CO-16' alike."""
        found = (self.by_code.get(_bare(code)) for code in codes)
        return tuple(dict.fromkeys(reason for reason in found if reason))


def _bare(code: str) -> str:
    """The reason code without the group code that some files put before it."""
    said = code.strip().upper()
    if said[:2] in _CODE_LISTS:
        said = said[2:].lstrip("- ")
    return said.lstrip("0") or said


def load_denials(document: Any) -> DenialReasons:
    """Read `denial_reasons.yml`, parsed. Raises ConfigurationError with what to do."""
    if not isinstance(document, Mapping):
        raise ConfigurationError("denial_reasons.yml needs 'fixes' and 'reasons'.")
    fixes = {key: _fix(key, entry) for key, entry in (document.get("fixes") or {}).items()}
    by_code: dict[str, Reason] = {}
    for entry in document.get("reasons") or ():
        codes, why = entry.get("codes"), entry.get("why")
        if not codes or not why or entry.get("fix") not in fixes:
            raise ConfigurationError(
                f"denial_reasons.yml: a reason needs 'codes', 'why' and one of the fixes: {entry}."
            )
        for code in codes:
            if _bare(str(code)) in by_code:
                raise ConfigurationError(f"denial_reasons.yml: code {code} stands there twice.")
            by_code[_bare(str(code))] = Reason(str(why), fixes[entry["fix"]])
    if not by_code:
        raise ConfigurationError("denial_reasons.yml has no 'reasons'.")
    return DenialReasons(by_code)


def _fix(key: str, entry: Any) -> Fix:
    try:
        text, speech = str(entry["text"]).strip(), str(entry["speech"]).strip()
        needs_appeal = bool(entry["needs_appeal"])
    except (KeyError, TypeError) as error:
        raise ConfigurationError(
            f"denial_reasons.yml: fix '{key}' needs 'text', 'speech' and 'needs_appeal'."
        ) from error
    for words in (text, speech):
        unknown = {name for _, name, _, _ in Formatter().parse(words) if name} - _PLACEHOLDERS
        if unknown:
            raise ConfigurationError(
                f"denial_reasons.yml: fix '{key}' has an unknown {{{min(unknown)}}}."
            )
    return Fix(key, text, speech, needs_appeal, bool(entry.get("tells_note", True)))
