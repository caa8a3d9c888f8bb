"""Training and development sentences: complete, clean, and apart from each other."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

import pytest
import yaml
from rapidfuzz import fuzz

from bot.nlu import details, follow_up_sentences
from bot.nlu.bands import PATH
from bot.nlu.follow_up_sentences import MOST_WORDS, NOTHING
from bot.nlu.questions import written
from bot.nlu.text import prepare
from evaluation import sentences
from evaluation.sentences import STYLES, Sentence

LEAST_TRAINING = 200
LEAST_UNSUPPORTED = 600
LEAST_OF_A_DETAIL = 4
LEAST_FOLLOW_UPS, LEAST_MEASURED_FOLLOW_UPS = 55, 8
# Of every intent, those of greetings and thanks too, and at least one of them in every style.
LEAST_DEVELOPMENT = 15
# Shorter ones ("hello", "no thanks") are few and alike by nature; only equality counts there.
_SHORT = 14


@pytest.fixture(scope="module")
def training() -> list[Sentence]:
    return sentences.training()


@pytest.fixture(scope="module")
def development() -> list[Sentence]:
    return sentences.development()


def intents() -> set[str]:
    return set(yaml.safe_load((PATH.parent / "intents.yml").read_text())["intents"])


def nearly_equal(one: str, other: str) -> bool:
    """Of two prepared sentences: the same words but for a few characters or one in five."""
    if one == other:
        return True
    if min(len(one), len(other)) < _SHORT:
        return False
    left, right = set(one.split()), set(other.split())
    shared = len(left & right) / len(left | right)
    return fuzz.ratio(one, other) >= 90 or (len(left | right) >= 4 and shared >= 0.8)


def copied(measured: Iterable[str], trained: Sequence[str]) -> list[tuple[str, str]]:
    """Which of the measured sentences are nearly equal to which trained ones."""
    holders: dict[str, set[int]] = defaultdict(set)
    for index, text in enumerate(trained):
        for word in set(text.split()):
            holders[word].add(index)
    found = []
    for text in measured:
        # A nearly equal sentence shares at least one of the rarer quarter of the words.
        rare = sorted(set(text.split()), key=lambda word: len(holders[word]))
        nearby = set().union(*(holders[word] for word in rare[: max(3, len(rare) // 4)]), set())
        found += [(text, trained[i]) for i in nearby if nearly_equal(text, trained[i])]
    return found


def test_every_intent_is_trained_on_enough_sentences(training: list[Sentence]) -> None:
    counts = Counter(s.intent for s in training)
    assert set(counts) == intents()
    assert {i: n for i, n in counts.items() if n < LEAST_TRAINING} == {}


def test_what_is_not_supported_is_both_near_the_domain_and_far_from_it() -> None:
    near, far = (
        sentences.read(sentences.TRAINING / name, "training")
        for name in ("near_domain.yml", "out_of_scope.yml")
    )
    assert {s.intent for s in near + far} == {"out_of_scope"}
    assert len({s.text for s in near}) >= LEAST_UNSUPPORTED
    assert len({s.text for s in far}) >= LEAST_UNSUPPORTED


def test_every_intent_is_measured_in_every_style(development: list[Sentence]) -> None:
    counts = Counter(s.intent for s in development)
    assert set(counts) == intents()
    assert {i: n for i, n in counts.items() if n < LEAST_DEVELOPMENT} == {}
    styled = {(s.intent, s.style) for s in development}
    assert {(intent, style) for intent in intents() for style in STYLES} - styled == set()


def test_no_training_sentence_has_two_intents(training: list[Sentence]) -> None:
    known: dict[str, set[str]] = defaultdict(set)
    for sentence in training:
        known[prepare(sentence.text)].add(sentence.intent)
    assert {text: found for text, found in known.items() if len(found) > 1} == {}


def test_nothing_measured_was_trained_on(
    training: list[Sentence], development: list[Sentence]
) -> None:
    others = [*sentences.emergencies(), *sentences.not_emergency(), *sentences.far()]
    measured = [s.text for s in [*development, *others]]
    measured += [text for text, _ in sentences.several()]
    measured += sorted({said.text for said in sentences.spoken()})
    trained = [s.text for s in training]
    trained += [" ".join(message.parts) for message in written()]
    assert copied([prepare(text) for text in measured], [prepare(text) for text in trained]) == []


def test_nothing_named_was_trained_on(training: list[Sentence]) -> None:
    """As they were written: to the classifier all figures are alike, but what is measured here is
    whether they are found, and "14075" is no copy of "12207"."""
    named = [s.text.casefold() for s in sentences.named()]
    assert copied(named, [s.text.casefold() for s in training]) == []


def test_several_questions_name_known_intents() -> None:
    messages = sentences.several()
    assert len(messages) >= 200
    assert {i for _, spans in messages for i, _, _ in spans} <= intents()


def test_emergencies_and_others_are_many_enough_for_an_interval(
    development: list[Sentence],
) -> None:
    others = [*sentences.not_emergency(), *sentences.far()]
    urgent = [s for s in [*development, *sentences.emergencies()] if s.intent == "emergency"]
    assert len({s.text for s in urgent}) >= 400
    assert len([s for s in [*development, *others] if s.intent != "emergency"]) >= 5_000


def test_everything_a_follow_up_can_ask_is_trained_on_and_measured() -> None:
    trained = Counter(asks for asks, _ in follow_up_sentences.written())
    measured = Counter(asks for asks, _ in sentences.follow_ups())
    assert set(trained) == set(measured)
    assert {asks: n for asks, n in trained.items() if n < LEAST_FOLLOW_UPS} == {}
    assert measured[NOTHING] >= 100
    assert {asks: n for asks, n in measured.items() if n < LEAST_MEASURED_FOLLOW_UPS} == {}
    assert all(len(text.split()) <= MOST_WORDS for _, text in follow_up_sentences.written())


def test_no_follow_up_that_is_measured_was_trained_on() -> None:
    trained = [prepare(text) for _, text in follow_up_sentences.written()]
    assert len(set(trained)) == len(trained)
    measured = [prepare(text) for _, text in sentences.follow_ups()]
    assert [(m, t) for m in measured for t in trained if nearly_equal(m, t)] == []


def test_every_detail_has_questions_that_ask_for_it() -> None:
    asked = {each.entry: each.questions for each in details.asked()}
    few = {entry for entry, questions in asked.items() if len(questions) < LEAST_OF_A_DETAIL}
    assert not few
    file = details.KNOWLEDGE / "asked_on.yml"
    assert {entry["id"] for entry in yaml.safe_load(file.read_text("utf-8"))["entries"]} <= set(
        asked
    )


def test_no_question_asks_for_two_details_of_a_topic() -> None:
    of_topic = Counter(
        (each.topics[0], prepare(question))
        for each in details.asked()
        for question in set(each.questions)
    )
    assert not [asked for asked, count in of_topic.items() if count > 1]


def test_no_detail_that_is_measured_is_an_example() -> None:
    examples = {prepare(question) for each in details.asked() for question in each.questions}
    known = {each.entry for each in details.asked()}
    measured = sentences.details()
    assert not [text for _, _, text in measured if prepare(text) in examples]
    assert {entry for _, entries, _ in measured for entry in entries} <= {*known, NOTHING}
