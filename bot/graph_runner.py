"""Rasa plans its graph anew at every message and every prediction, and writes each input into a
log line that nobody reads: about two milliseconds a run. The plan never changes, so it is made
once; the nodes and their order are Rasa's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphSchema
from rasa.engine.runner.dask import DaskGraphRunner

_Plan = list[tuple[str, tuple[str, ...]]]


def plan_once() -> None:
    """Run graphs of loaded models by a plan made once. Safe to call again; not for training, where
    what a step made must be given back as soon as the next has used it."""
    DaskGraphRunner.run = _run


def _run(
    self: DaskGraphRunner,
    inputs: dict[str, Any] | None = None,
    targets: list[str] | None = None,
) -> dict[str, Any]:
    wanted = tuple(targets or self._graph_schema.target_names)
    plans: dict[tuple[str, ...], _Plan] = self.__dict__.setdefault("_memberline_plans", {})
    if wanted not in plans:
        plans[wanted] = _plan(self._graph_schema, wanted)
    made = {name: (name, value) for name, value in (inputs or {}).items()}
    try:
        for name, needs in plans[wanted]:
            if name not in made:
                made[name] = self._instantiated_nodes[name](*(made.get(n, n) for n in needs))
    except RuntimeError as error:
        raise GraphRunError("Error running runner.") from error
    return {name: made[name][1] for name in wanted}


def _plan(schema: GraphSchema, wanted: Sequence[str]) -> _Plan:
    """Each node that the wanted ones need, after those that it needs itself."""
    nodes = schema.minimal_graph_schema(list(wanted)).nodes
    planned: dict[str, tuple[str, ...]] = {}

    def after(name: str) -> Iterator[str]:
        if name in nodes and name not in planned:
            needs = tuple(nodes[name].needs.values())
            for need in needs:
                yield from after(need)
            planned[name] = needs
            yield name

    return [(name, planned[name]) for target in wanted for name in after(target)]
