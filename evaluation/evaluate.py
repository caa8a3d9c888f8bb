"""Measure understanding on the development sentences, in the real pipeline of a trained model.

    bot/.venv/bin/python -m evaluation.evaluate [--model FILE] [--misses] [--targets]

Prints a table and writes var/evaluation/report.html; with --targets it prints those rows alone that
have a target which no busy machine changes. Ends with status 1 where one of them is missed. Beside
it stands stock DIET on the same data if `python -m evaluation.baseline` has measured it for the
data as they are now.
"""

from __future__ import annotations

import argparse
import asyncio
import html
import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import structlog

from bot.lean import without_tensorflow
from bot.nlu.bands import Bands
from bot.nlu.details import DETAILS, asked
from bot.nlu.follow_up_sentences import ASKS, NOTHING
from bot.nlu.fused import EMERGENCY, OUT_OF_SCOPE
from bot.nlu.language import is_spanish
from bot.nlu.noise import KINDS
from bot.nlu.questions import MOVES
from evaluation import baseline, plots, routing, sentences
from evaluation.measures import (
    Bin,
    Share,
    calibration_error,
    entity_scores,
    reliability,
    share,
    unlike,
)
from evaluation.sentences import STYLES, Sentence

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / "var" / "evaluation"
# The component that marks the language of a whole message.
WRITTEN_IN = "Language"
_WORST_PAIRS = 20
_NOISE_SEED = 2007
_LATENCY_SAMPLE = 400

Parsed = dict[str, Any]
Parse = Callable[[str], Parsed]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table."""

    what: str
    value: str
    target: str = ""
    missed: bool = False

    @classmethod
    def at_least(cls, what: str, found: Share, percent: float) -> Row:
        """A share that should be as high."""
        return cls(what, str(found), f">= {percent:g} %", missed=found.value < percent / 100)

    @classmethod
    def at_most(cls, what: str, found: Share, percent: float) -> Row:
        """A share that should be no higher."""
        return cls(what, str(found), f"<= {percent:g} %", missed=found.value > percent / 100)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, default=None)
    parser.add_argument("--misses", action="store_true", help="print every miss")
    parser.add_argument("--targets", action="store_true", help="what must not get worse, alone")
    options = parser.parse_args()
    parse = load(options.model or newest_model())
    if options.targets:
        said = sentences.development()
        aimed = _aimed(parse, said, [parse(s.text) for s in said], print_misses=options.misses)
        return _show([row for row in aimed if row.target])
    rows, worst, figures = measure(parse, print_misses=options.misses)
    missed = _show(rows)
    print("\nMost confused: said, taken for, times")
    for (said, taken), times in worst:
        print(f"{times:4}  {said} -> {taken}")
    REPORT.mkdir(parents=True, exist_ok=True)
    path = REPORT / "report.html"
    path.write_text(_page(rows, worst, figures))
    print(f"\nReport: {path.relative_to(ROOT)}")
    return missed


def _show(rows: Sequence[Row]) -> int:
    """Print them; 1 where a target is missed, else 0."""
    width = max(len(row.what) for row in rows)
    for row in rows:
        print(f"{row.what:{width}}  {row.value:42}  {row.target}{' MISSED' if row.missed else ''}")
    return int(any(row.missed for row in rows))


def newest_model() -> Path:
    """The model trained last."""
    models = sorted((ROOT / "models").glob("*.tar.gz"), key=lambda path: path.stat().st_mtime)
    if not models:
        raise SystemExit("no model in models/: train one first (make train)")
    return models[-1]


def load(model: Path) -> Parse:
    """Rasa's own parsing of one message with this model, in the process that members meet."""
    without_tensorflow()
    from rasa.core.agent import Agent
    from rasa.utils.common import configure_logging_and_warnings

    from bot.copies import copy_less
    from bot.graph_runner import plan_once

    configure_logging_and_warnings(logging.WARNING)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    copy_less()
    plan_once()
    agent = Agent.load(str(model))
    loop = asyncio.new_event_loop()
    return lambda text: dict(loop.run_until_complete(agent.parse_message(text)))


