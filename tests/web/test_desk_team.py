"""Two agents and three members, each in a browser of their own."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from tests.web.pages import AVERY, MORGAN, RILEY, Chat, Desk, Member, OpenPage

pytestmark = [pytest.mark.extra, pytest.mark.stack]
PASSWORD = "a-password-of-the-tests"
WIDE = {"width": 1440, "height": 900}
Password = tuple[str, str]


@pytest.fixture
def team(open_page: OpenPage, administrator: Password) -> dict[str, Desk]:
    """The administrator, who makes two agents, on the page for it, and supervises."""
    desks = {"admin": Desk(open_page("/desk", viewport=WIDE), *administrator)}
    page = desks["admin"].page
    page.get_by_role("link", name="Users").click()
    for name in ("Mia", "Max"):
        username = f"{name.lower()}-{uuid4().hex[:6]}"
        form = page.get_by_role("form", name="New user")
        form.get_by_label("User name").fill(username)
        form.get_by_label("Name that members see").fill(name)
        for company in (AVERY.company, MORGAN.company, RILEY.company):
            form.get_by_label(company).check()
        form.get_by_label("Password").fill(PASSWORD)
        form.get_by_role("button", name="Add").click()
        expect(page.get_by_role("form", name=username)).to_be_visible()
        desks[name] = Desk(open_page("/desk", viewport=WIDE), username, PASSWORD)
    page.get_by_role("link", name="Back to the desk").click()
    expect(page.get_by_role("heading", name="Waiting")).to_be_visible()
    return desks


def ask_for_person(page: Page, member: Member) -> Chat:
    chat = Chat(page)
    chat.ask_about_march(member)
    chat.person.click()
    chat.stay_for_a_person()
    expect(chat.page.locator(".who")).to_have_text(re.compile("Waiting for a person"))
    return chat


def test_two_agents_serve_three_members(open_page: OpenPage, team: dict[str, Desk]) -> None:
    chats = {m.first_name: ask_for_person(open_page("/"), m) for m in (AVERY, MORGAN, RILEY)}
    mia, max_, admin = team["Mia"], team["Max"], team["admin"]
    mia.accept(AVERY.first_name)
    mia.accept(MORGAN.first_name)
    max_.accept(RILEY.first_name)

    # Each member hears their own agent's words, and nobody else's.
    for desk, name in ((mia, "Morgan"), (max_, "Riley")):
        desk.editor.fill(f"Hello {name}")
        desk.editor.press("Enter")
        expect(chats[name].said("agent", f"Hello {name}")).to_be_visible()
    for name, chat in chats.items():
        others = {"Avery", "Morgan", "Riley"} - {name}
        for other in others:
            expect(chat.said("agent", f"Hello {other}")).to_have_count(0)

    # The agent's typing shows at the member's, until the words come.
    mia.editor.press_sequentially("One mom")
    expect(chats["Morgan"].page.locator(".typing")).to_be_visible()

    chats["Morgan"].page.get_by_label("Your message").press_sequentially("I w")
    expect(mia.page.get_by_text("Member is typing")).to_be_visible()

    # Suggestions are the open conversation's alone; switching clears them at once.
    chats["Morgan"].say("which plan covers me?")
    expect(mia.suggestions.first).to_contain_text(MORGAN.company)
    mia.page.locator(".entry .row").filter(has_text="Avery").click()
    expect(mia.page.locator(".side")).not_to_contain_text(MORGAN.company)
    expect(mia.editor).to_have_value("")

    # A transfer with a note that the member does not see.
    note = f"please call back {uuid4().hex[:8]}"
    mia.transfer("Max", note)
    row = max_.page.locator(".entry .row").filter(has_text="Avery")
    row.click()
    expect(max_.page.locator(".note")).to_contain_text(note)
    expect(chats["Avery"].page.locator(".who")).to_contain_text("Max")
    expect(chats["Avery"].page.get_by_text(note)).to_have_count(0)

    # The supervisor watches, and goes on in the agent's place.
    admin.page.locator(".entry .row").filter(has_text="Riley").click()
    expect(admin.page.locator(".over")).to_contain_text("You are watching")
    admin.page.get_by_role("button", name="Take over").click()
    admin.page.get_by_role("dialog").get_by_role("button", name="Take over").click()
    expect(chats["Riley"].page.locator(".who")).to_contain_text("Administrator")

    # Whoever's page is gone loses the conversation to the queue, after 30 seconds.
    mia.page.context.close()
    expect(chats["Morgan"].said("system", "connection")).to_be_visible(timeout=60_000)
    expect(max_.page.get_by_role("button", name=f"Accept {MORGAN.first_name}").last).to_be_visible()
