"""The sample members as a page of documentation, the same on every day."""

from __future__ import annotations

from datetime import date

from sandbox.population.calendar import Anchor
from sandbox.population.plans import group_name
from sandbox.population.samples import Sample, samples
from sandbox.profiles import BEHAVIOUR, load_profile

_INTRODUCTION = """\
# Sample members
Invented people for trying Memberline out, one for each situation that a member service meets.
Written by `python -m sandbox members --write docs/sample-members.md`; don't edit it by hand.

- To be verified, say the first name, the member ID, the date of birth and the ZIP code.
- One-time codes are not sent to anybody: each stand-in shows them at its `/outbox`, and
  `python -m sandbox outbox` prints them.
- "March" is the latest March that is not in the future. Its claim is of the 12th unless the
  situation says otherwise, and the other claims lie in many of the last 24 months.
- Groups beginning ALX are alliance groups. Amounts do not depend on the day.
- Beside these, every company has {crowd} further invented members, about half of them in alliance
  groups.
"""
_HEADINGS = ("Name", "Member ID", "Date of birth", "ZIP", "Group", "Situation", "March claim")


def handbook(today: date, crowd: int) -> str:
    """The whole page as Markdown; `today` only has to be some day."""
    parts = [_INTRODUCTION.format(crowd=crowd)]
    found = samples(Anchor(today))
    for key in BEHAVIOUR:
        own = [sample for sample in found if sample.member.partner == key]
        parts.append(f"## {load_profile(key).name}\n")
        parts.append(_table(own))
    return "\n".join(parts)


def _table(rows: list[Sample]) -> str:
    lines = [f"| {' | '.join(_HEADINGS)} |", f"|{'---|' * len(_HEADINGS)}"]
    lines += [f"| {' | '.join(_cells(sample))} |" for sample in rows]
    return "\n".join(lines) + "\n"


def _cells(sample: Sample) -> tuple[str, ...]:
    member, cover = sample.member, sample.member.covers[0]
    zip_code = f"{member.zip} (before: {member.former_zip})" if member.former_zip else member.zip
    return (
        f"{member.given} {member.family}",
        member.member_id,
        sample.born_rule or f"{member.born:%B} {member.born.day}, {member.born.year}",
        zip_code,
        f"{cover.group} {group_name(member.partner, cover.group)}",
        sample.situation,
        sample.march,
    )
