"""The conversation to take along: as text, and as a PDF."""

from __future__ import annotations

import importlib.util
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from alliance.clock import DEFAULT_ZONE
from alliance.errors import ConfigurationError
from api.conversations.store import Message

if TYPE_CHECKING:
    from fpdf import FPDF

Language = Literal["en", "es"]


@dataclass(frozen=True)
class _Words:
    """What a copy says itself, in one language."""

    title: str
    note: str
    times: str
    none: str
    names: Mapping[str, str]


_WORDS: Mapping[Language, _Words] = {
    "en": _Words(
        "Your chat with member service",
        "This is your copy. It may hold health information: keep it where only you can see it. It "
        "is not a bill, and not a promise of coverage or payment.",
        "Times",
        "No messages",
        {"member": "You", "assistant": "Assistant", "agent": "Member service", "system": "Notice"},
    ),
    "es": _Words(
        "Su chat con el servicio para miembros",
        "Esta es su copia. Puede contener información de salud: guárdela donde solo usted pueda "
        "verla. No es una factura ni una promesa de cobertura o de pago.",
        "Horas",
        "Sin mensajes",
        {
            "member": "Usted",
            "assistant": "Asistente",
            "agent": "Servicio para miembros",
            "system": "Aviso",
        },
    ),
}
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip
# Colours of the chat page: text, muted, accent.
_INK, _MUTED, _ACCENT = (27, 42, 50), (76, 95, 105), (15, 92, 115)


def zone_of(name: str | None) -> ZoneInfo:
    """The member's time zone; the companies' own when the name is none."""
    try:
        return ZoneInfo(name or DEFAULT_ZONE)
    except (ValueError, OSError, LookupError):
        return ZoneInfo(DEFAULT_ZONE)


def as_text(messages: Sequence[Message], zone: ZoneInfo, language: Language = "en") -> str:
    """Plain text, a line or more for each message, times in `zone`."""
    words = _WORDS[language]
    head = f"{words.title}\n{words.note}\n{words.times}: {zone.key}\n\n"
    return head + "\n".join(
        f"[{message.at.astimezone(zone):%Y-%m-%d %H:%M}] {words.names[message.sender]}: "
        f"{message.text}"
        for message in messages
    )


def as_pdf(messages: Sequence[Message], zone: ZoneInfo, language: Language = "en") -> bytes:
    """A PDF on letter paper with the fonts inside, and its language for screen readers. Takes a
    few tenths of a second of one core.
    """
    # Only here: with what it brings along it takes longer to load than all else of the bridge.
    from fpdf import FPDF

    words = _WORDS[language]
    pdf = FPDF(format="letter")
    pdf.set_title(words.title)
    pdf.set_lang(f"{language}-US")
    for style, file in (("", "DejaVuSans.ttf"), ("B", "DejaVuSans-Bold.ttf")):
        pdf.add_font("body", style, _fonts() / file)
    pdf.set_margin(20)
    pdf.set_auto_page_break(True, 20)
    pdf.add_page()
    _line(pdf, words.title, 18, _INK, "B")
    _line(pdf, f"{_span(messages, zone, language)} ({zone.key})", 9, _MUTED)
    pdf.ln(2)
    _line(pdf, words.note, 9, _MUTED)
    pdf.ln(3)
    for message in messages:
        colour = _ACCENT if message.sender == "member" else _INK
        pdf.ln(2.5)
        at = message.at.astimezone(zone)
        time = f"{_day(at, language)}, {at:%-I:%M %p}"
        _line(pdf, f"{words.names[message.sender]} · {time}", 8, _MUTED)
        _line(pdf, message.text, 11, colour)
    return bytes(pdf.output())


def _line(pdf: FPDF, text: str, size: float, colour: tuple[int, int, int], style: str = "") -> None:
    pdf.set_font("body", style, size)
    pdf.set_text_color(*colour)
    pdf.multi_cell(0, size * 0.52, _printable(text, pdf), new_x="LMARGIN", new_y="NEXT")


def _printable(text: str, pdf: FPDF) -> str:
    """What the font can draw; anything else (emoji, some scripts) becomes a box, never nothing."""
    drawn = pdf.current_font.cmap  # type: ignore[union-attr]
    kept = []
    for character in unicodedata.normalize("NFC", text):
        if character == "\n" or ord(character) in drawn:
            kept.append(character)
        elif unicodedata.category(character) not in ("Cc", "Cf", "Mn"):
            kept.append("□")
    return "".join(kept)


def _span(messages: Sequence[Message], zone: ZoneInfo, language: Language) -> str:
    days = [_day(message.at.astimezone(zone), language) for message in messages]
    if not days:
        return _WORDS[language].none
    return days[0] if days[0] == days[-1] else f"{days[0]} – {days[-1]}"


def _day(at: datetime, language: Language) -> str:
    if language == "es":
        return f"{at.day} de {_MONTHS[at.month - 1]} de {at.year}"
    return f"{at:%B %-d, %Y}"


def _fonts() -> Path:
    """DejaVu covers Latin, Greek, Cyrillic, Arabic and Hebrew, and comes with matplotlib."""
    found = importlib.util.find_spec("matplotlib")
    if found is None or found.origin is None:
        raise ConfigurationError("matplotlib is missing: install requirements/main.lock.")
    return Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
