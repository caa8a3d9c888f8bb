"""What all tests share: the running stack, and the processes' logs when a test on it fails."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from pathlib import Path

import pytest

from scripts.setup import model_path
from tests.stack import START_SECONDS, Caller, Member, Stack, running_stack

_LOG_SIZES = pytest.StashKey[Mapping[Path, int]]()


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Redis, stand-ins, actions, Rasa and bridge, started once for all tests."""
    assert model_path().exists(), "There is no current model: run `make train` first."
    with running_stack(tmp_path_factory.mktemp("stack") / "var") as stack:
        yield stack


@pytest.fixture
def member(stack: Stack) -> Iterator[Member]:
    """Somebody who has just opened the chat page."""
    member = stack.member()
    yield member
    member.http.close()


@pytest.fixture
def caller(stack: Stack) -> Iterator[Caller]:
    """Somebody who has just called."""
    with stack.caller() as caller:
        yield caller


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if _uses_stack(item):
            # The first of them pays for the start; what holds every conversation takes longer.
            own = item.get_closest_marker("timeout")
            seconds = max(START_SECONDS + 120, own.args[0] if own else 0)
            item.add_marker(pytest.mark.timeout(seconds))
            item.add_marker(pytest.mark.stack)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    stack = _stack(item)
    if stack:
        item.stash[_LOG_SIZES] = stack.log_sizes()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    stack = _stack(item)
    if stack and report.failed:
        logs = stack.logs_since(item.stash.get(_LOG_SIZES, {}))
        report.sections.append(("Logs of the processes", logs))
    return report


def _uses_stack(item: pytest.Item) -> bool:
    return "stack" in getattr(item, "fixturenames", ())


def _stack(item: pytest.Item) -> Stack | None:
    found = getattr(item, "funcargs", {}).get("stack")
    return found if isinstance(found, Stack) else None
