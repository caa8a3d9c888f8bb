"""Installs what Memberline needs, once: environments, encoder, trained model.

    scripts/bootstrap.sh environments|encoder|model|run

Each step names what it is made from; while that is unchanged the step is skipped, and nothing is
downloaded. Runs before any environment exists, so it uses the standard library only.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scripts import ports
from scripts.failure import Failure, check_disk, last_line, one_sentence
from scripts.folder import folder, only_start
from scripts.orphans import die_with_parent

ROOT = Path(__file__).resolve().parent.parent
PYTHON = ROOT / ".venv" / "bin" / "python"
BOT_PYTHON = ROOT / "bot" / ".venv" / "bin" / "python"
TOOLS = ROOT / ".tools" / "venv"
REQUIREMENTS = ROOT / "requirements"
ENCODER = ROOT / "var" / "encoder"
MODELS = ROOT / "models"
LOGS = ROOT / "var" / "log"

# Both environments take 3.3 GB; while they are unpacked, about half as much again.
INSTALLATION_BYTES = 5_000_000_000
KEPT_MODELS = 3
_UV_NAMES = {"index-url": "UV_DEFAULT_INDEX", "cert": "SSL_CERT_FILE"}
# What decides what the model says; Rasa's version stands in the lock.
_MODEL_SOURCES = (
    "config.yml",
    "domain.yml",
    "data",
    "bot/nlu",
    "alliance/spoken.py",
    "alliance/values",
    "alliance/gazetteer.py",
    "alliance/data/gazetteers",
    "alliance/data/bands.json",
    "alliance/data/zipcodes.tsv",
    "requirements/bot.lock",
)


def say(text: str) -> None:
    print(text, flush=True)


def main(steps: Sequence[str]) -> None:
    with one_sentence():
        if "run" in steps:
            # Before the minutes that the first installation takes.
            with only_start(folder(os.environ)):
                ports.choose(os.environ)
        with _alone():
            environments()
            if {"encoder", "model", "run"} & set(steps):
                encoder()
            if {"model", "run"} & set(steps):
                # For the start below: whoever edits a file meanwhile does not change which it is.
                os.environ["MEMBERLINE_MODEL"] = str(model())
    if "run" in steps:
        os.execv(PYTHON, [str(PYTHON), "-m", "scripts.run"])  # noqa: S606 (no shell is wanted)


def environments() -> None:
    """The tools, the root's environment and Rasa's, as their locks say."""
    todo = [step for step in _environments() if not step.done()]
    if not todo:
        return
    first = not PYTHON.exists()
    if first:
        check_disk(ROOT, INSTALLATION_BYTES)
    say(
        "Installing the environments (first time only, about two minutes) ..."
        if first
        else "Bringing the environments up to date ..."
    )
    for step in todo:
        step.run()


def encoder() -> None:
    """The sentence encoder that Rasa understands with."""
    builder = ROOT / "scripts" / "build_encoder.py"
    step = _Step(
        name="encoder",
        made_from=(REQUIREMENTS / "encoder.lock", builder),
        makes=(ENCODER / "minilm-int8.onnx", ENCODER / "tokenizer.json"),
        commands=((str(PYTHON), str(builder)),),
        stamp=ENCODER / "stamp",
    )
    if not step.done():
        say("Building the sentence encoder ...")
        step.run()


def model() -> Path:
    """Train unless there is a model of what stands in the files now; returns its path."""
    path = model_path()
    if path.exists():
        return path
    say("Training the assistant (only when something about it has changed) ...")
    began = time.monotonic()
    unfinished = ROOT / "var" / "training"
    shutil.rmtree(unfinished, ignore_errors=True)
    name = path.name.removesuffix(".tar.gz")
    command = (
        "scripts/rasa",
        "train",
        "--skip-validation",
        "--out",
        str(unfinished),
        "--fixed-model-name",
        name,
    )
    _run("train", (command,))
    MODELS.mkdir(exist_ok=True)
    (unfinished / path.name).replace(path)
    _forget_old_models()
    say(f"The assistant is trained ({time.monotonic() - began:.0f} seconds).")
    return path


def model_path() -> Path:
    """Where the model of the files as they are now is, or will be.

    MEMBERLINE_MODEL names another one. Raises Failure when that is missing.
    """
    named = os.environ.get("MEMBERLINE_MODEL")
    if named:
        if not Path(named).is_file():
            raise Failure(f"MEMBERLINE_MODEL is {named!r}, and there is no such file: unset it.")
        return Path(named).resolve()
    sources = [ROOT / name for name in _MODEL_SOURCES] + [ENCODER / "built.json"]
    return MODELS / f"memberline-{_digest(sources)[:16]}.tar.gz"


def _forget_old_models() -> None:
    models = sorted(MODELS.glob("memberline-*.tar.gz"), key=lambda path: path.stat().st_mtime)
    for path in models[:-KEPT_MODELS]:
        path.unlink(missing_ok=True)


@dataclass(frozen=True)
class _Step:
    """Commands that make something from files; a stamp remembers which files those were."""

    name: str
    made_from: tuple[Path, ...]
    makes: tuple[Path, ...]
    commands: tuple[tuple[str, ...], ...]
    stamp: Path

    def done(self) -> bool:
        return (
            all(path.exists() for path in self.makes)
            and self.stamp.exists()
            and self.stamp.read_text() == self._wanted()
        )

    def run(self) -> None:
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.write_text(f"unfinished {ROOT}")
        _run(self.name, self.commands)
        self.stamp.write_text(self._wanted())

    def _wanted(self) -> str:
        # The place counts: an environment's programs name their interpreter by its full path.
        return f"{_digest(self.made_from)} {ROOT}"


def _environments() -> Iterator[_Step]:
    lock = REQUIREMENTS / "tools.lock"
    yield _Step(
        name="install-tools",
        made_from=(lock,),
        makes=(TOOLS / "bin" / "uv",),
        commands=(
            (sys.executable, "-m", "venv", "--clear", str(TOOLS)),
            (
                *(str(TOOLS / "bin" / "python"), "-m", "pip", "install", "--quiet"),
                *("--disable-pip-version-check", "--require-hashes", "-r", str(lock)),
            ),
        ),
        stamp=TOOLS / "stamp",
    )
    for name, python in (("main", PYTHON), ("bot", BOT_PYTHON)):
        lock, place = REQUIREMENTS / f"{name}.lock", python.parent.parent
        uv, stamp = str(TOOLS / "bin" / "uv"), place / "stamp"
        moved = stamp.exists() and not stamp.read_text().endswith(f" {ROOT}")
        keep = "--clear" if moved else "--allow-existing"
        yield _Step(
            name=f"install-{name}",
            made_from=(lock,),
            makes=(python,),
            commands=(
                (uv, "venv", keep, "--python", sys.executable, str(place)),
                (uv, "pip", "sync", "--require-hashes", "--python", str(python), str(lock)),
            ),
            stamp=stamp,
        )


def pip_settings() -> dict[str, str]:
    """The package index and certificates that pip is configured with, as uv's variables.

    uv reads none of pip's files, and on many machines these alone lead to an index.
    """
    python = TOOLS / "bin" / "python"
    if not python.exists():
        return {}
    command = [str(python), "-m", "pip", "config", "list"]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    settings = {}
    for line in said.splitlines():
        # Like global.index-url='https://...', or :env:.cert='...', which comes last and wins.
        name, _, value = line.partition("=")
        variable = _UV_NAMES.get(name.rpartition(".")[2])
        if variable:
            settings[variable] = value.strip("'\"")
    if "UV_INDEX_URL" in os.environ:
        settings.pop("UV_DEFAULT_INDEX", None)
    return {name: value for name, value in settings.items() if name not in os.environ}


def _run(name: str, commands: Iterable[Sequence[str]]) -> None:
    """Run commands with their output in var/log/NAME.log. Raises Failure naming it."""
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / f"{name}.log"
    environment = {**os.environ, **pip_settings()}
    environment |= {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1"}
    environment.pop("VIRTUAL_ENV", None)
    with log.open("wb") as output:
        for command in commands:
            done = subprocess.run(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                preexec_fn=die_with_parent(),
                check=False,
            )
            if done.returncode:
                raise Failure(_reason(name, log))


def _reason(name: str, log: Path) -> str:
    text = log.read_text("utf-8", "replace")
    if "No space left on device" in text or "os error 28" in text:
        return "The disk is full: make room, and start again."
    if "ensurepip" in text or "No module named venv" in text:
        return (
            "Python's venv module is missing: install it "
            "(Debian: apt-get install python3.11-venv), and start again."
        )
    if name.startswith("install"):
        advice = "see that the package index can be reached, and start again"
    elif name == "train":
        advice = "correct the dialogue's files (`scripts/rasa data validate` helps)"
    else:
        advice = "start again"
    return f"The step '{name}' failed: {advice}; the log is {log} ({last_line(log)[:200]})."


def _digest(paths: Iterable[Path]) -> str:
    """One hash over files, and over all files in folders, with their names."""
    total = hashlib.sha256()
    for path in paths:
        for file in sorted(_files(path)):
            total.update(str(file.relative_to(ROOT)).encode() + b"\0")
            total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for place, folders, names in os.walk(path):
        folders[:] = [name for name in folders if name not in (".venv", "__pycache__")]
        yield from (Path(place, name) for name in names)


@contextmanager
def _alone() -> Iterator[None]:
    """Two starts must not install into one folder at the same time: the second waits."""
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "setup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Another command is preparing this folder; waiting for it ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main(sys.argv[1:])
