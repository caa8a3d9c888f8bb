"""Rasa's command line without TensorFlow, for the process that answers members and for training.

    python -m bot.lean run --model FILE ...
    python -m bot.lean train ...

Rasa imports TensorFlow with every one of its stock components, also where the pipeline names none:
400 MB and several seconds at each start, of which nothing is ever called. Here its modules find a
stand-in that they can derive their classes from and that says so if it is called.
"""

from __future__ import annotations

import copy
import importlib
import importlib.abc
import importlib.machinery
import sys
import tarfile
from collections.abc import Iterable, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any

_ABSENT = ("tensorflow", "keras", "tensorflow_addons", "tensorflow_hub", "tensorflow_text")


class _Kind(type):
    """What is asked of a stand-in is one too, whatever its name."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Kind(name, (Absent,), {"__module__": cls.__module__})

    def __getitem__(cls, item: object) -> Any:
        return cls


class Absent(metaclass=_Kind):
    """Stands for anything of TensorFlow's: may be derived from, named and used as a decorator."""

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        """The decorated function as it was; of a class derived from this one, an error."""
        if len(args) == 1 and callable(args[0]) and not kwargs:
            return args[0]
        raise RuntimeError(f"{cls.__name__} needs TensorFlow, which bot.lean leaves out")


class _Module(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _Kind(name, (Absent,), {"__module__": self.__name__})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name.split(".", 1)[0] not in _ABSENT:
            return None
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """There is nothing to run."""


def without_tensorflow() -> None:
    """Call before Rasa is imported. Whoever can do without TensorFlow is told that it is missing,
    and so is imported first: spaCy."""
    if "tensorflow" in sys.modules:
        return
    hidden = dict.fromkeys(_ABSENT)
    sys.modules.update(hidden)  # type: ignore[arg-type]
    try:
        importlib.import_module("spacy")
    finally:
        for name in hidden:
            del sys.modules[name]
    sys.meta_path.insert(0, _Finder())


def share_sentences() -> None:
    """Let Rasa's merges of training files share their sentences. It copies all of them at each
    merge, eight times over, which takes longer than reading the files."""
    module = importlib.import_module("rasa.shared.nlu.training_data.training_data")
    module.copy = SimpleNamespace(deepcopy=copy.copy)  # type: ignore[attr-defined]


def keep_fingerprints() -> None:
    """Let a sentence keep its fingerprint where nothing about it changes. Rasa strips the intents
    of all sentences at each merge, and then makes all fingerprints anew."""
    message = importlib.import_module("rasa.shared.nlu.training_data.message").Message
    assign = message.set

    def assign_what_differs(self: Any, prop: str, info: Any, add_to_output: bool = False) -> None:
        if add_to_output or self.get(prop) != info:
            assign(self, prop, info, add_to_output)

    message.set = assign_what_differs


def read_once() -> None:
    """Let Rasa read the training files once. It does so for the intents that its domain needs, and
    again for their sentences."""
    utils: Any = importlib.import_module("rasa.shared.importers.utils")
    read = utils.training_data_from_paths
    known: dict[tuple[tuple[str, ...], str], Any] = {}

    def read_or_known(paths: Iterable[str], language: str) -> Any:
        key = (tuple(paths), language)
        if key not in known:
            known[key] = read(key[0], language)
        return known[key]

    utils.training_data_from_paths = read_or_known


def pack_quickly() -> None:
    """Pack the model at gzip's quickest level: Rasa asks for none, and Python's slowest, which it
    gets, takes ten times as long to save a few per cent of a model's size."""
    mode, file, _ = tarfile.TarFile.gzopen.__func__.__defaults__  # type: ignore[attr-defined]
    tarfile.TarFile.gzopen.__func__.__defaults__ = (mode, file, 1)  # type: ignore[attr-defined]


def main() -> None:
    """Rasa's own command line."""
    without_tensorflow()
    if sys.argv[1:2] == ["train"]:
        share_sentences()
        keep_fingerprints()
        read_once()
        pack_quickly()
    importlib.import_module("rasa.__main__").main()


if __name__ == "__main__":
    main()
