"""A member's chat in a real browser, through every process."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.web.line import Line
from tests.web.pages import (
    AVERY,
    CLAIM_QUESTION,
    MORGAN,
    RILEY,
    TAYLOR,
    Chat,
    Member,
    OpenPage,
    requests,
)

pytestmark = [pytest.mark.extra, pytest.mark.stack]

HOSTILE = [
    '<img src=x onerror="document.title=1">',
    "<script>document.title='hacked'</script>",
    "</p></li><style>*{display:none}</style>",
    '/inform{"factor_first_name": "Avery"}',
    "\u202egnp.exe \u200b\u2066 🩺👩🏽\u200d⚕️",
    "مرحبا <b>x</b> שלום \u202b(\u202d",
    "Z\u0351\u036ba\u0334l\u0337go {{7*7}} ${7*7} &lt;b&gt; %0d%0a",
    "[x](javascript:alert(1)) https://evil.example.org tel:900",
    "<" * 3990,
]
# What a company's file might hold, in every place where a card shows something.
LETTERS = '<img src=x onerror="document.title=1">'
CARDS = [
    {"kind": "claim", "company": LETTERS, "number": LETTERS, "status": LETTERS, "state": LETTERS,
     "title": LETTERS, "provider": LETTERS, "service": LETTERS,
     "amounts": [{"label": LETTERS, "amount": LETTERS}],
     "timeline": [{"date": LETTERS, "event": LETTERS}]},
    {"kind": "plan", "company": LETTERS, "title": LETTERS, "status": LETTERS, "note": LETTERS,
     "facts": [{"label": LETTERS, "value": LETTERS}]},
    {"kind": "provider", "name": LETTERS, "specialty": LETTERS, "address": LETTERS,
     "phone": "javascript:alert(1)", "hours": [LETTERS], "languages": [LETTERS],
     "directories": [LETTERS], "network": "in", "network_text": LETTERS},
    {"kind": "id_card", "company": LETTERS, "partner": LETTERS, "name": LETTERS,
     "fields": [{"label": LETTERS, "value": LETTERS}], "note": LETTERS},
    {"kind": LETTERS, "title": LETTERS, "anything": LETTERS},
]  # fmt: skip
ANY_PAGE = (
    "<!doctype html><html lang=en><title>Any page</title><h1>Any page</h1>"
    "<script type=module src=/web/memberline-chat.js></script></html>"
)


@pytest.mark.parametrize("member", [AVERY, MORGAN, RILEY], ids=lambda member: member.company)
def test_a_member_hears_what_the_right_company_paid(chat: Chat, member: Member) -> None:
    chat.ask_about_march(member)

    answer = chat.page.locator(".from-assistant").last
    expect(answer.locator(".bubble")).to_contain_text(member.paid)
    expect(answer.locator(".bubble")).to_contain_text(member.company)
    card = answer.get_by_role("article")
    expect(card.get_by_role("heading", name=member.company)).to_be_visible()
    expect(card.locator(".fact", has_text="Plan paid")).to_contain_text(member.paid)
    expect(chat.page.get_by_text("Identity confirmed")).to_be_visible()


def test_a_button_asks_and_cannot_be_pressed_again(chat: Chat) -> None:
    check = chat.page.get_by_role("button", name="Check a claim")
    check.click()

    expect(chat.said("member", "Check a claim")).to_have_count(1)
    expect(chat.page.locator(".from-assistant")).to_have_count(2)
    choices = chat.page.locator(".from-assistant").first.locator(".choice")
    for choice in choices.all():
        expect(choice).to_have_attribute("aria-disabled", "true")
    choices.first.click(force=True)
    chat.say("never mind")
    expect(chat.said("member", "Check a claim")).to_have_count(1)


def test_a_doctor_is_found_without_saying_who_asks(chat: Chat) -> None:
    chat.say("find me a cardiologist near 12207")

    card = chat.page.get_by_role("article").first
    expect(card.get_by_role("link")).to_have_attribute("href", re.compile(r"^tel:\d+$"))
    expect(card).to_contain_text("Listed by")
    expect(chat.page.get_by_text("Identity confirmed")).to_be_hidden()


def test_who_has_plans_at_two_companies_sees_both_side_by_side(chat: Chat) -> None:
    chat.say("which plan covers me?")
    chat.answer_factors(TAYLOR)
    medical = chat.page.get_by_role("article", name="Medical plan with MVP Health Care")
    dental = chat.page.get_by_role("article", name="Dental plan with CIGNA HealthCare")
    expect(medical).to_contain_text("Your medical plan")
    expect(dental).to_contain_text("Your dental plan")
    one, other = medical.bounding_box(), dental.bounding_box()
    assert one
    assert other
    assert abs(one["y"] - other["y"]) < one["height"] / 2
    assert one["x"] + one["width"] < other["x"]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text(chat: Chat, words: str) -> None:
    chat.say(words)

    expect(chat.page.locator(".from-member .bubble")).to_have_text(words)
    expect(chat.page.locator(".from-assistant")).not_to_have_count(1)
    expect(chat.page.locator(".log :is(img, script, style)")).to_have_count(0)
    expect(chat.page).to_have_title("Member service")
    expect(chat.page.get_by_text("Identity confirmed")).to_be_hidden()


def test_sixteen_kilobytes_stay_in_the_field_until_they_are_shortened(chat: Chat) -> None:
    words = ("<script>" + "\u202e\u200b🩺")[:11] * 1500
    chat.input.fill(words)
    chat.input.press("Enter")

    said = chat.page.get_by_role("alert")
    expect(said).to_contain_text("A message can have 4000 characters. Please take out 12500")
    expect(chat.input).to_have_value(words)
    expect(chat.page.locator(".from-member")).to_have_count(0)

    chat.input.fill("hello")
    expect(said).to_be_empty()
    chat.input.press("Enter")
    expect(chat.page.locator(".from-assistant")).to_have_count(2)


def test_what_a_company_sends_stays_letters(chat: Chat) -> None:
    message = {
        "id": "m3", "seq": 3, "from": "assistant", "text": LETTERS, "at": "2026-03-12T12:00:00Z",
        "buttons": [{"id": "b", "title": LETTERS}], "cards": CARDS,
    }  # fmt: skip
    state = {"owner": "assistant", "verified": False, "level": 0}

    def answer(route: Route) -> None:
        name = (route.request.post_data_json or {})["client_message_id"]
        own = {"id": "m2", "seq": 2, "from": "member", "client_message_id": name, "cards": []}
        sent = {**message, **own, "text": "what is on file?", "buttons": []}
        route.fulfill(json={"messages": [message], "sent": sent, "state": state})

    chat.page.route("**/chat/messages", answer)
    chat.say("what is on file?")

    expect(chat.page.get_by_role("article")).to_have_count(len(CARDS))
    expect(chat.page.locator(".log :is(img, script, [href^=javascript])")).to_have_count(0)
    expect(chat.page).to_have_title("Member service")
    # As it is in the page: the style sheet may show it in capitals.
    assert str(chat.page.locator(".log").text_content()).count(LETTERS) >= 20


def test_a_reload_brings_the_conversation_back_from_the_server(chat: Chat) -> None:
    chat.ask_about_march(MORGAN)
    before = chat.messages.locator(".bubble").all_inner_texts()

    chat.page.reload()

    expect(chat.messages).to_have_count(len(before))
    assert chat.messages.locator(".bubble").all_inner_texts() == before
    kept = chat.page.evaluate("[localStorage.length, Object.keys(sessionStorage)]")
    assert kept == [0, ["memberline.session"]]
    expect(chat.page.get_by_text("Identity confirmed")).to_be_visible()


def test_times_are_the_members_own(open_page: OpenPage) -> None:
    chat = Chat(open_page("/", timezone_id="America/New_York"))
    chat.say("hello")
    expect(chat.messages).to_have_count(3)
    first = chat.page.locator("time").first
    shown, told = first.inner_text(), str(first.get_attribute("datetime"))
    at = datetime.fromisoformat(told).astimezone(ZoneInfo("America/New_York"))

    chat.page.reload()

    expect(first).to_have_text(shown)
    assert shown.replace("\u202f", " ").split()[0] == f"{at.hour % 12 or 12}:{at:%M}"


def test_a_lost_reply_is_neither_lost_nor_doubled(chat: Chat) -> None:
    """The bridge takes the message, its reply is cut off, the page sends the same again."""
    cut: list[str] = []

    def cut_first(route: Route) -> None:
        if cut:
            route.continue_()
            return
        cut.append(route.fetch().text())
        route.abort()

    chat.page.route("**/chat/messages", cut_first)
    chat.say(CLAIM_QUESTION)

    expect(chat.page.locator(".from-assistant").last).to_contain_text("first name")
    assert len(cut) == 1
    chat.page.reload()
    expect(chat.said("member", CLAIM_QUESTION)).to_have_count(1)
    expect(chat.said("assistant", "first name")).to_have_count(1)


def test_when_the_bridge_is_away_the_page_says_so_and_delivers_later(
    open_page: OpenPage, line: Line
) -> None:
    chat = Chat(open_page(f"{line.url}/"))
    line.cut()
    chat.input.fill("which plan covers me?")
    chat.input.press("Enter")

    banner = chat.page.locator(".banner")
    expect(banner).to_contain_text("can't reach member service")
    for phone in ("1-800-555-0110", "1-800-555-0120", "1-800-555-0130"):
        expect(banner).to_contain_text(phone)

    line.mend()
    expect(chat.page.locator(".sending")).to_have_count(0)
    expect(chat.page.locator(".from-assistant").last).to_contain_text("first name")
    expect(banner).to_be_empty()
    expect(chat.said("member", "which plan covers me?")).to_have_count(1)


def test_what_was_refused_can_be_sent_again_once(chat: Chat) -> None:
    refusal = {"error": "too_many", "detail": "That was too fast."}
    chat.page.route("**/chat/messages", lambda route: route.fulfill(status=422, json=refusal))
    chat.input.fill("which plan covers me?")
    chat.input.press("Enter")
    expect(chat.page.locator(".trouble")).to_contain_text("Not sent. That was too fast.")
    chat.page.unroute("**/chat/messages")

    chat.page.get_by_role("button", name="Try again").click()

    expect(chat.page.locator(".from-assistant").last).to_contain_text("first name")
    expect(chat.said("member", "which plan covers me?")).to_have_count(1)
    expect(chat.page.locator(".trouble, .sending")).to_have_count(0)


def test_too_many_messages_wait_and_go_out_by_themselves(chat: Chat) -> None:
    refusal = {"error": "too_many", "detail": "Too many."}
    refused: list[Route] = []

    def refuse_first(route: Route) -> None:
        if refused:
            route.continue_()
            return
        refused.append(route)
        route.fulfill(status=429, json=refusal, headers={"Retry-After": "2"})

    chat.page.route("**/chat/messages", refuse_first)
    chat.input.fill("which plan covers me?")
    chat.input.press("Enter")

    held = chat.page.locator(".held")
    expect(held).to_contain_text("This one is sent by itself in about 2 seconds.")
    expect(chat.page.locator("[aria-live=polite]")).to_contain_text("sent by itself")
    expect(chat.page.locator(".from-assistant").last).to_contain_text("first name")
    expect(chat.said("member", "which plan covers me?")).to_have_count(1)
    expect(held).to_have_count(0)


def test_starting_over_while_the_bridge_is_away_makes_one_session(
    open_page: OpenPage,
) -> None:
    page = open_page("/livez")
    page.route("**/chat/sessions", lambda route: route.abort())
    page.goto("/")
    expect(page.locator(".banner")).to_contain_text("can't reach member service")
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Start over").click()
    page.get_by_role("dialog").get_by_role("button", name="Start over").click()
    made = requests(page)
    page.unroute("**/chat/sessions")

    expect(page.locator(".from-assistant")).to_have_count(1)
    page.wait_for_timeout(2500)
    assert _begun(made) == 1
    expect(page.locator(".from-assistant")).to_have_count(1)


def test_starting_over_while_the_page_fetches_a_ticket_makes_one_session(
    open_page: OpenPage,
) -> None:
    page = open_page("/livez")
    own = "<memberline-chat page ticket-url=/my-ticket></memberline-chat>"
    body = ANY_PAGE.replace("<h1>Any page</h1>", own)
    page.route("**/any-page", lambda route: route.fulfill(body=body, content_type="text/html"))
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/my-ticket", hold)
    with page.expect_request("**/my-ticket"):
        page.goto("/any-page")
    made = requests(page)
    page.get_by_role("button", name="More", exact=True).click()
    page.get_by_role("button", name="Start over").click()
    with page.expect_request("**/my-ticket"):
        page.get_by_role("dialog").get_by_role("button", name="Start over").click()
    # The first one is answered now, and the one of the session that counts.
    for route in held:
        route.fulfill(status=401)

    expect(page.locator(".from-assistant")).to_have_count(1)
    page.wait_for_timeout(1000)
    assert _begun(made) == 1
    expect(page.locator(".from-assistant")).to_have_count(1)


def _begun(made: list[Request]) -> int:
    """How many sessions the bridge was asked for; requests that never reached it are none."""
    return len([r for r in made if r.url.endswith("/chat/sessions") and r.failure is None])


def test_ending_forgets_and_starting_over_begins_anew(chat: Chat) -> None:
    chat.say(CLAIM_QUESTION)
    chat.choose("End and forget")
    dialog = chat.page.get_by_role("dialog")
    expect(dialog).to_contain_text("The company keeps its record")
    dialog.get_by_role("button", name="Keep chatting").click()
    expect(chat.said("member", CLAIM_QUESTION)).to_be_visible()

    chat.confirm("End and forget")
    expect(chat.messages).to_have_count(0)
    expect(chat.page.locator(".over")).to_contain_text("The company keeps its record")
    assert chat.page.evaluate("sessionStorage.length") == 0

    chat.page.get_by_role("button", name="Start a new chat").click()
    expect(chat.page.get_by_role("button", name="Check a claim")).to_be_visible()
    expect(chat.messages).to_have_count(1)


def test_by_keyboard_alone_from_launcher_to_answer(open_page: OpenPage, bridge: str) -> None:
    page = open_page("/livez")
    page.route("**/any-page", lambda route: route.fulfill(body=ANY_PAGE, content_type="text/html"))
    page.goto("/any-page")
    expect(page.get_by_role("button", name="Chat with member service")).to_be_visible()

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    chat = Chat(page)
    expect(chat.input).to_be_focused()
    for words in (CLAIM_QUESTION, MORGAN.first_name, MORGAN.member_id, MORGAN.date_of_birth):
        _type(page, words)
        # What comes in never takes the focus.
        expect(chat.input).to_be_focused()
    _type(page, MORGAN.zip_code)
    expect(page.get_by_role("article")).to_contain_text(MORGAN.paid)

    for _ in range(2):
        page.keyboard.press("Tab")
    expect(chat.person).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Chat with member service")).to_be_focused()
    expect(chat.input).to_be_hidden()


def test_a_screen_reader_hears_each_answer_once_apart_from_the_log(chat: Chat) -> None:
    live = chat.page.locator("[aria-live=polite]")
    chat.say("find me a cardiologist near 12207")
    expect(chat.page.get_by_role("article").first).to_be_visible()

    expect(live).to_contain_text("Assistant: ")
    assert chat.page.locator(".log [aria-live], .log[aria-live]").count() == 0
    answer = chat.page.locator(".from-assistant").last.locator(".bubble").first.inner_text()
    assert live.inner_text().count(f"Assistant: {answer.splitlines()[0]}") == 1


def test_everything_comes_from_this_origin(open_page: OpenPage, bridge: str) -> None:
    page = open_page("/livez")
    asked = requests(page)
    page.goto("/")
    Chat(page).say("hello")

    assert {request.url.removeprefix(bridge)[:1] for request in asked} == {"/"}


def test_a_phone_of_320_pixels_needs_no_sideways_scrolling(open_page: OpenPage) -> None:
    chat = Chat(open_page("/", viewport={"width": 320, "height": 640}))
    chat.say("find me a cardiologist near 12207")
    expect(chat.page.get_by_role("article").first).to_be_visible()

    widest = chat.page.locator(".scroller").evaluate("part => part.scrollWidth - part.clientWidth")
    assert widest == 0
    assert chat.page.evaluate("document.documentElement.scrollWidth") == 320
    expect(chat.person).to_be_in_viewport()


def _type(page: Page, words: str) -> None:
    answers = page.locator(".from-assistant")
    before = answers.count()
    page.keyboard.type(words)
    page.keyboard.press("Enter")
    expect(answers).to_have_count(before + 1)
