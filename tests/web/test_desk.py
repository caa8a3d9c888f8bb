"""Agent and member, each in a browser of their own."""

from __future__ import annotations

import json
import re
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.stack import Stack
from tests.web.pages import CLAIM_QUESTION, MORGAN, Chat, Desk, OpenPage

pytestmark = [pytest.mark.extra, pytest.mark.stack]

Password = tuple[str, str]


@pytest.fixture
def desk(open_page: OpenPage, administrator: Password) -> Desk:
    return Desk(open_page("/desk", viewport={"width": 1440, "height": 900}), *administrator)


@pytest.fixture
def waiting(chat: Chat) -> Chat:
    """A verified member who asked for a person."""
    chat.ask_about_march(MORGAN)
    chat.person.click()
    chat.stay_for_a_person()
    expect(chat.page.locator(".who")).to_have_text(
        re.compile(r"Waiting for a person\. (?:You are|They open)")
    )
    return chat


def test_a_wrong_password_opens_nothing(open_page: OpenPage) -> None:
    page = open_page("/desk")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password").fill("wrong")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("don't match")
    expect(page.get_by_label("Password")).to_be_focused()


def test_a_suggestion_goes_to_the_editor_and_only_the_agent_sends_it(
    waiting: Chat, desk: Desk
) -> None:
    desk.accept(MORGAN.first_name)
    expect(waiting.page.locator(".who")).to_have_text("Administrator, MVP Health Care, is with you")
    waiting.say(CLAIM_QUESTION)

    suggestion = desk.suggestions.first
    expect(suggestion).to_contain_text(MORGAN.paid)
    expect(suggestion).to_contain_text("claim_status")
    expect(suggestion.locator(".confidence")).to_have_text(re.compile(r"\d+% sure"))
    expect(suggestion.locator(".source").first).to_have_text(
        re.compile(rf"^{MORGAN.company}, ExplanationOfBenefit/.+, fetched \d+ s ago$")
    )
    expect(desk.editor).to_have_value("")

    desk.page.locator(".scroller").focus()
    desk.page.keyboard.press("1")
    expect(desk.editor).to_be_focused()
    expect(desk.editor).to_have_value(re.compile(re.escape(MORGAN.paid)))
    expect(waiting.page.locator(".from-agent")).to_have_count(0)

    desk.editor.press_sequentially(" Is there anything else?")
    with desk.page.expect_request(lambda request: "/suggestions/" in request.url) as recorded:
        desk.editor.press("Enter")
    reply = waiting.page.locator(".from-agent")
    expect(reply).to_contain_text(MORGAN.paid)
    expect(reply).to_contain_text("Is there anything else?")
    expect(desk.page.locator(".from-agent")).to_have_count(1)
    expect(desk.suggestions).to_have_count(0)
    assert json.loads(recorded.value.post_data or "")["action"] == "edited"


def test_of_two_agents_one_gets_the_conversation(
    open_page: OpenPage, administrator: Password, waiting: Chat, desk: Desk
) -> None:
    other = Desk(open_page("/desk"), *administrator)
    accept = other.page.get_by_role("button", name=f"Accept {MORGAN.first_name}").last
    expect(accept).to_be_visible()
    # This desk has not heard yet that the other one took it.
    other.page.route("**/desk/queue", lambda route: route.abort())
    desk.accept(MORGAN.first_name)

    accept.click()

    expect(other.page.locator(".notice")).to_contain_text("Another agent was faster")
    expect(other.editor).to_be_hidden()


def test_an_emergency_alarms_the_desk_and_the_member_sees_the_number(
    waiting: Chat, desk: Desk
) -> None:
    desk.accept(MORGAN.first_name)
    waiting.say("my husband has chest pain and can't breathe")

    alarm = desk.page.get_by_role("alert")
    expect(alarm).to_contain_text("EMERGENCY")
    expect(desk.page).to_have_title(re.compile("EMERGENCY"))
    expect(waiting.said("system", "911")).to_be_visible()
    alarm.get_by_role("button", name="I've seen it").click()
    expect(alarm).to_be_empty()
    expect(desk.page).to_have_title("Agent desk")


