"""One switch withdraws an intent or a source, from the next question on."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from actions.answers import general as general_answers
from actions.answers import topics
from actions.answers.question import Desk, Question
from actions.answers.withdrawn import WithdrawnFile, read_withdrawals
from actions.dialogue import needs
from alliance.errors import ConfigurationError
from tests.actions.conftest import Client, person
from tests.actions.talking import Talk

Edit = Callable[[str], None]


@pytest.fixture
def edit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Edit:
    """Write the switch's file, as somebody at a company does while everything runs."""
    file = tmp_path / "withdrawn.yml"
    file.write_text("intents: []\nsources: []\n", "utf-8")
    switch = WithdrawnFile(file)
    for module in (topics, general_answers, needs):
        monkeypatch.setattr(module, "WITHDRAWN", switch)
    times = iter(range(1, 100))

    def write(text: str) -> None:
        file.write_text(text, "utf-8")
        stamp = next(times)
        os.utime(file, (stamp, stamp))

    return write


async def test_an_intent(talk: Talk, edit: Edit) -> None:
    edit("intents: [deductible_status]")
    reply = await talk.say("how much of my deductible have I met", "deductible_status")
    assert "I can't answer questions about your deductible myself" in reply
    assert "1-800-555-0120" in reply
    assert talk.asking is None
    edit("intents: []")
    await talk.say("how much of my deductible have I met", "deductible_status")
    assert talk.asking == "factor_first_name"


@pytest.mark.parametrize("source", ["mvp", "mvp/Coverage"])
async def test_a_company_s_resource(
    clients: dict[str, Client], desk: Desk, edit: Edit, source: str
) -> None:
    asked = Question("which_plan_covers_me", "which plan covers me")
    morgan = await person(clients, ("mvp", "M10010002"))
    assert "MVP Health Care covers you" in (await topics.answer(morgan, asked, "it", desk)).text
    edit(f"sources: [{source}]")
    assert (
        "I can't answer questions about it" in (await topics.answer(morgan, asked, "it", desk)).text
    )
    avery = await person(clients, ("cigna", "U10010001"))
    assert "CIGNA HealthCare covers you" in (await topics.answer(avery, asked, "it", desk)).text


async def test_a_law_and_an_entry(talk: Talk, edit: Edit) -> None:
    words = "can I get an external review in New York?"
    assert "four months" in await talk.say(words, "appeal")
    edit('sources: ["New York Insurance Law, article 49"]')
    assert "four months" not in await talk.say(words, "appeal")
    edit("sources: [knowledge/medicare]")
    assert "seven months" not in await talk.say("when can I join Medicare", "medicare_question")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("intents: [drug_costs]", "there is no intent"),
        ("intents: [emergency]", "cannot be withdrawn"),
        ("intent: [drug_cost]", "nothing else"),
        ("sources: mvp", "a list"),
        ("intents: [", "indents"),
    ],
)
async def test_a_mistaken_edit_stops_the_start_and_leaves_the_last_good_one(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "withdrawn.yml"
    file.write_text("intents: [drug_cost]", "utf-8")
    switch = WithdrawnFile(file)
    assert switch.current().intents == {"drug_cost"}
    file.write_text(text, "utf-8")
    os.utime(file, (5, 5))
    assert switch.current().intents == {"drug_cost"}
    with pytest.raises(ConfigurationError, match=said):
        read_withdrawals(file)
