"""The one thing that is asked of a referral that was told: for how many visits it is, until when it
counts, to whom it is, its number.
"""

from __future__ import annotations

from actions.answers.wording import day
from alliance.authorizations import Referral


def referral_part(each: Referral, asked: str | None, name: str, *, spoken: bool) -> str:
    """What the file says of it, as follow-ups name what is `asked`; else nothing."""
    kind = (each.service or "").split(",")[0].strip().lower()
    to = " for ".join(filter(None, (each.to, kind)))
    number = f" ({each.number})" if each.number and not spoken else ""
    what = f"The referral to {to}{number}" if to else "That referral"
    match asked:
        case "count" if each.visits:
            plural = "visit" if each.visits == 1 else "visits"
            used = ", and it is used up" if each.state == "used" else ""
            return f"{what} is for {each.visits} {plural}{used}."
        case "deadline" if each.end:
            over = "counted" if each.state in ("used", "cancelled") else "counts"
            used = " It is used up." if each.state == "used" else ""
            # Heard, from when it counts is too much beside until when.
            since = f"from {day(each.start)} " if each.start and not spoken else ""
            return f"{what} {over} {since}until {day(each.end)}.{used}"
        case "since" if each.start:
            return f"{what} counts from {day(each.start)}."
        case "number" if each.number:
            return f"{what} has the number {each.number}."
        case "care" if to:
            return f"It is a referral to {to}{number}."
        case "who":
            return (
                f"{name}'s file does not say who sent the referral{f' to {to}' if to else ''}. It "
                "mostly comes from the primary care doctor's office: ask there."
            )
        case _:
            return ""
