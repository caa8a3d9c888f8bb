"""The voice conversation, whatever the platform: here over `/ivr/json`."""

from __future__ import annotations

from typing import Any

import pytest

from alliance.answer import Act, Answer
from alliance.verified import Actor, Membership, Person, VerifiedMember
from api.desk.handover import Handovers
from api.ivr import core, prompts, wording
from api.ivr.portions import fits, sentences
from tests.actions.conftest import MOMENT
from tests.api.conftest import Bridge, Rasa, hand_over, reply, understood
from tests.api.ivr.callers import JsonCall
from tests.api.test_waiting_times import accepted

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]
KEY = "api-key-of-the-tests"
# Proven to be a member at MVP alone.
MEMBER = VerifiedMember(
    Person(Membership("mvp", "member-1")), 1, "id_dob_zip", Actor("member"), "c1", MOMENT
)


async def called(bridge: Bridge) -> JsonCall:
    call = JsonCall(bridge.http, KEY)
    await call.start()
    return call


def asks(slot: str, text: str = "What is it?", failures: int = 0) -> dict[str, Any]:
    """A dialogue that asks for a slot."""
    counted = {slot: failures} if failures else {}
    return reply(Answer(text, text, kind="question"), asking=slot, failures=counted)


def dangerous(rasa: Rasa, otherwise: dict[str, Any] | None = None) -> None:
    """A dialogue that takes words of breathing for danger."""
    danger = Answer("911", "Call 9 1 1 now.", intent="emergency", acts=(Act("emergency"),))
    rasa.understands = lambda text: understood(
        text, "emergency" if "breathe" in text else "out_of_scope", 0.9
    )
    rasa.answer = lambda body: (
        reply(danger) if otherwise is None or "breathe" in body["text"] else otherwise
    )


class TestGreeting:
    async def test_recording_notice_language_choice_and_an_open_question_with_two_examples(
        self, bridge: Bridge
    ) -> None:
        said = (await JsonCall(bridge.http, KEY).start()).say
        for words in ("recorded", "9 1 1", "Español", "Find a doctor", "check a claim"):
            assert words in said


