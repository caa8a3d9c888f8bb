"""What is said on after a refusal: that it is wrong, that the appeal is to begin, or not yet."""

from __future__ import annotations

import pytest

from tests.actions.talking import Talk, asked, named
from tests.actions.test_step_up import Stands, newest_code

MARCH = named("date", "march")
DANA = ("Dana", "U10010004", "2/9/1971", "02118")
ART = ("Art", "U10010040", "9/27/1970", "85004")


@pytest.fixture
async def refused(talk: Talk, sandboxes: Stands) -> Talk:
    await talk.say("why was my march claim denied?", "claim_denial", [MARCH])
    await talk.give(*DANA)
    await talk.say(newest_code(sandboxes["cigna"]))
    return talk


@pytest.fixture
async def unapproved(talk: Talk, sandboxes: Stands) -> Talk:
    mri = named("service", "mri")
    await talk.say("did you approve my mri", "prior_auth_status", [mri])
    await talk.give(*ART)
    await talk.say(newest_code(sandboxes["cigna"]))
    return talk


class TestAnObjection:
    @pytest.mark.parametrize(
        ("says", "intent"),
        [
            ("nobody said a word about approval to me", "prior_auth_required"),
            ("the surgeon swore this was medically necessary", "claim_denial"),
            ("that's wrong, I needed it", "out_of_scope"),
        ],
    )
    async def test_can_be_the_reason_of_an_appeal(
        self, refused: Talk, says: str, intent: str
    ) -> None:
        assert "Shall I pass an appeal on" in await refused.say(says, intent, asks="objection")
        assert "reference number is" in await refused.say("yes please", "affirm")

    async def test_names_the_request_that_was_not_approved(self, unapproved: Talk) -> None:
        says = "my orthopedist told me I need it"
        said = await unapproved.say(says, "referral_question", asks="objection")
        assert "Shall I pass an appeal on" in said
        assert "MRI scan of the knee" in await unapproved.say("yes", "affirm")

    async def test_needs_not_be_learnt_where_it_asks_nothing_else(self, refused: Talk) -> None:
        said = await refused.say("it was midnight, every clinic was dark", "out_of_scope")
        assert "Shall I pass an appeal on" in said

    async def test_is_none_where_something_else_is_told(self, refused: Talk) -> None:
        said = await refused.say("I moved to 12 Elm Street in Albany", "update_contact")
        assert "Shall I pass" not in said

    async def test_that_asks_something_is_answered(self, refused: Talk) -> None:
        said = await refused.say("but do I have to pay it?", "explain_eob", asks="share")
        assert "Shall I pass" not in said


class TestToFileIt:
    @pytest.mark.parametrize("says", ["ok start it now", "fine, let's start the appeal right now"])
    async def test_needs_no_other_word(self, unapproved: Talk, says: str) -> None:
        said = await unapproved.say(says, "appeal")
        assert "reference number is" in said
        assert "MRI scan of the knee" in said
        assert "urgent" not in said

    async def test_is_put_off_in_the_same_breath(self, refused: Talk) -> None:
        first, then = "file my appeal.", "no wait, let me ask my wife first"
        text = f"{first} {then}"
        both = [asked("appeal", first), asked("speak_to_agent", then, start=len(first) + 1)]
        said = await refused.say(text, questions=both)
        assert "reference number" not in said
        assert not refused.acts
