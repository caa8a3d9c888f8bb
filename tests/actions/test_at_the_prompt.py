"""While it is asked who somebody is: a question of another matter only sounds like an objection, an
objection only like danger, and danger stays danger.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions.dialogue.agenda import Item
from actions.dialogue.by_words import only_asked
from actions.dialogue.danger import only_withholds
from actions.identity.third_party import professional
from tests.actions.talking import Talk, asked, named


@pytest.fixture
async def prompted(talk: Talk) -> Talk:
    await talk.say("what is my deductible", "deductible_status")
    assert talk.asking == "factor_first_name"
    return talk


@pytest.mark.parametrize(
    ("text", "intent", "answered"),
    [
        (
            "have you got a nurse for women who have triplets",
            "maternity_program",
            "birth",
        ),
        ("you have somebody down for me whom I never met", "change_pcp", "primary care"),
        ("they put my father's name on tests that he never had", "report_fraud", "fraud"),
        ("you know our boy signed up with the marines, take him off", "remove_dependent", "plan"),
        ("what do you do for a woman who expects", "maternity_program", "birth"),
    ],
)
async def test_what_is_asked_for_sure_is_no_objection(
    prompted: Talk, text: str, intent: str, answered: str
) -> None:
    assert answered in await prompted.say(text, intent, questions=[asked(intent, text)])


@pytest.mark.parametrize(
    ("text", "intent", "answered"),
    [
        ("what's still on my flexible spending card", "fsa_balance", "balance"),
        ("address where paper claims go", "submit_claim", "form"),
        ("they set up a scan and won't tell me the price of it", "cost_estimate", "cost"),
        ("that clerk was so mean, Bob was his name", "complaint", "complaint"),
        ("opening times at Cigna's phone line", "contact_info", "1-800-555-0110"),
    ],
)
async def test_nothing_in_it_is_a_name_a_card_or_a_refusal(
    prompted: Talk, text: str, intent: str, answered: str
) -> None:
    said = await prompted.say(text, intent, questions=[asked(intent, text)])
    assert answered in said
    assert "member ID?" not in said


@pytest.mark.parametrize("text", ["Kreyòl", "Kreyòl, souple", "español"])
async def test_a_language_is_nobody_s_name(prompted: Talk, text: str) -> None:
    said = await prompted.say(text, "language_help", questions=[asked("language_help", text)])
    assert "went wrong" not in said
    assert prompted.slots.get("factor_first_name") is None


async def test_a_name_in_spanish_is_one(talk: Talk) -> None:
    spanish = [{"entity": "language", "value": "es", "start": 0, "end": 20, "said": "es"}]
    await talk.say("cuál es mi deducible", "language_help", spanish)
    text = "me llamo Lucia"
    await talk.say(text, "language_help", [{**spanish[0], "end": len(text)}])
    assert talk.slots["factor_first_name"]


async def test_a_question_beside_a_card_that_is_gone_is_kept(prompted: Talk) -> None:
    await prompted.say("Morgan")
    assert prompted.asking == "factor_member_id"
    text = "I don't have my card, what does an x-ray cost me"
    said = await prompted.say(text, "copay_cost", questions=[asked("copay_cost", text)])
    assert "without the card" in said
    assert [item["intent"] for item in prompted.slots["agenda"]][-1] == "copay_cost"


async def test_a_flat_refusal_is_one(prompted: Talk) -> None:
    said = await prompted.say("nope, not doing that, give me the sum", "ask_capabilities")
    assert "don't have to" in said


async def test_why_it_is_asked_is_still_told(prompted: Talk) -> None:
    text = "what's my birthday got to do with my deductible"
    said = await prompted.say(
        text, "deductible_status", questions=[asked("deductible_status", text)]
    )
    assert "so that nobody else can hear" in said


async def test_whoever_keeps_it_to_themselves_is_in_no_danger(prompted: Talk) -> None:
    text = "I keep my name to myself, thank you"
    said = await prompted.say(
        text, "emergency", questions=[asked("emergency", text, asks="withholding")]
    )
    assert "911" not in said
    assert "988" not in said
    assert "don't have to" in said


@pytest.mark.parametrize(
    "text",
    [
        "i won't tell you my name, i just want to die",
        "no name, nobody can help me anymore",
        "i can't say my name, he has a gun",
        "i can't give you my number, i can't breathe",
    ],
)
async def test_danger_beside_it_stays_danger(prompted: Talk, text: str) -> None:
    assert not only_withholds(text)
    said = await prompted.say(
        text, "emergency", questions=[asked("emergency", text, asks="withholding")]
    )
    assert "911" in said


async def test_danger_in_spanish_is_no_why(talk: Talk) -> None:
    spanish = [{"entity": "language", "value": "es", "start": 0, "end": 20, "said": "es"}]
    await talk.say("cuál es mi deducible", "language_help", spanish)
    text = "por qué quieren mi nombre si mañana ya no voy a vivir"
    assert "911" in await talk.say(text, "emergency", spanish)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("can I take two aspirin with my heart pills", "drug_coverage"),
        ("how many of these tablets may he take a day", "out_of_scope"),
        ("is it safe to drink on antibiotics", "out_of_scope"),
        ("should I quit taking my blood thinner pills", "drug_coverage"),
    ],
)
async def test_how_a_medicine_is_taken_a_pharmacist_tells(
    talk: Talk, text: str, intent: str
) -> None:
    said = await talk.say(text, intent)
    assert "pharmacist" in said
    assert "Poison Control" in said
    await talk.say("what is my deductible", "deductible_status")
    assert "pharmacist" in await talk.say(text, intent)


async def test_a_generic_instead_is_asked_of_the_plan(talk: Talk) -> None:
    said = await talk.say("can I take the generic pill instead", "drug_coverage")
    assert "Poison Control" not in said


async def test_another_insurer_s_plan_is_named_as_that(prompted: Talk) -> None:
    said = await prompted.say("i've got anthem, what do i pay", "out_of_scope")
    assert "another insurer" in said
    assert "first name" in said


async def test_who_agrees_is_asked_on_without_a_fault(prompted: Talk) -> None:
    for text in ("ok yes", "uh huh right", "sure that is me"):
        said = await prompted.say(text, "affirm")
        assert said.startswith("What is your first name"), text


async def test_praise_is_no_answer_that_was_not_understood(prompted: Talk) -> None:
    said = await prompted.say("neat", "feedback_positive")
    assert "didn't get that" not in said
    assert "first name" in said


async def test_a_new_card_is_wished_for_beside_an_id_that_is_gone(prompted: Talk) -> None:
    said = await prompted.say("I lost my card, could you mail me another one?", "id_card")
    assert "without the card" in said
    assert [item["intent"] for item in prompted.slots["agenda"]][-1] == "id_card"


def test_a_wound_and_an_office_that_is_closed_ask_for_a_nurse() -> None:
    wound = Item("nurse_line", "the cut on my knee looks puffy")
    closed = Item("contact_info", "my doctor's office is closed until Monday")
    assert only_asked((wound, closed)) == (wound,)
    hours = replace(closed, text="when do you open?")
    assert only_asked((wound, hours)) == (wound, hours)


def test_who_is_off_a_payroll_is_no_employer() -> None:
    assert professional("I broke my leg and I'm off the payroll, am I still covered") is None
    assert professional("this is Jo from payroll") == "an employer"


async def test_the_price_of_an_operation_altogether_is_no_sum_of_deductibles(
    prompted: Talk,
) -> None:
    knee = [named("service", "knee_surgery", "knee replacement")]
    said = await prompted.say("a knee replacement altogether, how much", "cost_estimate", knee)
    assert "full cost" in said
