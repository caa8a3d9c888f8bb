"""Whatever happens to the connection: nothing lost, nothing doubled, everything in order."""

from __future__ import annotations

import os
import re
import signal
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.faults.test_parts_down import pid_of
from tests.stack import Stack
from tests.web.line import Line, Moment
from tests.web.pages import AVERY, CLAIM_QUESTION, MORGAN, RILEY, Chat, OpenPage, requests

pytestmark = [pytest.mark.extra, pytest.mark.stack]

CUTS = 50
# A bridge that was killed is there again after some seconds on a busy machine.
RESTART_MILLISECONDS = 90_000


def token(page: Page) -> str:
    return str(page.evaluate("sessionStorage.getItem('memberline.session')"))


def kept(bridge: str, page: Page) -> list[dict[str, Any]]:
    """The conversation as the bridge has it."""
    response = httpx.get(
        f"{bridge}/chat/messages", headers={"Authorization": f"Bearer {token(page)}"}
    )
    response.raise_for_status()
    messages: list[dict[str, Any]] = response.json()["messages"]
    return messages


def shown(page: Page) -> list[int]:
    """The numbers of the messages on the screen, from top to bottom."""
    found: list[str] = page.locator(".message").evaluate_all("all => all.map(m => m.dataset.seq)")
    return [int(seq) for seq in found]


def complete(bridge: str, page: Page) -> list[dict[str, Any]]:
    """What the bridge has is what is shown, in the same order, without gaps."""
    messages = kept(bridge, page)
    numbers = [message["seq"] for message in messages]
    assert numbers == list(range(1, len(messages) + 1))
    assert shown(page) == numbers
    return messages


def test_fifty_cuts_in_the_middle_of_an_answer_lose_and_double_nothing(
    open_page: OpenPage, line: Line, bridge: str
) -> None:
    page = open_page(f"{line.url}/")
    chat = Chat(page)
    answers = page.locator(".from-assistant")
    moments = list(Moment)
    for number in range(CUTS):
        before = answers.count()
        line.cut_at(moments[number % len(moments)])
        chat.input.fill(f"hello {number}")
        chat.input.press("Enter")
        line.wait_cut()
        line.mend()
        expect(page.locator(".sending")).to_have_count(0)
        expect(answers).not_to_have_count(before)

    assert line.cuts == CUTS
    said = [m["text"] for m in complete(bridge, page) if m["from"] == "member"]
    assert said == [f"hello {number}" for number in range(CUTS)]


def test_what_is_typed_while_the_line_is_down_arrives_in_order(
    open_page: OpenPage, line: Line, bridge: str
) -> None:
    page = open_page(f"{line.url}/")
    chat = Chat(page)
    line.cut()
    for number in range(5):
        chat.input.fill(f"hello {number}")
        chat.input.press("Enter")
    expect(page.locator(".sending")).to_have_count(5)
    line.mend()
    expect(page.locator(".sending")).to_have_count(0)

    said = [m["text"] for m in complete(bridge, page) if m["from"] == "member"]
    assert said == [f"hello {number}" for number in range(5)]


def test_a_reload_during_the_questions_goes_on_where_it_was(chat: Chat) -> None:
    chat.say(CLAIM_QUESTION)
    chat.say(MORGAN.first_name)
    chat.say(MORGAN.member_id)
    chat.page.reload()
    expect(chat.page.locator(".from-assistant").last).to_contain_text("date of birth")
    chat.say(MORGAN.date_of_birth)
    chat.page.reload()
    expect(chat.page.locator(".from-assistant").last).to_contain_text("ZIP code")
    chat.say(MORGAN.zip_code)
    expect(chat.page.get_by_role("article").first).to_contain_text(MORGAN.paid)


def test_a_reload_while_an_answer_is_on_its_way(chat: Chat, bridge: str) -> None:
    chat.input.fill("hello")
    chat.input.press("Enter")
    chat.page.reload()
    expect(chat.page.locator(".from-assistant")).not_to_have_count(0)
    expect(chat.said("member", "hello")).to_have_count(1)
    expect(chat.page.locator(".from-assistant")).not_to_have_count(1)
    complete(bridge, chat.page)


