"""The parts of understanding, each by itself: text, noise, language, emergencies, splitting."""

import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.bands import Bands
from bot.nlu.boundaries import BoundaryWords, boundaries, slots_of
from bot.nlu.danger import Part, parts
from bot.nlu.emergency_cues import Cues, find_cues
from bot.nlu.fused import FusedModel, Recipe, WordsModel
from bot.nlu.language import is_spanish
from bot.nlu.noise import KINDS, noised_copies
from bot.nlu.questions import (
    Cut,
    Question,
    Splitter,
    _weighed,
    beside_move,
    beside_the_plain,
    is_remark,
    merge,
    written,
)
from bot.nlu.text import Lexicon, char_grams, prepare
from bot.nlu.tongues import other_language
from bot.nlu.understanding import is_danger


def _splitter(model: FusedModel, boundary: float, vote: float) -> Splitter:
    """One that proposes and believes all boundaries alike."""
    text = "i lost my card and what is my copay"
    cut = Cut.of(text, model.words, boundaries(text))
    size = cut.features(0, cut.inside(0, cut.count), cut.count).shape[1]
    at = cut.inside(0, cut.count)[0]
    (weighed,) = _weighed(cut, [at], {at: 1.0}, model.intents)
    arrays = {
        "weights": np.zeros(size),
        "bias": np.array(boundary),
        "mean": np.zeros(len(weighed)),
        "scale": np.ones(len(weighed)),
        "inner": np.zeros((1, len(weighed), 2)),
        "inner_bias": np.zeros((1, 2)),
        "outer": np.zeros((1, 2)),
        "outer_bias": np.array([vote]),
        "around": np.zeros(1 << 15),
        "around_bias": np.array(0),
    }
    return Splitter({name: np.asarray(a, np.float32) for name, a in arrays.items()})


class TestText:
    def test_numbers_keep_their_shape_only(self) -> None:
        assert prepare("My ZIP is 12207!") == prepare("my zip is one two two oh five")

    def test_recogniser_spellings_are_one(self) -> None:
        assert prepare("m v p co pay") == prepare("MVP copay")

    def test_grams(self) -> None:
        assert char_grams("ab") == [" a", "ab", "b ", " ab", "ab ", " ab "]

    def test_rare_words_weigh_more_and_words_and_characters_count_alike(self) -> None:
        lexicon = Lexicon.fit(["card lost", "new card", "card id", "lost it"])
        columns, values = lexicon.row(lexicon.grams("card lost"))
        assert float(values @ values) == pytest.approx(2.0)
        first = len(lexicon.words)
        weight = {lexicon.words[c]: v for c, v in zip(columns, values, strict=True) if c < first}
        assert weight["lost"] > weight["card"]

    def test_unknown_text_has_an_empty_row(self) -> None:
        lexicon = Lexicon.fit(["card card"])
        columns, values = lexicon.row(lexicon.grams("zu"))
        assert columns.size == values.size == 0


class TestNoise:
    @pytest.mark.parametrize("kind", KINDS)
    def test_changes_something_and_repeats(self, kind: str) -> None:
        text = "Is my claim for the dermatologist in Albany paid, and what do you still need?"
        once = KINDS[kind](text, random.Random(3))  # noqa: S311
        assert once != text
        assert once == KINDS[kind](text, random.Random(3))  # noqa: S311

    def test_copies_name_their_original(self) -> None:
        texts = [f"what is the copay for visit number {n}" for n in range(200)]
        copies = noised_copies(texts, 0.3, 7)
        assert 30 < len(copies) < 80
        assert copies == noised_copies(texts, 0.3, 7)
        assert all(0 <= index < len(texts) for index, _ in copies)


