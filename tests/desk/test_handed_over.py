"""A chat handed to a person: the queue, suggestions in shadow, the agent's reply."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.stack import Member, Stack

SUGGESTION_SECONDS = 20


class Agent:
    """An agent at the desk."""

    def __init__(self, stack: Stack) -> None:
        lines = (stack.var / "desk-admin.txt").read_text("utf-8").splitlines()
        told = dict(line.split(": ", 1) for line in lines)
        headers = {"X-Requested-With": "memberline-desk"}
        self.http = httpx.Client(base_url=stack.bridge, headers=headers, timeout=20)
        signed_in = self.http.post(
            "/desk/sessions", json={"username": told["user"], "password": told["password"]}
        )
        signed_in.raise_for_status()

    def get(self, path: str) -> Any:
        response = self.http.get(f"/desk/{path}")
        response.raise_for_status()
        return response.json()

    def post(self, path: str, **body: Any) -> httpx.Response:
        return self.http.post(f"/desk/{path}", json=body)

    def waiting(self, reason: str) -> dict[str, Any]:
        """The waiting conversation with this reason."""
        found = [
            line
            for line in self.get("queue")["conversations"]
            if line["owner"] == "queue" and reason in line["reason"]
        ]
        assert found, self.get("queue")
        return dict(found[-1])


def until(condition: Callable[[], Any]) -> Any:
    """Wait for something that happens in the background; returns it."""
    deadline = time.monotonic() + SUGGESTION_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.2)
    return found


@pytest.fixture
def agent(stack: Stack) -> Iterator[Agent]:
    agent = Agent(stack)
    yield agent
    agent.http.close()


@pytest.fixture
def handed_over(stack: Stack, agent: Agent) -> tuple[Member, str]:
    """Morgan of MVP, verified, has asked for a person, and the agent has accepted."""
    member = stack.member()
    for text in ("which plan covers me?", "Morgan", "M10010002", "11/02/1979", "12207"):
        member.say(text)
    assert member.state["verified"]
    member.say("let me talk to a person please")
    member.stay_for_a_person()
    line = agent.waiting("which plan covers you")
    assert (line["company"], line["first_name"], line["level"]) == ("MVP Health Care", "Morgan", 1)
    agent.post(f"conversations/{line['id']}/accept").raise_for_status()
    return member, line["id"]


def suggestions(agent: Agent, conversation: str) -> list[dict[str, Any]]:
    return list(agent.get(f"conversations/{conversation}/suggestions")["suggestions"])


def test_a_waiting_chat_carries_a_summary_and_can_be_taken_once(stack: Stack) -> None:
    first, second = Agent(stack), Agent(stack)
    member = stack.member()
    for text in ("I want to speak to a representative", "a torn card holder", "MVP"):
        member.say(text)
    member.stay_for_a_person()
    line = first.waiting("a torn card holder")
    assert "a torn card holder" in line["summary"]
    assert first.post(f"conversations/{line['id']}/accept").status_code == 200
    assert second.post(f"conversations/{line['id']}/accept").status_code == 409


def test_each_message_gets_a_suggestion_that_is_not_sent(
    agent: Agent, handed_over: tuple[Member, str]
) -> None:
    member, conversation = handed_over
    before = len(member.messages().messages)
    reply = member.say("and has my claim from march been paid?")
    assert reply.messages == []
    found = until(lambda: suggestions(agent, conversation))
    assert "$140.00" in found[0]["text"]
    assert found[0]["intent"] == "claim_status"
    assert found[0]["sources"][0]["company"] == "MVP Health Care"
    assert 0 < found[0]["confidence"] <= 1
    time.sleep(1)
    assert len(member.messages().messages) == before


def test_the_agents_words_reach_the_member_and_the_suggestion_is_recorded(
    agent: Agent, handed_over: tuple[Member, str]
) -> None:
    member, conversation = handed_over
    member.say("find me a cardiologist near 12207")
    found = until(lambda: suggestions(agent, conversation))
    agent.post(f"conversations/{conversation}/messages", text="Here is one for you.")
    agent.post(
        f"conversations/{conversation}/suggestions/{found[0]['id']}",
        action="edited",
        text="Here is one for you.",
    ).raise_for_status()
    last = member.messages().messages[-1]
    assert (last["from"], last["text"]) == ("agent", "Here is one for you.")
    assert suggestions(agent, conversation) == []


def test_the_shadow_changes_nothing_for_the_member(
    agent: Agent, handed_over: tuple[Member, str]
) -> None:
    member, conversation = handed_over
    member.say("never mind, find me a dermatologist")
    until(lambda: suggestions(agent, conversation))
    agent.post(f"conversations/{conversation}/hand-back").raise_for_status()
    reply = member.say("which plan covers me?")
    assert member.state["owner"] == "assistant"
    assert "MVP Health Care" in reply
    assert "dermatologist" not in reply


def test_after_a_hand_back_the_person_s_words_can_be_heard_again(
    agent: Agent, handed_over: tuple[Member, str]
) -> None:
    member, conversation = handed_over
    words = "Your new card left us on Tuesday, and takes ten days."
    agent.post(f"conversations/{conversation}/messages", text=words).raise_for_status()
    agent.post(f"conversations/{conversation}/hand-back").raise_for_status()
    assert member.say("can you repeat that?").text == words
    # The summary comes after them.
    member.say("let me talk to a person please")
    member.stay_for_a_person()
    agent.post(f"conversations/{conversation}/accept").raise_for_status()
    summary = "Your card is on its way."
    agent.post(f"conversations/{conversation}/hand-back", summary=summary).raise_for_status()
    assert member.say("sorry, say that again").text == summary


def test_danger_in_an_agents_chat_speaks_at_once(
    agent: Agent, handed_over: tuple[Member, str]
) -> None:
    member, _ = handed_over
    member.say("my chest hurts and I can't breathe")

    def warned() -> bool:
        return any(m["from"] == "system" and "911" in m["text"] for m in member.messages().messages)

    until(warned)


def test_nobody_reads_the_desk_without_signing_in(stack: Stack) -> None:
    with httpx.Client(base_url=stack.bridge) as stranger:
        assert stranger.get("/desk/queue").status_code == 401
        assert stranger.get("/desk/conversations/x").status_code == 401
        without_header = stranger.post("/desk/sessions", json={"username": "a", "password": "b"})
        assert without_header.status_code == 403
