"""The chat on any page, and what a member finds in it."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.stack import Stack
from tests.web.pages import AVERY, MORGAN, Chat, OpenPage, requests

pytestmark = [pytest.mark.extra, pytest.mark.stack]

LAUNCHER = "Chat with member service"
WARNED_AFTER = "13:05"


def any_page(open_page: OpenPage, element: str = "", head: str = "", **options: object) -> Page:
    """A page of a site that knows nothing of us but one script tag."""
    page = open_page("/livez", **options)
    body = (
        f"<!doctype html><html lang=en><title>Any page</title>{head}<h1>Any page</h1>{element}"
        "<script type=module src=/web/memberline-chat.js></script></html>"
    )
    page.route("**/any-page", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("/any-page")
    return page


def opened(page: Page) -> Chat:
    page.get_by_role("button", name=LAUNCHER).click()
    return Chat(page)


def bearer(page: Page) -> dict[str, str]:
    token = page.evaluate("sessionStorage.getItem('memberline.session')")
    return {"Authorization": f"Bearer {token}"}


def hold_messages(page: Page) -> list[Route]:
    """What is sent from now on waits until the test lets it go."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/chat/messages", hold)
    return held


class TestOnAnyPage:
    def test_one_script_tag_and_nothing_happens_until_it_is_opened(
        self, open_page: OpenPage
    ) -> None:
        page = any_page(open_page)
        asked = requests(page)
        expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()
        page.wait_for_timeout(500)
        assert [r.url for r in asked if "/chat/" in r.url and "/web/" not in r.url] == []
        opened(page).say("hello")

    def test_what_came_while_it_was_closed_is_counted(self, open_page: OpenPage) -> None:
        page = any_page(open_page)
        chat = opened(page)
        held = hold_messages(page)
        chat.input.fill("hello")
        with page.expect_request("**/chat/messages"):
            chat.input.press("Enter")
        page.keyboard.press("Escape")
        launcher = page.get_by_role("button", name=LAUNCHER)
        expect(launcher).to_be_focused()
        held.pop().continue_()
        expect(launcher).to_have_accessible_name(re.compile(r", \d+ new$"))
        expect(page.locator(".badge")).to_be_visible()
        launcher.click()
        expect(page.locator(".badge")).to_be_hidden()

    def test_a_page_of_the_same_site_takes_the_conversation_up(self, open_page: OpenPage) -> None:
        page = any_page(open_page)
        opened(page).say("hello")
        page.goto("/any-page")
        chat = opened(page)
        expect(chat.said("member", "hello")).to_have_count(1)

    def test_company_and_colours_by_attribute_and_variables(self, open_page: OpenPage) -> None:
        page = any_page(open_page, "<memberline-chat company=mvp></memberline-chat>")
        chat = opened(page)
        expect(page.get_by_role("heading", name="MVP Health Care member service")).to_be_visible()
        own = chat.page.locator(".send").evaluate("e => getComputedStyle(e).backgroundColor")
        themed = any_page(
            open_page, head="<style>memberline-chat{--memberline-accent:#008000}</style>"
        )
        send = opened(themed).page.locator(".send")
        assert own == "rgb(107, 42, 110)"
        assert send.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(0, 128, 0)"

    def test_the_pages_styles_do_not_reach_in(self, open_page: OpenPage) -> None:
        page = any_page(open_page, head="<style>*{display:none!important;color:red}h1{}</style>")
        page.add_style_tag(content="html,body,memberline-chat{display:block!important}")
        chat = opened(page)
        expect(chat.input).to_be_visible()

    def test_right_to_left(self, open_page: OpenPage) -> None:
        page = any_page(open_page, "<memberline-chat dir=rtl></memberline-chat>")
        launcher = page.get_by_role("button", name=LAUNCHER).bounding_box()
        assert launcher
        assert launcher["x"] < 40
        chat = opened(page)
        chat.say("hello")
        send, text = page.locator(".send").bounding_box(), chat.input.bounding_box()
        assert send
        assert text
        assert send["x"] < text["x"]
        wide = page.locator(".scroller").evaluate("part => part.scrollWidth - part.clientWidth")
        assert wide == 0


