"""Real pages in Debian's Chromium, driven through Playwright."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.stack import Stack
from tests.web.line import Line
from tests.web.pages import ARGUMENTS, TIMEOUT_SECONDS, Chat, OpenPage


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "These tests need Chromium (Debian: apt-get install chromium)."
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, bridge: str) -> Iterator[OpenPage]:
    """Opens a page of the bridge in a browser of its own; fails on script errors and on whatever
    the content policy refused.
    """
    contexts = []
    trouble: list[str] = []

    def open_one(path: str = "/", **options: object) -> Page:
        context = chromium.new_context(base_url=bridge, **options)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(TIMEOUT_SECONDS * 1000)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on(
            "console",
            lambda message: trouble.append(message.text) if "Refused" in message.text else None,
        )
        page.goto(path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert trouble == []


@pytest.fixture
def line(bridge: str) -> Iterator[Line]:
    """The way to the bridge, which can be cut."""
    line = Line(int(bridge.rsplit(":", 1)[1]))
    yield line
    line.close()


@pytest.fixture
def chat(open_page: OpenPage) -> Chat:
    """The full chat page, greeted."""
    return Chat(open_page("/"))


@pytest.fixture(scope="session")
def bridge(stack: Stack) -> str:
    """Where the pages are."""
    return stack.bridge


@pytest.fixture(scope="session")
def administrator(stack: Stack) -> tuple[str, str]:
    """User name and password of the desk's first user."""
    lines = (stack.var / "desk-admin.txt").read_text("utf-8").splitlines()
    known = dict(line.split(": ", 1) for line in lines)
    return known["user"], known["password"]