class TestLanguage:
    @pytest.mark.parametrize(
        "text",
        [
            "¿Cuánto me falta del deducible?",
            "necesito una tarjeta nueva",
            "kiero hablar con una persona",
            "hola",
            "se me olvidó la contraseña y no puedo entrar",
        ],
    )
    def test_spanish(self, text: str) -> None:
        assert is_spanish(text)

    @pytest.mark.parametrize(
        "text",
        [
            "Maria de la Cruz",
            "is Dr. San Miguel in El Paso taking patients",
            "my fiancé wants to be added",
            "no",
            "do you have somebody who speaks Spanish",
            "delia that's d e l i a y o del toro",
            "U55500123",
        ],
    )
    def test_not_spanish(self, text: str) -> None:
        assert not is_spanish(text)

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("bonjour, je voudrais parler à quelqu'un en français", "fr"),
            ("preciso de um cartão novo, por favor", "pt"),
            ("dove posso trovare un medico vicino a casa mia", "it"),
            ("dzień dobry, potrzebuję nową kartę ubezpieczenia", "pl"),
            ("ich brauche eine neue Versicherungskarte", "de"),
            ("bonjou, mwen bezwen pale ak yon moun ki pale kreyòl", "ht"),
            ("tôi cần nói chuyện với người nói tiếng Việt", "vi"),
            ("我想找一个会说中文的医生", "zh"),
            ("мне нужна новая карточка", "ru"),
            ("أريد بطاقة تأمين جديدة", "ar"),
            ("보험 카드를 잃어버렸어요", "ko"),
        ],
    )
    def test_other_languages(self, text: str, code: str) -> None:
        assert other_language(text) == code

    @pytest.mark.parametrize(
        "text",
        [
            "Jean-Pierre de la Fontaine",
            "Nguyễn Văn An",
            "la tarjeta de mi hijo para el doctor por favor",
            "metformin lisinopril atorvastatin",
            "merci",
            "a la carte dental plan in Troy",
        ],
    )
    def test_no_other_language(self, text: str) -> None:
        assert other_language(text) is None


class TestEmergencyCues:
    @pytest.mark.parametrize(
        "text",
        [
            "My chest hurts and I can't breathe!!",
            "she took the whole bottle of tylenol",
            "i wanna kill myself",
            "he's having a heart a tack",
            "she has had narcan's two sprays and nothing",
            "my ex won't let us leave the house",
            "he locked the kids in the basement with a gun",
            "i made up my mind to end it",
            "no one is gonna notice im gone",
            "i stashed enough tablets to do it",
            "she's choking on a grape",
            "no puede respirar",
            "se tomó cloro el bebé",
            "j'ai mal à la poitrine",
            "mio padre non respira",
            "mwen pa ka respire",
            "boli mnie w klatce piersiowej",
            "chồng tôi không thở được",
            "救命",
            "у меня болит в груди",
            "لا أستطيع التنفس",
            "grandma is on a ventilator and the battery is low",
            "no power here and his vent's alarm won't stop, lost power at six, mom's on oxygen",
        ],
    )
    def test_danger_now(self, text: str) -> None:
        cues = find_cues(text)
        assert cues.danger
        assert not cues.elsewhere

    @pytest.mark.parametrize(
        "text",
        [
            "I had chest pain last month and you denied the ambulance",
            "find me a heart attack rehab program",
            "my wife overdosed two years ago, is rehab covered",
            "j'ai reçu une facture pour l'ambulance du mois dernier",
        ],
    )
    def test_another_time_or_paper(self, text: str) -> None:
        assert find_cues(text).elsewhere

    @pytest.mark.parametrize(
        "text",
        [
            "my husband's job won't let us leave the plan until June",
            "my wife's doctor won't let me go to a specialist",
            "they locked us in for the year",
        ],
    )
    def test_being_held_to_a_plan_is_no_danger(self, text: str) -> None:
        assert not find_cues(text).danger

    @pytest.mark.parametrize(
        "text",
        [
            "we're drowning in all your paperwork",
            "small shops are choking on these rates",
            "all these forms are drowning me",
            "your debt is strangling us",
            "esa cuenta me va a matar",
            "tanto papeleo me va a matar",
            "I decided to end it on the first, my policy I mean",
            "I save up my pills for the trip",
        ],
    )
    def test_manners_of_speaking_are_no_danger(self, text: str) -> None:
        assert not find_cues(text).danger


