"""Which queue of people serves whom."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import yaml

from alliance.errors import ConfigurationError
from alliance.partners import Partners
from alliance.routing import ROUTING_FILE, load_routing


@pytest.fixture(scope="module")
def routing() -> Any:
    return yaml.safe_load(ROUTING_FILE.read_text("utf-8"))


@pytest.mark.parametrize(
    ("partner", "queue"),
    [
        ("cigna", "cigna-member-services"),
        ("mvp", "mvp-member-services"),
        ("preferred-care", "preferred-care-member-services"),
        (None, "alliance-front-desk"),
        ("", "alliance-front-desk"),
        ("tufts", "alliance-front-desk"),
    ],
)
def test_the_company_s_own_people(
    routing: Any, partners: Partners, partner: str | None, queue: str
) -> None:
    assert load_routing(routing, partners).queue(partner).name == queue


def test_no_two_queues_share_a_workflow(routing: Any, partners: Partners) -> None:
    queues = load_routing(routing, partners).queues.values()
    assert len({queue.workflow for queue in queues}) == len(queues)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda file: file.pop("queues"), "needs 'queues:' with an entry 'any'"),
        (lambda file: file.update(queues=[]), "needs 'queues:' with an entry 'any'"),
        (lambda file: file["queues"].pop("any"), "needs 'queues:' with an entry 'any'"),
        (lambda file: file["queues"].pop("mvp"), "company 'mvp' has no queue"),
        (lambda file: file["queues"]["mvp"].pop("name"), "queue of 'mvp' needs 'name'"),
        (lambda file: file["queues"].update(mvp="mvp"), "queue of 'mvp' needs 'name'"),
    ],
)
def test_a_broken_file_gives_one_sentence(
    routing: Any, partners: Partners, change: Callable[[Any], Any], sentence: str
) -> None:
    broken = copy.deepcopy(routing)
    change(broken)
    with pytest.raises(ConfigurationError) as caught:
        load_routing(broken, partners)
    assert sentence in caught.value.detail


@pytest.mark.parametrize("nothing", [None, [], "queues"])
def test_no_file_at_all(nothing: Any, partners: Partners) -> None:
    with pytest.raises(ConfigurationError, match=r"routing\.yml"):
        load_routing(nothing, partners)
