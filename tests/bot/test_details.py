"""Which of the knowledge's entries a short message asks for, by their example questions."""

from pathlib import Path

import pytest

from alliance.errors import ConfigurationError
from bot.nlu.bands import Bands
from bot.nlu.details import Details, asked
from bot.nlu.text import Lexicon
from bot.nlu.vectors import encode, encode_all
from evaluation import sentences
from evaluation.sentences import Sentence

BANDS = Bands.read()
# As many as the assistant is trained with.
PLAIN_OF_EACH = 30
SHORT = 10


@pytest.fixture(scope="module")
def details() -> Details:
    entries = asked()
    short: dict[str, list[str]] = {}
    for said in filter(_is_short, sentences.written()):
        short.setdefault(said.intent, []).append(said.text)
    plain = [text for texts in short.values() for text in texts[:PLAIN_OF_EACH]]
    questions = [question for entry in entries for question in entry.questions]
    texts = [*questions, *plain]
    return Details.train(entries, plain, encode_all(texts), Lexicon.fit(texts))


def _is_short(said: Sentence) -> bool:
    return len(said.text.split()) <= SHORT


def near(details: Details, text: str) -> list[str]:
    return [each["entry"] for each in details.near(text, encode(text), BANDS)]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("would I still need the referral in an emergency", "referral-emergency"),
        ("am I allowed to have a lawyer do my appeal", "appeal-lawyer"),
        ("must I pay COBRA in full by myself, how much", "cobra-price"),
    ],
)
def test_other_words_for_the_same_are_near(details: Details, text: str, entry: str) -> None:
    assert entry in near(details, text)


@pytest.mark.parametrize("text", ["ok", "thank you very much", "I want to talk to a person"])
def test_what_asks_no_detail_is_sure_of_none(details: Details, text: str) -> None:
    found = details.near(text, encode(text), BANDS)
    assert not [each for each in found if each["band"] == "accept"]


def test_saved_it_finds_the_same(details: Details, tmp_path: Path) -> None:
    details.save(tmp_path)
    text = "how long do I have to choose it"
    assert near(Details.load(tmp_path, details.lexicon), text) == near(details, text) != []


def test_questions_for_no_entry_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "details.tsv"
    file.write_text("gone-entry\twhat about that\n")
    with pytest.raises(ConfigurationError, match="gone-entry, which is no entry"):
        asked(file)
