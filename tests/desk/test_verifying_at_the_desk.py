"""The agent verifies the member, with the same factors and counters as everywhere."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

from tests.desk.test_handed_over import Agent, suggestions, until
from tests.stack import Member, Stack

RIGHT = {
    "first_name": "Riley",
    "member_id": "P10010003",
    "birth_date": "1990-08-23",
    "zip": "14604",
}


def unverified(stack: Stack, agent: Agent, reason: str) -> tuple[Member, str]:
    """Somebody who was handed over before anybody asked who they are."""
    member = stack.member()
    for text in ("I want to speak to a representative", reason, "Preferred Care"):
        member.say(text)
    member.stay_for_a_person()
    line = agent.waiting(reason)
    popped = agent.get(f"handoffs/{line['handoff_id']}")
    assert popped == {"conversation_id": line["id"]}
    agent.post(f"conversations/{line['id']}/accept").raise_for_status()
    return member, line["id"]


def verify(agent: Agent, conversation: str, **other: Any) -> str:
    response = agent.post(f"conversations/{conversation}/verify", **{**RIGHT, **other})
    response.raise_for_status()
    return str(response.json()["outcome"])


def actions_of(stack: Stack, conversation: str) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(stack.var / "memberline.sqlite")) as database:
        return database.execute(
            "SELECT action, actor FROM audit WHERE what = 'identity' AND conversation_id = ? "
            "ORDER BY number",
            (conversation,),
        ).fetchall()


def test_who_is_verified_at_the_desk_is_shown_and_suggested_for(stack: Stack) -> None:
    agent = Agent(stack)
    member, conversation = unverified(stack, agent, "a bent card")
    before = agent.get(f"conversations/{conversation}/member")
    assert before == {"verified": False, "facts": [], "contacts": [], "cases": []}

    assert verify(agent, conversation) == "verified"

    assert member.say("has my claim from march been paid?").state["verified"]
    found = until(lambda: suggestions(agent, conversation))
    assert "$145.00" in found[0]["text"]
    read = agent.get(f"conversations/{conversation}")
    assert (read["verified"], read["level"], read["first_name"]) == (True, 1, "Riley")
    panel = agent.get(f"conversations/{conversation}/member")
    assert "Preferred Care" in panel["facts"][0]["text"]
    assert "no claim that is still open" in panel["facts"][1]["text"]
    assert actions_of(stack, conversation) == [("verified", "agent:admin")]


def test_three_wrong_tries_lock_out_until_a_supervisor_lifts_it(stack: Stack) -> None:
    agent = Agent(stack)
    _, conversation = unverified(stack, agent, "a lost card")
    for _ in range(3):
        assert verify(agent, conversation, zip="10001") == "refused"
    assert verify(agent, conversation) == "locked_out"

    lifted = agent.post(
        f"conversations/{conversation}/lift-lock-out",
        member_id=RIGHT["member_id"],
        reason="spoke with the employer's office",
    )
    lifted.raise_for_status()

    assert verify(agent, conversation) == "verified"
    assert actions_of(stack, conversation)[-2:] == [
        ("lock-out lifted by agent", "agent:admin"),
        ("verified", "agent:admin"),
    ]
    steps = agent.get(f"conversations/{conversation}")["steps"]
    assert ("unlocked", "spoke with the employer's office") in [
        (step["kind"], step["note"]) for step in steps
    ]


def test_an_id_of_no_company_here_counts_nothing(stack: Stack) -> None:
    agent = Agent(stack)
    _, conversation = unverified(stack, agent, "a found card")
    response = agent.post(f"conversations/{conversation}/verify", **{**RIGHT, "member_id": "???"})
    assert response.status_code == 422
    assert verify(agent, conversation) == "verified"


def test_suggestions_go_when_another_person_is_verified(stack: Stack) -> None:
    """Riley's claim was suggested; then the caller turns out to be Robin, whose March claim was
    denied.
    """
    agent = Agent(stack)
    member, conversation = unverified(stack, agent, "a claim of a friend")
    assert verify(agent, conversation) == "verified"
    member.say("has my claim from march been paid?")
    assert "$145.00" in until(lambda: suggestions(agent, conversation))[0]["text"]

    robin = {
        "first_name": "Robin",
        "member_id": "P10010006",
        "birth_date": "1966-07-04",
        "zip": "14607",
    }
    assert verify(agent, conversation, **robin) == "verified"

    assert "$145.00" not in str(suggestions(agent, conversation))
    found = until(lambda: suggestions(agent, conversation))
    assert "denied" in found[0]["text"]
    assert "$145.00" not in str(found)
    assert agent.get(f"conversations/{conversation}")["first_name"] == "Robin"


def test_who_takes_over_is_verified_anew_and_hears_nothing_of_the_one_before(stack: Stack) -> None:
    agent = Agent(stack)
    member, conversation = unverified(stack, agent, "a claim at home")
    assert verify(agent, conversation) == "verified"
    member.say("has my claim from march been paid?")
    assert "$145.00" in until(lambda: suggestions(agent, conversation))[0]["text"]

    member.say("hi, it's Morgan. did my claim from march go through too?")

    found = until(lambda: suggestions(agent, conversation))
    assert "verify" in found[0]["next"]
    assert "$145.00" not in str(found)
    read = agent.get(f"conversations/{conversation}")
    assert (read["verified"], read["level"]) == (False, 0)
    assert not agent.get(f"conversations/{conversation}/member")["facts"]
    assert verify(agent, conversation) == "verified"
    assert "$145.00" in str(until(lambda: suggestions(agent, conversation)))
