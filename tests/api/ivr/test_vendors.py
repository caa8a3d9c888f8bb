"""Every kind of reply on every platform, held against what the platform's maker publishes."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest
import pytest_asyncio
from aws_lambda_powertools.utilities.data_classes import ConnectContactFlowEvent

from alliance.answer import Act, Answer
from api.ivr import core, wording
from tests.api.conftest import PHONE, TWILIO_TOKEN, Bridge, Rasa, hand_over, reply, understood
from tests.api.ivr.callers import LexCall, TwilioCall
from tests.api.ivr.test_platforms import CALLERS
from tests.api.ivr.vendors import Passed, Vendors, audiocodes, voicexml

pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.usefixtures("rasa"),
    pytest.mark.extra,
]
ALL: dict[str, Callable[[Bridge], Any]] = {
    **{name: caller for name, caller in CALLERS.items() if name != "json"},
    "twilio": lambda bridge: TwilioCall(bridge.http, TWILIO_TOKEN),
}
Conversation = Callable[[Any, Rasa, pytest.MonkeyPatch], Awaitable[None]]
LONG = "The claim of March 3, 2026 was paid. " * 20


@pytest.fixture(scope="module")
def vendors(tmp_path_factory: pytest.TempPathFactory) -> Vendors:
    return Vendors(tmp_path_factory.mktemp("vendors"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def line(bridge: Bridge) -> AsyncIterator[tuple[Bridge, list[Passed]]]:
    """The bridge, and all that passed so far."""
    passed: list[Passed] = []

    async def note(response: httpx.Response) -> None:
        platform = response.request.url.path.split("/")[2]
        passed.append(Passed(platform, response.request.content, await response.aread()))

    bridge.http.event_hooks["response"].append(note)
    yield bridge, passed
    bridge.http.event_hooks["response"].remove(note)


def _asked(slot: str, _: dict[str, Any]) -> dict[str, Any]:
    """A dialogue that asks for a slot."""
    return reply(Answer("What is it?", "What is it?", kind="question"), asking=slot)


async def answered(call: Any, rasa: Rasa, patch: pytest.MonkeyPatch) -> None:
    words = 'Dr. <Sample> & "Sons", 1-800-555-0110: $3.50 for MHP-2026-0042 on 2026-03-03 (é).'
    rasa.answer = lambda _: reply(Answer(words, words, intent="claim_status"))
    await call.say("has my claim been paid")
    await call.say("repeat that")
    await call.say("speak slower please")
    rasa.answer = lambda _: reply(Answer(LONG, LONG, intent="claim_status"))
    assert wording.MORE_BY_KEY in (await call.say("and the others")).say
    await call.say("more")


async def identified(call: Any, rasa: Rasa, patch: pytest.MonkeyPatch) -> None:
    for slot in (
        "factor_first_name",
        "factor_member_id",
        "factor_date_of_birth",
        "factor_zip",
        "factor_card_company",
        "factor_code",
        "need_phone",
        "need_claim",
        "need_location",
    ):
        rasa.answer = partial(_asked, slot)
        await call.say("has my claim been paid" if slot == "factor_first_name" else "morgan")
    await call.say("hold on")
    await call.silence()


async def misheard(call: Any, rasa: Rasa, patch: pytest.MonkeyPatch) -> None:
    rasa.understands = lambda text: understood(text, "find_provider", 0.5, "confirm")
    await call.say("heart thing albany", 0.7)
    await call.say("no", 0.9)
    await call.silence()
    assert (await call.keys("7")).action == "transfer"


async def transferred(call: Any, rasa: Rasa, patch: pytest.MonkeyPatch) -> None:
    rasa.answer = lambda _: hand_over("mvp")
    assert (await call.say("agent")).action == "transfer"


async def spanish(call: Any, rasa: Rasa, patch: pytest.MonkeyPatch) -> None:
    await call.keys("9")
    assert (await call.keys("2")).action == "transfer"


async def closed(call: Any, rasa: Rasa, patch: pytest.MonkeyPatch) -> None:
    patch.setattr("alliance.routing.is_open", lambda *_: False)
    rasa.answer = lambda _: hand_over("mvp")
    await call.say("agent")
    assert (await call.keys("2")).action == "transfer"


async def ended(call: Any, rasa: Rasa, patch: pytest.MonkeyPatch) -> None:
    rasa.answer = lambda _: reply(Answer("Goodbye.", "Goodbye.", acts=(Act("closed"),)))
    assert (await call.say("thanks, bye")).action == "hangup"


async def slow(call: Any, rasa: Rasa, patch: pytest.MonkeyPatch) -> None:
    patch.setattr(core, "INNER_DEADLINE_SECONDS", 0.05)
    rasa.delay_seconds = 0.4
    assert (await call.say("hello")).say == wording.ONE_MOMENT
    assert (await call.silence()).action == "transfer"


async def broken(call: Any, rasa: Rasa, patch: pytest.MonkeyPatch) -> None:
    rasa.status = 500
    await call.say("has my claim been paid")


CONVERSATIONS: tuple[Conversation, ...] = (
    answered,
    identified,
    misheard,
    transferred,
    spanish,
    closed,
    ended,
    slow,
    broken,
)


@pytest.fixture(params=CONVERSATIONS, ids=lambda c: c.__name__)
def conversation(request: pytest.FixtureRequest) -> Iterator[Conversation]:
    return request.param  # type: ignore[no-any-return]


@pytest.mark.parametrize("platform", sorted(ALL))
async def test_a_conversation(
    line: tuple[Bridge, list[Passed]],
    rasa: Rasa,
    conversation: Conversation,
    platform: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call = ALL[platform](line[0])
    assert (await call.start()).action == "listen"
    with monkeypatch.context() as patch:
        await conversation(call, rasa, patch)


async def test_what_passed_is_as_the_makers_want_it(
    line: tuple[Bridge, list[Passed]], vendors: Vendors
) -> None:
    """After all conversations: this test stands last in its module."""
    _, passed = line
    by_platform = {
        name: [each for each in passed if each.platform == name]
        for name in ("jambonz", "vxml", "audiocodes", "twilio", "lex")
    }
    assert all(len(each) > 2 * len(CONVERSATIONS) for each in by_platform.values())
    assert vendors.jambonz(by_platform["jambonz"]) == []
    assert vendors.typed([*by_platform["twilio"], *by_platform["lex"]]) == []
    assert voicexml(by_platform["vxml"]) == []
    assert audiocodes(by_platform["audiocodes"]) == []


async def test_a_reply_that_is_wrong_is_found(vendors: Vendors) -> None:
    wrong = b'[{"verb": "gather", "input": ["voice"]}]'
    assert vendors.jambonz([Passed("jambonz", b'{"reason": "timeout"}', wrong)])
    for document in (
        b'<Response><Gather inputs="speech"/></Response>',
        b"<Response><Gather><Dial/></Gather></Response>",
        b'<Response><Gather numDigits="many"/></Response>',
    ):
        assert vendors.typed([Passed("twilio", b"", document)])
    event = json.dumps({"sessionId": "1", "messageVersion": "1.0"}).encode()
    lex = {"sessionState": {"dialogAction": {"type": "Transfer"}}, "messages": []}
    assert vendors.typed([Passed("lex", event, json.dumps(lex).encode())])
    assert voicexml([Passed("vxml", b"", b'<vxml version="2.1"><say/></vxml>')])
    shape = b'{"conversation": "c", "activities": [{"type": "message", "text": "hello"}]}'
    assert audiocodes([Passed("audiocodes", b'{"activities": []}', shape)])


async def test_a_connect_contact_flow_s_event_as_amazon_models_it(bridge: Bridge) -> None:
    call = LexCall(bridge.http, PHONE.lex_secret or "")
    event = call.contact_flow_event()
    model = ConnectContactFlowEvent(event)
    contact = model.contact_data
    assert contact.contact_id == call.session
    assert contact.customer_endpoint
    assert contact.channel.name == "VOICE"
    told = (await call.post(event)).json()
    assert "How can I help" in told["say"]
