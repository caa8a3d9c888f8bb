"""Stock DIET beside the fused classifier, both trained on the same sentences.

    bot/.venv/bin/python -m evaluation.baseline --per-intent 15

DIET needs hours for all sentences, so at most so many are drawn from each intent, for both. What
was measured is kept in var/evaluation under a hash of the data; after the data changed the report
shows what was measured last, and says so.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import random
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import yaml

from evaluation import sentences
from evaluation.measures import share
from evaluation.sentences import STYLES, Sentence

KEPT = Path(__file__).resolve().parent.parent / "var" / "evaluation"
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
_Row = TypeVar("_Row")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--per-intent", type=int, default=15)
    parser.add_argument("--epochs", type=int, default=100, help="of DIET; stock is 100")
    options = parser.parse_args()
    sample = draw(sentences.training(), options.per_intent)
    stock = [{**step, "epochs": options.epochs} if "epochs" in step else step for step in STOCK]
    kept = {
        "per_intent": options.per_intent,
        "epochs": options.epochs,
        "stock DIET": top_one(stock, sample),
        "fused": top_one(FUSED, sample),
    }
    KEPT.mkdir(parents=True, exist_ok=True)
    _kept().write_text(json.dumps(kept))
    print(json.dumps(kept, indent=1))


def draw(known: Sequence[Sentence], per_intent: int) -> list[Sentence]:
    """At most `per_intent` sentences of each intent, always the same ones."""
    grouped: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in known:
        grouped[sentence.intent].append(sentence)
    rng = random.Random(7)
    return [s for group in grouped.values() for s in rng.sample(group, min(per_intent, len(group)))]


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
    path = _latest()
    if path is None:
        return {}
    kept = json.loads(path.read_text())
    return {name: kept[name] for name in ("stock DIET", "fused")}


def rows(row: Callable[[str, str, str], _Row]) -> list[_Row]:
    """What was measured last, as rows of the table."""
    found, path = measured(), _latest()
    if path is None:
        return [row("stock DIET on the same data", "not measured: evaluation.baseline", "")]
    kept = json.loads(path.read_text())
    how = f"{kept['per_intent']} sentences an intent, {kept['epochs']} epochs"
    if path != _kept():
        how += ", before the data last changed"
    lines = []
    for name, styles in found.items():
        values = ", ".join(f"{style} {styles[style]:.1%}" for style in STYLES)
        lines.append(row(f"{name}, {how if name == 'stock DIET' else 'the same'}", values, ""))
    errors = {name: sum(1 - styles[style] for style in STYLES) for name, styles in found.items()}
    ratio = errors["fused"] / errors["stock DIET"]
    lines.append(row("error, fused to stock DIET", f"{ratio:.0%}", "<= 60 %"))
    return lines


def _latest() -> Path | None:
    """What was measured for the data as they are now, or else before."""
    if _kept().exists():
        return _kept()
    measurements = KEPT.glob("baseline-*.json")
    return max(measurements, key=lambda path: path.stat().st_mtime, default=None)


def _kept() -> Path:
    digest = hashlib.sha256()
    for sentence in [*sentences.training(), *sentences.development()]:
        digest.update(f"{sentence.text}\t{sentence.intent}\n".encode())
    return KEPT / f"baseline-{digest.hexdigest()[:16]}.json"


if __name__ == "__main__":
    main()