class TestQuestions:
    def test_boundaries_are_sentence_ends_and_joining_words(self) -> None:
        text = "Is Dr. Okafor in network? And what is my copay"
        assert text.index("And") in {b.right for b in boundaries(text)}

    def test_a_greeting_is_no_question_of_its_own(self) -> None:
        parts = [Question(0, 5, "greet", 0.9, 0.8, 0.0), Question(6, 20, "id_card", 0.8, 0.8, 0.0)]
        assert merge(parts) == [Question(0, 20, "id_card", 0.8, 0.8, 0.0)]

    def test_neighbours_that_ask_the_same_are_one(self) -> None:
        parts = [
            Question(0, 9, "id_card", 0.6, 0.8, 0.0),
            Question(10, 20, "id_card", 0.8, 0.7, 0.0),
        ]
        assert merge(parts) == [Question(0, 20, "id_card", 0.8, 0.7, 0.0)]

    @pytest.mark.parametrize(
        "text",
        ["I think it is fraud", "that can't be right", "it smells like fraud to me", "looks wrong"],
    )
    def test_a_remark_asks_nothing_of_its_own(self, text: str) -> None:
        assert is_remark(text)

    @pytest.mark.parametrize(
        "text",
        ["and what is my copay", "I think I need a new card", "is that covered?", "send me a card"],
    )
    def test_questions_are_no_remarks(self, text: str) -> None:
        assert not is_remark(text)

    def test_two_questions_stay_in_order(self) -> None:
        parts = [
            Question(0, 9, "id_card", 0.6, 0.8, 0.0),
            Question(10, 20, "appeal", 0.8, 0.7, 0.0),
        ]
        assert merge(parts) == parts


class TestBesideThePlain:
    BANDS = replace(Bands.read(), whole_plain=0.95, part_plain=0.7)
    PARTS = (
        Question(0, 12, "coverage_status", 0.5, 0.8, 0.0),
        Question(13, 30, "coordination_of_benefits", 0.99, 0.9, 0.0),
    )

    def test_an_unsure_part_is_the_situation_of_what_the_whole_plainly_asks(self) -> None:
        kept = beside_the_plain(self.PARTS, "coordination_of_benefits", 0.99, self.BANDS)
        assert [q.intent for q in merge(kept)] == ["coordination_of_benefits"]

    @pytest.mark.parametrize(("intent", "sure"), [("coordination_of_benefits", 0.9), ("appeal", 1)])
    def test_not_where_the_whole_is_less_plain_or_about_something_else(
        self, intent: str, sure: float
    ) -> None:
        assert len(merge(beside_the_plain(self.PARTS, intent, sure, self.BANDS))) == 2

    def test_a_plain_part_stays_a_question(self) -> None:
        parts = [replace(part, confidence=0.8) for part in self.PARTS]
        assert (
            len(merge(beside_the_plain(parts, "coordination_of_benefits", 0.99, self.BANDS))) == 2
        )


class TestBands:
    BANDS = Bands(
        accept=0.6,
        confirm=0.2,
        reject=0.4,
        unsupported=0.3,
        emergency=0.3,
        emergency_margin=-0.45,
        emergency_likely=0.5,
        emergency_margin_likely=-0.7,
        emergency_part=0.9,
        emergency_beside_part=0.1,
        emergency_beside_sentence=0.02,
        apart=0.45,
        whole_plain=0.95,
        part_plain=0.7,
        aspect=0.5,
        aspect_beside=0.8,
        detail=0.25,
        detail_beside=0.35,
        detail_margin=0.03,
    )

    @pytest.mark.parametrize(
        ("confidence", "scope", "unsupported", "band"),
        [
            (0.6, 0.4, 0.29, "accept"),
            (0.59, 0.4, 0.0, "confirm"),
            (0.9, 0.39, 0.0, "reject"),
            (0.1, 0.9, 0.0, "reject"),
            (0.7, 0.9, 0.3, "reject"),
        ],
    )
    def test_edges(self, confidence: float, scope: float, unsupported: float, band: str) -> None:
        assert self.BANDS.of(confidence, scope, unsupported) == band

    def test_the_chosen_ones_are_in_order(self) -> None:
        chosen = Bands.read()
        assert 0 < chosen.confirm < chosen.accept < 1
        assert 0 < chosen.emergency < 1
        assert chosen.emergency_beside_sentence < chosen.emergency_beside_part < chosen.emergency

    @pytest.mark.parametrize(
        ("part", "whole", "told"),
        [
            (Part(0, 9, 0.9, 0.2, sentence=True), 0.02, True),
            (Part(0, 9, 0.9, 0.2, sentence=False), 0.02, False),
            (Part(0, 9, 0.9, 0.2, sentence=False), 0.1, True),
            (Part(0, 9, 0.9, 0.9, sentence=False), 0.02, True),
            (Part(0, 9, 0.9, 0.9, sentence=True), 0.01, False),
            (Part(0, 9, 0.89, 0.9, sentence=True), 0.29, False),
        ],
    )
    def test_danger_in_a_part_needs_the_whole_to_leave_it_possible(
        self, part: Part, whole: float, told: bool
    ) -> None:
        assert self.BANDS.tells_of_danger(part, whole) is told

    @pytest.mark.parametrize(
        ("likely", "margin", "told"),
        [(0.3, -0.45, True), (0.3, -0.46, False), (0.5, -0.7, True), (0.5, -0.71, False)],
    )
    def test_likely_danger_may_be_less_like_danger_by_itself(
        self, likely: float, margin: float, told: bool
    ) -> None:
        text = "the canary lies on its back and we are all so tired"
        cues = Cues(danger=False, elsewhere=False, denied=False)
        assert is_danger(text, cues, likely, margin, self.BANDS) is told


