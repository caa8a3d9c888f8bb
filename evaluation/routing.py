"""Where a caller's words would take the call: to the right people, to the wrong ones, or to a
person who asks again. Every development sentence is a caller; what a recogniser heard of one on a
telephone line (`heard.tsv`) is a caller whose speech is unclear.

    bot/.venv/bin/python -m evaluation.routing [--misses] [--choose]

A call is the voice conversation's first turns, decided as the bridge decides
(`alliance/hearing.py`): what is sure is acted on; what is not is named or asked about, and a caller
says when it is not that; a caller who is asked again says another sentence with the same wish.
After two failures in a row only keys are left, which here count as a person. Of two questions the
one that the whole is surely about decides, or else the surer one. Danger is right only when 911 is
named; who is told of it for nothing, or asked whether somebody is in danger, is counted and says
their wish again: that is no failure. `--choose` tries other bands on the same callers.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from alliance.hearing import (
    BANDS_FILE,
    EMERGENCY,
    PERSON,
    SURE_OF_THE_WHOLE,
    Reading,
    VoiceBands,
    judge,
)
from alliance.intents import INTENTS_FILE, intent_titles
from alliance.partners import PARTNERS_FILE, load_partners
from alliance.routing import ROUTING_FILE, Asked, Destination, Routing, load_routing
from evaluation import sentences
from evaluation.measures import share
from evaluation.sentences import GOOD_LINES, Sentence, Spoken

# What the bridge keeps for two failures in a row: then only keys are listened for.
MOST_FAILURES = 2
# Nobody says the same more often, whatever was asked in between.
MOST_TRIES = 4
MOST_WRONG, MOST_TO_A_PERSON, MOST_UTTERANCES = 0.015, 0.08, 1.6
# The unclear speech that the targets are for.
HEARD, HEARD_BADLY = "heard", "heard on a bad line"
HELD = ("roundabout", HEARD)
_SEED = 1999
# A working Monday: hours decide nothing here.
_NOON = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
Parse = Callable[[str], dict[str, Any]]


@dataclass(frozen=True)
class Utterance:
    """What a caller said: the readings of it, each with the recogniser's confidence or none."""

    intent: str
    style: str
    text: str
    readings: Sequence[tuple[str, float | None]]


@dataclass(frozen=True)
class Outcome:
    """`end` is right, wrong or person; `utterances` how often the wish was said, `asked` how often
    the caller was asked whether that was meant, `alarmed` told of 911 for nothing, `doubted` asked
    for nothing whether somebody is in danger, `taken` what the call was taken for.
    """

    first: Utterance
    end: str
    utterances: int
    asked: int
    alarmed: int
    doubted: int
    taken: str


def typed(said: Iterable[Sentence]) -> list[Utterance]:
    """Sentences as a recogniser without a confidence would give them."""
    return [Utterance(s.intent, s.style, s.text, [(s.text, None)]) for s in said]


def heard(spoken: Iterable[Spoken]) -> list[Utterance]:
    """Sentences as they were heard."""
    return [
        Utterance(s.intent, HEARD if s.line in GOOD_LINES else HEARD_BADLY, s.text, s.readings)
        for s in spoken
    ]


