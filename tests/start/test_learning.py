"""Nobody puts a model into service that was not compared, or that has got worse."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts import learn

CURRENT = {"chat": [950, 1000], "danger": [50, 50]}


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(learn, "REPORT", tmp_path / "comparison.json")
    monkeypatch.setattr(learn, "ROOT", tmp_path)
    monkeypatch.setattr(learn, "LEARNED", tmp_path / "learned-in.yml")
    file = tmp_path / "learned.yml"
    file.write_text("version: '3.1'\nnlu: []\n")
    return file


def compared(file: Path, candidate: dict[str, list[int]]) -> None:
    report = {"sentences": learn._digest(file), "current": CURRENT, "candidate": candidate}
    learn.REPORT.write_text(json.dumps(report))


@pytest.mark.parametrize(
    ("candidate", "lost"),
    [
        ({"chat": [960, 1000], "danger": [50, 50]}, []),
        ({"chat": [948, 1000], "danger": [50, 50]}, []),
        ({"chat": [940, 1000], "danger": [50, 50]}, ["chat"]),
        ({"chat": [990, 1000], "danger": [49, 50]}, ["danger"]),
        ({"chat": [990, 1000]}, ["danger"]),
    ],
)
def test_what_is_worse(candidate: dict[str, list[int]], lost: list[str]) -> None:
    assert learn.worse(CURRENT, candidate) == lost


def test_what_was_not_compared_is_not_accepted(export: Path) -> None:
    with pytest.raises(SystemExit):
        learn.main(["accept", str(export)])
    compared(export, {"chat": [960, 1000], "danger": [50, 50]})
    export.write_text(f"{export.read_text()}# one more\n")
    with pytest.raises(SystemExit):
        learn.main(["accept", str(export)])
    assert not learn.LEARNED.exists()


def test_a_worse_one_is_not_accepted(export: Path) -> None:
    compared(export, {"chat": [900, 1000], "danger": [50, 50]})
    with pytest.raises(SystemExit):
        learn.main(["accept", str(export)])
    assert not learn.LEARNED.exists()


def test_a_better_one_is_in_the_training_data(export: Path) -> None:
    compared(export, {"chat": [960, 1000], "danger": [50, 50]})
    learn.main(["accept", str(export)])
    assert learn.LEARNED.read_text() == export.read_text()
