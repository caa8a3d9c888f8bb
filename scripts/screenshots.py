"""Makes the pictures in docs/screenshots anew from a running Memberline.

`make run` in one terminal, `.venv/bin/python -m scripts.screenshots` in another. It needs Debian's
chromium. Members ask about the March claim, at the chat page and at MVP's stand-in portal, for a
doctor, for the plans of two companies, in Spanish and for a person, whom the administrator plays;
they lose the line, write too fast and too much, and go away. Names after the command make only
these pictures. MEMBERLINE_VAR names the data folder when it is not var/.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.failure import Failure, one_sentence
from scripts.folder import folder
from scripts.setup import ROOT

PICTURES = ROOT / "docs" / "screenshots"
# A clone should not carry pictures around that nobody needs at this size.
MOST_BYTES = 60_000
_COLOURS = (256, 128, 64, 48, 32, 24, 16)
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
CHAT_SIZE = {"width": 1200, "height": 800}
DESK_SIZE = {"width": 1400, "height": 860}
PHONE_SIZE = {"width": 390, "height": 844}
PANEL_SIZE = {"width": 460, "height": 720}
NARROW_SIZE = {"width": 320, "height": 640}
# What is left of 1280 by 860 when everything is twice as large.
ZOOMED_SIZE = {"width": 640, "height": 430}
PATIENCE_MILLISECONDS = 20_000
# Of the fifteen minutes after which a chat with member data closes.
UNTIL_WARNED = "13:05"

QUESTION = "has my claim from march been paid?"
# Sample members of docs/sample-members.md: what they say as they are asked who they are.
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")
RILEY = ("Riley", "P10010003", "August 23, 1990", "14604")
AVERY = ("Avery", "U10010001", "May 17, 1984", "06103")
# Medical at MVP, dental at CIGNA.
TAYLOR = ("Taylor", "M10010009", "March 3, 1987", "12305")
# Uses up what a session may send in ten seconds, without saying anything.
_HURRY = """async () => {
  const headers = {
    Authorization: `Bearer ${sessionStorage.getItem("memberline.session")}`,
    "Content-Type": "application/json",
  };
  const empty = { method: "POST", headers, body: '{"client_message_id": "x"}' };
  const send = () => fetch("/chat/messages", empty);
  await Promise.all(Array.from({ length: 40 }, send));
}"""


@dataclass(frozen=True)
class Studio:
    """Where everything is. `password` is the desk administrator's."""

    browser: Browser
    bridge: str
    stand_in: str
    password: str

    @contextmanager
    def page(
        self, size: Mapping[str, int], path: str = "/", *, clock: bool = False, **options: Any
    ) -> Iterator[Page]:
        """A page in a browser of its own; `clock`: its time can be moved on."""
        context = self.browser.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            reduced_motion="reduce",
            **options,
        )
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        page = context.new_page()
        if clock:
            page.clock.install()
        page.goto(path if "://" in path else self.bridge + path)
        yield page
        context.close()

    @contextmanager
    def chat(self, size: Mapping[str, int] = PANEL_SIZE, **options: Any) -> Iterator[Page]:
        """The chat page, greeted."""
        with self.page(size, **options) as page:
            expect(page.locator(".from-assistant")).to_have_count(1)
            yield page
            _end(page)

    @contextmanager
    def member(
        self, who: Sequence[str], size: Mapping[str, int] = PANEL_SIZE, **options: Any
    ) -> Iterator[Page]:
        """A member who has just heard what became of the claim."""
        with self.chat(size, **options) as page:
            for words in (QUESTION, *who):
                _ask(page, words)
            expect(page.get_by_role("article").first).to_be_visible()
            yield page


def main() -> None:
    wanted = set(sys.argv[1:])
    with one_sentence(), sync_playwright() as playwright:
        bridge, password, stand_in = _running()
        chromium = shutil.which("chromium")
        if not chromium:
            raise Failure("Chromium is missing: install it (Debian: apt-get install chromium).")
        expect.set_options(timeout=PATIENCE_MILLISECONDS)
        PICTURES.mkdir(parents=True, exist_ok=True)
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        studio = Studio(browser, bridge, stand_in, password)
        for names, make in _PICTURES.items():
            if not wanted or wanted.intersection(names):
                make(studio)
        browser.close()