class TestReadings:
    """The recogniser's readings and the understanding of each, weighed together."""

    async def test_the_likelier_meaning_wins_over_the_first_reading(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.understands = lambda text: (
            understood(text, "claim_status", 0.95)
            if "claim" in text
            else understood(text, "out_of_scope", 0.5, "reject")
        )
        call = await called(bridge)
        await call.say(
            "has my clam been played", 0.6, alternatives=[{"text": "has my claim been paid"}]
        )
        (heard,) = rasa.heard()
        assert heard["text"] == "has my claim been paid"

    async def test_in_between_it_asks_whether_that_was_meant_and_yes_is_taken(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.understands = lambda text: understood(text, "find_provider", 0.5, "confirm")
        call = await called(bridge)
        asked = await call.say("heart doctor thing albany", 0.7)
        assert asked.say == "Is it about finding a doctor? Say yes or no."
        assert rasa.heard() == []
        await call.say("yes please", 0.9)
        (heard,) = rasa.heard()
        assert (heard["text"], heard["confirmed"]) == ("heart doctor thing albany", "find_provider")

    async def test_a_confirmed_reason_decides_who_gets_the_call(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.understands = lambda text: understood(text, "dental_benefits", 0.5, "confirm")
        rasa.answer = lambda _: asks("factor_first_name", "What is your first name?")
        call = await called(bridge)
        await call.say("tooth thing", 0.7)
        await call.say("yes", 0.9)
        rasa.answer = lambda _: hand_over("mvp")
        assert (await call.say("agent")).route["skills"] == ["dental"]

    async def test_between_two_that_go_to_the_same_people_it_does_not_ask(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        ranking = [
            {"name": "claim_status", "confidence": 0.5},
            {"name": "claim_denial", "confidence": 0.45},
        ]
        rasa.understands = lambda text: (
            understood(text, "claim_status", 0.5, "confirm") | {"ranking": ranking}
        )
        call = await called(bridge)
        await call.say("my claim it says no money", 0.9)
        (heard,) = rasa.heard()
        assert heard["confirmed"] == "claim_status"

    async def test_what_is_likely_is_acted_on_and_named(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.understands = lambda text: understood(text, "find_provider", 0.75)
        call = await called(bridge)
        told = await call.say("somebody for my heart", 0.9)
        assert told.say.startswith("This is about finding a doctor. You said: somebody")

    async def test_what_goes_to_people_at_once_is_asked_about_first(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.understands = lambda text: understood(text, "report_death", 0.75)
        call = await called(bridge)
        asked = await call.say("the cow died", 0.9)
        assert asked.say == "Is it about reporting a death? Say yes or no."

    async def test_no_asks_again_with_a_list(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.understands = lambda text: understood(text, "find_provider", 0.5, "confirm")
        call = await called(bridge)
        await call.say("heart doctor thing albany", 0.7)
        assert wording.DIRECTED in (await call.say("no", 0.9)).say
        assert rasa.heard() == []

    async def test_another_question_instead_of_yes_or_no_is_a_question(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.understands = lambda text: (
            understood(text, "claim_status")
            if "claim" in text
            else understood(text, "find_provider", 0.5, "confirm")
        )
        call = await called(bridge)
        await call.say("heart doctor thing albany", 0.7)
        await call.say("it is about a claim", 0.9)
        assert [heard["text"] for heard in rasa.heard()] == ["it is about a claim"]

    async def test_danger_in_any_reading_is_taken(self, bridge: Bridge, rasa: Rasa) -> None:
        danger = Answer("911", "Call 9 1 1 now.", intent="emergency", acts=(Act("emergency"),))
        rasa.answer = lambda _: reply(danger)
        rasa.understands = lambda text: (
            understood(text, "emergency", 0.3)
            if "breathe" in text
            else understood(text, "greet", 0.9)
        )
        call = await called(bridge)
        said = await call.say("he can't read", 0.5, alternatives=[{"text": "he can't breathe"}])
        assert said.say == "Call 9 1 1 now."

    @pytest.mark.parametrize("answer", ["yes", "he cant breathe"])
    async def test_danger_heard_badly_names_911_and_asks(
        self, bridge: Bridge, rasa: Rasa, answer: str
    ) -> None:
        dangerous(rasa)
        call = await called(bridge)
        assert (await call.say("and he cant breathe", 0.1)).say == wording.IN_DANGER
        assert (await call.say(answer, 0.5)).say == "Call 9 1 1 now."

    async def test_no_danger_is_no_failure_and_leads_back(self, bridge: Bridge, rasa: Rasa) -> None:
        dangerous(rasa, asks("factor_first_name", "What is your first name?"))
        call = await called(bridge)
        await call.keys("1")
        assert (await call.say("and he cant breathe", 0.4)).say == wording.IN_DANGER
        told = await call.say("no nobody", 0.9)
        assert told.say == f"{wording.NO_DANGER} What is your first name?"

    async def test_a_line_that_sounds_of_danger_again_and_again_ends_at_a_person(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        dangerous(rasa, asks("factor_first_name", "What is your first name?"))
        call = await called(bridge)
        await call.keys("1")
        for _ in range(6):
            assert (await call.say("and he cant breathe", 0.4)).say == wording.IN_DANGER
            told = await call.say("no nobody", 0.9)
            if told.action != "listen":
                break
        assert told.action == "transfer" or "company" in told.say

    async def test_danger_in_a_second_thought_is_not_asked_about_beside_a_much_likelier_reason(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.understands = lambda text: (
            understood(text, "emergency", 0.4)
            if "breathe" in text
            else understood(text, "claim_status", 0.95)
        )
        call = await called(bridge)
        await call.say("has my claim been paid", 0.6, alternatives=[{"text": "he cant breathe"}])
        assert rasa.heard()[0]["text"] == "has my claim been paid"

    async def test_who_was_told_of_911_gets_a_person_at_once(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        dangerous(rasa)
        call = await called(bridge)
        await call.say("he cant breathe", 0.9)
        assert wording.ALARMED in (await call.silence()).say
        told = await call.keys("0")
        assert (told.action, told.route["queue"]) == ("transfer", "alliance-front-desk")
        assert told.route["priority"] == 10

    @pytest.mark.parametrize("slot", ["need_reason", "need_partner"])
    async def test_in_whatever_words_and_asked_nothing(
        self, bridge: Bridge, rasa: Rasa, slot: str
    ) -> None:
        dangerous(rasa, otherwise=asks(slot, "What is it about?"))
        call = await called(bridge)
        await call.say("he cant breathe", 0.9)
        told = await call.say("please just get me anybody", 0.9)
        assert (told.action, told.route["priority"]) == ("transfer", 10)

    async def test_in_spanish_too(self, bridge: Bridge, rasa: Rasa) -> None:
        dangerous(rasa)
        call = await called(bridge)
        await call.say("he cant breathe", 0.9)
        told = await call.say("español", 0.9)
        assert (told.action, told.route["priority"]) == ("transfer", 10)
        assert "spanish" in told.route["skills"]

    async def test_what_was_heard_badly_and_means_little_is_asked_again(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.understands = lambda text: understood(text, "out_of_scope", 0.4, "reject")
        call = await called(bridge)
        assert (await call.say("blah blue", 0.4)).say == f"{wording.AGAIN} {wording.DIRECTED}"
        assert rasa.heard() == []


class TestNothingUsable:
    async def test_a_question_is_asked_again_without_what_led_to_it(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        words = "I can look that up. What is your first name? You can also spell it."
        rasa.answer = lambda _: asks("factor_first_name", words)
        call = await called(bridge)
        await call.say("has my claim been paid")
        again = "What is your first name? You can also spell it."
        assert (await call.silence()).say == f"{wording.NOT_HEARD} {again}"

    async def test_a_mumbled_answer_is_no_change_of_subject(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: asks("factor_first_name", "What is your first name?")
        rasa.understands = lambda text: understood(text, "claim_status", 0.7, "confirm")
        call = await called(bridge)
        await call.keys("1")
        asked = await call.say("they didn't please", 0.31)
        assert asked.say == f"{wording.AGAIN} What is your first name?"
        assert len(rasa.heard()) == 1

    async def test_a_reason_in_own_words_is_passed_on_as_it_was_heard(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: asks("need_reason", "What is it about?")
        rasa.understands = lambda text: understood(text, "id_card", 0.7)
        call = await called(bridge)
        await call.keys("0")
        await call.say("i need a new id card", 0.42)
        assert rasa.heard()[-1]["text"] == "i need a new id card"

    async def test_twice_in_a_row_leaves_the_keys_and_then_a_person(self, bridge: Bridge) -> None:
        call = await called(bridge)
        await call.silence()
        keys = await call.silence()
        assert keys.listen["modes"] == ["dtmf"]
        assert wording.KEYS in keys.say
        assert (await call.silence()).action == "transfer"

    async def test_four_in_a_call_end_at_a_person(self, bridge: Bridge) -> None:
        call = await called(bridge)
        actions = []
        for _ in range(4):
            actions.append((await call.silence()).action)
            if actions[-1] == "listen":
                await call.say("hello")
        assert actions == ["listen", "listen", "listen", "transfer"]

    async def test_the_question_is_asked_again_and_then_the_keys_are_offered(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: asks("factor_member_id", "What is your member ID?")
        call = await called(bridge)
        await call.say("has my claim been paid")
        assert (await call.silence()).say == f"{wording.NOT_HEARD} What is your member ID?"
        assert wording.SPELL_KEYS in (await call.silence()).say

    async def test_a_new_wish_at_a_question_does_not_begin_the_counting_anew(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.understands = lambda text: understood(text, "out_of_scope", 0.3, "reject")
        rasa.answer = lambda _: asks("factor_first_name", "What is your first name?")
        call = await called(bridge)
        await call.keys("1")
        await call.say("the of about it", 0.3)
        await call.say("and my card", 0.9)
        assert wording.SPELL_KEYS in (await call.say("the of about it", 0.3)).say

    async def test_a_key_without_meaning(self, bridge: Bridge, rasa: Rasa) -> None:
        call = await called(bridge)
        assert wording.NO_SUCH_KEY in (await call.keys("7")).say
        assert rasa.heard() == []


class TestRequests:
    @pytest.mark.parametrize("words", ["repeat that please", "what was that", "say it again"])
    async def test_repeat(self, bridge: Bridge, rasa: Rasa, words: str) -> None:
        call = await called(bridge)
        first = await call.say("hello")
        assert (await call.say(words)).say == first.say
        assert (await call.keys("*")).say == first.say
        assert len(rasa.heard()) == 1

    async def test_slower_stays_slow(self, bridge: Bridge) -> None:
        call = await called(bridge)
        await call.say("hello")
        slower = await call.say("can you speak more slowly")
        assert slower.say.startswith(wording.SLOWER)
        assert 'rate="slow"' in slower.raw["ssml"]
        later = await call.say("hello again")
        assert 'rate="slow"' in later.raw["ssml"]
        assert later.listen["silence_ms"] == prompts.PATIENT_SILENCE_MS

    async def test_slower_says_less_at_a_time(self, bridge: Bridge, rasa: Rasa) -> None:
        told = (
            "Cigna paid your claim for March 3, 2026, and it paid 140 dollars on March 20. "
            "Your share is 25 dollars."
        )
        rasa.answer = lambda _: reply(Answer(told, told, intent="claim_status"))
        call = await called(bridge)
        await call.say("is my claim paid")
        slower = await call.say("can you speak more slowly")
        paid, share = sentences(told)
        assert slower.say == f"{wording.SLOWER} {paid} {wording.MORE_BY_KEY}"
        assert (await call.say("more")).say.startswith(share)

    async def test_hold_on_waits_and_goes_on(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.answer = lambda _: asks("factor_member_id", "What is your member ID?")
        call = await called(bridge)
        await call.say("has my claim been paid")
        waiting = await call.say("hold on a second")
        assert waiting.say == wording.TAKE_YOUR_TIME
        assert waiting.listen["silence_ms"] == prompts.HOLD_SILENCE_MS
        back = await call.say("okay i'm ready")
        assert back.say == f"{wording.GO_ON} What is your member ID?"
        # Waiting longer lasts for the call, and cost no failure.
        assert back.listen["silence_ms"] == prompts.PATIENT_SILENCE_MS
        await call.say("wait")
        assert (await call.silence()).say.startswith(wording.GO_ON)

    async def test_after_hold_on_the_value_itself_may_come(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: asks("factor_member_id", "What is your member ID?")
        call = await called(bridge)
        await call.say("has my claim been paid")
        await call.say("let me get my card")
        await call.say("m one zero zero one zero zero zero two")
        assert rasa.heard()[-1]["text"] == "m one zero zero one zero zero zero two"

    @pytest.mark.parametrize(
        "words",
        ["this is relay operator 4521 with a call", "hello this is a tty call via relay service"],
    )
    async def test_relay_operators_are_welcome_and_waited_for(
        self, bridge: Bridge, rasa: Rasa, words: str
    ) -> None:
        call = await called(bridge)
        said = await call.say(words)
        assert said.say.startswith(wording.RELAY)
        assert said.listen["silence_ms"] == prompts.PATIENT_SILENCE_MS
        assert rasa.heard() == []
        # Twice as many failures as others have.
        actions = [(await call.silence()).action for _ in range(4)]
        assert actions == ["listen"] * 4

    async def test_what_a_relay_operator_passes_on_at_once_is_answered(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        call = await called(bridge)
        said = await call.say("video relay the caller wants to know if her cast is paid")
        (heard,) = rasa.heard()
        assert heard["text"] == "if my cast is paid"
        assert said.listen["silence_ms"] == prompts.PATIENT_SILENCE_MS
        await call.say("caller says what does she owe on it go ahead")
        assert rasa.heard()[-1]["text"] == "what do i owe on it"

    async def test_after_a_silence_the_answer_can_be_heard_again(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: reply(Answer("The cast is paid.", "The cast is paid."))
        call = await called(bridge)
        told = await call.say("is my cast paid")
        assert (await call.silence()).say == f"{wording.NOT_HEARD} {wording.STILL_THERE}"
        assert (await call.say("repeat")).say == told.say

    async def test_a_question_that_begins_like_a_request_is_a_question(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        call = await called(bridge)
        await call.say("hold on my claim was denied again")
        assert len(rasa.heard()) == 1

    async def test_a_long_answer_is_told_in_parts(self, bridge: Bridge, rasa: Rasa) -> None:
        sentence = "Cigna paid your claim for March 3, 2026, and it paid 140 dollars on March 20."
        long = " ".join([sentence] * 8)
        rasa.answer = lambda _: reply(Answer(long, long, intent="claim_status"))
        call = await called(bridge)
        first = await call.say("are my claims paid")
        assert first.say.endswith(wording.MORE_BY_KEY)
        parts = [first.say]
        while parts[-1].endswith(wording.MORE_BY_KEY):
            assert fits(parts[-1])
            said = await (call.say("more") if len(parts) % 2 else call.keys(wording.MORE_KEY))
            parts.append(said.say)
        assert " ".join(parts).count(sentence) == 8
        assert len(rasa.heard()) == 1

    async def test_a_question_ends_every_part_and_its_answer_is_taken_after_any(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        long = " ".join(["Your letter names the reason, and often it just needs information."] * 4)
        asked = "What is your ZIP code?"
        rasa.answer = lambda _: reply(
            Answer(long, long, intent="claim_denial"),
            Answer(asked, asked, kind="question"),
            asking="factor_zip",
        )
        call = await called(bridge)
        first = await call.say("why was it denied")
        # The keys are the ZIP code's.
        assert first.say.endswith(f"{wording.MORE} {asked}")
        second = await call.say("more")
        assert second.say.endswith(asked)
        assert second.listen["digits"] == 5
        await call.keys("12207")
        assert rasa.heard()[-1]["text"] == "12207"

    async def test_what_waited_is_forgotten_with_the_next_answer(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        long = " ".join(["Your letter names the reason, and often it just needs information."] * 6)
        rasa.answer = lambda body: (
            reply(Answer(long, long, intent="claim_denial"))
            if "denied" in body["text"]
            else reply()
        )
        call = await called(bridge)
        await call.say("why was it denied")
        await call.say("find me a doctor")
        await call.say("more")
        assert rasa.heard()[-1]["text"] == "more"

    async def test_what_was_heard_in_parts_is_repeated_from_its_beginning(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        long = "It costs 20 dollars. " + " ".join(["The office can tell what else is in it."] * 8)
        rasa.answer = lambda _body: reply(Answer(long, long, intent="copay_cost"))
        call = await called(bridge)
        first = await call.say("what is my copay")
        await call.say("more")
        again = await call.say("say that again")
        assert first.say.startswith("It costs 20 dollars.")
        assert again.say.startswith("It costs 20 dollars.")

    @pytest.mark.parametrize("words", ["repeat that", "hold on", "slower please"])
    async def test_the_phones_own_question_is_still_asked_after_a_request(
        self, bridge: Bridge, rasa: Rasa, words: str
    ) -> None:
        rasa.understands = lambda text: understood(text, "find_provider", 0.5, "confirm")
        call = await called(bridge)
        await call.say("heart doctor thing albany", 0.7)
        await call.say(words, 0.9)
        await call.say("yes please", 0.9)
        assert rasa.heard()[-1]["confirmed"] == "find_provider"


class TestValues:
    async def test_a_value_heard_badly_is_read_back_masked_and_confirmed(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: asks("factor_member_id", "What is your member ID?")
        call = await called(bridge)
        await call.say("has my claim been paid")
        asked = await call.say("m one zero zero one zero zero zero two", 0.4)
        assert asked.say == "I heard an ID ending in 0 0 2. Is that right? Say yes or no."
        assert len(rasa.heard()) == 1
        await call.keys("1")
        assert rasa.heard()[-1]["text"] == "m one zero zero one zero zero zero two"

    @pytest.mark.parametrize("confidence", [0.7, 0.85])
    async def test_what_proves_who_calls_is_asked_about_sooner_than_a_reason(
        self, bridge: Bridge, rasa: Rasa, confidence: float
    ) -> None:
        """Less than well heard, or well and with another reading of the right form."""
        rasa.answer = lambda _: asks("factor_zip", "What is your ZIP code?")
        call = await called(bridge)
        await call.say("which plan covers me")
        other = [{"text": "one two two four seven"}] if confidence > 0.8 else []
        asked = await call.say("one two two five seven", confidence, alternatives=other)
        assert asked.say == "I heard a ZIP code ending in 5 7. Is that right? Say yes or no."
        rasa.answer = lambda _: asks("factor_member_id", "Thank you. What is your member ID?")
        assert (await call.keys("1")).say == "Thank you. What is your member ID?"

    async def test_who_gives_what_comes_next_has_agreed_to_what_was_read_back(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: asks("factor_first_name", "What is your first name?")
        call = await called(bridge)
        await call.say("has my claim been paid")
        assert "the name Rhea" in (await call.say("rhea", 0.7)).say
        rasa.answer = lambda _: asks("factor_member_id", "What is your member ID?")
        await call.say("it's u one zero zero one zero zero one five")
        heard = [message["text"] for message in rasa.heard()[-2:]]
        assert heard == ["rhea", "it's u one zero zero one zero zero one five"]

    async def test_no_asks_for_it_again(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.answer = lambda _: asks("factor_zip", "What is your ZIP code?")
        call = await called(bridge)
        await call.say("which plan covers me")
        await call.say("one two two oh seven", 0.4)
        again = await call.say("no that's wrong")
        assert again.say.endswith("What is your ZIP code?")
        assert len(rasa.heard()) == 1

    async def test_the_reading_that_has_the_right_form_is_taken(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: asks("factor_zip", "What is your ZIP code?")
        call = await called(bridge)
        await call.say("which plan covers me")
        asked = await call.say(
            "one too to oh heaven", 0.4, alternatives=[{"text": "one two two oh seven"}]
        )
        assert "ending in 0 7" in asked.say

    async def test_a_value_heard_well_is_read_back_with_the_next_question(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: asks("factor_member_id", "What is your member ID?")
        call = await called(bridge)
        await call.say("has my claim been paid")
        rasa.answer = lambda _: asks("factor_date_of_birth", "What is your date of birth?")
        told = await call.say("m one zero zero one zero zero zero two", 0.9)
        assert told.say == "I have an ID ending in 0 0 2. What is your date of birth?"

    async def test_keys_end_by_themselves_where_their_number_is_known(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: asks("factor_date_of_birth")
        call = await called(bridge)
        assert (await call.say("which plan covers me")).listen["digits"] == 8


class TestPeople:
    @pytest.mark.parametrize("words", ["agent", "i want to talk to a representative", "operator"])
    async def test_asked_for_in_words(self, bridge: Bridge, rasa: Rasa, words: str) -> None:
        call = await called(bridge)
        await call.say(words)
        assert rasa.heard()[-1]["text"] == "/speak_to_agent"

    async def test_who_insists_is_asked_no_more(self, bridge: Bridge, rasa: Rasa) -> None:
        answers = {
            "/speak_to_agent": asks("need_reason", "What is it about?"),
            "0": asks("need_partner", "Which company?"),
            "not sure": hand_over(None),
        }
        rasa.answer = lambda body: answers[body["text"]]
        call = await called(bridge)
        assert "about" in (await call.keys("0")).say
        assert "company" in (await call.keys("0")).say
        assert (await call.keys("0")).action == "transfer"

    async def test_who_asks_for_a_person_again_gets_one_whatever_was_heard_in_between(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        danger = Answer("911", "Call 9 1 1 now.", intent="emergency", acts=(Act("emergency"),))
        rasa.answer = lambda body: (
            asks("need_reason") if body["text"] == "/speak_to_agent" else reply(danger)
        )
        call = await called(bridge)
        await call.keys("0")
        assert "9 1 1" in (await call.say("find the bottle says your home", 0.4)).say
        told = await call.keys("0")
        assert (told.action, told.route["queue"]) == ("transfer", "alliance-front-desk")

    async def test_a_key_of_the_menu_is_a_reason(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.answer = lambda _: asks("need_reason", "What is it about?")
        call = await called(bridge)
        await call.keys("0")
        await call.keys("3")
        assert rasa.heard()[-1]["text"] == "finding a doctor"

    async def test_the_record_waits_at_the_desk_and_only_its_id_travels(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: reply(
            Answer("Paid.", "Paid.", intent="claim_status", partner="mvp"),
            questions=[{"intent": "claim_status", "band": "accept"}],
        )
        call = await called(bridge)
        await call.say("has my claim been paid")
        rasa.answer = lambda _: hand_over("mvp", "why is it so little")
        told = await call.say("agent")
        assert told.route["partner"] == "mvp"
        assert told.route["skills"] == ["claims"]
        assert told.route["target"] == "sip:mvp-member-services@desk.example.org"
        assert "little" not in str(told.raw)
        (record,) = [
            each
            for each in await bridge.parts.desk._handovers.all_open()
            if each.id == told.route["handoff_id"]
        ]
        assert record.reason == "why is it so little"
        assert (record.route, record.topic) == ("claims", "claim_status")
        assert record.answered == ["claim_status"]
        assert "Paid." in record.summary

    async def test_some_reasons_go_to_a_person_at_once_and_the_company_by_key(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        words = "We are sorry. A person will help."
        rasa.answer = lambda _: reply(
            Answer(words, words, intent="report_death"),
            questions=[{"intent": "report_death", "band": "accept"}],
        )
        call = await called(bridge)
        asked = await call.say("my husband passed away last week")
        assert asked.say.startswith(words)
        assert "Which company" in asked.say
        told = await call.keys("1")
        assert (told.action, told.route["queue"]) == ("transfer", "cigna-member-services")
        assert told.route["skills"] == ["bereavement"]
        assert told.route["priority"] == 9


async def waiting(handovers: Handovers) -> int:
    """How many wait for a person."""
    return sum(each.accepted_at is None for each in await handovers.all_open())


class TestWaiting:
    async def test_how_long_others_waited_lately_is_said_before_the_queue(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        handovers = bridge.parts.desk._handovers
        for minutes in (3, 4, 5):
            await accepted(
                handovers._engine, minutes, queue="preferred-care-member-services", now=MOMENT
            )
        rasa.answer = lambda _: hand_over("preferred-care")
        told = await (await called(bridge)).say("agent")
        assert told.action == "transfer"
        assert told.say == "I'm connecting you. Lately people waited about 4 minutes."

    @pytest.mark.parametrize(
        ("chosen", "sent"),
        [("1", "/request_callback"), ("2", ""), ("", "")],
        ids=["1", "2", "nothing"],
    )
    async def test_who_would_wait_long_is_offered_a_call_back(
        self,
        bridge: Bridge,
        rasa: Rasa,
        monkeypatch: pytest.MonkeyPatch,
        chosen: str,
        sent: str,
    ) -> None:
        handovers = bridge.parts.desk._handovers
        before = await waiting(handovers)

        async def long_ago(queue: str) -> int:
            return 12 if queue == "mvp-member-services" else 1

        monkeypatch.setattr(handovers, "usual_wait", long_ago)
        rasa.answer = lambda _: hand_over("mvp")
        call = await called(bridge)
        asked = await call.say("agent")
        assert asked.action == "listen"
        assert asked.say == f"Lately people waited about 12 minutes. {wording.BUSY_CHOICE}"
        assert await waiting(handovers) == before
        rasa.answer = lambda _: asks("need_phone", "What number should we call?")
        told = await (call.keys(chosen) if chosen else call.silence())
        if sent:
            assert rasa.heard()[-1]["text"] == sent
            assert told.say == "What number should we call?"
        else:
            assert (told.action, told.route["queue"]) == ("transfer", "mvp-member-services")
            assert told.say == wording.CONNECTING
            assert await waiting(handovers) == before + 1


class TestSpanish:
    @pytest.mark.parametrize("said", ["9", "español", "i speak spanish"])
    async def test_a_person_who_speaks_it_at_the_company(self, bridge: Bridge, said: str) -> None:
        call = await called(bridge)
        asked = await (call.keys(said) if said == "9" else call.say(said))
        assert asked.raw["language"] == "es-US"
        assert "se graban" in asked.say
        told = await call.keys("2")
        assert (told.action, told.route["partner"]) == ("transfer", "mvp")
        assert "spanish" in told.route["skills"]
        assert told.say == wording.SPANISH_CONNECTING

    async def test_silence_is_no_reason_to_hang_up(self, bridge: Bridge) -> None:
        call = await called(bridge)
        await call.keys("9")
        told = await call.silence()
        assert (told.action, told.route["queue"]) == ("transfer", "alliance-front-desk")
        assert "spanish" in told.route["skills"]

    async def test_who_turns_to_spanish_while_something_is_asked_gets_who_speaks_it(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: asks("factor_member_id", "What is your member ID?")
        call = await called(bridge)
        await call.say("my claim")
        help_ = Answer("Puede ...", "Puede ...", intent="language_help", facts={"language": "es"})
        rasa.answer = lambda _: reply(help_, asking="factor_member_id")
        asked = await call.say("disculpe no le entiendo")
        assert wording.SPANISH_COMPANY in asked.say
        assert "spanish" in (await call.keys("1")).route["skills"]

    async def test_danger_in_spanish_at_the_company_question(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        danger = Answer("911", "Llame al 9 1 1.", intent="emergency", acts=(Act("emergency"),))
        rasa.answer = lambda _: reply(danger)
        rasa.understands = lambda text: understood(text, "emergency")
        call = await called(bridge)
        await call.keys("9")
        assert (await call.say("me duele el pecho")).say == "Llame al 9 1 1."


class TestClosed:
    @pytest.fixture
    def night(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Every company's people have gone home."""
        monkeypatch.setattr("alliance.routing.is_open", lambda *_: False)

    @pytest.mark.usefixtures("night")
    async def test_said_honestly_with_a_choice(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.answer = lambda _: hand_over("mvp")
        call = await called(bridge)
        told = await call.say("agent")
        assert told.action == "listen"
        assert "M V P Health Care member services is closed now and opens" in told.say
        assert wording.CLOSED_CHOICE in told.say
        left = await call.keys("2")
        assert (left.action, left.route["target"]) == (
            "transfer",
            "sip:mvp-voicemail@desk.example.org",
        )
        assert left.route["handoff_id"]

    @pytest.mark.usefixtures("night")
    async def test_a_call_back(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.answer = lambda _: hand_over("mvp")
        call = await called(bridge)
        await call.say("agent")
        rasa.answer = lambda _: asks("need_phone", "What number shall they call?")
        assert "number" in (await call.say("please call me back")).say
        assert rasa.heard()[-1]["text"] == "/request_callback"

    @pytest.mark.usefixtures("night")
    async def test_silence_leaves_a_message(self, bridge: Bridge, rasa: Rasa) -> None:
        rasa.answer = lambda _: hand_over("mvp")
        call = await called(bridge)
        await call.say("agent")
        assert (await call.silence()).route["target"] == "sip:mvp-voicemail@desk.example.org"

    @pytest.mark.usefixtures("night")
    @pytest.mark.parametrize("wish", ["0", "a human being please", "hablo español"])
    async def test_who_was_told_of_911_gets_a_person_all_the_same(
        self, bridge: Bridge, rasa: Rasa, monkeypatch: pytest.MonkeyPatch, wish: str
    ) -> None:
        dangerous(rasa, otherwise=asks("need_reason"))
        call = await called(bridge)

        async def proven(_: str) -> VerifiedMember:
            return MEMBER

        monkeypatch.setattr(bridge.parts.voice._conversations, "proof", proven)
        monkeypatch.setattr(bridge.parts.voice._conversations, "_proof", proven)
        await call.say("he cant breathe", 0.9)
        told = await (call.keys(wish) if wish == "0" else call.say(wish, 0.9))
        assert (told.action, told.route["queue"]) == ("transfer", "alliance-front-desk")
        assert (told.route["partner"], told.route["priority"]) == ("mvp", 10)
        assert ("spanish" in told.route["skills"]) == ("español" in wish)
        for words in ("closed", "call back", "message", "mensaje"):
            assert words not in told.say

    @pytest.mark.usefixtures("night")
    async def test_what_an_answer_marks_urgent_is_not_put_off(
        self, bridge: Bridge, rasa: Rasa
    ) -> None:
        rasa.answer = lambda _: hand_over("mvp", "refused at a counter", priority="urgent")
        told = await (await called(bridge)).say("they turn me away here", 0.9)
        assert (told.action, told.route["queue"]) == ("transfer", "alliance-front-desk")
        assert told.route["priority"] == 10


class TestTrouble:
    async def test_a_store_that_fails_is_a_person(
        self, bridge: Bridge, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def broken(*_: Any) -> Any:
            raise OSError

        call = await called(bridge)
        monkeypatch.setattr(bridge.parts.voice._calls, "begin", broken)
        told = await call.say("hello")
        assert (told.action, told.route["queue"]) == ("transfer", "alliance-front-desk")
        assert told.say == wording.WENT_WRONG

    async def test_one_moment_and_then_a_person(
        self, bridge: Bridge, rasa: Rasa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        call = await called(bridge)
        monkeypatch.setattr(core, "INNER_DEADLINE_SECONDS", 0.1)
        rasa.delay_seconds = 0.6
        moment = await call.say("hello")
        assert (moment.say, moment.action) == (wording.ONE_MOMENT, "listen")
        assert moment.listen["silence_ms"] == 1000
        assert (await call.silence()).action == "transfer"

    async def test_a_platform_that_comes_with_silence_gets_what_it_was_promised(
        self, bridge: Bridge, rasa: Rasa, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        call = await called(bridge)
        with monkeypatch.context() as patch:
            patch.setattr(core, "INNER_DEADLINE_SECONDS", 0.1)
            rasa.delay_seconds = 0.4
            await call.say("hello there")
        assert "You said: hello there" in (await call.silence()).say
        assert [h["text"] for h in rasa.heard()].count("hello there") == 1

    @pytest.mark.parametrize("restarted", [False, True], ids=["another bridge", "a new start"])
    async def test_whichever_bridge_is_asked_next_gives_what_was_promised(
        self, bridge: Bridge, rasa: Rasa, monkeypatch: pytest.MonkeyPatch, restarted: bool
    ) -> None:
        call = await called(bridge)
        voice = bridge.parts.voice
        monkeypatch.setattr(voice, "_running", {})
        with monkeypatch.context() as patch:
            patch.setattr(core, "INNER_DEADLINE_SECONDS", 0.1)
            rasa.delay_seconds = 0.4
            await call.say("hello again")
        (running,) = voice._running.values()
        if restarted:
            running.cancel()
        # It knows nothing but what Redis and the store keep.
        monkeypatch.setattr(voice, "_running", {})
        assert "You said: hello again" in (await call.silence()).say
        # The reply was given: silence is silence again.
        assert wording.NOT_HEARD in (await call.silence()).say
        if not restarted:
            assert [h["text"] for h in rasa.heard()].count("hello again") == 1
