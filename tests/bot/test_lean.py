"""Rasa without TensorFlow, and its graph run by a plan made once."""

import tarfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from rasa.engine.graph import GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.nlu.training_data import training_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.graph_runner import _plan, _run
from bot.lean import Absent, _Module, keep_fingerprints, pack_quickly, share_sentences


class TestStandIn:
    def test_classes_may_be_derived_from_it(self) -> None:
        keras: Any = _Module("tensorflow.keras")

        class Layer(keras.layers.Layer):  # type: ignore[misc]
            """Derived as Rasa's are."""

        assert issubclass(Layer, Absent)

    def test_what_it_decorates_stays(self) -> None:
        def double(value: int) -> int:
            return 2 * value

        assert _Module("tensorflow").function(double) is double

    def test_whoever_calls_it_is_told(self) -> None:
        with pytest.raises(RuntimeError, match="Tensor needs TensorFlow"):
            _Module("tensorflow").Tensor(1, 2)


def test_merged_training_files_share_their_sentences(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_data, "copy", training_data.copy)
    share_sentences()
    one = TrainingData([Message({"text": "where is my card"})])
    merged = one.merge(TrainingData([Message({"text": "hello"})]))
    assert [e.get("text") for e in merged.training_examples] == ["where is my card", "hello"]
    assert merged.training_examples[0] is one.training_examples[0]
    assert len(one.training_examples) == 1


def test_a_sentence_keeps_its_fingerprint_until_it_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Message, "set", Message.set)
    keep_fingerprints()
    one = Message({"text": "where is my card", "intent": "id_card"})
    before = one.fingerprint()
    one.set("intent", "id_card")
    assert one._cached_fingerprint == before
    one.set("intent", "greet", add_to_output=True)
    assert one.get("intent") == "greet"
    assert "intent" in one.output_properties
    assert one.fingerprint() != before


def test_a_model_is_packed_quickly_and_whole(tmp_path: Path) -> None:
    level = tarfile.TarFile.gzopen.__func__.__defaults__  # type: ignore[attr-defined]
    told = tmp_path / "told.txt"
    told.write_text("where is my card\n" * 1000)
    try:
        pack_quickly()
        with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as packed:
            packed.add(told, arcname="told.txt")
    finally:
        tarfile.TarFile.gzopen.__func__.__defaults__ = level  # type: ignore[attr-defined]
    # What a gzip header says of the quickest level (RFC 1952).
    assert (tmp_path / "model.tar.gz").read_bytes()[8] == 4
    with tarfile.open(tmp_path / "model.tar.gz") as packed:
        packed.extractall(tmp_path / "out", filter="data")
    assert (tmp_path / "out" / "told.txt").read_text() == told.read_text()


class TestPlan:
    # "last" needs both others; "other" is asked by nobody.
    NEEDS: ClassVar = {"first": {}, "middle": {"a": "first"}, "last": {"a": "middle", "b": "first"}}

    def schema(self) -> GraphSchema:
        def node(needs: dict[str, str]) -> SchemaNode:
            return SchemaNode(needs, object, "create", "run", {})

        nodes = {name: node(needs) for name, needs in self.NEEDS.items()}
        return GraphSchema({**nodes, "other": node({"a": "first"})})

    def test_each_node_comes_once_and_after_what_it_needs(self) -> None:
        assert [name for name, _ in _plan(self.schema(), ["last"])] == ["first", "middle", "last"]

    def test_runs_as_rasas_own_does(self) -> None:
        def node(name: str) -> Any:
            return lambda *given: (name, [name, *(value for _, value in given)])

        nodes = {name: node(name) for name in ("first", "middle", "last")}
        runner: Any = SimpleNamespace(_graph_schema=self.schema(), _instantiated_nodes=nodes)
        wanted = {"last": ["last", ["middle", "typed"], "typed"]}
        for _ in range(2):
            assert _run(runner, {"first": "typed"}, ["last"]) == wanted
        assert len(runner._memberline_plans) == 1
        assert callable(DaskGraphRunner.run)
