"""Installing: skipped while nothing changed, and in plain words when it cannot be done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from scripts import setup
from scripts.failure import Failure


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that setup takes for the checkout."""
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(setup, "LOGS", tmp_path / "log")
    monkeypatch.setattr(setup, "MODELS", tmp_path / "models")
    monkeypatch.setattr(setup, "ENCODER", tmp_path / "encoder")
    monkeypatch.delenv("MEMBERLINE_MODEL", raising=False)
    return tmp_path


def step(checkout: Path, program: str, name: str = "bake") -> setup._Step:
    return setup._Step(
        name=name,
        made_from=(checkout / "recipe",),
        makes=(checkout / "cake",),
        commands=((sys.executable, "-c", program),),
        stamp=checkout / "stamp",
    )


class TestSteps:
    def test_a_step_is_done_until_what_it_is_made_from_changes(self, checkout: Path) -> None:
        (checkout / "recipe").write_text("flour")
        baking = step(checkout, "open('cake', 'w')")
        assert not baking.done()
        baking.run()
        assert baking.done()
        (checkout / "recipe").write_text("flour and eggs")
        assert not baking.done()

    def test_a_step_is_not_done_when_what_it_made_is_gone(self, checkout: Path) -> None:
        (checkout / "recipe").write_text("flour")
        baking = step(checkout, "open('cake', 'w')")
        baking.run()
        (checkout / "cake").unlink()
        assert not baking.done()

    def test_a_step_that_failed_half_way_is_not_done(self, checkout: Path) -> None:
        (checkout / "recipe").write_text("flour")
        step(checkout, "open('cake', 'w')").run()
        broken = step(checkout, "print('the oven is off'); raise SystemExit(1)")
        with pytest.raises(Failure, match=r"The step 'bake' failed: .* \(the oven is off\)"):
            broken.run()
        assert not broken.done()

    @pytest.mark.parametrize(
        ("name", "said", "sentence"),
        [
            ("install-main", "No space left on device (os error 28)", "The disk is full"),
            ("install-tools", "ensurepip is not available", "apt-get install python3.11-venv"),
            ("install-main", "dns error", "see that the package index can be reached"),
            ("train", "YamlException", "correct the dialogue's files"),
        ],
    )
    def test_a_failure_says_what_to_do(
        self, checkout: Path, name: str, said: str, sentence: str
    ) -> None:
        (checkout / "recipe").write_text("flour")
        failing = step(checkout, f"print({said!r}); raise SystemExit(1)", name)
        with pytest.raises(Failure, match=sentence) as failure:
            failing.run()
        assert "\n" not in str(failure.value)


class TestModel:
    def test_its_name_follows_what_it_is_trained_on(self, checkout: Path) -> None:
        (checkout / "data").mkdir()
        (checkout / "data" / "nlu.yml").write_text("one")
        first = setup.model_path()
        assert setup.model_path() == first
        (checkout / "data" / "nlu.yml").write_text("two")
        second = setup.model_path()
        (checkout / "data" / "nlu.yml").rename(checkout / "data" / "other.yml")
        assert len({first, second, setup.model_path()}) == 3

    def test_caches_and_environments_do_not_count(self, checkout: Path) -> None:
        before = setup.model_path()
        for name in ("__pycache__", ".venv"):
            (checkout / "bot" / name).mkdir(parents=True)
            (checkout / "bot" / name / "file").write_text("x")
        assert setup.model_path() == before

    def test_a_current_model_is_not_trained_again(self, checkout: Path) -> None:
        path = setup.model_path()
        path.parent.mkdir()
        path.write_bytes(b"model")
        assert setup.model() == path
        assert not (checkout / "log").exists()

    def test_another_model_can_be_named_if_it_is_there(
        self, checkout: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = checkout / "other.tar.gz"
        monkeypatch.setenv("MEMBERLINE_MODEL", str(other))
        with pytest.raises(Failure, match="there is no such file"):
            setup.model_path()
        other.write_bytes(b"model")
        assert setup.model() == other


class TestPipSettings:
    def test_the_index_of_pip_is_uvs_too(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("UV_INDEX_URL", raising=False)
        monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
        monkeypatch.setenv("PIP_INDEX_URL", "https://index.example.org/simple")
        assert setup.pip_settings()["UV_DEFAULT_INDEX"] == "https://index.example.org/simple"

    @pytest.mark.parametrize("name", ["UV_INDEX_URL", "UV_DEFAULT_INDEX"])
    def test_one_that_uv_was_given_stays(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(name, "https://other.example.org/simple")
        monkeypatch.setenv("PIP_INDEX_URL", "https://index.example.org/simple")
        assert "UV_DEFAULT_INDEX" not in setup.pip_settings()


class _Disk(NamedTuple):
    total: int
    used: int
    free: int


def test_a_disk_that_is_too_small_is_said_before_anything_is_installed(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "PYTHON", checkout / "missing")
    monkeypatch.setattr(setup, "REQUIREMENTS", checkout)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: _Disk(10**10, 9 * 10**9, 10**9))
    with pytest.raises(Failure, match=r"has 1\.00 GB free, and 5\.00 GB are needed: make room"):
        setup.environments()


def test_a_machine_without_python_3_11_is_told_so(tmp_path: Path) -> None:
    for tool in ("sh", "dirname"):
        (tmp_path / tool).symlink_to(str(shutil.which(tool)))
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 1\n")
    (tmp_path / "python3").chmod(0o755)
    environment = {name: v for name, v in os.environ.items() if name != "PYTHON"}
    done = subprocess.run(  # noqa: PLW1510 (the failure is what is looked at)
        [str(Path(__file__).parents[2] / "scripts" / "bootstrap.sh"), "run"],
        env={**environment, "PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 is missing: install it")
    assert done.stderr.count("\n") == 1