def measure(
    parse: Parse, *, print_misses: bool
) -> tuple[list[Row], list[tuple[tuple[str, str], int]], list[tuple[str, str]]]:
    """Table rows, the most confused pairs, and plots as (caption, data URI)."""
    said = sentences.development()
    parsed = [parse(s.text) for s in said]
    if print_misses:
        for s, p in zip(said, parsed, strict=True):
            if _likeliest(p) != s.intent:
                print(f"{s.style}\t{s.intent}\t{_likeliest(p)}\t{s.text}")
    rows = _aimed(parse, said, parsed, print_misses=print_misses)
    right = [_likeliest(p) == s.intent for s, p in zip(said, parsed, strict=True)]
    bins = _reliability(said, parsed)
    rows += _bands(said, parsed)
    rows += _several(parse, parsed, print_misses=print_misses)
    rows += _follow_ups(parse, parsed, print_misses=print_misses)
    rows += _details(parse, print_misses=print_misses)
    rows += [Row(*row) for row in routing.rows(parse, said)]
    noised = _robustness(parse, said)
    rows += [Row(f"robustness: {name}", str(value)) for name, value in noised.items()]
    took, resident = _cost(parse, said)
    p50, p95 = np.percentile(took, [50, 95])
    rows += [
        Row("understanding, CPU ms p50 / p95", f"{p50:.1f} / {p95:.1f}", "<= 5 / 8"),
        Row("memory of this process", f"{resident:.0f} MB", "<= 700 MB"),
    ]
    rows += baseline.rows(Row)
    pairs = Counter((s.intent, _likeliest(p)) for s, p in zip(said, parsed, strict=True))
    worst = [pair for pair in pairs.most_common() if pair[0][0] != pair[0][1]][:_WORST_PAIRS]
    by_style = {
        style: share(r for s, r in zip(said, right, strict=True) if s.style == style)
        for style in STYLES
    }
    figures = [
        ("Confidence and accuracy", plots.reliability(bins)),
        ("Top 1 by style, 95 % intervals", plots.shares(by_style)),
        ("The intents of the worst 20 pairs", plots.confusion(pairs, [pair for pair, _ in worst])),
        ("Robustness: share right", plots.shares(noised)),
        ("Understanding: CPU time a message, and the targets", plots.latency(took, (5, 8))),
        ("Memory of the process in MB, and the target", plots.bars({"now": resident}, 700)),
    ]
    if measured := baseline.measured():
        figures.append(("Share right beside stock DIET, same data", plots.beside(measured)))
    return rows, worst, figures


def _aimed(
    parse: Parse, said: Sequence[Sentence], parsed: Sequence[Parsed], *, print_misses: bool
) -> list[Row]:
    """What has a target that depends on the model alone, and what is counted with it."""
    error = calibration_error(_reliability(said, parsed))
    named = sentences.named()
    return [
        *_accuracy(said, parsed),
        *_scope(said, parsed),
        Row("calibration error (ECE)", f"{error:.3f}", "<= 0.05", missed=error > 0.05),
        *_entities(
            [*said, *named],
            [*parsed, *map(parse, (s.text for s in named))],
            print_misses=print_misses,
        ),
        *_emergency(parse, said, parsed, print_misses=print_misses),
    ]


def _reliability(said: Sequence[Sentence], parsed: Sequence[Parsed]) -> list[Bin]:
    confidences = [p["intent_ranking"][0]["confidence"] for p in parsed]
    right = [_likeliest(p) == s.intent for s, p in zip(said, parsed, strict=True)]
    return reliability(confidences, right)


def _likeliest(parsed: Parsed) -> str:
    """The first of the ranking: what the message is taken for, before the bands."""
    return str(parsed["intent_ranking"][0]["name"])


def _accuracy(said: Sequence[Sentence], parsed: Sequence[Parsed]) -> list[Row]:
    targets = {"chat": (95, 99), "phone": (93, 98), "roundabout": (88, 96)}
    rows = []
    for style in STYLES:
        chosen = [(s, p) for s, p in zip(said, parsed, strict=True) if s.style == style]
        first = share(_likeliest(p) == s.intent for s, p in chosen)
        three = share(s.intent in [r["name"] for r in p["intent_ranking"][:3]] for s, p in chosen)
        rows.append(Row.at_least(f"top 1, {style}", first, targets[style][0]))
        rows.append(Row.at_least(f"top 3, {style}", three, targets[style][1]))
    return rows


def _scope(said: Sequence[Sentence], parsed: Sequence[Parsed]) -> list[Row]:
    outside = [p for s, p in zip(said, parsed, strict=True) if s.intent == OUT_OF_SCOPE]
    inside = [p for s, p in zip(said, parsed, strict=True) if s.intent != OUT_OF_SCOPE]
    return [
        Row.at_least("out of scope, recognised", _refused(outside), 90),
        Row.at_most("members' questions refused", _refused(inside), 4),
    ]


def _refused(parsed: Sequence[Parsed]) -> Share:
    return share(p["intent"]["name"] == OUT_OF_SCOPE for p in parsed)


def _bands(said: Sequence[Sentence], parsed: Sequence[Parsed]) -> list[Row]:
    bands = Bands.read()
    rows = []
    for band in ("accept", "confirm", "reject"):
        chosen = [(s, p) for s, p in zip(said, parsed, strict=True) if p["band"] == band]
        first = share(_likeliest(p) == s.intent for s, p in chosen)
        of_all = len(chosen) / len(said)
        rows.append(Row(f"band {band}: {of_all:.0%} of messages, top 1 right", str(first)))
    limits = f"accept {bands.accept}, confirm {bands.confirm}, reject {bands.reject}"
    rows.append(Row("thresholds", f"{limits}, emergency {bands.emergency}"))
    return rows


