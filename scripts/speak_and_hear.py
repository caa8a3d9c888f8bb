"""Speaks sentences on a telephone line and writes down what a recogniser hears.

    .venv/bin/python -m scripts.speak_and_hear

flite (a Debian package) speaks, in three voices by turns; 8 kHz mu-law with line noise carries it;
pocketsphinx hears, with a word trigram model of the training sentences, as a call center's
recogniser would have one. What is heard of the development set's phone sentences goes to
evaluation/heard.tsv; what is heard exactly as it was said is left out, as it measures nothing new.

Synthetic voices prove the plumbing and give real recogniser errors; they say nothing about
accuracy in the field.
"""

from __future__ import annotations

import argparse
import audioop
import math
import random
import re
import subprocess
import tempfile
import wave
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pocketsphinx  # type: ignore[import-untyped]

from evaluation import sentences
from evaluation.sentences import Sentence
from scripts.failure import Failure, one_sentence

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "evaluation" / "heard.tsv"
VOICES = ("awb", "rms", "slt")
_LINE_RATE, _HEARING_RATE = 8000, 16000
# Loudness of the line's noise: root mean square of 16-bit samples; speech is near 2,000.
_NOISE = 60
_SEED = 2007
_WORD = re.compile(r"[a-z']+")
# What is typed in figures is spoken in words: sentences with figures are left to the normaliser's
# own tests.
_SPEAKABLE = re.compile(r"[A-Za-z',.?! -]+")
_LONGEST_WORDS = 30
_DISCOUNT = 0.6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    with one_sentence():
        rows = list(heard(options.count))
        OUTPUT.write_text("".join(f"{intent}\t{text}\n" for intent, text in rows))
        print(f"{len(rows)} of {options.count} sentences were heard otherwise than said: {OUTPUT}")


def heard(count: int) -> Iterator[tuple[str, str]]:
    """Intent and what was heard, of `count` of the development set's phone sentences."""
    rng = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    phone = [s for s in sentences.development() if s.style == "phone" and _is_speakable(s)]
    chosen = rng.sample(phone, min(count, len(phone)))
    with tempfile.TemporaryDirectory() as name:
        recogniser = _recogniser([s.text for s in sentences.training()], Path(name))
        for number, sentence in enumerate(chosen):
            voice = VOICES[number % len(VOICES)]
            said = " ".join(_words(sentence.text))
            text = hear(recogniser, on_the_line(speak(said, voice, Path(name)), rng))
            if text and text != said:
                yield sentence.intent, text


def _is_speakable(sentence: Sentence) -> bool:
    words = sentence.text.split()
    return 3 <= len(words) <= _LONGEST_WORDS and _SPEAKABLE.fullmatch(sentence.text) is not None


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("’", "'"))


def speak(text: str, voice: str, folder: Path) -> tuple[bytes, int]:
    """16-bit samples of flite's voice, and their rate. Failure if flite is not installed."""
    path = folder / "said.wav"
    try:
        command = ("flite", "-voice", voice, "-t", text, "-o", str(path))
        subprocess.run(command, check=True, capture_output=True, timeout=60)
    except FileNotFoundError:
        raise Failure("flite is missing: install it (Debian: apt-get install flite).") from None
    with wave.open(str(path)) as said:
        return said.readframes(said.getnframes()), said.getframerate()


def on_the_line(said: tuple[bytes, int], rng: random.Random) -> bytes:
    """The samples at 16 kHz after 8 kHz mu-law and noise."""
    samples, rate = said
    narrow, _ = audioop.ratecv(samples, 2, 1, rate, _LINE_RATE, None)
    noise = b"".join(
        int(rng.gauss(0, _NOISE)).to_bytes(2, "little", signed=True)
        for _ in range(len(narrow) // 2)
    )
    line = audioop.lin2ulaw(audioop.add(narrow, noise, 2), 2)
    wide, _ = audioop.ratecv(audioop.ulaw2lin(line, 2), 2, 1, _LINE_RATE, _HEARING_RATE, None)
    return wide


def hear(recogniser: pocketsphinx.Decoder, samples: bytes) -> str:
    """The recogniser's best guess, in lower case; empty if it heard nothing."""
    recogniser.start_utt()
    recogniser.process_raw(samples, False, True)
    recogniser.end_utt()
    guess = recogniser.hyp()
    return guess.hypstr if guess is not None else ""


def _recogniser(texts: Iterable[str], folder: Path) -> pocketsphinx.Decoder:
    dictionary = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
    pronounced = {
        line.split(" ", 1)[0] for line in dictionary.read_text(encoding="utf-8").splitlines()
    }
    model = folder / "members.lm"
    model.write_text(arpa([[w for w in _words(text) if w in pronounced] for text in texts]))
    return pocketsphinx.Decoder(lm=str(model), loglevel="FATAL")


def arpa(texts: Sequence[Sequence[str]]) -> str:
    """A word trigram model with absolute discounting, in the ARPA format."""
    counts: list[Counter[tuple[str, ...]]] = [Counter(), Counter(), Counter()]
    for text in texts:
        words = ("<s>", *text, "</s>")
        for size in (1, 2, 3):
            counts[size - 1].update(
                words[start : start + size] for start in range(len(words) - size + 1)
            )
    chances = _chances(counts)
    lines = ["\\data\\", *(f"ngram {n + 1}={len(c)}" for n, c in enumerate(counts)), ""]
    for size, grams in enumerate(counts, 1):
        lines.append(f"\\{size}-grams:")
        for gram in sorted(grams):
            back = f"\t{math.log10(chances.backoff[gram]):.4f}" if size < 3 else ""
            lines.append(f"{math.log10(chances.of[gram]):.4f}\t{' '.join(gram)}{back}")
        lines.append("")
    return "\n".join([*lines, "\\end\\", ""])


class _Chances:
    """Of each n-gram, and what is left for the words not seen after it."""

    def __init__(self) -> None:
        self.of: dict[tuple[str, ...], float] = {}
        self.backoff: dict[tuple[str, ...], float] = defaultdict(lambda: 1.0)


def _chances(counts: Sequence[Counter[tuple[str, ...]]]) -> _Chances:
    made = _Chances()
    total = counts[0].total()
    for gram, count in counts[0].items():
        made.of[gram] = count / total
    for grams in counts[1:]:
        after: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        for gram in grams:
            after[gram[:-1]].append(gram)
        for history, followers in after.items():
            seen = sum(grams[gram] for gram in followers)
            left = 1.0
            for gram in followers:
                made.of[gram] = (grams[gram] - _DISCOUNT) / seen
                left -= made.of[gram]
            rest = 1.0 - sum(made.of.get(gram[1:], 0.0) for gram in followers)
            made.backoff[history] = max(left, 1e-6) / max(rest, 1e-6)
    return made


if __name__ == "__main__":
    main()