def _chat(studio: Studio) -> None:
    with studio.member(MORGAN, CHAT_SIZE) as page:
        _keep(page, "chat")


def _plan(studio: Studio) -> None:
    with studio.member(RILEY, CHAT_SIZE) as page:
        _ask(page, "which plan covers me?")
        _keep(page, "plan")


def _two_companies(studio: Studio) -> None:
    with studio.member(TAYLOR, CHAT_SIZE) as page:
        _ask(page, "which plan covers me?")
        _keep(page, "two-companies")


def _providers(studio: Studio) -> None:
    with studio.chat(CHAT_SIZE) as page:
        _ask(page, "find me a cardiologist near 12207")
        _keep(page, "providers")
    with studio.chat() as page:
        _ask(page, "find me a cardiologist near 12207")
        _keep(page, "provider-cards")


def _looks(studio: Studio) -> None:
    with studio.chat(PHONE_SIZE, color_scheme="dark") as page:
        _ask(page, "find me a dentist near 14604")
        _keep(page, "phone-dark")
    with studio.member(MORGAN, color_scheme="dark") as page:
        _keep(page, "dark")
    with studio.member(MORGAN, forced_colors="active", color_scheme="dark") as page:
        _keep(page, "high-contrast")
    with studio.member(MORGAN, NARROW_SIZE) as page:
        _keep(page, "narrow")
    with studio.member(MORGAN, ZOOMED_SIZE, device_scale_factor=2) as page:
        _keep(page, "twice-as-large")


def _spanish(studio: Studio) -> None:
    with studio.page(CHAT_SIZE, locale="es-US") as page:
        expect(page.locator(".from-assistant")).to_have_count(1)
        _press(page, "Revisar un reclamo")
        name, number, _, code = MORGAN
        for words in (name, number, "2 de noviembre de 1979", code):
            _ask(page, words, field="Su mensaje")
        _press(page, "El último")
        expect(page.get_by_role("article").first).to_be_visible()
        _keep(page, "spanish")
        _end(page, "Más", "Terminar y olvidar", "Empezar un chat nuevo")


def _answers(studio: Studio) -> None:
    with studio.member(MORGAN) as page:
        page.locator(".timeline").scroll_into_view_if_needed()
        _keep(page, "claim-card")
        page.get_by_role("button", name="No, not helpful").last.click()
        expect(page.get_by_role("button", name="Hard to understand")).to_be_visible()
        _keep(page, "not-helpful")
        _ask(page, "show me my ID card")
        page.locator(".plastic").scroll_into_view_if_needed()
        _keep(page, "id-card")


def _trouble(studio: Studio) -> None:
    with studio.member(MORGAN) as page:
        page.context.set_offline(True)
        _write(page, "and what is my deductible?")
        expect(page.locator(".banner")).not_to_be_empty()
        _keep(page, "offline")
        page.context.set_offline(False)
        expect(page.locator(".sending")).to_have_count(0)
    with studio.chat() as page:
        page.evaluate(_HURRY)
        _write(page, "which plan covers me?")
        expect(page.locator(".held")).to_be_visible()
        _keep(page, "too-many")
        expect(page.locator(".sending")).to_have_count(0)
    with studio.chat() as page:
        _write(page, "I went to the doctor in March, and then they sent me this letter. " * 62)
        expect(page.get_by_role("alert")).not_to_be_empty()
        _keep(page, "too-long")


def _going(studio: Studio) -> None:
    with studio.member(AVERY, clock=True) as page:
        page.clock.fast_forward(UNTIL_WARNED)
        expect(page.locator(".idle")).to_be_visible()
        _keep(page, "idle")
        _choose(page, "End and forget")
        _keep(page, "end")
        page.keyboard.press("Escape")
        _end(page)
        _keep(page, "ended")


def _portal(studio: Studio) -> None:
    """A member at the company's own website, who is not asked who they are."""
    with studio.page(CHAT_SIZE, f"{studio.stand_in}/portal") as page:
        page.get_by_role("button", name=MORGAN[1]).click()
        expect(page.get_by_role("heading", name=f"Welcome, {MORGAN[0]}")).to_be_visible()
        _keep(page, "portal-page")
        page.get_by_role("button", name="Chat with member service").click()
        expect(page.get_by_text("Identity confirmed")).to_be_visible()
        _ask(page, QUESTION)
        _keep(page, "portal")
        _end(page)


