"""Noised copies of sentences: what thumbs and telephone recognisers do to them.

Used for training (copies beside the clean sentence) and, with another seed, for measuring
robustness. The same text and seed always give the same copy.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij",
    "i": "uok", "o": "ipl", "p": "ol", "a": "sqz", "s": "adw", "d": "sfe", "f": "dgr",
    "g": "fht", "h": "gjy", "j": "hku", "k": "jli", "l": "ko", "z": "xa", "x": "zc",
    "c": "xv", "v": "cb", "b": "vn", "n": "bm", "m": "n",
}  # fmt: skip
_FILLERS = ("um", "uh", "like", "you know", "well", "so", "okay so", "i mean", "hi um", "yeah")
# What recognisers wrote for words of the field and for small words that sound alike.
_HEARD = {
    "cigna": ("signa", "signal", "sigma"),
    "mvp": ("m v p", "and v p", "em vp"),
    "copay": ("co pay", "coke pay", "go pay"),
    "copays": ("co pays", "coke pays"),
    "deductible": ("the duck tible", "deduct a bull", "deductable"),
    "claim": ("clame", "climb", "plane"),
    "claims": ("clames", "climbs"),
    "referral": ("re feral", "referal", "for all"),
    "prior": ("prayer", "pryor"),
    "authorization": ("author ization", "authorisation", "off authorization"),
    "eob": ("e o b", "yobi"),
    "fsa": ("f s a", "if s a"),
    "cobra": ("coborn", "co bra"),
    "pcp": ("p c p", "pc p"),
    "premium": ("premier", "premiums"),
    "formulary": ("formula ary", "formal airy"),
    "pharmacy": ("farm see", "farmacy"),
    "medicare": ("medi care", "medic care"),
    "dependent": ("the pendant", "defendant"),
    "insurance": ("in surance", "insurrance", "assurance"),
    "network": ("net work",),
    "dental": ("gentle", "rental"),
    "card": ("car", "cart"),
    "nurse": ("nerves", "nurses"),
    "doctor": ("dr", "doctors", "docter"),
    "dermatologist": ("derma tologist", "dermatology est"),
    "covered": ("cover", "coverd", "covert"),
    "coverage": ("cover age", "average"),
    "benefits": ("benefit", "been a fits"),
    "billed": ("build", "bill"),
    "appeal": ("a peel", "a pill"),
    "denied": ("denite", "tonight"),
    "owe": ("oh", "o"),
    "for": ("four", "fore"),
    "to": ("two", "too"),
    "you": ("u", "ya"),
    "my": ("mi", "by"),
    "what": ("wut", "but"),
    "how": ("ow",),
    "is": ("as", "his"),
    "and": ("an", "in"),
    "are": ("our", "r"),
}
_WORD = re.compile(r"[A-Za-z']+")


def typos(text: str, rng: random.Random, share: float = 0.15) -> str:
    """Slips of the thumb in about `share` of the words: left out, doubled, swapped, next key."""

    def slip(match: re.Match[str]) -> str:
        word = match.group()
        if len(word) < 3 or rng.random() > share:
            return word
        at = rng.randrange(1, len(word))
        kind = rng.randrange(4)
        if kind == 0:
            return word[:at] + word[at + 1 :]
        if kind == 1:
            return word[:at] + word[at - 1] + word[at:]
        if kind == 2 and at + 1 < len(word):
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + rng.choice(_NEIGHBOURS.get(word[at].lower(), "e")) + word[at + 1 :]

    return _WORD.sub(slip, text)


def misheard(text: str, rng: random.Random, share: float = 0.5) -> str:
    """Recogniser errors: words that sound alike, a small word lost, no capitals or marks."""
    heard: list[str] = []
    for word in re.findall(r"[\w']+", text.lower()):
        if word in _HEARD and rng.random() < share:
            heard.append(rng.choice(_HEARD[word]))
        elif len(word) > 3 or rng.random() > 0.08:
            heard.append(word)
    return " ".join(heard)


def fillers(text: str, rng: random.Random) -> str:
    """One or two spoken fillers, the first at the front or in the middle."""
    words = text.split()
    for _ in range(rng.randint(1, 2)):
        words.insert(rng.randint(0, len(words)), rng.choice(_FILLERS))
    return " ".join(words)


def unmarked(text: str, rng: random.Random) -> str:
    """Lower case without punctuation."""
    return " ".join(re.findall(r"[\w']+", text.lower()))


def truncated(text: str, rng: random.Random) -> str:
    """The last tenth to quarter of the words lost, as when a recogniser stops early."""
    words = text.split()
    lost = max(1, round(len(words) * rng.uniform(0.1, 0.25)))
    return " ".join(words[:-lost]) if len(words) > 4 else text


Noise = Callable[[str, random.Random], str]
KINDS: dict[str, Noise] = {
    "typos": typos,
    "misheard": misheard,
    "fillers": fillers,
    "no punctuation": unmarked,
    "truncated": truncated,
}
# Truncation may cut the very word that decides, so training does not use it.
_TRAINING = (typos, misheard, fillers, unmarked)


def noised_copies(texts: list[str], share: float, seed: int) -> list[tuple[int, str]]:
    """Noised copies of about `share` of the texts, each with the index of its original. A text's
    copy does not depend on the others."""
    copies: list[tuple[int, str]] = []
    for index, text in enumerate(texts):
        rng = random.Random(f"{seed} {text}")  # noqa: S311 - noise, not a secret
        if rng.random() < share:
            copy = rng.choice(_TRAINING)(text, rng)
            if copy and copy != text:
                copies.append((index, copy))
    return copies
