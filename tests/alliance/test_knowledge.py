"""The knowledge's files: what is said, what is silent, what is refused."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import yaml

from alliance.errors import ConfigurationError
from alliance.knowledge import (
    KNOWLEDGE_FOLDER,
    MOST_SPOKEN_WORDS,
    PLACEHOLDER,
    Entry,
    Knowledge,
    Wording,
    load_knowledge,
)

COMPANIES = ("cigna", "mvp", "preferred-care")
INTENTS = ("appeal", "id_card")
TODAY = date(2026, 11, 23)
MOST_READ_WORDS = 85
HIGHEST_GRADE = 9.0


def file(**changes: Any) -> dict[str, Any]:
    """A file with one entry."""
    entry = {
        "id": "appeal",
        "intent": "appeal",
        "text": "You can appeal. Call {lines}.",
        "speech": "You can appeal.",
        "companies": "all",
        "sources": ["ERISA"],
        "approver": dict.fromkeys(COMPANIES, "none"),
        "effective": date(2026, 1, 1),
        "expires": date(2026, 12, 31),
        "withdrawn": False,
        "when": [
            {
                "case": "ny",
                "words": ["new york", "ny"],
                "text": "In New York.",
                "speech": "In New York.",
            }
        ],
    }
    return {"entries": [{**entry, **changes}]}


def load(*documents: Any) -> Knowledge:
    named = {f"file{number}.yml": document for number, document in enumerate(documents, start=1)}
    return load_knowledge(named, COMPANIES, INTENTS)


class TestWhatIsSaid:
    def test_the_entry_of_the_intent(self) -> None:
        found = load(file()).find("appeal", "mvp", TODAY)
        assert found is not None
        assert found.wording == Wording("You can appeal. Call {lines}.", "You can appeal.")
        assert load(file()).find("id_card", "mvp", TODAY) is None

    @pytest.mark.parametrize(
        ("changes", "on", "spoken"),
        [
            ({}, date(2025, 12, 31), False),
            ({}, date(2026, 1, 1), True),
            ({}, date(2026, 12, 31), True),
            ({}, date(2027, 1, 1), False),
            ({"withdrawn": True}, TODAY, False),
        ],
        ids=["not yet effective", "first day", "last day", "expired", "withdrawn"],
    )
    def test_silent_outside_of_its_days_and_when_withdrawn(
        self, changes: dict[str, Any], on: date, spoken: bool
    ) -> None:
        assert (load(file(**changes)).find("appeal", None, on) is not None) is spoken

    def test_a_company_s_own_words_win_and_are_for_that_company_only(self) -> None:
        own = file(id="appeal-mvp", companies=["mvp"])
        knowledge = load(file(), own)
        assert self._id(knowledge, "mvp") == "appeal-mvp"
        assert self._id(knowledge, "cigna") == "appeal"
        assert self._id(knowledge, None) == "appeal"
        assert load(own).find("appeal", "cigna", TODAY) is None
        assert load(own).find("appeal", None, TODAY) is None

    def test_the_later_of_two_versions(self) -> None:
        newer = file(id="appeal-2", effective=date(2026, 11, 1))
        assert self._id(load(newer, file()), "mvp") == "appeal-2"

    @staticmethod
    def _id(knowledge: Knowledge, company: str | None) -> str | None:
        found = knowledge.find("appeal", company, TODAY)
        return found.id if found else None

    @pytest.mark.parametrize(
        ("question", "case"),
        [
            ("how do I appeal in New York?", "ny"),
            ("my plan is a NY plan", "ny"),
            ("New York's rules", "ny"),
            ("how many days, anyone?", None),
            ("", None),
        ],
    )
    def test_a_case_by_its_words(self, question: str, case: str | None) -> None:
        (entry,) = load(file())
        found = entry.case(question)
        assert (found.name if found else None) == case

    def test_a_case_has_the_entry_s_sources_unless_it_names_its_own(self) -> None:
        (entry,) = load(file())
        assert entry.cases[0].sources == ("ERISA",)
        case = {**file()["entries"][0]["when"][0], "sources": ["NY law"]}
        (entry,) = load(file(when=[case]))
        assert entry.cases[0].sources == ("NY law",)

    def test_confirmed_by_one_company_and_not_by_all(self) -> None:
        (entry,) = load(file(approver={**dict.fromkeys(COMPANIES, "none"), "mvp": "J. Example"}))
        assert entry.confirmed("mvp")
        assert not entry.confirmed("cigna")
        assert not entry.confirmed(None)
        (entry,) = load(file(approver=dict.fromkeys(COMPANIES, "J. Example")))
        assert entry.confirmed(None)

    def test_defaults_hold_unless_the_entry_says_otherwise(self) -> None:
        document = file()
        del document["entries"][0]["expires"]
        document["defaults"] = {"expires": date(2030, 1, 1), "withdrawn": True}
        (entry,) = load(document)
        assert (entry.expires, entry.withdrawn) == (date(2030, 1, 1), False)


def case(**changes: Any) -> list[dict[str, Any]]:
    return [{**file()["entries"][0]["when"][0], **changes}]


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"text": ""}, "entry 'appeal' needs 'text'."),
        ({"sources": []}, "entry 'appeal' needs 'sources'."),
        ({"sources": "ERISA"}, "needs a list in 'sources'"),
        ({"sorces": ["ERISA"]}, "has 'sorces', which is not read"),
        ({"intent": "apeal"}, "is for 'apeal', which is no intent"),
        ({"companies": ["tufts"]}, "names 'tufts', which is no company"),
        ({"approver": {"cigna": "none"}}, "needs 'approver' for 'mvp'"),
        ({"approver": "none"}, "needs who confirmed it at each company"),
        ({"effective": "soon"}, "needs a day in 'effective'"),
        ({"expires": None}, "needs a day in 'expires'"),
        ({"expires": date(2025, 1, 1)}, "expires on 2025-01-01, before it is effective"),
        ({"withdrawn": "no"}, "needs 'withdrawn: true' or 'withdrawn: false'"),
        ({"text": "Call {line:tufts}."}, "names the line of 'tufts'"),
        ({"text": "Call {phone}."}, "has braces that are neither"),
        ({"speech": "word " * 36}, "says 36 words in 'speech'"),
        ({"speech": "Call {lines} " + "word " * 28}, "says 37 words in 'speech'"),
        ({"speech": "See www.example.org."}, "which a voice cannot say"),
        ({"speech": "Copay and/or coinsurance."}, "has '/' in 'speech'"),
        ({"speech": "Hello 🙂"}, "which a voice cannot say"),
        ({"spanish": "Hola"}, "needs 'text' and 'speech' in each"),
        ({"spanish": {"text": "Hola"}}, "needs words in 'speech'"),
        ({"when": [{"words": ["ny"]}]}, "needs 'case' (a name)"),
        ({"when": case(words=[26])}, "case 'ny', needs a list in 'words'"),
        ({"when": case(speech="")}, "case 'ny', needs words in 'speech'"),
        ({"when": case(until=1)}, "case 'ny', has 'until', which is not read"),
    ],
)
def test_a_mistake_gives_one_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load(file(**changes))
    assert "knowledge/file1.yml: entry 'appeal'" in caught.value.detail
    assert sentence in caught.value.detail


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d.pop("entries"), "list the entries under 'entries:'"),
        (lambda d: d["entries"][0].pop("id"), "entry number 1 needs 'id'"),
        (lambda d: d["entries"].append(d["entries"][0]), "has an id that another entry has too"),
    ],
)
def test_a_mistaken_file_gives_one_sentence(change: Callable[[Any], Any], sentence: str) -> None:
    document = copy.deepcopy(file())
    change(document)
    with pytest.raises(ConfigurationError, match=re.escape(sentence)):
        load(document)


# --- the real files ------------------------------------------------------------------------------

DOCUMENTS = {
    path.name: yaml.safe_load(path.read_text("utf-8")) for path in KNOWLEDGE_FOLDER.glob("*.yml")
}
INTENTS_FILE = KNOWLEDGE_FOLDER.parent / "intents.yml"
REAL = load_knowledge(
    DOCUMENTS, COMPANIES, yaml.safe_load(INTENTS_FILE.read_text("utf-8"))["intents"]
)


def wordings() -> Iterator[Any]:
    for entry in REAL:
        yield pytest.param(entry.wording, id=entry.id)
        for each in entry.cases:
            yield pytest.param(each.wording, id=f"{entry.id}: {each.name}")


def filled(text: str) -> str:
    return PLACEHOLDER.sub("MVP member services at the number", text)


def syllables(word: str) -> int:
    word = re.sub(r"[^a-z]", "", word.lower())
    groups = len(re.findall(r"[aeiouy]+", word))
    silent = word.endswith(("e", "es", "ed")) and not word.endswith(
        ("le", "les", "ted", "ded", "ses", "zes", "ches", "shes", "ges", "ces")
    )
    return max(1, groups - silent)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade: the school year that reads it."""
    sentences = len(re.findall(r"[.!?](?:\s|$)", text))
    words = re.findall(r"[A-Za-z'’-]+", text)
    return (
        0.39 * len(words) / max(1, sentences)
        + 11.8 * sum(map(syllables, words)) / len(words)
        - 15.59
    )


