"""Vectors of training sentences: in company, kept, and the same every time."""

from pathlib import Path

import numpy as np
import pytest

from bot.nlu import vectors
from bot.nlu.vectors import encode, encode_all

TEXTS = [f"where is claim {word}" for word in ("one", "two", "nine", "apple", "river", "stone")]
LONGER = "how much of my deductible have i met so far this year"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("vectors")


@pytest.fixture(scope="module")
def encoded(folder: Path) -> np.ndarray:
    return encode_all([*TEXTS, LONGER], folder)


def test_company_hardly_moves_a_vector(encoded: np.ndarray) -> None:
    alone = np.array([encode(text) for text in (*TEXTS, LONGER)])
    lengths = np.linalg.norm(alone, axis=1) * np.linalg.norm(encoded, axis=1)
    assert ((alone * encoded).sum(1) / lengths).min() > 0.96


def test_what_was_encoded_is_not_encoded_again(
    folder: Path, encoded: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "_encoded", None)
    np.testing.assert_array_equal(encode_all([*TEXTS, LONGER], folder), encoded)


def test_the_order_and_what_was_kept_change_nothing(encoded: np.ndarray, tmp_path: Path) -> None:
    encode_all([LONGER, "something else"], tmp_path)
    again = encode_all([LONGER, *reversed(TEXTS), LONGER], tmp_path)
    np.testing.assert_array_equal(again[1:-1][::-1], encoded[:-1])
    np.testing.assert_array_equal(again[0], encoded[-1])
    np.testing.assert_array_equal(again[-1], encoded[-1])