class TestLanguages:
    def test_a_spanish_browser_is_greeted_in_spanish(self, open_page: OpenPage) -> None:
        page = open_page("/", locale="es-MX")
        expect(page.locator(".from-assistant").first).to_contain_text("asistente automático")
        expect(page.get_by_role("button", name="Revisar un reclamo")).to_be_visible()
        expect(page.get_by_label("Su mensaje")).to_be_visible()
        assert page.evaluate("document.documentElement.lang") == "es"

    def test_a_chat_on_a_spanish_page_begins_in_spanish(self, open_page: OpenPage) -> None:
        page = any_page(open_page, "<script>document.documentElement.lang = 'es-US'</script>")
        page.get_by_role("button", name="Chatear con el servicio para miembros").click()
        expect(page.locator(".from-assistant").first).to_contain_text("asistente automático")

    def test_before_anything_is_said_the_greeting_follows_the_language_and_back(
        self, chat: Chat
    ) -> None:
        page = chat.page
        chat.input.fill("half a sentence")
        chat.choose("Turn sound on")
        chat.choose("Español")
        expect(page.get_by_role("button", name="Revisar un reclamo")).to_be_visible()
        expect(chat.messages.filter(has_text="asistente automático de CIGNA")).to_have_count(1)
        expect(chat.messages).to_have_count(1)
        page.get_by_role("button", name="Más", exact=True).click()
        expect(page.get_by_role("button", name="Desactivar el sonido")).to_be_visible()
        page.get_by_role("button", name="English").click()
        expect(page.get_by_role("button", name="Check a claim")).to_be_visible()
        expect(chat.messages).to_have_count(1)
        expect(chat.input).to_have_value("half a sentence")
        chat.say("hello")

    def test_changing_the_language_keeps_the_conversation(self, chat: Chat) -> None:
        chat.say("hello")
        count = chat.messages.count()
        chat.input.fill("half a sentence")
        chat.choose("Español")
        expect(chat.page.get_by_label("Su mensaje")).to_have_value("half a sentence")
        expect(chat.messages).to_have_count(count)
        expect(chat.page.locator(".frame")).to_have_attribute("lang", "es")
        first = chat.page.locator(".from-assistant").first
        expect(first.locator(".choice").first).to_have_attribute("aria-disabled", "true")
        chat.page.get_by_role("button", name="Más", exact=True).click()
        chat.page.get_by_role("button", name="English").click()
        expect(chat.input).to_have_value("half a sentence")

    def test_who_writes_spanish_reads_all_of_it_in_spanish(self, chat: Chat) -> None:
        chat.input.fill("hola, no entiendo esta factura del hospital")
        chat.input.press("Enter")
        field = chat.page.get_by_label("Su mensaje")
        expect(field).to_be_focused()
        expect(chat.page.get_by_role("button", name="Salir rápido")).to_be_visible()
        expect(chat.page.locator(".from-assistant").last).to_contain_text("sin costo")
        with chat.page.expect_download() as saved:
            chat.page.get_by_role("button", name="Más", exact=True).click()
            chat.page.get_by_role("button", name="Guardar este chat (PDF)").click()
        assert b"/Lang (es-US)" in Path(saved.value.path()).read_bytes()

        # Who chooses a language keeps it.
        chat.page.get_by_role("button", name="Más", exact=True).click()
        chat.page.get_by_role("button", name="English").click()
        chat.say("quiero hablar de mi factura")
        expect(chat.input).to_be_visible()


