"""Adding, removing, ending and keeping coverage; who may speak for a member: for sample members."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import yaml

from actions.answers.question import Desk, Question
from actions.answers.representatives import wants_helper
from actions.answers.tables import life_events
from actions.answers.topics import answer
from actions.partners.representatives import representatives
from alliance.answer import Answer
from alliance.errors import ConfigurationError
from alliance.life_events import LIFE_EVENTS_FILE, load_life_events
from tests.actions.conftest import Client, person
from tests.actions.talking import Talk
from tests.actions.test_answers_told import hearable
from tests.actions.test_step_up import Stands, newest_code

Clients = dict[str, Client]
NORA = ("preferred-care", "P10010027")
MORGAN = ("mvp", "M10010002")
EDDIE = ("mvp", "M10010014")
STUART = ("mvp", "M10010045")
MARGE = ("preferred-care", "P10010036")
ROSA = ("mvp", "M10010037")
DONE = (
    "has been added",
    "is added",
    "has been removed",
    "has ended your",
    "I have added",
    "is done",
)


async def told(
    clients: Clients, desk: Desk, who: tuple[str, str], intent: str, text: str, **more: Any
) -> Answer:
    member = await person(clients, who, level=2)
    given = await answer(member, replace(Question(intent, text), **more), "this", desk)
    assert hearable(given.speech), given.speech
    assert not any(words in given.text for words in DONE)
    return given


class TestWindows:
    @pytest.mark.parametrize(
        ("text", "last"),
        [
            ("add my baby, she was born November 3", "December 3, 2026"),
            ("his baby is 28 days old, add him please", "November 25, 2026"),
            ("we adopted a boy 2 weeks ago", "December 9, 2026"),
        ],
    )
    async def test_a_newborn_s_thirty_days_are_counted_from_the_day_that_is_told(
        self, clients: Clients, desk: Desk, text: str, last: str
    ) -> None:
        given = await told(clients, desk, NORA, "add_dependent", text)
        assert f"until {last}" in given.text
        assert last in given.speech
        assert "You usually have 30 days from the birth or adoption" in given.text
        assert "by federal rules" in given.text
        assert "Your employer's benefits office (Example Lakeshore Hospital Staff)" in given.text
        assert "nobody counts as added until the file shows it" in given.text
        assert given.facts["sources"] == ["HIPAA special enrollment, 29 CFR 2590.701-6"]

    async def test_no_day_is_counted_where_none_is_told(self, clients: Clients, desk: Desk) -> None:
        given = await told(clients, desk, NORA, "add_dependent", "do I have 30 days to add my baby")
        assert given.facts["last_day"] is None
        assert "Counted from" not in given.text

    async def test_a_day_that_has_passed_is_never_too_late(
        self, clients: Clients, desk: Desk
    ) -> None:
        text = "add my wife, we got married on September 1"
        given = await told(clients, desk, MORGAN, "add_dependent", text)
        assert "that was October 1, 2026; ask all the same" in given.text
        assert "too late" not in given.text

    async def test_a_divorce_has_sixty_days(self, clients: Clients, desk: Desk) -> None:
        text = "take my ex-husband off, the divorce was final on November 2"
        given = await told(clients, desk, MORGAN, "remove_dependent", text, about="ex_spouse")
        assert "60 days from the divorce" in given.text
        assert "until January 1, 2027" in given.text
        assert "COBRA" in given.text

    async def test_cobra_counts_from_the_end_on_file(self, clients: Clients, desk: Desk) -> None:
        given = await told(clients, desk, EDDIE, "end_coverage", "can I keep my plan with COBRA")
        assert "ended on August 31, 2026" in given.text
        assert "if that comes later" in given.text
        assert "October 30, 2026; ask all the same" in given.text
        assert "18 months" in given.text

    async def test_a_dependent_is_told_that_the_subscriber_acts(
        self, clients: Clients, desk: Desk
    ) -> None:
        given = await told(clients, desk, STUART, "end_coverage", "cancel my coverage")
        assert "The plan is the subscriber's" in given.text
        assert "as active as of November 23, 2026" in given.text

    async def test_medicare_advantage_covers_one_person(self, clients: Clients, desk: Desk) -> None:
        given = await told(clients, desk, MARGE, "add_dependent", "add my husband to my plan")
        assert "covers one person" in given.text
        assert "30 days" not in given.text

    async def test_about_a_daughter_no_records_of_hers_are_read(
        self, clients: Clients, desk: Desk
    ) -> None:
        text = "add my daughter to my plan"
        given = await told(clients, desk, MORGAN, "add_dependent", text, about="daughter")
        assert "30 days" in given.text


async def test_a_request_is_passed_on_after_a_yes_and_nothing_is_called_done(
    talk: Talk, sandboxes: Stands
) -> None:
    await talk.say("add my baby to my plan, he was born November 3", "add_dependent")
    reply = await talk.give("Riley", "P10010003", "August 23, 1990", "14604")
    assert talk.asking == "factor_code"
    reply = await talk.say(newest_code(sandboxes["preferred-care"]))
    assert "until December 3, 2026" in reply
    assert "Shall I pass your request to Preferred Care" in reply
    reply = await talk.say("yes", "affirm")
    assert "reference number is PC-" in reply
    assert "your employer still has to send the change" in reply


class TestTable:
    def test_each_topic_has_a_row_for_all_others(self) -> None:
        document = yaml.safe_load(LIFE_EVENTS_FILE.read_text("utf-8"))
        document["events"] = [each for each in document["events"] if each["words"]]
        with pytest.raises(ConfigurationError, match="for all others"):
            load_life_events(document)

    def test_every_time_has_a_source(self) -> None:
        assert all(row.sources for row in life_events().rows)


class TestRepresentatives:
    async def test_what_the_authorization_covers_and_from_when(
        self, clients: Clients, desk: Desk
    ) -> None:
        given = await told(
            clients, desk, ROSA, "authorize_representative", "who is allowed to speak for me"
        )
        (listed,) = given.facts["representatives"]
        assert listed["name"] == "Delia Represented"
        assert (
            "MVP Health Care has Delia Represented (daughter) on file to speak for you"
            in given.text
        )
        assert "Personal representative on file" in given.text
        assert "with no end date" in given.text
        assert "sets no limits" in given.text
        assert "substance use" in given.text
        assert "take it back" in given.text

    @pytest.mark.parametrize("who", [MORGAN, NORA])
    async def test_nobody_on_file_and_how_to_name_somebody(
        self, clients: Clients, desk: Desk, who: tuple[str, str]
    ) -> None:
        given = await told(
            clients, desk, who, "authorize_representative", "let my son speak for me"
        )
        assert "has nobody on file who may speak for you" in given.text
        assert "authorization form" in given.text

    async def test_a_confidential_request_is_no_representative(
        self, clients: Clients, desk: Desk
    ) -> None:
        fiona = ("mvp", "M10010024")
        given = await told(clients, desk, fiona, "authorize_representative", "who may speak for me")
        assert given.facts["representatives"] == []
        assert "Frank" not in given.text
        assert "confidential" not in given.text.lower()

    @pytest.mark.parametrize(
        ("text", "now"),
        [
            ("please talk to my daughter", True),
            ("my daughter is here with me, she will explain", True),
            ("my son's on the line with me", False),
            ("can my daughter call for me", False),
            ("I want my husband to have access to my account", False),
        ],
    )
    def test_a_helper_on_this_call(self, text: str, now: bool) -> None:
        assert wants_helper("authorize_representative", text) is now

    async def test_a_helper_goes_through_a_person_and_nobody_is_asked_for_a_code(
        self, talk: Talk
    ) -> None:
        reply = await talk.say("please talk to my daughter", "authorize_representative")
        assert "A person has to hear from you" in reply
        assert talk.asking is None

    def test_limits_are_told_as_they_stand(self) -> None:
        provision = {
            "type": "permit",
            "period": {"start": "2026-01-01", "end": "2026-12-31"},
            "class": [{"display": "Claims"}],
            "actor": [{"reference": {"reference": "RelatedPerson/r1"}}],
        }
        consent = {"id": "c", "status": "active", "patient": {"reference": "Patient/p"}}
        people = [{"id": "r1", "name": [{"given": ["Delia"], "family": "Represented"}]}]

        def read(**changed: Any) -> list[Any]:
            given = {**consent, "provision": {**provision, **changed}}
            return representatives([given], people, "p", "mvp")

        (one,) = read()
        assert (one.name, one.limits, one.unread_limits) == (
            "Delia Represented",
            ("Claims",),
            False,
        )
        (unread,) = read(**{"class": None, "data": [{"meaning": "instance"}]})
        assert unread.unread_limits
        assert read(type="deny") == []
        assert read(period={"start": "2026-01"}) == []
        assert representatives([{**consent, "provision": provision}], people, "other", "mvp") == []