def _people(studio: Studio) -> None:
    """Two members wait, and the desk has the next question of one, with the answers it suggests."""
    with studio.member(RILEY) as other, studio.member(MORGAN) as member:
        for page in (other, member):
            page.locator(".actions").get_by_role("button", name="Talk to a person").click()
            _stay(page)
        _say(member, "it is about the bill that I got")
        expect(member.locator(".from-system").last).to_contain_text("kept for the person")
        _keep(member, "queue")
        with studio.page(DESK_SIZE, "/desk") as desk:
            desk.get_by_label("User name").fill("admin")
            desk.get_by_label("Password").fill(studio.password)
            desk.keyboard.press("Enter")
            desk.get_by_role("button", name=f"Accept {MORGAN[0]}").last.click()
            expect(member.locator(".who")).to_contain_text("is with you")
            _say(member, "which plan covers me?")
            expect(desk.locator(".suggestion").first).to_be_visible()
            _keep(desk, "desk")
            desk.get_by_role("textbox", name="Your reply").fill(
                "Hello, I have your claim of March in front of me. One moment."
            )
            desk.keyboard.press("Enter")
            expect(member.locator(".from-agent")).to_have_count(1)
            _keep(member, "person")
            desk.get_by_role("button", name="Hand back").click()
            desk.get_by_role("dialog").get_by_role("button", name="Hand back").click()


# Which pictures each of them makes.
_PICTURES: Mapping[tuple[str, ...], Callable[[Studio], None]] = {
    ("chat",): _chat,
    ("plan",): _plan,
    ("two-companies",): _two_companies,
    ("providers", "provider-cards"): _providers,
    ("phone-dark", "dark", "high-contrast", "narrow", "twice-as-large"): _looks,
    ("spanish",): _spanish,
    ("claim-card", "not-helpful", "id-card"): _answers,
    ("offline", "too-many", "too-long"): _trouble,
    ("idle", "end", "ended"): _going,
    ("portal-page", "portal"): _portal,
    ("queue", "desk", "person"): _people,
}


def _keep(page: Page, name: str) -> None:
    """The page as it is, in as many colours as fit into the largest size."""
    taken = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    for colours in _COLOURS:
        file = io.BytesIO()
        # By coverage: small signs keep their colours beside large grounds.
        reduced = taken.quantize(
            colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE
        )
        reduced.save(file, "PNG", optimize=True)
        if file.tell() <= MOST_BYTES:
            break
    (PICTURES / f"{name}.png").write_bytes(file.getvalue())


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


def _stay(page: Page) -> None:
    """At night the chat asks first whether to leave the message."""
    leave = page.get_by_role("button", name="Leave my message").last
    waits = page.locator(".who[data-owner=queue]")
    expect(leave.or_(waits).first).to_be_visible()
    if not waits.is_visible():
        leave.click()
    expect(waits).to_be_visible()


def _choose(page: Page, name: str, more: str = "More") -> None:
    page.get_by_role("button", name=more, exact=True).click()
    page.locator(".menu").get_by_role("button", name=name).click()


def _end(
    page: Page, more: str = "More", end: str = "End and forget", again: str = "Start a new chat"
) -> None:
    if page.get_by_role("button", name=again).is_visible():
        return
    _choose(page, end, more)
    page.get_by_role("dialog").get_by_role("button", name=end).click()
    expect(page.get_by_role("button", name=again)).to_be_visible()


def _press(page: Page, name: str) -> None:
    """Choose something that is offered, and wait for what the assistant says to it."""
    page.locator(".choices").get_by_role("button", name=name).click()
    _answered(page)


def _ask(page: Page, words: str, field: str = "Your message") -> None:
    """Say something and wait for what the assistant says to it."""
    _write(page, words, field)
    _answered(page)


def _answered(page: Page) -> None:
    expect(page.locator(".sending")).to_have_count(0)
    expect(page.locator(".typing")).to_be_hidden()
    expect(page.locator(".message").last).to_have_class(re.compile("from-assistant"))


def _say(page: Page, words: str) -> None:
    _write(page, words)
    expect(page.locator(".sending")).to_have_count(0)


def _write(page: Page, words: str, field: str = "Your message") -> None:
    page.get_by_label(field).fill(words)
    page.keyboard.press("Enter")


if __name__ == "__main__":
    main()