def test_two_tabs_show_one_conversation(chat: Chat, bridge: str) -> None:
    other = chat.page.context.new_page()
    other.goto("/")
    second = Chat(other)
    assert token(other) == token(chat.page)

    chat.say("hello from the first")
    expect(second.said("member", "hello from the first")).to_have_count(1)
    second.say("hello from the second")
    expect(chat.said("member", "hello from the second")).to_have_count(1)
    expect(chat.messages).to_have_count(other.locator(".message").count())
    complete(bridge, chat.page)
    complete(bridge, other)


def test_ending_in_one_tab_ends_the_other(chat: Chat) -> None:
    other = chat.page.context.new_page()
    other.goto("/")
    Chat(other)
    chat.say("hello")
    expect(other.locator(".from-member")).to_have_count(1)

    chat.confirm("End and forget")

    expect(other.locator(".over")).to_be_visible()
    expect(other.locator(".message")).to_have_count(0)
    assert other.evaluate("sessionStorage.length") == 0


def test_a_new_browser_has_a_conversation_of_its_own(open_page: OpenPage) -> None:
    one, other = Chat(open_page("/")), Chat(open_page("/"))
    one.say("hello")
    assert token(one.page) != token(other.page)
    expect(other.messages).to_have_count(1)


def test_where_sockets_are_blocked_it_works_by_asking(open_page: OpenPage, bridge: str) -> None:
    page = open_page("/livez")
    page.route_web_socket(re.compile("/chat/socket"), lambda socket: socket.close())
    asked = requests(page)
    page.goto("/")
    chat = Chat(page)
    chat.ask_about_march(RILEY)
    expect(page.locator(".banner")).to_be_empty()
    # What others say comes too: here, from the same session by another way.
    said = {"client_message_id": "elsewhere", "text": "hello from elsewhere"}
    headers = {"Authorization": f"Bearer {token(page)}"}
    httpx.post(f"{bridge}/chat/messages", json=said, headers=headers).raise_for_status()
    expect(chat.said("member", "hello from elsewhere")).to_have_count(1)
    assert any("wait=" in request.url for request in asked)
    complete(bridge, page)


def test_what_comes_is_told_by_a_socket_and_not_asked_for(open_page: OpenPage) -> None:
    page = open_page("/livez")
    asked = requests(page)
    with page.expect_websocket() as opened:
        page.goto("/")
    chat = Chat(page)
    chat.say("hello")
    assert token(page) not in opened.value.url
    assert not any("wait=" in request.url for request in asked)
    assert token(page) not in "".join(request.url for request in asked)


def test_the_bridge_killed_and_started_again(
    open_page: OpenPage, stack: Stack, bridge: str
) -> None:
    page = open_page("/")
    chat = Chat(page)
    chat.say(CLAIM_QUESTION)
    chat.say(MORGAN.first_name)
    os.kill(pid_of(stack, "api.app:create_app"), signal.SIGKILL)
    chat.input.fill(MORGAN.member_id)
    chat.input.press("Enter")
    expect(page.locator(".banner")).to_contain_text("can't reach member service")

    birth_date = chat.said("assistant", "date of birth")
    expect(birth_date).to_have_count(1, timeout=RESTART_MILLISECONDS)
    expect(page.locator(".sending")).to_have_count(0)
    chat.say(MORGAN.date_of_birth)
    chat.say(MORGAN.zip_code)
    expect(page.get_by_role("article").first).to_contain_text(MORGAN.paid)
    complete(bridge, page)


def test_three_browsers_at_once_each_hear_their_own(open_page: OpenPage, bridge: str) -> None:
    members = (AVERY, MORGAN, RILEY)
    chats = [Chat(open_page("/")) for _ in members]

    def all_say(words: list[str], question: str) -> None:
        for chat, text in zip(chats, words, strict=True):
            chat.input.fill(text)
            chat.input.press("Enter")
        for chat in chats:
            expect(chat.page.locator(".from-assistant").last).to_contain_text(question)

    all_say([CLAIM_QUESTION] * 3, "first name")
    all_say([member.first_name for member in members], "member ID")
    all_say([member.member_id for member in members], "date of birth")
    all_say([member.date_of_birth for member in members], "ZIP code")
    all_say([member.zip_code for member in members], "paid")
    for chat, member in zip(chats, members, strict=True):
        said = chat.page.locator(".log").inner_text()
        assert member.paid in said
        assert member.company in said
        for other in members:
            assert other is member or other.paid not in said
        complete(bridge, chat.page)