class TestPrivacy:
    def test_leaving_quickly_ends_the_chat_and_leaves_nothing_behind(
        self, chat: Chat, bridge: str
    ) -> None:
        page = chat.page
        page.route(
            "https://www.weather.gov/**",
            lambda route: route.fulfill(body="sunny", content_type="text/plain"),
        )
        chat.say("hello")
        headers = bearer(page)
        page.get_by_role("button", name="Leave quickly").click()
        page.wait_for_url("https://www.weather.gov/")
        assert httpx.get(f"{bridge}/chat/messages", headers=headers).status_code == 401
        page.go_back()
        expect(page.get_by_text("hello")).to_have_count(0)

    def test_a_warning_before_the_chat_closes(self, open_page: OpenPage) -> None:
        page = open_page("/livez")
        page.clock.install()
        page.goto("/")
        chat = Chat(page)
        chat.ask_about_march(MORGAN)
        chat.input.focus()
        page.clock.fast_forward(WARNED_AFTER)
        expect(page.locator(".idle")).to_contain_text("this chat closes in")
        # It does not take the focus, and it is told.
        expect(chat.input).to_be_focused()
        expect(page.locator("[aria-live]")).to_contain_text("Are you still there?")
        with page.expect_response("**/stay"):
            page.get_by_role("button", name="I'm still here").click()
        expect(page.locator(".idle")).to_be_hidden()
        expect(page.get_by_text("Identity confirmed")).to_be_visible()

    def test_when_nobody_answers_the_screen_is_cleared(self, open_page: OpenPage) -> None:
        page = open_page("/livez")
        page.clock.install()
        page.goto("/")
        chat = Chat(page)
        chat.ask_about_march(MORGAN)
        over = {"error": "unauthorized", "detail": "closed"}
        page.route("**/chat/messages**", lambda route: route.fulfill(status=401, json=over))
        page.clock.fast_forward("15:05")
        page.clock.fast_forward("00:05")
        expect(page.locator(".over")).to_contain_text("to keep your information private")
        expect(page.locator(".message")).to_have_count(0)
        assert page.evaluate("sessionStorage.length") == 0

    def test_without_member_data_nobody_is_warned(self, open_page: OpenPage) -> None:
        page = open_page("/livez")
        page.clock.install()
        page.goto("/")
        Chat(page).say("hello")
        page.clock.fast_forward("20:00")
        expect(page.locator(".idle")).to_be_hidden()


class TestToTakeAlong:
    @pytest.mark.parametrize(
        ("choice", "name", "beginning"),
        [
            ("Save this chat (PDF)", "chat.pdf", b"%PDF-"),
            ("Save this chat (text)", "chat.txt", b"Your chat with member service"),
        ],
    )
    def test_the_transcript(
        self, chat: Chat, choice: str, name: str, beginning: bytes, tmp_path: Path
    ) -> None:
        chat.say("hello there")
        with chat.page.expect_download() as saved:
            chat.choose(choice)
        assert saved.value.suggested_filename == name
        file = tmp_path / name
        saved.value.save_as(file)
        assert file.read_bytes().startswith(beginning)
        if name.endswith("txt"):
            assert "You: hello there" in file.read_text("utf-8")


