"""Nothing reads member data but through the gate, and the check that says so sees what does."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.member_data_gate import capabilities, main, problems


def test_the_product_keeps_to_the_gate(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0, capsys.readouterr().out


def test_what_is_gated() -> None:
    assert {"coverages", "claims", "contacts", "send_message"} <= capabilities()
    assert not {"search_directory", "find_member"} & capabilities()


@pytest.mark.parametrize(
    "line",
    [
        "await desk.backends['mvp'].claims(member)",
        "await self._backends[key].coverages(member)",
        "await backend.contacts(member)",
        "await backends[key].find_member('M1')",
        "read = backend.claims",
        "[await each.claims(member) for each in desk.backends.values()]",
        "await self.client.coverages(member)",
        "from actions.partners.http import PartnerHttp",
        "import actions.partners.fhir as fhir",
        "from actions.partners import fhir",
        "import httpx",
    ],
)
def test_a_way_round_is_seen(line: str) -> None:
    source = f"async def answer(desk, member, self, key, backend, backends):\n    {line}\n"
    assert list(problems(Path("actions/answers/new.py"), source, capabilities()))
    excused = source.replace("\n    " + line, f"\n    {line}  # member data: a reason")
    assert not list(problems(Path("actions/answers/new.py"), excused, capabilities()))


def test_the_gate_itself_and_its_users_may() -> None:
    source = "async def f(desk, member):\n    await desk.records.claims(member, 'mvp')\n"
    assert not list(problems(Path("actions/answers/new.py"), source, capabilities()))
