"""What a message names, as the Rasa component gives it. Runs in Rasa's environment."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("rasa")

from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.entities import EntityReader, MemberEntityExtractor, shared


@pytest.fixture(scope="module")
def read() -> EntityReader:
    return shared()


def _named(entities: list[dict[str, Any]]) -> list[tuple[str, str, Any]]:
    """Kind, words, and the value; of a place its label."""
    return [
        (e["entity"], e["said"], e["value"]["label"] if e["entity"] == "place" else e["value"])
        for e in entities
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "find me a cardioligist near Troy who speaks Spanish",
            [("specialty", "cardioligist", "cardiology"), ("place", "Troy", "Troy, NY"),
             ("language", "Spanish", "es")],
        ),
        (
            "does oh zempic need prior auth from m v p",
            [("drug", "oh zempic", "Ozempic"), ("partner", "m v p", "mvp")],
        ),
        (
            "is Dr. Osei at Copley Hospital in network",
            [("provider", "Dr. Osei", "Dr. Osei"),
             ("provider", "Copley Hospital", "Copley Hospital")],
        ),
        (
            "my daughter's MRI claim CLM-2026-55501 from March 3rd was $45.20",
            [("relation", "daughter", "daughter"), ("service", "MRI", "mri"),
             ("claim_number", "CLM-2026-55501", "CLM-2026-55501"),
             ("date", "March 3rd", "march 3rd"), ("amount", "$45.20", "45.20")],
        ),
        (
            "id m as in mary five five five oh oh one two three zip one two two oh seven",
            [("member_id", "m as in mary five five five oh oh one two three", "M55500123"),
             ("zip", "one two two oh seven", "12207")],
        ),
        ("urgent care in Portland, ME", [("facility", "urgent care", "urgent_care"),
                                         ("place", "Portland, ME", "Portland, ME")]),
        ("somebody for ears around saint albans", [("specialty", "somebody for ears", "ent"),
                                                   ("place", "saint albans", "Saint Albans, VT")]),
        ("one in St. Lawrence county",
         [("place", "St. Lawrence county", "St. Lawrence County, NY")]),
        ("i am in Florida for the winter", [("place", "Florida", "Florida")]),
        ("from Skenectady", [("place", "Skenectady", "Schenectady, NY")]),
        ("any Somali-speaking midwife", [("language", "Somali", "so"),
                                         ("specialty", "midwife", "midwife")]),
        ("is there somebody who speaks Vietnamise", [("language", "Vietnamise", "vi")]),
        ("do you have this in English", [("language", "English", "en")]),
        ("a dentist in can an daigua", [("specialty", "dentist", "dentistry"),
                                       ("place", "can an daigua", "Canandaigua, NY")]),
        ("12207-1234", [("zip", "12207-1234", "12207")]),
        ("they charged me two twelve forty five",
         [("amount", "two twelve forty five", "212.45")]),
        ("she paid thirty there", [("amount", "thirty", "30")]),
        ("er bill", [("facility", "er", "emergency_room")]),
        ("What would ER cost me", [("facility", "ER", "emergency_room")]),
        ("is phisical therapy covered", [("service", "phisical therapy", "physical_therapy")]),
    ],
)  # fmt: skip
def test_a_message_is_read(
    read: EntityReader, text: str, named: list[tuple[str, str, Any]]
) -> None:
    assert _named(read(text)) == named


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("place", "i was reading my mail on the mobile app"),
        ("place", "would you ring me, it is fine"),
        ("place", "my daughter charlotte saw dr jackson"),
        ("place", "i hope to finish this in time"),
        ("place", "is a ct covered or not"),
        ("date", "i may need one for my son to go"),
        ("partner", "there is no signal in the woods"),
        ("language", "my friend karen drove me"),
        ("facility", "er what was that"),
        ("zip", "i saved eleven thousand for it"),
        ("member_id", "my phone is five one eight five five five oh one four two"),
        ("member_id", "call me at 518-555-0142"),
        ("drug", "the proton is a particle"),
        ("provider", "can my dr appeal for me"),
        ("provider", "which hospital is the closest hospital"),
        ("specialty", "a pie crust that will not shrink"),
    ],
)
def test_words_in_other_senses_are_no_entities(read: EntityReader, kind: str, text: str) -> None:
    assert kind not in [e["entity"] for e in read(text)]


def test_a_place_carries_its_zip_code_and_county(read: EntityReader) -> None:
    (troy,) = read("troy")
    assert troy["value"] == {
        "city": "Troy",
        "state": "NY",
        "zip": "12180",
        "county": "Rensselaer",
        "label": "Troy, NY",
    }


def test_new_york_alone_is_the_state_and_has_no_zip_code(read: EntityReader) -> None:
    (state,) = read("somewhere in New York")
    assert state["value"] == {"state": "NY", "zip": None, "label": "New York"}


def test_the_component_keeps_what_others_found() -> None:
    extractor = MemberEntityExtractor()
    known = {"entity": "other", "start": 0, "end": 2, "value": "x"}
    message = Message(data={TEXT: "a dentist", ENTITIES: [known]})
    extractor.process([message, Message(data={})])
    first, dentist = message.get(ENTITIES)
    assert first == known
    assert (dentist["value"], dentist["extractor"]) == ("dentistry", "MemberEntityExtractor")


def test_its_fingerprint_covers_lists_and_modules() -> None:
    assert MemberEntityExtractor.fingerprint_addon({})


_WORDS = """
a dr. osei near troy ny , vermont albany county in to 12207 m five oh two hospital oh zempic
physicl therapy cardiologst my wife's $40 march CLM-2026-55501 st. lawrence é İ ' . - karen er
"""


@settings(deadline=None)
@given(st.one_of(st.text(max_size=60), st.lists(st.sampled_from(_WORDS.split())).map(" ".join)))
def test_spans_are_inside_the_text_and_apart(text: str) -> None:
    entities = shared()(text)
    for e in entities:
        assert 0 <= e["start"] < e["end"] <= len(text)
        assert text[e["start"] : e["end"]] == e["said"]
    assert all(a["end"] <= b["start"] for a, b in itertools.pairwise(entities))


def test_a_message_takes_less_than_two_milliseconds(read: EntityReader) -> None:
    texts = [
        "does my plan cover physical therapy after a knee replacement",
        "is dr. patel at albany med still taking new patients near schenectady",
        "why was my claim from march third denied, it was four hundred dollars",
        "my member id is m as in mary five five five oh oh one two three",
    ]
    times = []
    for _ in range(25):
        for text in texts:
            start = time.thread_time()
            read(text)
            times.append(time.thread_time() - start)
    assert sorted(times)[len(times) // 2] < 0.002


@pytest.mark.parametrize(
    ("text", "left", "meant"),
    [
        ("I moved from Troy to Boston which insurance do I have now", "Troy, NY", "Boston, MA"),
        ("moving to Buffalo from Troy", "Troy, NY", "Buffalo, NY"),
        ("I left Albany for Boston, who covers me", "Albany, NY", "Boston, MA"),
        ("we live in Troy and are relocating to Hartford", "Troy, NY", "Hartford, CT"),
    ],
)
def test_a_place_that_was_left_is_told_from_the_new_one(
    read: EntityReader, text: str, left: str, meant: str
) -> None:
    places = {e["value"]["label"]: e.get("role") for e in read(text) if e["entity"] == "place"}
    assert places == {left: "origin", meant: None}


def test_a_large_town_is_no_doctor(read: EntityReader) -> None:
    found = {e["entity"]: e["said"] for e in read("and our daughter went to Chicago")}
    assert found == {"relation": "daughter", "place": "Chicago"}


def test_a_zip_code_that_was_left_is_told_from_the_new_one(read: EntityReader) -> None:
    codes = {e["value"]: e.get("role") for e in read("I used to live in 12207, now I'm in 02139")}
    assert codes == {"12207": "origin", "02139": None}


def test_the_only_place_is_meant_even_after_from(read: EntityReader) -> None:
    assert all("role" not in e for e in read("I'm from Troy, find me a dentist"))
