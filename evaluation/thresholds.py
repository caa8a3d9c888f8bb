"""Choose the thresholds of alliance/data/bands.json on training sentences, each seen by a model
that was trained neither on it nor on what was written beside it; the development sentences only
measure.

    bot/.venv/bin/python -m evaluation.thresholds

Prints each threshold with the figures it was chosen from. Trains FOLDS models, so it takes a while;
run it when the data have changed much, and put what it says into the file. What it doesn't choose:
the bands of parts of a message that tell of danger (emergency_part and those beside it).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from bot.nlu.bands import Bands
from bot.nlu.classifier import FusedClassifier, Reader, fit
from bot.nlu.emergency_cues import Cues, find_cues
from bot.nlu.fused import EMERGENCY, OUT_OF_SCOPE, Prediction, Recipe
from bot.nlu.questions import MOVES, Several, written
from bot.nlu.text import Floats
from bot.nlu.understanding import is_danger
from bot.nlu.vectors import encode, encode_all
from evaluation import sentences
from evaluation.measures import share
from evaluation.sentences import Sentence

FOLDS = 3
# Neighbours in a file are often of one writer: they are held out together, this many blocks of an
# intent in turn.
_BLOCKS = 4 * FOLDS

# What the thresholds are chosen for.
# The likeliest is acted on where it is right three times in four, and offered beside others where
# the right one is among three offered half the time.
_RIGHT_TO_ACT, _RIGHT_TO_OFFER = 0.75, 0.5
_WIDTH = 0.1
_MOST_REFUSED = 0.02
_MOST_ALARMS = 0.004
_MOST_PARTED = 0.02


@dataclass(frozen=True, slots=True)
class Seen:
    """A sentence as a model sees it that doesn't know it."""

    said: Sentence
    cues: Cues
    whole: Prediction
    likeliest: tuple[str, ...]
    confidence: float
    urgent: float

    @classmethod
    def of(cls, said: Sentence, reader: Reader) -> Seen:
        """Read once; the thresholds are tried on what came out."""
        whole = reader.model.predict(said.text, encode)
        ranking = reader.ranking(whole)
        urgent = float(whole.probabilities[reader.model.intents.index(EMERGENCY)])
        names = tuple(r["name"] for r in ranking[:3])
        return cls(said, find_cues(said.text), whole, names, ranking[0]["confidence"], urgent)

    def is_danger(self, bands: Bands) -> bool:
        """Whether it is taken for an emergency."""
        return is_danger(self.said.text, self.cues, self.urgent, self.whole.danger, bands)

    def refused(self, bands: Bands) -> bool:
        """Whether it is taken for nothing that is served here."""
        band = bands.of(self.confidence, self.whole.scope, self.whole.unsupported)
        return band == "reject" or self.likeliest[0] == OUT_OF_SCOPE


@dataclass(frozen=True, slots=True)
class Parted:
    """A message, how many questions it asks, and how many are found by each choice of (apart,
    whole_plain, part_plain)."""

    expected: int
    said: bool
    found: dict[tuple[float, float, float], int]


_PARTING = tuple(
    product((0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7), (0.9, 0.95, 0.98, 1.1), (0.5, 0.6, 0.7, 0.8))
)


def main() -> None:
    seen: list[Seen] = []
    parted: list[Parted] = []
    bands = Bands.read()
    for reader, held, several in _folds(bands):
        seen += [Seen.of(said, reader) for said in held]
        asked = [s for s in held if s.intent not in MOVES and s.intent != EMERGENCY]
        parted += [_parted(s.text, 1, reader, said=False) for s in asked]
        parted += [
            _parted(" ".join(m.parts), _asked(m), reader, said=True)
            for m in several
            if EMERGENCY not in m.intents
        ]
    _choose_bands(seen, bands)
    _choose_scope(seen, bands)
    _choose_danger(seen, bands)
    _choose_parting(parted)


def _folds(bands: Bands) -> Iterator[tuple[Reader, list[Sentence], list[Several]]]:
    """Models, each with the sentences and messages that it wasn't trained on."""
    said = sentences.training()
    vectors = encode_all([s.text for s in said])
    of = _fold_of([s.intent for s in said])
    messages = written()
    share = FusedClassifier.get_default_config()["noise_share"]
    for fold in range(FOLDS):
        known, held = np.flatnonzero(of != fold), np.flatnonzero(of == fold)
        model, splitter = fit(
            [said[i].text for i in known],
            _rows(vectors, known),
            [said[i].intent for i in known],
            [m for i, m in enumerate(messages) if i % FOLDS != fold],
            share,
            Recipe(),
        )
        yield (
            Reader(model, splitter, bands),
            [said[i] for i in held],
            [m for i, m in enumerate(messages) if i % FOLDS == fold],
        )


def _rows(vectors: Floats, chosen: Sequence[int] | np.ndarray) -> Floats:
    return np.asarray(vectors[chosen], np.float32)