def _entities(
    said: Sequence[Sentence], parsed: Sequence[Parsed], *, print_misses: bool
) -> list[Row]:
    # Which language a message is written in stands over all of it and is not named in it.
    found = [
        [(e["entity"], e["start"], e["end"]) for e in p["entities"] if e["extractor"] != WRITTEN_IN]
        for p in parsed
    ]
    if print_misses:
        for s, spans in zip(said, found, strict=True):
            missed, extra = unlike(s.entities, spans)
            for what, those in (("missed", missed), ("extra", extra)):
                for kind, start, end in those:
                    print(f"entity\t{what} {kind}\t{s.text[start:end]}\t{s.text}")
    scores = entity_scores([s.entities for s in said], found)
    strict = ("member_id", "zip", "claim_number")
    targets = dict.fromkeys(strict, 0.95) | dict.fromkeys(("specialty", "place", "drug"), 0.9)
    return [
        Row(
            f"entity {kind}, F1",
            f"{f1:.2f} (of {count})",
            f">= {targets[kind]:.2f}" if kind in targets else "",
            missed=f1 < targets.get(kind, 0),
        )
        for kind, (f1, count) in scores.items()
    ]


def _emergency(
    parse: Parse, said: Sequence[Sentence], parsed: Sequence[Parsed], *, print_misses: bool
) -> list[Row]:
    several = [
        Sentence(text, parts[0][0], "several")
        for text, parts in sentences.several()
        if EMERGENCY not in [intent for intent, _, _ in parts]
    ]
    others = [
        *(*sentences.emergencies(), *sentences.not_emergency(), *sentences.far()),
        *(*sentences.heard(), *several),
    ]
    checked = [*zip(said, parsed, strict=True), *((s, parse(s.text)) for s in others)]
    alarms = [(s, p["intent"]["name"] == EMERGENCY) for s, p in checked]
    if print_misses:
        for s, alarm in alarms:
            if alarm != (s.intent == EMERGENCY):
                print(f"emergency\t{s.intent}\t{alarm}\t{s.text}")
    caught = share(alarm for s, alarm in alarms if s.intent == EMERGENCY)
    false = share(alarm for s, alarm in alarms if s.intent != EMERGENCY)
    hard = share(alarm for s, alarm in alarms if s.style == "not_emergency")
    spanish = share(a for s, a in alarms if s.intent == EMERGENCY and is_spanish(s.text))
    own = share(a for s, a in alarms if s.intent != EMERGENCY and s.style != "far")
    return [
        Row.at_least("emergencies caught", caught, 99),
        Row.at_most("false alarms", false, 0.5),
        Row("emergencies caught, in Spanish", str(spanish)),
        Row("false alarms on members' sentences alone", str(own)),
        Row("false alarms on look-alikes alone", str(hard)),
    ]


def _several(parse: Parse, parsed: Sequence[Parsed], *, print_misses: bool) -> list[Row]:
    number, intents, spans = [], [], []
    for text, parts in sentences.several():
        expected = _questions(parts)
        found = parse(text)["questions"]
        number.append(len(found) == len(expected))
        intents.append([q["intent"] for q in found] == [intent for intent, _, _ in expected])
        if print_misses and not intents[-1]:
            print(f"several\t{expected}\t{[(q['intent'], q['span']) for q in found]}\t{text}")
        if number[-1]:
            # Within three characters: "and" may stand on either side.
            starts = [(q["span"][0], b) for q, (_, b, _) in zip(found, expected, strict=True)]
            spans.append(all(abs(one - other) <= 3 for one, other in starts[1:]))
    whole = share(len(p["questions"]) == 1 for p in parsed)
    return [
        Row("several questions, number right", str(share(number))),
        Row("several questions, all intents right in order", str(share(intents))),
        Row("several questions, spans right where number is", str(share(spans))),
        Row("single questions left whole", str(whole)),
    ]


def _follow_ups(parse: Parse, parsed: Sequence[Parsed], *, print_misses: bool) -> list[Row]:
    """How often it is known what a follow-up asks, and how often one is seen where none is."""
    told, others = [], []
    for asks, text in sentences.follow_ups():
        found = _asks(parse(text))
        if print_misses and found[0] != asks:
            print(f"follow-up\t{asks}\t{found}\t{text}")
        if asks == NOTHING:
            others.append(found)
        else:
            told.append((found[0] == asks, found[0] != NOTHING and found[1] != "reject"))
    others += [_asks(each) for each in parsed]
    return [
        Row("follow-ups, what is asked", str(share(right for right, _ in told))),
        Row("and believed", str(share(right and believed for right, believed in told))),
        Row("wrong and believed", str(share(not right and believed for right, believed in told))),
        Row(
            "questions of their own taken for one, beside a sure intent",
            str(share(name != NOTHING and band == "accept" for name, band in others)),
        ),
    ]


