"""Nobody puts a model into service that was not compared, or that has got worse."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts import learn

CURRENT = {"chat": [950, 1000], "danger": [50, 50]}
NEW = {"id_card": ["where has my new card got to"]}


@pytest.fixture
def export(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(learn, "WORK", tmp_path / "learning")
    monkeypatch.setattr(learn, "REPORT", tmp_path / "comparison.json")
    monkeypatch.setattr(learn, "ROOT", tmp_path)
    monkeypatch.setattr(learn, "DATA", tmp_path / "data")
    monkeypatch.setattr(learn, "LEARNED", tmp_path / "data" / "nlu" / "learned.yml")
    model = tmp_path / "current.tar.gz"
    model.touch()
    monkeypatch.setattr(learn, "model_path", lambda: model)
    learn.LEARNED.parent.mkdir(parents=True)
    file = tmp_path / "learned.yml"
    file.write_text(learn.as_yaml(NEW))
    return file


def compared(file: Path, candidate: dict[str, list[int]]) -> None:
    report = {
        "sentences": learn._digest(file),
        "model": "current.tar.gz",
        "current": CURRENT,
        "candidate": candidate,
    }
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


def test_a_better_one_is_in_the_training_data_beside_those_before(export: Path) -> None:
    before = {"claim_status": ["did the dentist's thing go through"], "drug_cost": ["the inhaler"]}
    learn.LEARNED.write_text(learn.as_yaml(before | {"id_card": []}))
    compared(export, {"chat": [960, 1000], "danger": [50, 50]})
    learn.main(["accept", str(export)])
    assert learn.read(learn.LEARNED) == before | NEW


def test_a_new_meaning_goes_before_the_old_one(export: Path) -> None:
    learn.LEARNED.write_text(learn.as_yaml({"claim_status": NEW["id_card"]}))
    compared(export, {"chat": [960, 1000], "danger": [50, 50]})
    learn.main(["accept", str(export)])
    assert learn.read(learn.LEARNED) == NEW


def test_what_was_compared_with_another_model_is_not_accepted(
    export: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared(export, {"chat": [960, 1000], "danger": [50, 50]})
    monkeypatch.setattr(learn, "model_path", lambda: Path("newer.tar.gz"))
    with pytest.raises(SystemExit, match="has changed since the comparison"):
        learn.main(["accept", str(export)])
    assert not learn.LEARNED.exists()


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("version: '3.1'\nnlu: []\n", "no sentence that is not learned yet"),
        (learn.as_yaml({"magic": ["open sesame"]}), "the domain does not have: magic"),
        ("<html>Sign in</html>", "no export of the desk's learning page"),
        ("nlu:\n- 1\n", "no export of the desk's learning page"),
    ],
)
def test_what_teaches_nothing_is_not_compared(export: Path, written: str, says: str) -> None:
    export.write_text(written)
    with pytest.raises(SystemExit, match=says):
        learn.main(["compare", str(export)])
    assert not learn.WORK.exists()


def test_what_is_learned_already_is_not_compared(export: Path) -> None:
    learn.LEARNED.write_text(export.read_text())
    with pytest.raises(SystemExit):
        learn.main(["compare", str(export)])


def test_the_candidate_learns_what_stands_there_and_what_is_new(
    export: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Training and measuring are Rasa's; what goes into them and comes out is looked at here."""
    before = {"claim_status": ["did the dentist's thing go through"]}
    learn.LEARNED.write_text(learn.as_yaml(before))
    run, measured = subprocess.run, {"current": CURRENT, "candidate": {"chat": [9, 10]}}
    trained: list[learn.Sentences] = []

    def rasa(command: list[str], **more: Any) -> subprocess.CompletedProcess[str]:
        if command[0] != "scripts/rasa":
            return run(command, **more)
        trained.append(learn.read(Path(command[command.index("--nlu") + 1]) / "nlu/learned.yml"))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr("scripts.learn.subprocess.run", rasa)
    monkeypatch.setattr(
        learn, "measure", lambda model: measured[model.name.removesuffix(".tar.gz")]
    )
    learn.main(["compare", str(export)])
    assert trained == [before | NEW]
    told = capsys.readouterr().out
    assert "1 new sentences" in told
    assert "Worse: chat, danger." in told
    with pytest.raises(SystemExit):
        learn.main(["accept", str(export)])
