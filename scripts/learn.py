"""The learning loop's second half: what the desk has exported is compared, then put in service.

python -m scripts.learn compare learned.yml   trains a model with it beside the current one and
                                              measures both on the development sentences
python -m scripts.learn accept learned.yml    adds the sentences to data/nlu/learned.yml, if
                                              exactly these were compared with the model in
                                              service and nothing got worse; `make train` then
                                              makes the new model
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from scripts.failure import Failure, one_sentence
from scripts.setup import BOT_PYTHON, ROOT, model_path

WORK = ROOT / "var" / "learning"
REPORT = WORK / "comparison.json"
DATA = ROOT / "data"
LEARNED = DATA / "nlu" / "learned.yml"
DOMAIN = ROOT / "domain.yml"
# A sentence or two of the hundreds of a style may turn: less than this is no loss.
TOLERANCE = 0.003
# Here nothing may get worse at all.
_STRICT = frozenset({"danger"})

Counts = Mapping[str, list[int]]
# Sentences by intent.
Sentences = Mapping[str, Sequence[str]]


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("step", choices=("compare", "accept"))
    parser.add_argument("file", type=Path)
    given = parser.parse_args(arguments)
    with one_sentence():
        if not given.file.is_file():
            raise Failure(f"There is no file {given.file}: export it on the desk's learning page.")
        (compare if given.step == "compare" else accept)(given.file)


def compare(file: Path) -> None:
    """Train and measure; writes the report and prints it. Raises Failure for a file that teaches
    nothing.
    """
    sentences = read(file)
    new = _new(sentences)
    if not new:
        raise Failure(
            f"{file} holds no sentence that is not learned yet: give sentences their meaning on "
            "the desk's learning page, and download the file again."
        )
    current = model_path()
    if not current.exists():
        raise Failure("There is no current model to compare with: run `make train` first.")
    print(f"{new} new sentences are learned, and both models measured: it takes minutes ...")
    candidate = _train(sentences)
    report = {
        "sentences": _digest(file),
        "model": current.name,
        "current": measure(current),
        "candidate": measure(candidate),
    }
    REPORT.write_text(json.dumps(report, indent=1) + "\n", "utf-8")
    print(as_table(report["current"], report["candidate"]))  # type: ignore[arg-type]
    lost = worse(report["current"], report["candidate"])  # type: ignore[arg-type]
    print(f"Worse: {', '.join(lost)}." if lost else "Nothing got worse: it may be accepted.")


def accept(file: Path) -> None:
    """Raises Failure unless exactly these sentences were compared and nothing got worse."""
    report: dict[str, Any] = json.loads(REPORT.read_text("utf-8")) if REPORT.exists() else {}
    if report.get("sentences") != _digest(file):
        raise Failure(f"These sentences were not compared: run `scripts.learn compare {file}`.")
    if report.get("model") != model_path().name:
        raise Failure(
            "What the assistant is trained on has changed since the comparison: run "
            f"`scripts.learn compare {file}` again."
        )
    if lost := worse(report["current"], report["candidate"]):
        raise Failure(f"The new model is worse at {', '.join(lost)}: look at the sentences again.")
    LEARNED.write_text(as_yaml(_with_learned(read(file))), "utf-8")
    print(f"The sentences are in {LEARNED.relative_to(ROOT)}: `make train` makes the new model.")


def read(file: Path) -> Sentences:
    """The sentences of a file of Rasa NLU YAML. Raises Failure when it is none, or names an intent
    that the domain does not have.
    """
    try:
        found = yaml.safe_load(file.read_text("utf-8"))
        sentences = {
            str(entry["intent"]): [
                line.removeprefix("- ").strip() for line in entry["examples"].splitlines()
            ]
            for entry in found["nlu"] or ()
        }
    except (yaml.YAMLError, KeyError, TypeError, AttributeError) as error:
        raise Failure(f"{file} is no export of the desk's learning page.") from error
    domain = yaml.safe_load(DOMAIN.read_text("utf-8"))["intents"]
    known = {next(iter(one)) if isinstance(one, dict) else one for one in domain}
    if unknown := sorted(sentences.keys() - known):
        raise Failure(f"{file} names intents that the domain does not have: {', '.join(unknown)}.")
    return sentences


def as_yaml(sentences: Sentences) -> str:
    """As Rasa's files are."""
    entries = "".join(
        f"- intent: {intent}\n  examples: |\n" + "".join(f"    - {one}\n" for one in examples)
        for intent, examples in sorted(sentences.items())
    )
    return f'version: "3.1"\nnlu:\n{entries}'


def _with_learned(sentences: Sentences) -> Sentences:
    """And those that were accepted before: a file of one company's administrator does not hold
    the others'. What is labelled anew has its new meaning.
    """
    taught = {one for examples in sentences.values() for one in examples}
    merged = {intent: list(examples) for intent, examples in sentences.items()}
    for intent, examples in _learned().items():
        kept = merged.setdefault(intent, [])
        kept += [one for one in examples if one not in taught]
    return {intent: examples for intent, examples in merged.items() if examples}


def _learned() -> Sentences:
    return read(LEARNED) if LEARNED.exists() else {}


def _new(sentences: Sentences) -> int:
    """How many sentences are not learned yet with that meaning."""
    learned = _learned()
    return sum(
        one not in learned.get(intent, ())
        for intent, examples in sentences.items()
        for one in examples
    )


def worse(current: Counts, candidate: Counts) -> list[str]:
    """At what the candidate is worse than the current model."""
    return [
        what
        for what, counts in current.items()
        if _share(counts) - _share(candidate.get(what, [0, 1]))
        > (0 if what in _STRICT else TOLERANCE)
    ]


def as_table(current: Counts, candidate: Counts) -> str:
    """Shares side by side."""
    lines = [f"{'':16}{'current':>12}{'new':>12}"]
    for what, counts in current.items():
        new = _share(candidate.get(what, [0, 1]))
        lines.append(f"{what:16}{_share(counts):>12.2%}{new:>12.2%}")
    return "\n".join(lines)


def measure(model: Path) -> Counts:
    """What a model makes of the development sentences. Raises Failure."""
    done = subprocess.run(
        [str(BOT_PYTHON), "-m", "evaluation.compare", str(model)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    line = next((x for x in done.stdout.splitlines() if x.startswith("MEASURED ")), None)
    if line is None:
        raise Failure(f"The model could not be measured: {done.stderr[-300:]}")
    counts: Counts = json.loads(line.removeprefix("MEASURED "))
    return counts


def _train(sentences: Sentences) -> Path:
    """A model that has learned the sentences, kept apart from the one in service."""
    shutil.rmtree(WORK, ignore_errors=True)
    data = WORK / "data"
    shutil.copytree(DATA, data)
    (data / "nlu" / LEARNED.name).write_text(as_yaml(_with_learned(sentences)), "utf-8")
    done = subprocess.run(
        [
            "scripts/rasa",
            "train",
            "nlu",
            "--nlu",
            str(data),
            "--out",
            str(WORK),
            "--fixed-model-name",
            "candidate",
        ],
        cwd=ROOT,
        check=False,
    )
    if done.returncode:
        raise Failure("The new model could not be trained: look at the sentences' form.")
    return WORK / "candidate.tar.gz"


def _share(counts: list[int]) -> float:
    return counts[0] / counts[1] if counts[1] else 0.0


def _digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


if __name__ == "__main__":
    main(sys.argv[1:])
