"""How facts are said: amounts and dates written out, names of companies, short lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from alliance.partners import Partner


def money(amount: Decimal) -> str:
    """'$1,234.50'."""
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"


def spoken_money(amount: Decimal) -> str:
    """'1,234 dollars and 50 cents', as voices read it well."""
    dollars, cents = divmod(int((abs(amount) * 100).to_integral_value()), 100)
    parts = [f"{dollars:,} dollar{'' if dollars == 1 else 's'}"] if dollars or not cents else []
    if cents:
        parts.append(f"{cents} cent{'' if cents == 1 else 's'}")
    return f"{'minus ' if amount < 0 else ''}{' and '.join(parts)}"


def day(value: date) -> str:
    """'March 12, 2026'."""
    return f"{value:%B} {value.day}, {value.year}"


def days(start: date, end: date) -> str:
    """One day, or 'March 3 to March 5, 2026'."""
    if start == end:
        return day(start)
    if start.year == end.year:
        return f"{start:%B} {start.day} to {day(end)}"
    return f"{day(start)} to {day(end)}"


def spaced(digits: str) -> str:
    """'C L M, 2 0 2 6': figures and letters one by one, for a voice."""
    groups = [" ".join(group) for group in digits.replace("-", " ").split()]
    return ", ".join(groups)


def joined(items: Sequence[str], word: str = "and") -> str:
    """'a', 'a and b', 'a, b and c'."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def line_of(partner: Partner, *, spoken: bool = False) -> str:
    """The way on that always exists: the company's own line."""
    name = partner.spoken_name if spoken else partner.short_name
    return f"{name} member services at {partner.phone.member_services}"


def line_in_spanish(partner: Partner) -> str:
    """The same for who reads Spanish."""
    return f"Servicios para miembros de {partner.short_name}, {partner.phone.member_services}"
