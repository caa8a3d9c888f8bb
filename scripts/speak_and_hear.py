"""Has sentences spoken on telephone lines and writes down what a recogniser hears.

    .venv/bin/python -m scripts.speak_and_hear training | development

training: a sample of the training sentences, with an even number of each intent, goes to
data/nlu/heard.yml. What was heard of a half of them comes from a word model of the other half, as
no recogniser knows a caller's sentence beforehand. Kept is what a person could still guess: what
was heard otherwise than said, but not too much otherwise.

development: a sample of the phone sentences, on good lines and bad ones, goes to
evaluation/heard.tsv, as heard: intent, line, what was said, and the readings with their
confidences ("0.81 has my claim been paid|0.73 has my clam been paid").
"""

from __future__ import annotations

import argparse
import itertools
import random
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from evaluation import sentences
from evaluation.sentences import GOOD_LINES, HEARD, HEARD_TRAINING, Sentence
from scripts.failure import one_sentence
from scripts.phone_line import LINES, Hearing, Line, Recogniser, is_speakable, words

TRAINING_COUNT, DEVELOPMENT_COUNT = 1500, 240
# The lines that the development sentences go through by turns.
_LINES = (*GOOD_LINES * 4, "noisy", "bad")
# Lines differ; louder noise than this leaves too little to learn from.
_NOISES = (40, 60, 100, 160)
# Share of words heard wrong up to which a person could still guess what was meant. Danger must
# keep nearly all of its words.
MOST_WRONG, MOST_WRONG_IN_DANGER = 0.4, 0.2
_SEED = 2007


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("training", "development"))
    options = parser.parse_args()
    with one_sentence(), tempfile.TemporaryDirectory() as name:
        if options.what == "training":
            kept = list(training(TRAINING_COUNT, Path(name)))
            HEARD_TRAINING.write_text(_yaml(kept), "utf-8")
            print(f"{len(kept)} of {TRAINING_COUNT} sentences were kept: {HEARD_TRAINING}")
        else:
            rows = list(development(DEVELOPMENT_COUNT, Path(name)))
            HEARD.write_text("".join(rows), "utf-8")
            print(f"{len(rows)} sentences were heard: {HEARD}")


def training(count: int, folder: Path) -> Iterator[tuple[str, str]]:
    """Intent and what was heard, of about `count` training sentences."""
    rng = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    written = sentences.written()
    known = {" ".join(words(s.text)) for s in written}
    halves = written[::2], written[1::2]
    for number, half in enumerate(halves):
        recogniser = Recogniser((s.text for s in halves[1 - number]), folder)
        for sentence in _sample(half, count // 2, rng):
            text = " ".join(words(sentence.text))
            line = Line(rng.choice(GOOD_LINES), rng.choice(_NOISES))
            readings = recogniser.hear(text, line)
            if readings and readings[0].text not in known and guessable(sentence, readings[0].text):
                known.add(readings[0].text)
                yield sentence.intent, readings[0].text


def guessable(sentence: Sentence, heard: str) -> bool:
    """Whether a person could still guess what was meant by what was heard."""
    most = MOST_WRONG_IN_DANGER if sentence.intent == "emergency" else MOST_WRONG
    return word_errors(sentence.text, heard) <= most


def word_errors(said: str, heard: str) -> float:
    """Words to insert, leave out or change, as a share of those that were said."""
    spoken = words(said)
    return float(Levenshtein.distance(spoken, heard.split())) / len(spoken)


def development(count: int, folder: Path) -> Iterator[str]:
    """Lines of evaluation/heard.tsv."""
    rng = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    phone = [s for s in sentences.development() if s.style == "phone" and is_speakable(s.text)]
    recogniser = Recogniser((s.text for s in sentences.written()), folder)
    chosen = rng.sample(phone, min(count, len(phone)))
    for sentence, kind in zip(chosen, itertools.cycle(_LINES), strict=False):
        text = " ".join(words(sentence.text))
        readings = recogniser.hear(text, LINES[kind])
        yield f"{sentence.intent}\t{kind}\t{text}\t{_cell(readings)}\n"


def _cell(readings: Sequence[Hearing]) -> str:
    return "|".join(f"{each.confidence:.2f} {each.text}" for each in readings)


def _sample(given: Sequence[Sentence], count: int, rng: random.Random) -> list[Sentence]:
    """About as many of each intent."""
    by_intent: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in given:
        if is_speakable(sentence.text):
            by_intent[sentence.intent].append(sentence)
    each = -(-count // len(by_intent))
    return [s for found in by_intent.values() for s in rng.sample(found, min(each, len(found)))]


def _yaml(kept: Sequence[tuple[str, str]]) -> str:
    by_intent: dict[str, list[str]] = defaultdict(list)
    for intent, text in kept:
        by_intent[intent].append(text)
    lines = [
        "# What a recogniser heard of training sentences that a voice spoke on a telephone line.",
        "# Made by `python -m scripts.speak_and_hear training`; don't edit by hand.",
        'version: "3.1"',
        "nlu:",
    ]
    for intent, texts in by_intent.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
