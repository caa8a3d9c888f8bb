"""Has sentences spoken on telephone lines and writes down what a recogniser hears.

    .venv/bin/python -m scripts.speak_and_hear training | danger | development

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
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from rapidfuzz.distance import Levenshtein

from bot.nlu.emergency_cues import find_cues
from bot.nlu.language import is_spanish
from evaluation import sentences
from evaluation.sentences import GOOD_LINES, HEARD, HEARD_DANGER, HEARD_TRAINING, Sentence
from scripts.failure import one_sentence
from scripts.phone_line import LINES, Hearing, Line, Recogniser, is_speakable, words

TRAINING_COUNT, EMERGENCY_COUNT, DEVELOPMENT_COUNT = 1500, 500, 240
# The lines that the development sentences go through by turns.
_LINES = (*GOOD_LINES * 4, "noisy", "bad")
_DANGER_VOICES = ("kal",)
# Lines differ; louder noise than this leaves too little to learn from.
_NOISES = (40, 60, 100, 160)
# Share of words heard wrong up to which a person could still guess what was meant. Beside few
# sentences of each other intent, danger must keep nearly all of its words.
MOST_WRONG, MOST_WRONG_IN_DANGER = 0.4, 0.2
_SEED = 2007
EMERGENCY = "emergency"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("training", "danger", "development"))
    options = parser.parse_args()
    with one_sentence(), tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.what == "training":
            each = partial(_sample, count=TRAINING_COUNT // 2)
            _keep(heard(each, GOOD_LINES, MOST_WRONG_IN_DANGER, folder), "training", HEARD_TRAINING)
        elif options.what == "danger":
            each = partial(_in_words_of_danger, count=EMERGENCY_COUNT // 2)
            _keep(heard(each, _DANGER_VOICES, MOST_WRONG, folder), "danger", HEARD_DANGER)
        else:
            rows = list(development(DEVELOPMENT_COUNT, folder))
            HEARD.write_text("".join(rows), "utf-8")
            print(f"{len(rows)} sentences were heard: {HEARD}")


def heard(
    choose: Callable[[Sequence[Sentence], random.Random], Iterable[Sentence]],
    voices: Sequence[str],
    most_wrong_in_danger: float,
    folder: Path,
) -> Iterator[tuple[str, str]]:
    """Intent and what was heard, of the training sentences that are chosen of each half."""
    rng = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    written = sentences.written()
    known = {" ".join(words(s.text)) for s in written}
    halves = written[::2], written[1::2]
    for number, half in enumerate(halves):
        recogniser = Recogniser((s.text for s in halves[1 - number]), folder)
        for sentence in choose(half, rng):
            text = " ".join(words(sentence.text))
            line = Line(rng.choice(voices), rng.choice(_NOISES))
            readings = recogniser.hear(text, line)
            most = most_wrong_in_danger if sentence.intent == EMERGENCY else MOST_WRONG
            if (
                readings
                and readings[0].text not in known
                and word_errors(sentence.text, readings[0].text) <= most
            ):
                known.add(readings[0].text)
                yield sentence.intent, readings[0].text


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


def _sample(given: Sequence[Sentence], rng: random.Random, count: int) -> list[Sentence]:
    """About as many of each intent."""
    by_intent: dict[str, list[Sentence]] = defaultdict(list)
    for sentence in given:
        if is_speakable(sentence.text):
            by_intent[sentence.intent].append(sentence)
    each = -(-count // len(by_intent))
    return [s for found in by_intent.values() for s in rng.sample(found, min(each, len(found)))]


def _in_words_of_danger(
    given: Sequence[Sentence], rng: random.Random, count: int
) -> list[Sentence]:
    """Emergencies in English, and all that is told in the same words and is none."""
    speakable = [s for s in given if is_speakable(s.text) and not is_spanish(s.text)]
    urgent = [s for s in speakable if s.intent == EMERGENCY]
    alike = [s for s in speakable if s.intent != EMERGENCY and find_cues(s.text).danger]
    return [*rng.sample(urgent, min(count, len(urgent))), *alike]


def _keep(kept: Iterable[tuple[str, str]], what: str, path: Path) -> None:
    path.write_text(_yaml(list(kept), what), "utf-8")
    print(f"What was heard: {path}")


def _yaml(kept: Sequence[tuple[str, str]], what: str) -> str:
    by_intent: dict[str, list[str]] = defaultdict(list)
    for intent, text in kept:
        by_intent[intent].append(text)
    lines = [
        "# What a recogniser heard of training sentences that a voice spoke on a telephone line.",
        f"# Made by `python -m scripts.speak_and_hear {what}`; don't edit by hand.",
        'version: "3.1"',
        "nlu:",
    ]
    for intent, texts in by_intent.items():
        lines += [f"- intent: {intent}", "  examples: |", *(f"    - {text}" for text in texts)]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
