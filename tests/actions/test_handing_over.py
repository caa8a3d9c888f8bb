"""Which company's people a member is handed to, and what for."""

from __future__ import annotations

from datetime import date

import pytest

from actions.dialogue.agenda import Item, Memory, question
from actions.dialogue.reading import company_meant
from alliance.partners import Partners
from tests.actions.talking import Talk, asked, named

# Jordan moved on 1 October: MVP administers what came before, CIGNA what came after.
JORDAN = ("Jordan", "U10010007", "April 11, 1992", "02118")
# Taylor's medical plan is MVP's and the dental plan CIGNA's, both in force today.
TAYLOR = ("Taylor", "M10010009", "March 3, 1987", "12305")
MORGAN = ("Morgan", "M10010002", "November 2, 1979", "12207")


def queue(talk: Talk) -> str | None:
    """The company that the last reply hands over to."""
    (act,) = talk.acts
    assert act.kind == "handoff"
    partner = act.detail["partner"]
    assert partner is None or isinstance(partner, str)
    return partner


async def test_a_claim_from_before_a_move_goes_to_who_administered_it(talk: Talk) -> None:
    await talk.say("what about my claim of March", "claim_status")
    assert "MVP" in await talk.give(*JORDAN)
    assert "MVP" in await talk.say("can I talk to a person?", "speak_to_agent")
    assert queue(talk) == "mvp"


async def test_a_dental_question_goes_to_who_administers_the_dental_plan(talk: Talk) -> None:
    await talk.say("what does my dental plan pay?", "dental_benefits")
    assert "CIGNA" in await talk.give(*TAYLOR)
    await talk.say("a person please", "speak_to_agent")
    assert queue(talk) == "cigna"


async def verified(talk: Talk, who: tuple[str, ...]) -> None:
    """Known, with nothing asked that a company answered."""
    await talk.say("I want to verify", "out_of_scope")
    await talk.say("/cancel", "cancel")
    await talk.say("what plan do I have?", "which_plan_covers_me")
    await talk.give(*who)
    talk.slots["memory"] = {**talk.slots["memory"], "answered_by": None, "topic": None}


async def test_two_companies_in_force_and_no_topic_is_asked(talk: Talk) -> None:
    await verified(talk, TAYLOR)
    await talk.say("agent, about my other question", "speak_to_agent")
    assert talk.asking == "need_partner"
    await talk.say("CIGNA", "inform", [named("partner", "cigna")])
    assert queue(talk) == "cigna"


async def test_who_does_not_know_goes_to_no_company_in_particular(talk: Talk) -> None:
    await verified(talk, TAYLOR)
    await talk.say("agent, about my other question", "speak_to_agent")
    await talk.say("not sure")
    assert queue(talk) is None


@pytest.mark.parametrize(("who", "partner"), [(JORDAN, "cigna"), (MORGAN, "mvp")])
async def test_the_only_company_in_force_today(
    talk: Talk, who: tuple[str, ...], partner: str
) -> None:
    await verified(talk, who)
    await talk.say("a person, about my other question", "speak_to_agent")
    assert queue(talk) == partner


async def test_the_named_company_and_the_topic_s_differ(talk: Talk) -> None:
    await talk.say("what does my dental plan pay?", "dental_benefits")
    await talk.give(*TAYLOR)
    await talk.say("let me talk to MVP", "speak_to_agent", [named("partner", "mvp")])
    assert talk.asking == "need_partner"


async def test_nobody_verified_is_asked_which_company(talk: Talk) -> None:
    await talk.say("I want to talk to someone about my denied claim", "speak_to_agent")
    assert talk.asking == "need_partner"
    await talk.say("MVP", "inform", [named("partner", "mvp")])
    assert queue(talk) == "mvp"
    assert talk.acts[0].detail["reason"] == "my denied claim"


async def test_the_other_question_is_the_reason(talk: Talk) -> None:
    text = "get me a person, my claim was denied"
    questions = [
        asked("speak_to_agent", "get me a person"),
        asked("claim_denial", "my claim was denied", start=17),
    ]
    await talk.say(text, "speak_to_agent", questions=questions)
    assert talk.asking == "need_partner"


async def test_a_reason_that_says_nothing_is_asked(talk: Talk) -> None:
    await talk.say("I want to talk to someone about it", "speak_to_agent")
    assert talk.asking == "need_reason"


async def test_who_wants_a_person_instead_of_proof_has_told_the_reason(talk: Talk) -> None:
    await talk.say("was my claim from March paid", "claim_status")
    assert talk.asking == "factor_first_name"
    await talk.say("let me talk to a person", "speak_to_agent")
    assert talk.asking == "need_partner"