def test_the_grade_tells_hard_from_easy() -> None:
    assert grade("The cat sat on the mat. It was warm.") < 2
    hard = "Notwithstanding contractual limitations, reimbursement necessitates documentation."
    assert grade(hard) > 16


@pytest.mark.parametrize("wording", list(wordings()))
class TestEveryWording:
    def test_short(self, wording: Wording) -> None:
        assert len(filled(wording.text).split()) <= MOST_READ_WORDS
        assert len(filled(wording.speech).split()) <= MOST_SPOKEN_WORDS

    def test_no_sentence_is_hard(self, wording: Wording) -> None:
        assert grade(filled(wording.text)) <= HIGHEST_GRADE + 2

    def test_never_says_too_late_nor_that_a_change_is_made(self, wording: Wording) -> None:
        for text in (wording.text, wording.speech):
            assert not re.search(
                r"too late|has been (added|changed|removed)|(you are|it is) covered|we will pay",
                text,
                re.IGNORECASE,
            )

    def test_no_address_of_the_web_in_the_text(self, wording: Wording) -> None:
        assert not re.search(r"https?:|www\.|\.(com|org|gov)\b", wording.text)


def test_grade_eight_english_on_average() -> None:
    grades = [grade(filled(param.values[0].text)) for param in wordings()]
    assert sum(grades) / len(grades) <= HIGHEST_GRADE