def test_hostile_text_stays_text_at_the_desk(waiting: Chat, desk: Desk) -> None:
    words = '<img src=x onerror="document.title=1"><b>bold</b>'
    desk.accept(MORGAN.first_name)
    waiting.say(words)

    expect(desk.page.locator(".from-member .words").last).to_have_text(words)
    expect(desk.page.locator("#desk :is(img, b)")).to_have_count(0)
    desk.editor.fill(words)
    desk.editor.press("Enter")
    expect(waiting.page.locator(".from-agent .bubble")).to_have_text(words)
    expect(waiting.page.locator(".log :is(img, b)")).to_have_count(0)


def test_after_hand_back_the_assistant_answers_again(waiting: Chat, desk: Desk) -> None:
    desk.accept(MORGAN.first_name)
    desk.page.keyboard.press("Alt+b")
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Summary").fill("Your claim was paid.")
    dialog.get_by_role("button", name="Hand back").click()

    expect(waiting.said("agent", "Your claim was paid.")).to_be_visible()
    expect(waiting.page.locator(".who")).to_have_text("Automated assistant")
    waiting.say("which plan covers me?")
    expect(waiting.page.get_by_role("article").last).to_contain_text(MORGAN.company)
    expect(desk.editor).to_be_hidden()


def test_wrapping_up_takes_a_summary_drafted_from_the_hand_over(waiting: Chat, desk: Desk) -> None:
    mark = uuid4().hex
    desk.accept(MORGAN.first_name)
    desk.editor.fill(f"Goodbye {mark}")
    desk.editor.press("Enter")
    expect(waiting.said("agent", mark)).to_be_visible()

    desk.page.get_by_role("button", name="Wrap up").click()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.get_by_label("Summary")).to_have_value(re.compile("Verified: by member ID"))
    dialog.get_by_label("Outcome").select_option("answered")
    dialog.get_by_role("button", name="Wrap up").click()

    expect(desk.page.locator(".notice")).to_contain_text("Done")
    expect(waiting.said("system", "has left the chat")).to_be_visible()
    expect(waiting.page.locator(".who")).to_have_text("Automated assistant")


def test_when_the_member_leaves_the_agent_sees_it(waiting: Chat, desk: Desk) -> None:
    desk.accept(MORGAN.first_name)
    waiting.confirm("End and forget")

    expect(desk.page.get_by_text("The member has ended the chat. Wrap it up.")).to_be_visible()
    expect(desk.editor).to_be_hidden()
    desk.page.get_by_role("button", name="Wrap up").click()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.get_by_label("Outcome")).to_have_value("no_reply")
    dialog.get_by_role("button", name="Wrap up").click()
    expect(desk.page.locator(".notice")).to_contain_text("Done")


def test_by_keys_a_code_a_case_and_a_call_back(waiting: Chat, desk: Desk, stack: Stack) -> None:
    page, dialog = desk.page, desk.page.get_by_role("dialog")
    desk.accept(MORGAN.first_name)
    page.keyboard.press("Alt+h")
    expect(dialog).to_contain_text("Verify the member, or confirm them by a code")
    page.keyboard.press("Escape")

    stack.let_codes_be_sent()
    page.keyboard.press("Alt+v")
    expect(dialog).to_contain_text("A code went to the member's mobile number ending in")
    dialog.get_by_label("Code").fill(stack.code(MORGAN.member_id))
    page.keyboard.press("Enter")
    expect(page.locator(".tag.good")).to_have_text("Verified, level 2")
    expect(page.get_by_role("button", name="Confirm by code")).to_have_count(0)

    page.keyboard.press("Alt+c")
    dialog.get_by_label("What it is").select_option("complaint")
    dialog.get_by_label("In the member's own words").fill("Nobody answered my letter.")
    dialog.get_by_role("button", name="Open a case").click()
    expect(page.locator(".notice")).to_contain_text("The member has the number")
    expect(waiting.said("system", "Your reference number is MVP-")).to_be_visible()

    page.keyboard.press("Alt+p")
    number = dialog.get_by_label("Phone number")
    number.fill("118-555-0102")
    number.press("Enter")
    # What can't be done is said in the form, with all that was written.
    expect(dialog.get_by_role("alert")).to_contain_text("That is no phone number")
    expect(number).to_have_value("118-555-0102")
    number.fill("518-555-0102")
    dialog.get_by_role("button", name="Book a call back").click()
    expect(waiting.said("system", "at the number ending in 02")).to_be_visible()
