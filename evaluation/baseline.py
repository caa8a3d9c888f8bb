"""Stock DIET beside the fused classifier, both trained on the same sentences.

    bot/.venv/bin/python -m evaluation.baseline --per-intent 15
    bot/.venv/bin/python -m evaluation.baseline --fused-alone

`--fused-alone`: the fused classifier as it is now, on the sentences that DIET was measured with.
DIET needs hours for all sentences, so at most so many are drawn from each intent, for both, and
neither sees messages of several questions. What was measured is kept in evaluation/baselines under
a hash of the sentences drawn and of the development sentences. Which ones are drawn of an intent
hardly changes when others are added; the report says how many it was and how many of them are
still in the data.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from unittest.mock import patch

import yaml

from bot.nlu import questions
from evaluation import sentences
from evaluation.measures import share
from evaluation.sentences import STYLES, Sentence

# Committed: who evaluates on a fresh machine has DIET beside it without training it for an hour.
KEPT = Path(__file__).resolve().parent / "baselines"
# The pipeline that `rasa init` writes.
STOCK: list[dict[str, object]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {"name": "DIETClassifier", "epochs": 100, "random_seed": 7, "constrain_similarities": True},
]
FUSED: list[dict[str, object]] = [
    {"name": "bot.nlu.featurizer.EncoderFeaturizer"},
    {"name": "bot.nlu.classifier.FusedClassifier", "random_seed": 7},
]
_PIPELINES = ("stock DIET", "fused")
_Row = TypeVar("_Row")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-intent", type=int, default=15)
    parser.add_argument("--epochs", type=int, default=100, help="of DIET; stock is 100")
    parser.add_argument("--fused-alone", action="store_true")
    options = parser.parse_args()
    if options.fused_alone:
        measure_fused_again()
        return
    sample = draw(sentences.training(), options.per_intent)
    stock = [{**step, "epochs": options.epochs} if "epochs" in step else step for step in STOCK]
    # The quick one first: what is wrong shows before DIET has taken its hour.
    fused = top_one(FUSED, sample)
    kept = {
        "per_intent": options.per_intent,
        "epochs": options.epochs,
        "measured": datetime.now(UTC).date().isoformat(),
        "drawn": [_hash(sentence) for sentence in sample],
        "measured_on": _digest(sentences.development()),
        "stock DIET": top_one(stock, sample),
        "fused": fused,
    }
    KEPT.mkdir(parents=True, exist_ok=True)
    name = _digest([*sample, *sentences.development()])
    _keep(KEPT / f"baseline-{name}-{options.epochs}.json", kept)


def measure_fused_again() -> None:
    """Raises SystemExit when what DIET was trained or measured on has changed: then both are."""
    file = _latest_file()
    if file is None:
        raise SystemExit("DIET was never measured: run it without --fused-alone.")
    kept = _read(file)
    known = {_hash(sentence): sentence for sentence in sentences.training()}
    sample = [known[each] for each in kept["drawn"] if each in known]
    if len(sample) < len(kept["drawn"]) or kept["measured_on"] != _digest(sentences.development()):
        raise SystemExit("DIET was measured on other sentences: run it without --fused-alone.")
    _keep(file, {**kept, "fused": top_one(FUSED, sample)})


def draw(known: Sequence[Sentence], per_intent: int) -> list[Sentence]:
    """At most `per_intent` sentences of each intent, the same ones as long as they are there."""
    grouped: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in sorted(known, key=_hash):
        grouped[sentence.intent].append(sentence)
    return [s for _, group in sorted(grouped.items()) for s in group[:per_intent]]


def top_one(pipeline: list[dict[str, object]], sample: Sequence[Sentence]) -> dict[str, float]:
    """Train this pipeline on the sample; accuracy on the development sentences by style."""
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = {"recipe": "default.v1", "assistant_id": "baseline", "language": "en"}
        (folder / "config.yml").write_text(yaml.safe_dump({**config, "pipeline": pipeline}))
        grouped: dict[str, list[str]] = defaultdict(list)
        for sentence in sample:
            grouped[sentence.intent].append(f"- {sentence.text}")
        groups = [{"intent": i, "examples": "\n".join(lines)} for i, lines in grouped.items()]
        (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": groups}))
        with patch.object(questions, "written", list):
            model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
        agent = Agent.load(model)
        loop = asyncio.new_event_loop()
        said = sentences.development()
        right = [
            loop.run_until_complete(agent.parse_message(s.text))["intent"]["name"] == s.intent
            for s in said
        ]
    return {
        style: share(r for s, r in zip(said, right, strict=True) if s.style == style).value
        for style in STYLES
    }


def measured() -> dict[str, dict[str, float]]:
    """Share right by pipeline and style, as measured last; empty if never measured."""
    kept = _latest()
    return {name: kept[name] for name in _PIPELINES} if kept else {}


def rows(row: Callable[[str, str, str], _Row]) -> list[_Row]:
    """What was measured last, as rows of the table."""
    kept = _latest()
    if not kept:
        return [row("stock DIET on the same data", "not measured: evaluation.baseline", "")]
    drawn, now = kept["drawn"], {_hash(sentence) for sentence in sentences.training()}
    how = f"{len(drawn)} sentences, {kept['epochs']} epochs"
    gone = sum(sentence not in now for sentence in drawn)
    if gone:
        how += f" ({gone} of them no longer in the data)"
    if kept["measured_on"] != _digest(sentences.development()):
        how += ", measured on earlier development sentences"
    lines = []
    for name, styles in measured().items():
        values = ", ".join(f"{style} {styles[style]:.1%}" for style in STYLES)
        lines.append(row(f"{name}, {how if name == 'stock DIET' else 'the same'}", values, ""))
    errors = {name: sum(1 - kept[name][style] for style in STYLES) for name in _PIPELINES}
    ratio = errors["fused"] / errors["stock DIET"]
    lines.append(row("error, fused to stock DIET", f"{ratio:.0%}", "<= 60 %"))
    return lines


def _latest() -> dict[str, Any]:
    """What was measured last, if anything was."""
    file = _latest_file()
    return _read(file) if file else {}


def _latest_file() -> Path | None:
    return max(KEPT.glob("baseline-*.json"), key=lambda one: _read(one)["measured"], default=None)


def _keep(file: Path, measured: dict[str, Any]) -> None:
    """Write it down, and print what the command was asked for."""
    file.write_text(json.dumps(measured, indent=1))
    print(json.dumps({name: measured[name] for name in _PIPELINES}, indent=1))


def _read(path: Path) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(path.read_text())
    return kept


def _hash(sentence: Sentence) -> str:
    return hashlib.sha256(f"{sentence.text}\t{sentence.intent}".encode()).hexdigest()[:16]


def _digest(known: Sequence[Sentence]) -> str:
    return hashlib.sha256("".join(map(_hash, known)).encode()).hexdigest()[:16]


if __name__ == "__main__":
    main()