def entry(name: str) -> Entry:
    return next(each for each in REAL if each.id == name)


@pytest.mark.parametrize(
    ("name", "question", "words"),
    [
        ("appeal", "how do I appeal", ["180 days", "date on your letter"]),
        ("appeal", "external appeal in New York", ["four months", "phone"]),
        ("appeal", "appeal in new hampshire", ["180 days", "external review"]),
        ("appeal", "appeal in Vermont", ["120 days", "outside review"]),
        ("appeal", "we're self-funded, how do we appeal", ["180 days", "employer"]),
        ("appeal", "appeal my medicare plan", ["Medicare Advantage", "date"]),
        ("appeal", "the dentist's crown was refused, appeal", ["dental", "X-rays"]),
        ("appeal", "appeal an FSA decision", ["FSA", "receipt"]),
        ("appeal", "urgent, my surgery was denied", ["expedited", "person"]),
        ("billing-problem", "a surprise bill", ["Don't pay until we check", "in-network"]),
        ("billing-problem", "they billed me", ["Don't pay until we check"]),
        ("fsa-balance", "deadline of my fsa", ["grace period", "carry", "never both"]),
        ("referral", "do I need a referral", ["HMO", "POS", "out of network", "OB/GYN"]),
        ("add-dependent", "my wife gave birth", ["30 days", "employer", "can't"]),
        ("end-coverage", "I lost my job", ["COBRA", "60 days"]),
        ("remove-dependent", "we got divorced", ["60 days", "COBRA"]),
        ("complaint", "my medicare plan is rude", ["only speak counts", "reference number"]),
        ("complaint", "your people are rude", ["counts as a complaint"]),
        (
            "third-party-caller",
            "I'm from HR, was his claim paid? his baby is 28 days old",
            ["can't share claims", "30 days"],
        ),
        ("third-party-caller", "I'm from HR, was his claim paid", ["can't share claims"]),
        ("third-party-caller", "I am a broker", ["can't share claims"]),
        ("behavioral-health", "I want therapy", ["988"]),
        ("confidential-communication", "stop mail to my husband", ["not an address change"]),
        ("coordination-of-benefits", "two plans for my child", ["birthday", "court order"]),
    ],
)
def test_the_rules_that_hurt_when_they_are_wrong(
    name: str, question: str, words: list[str]
) -> None:
    found = entry(name)
    chosen = found.case(question)
    text = (chosen.wording if chosen else found.wording).text
    for each in words:
        assert each.lower() in text.lower()
