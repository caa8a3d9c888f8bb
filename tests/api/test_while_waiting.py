"""In the chat, waiting for a person: how long it takes, out of the line again, a call instead."""

from __future__ import annotations

import pytest

from alliance.answer import Answer
from api.conversations.notices import KEPT, KEPT_TOO
from api.conversations.while_waiting import asked_besides, wish
from tests.api.conftest import Bridge, Chatter, Rasa, hand_over, reply


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("how long do i still have to wait?", "how_long"),
        ("hello?? anyone there", "how_long"),
        ("¿cuánto falta?", "how_long"),
        ("am I still in line", "how_long"),
        ("ok he is calm again. am i still waiting?", "how_long"),
        ("how long will i be stuck on hold here", "how_long"),
        ("is there nobody to talk to?", "how_long"),
        ("no more waiting, what is my copay?", "leave"),
        ("take my message back", "leave"),
        ("i can't wait that long", "leave"),
        ("i can't wait to have this baby", None),
        ("could somebody ring me instead", "call_back"),
        ("que me llamen mejor", "call_back"),
        ("i have no time for this line, can someone ring me instead", "call_back"),
        ("he fell a long way, can someone call", None),
        ("have them call me tomorrow after 2, on my cell 518-555-0143", "call_back"),
        ("can someone call, my husband collapsed", None),
        ("call me he stopped breathing", None),
        ("call my mother, she is bleeding", None),
        ("forget it", "leave"),
        ("i don't need a person any more", "leave"),
        ("never mind, is acupuncture covered?", "leave"),
        ("how long does an appeal take", None),
        ("cancel my dental plan", None),
        ("call an ambulance", None),
        ("never mind my arm, my chest hurts", None),
        ("my claim number is on the letter", None),
    ],
)
def test_what_is_asked_of_the_line_itself(said: str, wanted: str | None) -> None:
    assert wish(said) == wanted


def test_what_is_asked_in_the_same_breath() -> None:
    assert asked_besides("never mind, is acupuncture covered?") == "is acupuncture covered?"
    assert not asked_besides("never mind, I'll ask you")
    assert asked_besides("skip the line, what is my copay?") == "what is my copay?"


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.usefixtures("rasa")
class TestWaiting:
    async def waiting(self, bridge: Bridge, rasa: Rasa) -> Chatter:
        rasa.answer = lambda _: hand_over("cigna")
        chat = await bridge.chat()
        assert (await chat.say("a person please"))["state"]["owner"] == "queue"
        rasa.answer = lambda _: reply(Answer("An answer.", "An answer."))
        return chat

    async def test_who_asks_how_long_hears_their_place(self, bridge: Bridge, rasa: Rasa) -> None:
        chat = await self.waiting(bridge, rasa)
        for _ in range(2):
            told = await chat.say("how much longer?")
            assert told["messages"][-1]["text"].startswith("You are n")
            assert "queue of CIGNA HealthCare" in told["messages"][-1]["text"]
            assert told["state"]["owner"] == "queue"

    async def test_who_waits_no_more_goes_on_with_the_assistant(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        chat = await self.waiting(bridge, rasa)
        told = await chat.say("never mind")
        assert told["state"]["owner"] == "assistant"
        assert told["messages"][-1]["text"].endswith("What can I do for you?")
        assert (await chat.say("what is a copay?"))["messages"][-1]["text"] == "An answer."

    async def test_a_question_in_the_same_breath_is_answered(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        chat = await self.waiting(bridge, rasa)
        told = await chat.say("cancel that, what is a copay?")
        assert rasa.heard()[-1]["text"] == "what is a copay?"
        assert [message["text"] for message in told["messages"]][-1] == "An answer."

    async def test_a_call_back_instead(self, bridge: Bridge, rasa: Rasa) -> None:
        chat = await self.waiting(bridge, rasa)
        told = await chat.say("can they call me instead")
        assert rasa.heard()[-1]["text"] == "/request_callback"
        assert told["state"]["owner"] == "assistant"

    async def test_nobody_is_left_in_the_queue(self, bridge: Bridge, rasa: Rasa) -> None:
        chat = await self.waiting(bridge, rasa)
        await chat.say("forget it")
        rasa.answer = lambda _: hand_over("cigna")
        assert (await chat.say("a person after all"))["state"]["owner"] == "queue"

    async def test_anything_else_is_kept_for_the_person(self, bridge: Bridge, rasa: Rasa) -> None:
        chat = await self.waiting(bridge, rasa)
        told = await chat.say("my card is blue")
        assert told["messages"][-1]["text"] == KEPT
        told = await chat.say("and the group number is worn off")
        assert told["messages"][-1]["text"] == KEPT_TOO

    async def test_danger_is_answered_at_once(self, bridge: Bridge, rasa: Rasa) -> None:
        chat = await self.waiting(bridge, rasa)
        warning = Answer("Call 911 now.", "Call 9 1 1 now.", intent="emergency")
        rasa.answer = lambda _: reply(warning)
        told = await chat.say("my husband collapsed. are we still waiting?")
        assert told["messages"][-1]["text"] == warning.text
        assert told["state"]["owner"] == "queue"
