"""The learning loop's second half: what the desk has exported is compared, then put in service.

python -m scripts.learn compare learned.yml   trains a model with it beside the current one and
                                              measures both on the development sentences
python -m scripts.learn accept learned.yml    puts the sentences into data/nlu/learned.yml,
                                              if exactly these were compared and nothing got
                                              worse; `make train` then makes the new model
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from scripts.failure import Failure, one_sentence
from scripts.setup import BOT_PYTHON, ROOT, model_path

WORK = ROOT / "var" / "learning"
REPORT = WORK / "comparison.json"
LEARNED = ROOT / "data" / "nlu" / "learned.yml"
# A sentence or two of the hundreds of a style may turn: less than this is no loss.
TOLERANCE = 0.003
# Here nothing may get worse at all.
_STRICT = frozenset({"danger"})

Counts = Mapping[str, list[int]]


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
    """Train and measure; writes the report and prints it."""
    current = model_path()
    if not current.exists():
        raise Failure("There is no current model to compare with: run `make train` first.")
    candidate = _train(file)
    report = {
        "sentences": _digest(file),
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
    if lost := worse(report["current"], report["candidate"]):
        raise Failure(f"The new model is worse at {', '.join(lost)}: look at the sentences again.")
    shutil.copy(file, LEARNED)
    print(f"The sentences are in {LEARNED.relative_to(ROOT)}: `make train` makes the new model.")


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


def _train(file: Path) -> Path:
    """A model that has learned the sentences, kept apart from the one in service."""
    shutil.rmtree(WORK, ignore_errors=True)
    data = WORK / "data"
    shutil.copytree(ROOT / "data", data)
    shutil.copy(file, data / "nlu" / LEARNED.name)
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
