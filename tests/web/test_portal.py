"""Members who come from their company's own website, where they are signed in already."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.stack import Stack
from tests.web.pages import CLAIM_QUESTION, MORGAN, Chat, Member, OpenPage, requests

pytestmark = [pytest.mark.extra, pytest.mark.stack]

PENNY = Member("Penny", "M10010033", "March 8, 1994", "12601", "MVP Health Care", "$135.00")
UNCONFIRMED = "could not be confirmed here"


@pytest.fixture
def portal(open_page: OpenPage, stack: Stack) -> Page:
    """MVP's portal, where nobody is signed in yet."""
    return open_page(f"{stack.sandbox('mvp')}/portal")


def sign_in(page: Page, member: Member, ticket: str = "as it should be") -> None:
    page.get_by_label("The ticket that the portal gives the chat is").select_option(label=ticket)
    page.get_by_role("button", name=member.member_id).click()
    expect(page.get_by_role("heading", name=f"Welcome, {member.first_name}")).to_be_visible()


def chat_of(page: Page) -> Chat:
    page.get_by_role("button", name="Chat with member service").click()
    return Chat(page)


def token(page: Page) -> str:
    return str(page.evaluate("Object.values(sessionStorage)[0]"))


def alive(bridge: str, token: str) -> bool:
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.get(f"{bridge}/chat/messages", headers=headers).status_code == 200


def test_who_is_signed_in_is_not_asked_who_they_are(portal: Page) -> None:
    sign_in(portal, MORGAN)
    asked = requests(portal)
    chat = chat_of(portal)
    expect(chat.said("assistant", "You are signed in with MVP Health Care")).to_be_visible()
    expect(portal.get_by_text("Identity confirmed")).to_be_visible()

    chat.say(CLAIM_QUESTION)

    expect(portal.get_by_role("article")).to_contain_text(MORGAN.paid)
    expect(chat.said("assistant", "first name")).to_have_count(0)
    assert not any(MORGAN.member_id in request.url for request in asked)

    portal.reload()
    expect(chat.said("member", CLAIM_QUESTION)).to_have_count(1)


@pytest.mark.parametrize(
    "ticket",
    [
        "of ten minutes ago",
        "for the whole family, not for one person",
        "none, because the portal's server fails",
    ],
)
def test_a_ticket_that_proves_nothing_is_said_and_the_chat_goes_on(
    portal: Page, ticket: str
) -> None:
    sign_in(portal, MORGAN, ticket)
    chat = chat_of(portal)
    expect(chat.said("assistant", UNCONFIRMED)).to_be_visible()
    expect(portal.get_by_text("Identity confirmed")).to_be_hidden()

    chat.say(CLAIM_QUESTION)
    expect(chat.said("assistant", "first name")).to_be_visible()


def test_visitors_are_told_nothing_of_tickets(portal: Page) -> None:
    chat = chat_of(portal)
    chat.say("hello")
    expect(chat.said("assistant", UNCONFIRMED)).to_have_count(0)


def test_the_next_one_at_this_computer_finds_nothing_of_the_one_before(
    portal: Page, bridge: str
) -> None:
    sign_in(portal, MORGAN)
    chat = chat_of(portal)
    chat.say(CLAIM_QUESTION)
    before = token(portal)
    assert alive(bridge, before)

    portal.keyboard.press("Escape")
    portal.get_by_role("button", name="Sign out").click()
    expect(portal.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(portal.get_by_role("button", name="Chat with member service")).to_be_visible()
    assert portal.evaluate("sessionStorage.length") == 0
    assert not alive(bridge, before)

    sign_in(portal, PENNY)
    chat = chat_of(portal)
    expect(portal.get_by_text("Identity confirmed")).to_be_visible()
    expect(chat.said("member", CLAIM_QUESTION)).to_have_count(0)
    chat.say(CLAIM_QUESTION)
    expect(portal.get_by_role("article")).to_contain_text(PENNY.paid)


def test_only_the_stand_ins_have_such_a_page(bridge: str) -> None:
    for path in ("/portal", "/portal/ticket", "/portal/sign-in"):
        assert httpx.get(f"{bridge}{path}").status_code == 404