def _fold_of(intents: Sequence[str]) -> np.ndarray:
    """The fold of each sentence: blocks of each intent's, in turn."""
    of = np.zeros(len(intents), int)
    names = np.array(intents)
    for name in set(intents):
        where = np.flatnonzero(names == name)
        of[where] = np.arange(len(where)) * _BLOCKS // len(where) % FOLDS
    return of


def _asked(message: Several) -> int:
    """How many questions are to come out: moves of a conversation beside one are none."""
    kinds = [intent for intent in message.intents if intent not in MOVES]
    return max(1, len(kinds))


def _parted(text: str, expected: int, reader: Reader, *, said: bool) -> Parted:
    least = min(apart for apart, _, _ in _PARTING)
    model = reader.model
    if len(reader.splitter.spans(text, model.words, model.intents, least)) == 1:
        return Parted(expected, said, dict.fromkeys(_PARTING, 1))
    whole = model.predict(text, encode)
    found = {}
    for apart, whole_plain, part_plain in _PARTING:
        bands = replace(reader.bands, apart=apart, whole_plain=whole_plain, part_plain=part_plain)
        found[apart, whole_plain, part_plain] = len(
            replace(reader, bands=bands).questions(text, whole)
        )
    return Parted(expected, said, found)


def _choose_bands(seen: Sequence[Seen], now: Bands) -> None:
    print("\naccept, confirm: of the sentences about as sure as that, the likeliest is right / one")
    print("of the likeliest three is right")
    mine = [s for s in seen if s.said.intent not in (OUT_OF_SCOPE, EMERGENCY)]
    rows = []
    for middle in np.arange(0.1, 0.95, 0.05):
        about = [s for s in mine if abs(s.confidence - middle) <= _WIDTH / 2]
        first = share(s.likeliest[0] == s.said.intent for s in about)
        three = share(s.said.intent in s.likeliest for s in about)
        rows.append((middle, first.value, three.value))
        print(f"  {middle:.2f}  {first}  {three}")
    accept = next((m for m, first, _ in rows if first >= _RIGHT_TO_ACT), 1.0)
    confirm = next((m for m, _, three in rows if three >= _RIGHT_TO_OFFER), 1.0)
    print(f"accept {accept:.2f} (is {now.accept}), confirm {confirm:.2f} (is {now.confirm})")


def _choose_scope(seen: Sequence[Seen], now: Bands) -> None:
    print("\nreject, unsupported: out of scope recognised, members' questions refused")
    tried = []
    for reject, unsupported in product((0.3, 0.35, 0.4, 0.45), (0.08, 0.12, 0.16, 0.2, 0.25, 0.3)):
        bands = replace(now, reject=reject, unsupported=unsupported)
        outside = share(s.refused(bands) for s in seen if s.said.intent == OUT_OF_SCOPE)
        inside = share(s.refused(bands) for s in seen if s.said.intent != OUT_OF_SCOPE)
        tried.append((inside.value <= _MOST_REFUSED, outside.value, (reject, unsupported)))
        print(f"  {reject:.2f} {unsupported:.2f}  {outside}  {inside}")
    _, _, best = max(tried)
    print(f"reject, unsupported {best} (are {now.reject}, {now.unsupported})")


def _choose_danger(seen: Sequence[Seen], now: Bands) -> None:
    print("\nemergency, emergency_margin: emergencies caught, false alarms")
    tried = []
    margins = (-0.8, -0.65, -0.5, -0.4, -0.3, -0.2, -0.1)
    for least, margin in product((0.15, 0.2, 0.25, 0.3, 0.4, 0.5), margins):
        bands = replace(now, emergency=least, emergency_margin=margin)
        caught = share(s.is_danger(bands) for s in _of(seen, lambda i: i == EMERGENCY))
        false = share(s.is_danger(bands) for s in _of(seen, lambda i: i != EMERGENCY))
        tried.append((false.value <= _MOST_ALARMS, caught.value, (least, margin)))
        print(f"  {least:.2f} {margin:.2f}  {caught}  {false}")
    _, _, best = max(tried)
    print(f"emergency, margin {best} (are {now.emergency}, {now.emergency_margin})")


def _of(seen: Iterable[Seen], wanted: Callable[[str], bool]) -> list[Seen]:
    return [s for s in seen if wanted(s.said.intent)]


def _choose_parting(parted: Sequence[Parted]) -> None:
    print("\napart, whole_plain, part_plain: several questions, number right; stories left whole;")
    print("single sentences parted")
    tried = []
    for choice in _PARTING:
        several = share(p.found[choice] == p.expected for p in parted if p.expected > 1)
        stories = share(p.found[choice] == 1 for p in parted if p.said and p.expected == 1)
        singles = share(p.found[choice] > 1 for p in parted if not p.said)
        tried.append(
            (singles.value <= _MOST_PARTED, several.value + stories.value, choice, several, stories)
        )
        print("  {:.2f} {:.2f} {:.2f}".format(*choice), several, stories, singles, sep="  ")
    *_, best, _, _ = max(tried, key=lambda row: row[:2])
    print(f"apart, whole_plain, part_plain {best}")


if __name__ == "__main__":
    main()