class TestModel:
    TEXTS = (
        "where is my new card", "i lost my card", "card never came", "send a card please",
        "what is my copay", "copay for a specialist", "how much is a visit", "what do i pay there",
        "tell me a joke", "who won the game", "is it raining", "play a song",
    )  # fmt: skip
    INTENTS = ("id_card",) * 4 + ("copay_cost",) * 4 + ("out_of_scope",) * 4

    @pytest.fixture(scope="class")
    def vectors(self) -> np.ndarray:
        rng = np.random.default_rng(1)
        centres = {intent: rng.normal(size=1152) for intent in dict.fromkeys(self.INTENTS)}
        rows = np.array([centres[i] + 0.3 * rng.normal(size=1152) for i in self.INTENTS])
        return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)

    @pytest.fixture(scope="class")
    def model(self, vectors: np.ndarray) -> FusedModel:
        recipe = Recipe(directions=8, prototypes=2)
        return FusedModel.train(self.TEXTS, vectors, self.INTENTS, recipe)[0]

    def test_learns_and_gives_probabilities(self, model: FusedModel, vectors: np.ndarray) -> None:
        known = dict(zip(self.TEXTS, vectors, strict=True))
        for text, intent in zip(self.TEXTS, self.INTENTS, strict=True):
            prediction = model.predict(text, known.__getitem__)
            assert float(prediction.probabilities.sum()) == pytest.approx(1.0, abs=1e-5)
            assert model.intents[int(prediction.probabilities.argmax())] == intent

    def test_what_is_unsupported_scores_low(self, model: FusedModel, vectors: np.ndarray) -> None:
        known = dict(zip(self.TEXTS, vectors, strict=True))
        scopes = [model.predict(text, known.__getitem__).scope for text in self.TEXTS]
        assert max(scopes[8:]) < min(scopes[:8])

    def test_saved_model_predicts_the_same_and_holds_no_pickle(
        self, model: FusedModel, vectors: np.ndarray, tmp_path: Path
    ) -> None:
        model.save(tmp_path)
        again = FusedModel.load(tmp_path)
        assert {path.suffix for path in tmp_path.iterdir()} == {".npz", ".json"}
        known = dict(zip(self.TEXTS, vectors, strict=True))
        for text in self.TEXTS:
            one, other = (each.predict(text, known.__getitem__) for each in (model, again))
            np.testing.assert_allclose(one.probabilities, other.probabilities, atol=5e-3)

    def test_same_data_same_model(self, model: FusedModel, vectors: np.ndarray) -> None:
        recipe = Recipe(directions=8, prototypes=2)
        again, _ = FusedModel.train(self.TEXTS, vectors, self.INTENTS, recipe)
        np.testing.assert_array_equal(model.weights, again.weights)

    def test_a_part_means_what_its_words_mean_by_themselves(self, model: FusedModel) -> None:
        pieces = ["i lost my card ", "and what is my copay ", "for a visit"]
        table = model.words.table(pieces)
        for start, end in ((0, 1), (1, 3), (0, 3)):
            alone = model.words.table(["".join(pieces[start:end])])[0, 1]
            np.testing.assert_allclose(table[start, end], alone, atol=0.25)
            assert table[start, end].argmax() == alone.argmax()

    def test_parts_are_read_as_messages_of_their_own(self) -> None:
        texts = [*self.TEXTS, "he cant breathe", "she is bleeding", "my chest hurts bad"]
        intents = [*self.INTENTS, *("emergency",) * 3]
        vectors = np.zeros((len(texts), 1152), np.float32)
        recipe = Recipe(directions=2, prototypes=1)
        model = FusedModel.train(texts, vectors, intents, recipe)[0]
        text = "Where is my new card? He cant breathe. Send a card please."
        found = parts(text, model, lambda _: vectors[0])
        best = max(found, key=lambda part: (part.sentence, part.likely))
        assert text[best.start : best.end].strip() == "He cant breathe."
        assert best.likely > 0.5
        assert not parts("he cant breathe", model, lambda _: vectors[0])

    def test_what_is_asked_beside_a_move(self, model: FusedModel) -> None:
        intents = ["bot_challenge" if i == "out_of_scope" else i for i in model.intents]
        text = "play a song. what is my copay"
        assert beside_move(text, model.words, intents) == (13, len(text))
        assert beside_move("who won the game", model.words, intents) is None
        assert beside_move("tell me a joke. is it raining", model.words, intents) is None

    def test_the_encoder_is_asked_only_where_the_words_are_unsure(
        self, model: FusedModel, vectors: np.ndarray
    ) -> None:
        asked: list[str] = []

        def encode(text: str) -> np.ndarray:
            asked.append(text)
            return np.asarray(vectors[0])

        def with_words_at(temperature: float) -> FusedModel:
            kept = model.words
            words = WordsModel(kept.lexicon, kept.weights, kept.bias, temperature)
            return FusedModel(
                model.intents, words, model.weights, model.bias, model.prototypes, temperature
            )

        with_words_at(0.02).predict("what is my copay", encode)
        assert asked == []
        with_words_at(9.0).predict("what is my copay", encode)
        assert asked == ["what is my copay"]

    @pytest.mark.parametrize(("boundary", "vote", "parts"), [(9, 9, 2), (9, -9, 1), (-9, 9, 1)])
    def test_splitter_parts_what_is_proposed_and_believed(
        self, model: FusedModel, boundary: float, vote: float, parts: int
    ) -> None:
        text = "i lost my card and what is my copay"
        spans = _splitter(model, boundary, vote).spans(text, model.words, model.intents, 0.45)
        assert len(spans) >= parts if parts > 1 else spans == [(0, len(text))]
        assert (spans[0][0], spans[-1][1]) == (0, len(text))

    @pytest.mark.parametrize(
        ("text", "begin"),
        [
            (
                "two questions: is my card here, and what is my copay",
                ["two questions", "and what is"],
            ),
            ("1) what is my copay 2) where is my card", ["1) what", "where is"]),
            ("is my card here, and what is my copay", ["is my card"]),
        ],
    )
    def test_what_is_said_to_be_several_is(
        self, model: FusedModel, text: str, begin: list[str]
    ) -> None:
        spans = _splitter(model, -9, -9).spans(text, model.words, model.intents, 0.45)
        starts = [text[start:].lstrip(" ,") for start, _ in spans]
        assert len(starts) == len(begin)
        assert all(said.startswith(words) for said, words in zip(starts, begin, strict=True))

    def test_words_around_a_boundary_are_learnt_for_others_alike(self) -> None:
        known = [
            ("is my card here and what is my copay", True),
            ("did you pay the lab and where is my check", True),
            ("do you pay for glasses and for contacts", False),
            ("i saw doctor lee and doctor moe", False),
        ]
        rows = [(slots_of(text, boundaries(text))[0], apart) for text, apart in known]
        model = BoundaryWords.train(rows)
        apart, together = (
            model.logits(slots_of(text, boundaries(text)))[0]
            for text in ("is dr roe in and what is his number", "do you cover walkers and canes")
        )
        assert apart > 0 > together

    def test_written_messages_have_parts_that_boundaries_can_tell_apart(self) -> None:
        messages = written()
        assert sum(len(m.parts) > 1 for m in messages) >= 150
        assert all(len(m.parts) == len(m.intents) for m in messages)
