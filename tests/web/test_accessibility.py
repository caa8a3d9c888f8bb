"""WCAG 2.2 AA as far as a machine can tell: axe-core on every state that people meet."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.stack import Stack
from tests.web.pages import CLAIM_QUESTION, MORGAN, Chat, Desk, OpenPage

pytestmark = [pytest.mark.extra, pytest.mark.stack]

AXE = "axe-core@4.10.3"
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without motion: what is half faded in has no contrast yet.
SCHEMES = [
    {"color_scheme": "light", "reduced_motion": "reduce"},
    {"color_scheme": "dark", "reduced_motion": "reduce"},
    {"forced_colors": "active", "reduced_motion": "reduce"},
]
MORE_CONTRAST = {"contrast": "more", "reduced_motion": "reduce"}
PHONE = {"width": 320, "height": 640}
# What is left of 1280 by 860 when everything is twice as large.
ZOOMED = {"width": 640, "height": 430}


@pytest.fixture(scope="session")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    npm = shutil.which("npm")
    assert npm, "axe-core comes from npm (Debian: apt-get install npm)."
    folder = tmp_path_factory.mktemp("axe")
    subprocess.run(
        [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", AXE],
        check=True,
        capture_output=True,
    )
    return Path(folder, "node_modules", "axe-core", "axe.min.js").read_text("utf-8")


def faults(page: Page, axe: str) -> list[str]:
    """What axe-core objects to, with the places."""
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("levels => axe.run({runOnly: levels})", LEVELS)
    return [
        f"{violation['id']}: {node['html']}: {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def fits(page: Page) -> bool:
    """Whether nothing has to be moved sideways to be read (WCAG 1.4.10), apart from tables."""
    return bool(
        page.evaluate(
            "[document.documentElement, document.querySelector('main')]"
            ".every((part) => part.scrollWidth <= part.clientWidth)"
        )
    )


@pytest.mark.parametrize(
    "scheme", [*SCHEMES, MORE_CONTRAST], ids=lambda scheme: "-".join(scheme.values())
)
@pytest.mark.parametrize("viewport", [None, PHONE, ZOOMED], ids=["wide", "phone", "zoomed"])
def test_the_chat(
    open_page: OpenPage, axe: str, scheme: dict[str, str], viewport: dict[str, int] | None
) -> None:
    options = {"viewport": viewport} if viewport else {}
    chat = Chat(open_page("/", **options, **scheme))
    assert faults(chat.page, axe) == []

    chat.ask_about_march(MORGAN)
    chat.page.get_by_role("button", name="No, not helpful").click()
    assert faults(chat.page, axe) == []

    chat.say("find me a cardiologist near 12207")
    chat.page.get_by_role("button", name="More", exact=True).click()
    assert faults(chat.page, axe) == []
    chat.page.keyboard.press("Escape")

    chat.page.route("**/chat/messages**", lambda route: route.abort())
    chat.input.fill("hello")
    chat.input.press("Enter")
    expect(chat.page.locator(".banner")).not_to_be_empty()
    assert faults(chat.page, axe) == []

    chat.choose("End and forget")
    assert faults(chat.page, axe) == []
    chat.page.get_by_role("dialog").get_by_role("button", name="End and forget").click()
    assert faults(chat.page, axe) == []


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: next(iter(scheme.values())))
def test_on_another_sites_page(
    open_page: OpenPage, stack: Stack, axe: str, scheme: dict[str, str]
) -> None:
    page = open_page(f"{stack.sandbox('mvp')}/portal", **scheme)
    expect(page.get_by_role("button", name="Chat with member service")).to_be_visible()
    assert faults(page, axe) == []
    page.get_by_role("button", name=MORGAN.member_id).click()
    page.get_by_role("button", name="Chat with member service").click()
    expect(page.get_by_text("Identity confirmed")).to_be_visible()
    Chat(page).say(CLAIM_QUESTION)
    expect(page.get_by_role("article")).to_be_visible()
    assert faults(page, axe) == []


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: next(iter(scheme.values())))
def test_the_desk(
    open_page: OpenPage,
    chat: Chat,
    administrator: tuple[str, str],
    axe: str,
    scheme: dict[str, str],
) -> None:
    page = open_page("/desk", viewport={"width": 1440, "height": 900}, **scheme)
    page.locator("main").wait_for()
    assert faults(page, axe) == []
    chat.ask_about_march(MORGAN)
    chat.person.click()
    chat.stay_for_a_person()
    desk = Desk(page, *administrator)
    expect(page.get_by_role("button", name=f"Accept {MORGAN.first_name}").first).to_be_visible()
    assert faults(page, axe) == []

    desk.accept(MORGAN.first_name)
    chat.say(CLAIM_QUESTION)
    expect(desk.suggestions.first).to_be_visible()
    assert faults(page, axe) == []
    for key in "hcbptwv":
        page.keyboard.press(f"Alt+{key}")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert faults(page, axe) == []
        page.keyboard.press("Escape")

    chat.say("my husband has chest pain and can't breathe")
    expect(page.get_by_role("alert")).to_contain_text("EMERGENCY")
    assert faults(page, axe) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert faults(page, axe) == []


@pytest.mark.parametrize("scheme", SCHEMES, ids=lambda scheme: next(iter(scheme.values())))
def test_the_supervisors_pages(
    open_page: OpenPage, administrator: tuple[str, str], axe: str, scheme: dict[str, str]
) -> None:
    desk = Desk(
        open_page("/desk", viewport={"width": 1440, "height": 900}, **scheme), *administrator
    )
    desk.page.get_by_role("link", name="Figures").click()
    expect(desk.page.get_by_text("Answered without a person")).to_be_visible()
    expect(desk.page.get_by_text("All answers are in service.")).to_be_visible()
    assert faults(desk.page, axe) == []
    desk.page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert faults(desk.page, axe) == []
    assert fits(desk.page)

    desk.page.get_by_role("link", name="Back to the desk").click()
    desk.page.get_by_role("link", name="Users").click()
    expect(desk.page.get_by_role("form", name="New user")).to_be_visible()
    assert faults(desk.page, axe) == []
    assert fits(desk.page)

    desk.page.get_by_role("link", name="Back to the desk").click()
    desk.page.get_by_role("link", name="Learning").click()
    expect(desk.page.get_by_role("heading", name="Learning")).to_be_visible()
    # A sentence to label is there when another test has left one; the list is checked either way.
    expect(desk.page.locator(".to-learn li").first).to_be_visible()
    assert faults(desk.page, axe) == []
    assert fits(desk.page)
