"""The chat's contract over HTTP: who may, what is refused, and what a member gets back."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
import pytest
import yaml

from alliance.answer import Act, Answer, Button, Offer
from alliance.partners import PARTNERS_FILE, load_partners
from alliance.turn import verification_key
from alliance.verified import VerifiedMember
from api.chat.service import QUICK_REPLIES
from api.conversations.notices import KEPT, KEPT_TOO
from api.text import MAX_CHARACTERS
from tests.actions.conftest import proof
from tests.alliance.conftest import ENVIRONMENT
from tests.api.conftest import Bridge, Chatter, Rasa, hand_over, reply
from tests.sandbox.conftest import NOW

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]
HTTP = [
    ("POST", "/chat/messages"),
    ("GET", "/chat/messages"),
    ("POST", "/chat/feedback"),
    ("GET", "/chat/transcript"),
    ("POST", "/chat/socket-tickets"),
    ("POST", "/chat/sessions/current/stay"),
    ("DELETE", "/chat/sessions/current"),
]


async def conversation_of(bridge: Bridge, chat: Chatter) -> str:
    return await bridge.parts.chat_sessions.conversation_of(chat.started["token"])


async def verify(bridge: Bridge, chat: Chatter) -> VerifiedMember:
    conversation = await conversation_of(bridge, chat)
    member = proof(("mvp", "1"), conversation_id=conversation)
    await bridge.parts.redis.set(
        verification_key(conversation), json.dumps(member.to_json()), ex=900
    )
    return member


def refused(response: httpx.Response, status: int, code: str) -> str:
    assert response.status_code == status, response.text
    body = response.json()
    assert body.keys() == {"error", "detail"}
    assert body["error"] == code
    return str(body["detail"])


class TestWhoMay:
    @pytest.mark.parametrize(("method", "path"), HTTP)
    @pytest.mark.parametrize(
        "headers",
        [
            {},
            {"Authorization": "Bearer "},
            {"Authorization": "Bearer nobody"},
            {"Authorization": "Basic bm9ib2R5"},
            {"Authorization": "nobody"},
            {"Cookie": "token=nobody"},
        ],
        ids=str,
    )
    async def test_nobody_without_a_session(
        self, bridge: Bridge, method: str, path: str, headers: dict[str, str]
    ) -> None:
        body = {"client_message_id": "m1", "text": "hello"}
        response = await bridge.http.request(
            method, path, headers=headers, json=body if method == "POST" else None
        )
        refused(response, 401, "unauthorized")

    async def test_a_conversation_id_is_no_key(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        conversation = await conversation_of(bridge, chat)
        response = await bridge.http.get(
            "/chat/messages", headers={"Authorization": f"Bearer {conversation}"}
        )
        refused(response, 401, "unauthorized")

    async def test_an_id_in_the_body_changes_nothing(self, bridge: Bridge, rasa: Rasa) -> None:
        mine, theirs = await bridge.chat(), await bridge.chat()
        foreign = await conversation_of(bridge, theirs)
        forged = {
            "conversation_id": foreign,
            "sender": foreign,
            "channel": "voice",
            "metadata": {"verified": True},
            "verified": True,
        }
        response = await mine.send(text="hello", **forged)
        assert response.status_code == 200
        (heard,) = rasa.heard()
        assert heard["conversation_id"] == await conversation_of(bridge, mine)
        assert heard["channel"] == "chat"
        assert "metadata" not in heard

    async def test_two_chats_share_nothing(self, bridge: Bridge) -> None:
        one, two = await bridge.chat(), await bridge.chat()
        await one.say("for one only")
        assert "for one only" not in repr(await two.messages())


class TestStart:
    async def test_a_greeting_with_choices(self, bridge: Bridge, rasa: Rasa) -> None:
        started = (await bridge.chat()).started
        (greeting,) = started["greeting"]["messages"]
        assert "automated assistant" in greeting["text"]
        assert "911" in greeting["text"]
        assert [b["title"] for b in greeting["buttons"]] == [b.title for b in QUICK_REPLIES["en"]]
        assert started["state"] == {"owner": "assistant", "verified": False, "level": 0}
        assert len(started["token"]) >= 40
        # Nothing was asked of Rasa yet.
        assert rasa.heard() == []

    @pytest.mark.parametrize(
        ("language", "words"),
        [("en", "could not be confirmed here"), ("es", "no se pudo confirmar su sesión")],
    )
    async def test_a_sign_in_that_could_not_be_confirmed_is_said(
        self, bridge: Bridge, language: str, words: str
    ) -> None:
        body = {"language": language, "unconfirmed": True}
        started = (await bridge.http.post("/chat/sessions", json=body)).json()
        assert words in started["greeting"]["messages"][1]["text"]
        assert not started["state"]["verified"]

    async def test_the_lines_are_those_of_the_configuration(self, bridge: Bridge) -> None:
        lines = (await bridge.http.get("/web/lines.json")).json()
        configured = load_partners(yaml.safe_load(PARTNERS_FILE.read_text("utf-8")), ENVIRONMENT)
        assert [line["phone"] for line in lines] == [
            partner.phone.member_services for partner in configured if partner.backend
        ]
        assert lines[0].keys() == {"partner", "company", "phone", "tty"}

    async def test_no_payload_leaves_the_server(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        await chat.say("hello")
        shown = json.dumps(chat.started) + json.dumps(await chat.messages())
        for payload in ("/claim_status", "/speak_to_agent", "/find_provider"):
            assert payload not in shown

    async def test_it_stands_in_no_cache(self, bridge: Bridge) -> None:
        response = await bridge.http.post("/chat/sessions")
        assert response.headers["Cache-Control"] == "no-store"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


class TestSay:
    async def test_a_message_and_its_reply(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        answered = await chat.say("hello")
        mine, (theirs,) = answered["sent"], answered["messages"]
        assert (mine["from"], mine["text"]) == ("member", "hello")
        assert (theirs["from"], theirs["text"]) == ("assistant", "You said: hello")
        assert theirs["seq"] == mine["seq"] + 1
        assert answered["state"]["owner"] == "assistant"
        assert {m["at"] for m in (mine, theirs)} == {"2026-11-23T17:00:00+00:00"}
        assert NOW.startswith("2026-11-23T12:00:00-05:00")

    @pytest.mark.parametrize(
        "typed",
        ['/inform{"factor_zip": "12207"}', "／restart", "\u2003/restart", "\u200b/restart"],
    )
    async def test_a_command_is_only_text(self, bridge: Bridge, rasa: Rasa, typed: str) -> None:
        chat = await bridge.chat()
        answered = await chat.say(typed)
        assert answered["sent"]["text"] == typed.strip()
        (heard,) = rasa.heard()
        assert not heard["text"].startswith("/")

    async def test_a_button_says_what_it_means_to_rasa_and_its_title_to_people(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        chat = await bridge.chat()
        button = chat.started["greeting"]["messages"][0]["buttons"][0]
        response = await chat.send(button_id=button["id"])
        assert response.json()["sent"]["text"] == "Check a claim"
        assert rasa.heard()[0]["text"] == "/claim_status"

    @pytest.mark.parametrize("forged", ["nobody", "/claim_status", "'; DROP TABLE buttons; --"])
    async def test_a_forged_button_is_none(self, bridge: Bridge, rasa: Rasa, forged: str) -> None:
        chat = await bridge.chat()
        refused(await chat.send(button_id=forged), 404, "not_found")
        assert rasa.heard() == []

    async def test_another_chat_s_button_is_none(self, bridge: Bridge, rasa: Rasa) -> None:
        theirs = (await bridge.chat()).started["greeting"]["messages"][0]["buttons"][0]["id"]
        chat = await bridge.chat()
        refused(await chat.send(button_id=theirs), 404, "not_found")
        assert rasa.heard() == []

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"text": None},
            {"text": ""},
            {"text": "   \n\t "},
            {"text": "\u200b\u2060"},
            {"text": "\x00"},
            {"text": "hello", "button_id": "x"},
            {"text": 5},
            {"text": ["hello"]},
            {"text": {"a": 1}},
            {"button_id": ["x"]},
            {"button_id": "x" * 101},
            {"text": "hello", "client_message_id": ""},
            {"text": "hello", "client_message_id": "x" * 101},
            {"text": "hello", "client_message_id": ["m1"]},
            {"text": "hello", "client_message_id": None},
        ],
        ids=lambda body: str(body)[:40],
    )
    async def test_what_makes_no_sense_is_refused(
        self, bridge: Bridge, rasa: Rasa, body: dict[str, Any]
    ) -> None:
        chat = await bridge.chat()
        refused(await chat.send(**body), 422, "unusable")
        assert rasa.heard() == []
        assert len(await chat.messages()) == 1

    @pytest.mark.parametrize("content", [b"", b"hello", b"[]", b"{", b'"x"', b"null"])
    async def test_what_is_no_message_is_refused(self, bridge: Bridge, content: bytes) -> None:
        chat = await bridge.chat()
        response = await bridge.http.post(
            "/chat/messages",
            content=content,
            headers={**chat.headers, "Content-Type": "application/json"},
        )
        refused(response, 422, "unusable")

    async def test_what_is_not_even_text_is_refused(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        headers = {**chat.headers, "Content-Type": "application/json"}
        response = await bridge.http.post("/chat/messages", content=b"\xff", headers=headers)
        refused(response, 400, "bad_request")

    async def test_half_a_character_is_refused(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        response = await bridge.http.post(
            "/chat/messages",
            content=b'{"client_message_id": "m1", "text": "a\\ud800b"}',
            headers={**chat.headers, "Content-Type": "application/json"},
        )
        refused(response, 422, "unusable")

    async def test_deep_json_is_refused(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        response = await bridge.http.post(
            "/chat/messages",
            content=b'{"client_message_id": "m1", "text": ' + b"[" * 7000 + b"]" * 7000 + b"}",
            headers={**chat.headers, "Content-Type": "application/json"},
        )
        assert response.status_code in (400, 413, 422)

    async def test_the_longest_message(self, bridge: Bridge, rasa: Rasa) -> None:
        chat = await bridge.chat()
        await chat.say("x" * MAX_CHARACTERS)
        refused(await chat.send(text="x" * (MAX_CHARACTERS + 1)), 413, "too_large")
        assert len(rasa.heard()) == 1

    async def test_a_request_too_large_is_not_even_read(self, bridge: Bridge) -> None:
        response = await bridge.http.post("/chat/messages", content=b"x" * 1_000_000)
        refused(response, 413, "too_large")

    async def test_nor_one_that_does_not_say_how_large_it_is(self, bridge: Bridge) -> None:
        read = 0

        async def endless() -> Any:
            nonlocal read
            for _ in range(1000):
                read += 1
                yield b"x" * 1024

        chat = await bridge.chat()
        response = await bridge.http.post("/chat/messages", content=endless(), headers=chat.headers)
        refused(response, 413, "too_large")

    async def test_signs_of_all_kinds_travel_unharmed(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        typed = "<script>alert(1)</script> ¿qué? 👍🏽 \u05d0\u05d1 =1+1"
        answered = await chat.say(typed)
        assert answered["sent"]["text"] == typed
        assert (await chat.messages())[1]["text"] == typed


class TestSentTwice:
    async def test_the_same_id_gets_the_same_reply_and_one_turn(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        chat = await bridge.chat()
        body = {"client_message_id": "same", "text": "hello"}
        first, again = [
            (await bridge.http.post("/chat/messages", json=body, headers=chat.headers)).json()
            for _ in range(2)
        ]
        assert first == again
        assert len(rasa.heard()) == 1
        assert len(await chat.messages()) == 3

    async def test_twenty_times_at_once(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.delay_seconds = 0.1
        chat = await bridge.chat()
        body = {"client_message_id": "same", "text": "hello"}
        responses = await asyncio.gather(
            *(
                bridge.http.post("/chat/messages", json=body, headers=chat.headers)
                for _ in range(20)
            )
        )
        assert {response.status_code for response in responses} == {200}
        assert len({response.text for response in responses}) == 1
        assert len(rasa.heard()) == 1

    async def test_fifty_members_open_the_chat_at_once(self, bridge: Bridge) -> None:
        """More than the store can write at a time: all of them wait, none is turned away."""
        opened = await asyncio.gather(*(bridge.http.post("/chat/sessions") for _ in range(50)))
        assert {response.status_code for response in opened} == {200}
        assert len({response.json()["token"] for response in opened}) == 50

    async def test_a_burst_is_answered_in_order(self, bridge: Bridge, rasa: Rasa) -> None:
        chat = await bridge.chat()
        tasks = []
        for number in range(20):
            body = {"client_message_id": f"b{number}", "text": str(number)}
            tasks.append(
                asyncio.create_task(
                    bridge.http.post("/chat/messages", json=body, headers=chat.headers)
                )
            )
            await asyncio.sleep(0.002)
        await asyncio.gather(*tasks)
        assert [heard["text"] for heard in rasa.heard()] == [str(n) for n in range(20)]
        texts = [m["text"] for m in await chat.messages()][1:]
        assert texts == [t for n in range(20) for t in (str(n), f"You said: {n}")]

    async def test_a_message_whose_turn_was_lost_is_answered_when_it_is_sent_again(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        """The bridge died after it had kept the message and before it had an answer."""
        chat = await bridge.chat()
        rasa.delay_seconds = 0.3
        conversation = await conversation_of(bridge, chat)
        turn = asyncio.create_task(bridge.parts.chat.say(conversation, "lost", "hello", None))
        await asyncio.sleep(0.15)
        turn.cancel()
        await asyncio.wait([turn])
        assert len(await chat.messages()) == 2
        body = {"client_message_id": "lost", "text": "hello"}
        again = await bridge.http.post("/chat/messages", json=body, headers=chat.headers)
        texts = [m["text"] for m in (again.json()["sent"], *again.json()["messages"])]
        assert texts == ["hello", "You said: hello"]
        assert [m["text"] for m in await chat.messages()][1:] == texts


class TestHonesty:
    """Whatever is down: the member reads a sentence with a way on, and never nothing."""

    @pytest.mark.parametrize(
        "trouble",
        [
            {"status": 503},
            {"answer": lambda _: reply()},
            {"answer": lambda _: b"<html>"},
        ],
        ids=["error", "empty", "odd"],
    )
    async def test_rasa_in_trouble(
        self, bridge: Bridge, rasa: Rasa, trouble: dict[str, Any]
    ) -> None:
        chat = await bridge.chat()
        for name, value in trouble.items():
            setattr(rasa, name, value)
        answered = await chat.say("hello")
        text = answered["messages"][-1]["text"]
        assert "not working" in text
        assert "1-800-555-01" in text
        rasa.reset()
        assert (await chat.say("again"))["messages"][-1]["text"] == "You said: again"

    async def test_the_apology_is_repeated_for_a_resent_message(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        chat = await bridge.chat()
        rasa.status = 503
        first = await chat.say("hello")
        body = {"client_message_id": f"m{chat.said}", "text": "hello"}
        again = await bridge.http.post("/chat/messages", json=body, headers=chat.headers)
        assert again.json()["messages"] == first["messages"]

    async def test_readiness_is_a_turn_that_works(self, bridge: Bridge, rasa: Rasa) -> None:
        assert (await bridge.http.get("/livez")).status_code == 200
        assert (await bridge.http.get("/readyz")).status_code == 200
        rasa.status = 503
        refused(await bridge.http.get("/readyz"), 503, "assistant_unavailable")
        assert (await bridge.http.get("/livez")).status_code == 200


class TestRead:
    async def test_what_came_after_a_number(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        answered = await chat.say("hello")
        last = answered["messages"][-1]["seq"]
        assert await chat.messages(after=last) == []
        assert await chat.messages(after=last - 1) == answered["messages"][-1:]
        assert [m["seq"] for m in await chat.messages()] == list(range(1, last + 1))

    async def test_it_is_the_same_as_it_was_said(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        answered = await chat.say("hello")
        assert (await chat.messages(after=1)) == [answered["sent"], *answered["messages"]]

    @pytest.mark.parametrize(
        "query", [{"after": -1}, {"after": "x"}, {"after": 2**70}, {"wait": 26}, {"wait": "x"}]
    )
    async def test_a_number_that_makes_no_sense(
        self, bridge: Bridge, query: dict[str, Any]
    ) -> None:
        chat = await bridge.chat()
        response = await bridge.http.get("/chat/messages", params=query, headers=chat.headers)
        refused(response, 422, "unusable")

    async def test_waiting_ends_as_soon_as_something_comes(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        waiting = asyncio.create_task(chat.messages(after=1, wait=20))
        await asyncio.sleep(0.2)
        start = time.monotonic()
        await chat.say("hello")
        found = await waiting
        assert found[0]["text"] == "hello"
        assert time.monotonic() - start < 5

    async def test_waiting_in_vain_gives_nothing(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        assert await chat.messages(after=1, wait=0.2) == []


class TestState:
    async def test_verified(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        await verify(bridge, chat)
        answered = await chat.say("hello")
        assert answered["state"] == {
            "owner": "assistant",
            "verified": True,
            "level": 1,
            # The whole idle limit, as the turn has just renewed it.
            "verified_seconds": 900,
        }

    async def test_cards_reach_the_page(self, bridge: Bridge, rasa: Rasa) -> None:
        card = {"kind": "claim", "number": "CLM-2026-55501", "paid": "140.00"}
        rasa.answer = lambda _: reply(Answer("a", "b", cards=(card,)))
        chat = await bridge.chat()
        assert (await chat.say("hello"))["messages"][-1]["cards"] == [card]

    async def test_an_emergency_is_answered_like_anything_else_and_at_once(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        danger = Answer("Call 911.", "Call 9 1 1.", intent="emergency", acts=(Act("emergency"),))
        rasa.answer = lambda _: reply(danger)
        chat = await bridge.chat()
        answered = await chat.say("chest pain")
        assert answered["messages"][-1]["text"] == "Call 911."
        assert answered["state"]["owner"] == "assistant"

    async def test_handed_over(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.answer = lambda _: hand_over("mvp")
        chat = await bridge.chat()
        answered = await chat.say("a person please")
        assert answered["state"]["owner"] == "queue"
        assert answered["state"]["queue_position"] == 1
        assert "queue of MVP Health Care" in answered["messages"][-1]["text"]
        assert len(rasa.heard("seed")) == 1
        # From now on nothing of the assistant's is said.
        rasa.answer = lambda _: reply(Answer("not for the member", "x", intent="claim_status"))
        (told,) = (await chat.say("are you there?"))["messages"]
        assert told["from"] == "system"
        assert told["text"] == KEPT
        # In full once is enough; but nobody is met with silence.
        (again,) = (await chat.say("and one thing more"))["messages"]
        assert again["text"] == KEPT_TOO
        assert "not for the member" not in repr(await chat.messages())


class TestFeedbackAndTranscript:
    async def test_a_rating(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        message = (await chat.say("hello"))["messages"][-1]["id"]
        for rating in ("up", "down"):
            response = await bridge.http.post(
                "/chat/feedback",
                json={"message_id": message, "rating": rating, "reason": "not_asked"},
                headers=chat.headers,
            )
            assert response.status_code == 200

    async def test_a_reason_is_no_place_for_words(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        message = (await chat.say("hello"))["messages"][-1]["id"]
        body = {"message_id": message, "rating": "down", "reason": "my ID is M10010002"}
        response = await bridge.http.post("/chat/feedback", json=body, headers=chat.headers)
        refused(response, 422, "unusable")

    @pytest.mark.parametrize(
        ("answer", "kind"),
        [
            (Answer("It was paid.", "x", intent="claim_status"), "answer"),
            (
                Answer(
                    "You have 30 days. Shall I pass your request on?",
                    "x",
                    kind="question",
                    intent="qualifying_event",
                    offers=Offer("qualifying_event", "request"),
                ),
                "answer",
            ),
            (Answer("I can't see that.", "x", kind="notice", intent="claim_status"), "answer"),
            (Answer("You're welcome.", "x", kind="notice", intent="thank"), "notice"),
            (
                Answer(
                    "What is your first name?",
                    "x",
                    kind="question",
                    intent="claim_status",
                    facts={"asking": "factor_first_name"},
                ),
                "question",
            ),
        ],
    )
    async def test_a_message_says_whether_it_answers_something(
        self, bridge: Bridge, rasa: Rasa, answer: Answer, kind: str
    ) -> None:
        chat = await bridge.chat()
        rasa.answer = lambda _: reply(answer)
        assert (await chat.say("a question"))["messages"][-1]["kind"] == kind
        own, said = (await chat.messages())[-2:]
        assert "kind" not in own
        assert said["kind"] == kind

    async def test_another_chat_s_message_cannot_be_rated(self, bridge: Bridge) -> None:
        theirs = (await (await bridge.chat()).say("hello"))["messages"][-1]["id"]
        chat = await bridge.chat()
        body = {"message_id": theirs, "rating": "up"}
        response = await bridge.http.post("/chat/feedback", json=body, headers=chat.headers)
        refused(response, 404, "not_found")

    async def test_the_transcript_is_text_with_names_and_times(self, bridge: Bridge) -> None:
        chat = await bridge.chat()
        await chat.say("hello")
        response = await bridge.http.get("/chat/transcript", headers=chat.headers)
        assert response.headers["Content-Type"].startswith("text/plain")
        assert "attachment" in response.headers["Content-Disposition"]
        assert response.text.splitlines()[-2:] == [
            "[2026-11-23 12:00] You: hello",
            "[2026-11-23 12:00] Assistant: You said: hello",
        ]

    @pytest.mark.parametrize(
        ("zone", "time"),
        [
            ("America/Chicago", "11:00"),
            ("UTC", "17:00"),
            ("No/Where", "12:00"),
            ("../etc", "12:00"),
        ],
    )
    async def test_the_transcript_s_times_are_the_member_s(
        self, bridge: Bridge, zone: str, time: str
    ) -> None:
        chat = await bridge.chat()
        response = await bridge.http.get(
            "/chat/transcript", params={"zone": zone}, headers=chat.headers
        )
        assert f"[2026-11-23 {time}] Assistant: Hello" in response.text

    @pytest.mark.parametrize(
        "text", ["hello", "¿Qué plan? 🩺 \u202egnp \u200b 漢字", "a\n\nb", "x" * 4000]
    )
    async def test_the_transcript_as_pdf(self, bridge: Bridge, text: str) -> None:
        chat = await bridge.chat()
        await chat.say(text)
        response = await bridge.http.get(
            "/chat/transcript", params={"format": "pdf"}, headers=chat.headers
        )
        assert response.headers["Content-Type"] == "application/pdf"
        assert response.headers["Content-Disposition"] == 'attachment; filename="chat.pdf"'
        assert response.content.startswith(b"%PDF-")

    async def test_the_copy_is_in_the_members_language(self, bridge: Bridge, rasa: Rasa) -> None:
        told = Answer("Puede hablar con una persona.", "", facts={"language": "es"})
        rasa.answer = lambda _: reply(told)
        chat = await bridge.chat()
        assert (await chat.say("no hablo inglés"))["state"]["language"] == "es"
        for form, words in (("pdf", b"/Lang (es-US)"), ("txt", b"Usted: no hablo")):
            response = await bridge.http.get(
                "/chat/transcript", params={"format": form, "language": "es"}, headers=chat.headers
            )
            assert words in response.content


class TestEnd:
    async def test_the_token_opens_nothing_any_more(self, bridge: Bridge, rasa: Rasa) -> None:
        chat = await bridge.chat()
        member = await verify(bridge, chat)
        ended = await bridge.http.delete("/chat/sessions/current", headers=chat.headers)
        assert ended.json() == {"status": "ended"}
        for method, path in HTTP:
            body = {"client_message_id": "m9", "text": "hello"} if method == "POST" else None
            response = await bridge.http.request(method, path, headers=chat.headers, json=body)
            refused(response, 401, "unauthorized")
        assert await bridge.parts.redis.get(verification_key(member.conversation_id)) is None
        assert rasa.heard() == []


async def test_odd_buttons_of_an_answer_are_opaque(bridge: Bridge, rasa: Rasa) -> None:
    rasa.answer = lambda _: reply(Answer("a", "b", buttons=(Button("Start over", "/cancel"),)))
    chat = await bridge.chat()
    (button,) = (await chat.say("hello"))["messages"][-1]["buttons"]
    assert button.keys() == {"id", "title"}
    await chat.send(button_id=button["id"])
    assert rasa.heard()[-1]["text"] == "/cancel"
