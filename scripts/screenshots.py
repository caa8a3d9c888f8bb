"""Makes the pictures in docs/screenshots anew from a running Memberline.

`make run` in one terminal, `.venv/bin/python -m scripts.screenshots` in another. It needs Debian's
chromium. Members ask about the March claim, at the chat page and at MVP's stand-in portal, for a
doctor, for the plans of two companies, in Spanish and for a person, whom the administrator plays.
MEMBERLINE_VAR names the data folder when it is not var/.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.failure import Failure, one_sentence
from scripts.folder import folder
from scripts.setup import ROOT

PICTURES = ROOT / "docs" / "screenshots"
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
CHAT_SIZE = {"width": 1280, "height": 860}
DESK_SIZE = {"width": 1440, "height": 900}
PHONE_SIZE = {"width": 390, "height": 844}
PATIENCE_MILLISECONDS = 20_000

QUESTION = "has my claim from march been paid?"
# Sample members of docs/sample-members.md: what they say as they are asked who they are.
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
RILEY = ("Riley", "P10010003", "August 23, 1990", "14604")
# Medical at MVP, dental at CIGNA.
TAYLOR = ("Taylor", "M10010009", "March 3, 1987", "12305")


def main() -> None:
    with one_sentence(), sync_playwright() as playwright:
        bridge, password, stand_in = _running()
        chromium = shutil.which("chromium")
        if not chromium:
            raise Failure("Chromium is missing: install it (Debian: apt-get install chromium).")
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        PICTURES.mkdir(parents=True, exist_ok=True)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        member, other = _member(browser, bridge, MORGAN), _member(browser, bridge, RILEY)
        member.screenshot(path=PICTURES / "chat.png")
        _ask(other, "which plan covers me?")
        other.screenshot(path=PICTURES / "plan.png")
        of_two = _member(browser, bridge, TAYLOR)
        _ask(of_two, "which plan covers me?")
        of_two.screenshot(path=PICTURES / "two-companies.png")
        for name, size, dark, words in (
            ("providers", CHAT_SIZE, False, "find me a cardiologist near 12207"),
            ("phone-dark", PHONE_SIZE, True, "find me a dentist near 14604"),
            ("spanish", CHAT_SIZE, False, None),
        ):
            page = _page(browser, f"{bridge}/", size, dark=dark)
            expect(page.locator(".from-assistant")).to_have_count(1)
            if words:
                _ask(page, words)
            else:
                _choose(page, "Español")
            page.screenshot(path=PICTURES / f"{name}.png")
        portal = _portal(browser, stand_in)
        portal.screenshot(path=PICTURES / "portal.png")
        _end(portal)
        desk = _desk(browser, bridge, password, member, other)
        desk.screenshot(path=PICTURES / "desk.png")
        desk.get_by_role("button", name="Hand back").click()
        desk.get_by_role("dialog").get_by_role("button", name="Hand back").click()
        for page in (member, other, of_two):
            _end(page)
        browser.close()


def _running() -> tuple[str, str, str]:
    """The running bridge's address, the administrator's password, and the address of MVP's
    stand-in. Raises Failure.
    """
    var = folder(os.environ)
    try:
        running = json.loads((var / "running.json").read_text("utf-8"))
        lines = (var / "desk-admin.txt").read_text("utf-8").splitlines()
    except FileNotFoundError as error:
        raise Failure(
            f"{Path(error.filename).name} is not in {var}: start Memberline with `make run` first."
        ) from error
    password = dict(line.split(": ", 1) for line in lines)["password"]
    return str(running["bridge"]), password, str(running["environment"]["MVP_BACKEND_URL"])


def _page(browser: Browser, address: str, size: dict[str, int], *, dark: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE_MILLISECONDS)
    page = context.new_page()
    page.goto(address)
    return page


def _member(browser: Browser, bridge: str, who: Sequence[str]) -> Page:
    """A member who has just heard what became of the claim."""
    page = _page(browser, f"{bridge}/", CHAT_SIZE)
    expect(page.locator(".from-assistant")).to_have_count(1)
    for answers, words in enumerate((QUESTION, *who), start=1):
        _say(page, words)
        expect(page.locator(".from-assistant")).to_have_count(answers + 1)
    expect(page.get_by_role("article").first).to_be_visible()
    return page


def _portal(browser: Browser, stand_in: str) -> Page:
    """A member at the company's own website, who is not asked who they are."""
    page = _page(browser, f"{stand_in}/portal", CHAT_SIZE)
    page.get_by_role("button", name=MORGAN[1]).click()
    page.get_by_role("button", name="Chat with member service").click()
    expect(page.get_by_text("Identity confirmed")).to_be_visible()
    _ask(page, QUESTION)
    return page


def _desk(browser: Browser, bridge: str, password: str, member: Page, other: Page) -> Page:
    """The desk with the member's next question, the answers it suggests, and another who waits."""
    for page in (member, other):
        page.locator(".actions").get_by_role("button", name="Talk to a person").click()
        _stay(page)
    desk = _page(browser, f"{bridge}/desk", DESK_SIZE)
    desk.get_by_label("User name").fill("admin")
    desk.get_by_label("Password").fill(password)
    desk.keyboard.press("Enter")
    desk.get_by_role("button", name=f"Accept {MORGAN[0]}").last.click()
    expect(member.locator(".who")).to_contain_text("is with you")
    _say(member, "which plan covers me?")
    expect(desk.locator(".suggestion").first).to_be_visible()
    return desk


def _stay(page: Page) -> None:
    """At night the chat asks first whether to leave the message."""
    leave = page.get_by_role("button", name="Leave my message").last
    waits = page.locator(".who[data-owner=queue]")
    expect(leave.or_(waits).first).to_be_visible()
    if not waits.is_visible():
        leave.click()
    expect(waits).to_be_visible()


def _choose(page: Page, name: str) -> None:
    page.get_by_role("button", name="More", exact=True).click()
    page.locator(".menu").get_by_role("button", name=name).click()


def _end(page: Page) -> None:
    _choose(page, "End and forget")
    page.get_by_role("dialog").get_by_role("button", name="End and forget").click()
    expect(page.get_by_role("button", name="Start a new chat")).to_be_visible()


def _ask(page: Page, words: str) -> None:
    """Say something and wait for what the assistant says to it."""
    _say(page, words)
    expect(page.locator(".typing")).to_be_hidden()
    expect(page.locator(".message").last).to_have_class(re.compile("from-assistant"))


def _say(page: Page, words: str) -> None:
    page.get_by_label("Your message").fill(words)
    page.keyboard.press("Enter")
    expect(page.locator(".sending")).to_have_count(0)


if __name__ == "__main__":
    main()