class Callers:
    """Runs callers against a trained model and the routes of alliance/data/routing.yml."""

    def __init__(self, parse: Parse) -> None:
        self._parse = parse
        self._parsed: dict[str, dict[str, Any]] = {}
        # Greetings, answers to a question and what nobody here serves are no reason for a call.
        self._topics = frozenset(intent_titles(yaml.safe_load(INTENTS_FILE.read_text("utf-8"))))
        self._routing = _routing()

    def run(self, utterances: Sequence[Utterance], bands: VoiceBands) -> list[Outcome]:
        """Each utterance with a reason for a call as the first of one."""
        rng = random.Random(_SEED)
        again: dict[tuple[str, str], list[Utterance]] = defaultdict(list)
        for each in utterances:
            again[each.intent, each.style].append(each)
        return [
            self._call(each, _others(each, again[each.intent, each.style], rng), bands)
            for each in utterances
            if each.intent in self._topics
        ]

    def _call(self, first: Utterance, others: Sequence[Utterance], bands: VoiceBands) -> Outcome:
        taken, tries, asked, alarmed, doubted, failures = "", 0, 0, 0, 0, 0
        for tries, said in enumerate((first, *others), 1):
            band, taken = self._judged(said, bands)
            right = self._same(taken, first.intent)
            if taken == EMERGENCY and not right:
                # Still on the line, and nothing was failed.
                alarmed += band == "accept"
                doubted += band == "confirm"
                continue
            asked += band == "confirm"
            # Who is taken for one that wants a person is asked what it is about.
            again = band in ("confirm", "imply") or taken == PERSON
            if band != "reject" and (right or not again):
                end = "right" if right else "wrong"
                return Outcome(first, end, tries, asked, alarmed, doubted, taken)
            failures += 1
            if failures == MOST_FAILURES:
                break
        # Danger that was not taken is the worst that can happen to a call.
        end = "wrong" if first.intent == EMERGENCY else "person"
        return Outcome(first, end, tries, asked, alarmed, doubted, taken)

    def _judged(self, said: Utterance, bands: VoiceBands) -> tuple[str, str]:
        readings = [self._reading(text, confidence) for text, confidence in said.readings]
        if not readings:
            return "reject", ""
        band, best = judge(readings, bands, self._topics, self.people)
        if readings[0].recognised < bands.heard:
            # Noise, in which the line looks for nothing but danger.
            dangerous = any(r.intent == EMERGENCY and r.band != "reject" for r in readings)
            return ("confirm", EMERGENCY) if dangerous else ("reject", "")
        if best.intent == EMERGENCY and band != "reject":
            return band, EMERGENCY
        if band == "imply" and self._destination(best.intent).self_service != "first":
            band = "confirm"
        # Of several questions all are answered, and one decides who gets the call.
        parsed = self._parsed[best.text]
        asked = [q for q in parsed["questions"] if q["intent"] in self._topics]
        whole = parsed["intent_ranking"][0]
        sure = whole["name"] if whole["confidence"] >= SURE_OF_THE_WHOLE else None
        surest = max(
            asked, key=lambda q: (q["intent"] == sure, float(q["confidence"])), default=None
        )
        return (band, str(surest["intent"])) if surest else ("reject", best.intent)

    def _reading(self, text: str, confidence: float | None) -> Reading:
        if text not in self._parsed:
            self._parsed[text] = self._parse(text)
        parsed = self._parsed[text]
        first = parsed["questions"][0]
        return Reading(
            text,
            1.0 if confidence is None else confidence,
            str(first["intent"]),
            float(first["confidence"]),
            str(first["band"]),
            len(parsed["questions"]),
            tuple((r["name"], float(r["confidence"])) for r in parsed["intent_ranking"][:3]),
        )

    def _same(self, taken: str, meant: str) -> bool:
        if EMERGENCY in (taken, meant):
            return taken == meant
        return taken == meant or self.people(taken) == self.people(meant)

    def people(self, intent: str) -> str:
        """Who answers it, at a company whose people are there."""
        return self._destination(intent).name

    def _destination(self, intent: str) -> Destination:
        return self._routing.destination(Asked(intent, "mvp"), _NOON)


def _others(said: Utterance, alike: Sequence[Utterance], rng: random.Random) -> Sequence[Utterance]:
    """What the caller says when asked again: the same wish in other words, as far as there are."""
    others = [other for other in alike if other.text != said.text] or [said]
    return [rng.choice(others) for _ in range(MOST_TRIES - 1)]


def _routing() -> Routing:
    """The routes as they are; where the backends stand decides nothing."""
    configured = PARTNERS_FILE.read_text("utf-8")
    nowhere = dict.fromkeys(re.findall(r"\$\{([A-Z0-9_]+)\}", configured), "http://127.0.0.1:9")
    partners = load_partners(yaml.safe_load(configured), nowhere)
    return load_routing(yaml.safe_load(ROUTING_FILE.read_text("utf-8")), partners)


def shares(outcomes: Collection[Outcome]) -> dict[str, float]:
    """Shares of right, wrong and person, and the mean number of utterances until routed."""
    routed = [o.utterances for o in outcomes if o.end != "person"]
    found = {
        end: sum(o.end == end for o in outcomes) / len(outcomes)
        for end in ("right", "wrong", "person")
    }
    return {**found, "utterances": sum(routed) / len(routed) if routed else 0.0}