async def test_what_is_left_after_a_few_answers_is_named(talk: Talk) -> None:
    topics = ["submit_claim", "nurse_line", "contact_info", "behavioral_health"]
    await talk.say("a; b; c; d", questions=[asked(topic, "a") for topic in topics])
    assert any(answer.text.startswith("You also asked about ") for answer in talk.answers)


@pytest.mark.parametrize(
    ("text", "named_ones", "wanted"),
    [
        ("no hablo ingles", ["en"], "es"),
        ("I don't speak English, only Spanish", ["en", "es"], "es"),
        ("do you speak Spanish", ["es"], "es"),
        ("English please", ["en"], "en"),
        ("hello", [], None),
    ],
)
def test_the_language_that_is_wanted(
    partners: Partners, text: str, named_ones: list[str], wanted: str | None
) -> None:
    item = Item("language_help", text, tuple(named("language", value) for value in named_ones))
    assert question(item, Memory(), partners, date(2026, 11, 27)).language == wanted


async def test_a_person_in_one_word_is_called_whatever_it_sounds_like(talk: Talk) -> None:
    await talk.say("this is nonsense. agent. now!", "feedback_negative")
    assert talk.asking in ("need_reason", "need_partner")


async def test_what_for_is_not_asked_where_the_wish_says_it(talk: Talk) -> None:
    cigna = {"entity": "partner", "value": "cigna", "said": "Cigna", "start": 24, "end": 29}
    await talk.say("I need a person for my Cigna bill", "speak_to_agent", [cigna])
    (act,) = talk.acts
    assert act.kind == "handoff"
    assert act.detail["partner"] == "cigna"


@pytest.mark.parametrize("said", ["no clue, my son does all that", "whichever", "idk"])
async def test_who_cannot_tell_the_company_waits_for_anybody(talk: Talk, said: str) -> None:
    await talk.say("I want to talk to a person about my bill", "speak_to_agent")
    assert talk.asking == "need_partner"
    await talk.say(said, "out_of_scope", band="reject")
    (act,) = talk.acts
    assert act.kind == "handoff"
    assert act.detail["partner"] is None


@pytest.mark.parametrize(
    ("said", "company"),
    [("who pays for it now, mvp or you", None), ("does MVP pay or do I", "mvp")],
)
def test_one_of_two_that_are_asked_about_is_not_meant_alone(said: str, company: str | None) -> None:
    entity = {"entity": "partner", "value": "mvp", "said": "mvp", "start": 0, "end": 3}
    assert company_meant(said, [entity]) == company


async def test_how_long_the_wait_is_is_told_where_the_reason_is_asked(talk: Talk) -> None:
    await talk.say("a person please", "speak_to_agent")
    assert talk.asking == "need_reason"
    said = await talk.say("depends, how long do I wait?", "out_of_scope", near="person-wait")
    assert "I can't tell how long" in said
    assert talk.asking == "need_reason"


async def test_how_long_it_takes_is_no_call_back_and_no_time_for_one(talk: Talk) -> None:
    await talk.say("a person please", "speak_to_agent")
    await talk.say("it's about my bill")
    text = "wait, how long will that take, I have a meeting at 2"
    said = await talk.say(text, "request_callback", asks="duration")
    assert "I can't tell how long" in said
    assert talk.asking == "need_partner"


async def test_a_call_back_wished_where_the_reason_is_asked_is_no_reason(talk: Talk) -> None:
    await talk.say("a person please", "speak_to_agent")
    text = "it's MVP, they should rather ring me"
    assert "Which number" in await talk.say(text, "request_callback", [named("partner", "mvp")])
    assert "Which number" in await talk.say("it's about my bill")
    await talk.say("518-555-0102")
    reply = await talk.say("tomorrow morning")
    assert "MVP" in reply
    assert "about my bill" in talk.acts[0].detail["reason"]


async def test_what_is_told_beside_a_wish_for_a_person_is_what_it_is_for(talk: Talk) -> None:
    told, wish = "my card was declined at the store,", "get me a real person"
    questions = [
        asked("fsa_claim", told),
        asked("speak_to_agent", wish, start=len(told) + 1),
    ]
    reply = await talk.say(f"{told} {wish}", "speak_to_agent", questions=questions)
    assert "Which company" in reply
    assert "first name" not in reply


async def test_who_writes_spanish_on_is_not_asked_for_the_company_again(talk: Talk) -> None:
    spanish = [named("language", "es")]
    for text in ("quiero hablar con una persona", "es por la visita de mi hijo"):
        entity = {**spanish[0], "end": len(text)}
        await talk.say(text, "language_help", [entity])
    assert queue(talk) is None