class TestAnswers:
    def test_thumbs_down_asks_why_and_reaches_the_bridge(self, chat: Chat) -> None:
        chat.say("find me a cardiologist near 12207")
        page = chat.page
        with page.expect_request("**/chat/feedback") as rated:
            page.get_by_role("button", name="No, not helpful").last.click()
        with page.expect_request("**/chat/feedback") as explained:
            page.get_by_role("button", name="Hard to understand").click()
        expect(page.get_by_text("Thank you.", exact=True)).to_be_focused()
        assert "reason" not in (rated.value.post_data_json or {})
        assert (explained.value.post_data_json or {})["reason"] == "hard_to_understand"
        response = explained.value.response()
        assert response
        assert response.status == 200

    def test_answers_have_thumbs_offers_too_and_what_is_asked_has_none(
        self, chat: Chat, stack: Stack
    ) -> None:
        stack.let_codes_be_sent()
        chat.ask_about_march(AVERY)
        # Neither the greeting nor the four questions of who is there.
        expect(chat.page.get_by_role("button", name="Yes, helpful")).to_have_count(1)
        chat.say("sign me up for the diabetes program")
        asked = chat.said("assistant", "What is the code?").last
        expect(asked).to_be_visible()
        expect(asked.get_by_role("button", name="Yes, helpful")).to_have_count(0)
        chat.say(stack.code(AVERY.member_id))
        offer = chat.said("assistant", "Shall I ask").last
        expect(offer.get_by_role("button", name="Yes, helpful")).to_be_visible()

    def test_no_line_ends_inside_a_claim_number(self, open_page: OpenPage) -> None:
        chat = Chat(open_page("/", viewport={"width": 320, "height": 640}))
        chat.ask_about_march(MORGAN)
        lines = chat.page.locator(".number").evaluate_all(
            "all => all.map(each => each.getClientRects().length)"
        )
        assert lines
        assert set(lines) == {1}

    def test_the_companies_numbers_can_be_tapped_and_members_words_cannot(self, chat: Chat) -> None:
        chat.say("call 1-800-555-0110 or https://example.org")
        chat.say("I'd like to talk to a person.")
        expect(chat.page.locator(".from-member a")).to_have_count(0)
        emergency = chat.page.locator(".from-assistant").first.get_by_role("link")
        expect(emergency).to_have_attribute("href", "tel:911")
        links = chat.page.locator(".log a").evaluate_all("all => all.map(a => a.href)")
        assert all(re.fullmatch(r"tel:\d+", link) for link in links)

    def test_while_it_thinks_it_says_so(self, chat: Chat) -> None:
        held = hold_messages(chat.page)
        chat.input.fill("hello")
        chat.input.press("Enter")
        expect(chat.page.locator(".typing")).to_contain_text("The assistant is writing")
        expect(chat.said("member", "hello")).to_have_class(re.compile("sending"))
        expect(chat.input).to_be_focused()
        held[0].continue_()
        expect(chat.page.locator(".typing")).to_be_hidden()

    def test_who_reads_further_up_is_not_moved(self, chat: Chat) -> None:
        for _ in range(3):
            chat.say("find me a cardiologist near 12207")
        scroller = chat.page.locator(".scroller")
        scroller.evaluate("part => { part.scrollTop = 0; }")
        chat.input.fill("hello")
        # Sending goes to the end; then the reader goes up again, before the answer is there.
        held = hold_messages(chat.page)
        chat.input.press("Enter")
        expect(chat.page.locator(".typing")).to_be_visible()
        scroller.evaluate("part => { part.scrollTop = 0; }")
        held[0].continue_()
        new = chat.page.get_by_role("button", name="New messages")
        expect(new).to_be_visible()
        assert scroller.evaluate("part => part.scrollTop") == 0
        expect(chat.input).to_be_focused()
        new.click()
        expect(new).to_be_hidden()
        expect(scroller).to_be_focused()

    def test_reduced_motion_moves_nothing(self, open_page: OpenPage) -> None:
        page = open_page("/", reduced_motion="reduce")
        chat = Chat(page)
        page.route("**/chat/messages", lambda _: None)
        chat.input.fill("hello")
        chat.input.press("Enter")
        expect(page.locator(".typing")).to_be_visible()
        running = page.evaluate(
            "document.querySelector('memberline-chat').shadowRoot.getAnimations().length"
        )
        assert running == 0


class TestPeople:
    def test_the_way_to_a_person_is_in_reach_and_danger_is_answered_while_waiting(
        self, chat: Chat
    ) -> None:
        chat.ask_about_march(MORGAN)
        expect(chat.person).to_be_in_viewport()
        chat.person.click()
        chat.stay_for_a_person()
        expect(chat.page.locator(".who")).to_have_text(
            re.compile(r"Waiting for a person\. (?:You are|They open)")
        )
        expect(chat.person).to_have_attribute("aria-disabled", "true")

        chat.say("my husband has chest pain and can't breathe")
        expect(chat.said("assistant", "911").last).to_be_visible()


class TestMenu:
    def test_by_keyboard(self, chat: Chat) -> None:
        more = chat.page.get_by_role("button", name="More", exact=True)
        more.focus()
        chat.page.keyboard.press("Enter")
        expect(more).to_have_attribute("aria-expanded", "true")
        expect(chat.page.get_by_role("button", name="Save this chat (PDF)")).to_be_focused()
        chat.page.keyboard.press("Escape")
        expect(more).to_be_focused()
        expect(chat.page.locator(".menu")).to_be_hidden()
        more.click()
        chat.input.click()
        expect(chat.page.locator(".menu")).to_be_hidden()

    def test_sound_is_off_until_it_is_wanted(self, chat: Chat) -> None:
        chat.choose("Turn sound on")
        chat.page.get_by_role("button", name="More", exact=True).click()
        expect(chat.page.get_by_role("button", name="Turn sound off")).to_be_visible()