def table(outcomes: Sequence[Outcome]) -> Iterator[tuple[str, str, str]]:
    """Lines of the report: what, value, target."""
    for style in dict.fromkeys(o.first.style for o in outcomes):
        chosen = [o for o in outcomes if o.first.style == style]
        targets = {"wrong": f"<= {MOST_WRONG:.1%}", "person": f"<= {MOST_TO_A_PERSON:.0%}"}
        for end in ("right", "wrong", "person"):
            value = str(share(o.end == end for o in chosen))
            target = targets.get(end, "") if style in HELD else ""
            yield f"routing, {style}: {end}", value, target
        yield f"routing, {style}: asked whether that", str(share(o.asked > 0 for o in chosen)), ""
        alarmed = share(o.alarmed > 0 for o in chosen)
        yield f"routing, {style}: told of 911 for nothing", str(alarmed), ""
        doubted = share(o.doubted > 0 for o in chosen)
        yield f"routing, {style}: asked for nothing about danger", str(doubted), ""
        target = f"<= {MOST_UTTERANCES}" if style in HELD else ""
        yield f"routing, {style}: utterances", f"{shares(chosen)['utterances']:.2f}", target


def rows(parse: Parse, said: Iterable[Sentence]) -> list[tuple[str, str, str]]:
    """The lines of `make evaluate`."""
    utterances = [*typed(said), *heard(sentences.spoken())]
    return list(table(Callers(parse).run(utterances, _bands())))


def choices(callers: Callers, utterances: Sequence[Utterance]) -> list[dict[str, float]]:
    """What other bands would give: those with the least share of wrong routes over the target
    first, then of people over theirs, then of callers who are asked whether that was meant.
    """
    now = _bands()
    found = []
    for heard_, confirm, accept, likely, meant in product(
        _HEARD, _CONFIRM, _ACCEPT, _LIKELY, _MEANT
    ):
        bands = VoiceBands(heard_, confirm, accept, likely, meant, now.sure)
        outcomes = callers.run(utterances, bands)
        row = {name: value for name, value in asdict(bands).items() if name != "sure"}
        for style in HELD:
            chosen = [o for o in outcomes if o.first.style == style]
            row |= {f"{style} {what}": value for what, value in shares(chosen).items()}
        row["asked"] = sum(o.asked for o in outcomes) / len(outcomes)
        found.append(row)
    return sorted(found, key=_badness)


_HEARD = (0.1, 0.2, 0.3)
_LIKELY = (0.5, 0.6, 0.7)
_MEANT = (0.7, 0.8, 0.9, 0.95)
_ACCEPT = (0.15, 0.2, 0.25, 0.3, 0.4)
_CONFIRM = (0.03, 0.06, 0.1, 0.15)


def _badness(row: Mapping[str, float]) -> tuple[float, float, float]:
    over = [max(0.0, row[f"{style} wrong"] - MOST_WRONG) for style in HELD]
    people = [max(0.0, row[f"{style} person"] - MOST_TO_A_PERSON) for style in HELD]
    return round(sum(over), 3), round(sum(people), 3), row["asked"]


def _bands() -> VoiceBands:
    return VoiceBands.of(json.loads(Path(BANDS_FILE).read_text("utf-8")))


def main() -> None:
    from evaluation.evaluate import load, newest_model

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true", help="print every wrong route and person")
    parser.add_argument("--choose", action="store_true", help="try other bands")
    options = parser.parse_args()
    callers = Callers(load(newest_model()))
    utterances = [*typed(sentences.development()), *heard(sentences.spoken())]
    outcomes = callers.run(utterances, _bands())
    for what, value, target in table(outcomes):
        print(f"{what:44} {value:36} {target}")
    if options.misses:
        for o in outcomes:
            if o.end != "right":
                told = " | ".join(text for text, _ in o.first.readings[:1])
                print(f"{o.end}\t{o.first.style}\t{o.first.intent}\t{o.taken}\t{told}")
    if options.choose:
        for row in choices(callers, utterances)[:12]:
            print("  ".join(f"{name} {value:.3f}" for name, value in row.items()))


if __name__ == "__main__":
    main()
