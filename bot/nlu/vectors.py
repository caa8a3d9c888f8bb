"""The encoder's vectors of training sentences: several at once, on all cores, and each once.

What was encoded is kept in var/vectors, for this encoder: a training after a change encodes what is
new. Members' messages never come here.
"""

from __future__ import annotations

import functools
import hashlib
import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from bot.nlu import encoder
from bot.nlu.fingerprint import BUILT_ENCODER, digest
from bot.nlu.spelling import repaired
from bot.nlu.text import plain

Floats = npt.NDArray[np.float32]
# Sentences that are encoded together, as word pieces.
_Batch = list[list[int]]

FOLDER = encoder.FOLDER.parent / "vectors"
_DIMENSIONS = 3 * encoder.SENTENCE
# Sentences in a batch, as a rule and at most; batches that a worker takes at a time.
_COMPANY, _MOST, _SHARE = 8, 16, 50


@functools.lru_cache(maxsize=8)
def encode(text: str) -> Floats:
    """[dimensions] of a member's words, misspelt ones as they were meant. Several components read
    the same message: the last few are kept, in memory alone.
    """
    vector = encoder.shared()(repaired(plain(text)))
    vector.flags.writeable = False
    return vector


def encode_all(texts: Sequence[str], folder: Path = FOLDER) -> Floats:
    """[texts, dimensions], in half precision. The same texts always give the same vectors,
    whatever of them is kept in `folder` already."""
    tokens = {text: tuple(encoder.shared().tokens(plain(text))) for text in set(texts)}
    batches = {_key(batch): batch for batch in _batches({*tokens.values()})}
    with closing(_kept(folder)) as kept:
        found = dict(kept.execute("SELECT batch, vectors FROM vectors"))
        new = [key for key in batches if key not in found]
        shares = [new[start : start + _SHARE] for start in range(0, len(new), _SHARE)]
        encoded = Parallel(n_jobs=-1, return_as="generator")(
            delayed(_encoded)([batches[key] for key in share]) for share in shares
        )
        for share, vectors in zip(shares, encoded, strict=True):
            made = dict(zip(share, vectors, strict=True))
            found |= made
            with kept:
                kept.executemany("INSERT OR IGNORE INTO vectors VALUES (?, ?)", made.items())
    known: dict[tuple[int, ...], npt.NDArray[np.float16]] = {}
    for key, batch in batches.items():
        rows = np.frombuffer(found[key], np.float16).reshape(-1, _DIMENSIONS)
        known |= zip(map(tuple, batch), rows, strict=True)
    wanted = [known[tokens[text]] for text in texts]
    return np.array(wanted, np.float32).reshape(-1, _DIMENSIONS)


def _batches(texts: set[tuple[int, ...]]) -> Iterator[_Batch]:
    """Equally long texts together. Where a batch ends is in its own texts, not in how many stand
    before it, so that a new sentence changes the company of few."""
    of_length: dict[int, list[tuple[bytes, tuple[int, ...]]]] = defaultdict(list)
    for text in texts:
        of_length[len(text)].append((_key([list(text)]), text))
    for group in of_length.values():
        batch: _Batch = []
        for key, text in sorted(group):
            batch.append(list(text))
            if key[0] % _COMPANY == 0 or len(batch) == _MOST:
                yield batch
                batch = []
        if batch:
            yield batch


def _key(batch: _Batch) -> bytes:
    return hashlib.sha256(np.array(batch, np.uint16).tobytes()).digest()[:16]


def _encoded(batches: Sequence[_Batch]) -> list[bytes]:
    of = encoder.shared().of
    return [of(batch).astype(np.float16).tobytes() for batch in batches]


def _kept(folder: Path) -> sqlite3.Connection:
    """What this encoder made; what another one made is of no more use."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{digest(encoder, BUILT_ENCODER)[:16]}.sqlite"
    for other in folder.glob("*.sqlite"):
        if other != file:
            other.unlink()
    kept = sqlite3.connect(file, timeout=60)
    kept.execute("CREATE TABLE IF NOT EXISTS vectors (batch BLOB PRIMARY KEY, vectors BLOB)")
    return kept
