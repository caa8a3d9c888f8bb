"""The sentence encoder: all-MiniLM-L6-v2, int8 ONNX, built by `scripts/build_encoder.py`."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

FOLDER = Path(__file__).resolve().parent.parent.parent / "var" / "encoder"
# Members write a line or two; what follows hardly moves a mean over 96 word pieces.
LONGEST = 96
# The vector's first dimensions are the last layer's: what sentence similarity is measured on.
SENTENCE = 384


class Encoder:
    """Sentence vectors: the parts that the builder names, each of unit length."""

    def __init__(self, folder: Path = FOLDER) -> None:
        model = folder / "minilm-int8.onnx"
        if not model.exists():
            raise FileNotFoundError(f"no encoder at {model}: run scripts/build_encoder.py")
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(LONGEST)
        options = onnxruntime.SessionOptions()
        # One message at a time on one core: more threads only wait for each other.
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, text: str) -> npt.NDArray[np.float32]:
        """[dimensions]."""
        return self.of([self.tokens(text)])[0]

    def tokens(self, text: str) -> list[int]:
        """The text's word pieces, numbered; at most LONGEST."""
        ids: list[int] = self._tokenizer.encode(text).ids
        return ids

    def of(self, tokens: Sequence[list[int]]) -> npt.NDArray[np.float32]:
        """[texts, dimensions] of texts with equally many word pieces: padding costs more than
        company saves. Several at once take two thirds of the time that they take one by one; but
        int8 scales are taken over all of them, so that a vector depends a little on its company
        (cosine 0.99 to the one by itself)."""
        ids = np.array(tokens, np.int64)
        inputs = {"ids": ids, "mask": np.ones_like(ids)}
        vectors: list[npt.NDArray[np.float32]] = self._session.run(["vector"], inputs)
        return vectors[0]


@functools.cache
def shared() -> Encoder:
    """The one session of this process."""
    return Encoder()
