"""General answers as members get them: every topic says something true, and nothing stays empty."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.answers.emergency import emergency
from actions.answers.general import (
    ALLIANCE,
    NOT_CONFIRMED,
    KnowledgeFiles,
    general,
    read_knowledge,
    told,
)
from actions.answers.question import Desk, Question
from actions.answers.service import PERSON, contact_info, speak_to_agent
from actions.answers.talk import is_talk, talk
from actions.answers.topics import NEEDS, answer
from actions.dialogue.intents import intents
from actions.records import MemberRecords
from alliance.audit import AuditEntry
from alliance.clock import Clock, fixed_clock
from alliance.errors import ConfigurationError
from alliance.knowledge import KNOWLEDGE_FOLDER
from alliance.partners import PARTNERS_FILE, Partners, load_partners
from alliance.turn import TurnContext
from alliance.verified import Actor
from tests.actions.conftest import proof
from tests.alliance.conftest import ENVIRONMENT

NOW = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
AFTER_EXPIRY = datetime(2031, 1, 1, 17, 0, tzinfo=UTC)
MOST_SPOKEN_WORDS = 40
# The dialogue answers it itself, from what was said last.
BY_THE_DIALOGUE = {"repeat"}
NOT_SPEAKABLE = re.compile(
    r"https?:|www\.|\.(com|org|gov)\b|[{}/@#*_<>•→]|[\U0001F300-\U0001FAFF☀-➿]"
)
TOPICS = sorted(
    {
        entry["intent"]
        for path in KNOWLEDGE_FOLDER.glob("*.yml")
        for file in [yaml.safe_load(path.read_text("utf-8"))]
        for entry in file["entries"]
        if not {"term", "aspect"} & {**file["defaults"], **entry}.keys()
    }
)
# Topics that have nothing but the knowledge.
ONLY_KNOWLEDGE = ("medicare_question", "account_access", "enroll_or_compare_plans")


class NoAudit:
    """General answers read no member data: a row would be a failure."""

    async def write(self, entry: AuditEntry) -> None:
        raise AssertionError(f"a general answer wrote an audit row: {entry}")


@pytest.fixture(scope="module")
def companies() -> Partners:
    return load_partners(yaml.safe_load(PARTNERS_FILE.read_text("utf-8")), ENVIRONMENT)


def desk_at(companies: Partners, moment: datetime) -> Desk:
    """A desk without any backend: a general answer asks none."""
    clock: Clock = fixed_clock(moment)
    context = TurnContext("c1", "t1", "chat", "live", Actor("member"))
    records = MemberRecords(context, {}, NoAudit(), clock)
    return Desk(partners=companies, backends={}, records=records, clock=clock)


@pytest.fixture
def desk(companies: Partners) -> Desk:
    return desk_at(companies, NOW)


def own_words(intent: str, desk: Desk) -> str:
    """What fixed words an intent has, or the sign that its own look-up answers it."""
    question = Question(intent)
    if is_talk(intent):
        return talk(intent).text
    if intent == "emergency":
        return emergency(question).text
    if intent == "contact_info":
        return contact_info(question, desk).text
    if intent == "speak_to_agent":
        return speak_to_agent(None, question, desk).text
    return "asks first" if NEEDS.get(intent) else ""


@pytest.mark.parametrize("intent", sorted(intents()))
def test_every_intent_has_an_answer_of_its_own_or_the_knowledge(intent: str, desk: Desk) -> None:
    if intent in BY_THE_DIALOGUE:
        return
    given = general(None, Question(intent), desk)
    assert (given and given.text) or own_words(intent, desk)


@pytest.mark.parametrize("intent", ONLY_KNOWLEDGE)
async def test_a_topic_without_an_answer_of_its_own_has_the_general_one(
    intent: str, desk: Desk
) -> None:
    given = await answer(None, Question(intent), intents()[intent].title, desk)
    assert given == general(None, Question(intent), desk)


@pytest.mark.parametrize("intent", TOPICS)
@pytest.mark.parametrize("company", [None, "cigna", "mvp", "preferred-care"])
def test_the_answer_that_members_get(intent: str, company: str | None, desk: Desk) -> None:
    given = general(None, Question(intent, partner=company), desk)
    assert given is not None
    assert given.kind == "answer"
    assert PERSON in given.buttons
    (source,) = given.sources
    assert (source.partner, source.resource) == (ALLIANCE, f"knowledge/{given.facts['knowledge']}")
    assert source.fetched_at == NOW.isoformat()
    assert given.partner == company
    assert not re.search(r"[{}]", given.text)
    assert not NOT_SPEAKABLE.search(given.speech)
    assert len(given.speech.split()) <= MOST_SPOKEN_WORDS


def test_every_case_and_the_spanish_words_can_be_spoken(companies: Partners, desk: Desk) -> None:
    spoken = 0
    for entry in read_knowledge(KNOWLEDGE_FOLDER, companies):
        questions = [
            *(Question(entry.intent, text=_first_word(case.words)) for case in entry.cases),
            *([Question(entry.intent, language="es")] if entry.spanish else []),
        ]
        for question in questions:
            # What a word means is told beside the topic's own answer.
            given = (
                told(entry, question, None, desk) if entry.terms else general(None, question, desk)
            )
            assert given is not None
            assert not NOT_SPEAKABLE.search(given.speech), given.speech
            assert len(given.speech.split()) <= MOST_SPOKEN_WORDS, given.speech
            spoken += 1
    assert spoken > 30


def _first_word(words: re.Pattern[str]) -> str:
    found = re.search(r"\(\?:(.*?)[|)]", words.pattern)
    assert found
    return found.group(1).replace("\\", "")


class TestWhoseLine:
    def test_nobody_known_reads_all_lines_and_hears_the_card_s(self, desk: Desk) -> None:
        given = general(None, Question("request_callback"), desk)
        assert given is not None
        for number in ("1-800-555-0110", "1-800-555-0120", "1-800-555-0130"):
            assert number in given.text
            assert number not in given.speech

    def test_a_named_company_s_line_alone(self, desk: Desk) -> None:
        given = general(None, Question("id_card", partner="mvp"), desk)
        assert given is not None
        assert "MVP member services at 1-800-555-0120" in given.text
        assert "0110" not in given.text

    def test_the_proven_company_s_line(self, desk: Desk) -> None:
        member = proof(("preferred-care", "P10010003"))
        given = general(member, Question("id_card"), desk)
        assert given is not None
        assert given.partner == "preferred-care"
        assert "1-800-555-0130" in given.text
        assert "0110" not in given.text


class TestTheSpeaker:
    def test_spanish_leads_to_somebody_who_speaks_it(self, desk: Desk) -> None:
        given = general(None, Question("language_help", "necesito ayuda", language="es"), desk)
        assert given is not None
        assert "habla español" in given.text
        assert "habla español" in given.speech
        assert given.text.endswith("deciden los documentos de su plan.")
        (button,) = given.buttons
        assert (button.title, button.payload) == ("Hablar con una persona", PERSON.payload)

    def test_another_language_is_answered_in_english(self, desk: Desk) -> None:
        given = general(None, Question("language_help", "do you have polish", language="pl"), desk)
        assert given is not None
        assert "interpreter" in given.text

    def test_a_case_of_the_question(self, desk: Desk) -> None:
        given = general(None, Question("appeal", "how do I appeal in New Hampshire"), desk)
        assert given is not None
        assert "180 days" in given.text
        assert given.facts["case"] == "New Hampshire"
        assert given.facts["sources"] == ["New Hampshire RSA 420-J"]


def write(folder: Path, **changes: Any) -> None:
    """One entry for `appeal` in the folder."""
    entry: Mapping[str, Any] = {
        "id": "appeal",
        "intent": "appeal",
        "text": "You can appeal.",
        "speech": "You can appeal. Call {lines}.",
        "companies": "all",
        "sources": ["ERISA"],
        "approver": {"cigna": "none", "mvp": "J. Example", "preferred-care": "none"},
        "effective": NOW.date(),
        "expires": NOW.date(),
        **changes,
    }
    text = yaml.safe_dump({"entries": [entry]}, sort_keys=False)
    (folder / "claims.yml").write_text(text, "utf-8")


class TestTheFiles:
    def said(self, files: KnowledgeFiles, desk: Desk, company: str | None = None) -> str | None:
        given = general(None, Question("appeal", partner=company), desk, files)
        return given.text if given else None

    def test_what_no_compliance_office_confirmed_says_so(self, tmp_path: Path, desk: Desk) -> None:
        write(tmp_path)
        files = KnowledgeFiles(tmp_path)
        assert self.said(files, desk, "mvp") == "You can appeal."
        for company in ("cigna", None):
            told = self.said(files, desk, company)
            assert told == "You can appeal. General information; your plan's documents decide."
        given = general(None, Question("appeal", partner="cigna"), desk, files)
        assert given is not None
        assert given.facts["status"] == NOT_CONFIRMED
        assert given.speech == (
            "You can appeal. Call Cigna member services at 1-800-555-0110. Your plan decides."
        )

    def test_an_edit_and_a_withdrawal_count_at_the_next_question(
        self, tmp_path: Path, desk: Desk
    ) -> None:
        write(tmp_path)
        files = KnowledgeFiles(tmp_path)
        assert self.said(files, desk, "mvp") == "You can appeal."
        write(tmp_path, text="You can always appeal.")
        assert self.said(files, desk, "mvp") == "You can always appeal."
        write(tmp_path, withdrawn=True)
        assert self.said(files, desk, "mvp") is None

    def test_a_mistaken_edit_keeps_the_words_before(self, tmp_path: Path, desk: Desk) -> None:
        write(tmp_path)
        files = KnowledgeFiles(tmp_path)
        assert self.said(files, desk, "mvp") == "You can appeal."
        write(tmp_path, expires="soon")
        assert self.said(files, desk, "mvp") == "You can appeal."

    def test_files_broken_from_the_start_leave_the_way_on(self, tmp_path: Path, desk: Desk) -> None:
        write(tmp_path, expires="soon")
        assert self.said(KnowledgeFiles(tmp_path), desk) is None

    def test_a_file_that_is_no_yaml_is_named_with_its_line(
        self, tmp_path: Path, companies: Partners
    ) -> None:
        (tmp_path / "care.yml").write_text("entries:\n  - id: x\n   text: y\n", "utf-8")
        with pytest.raises(ConfigurationError, match=r"knowledge/care\.yml, line 3 cannot be read"):
            read_knowledge(tmp_path, companies)

    def test_an_intent_that_does_not_exist_is_refused(
        self, tmp_path: Path, companies: Partners
    ) -> None:
        write(tmp_path, intent="apeal")
        with pytest.raises(ConfigurationError, match="no intent"):
            read_knowledge(tmp_path, companies)


@pytest.mark.parametrize("intent", TOPICS)
def test_expired_knowledge_is_silent(intent: str, companies: Partners) -> None:
    assert general(None, Question(intent), desk_at(companies, AFTER_EXPIRY)) is None


@pytest.mark.parametrize("intent", ONLY_KNOWLEDGE)
async def test_without_knowledge_the_way_on_remains(intent: str, companies: Partners) -> None:
    desk = desk_at(companies, AFTER_EXPIRY)
    given = await answer(None, Question(intent), intents()[intent].title, desk)
    assert "A member-service person can" in given.text
    assert PERSON in given.buttons
