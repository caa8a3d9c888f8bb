"""A caller's voice on a telephone line, and the recogniser at its other end.

flite and espeak-ng (Debian packages) speak, 8 kHz mu-law with noise carries it, pocketsphinx hears
with a word trigram model of what members say, as a call center's recogniser would have one.
Synthetic voices prove the plumbing and the recovery; they say nothing about accuracy in the field.
"""

from __future__ import annotations

import audioop
import io
import itertools
import random
import re
import subprocess
import wave
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pocketsphinx  # type: ignore[import-untyped]
from pocketsphinx.lm import ArpaBoLM  # type: ignore[import-untyped]

from scripts.failure import Failure

_LINE_RATE, _HEARING_RATE = 8000, 16000
_MOST_READINGS = 3
_MOST_PATHS = 12
_SECONDS = 60
_SEED = 2007
_WORD = re.compile(r"[a-z']+")
# What is typed in figures is spoken in words: sentences with figures are left to the normaliser's
# own tests.
_SPEAKABLE = re.compile(r"[A-Za-z',.?! -]+")
_LEAST_WORDS, _MOST_WORDS = 3, 25
# First names that callers say; a call center's recogniser knows those of its members.
_NAMES = (
    "morgan", "avery", "riley", "robin", "dana", "drew", "casey", "jordan", "taylor", "frank",
    "james", "mary", "john", "linda", "robert", "susan", "david", "karen", "paul", "nancy",
)  # fmt: skip
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_DIGITS = (
    "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
)  # fmt: skip
_LETTERS = ("m", "u", "p", "m as in mary", "u as in uncle", "p as in paul")
_ORDINALS = (
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth", "thirtieth",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SHORT = (
    "yes", "no", "cigna", "m v p", "preferred care", "not sure", "i don't know", "agent",
    "representative", "i want to talk to a person", "repeat that", "repeat that please",
    "speak slower please", "hold on", "ready", "more", "thank you goodbye", "goodbye",
    "call back", "message",
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A voice, and the loudness of the line's noise: root mean square of 16-bit samples, where
    speech is near 2,000.
    """

    voice: str
    noise: int = 60


LINES: Mapping[str, Line] = {
    "awb": Line("awb"),
    "rms": Line("rms"),
    "slt": Line("slt"),
    "noisy": Line("rms", 500),
    "bad": Line("espeak-ng", 300),
}


@dataclass(frozen=True)
class Hearing:
    """One reading, and the mean probability of its words, 0 to 1."""

    text: str
    confidence: float


def words(text: str) -> list[str]:
    """The words as a recogniser writes them."""
    return _WORD.findall(text.lower().replace("’", "'"))


def is_speakable(text: str) -> bool:
    """Whether a voice can read it as a caller would say it."""
    count = len(text.split())
    return _LEAST_WORDS <= count <= _MOST_WORDS and _SPEAKABLE.fullmatch(text) is not None


def said(text: str, line: Line) -> bytes:
    """16-bit samples at 16 kHz of what arrives at the other end. The same text on the same line
    always sounds the same. Raises Failure when the voice is not installed.
    """
    narrow = _resampled(*_spoken(text, line.voice), _LINE_RATE)
    rng = np.random.default_rng(zlib.crc32(f"{text}|{line}".encode()))
    noised = _as_samples(narrow + rng.normal(0, line.noise, len(narrow)))
    carried = audioop.ulaw2lin(audioop.lin2ulaw(noised, 2), 2)
    return _as_samples(_resampled(carried, _LINE_RATE, _HEARING_RATE))


def _resampled(samples: bytes, rate: int, wanted: int) -> npt.NDArray[np.float64]:
    """The same sound at another rate: nothing above half of the lower one is left or made up."""
    sound = np.frombuffer(samples, "<i2").astype(np.float64)
    count = len(sound) * wanted // rate
    spectrum = np.fft.rfft(sound)[: count // 2 + 1]
    return np.fft.irfft(spectrum, count) * (wanted / rate)


def _as_samples(sound: npt.NDArray[np.float64]) -> bytes:
    return np.clip(sound, -32768, 32767).astype("<i2").tobytes()


def _spoken(text: str, voice: str) -> tuple[bytes, int]:
    """16-bit samples and their rate."""
    command = (
        ("espeak-ng", "-v", "en-us", "--stdout", text)
        if voice == "espeak-ng"
        else ("flite", "-voice", voice, "-t", text, "-o", "/dev/stdout")
    )
    try:
        done = subprocess.run(command, check=True, capture_output=True, timeout=_SECONDS)
    except FileNotFoundError:
        raise Failure(
            f"{command[0]} is missing: install it (Debian: apt-get install {command[0]})."
        ) from None
    with wave.open(io.BytesIO(done.stdout)) as sound:
        # Written to a pipe, the header's length is a guess.
        return sound.readframes(len(done.stdout)), sound.getframerate()


class Recogniser:
    """pocketsphinx with a word model a kind of question, as a platform uses the hints it is given:
    `open` of what members ask, `answers` of what they give when something is asked of them.
    """

    def __init__(self, questions: Iterable[str], folder: Path) -> None:
        # The second pass costs half as much again and finds no more of these words.
        self._decoder = pocketsphinx.Decoder(lm=None, loglevel="FATAL", fwdflat=False)
        short = [text for text in _SHORT for _ in range(20)]
        for name, texts in (("open", [*questions, *short]), ("answers", _answers())):
            model = folder / f"{name}.lm"
            _write_model(texts, model)
            self._decoder.add_lm_file(name, str(model))
        self._heard: dict[tuple[str, str, Line], list[Hearing]] = {}

    def hear(self, text: str, line: Line, model: str = "open") -> list[Hearing]:
        """The readings of a voice that says `text`, best first; none where nothing was heard."""
        key = (text, model, line)
        if key not in self._heard:
            self._heard[key] = self._recognise(said(text, line), model)
        return self._heard[key]

    def _recognise(self, samples: bytes, model: str) -> list[Hearing]:
        decoder = self._decoder
        decoder.activate_search(model)
        # The noise floor that was learnt is that of another call's line.
        decoder.reinit_feat()
        decoder.start_utt()
        decoder.process_raw(samples, False, True)
        decoder.end_utt()
        best = decoder.hyp()
        if best is None or not best.hypstr:
            return []
        chances = [s.prob for s in decoder.seg() if not s.word.startswith(("<", "["))]
        confidence = min(1.0, sum(chances) / len(chances)) if chances else 0.0
        texts = dict.fromkeys([best.hypstr])
        for other in itertools.islice(decoder.nbest() or (), _MOST_PATHS):
            if other is not None and other.hypstr:
                texts.setdefault(other.hypstr)
        return [
            Hearing(text, round(confidence * 0.9**rank, 3))
            for rank, text in enumerate(list(texts)[:_MOST_READINGS])
        ]


@cache
def _pronounced() -> frozenset[str]:
    dictionary = Path(pocketsphinx.get_model_path()) / "en-us" / "cmudict-en-us.dict"
    return frozenset(line.split(" ", 1)[0] for line in dictionary.read_text("utf-8").splitlines())


def _write_model(texts: Iterable[str], path: Path) -> None:
    """A word trigram model in the ARPA format."""
    known = _pronounced()
    model = ArpaBoLM(add_start=True)
    model.read_corpus(" ".join(w for w in words(text) if w in known) for text in texts)
    model.compute()
    model.write_file(str(path))


def _repeated(line: str, rng: random.Random) -> str:
    said = line.split()
    place = rng.randrange(len(said) - 2)
    if rng.random() < 0.5:
        said[place : place + 3] = ["triple", said[place]]
    else:
        said[place : place + 2] = ["double", said[place]]
    return " ".join(said)


def _answers() -> Sequence[str]:
    """How proof is given, and short answers."""
    rng = random.Random(_SEED)  # noqa: S311 - a sample, not a secret
    digits = [" ".join(rng.choices(_DIGITS, k=rng.choice((5, 8, 9)))) for _ in range(300)]
    # "Double oh", "triple zero", and "m as in mary".
    digits += [_repeated(line, rng) for line in digits]
    ids = [f"{rng.choice(_LETTERS)} {line}" for line in digits[::3]]
    claims = [f"c l m two zero two six {line}" for line in digits[1::3]]
    dates = [
        f"{month} {rng.choice(_ORDINALS)} nineteen {rng.choice(_TENS)} {rng.choice(_DIGITS[2:])}"
        for month in _MONTHS
        for _ in range(30)
    ]
    names = [name for name in _NAMES for _ in range(8)]
    return [*digits, *ids, *claims, *dates, *names, *(text for text in _SHORT for _ in range(40))]
