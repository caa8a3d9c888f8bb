"""A supervisor's page: figures, an answer taken out of service and put back, who was told."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.web.pages import MORGAN, Chat, Desk, OpenPage

pytestmark = [pytest.mark.extra, pytest.mark.stack]
SWITCH_SECONDS = 60


def test_an_answer_is_withdrawn_within_a_minute_and_found_where_it_was_told(
    open_page: OpenPage, chat: Chat, administrator: tuple[str, str]
) -> None:
    chat.say("what is the alliance?")
    desk = Desk(open_page("/desk", viewport={"width": 1440, "height": 900}), *administrator)
    page = desk.page
    page.get_by_role("link", name="Figures").click()
    form = page.get_by_role("form", name="Withdraw")
    form.get_by_label("Name").fill("alliance_question")
    form.get_by_label("Why").fill("being checked")
    form.get_by_role("button", name="Withdraw").click()
    restore = page.get_by_role("button", name="Restore alliance_question")
    expect(restore).to_be_visible()

    page.wait_for_timeout(SWITCH_SECONDS * 1000)
    chat.say("what is the alliance?")
    expect(chat.page.locator(".from-assistant").last).to_contain_text("I can't answer questions")

    restore.click()
    page.get_by_role("dialog").get_by_role("button", name="Restore").click()
    expect(page.get_by_text("All answers are in service.")).to_be_visible()
    told = page.get_by_role("form", name="Find")
    told.get_by_label("Name").fill("alliance_question")
    told.get_by_role("button", name="Find").click()
    expect(page.get_by_role("table", name="Who was told this?")).to_contain_text("assistant")


def test_an_agent_asks_and_verifies_at_the_desk(
    open_page: OpenPage, chat: Chat, administrator: tuple[str, str]
) -> None:
    for words in ("I want to speak to a representative", "a scratched card", "MVP"):
        chat.say(words)
    chat.stay_for_a_person()
    desk = Desk(open_page("/desk", viewport={"width": 1440, "height": 900}), *administrator)
    page = desk.page
    entry = page.locator(".entry").filter(has_text="a scratched card").last
    entry.get_by_role("button", name="Accept").click()
    expect(desk.editor).to_be_focused()

    page.get_by_role("button", name="Verify member").click()
    dialog = page.get_by_role("dialog")
    for label, value in (
        ("First name", MORGAN.first_name),
        ("Member ID", MORGAN.member_id),
        ("Date of birth", "1979-11-02"),
        ("ZIP code", MORGAN.zip_code),
    ):
        dialog.get_by_label(label).fill(value)
    dialog.get_by_role("button", name="Verify member").click()
    expect(page.locator(".notice")).to_contain_text("The member is verified")
    expect(page.locator(".tag.good")).to_have_text("Verified, level 1")
    expect(page.get_by_role("heading", name="Plans and claims")).to_be_visible()
    expect(page.locator(".panel")).to_contain_text(MORGAN.company)

    page.get_by_label("Ask the knowledge").fill("what is an EOB?")
    page.get_by_label("Ask the knowledge").press("Enter")
    answer = page.locator(".asked .suggestion").first
    expect(answer).to_be_visible()
    answer.get_by_role("button", name="Use").click()
    expect(desk.editor).not_to_have_value("")
    expect(chat.page.locator(".from-agent")).to_have_count(0)