def _details(parse: Parse, *, print_misses: bool) -> list[Row]:
    """How often the entry is found that answers what is asked of a topic."""
    entries = {each.entry: each.topics for each in asked()}
    told, others = [], []
    for topic, right, text in sentences.details():
        near = parse(text)["questions"][0].get(DETAILS, ())
        found = next((each["entry"] for each in near if topic in entries[each["entry"]]), NOTHING)
        if print_misses and found not in right:
            print(f"detail\t{topic}\t{'|'.join(right)}\t{found}\t{text}")
        (others if NOTHING in right else told).append((found, found in right))
    return [
        Row("details of a topic, entry found", str(share(right for _, right in told))),
        Row(
            "wrong and believed",
            str(share(not right and found != NOTHING for found, right in told)),
        ),
        Row("found where none answers", str(share(not right for _, right in others))),
    ]


def _asks(parsed: Parsed) -> tuple[str, str]:
    """What the first question asks of the matter before, and the band of that."""
    asks = parsed["questions"][0].get(ASKS, {})
    return asks.get("name", NOTHING), asks.get("band", "accept")


def _questions(parts: Sequence[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """What of a message's parts should come out: an emergency is the only question, and moves of
    a conversation ("thanks", an ID) are none beside a question."""
    urgent = [part for part in parts if part[0] == EMERGENCY]
    asked = [part for part in parts if part[0] not in MOVES]
    return urgent[:1] or asked or list(parts[:1])


def _robustness(parse: Parse, said: Sequence[Sentence]) -> dict[str, Share]:
    rng = random.Random(_NOISE_SEED)
    sample = rng.sample(list(said), min(len(said), 600))
    shares = {
        "600 sentences as they are": _share_right(parse, [(s.text, s.intent) for s in sample])
    }
    for name, noise in KINDS.items():
        shares[name] = _share_right(parse, [(noise(s.text, rng), s.intent) for s in sample])
    swapped = [(s, _swap(s, said, rng)) for s in said if s.entities]
    shares["entities swapped, same intent"] = _share_right(
        parse, [(text, _likeliest(parse(s.text))) for s, text in swapped]
    )
    if heard := sentences.heard():
        shares["spoken and heard"] = _share_right(parse, [(s.text, s.intent) for s in heard])
    return shares


def _share_right(parse: Parse, expected: Sequence[tuple[str, str]]) -> Share:
    return share(_likeliest(parse(text)) == intent for text, intent in expected)


def _swap(sentence: Sentence, said: Sequence[Sentence], rng: random.Random) -> str:
    """The sentence with each value replaced by another development value of its kind."""
    text = sentence.text
    for kind, start, end in reversed(sentence.entities):
        others = [s.text[b:e] for s in said for k, b, e in s.entities if k == kind]
        text = text[:start] + rng.choice(others) + text[end:]
    return text


def _cost(parse: Parse, said: Sequence[Sentence]) -> tuple[list[float], float]:
    """CPU milliseconds of each of some messages, and megabytes of this process."""
    took = []
    for sentence in random.Random(_NOISE_SEED).sample(list(said), _LATENCY_SAMPLE):
        began = time.process_time()
        parse(sentence.text)
        took.append((time.process_time() - began) * 1e3)
    status = Path("/proc/self/status").read_text()
    resident = next(int(line.split()[1]) for line in status.splitlines() if "VmRSS" in line)
    return took, resident / 1024


def _page(
    rows: Sequence[Row],
    worst: Sequence[tuple[tuple[str, str], int]],
    figures: Sequence[tuple[str, str]],
) -> str:
    def cells(values: Sequence[object]) -> str:
        return "<tr>" + "".join(f"<td>{html.escape(str(v))}</td>" for v in values) + "</tr>"

    table = "".join(cells((row.what, row.value, row.target)) for row in rows)
    pairs = "".join(cells((*pair, times)) for pair, times in worst)
    images = "".join(
        f'<figure><img alt="{html.escape(caption)}" src="{uri}">'
        f"<figcaption>{html.escape(caption)}</figcaption></figure>"
        for caption, uri in figures
    )
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Understanding</title>'
        "<style>body{font:15px sans-serif;margin:2rem}td{padding:.2rem .8rem;"
        "border-bottom:1px solid #ddd}figure{display:inline-block}</style>"
        f"<h1>Understanding members</h1><table>{table}</table>"
        f"<h2>Plots</h2>{images}<h2>Most confused</h2><table>{pairs}</table></html>"
    )


if __name__ == "__main__":
    raise SystemExit(main())
