"""The conversations play every sample member and every one of the ten situations."""

from __future__ import annotations

import re
from typing import Any

import yaml

from scripts.setup import ROOT
from tests.conversations.talks import HERE, PEOPLE

_MEMBER_ID = re.compile(r"^\| [^|]+ \| ([A-Z]?\d{8,9}) \|", re.MULTILINE)
SITUATIONS = 10


def entries() -> list[dict[str, Any]]:
    files = [path for path in HERE.glob("*.yml") if path.name != "people.yml"]
    return [entry for path in files for entry in yaml.safe_load(path.read_text("utf-8"))]


def test_every_sample_member_is_in_a_conversation() -> None:
    documented = set(_MEMBER_ID.findall((ROOT / "docs/sample-members.md").read_text("utf-8")))
    played = {PEOPLE[entry["as"]]["member_id"] for entry in entries() if "as" in entry}
    played |= {member_id for entry in entries() for member_id in entry.get("about", ())}
    assert documented - played == set()


def test_every_person_in_the_list_speaks() -> None:
    assert set(PEOPLE) - {entry.get("as") for entry in entries()} == set()


def test_every_situation_is_held() -> None:
    held = yaml.safe_load((HERE / "ten_situations.yml").read_text("utf-8"))
    numbers = [int(entry["conversation"].split()[0]) for entry in held]
    assert sorted(numbers) == numbers
    assert set(numbers) == set(range(1, SITUATIONS + 1))
