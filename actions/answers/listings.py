"""Lists of doctors or places: what is read, what is heard, and what can be asked for next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from actions.answers.plan_facts import capital
from actions.answers.plan_network import PlanLookup
from actions.answers.provider_words import address, card, heard, heard_at, line
from actions.answers.question import Desk, Question
from actions.answers.wording import joined, line_of
from alliance.answer import Answer, Listed, Source
from alliance.directory import DirectorySearch, Listing
from alliance.gazetteer import STATES, ZipCode

MOST_READ = 5
MOST_SPOKEN = 3
# What is chosen where the same list is wanted with its addresses.
ADDRESSES = "addresses"
_ADVICE = (
    "A listing is not yet in network: that depends on your plan. Ask the office whether it takes "
    "your plan before you go."
)
_CHECKED = "Networks are as the directories show them today. Ask the office before you go."


def told(
    question: Question,
    *,
    what: str,
    found: DirectorySearch,
    lookup: PlanLookup,
    notes: Sequence[str],
    facts: Mapping[str, Any],
    ask_about: str,
    sources: Sequence[Source],
    desk: Desk,
    who: str = "",
    which: str = "",
) -> Answer:
    """The next few of the listings, from `question.start` on. `what` is their plural, `who` what
    all of them are that was asked for ("who speak Spanish"); `which` asks for the one that is
    meant, where they share a name. Of the notes the first two are heard.
    """
    place, plan, far = question.place, lookup.plan, question.place is not None
    everything = found.listings
    start = question.start if question.start < len(everything) else 0
    shown = everything[start : start + MOST_READ]
    spoken = everything[start : start + MOST_SPOKEN]
    more = len(everything) > start + len(shown)
    near = f" near {place.city}, {place.state} ({place.zip})" if place else ""
    order = ", nearest first" if far else ""
    heading = f"Here are {'more ' if start else ''}{what}{near}{who}{order}:"
    if which:
        heading = f"I found {which}. Which one do you mean?"
    after = [
        *notes,
        lookup.note,
        "" if question.again else _CHECKED if plan else _ADVICE,
        "Say \u201cmore\u201d for others, or name one for its details." if more else "",
    ]
    text = "\n".join(
        [
            heading,
            *(line(each, plan, desk, far=far) for each in shown),
            *(part for part in after if part),
        ]
    )
    return Answer(
        text=text,
        speech=_speech(what, spoken, question, lookup, notes, desk, who, which),
        kind="question" if which else "answer",
        intent=question.intent,
        partner=shown[0].partners[0],
        facts={**facts, "npis": [each.npi for each in shown], "start": start},
        cards=tuple(card(each, plan, desk, far=far) for each in shown),
        sources=tuple(sources),
        listed=Listed(
            intent=ask_about,
            items=tuple(again(each, question) for each in everything),
            shown=start + len(shown),
            spoken=start + len(spoken),
        ),
    )


def again(listing: Listing, question: Question) -> dict[str, Any]:
    """What asks for this one: public, out of a directory."""
    item: dict[str, Any] = {
        "provider": {"said": listing.name, "key": listing.npi, "kind": "npi"},
        "at": address(listing),
    }
    if question.place:
        item["location"] = question.place.zip
    return item


def _speech(
    what: str,
    spoken: Sequence[Listing],
    question: Question,
    lookup: PlanLookup,
    notes: Sequence[str],
    desk: Desk,
    who: str,
    which: str,
) -> str:
    """Some twelve seconds: three names, whose network, and how to go on."""
    place = question.place
    names = "; ".join(heard(each, far=place is not None) for each in spoken)
    if question.chosen == ADDRESSES:
        return f"{'; '.join(heard_at(each) for each in spoken)}. Say first, second, third, or more."
    if which:
        return f"{which}: {names}. Which one do you mean? Or say more."
    near = f" near {place.city}" if place else ""
    listed = ", as listed" if lookup.plan is None else ""
    heading = f"{'more ' if question.start else ''}{what}{near}{who}{listed}"
    # Danger is heard first, in a few words: a long list is told in parts.
    danger = [note for note in notes if "911" in note]
    urgent = [note for note in notes if note and note not in danger]
    return " ".join(
        [
            *(["In an emergency, call 911."] if danger else []),
            f"{capital(heading)}: {names}.",
            _network_heard(spoken, lookup, desk),
            *urgent[:2],
            "Say first, second, third, or more.",
        ]
    )


def _network_heard(spoken: Sequence[Listing], lookup: PlanLookup, desk: Desk) -> str:
    if lookup.plan is None:
        keys = list(dict.fromkeys(key for each in spoken for key in each.partners))
        companies = joined([desk.partners[key].spoken_name for key in keys])
        return f"Listed by {companies}; ask if they take your plan."
    decided = [lookup.plan.decide(each).status for each in spoken]
    if all(status == "in" for status in decided):
        return "In your plan's network."
    if all(status == "out" for status in decided):
        return "Not in your plan's network."
    sure = [_ORDINALS[index] for index, status in enumerate(decided) if status == "in"]
    if sure:
        return f"Only the {joined(sure)} {'is' if len(sure) == 1 else 'are'} in your network."
    return "I can't tell if they are in your plan's network."


_ORDINALS = ("first", "second", "third")


def found_none(
    question: Question,
    what: str,
    place: ZipCode,
    found: DirectorySearch,
    lacking: str,
    desk: Desk,
) -> Answer:
    """Nothing within the widest circle: said for the directories that answered."""
    answered = [desk.partners[key] for key in found.asked if key not in found.failed]
    parts = []
    if answered:
        names = joined([f"{partner.name}'s" for partner in answered])
        where = f"{place.city}, {STATES.get(place.state, place.state)}"
        parts.append(
            f"I found no {what} within 100 miles of {where} in {names} directory. You can name "
            f"another place, or call {line_of(answered[0])}."
        )
    parts.append(lacking)
    text = " ".join(part for part in parts if part)
    return Answer(
        text=text,
        speech=text,
        intent=question.intent,
        partner=answered[0].key if answered else None,
        facts={"zip": place.zip, "npis": []},
    )
