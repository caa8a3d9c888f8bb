"""How one listing is said: a line, a card, a few heard words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time

from actions.answers.plan_network import MemberPlan, network_words
from actions.answers.question import Desk
from actions.answers.wording import joined
from alliance.directory import Listing, OpenHours, Weekday
from alliance.gazetteer import STATES

_DAYS: dict[Weekday, str] = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday",
    "sat": "Saturday", "sun": "Sunday",
}  # fmt: skip
_ORDER: tuple[Weekday, ...] = tuple(_DAYS)
# BCP 47 codes as directories have them; every practitioner speaks English unless it says otherwise.
LANGUAGES = {
    "es": "Spanish", "fr": "French", "ht": "Haitian Creole", "zh": "Chinese", "cmn": "Mandarin",
    "yue": "Cantonese", "vi": "Vietnamese", "ko": "Korean", "ja": "Japanese", "ru": "Russian",
    "uk": "Ukrainian", "pl": "Polish", "pt": "Portuguese", "it": "Italian", "de": "German",
    "ar": "Arabic", "fa": "Farsi", "hi": "Hindi", "ur": "Urdu", "bn": "Bengali", "pa": "Punjabi",
    "gu": "Gujarati", "tl": "Tagalog", "ase": "American Sign Language", "so": "Somali",
    "ne": "Nepali", "my": "Burmese", "kar": "Karen", "he": "Hebrew", "yi": "Yiddish",
    "en": "English",
}  # fmt: skip


def line(listing: Listing, plan: MemberPlan | None, desk: Desk, *, far: bool = True) -> str:
    """One entry of a list to read."""
    phone = f", {listing.phone}" if listing.phone else ""
    distance = f", {miles(listing)}" if far else ""
    patients = {True: ", takes new patients", False: ", not taking new patients", None: ""}
    return (
        f"• {listing.name}, {address(listing)}{phone}{distance}; "
        f"{network_words(listing, plan, desk)}{patients[listing.accepting]}."
    )


def heard(listing: Listing, *, far: bool = True) -> str:
    """One entry of a list to hear: the name with its distance, or else its town."""
    return f"{listing.name}, {miles(listing)}" if far else f"{listing.name} in {listing.city}"


def heard_at(listing: Listing) -> str:
    """One entry of a list to hear with its address."""
    return ", ".join(part for part in (listing.name, listing.address, listing.city) if part)


def card(
    listing: Listing, plan: MemberPlan | None, desk: Desk, *, far: bool = True
) -> dict[str, object]:
    """The card for the chat page; its shape is a contract with `api/web/chat/cards.js`."""
    return {
        "kind": "provider",
        "name": listing.name,
        "specialty": listing.specialty,
        "address": address(listing),
        "phone": listing.phone,
        "miles": round(listing.miles, 1) if far else None,
        "directories": [desk.partners[key].name for key in listing.partners],
        "network": plan.decide(listing).status if plan else None,
        "network_text": network_words(listing, plan, desk),
        "accepting": listing.accepting,
        "languages": [LANGUAGES.get(code, code) for code in listing.languages],
        "hours": hours(listing.hours),
        "wheelchair": listing.wheelchair,
    }


def address(listing: Listing) -> str:
    """ "12 Sample Street, Albany, NY 12207"."""
    town = f"{listing.city}, {listing.state} {listing.zip}".strip(" ,")
    return ", ".join(part for part in (listing.address, town) if part)


def spoken_address(listing: Listing) -> str:
    """Street and town; no ZIP code, the state by its name."""
    parts = (listing.address, listing.city, STATES.get(listing.state, listing.state))
    return ", ".join(part for part in parts if part)


def miles(listing: Listing) -> str:
    """ "about 3 miles"."""
    if listing.miles < 1:
        return "under a mile"
    rounded = round(listing.miles)
    return f"{rounded} mile{'' if rounded == 1 else 's'}"


def languages(listing: Listing) -> str:
    """The languages beside English."""
    return joined([LANGUAGES.get(code, code) for code in listing.languages if code != "en"])


def hours(opening: Sequence[OpenHours]) -> list[str]:
    """["Monday to Friday, 8:30 AM to 5 PM"]."""
    return [
        f"{_days(each.days)}, " + (
            "open around the clock"
            if each.opens is None or each.closes is None
            else f"{_clock(each.opens)} to {_clock(each.closes)}"
        )
        for each in opening
    ]  # fmt: skip


def _days(days: Sequence[Weekday]) -> str:
    if len(days) == len(_ORDER):
        return "every day"
    first = _ORDER.index(days[0])
    if len(days) > 2 and tuple(days) == _ORDER[first : first + len(days)]:
        return f"{_DAYS[days[0]]} to {_DAYS[days[-1]]}"
    return joined([_DAYS[day] for day in days])


def _clock(moment: time) -> str:
    hour = moment.hour % 12 or 12
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{hour}{minutes} {'AM' if moment.hour < 12 else 'PM'}"
