"""Who would rather not say who they are: nothing is pressed for, and what they ask beside it is
answered in general. Sentences of these tests.
"""

from __future__ import annotations

import pytest

from tests.actions.talking import Talk, named

MARCH = named("date", "march")


class TestAQuestionBesideARefusal:
    @pytest.mark.parametrize(
        ("said", "intent", "near", "told"),
        [
            (
                "I would rather not say. Just tell me how long claims take",
                "submit_claim",
                "claim-time",
                "30 days",
            ),
            ("no I won't tell you that, how do people appeal", "appeal", None, "free of charge"),
            (
                "not giving you my name but what is a deductible",
                "deductible_status",
                None,
                "before",
            ),
        ],
    )
    async def test_it_is_answered_in_general(
        self, talk: Talk, said: str, intent: str, near: str | None, told: str
    ) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        answer = await talk.say(said, intent, near=near)
        assert "you don't have to" in answer
        assert told in answer
        assert talk.asking is None
        assert "be sure it's you" not in answer

    async def test_a_search_is_begun(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        said = await talk.say(
            "I don't want to share that, can you find me a dermatologist in 12207",
            "find_provider",
            [named("specialty", "dermatology"), named("zip", "12207")],
        )
        assert "dermatologists near Albany" in said
        assert talk.asking is None

    async def test_what_is_only_on_file_stays_closed(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        said = await talk.say("I won't say. How much is my copay then?", "copay_cost")
        assert "other questions" in said
        assert talk.asking is None

    async def test_a_reason_for_it_is_no_question(self, talk: Talk) -> None:
        await talk.say("what's my deductible", "deductible_status")
        said = await talk.say("I'd rather not, my card is in the car", "id_card")
        assert "other questions" in said

    async def test_they_may_think_again(self, talk: Talk) -> None:
        await talk.say("has my claim from march been paid?", "claim_status", [MARCH])
        await talk.say("I won't give you that. How do people appeal?", "appeal")
        await talk.say("ok, look up my march claim then", "claim_status", [MARCH])
        assert talk.asking == "factor_first_name"


class TestUnaskedFor:
    async def test_no_look_up_is_offered(self, talk: Talk) -> None:
        said = await talk.say(
            "I don't want to say who I am. How do people appeal a decision?", "appeal"
        )
        assert "free of charge" in said
        assert "Would you like me to look up" not in said

    async def test_a_report_is_taken_all_the_same(self, talk: Talk) -> None:
        said = await talk.say(
            "I'd like to stay anonymous. my chiropractor bills for visits nobody had",
            "report_fraud",
        )
        assert "fraud" in said
