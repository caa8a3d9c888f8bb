"""The audit is tamper-evident: a changed, moved, added or missing row shows."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, astuple, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.audit import (
    ANCHOR_FILE,
    GENESIS,
    Anchor,
    AuditEntry,
    chain_hash,
    first_broken,
    main,
    verify_file,
)

ENTRY = AuditEntry(
    at="2026-11-23T17:00:00+00:00",
    actor="member",
    subject="mvp/patient-1",
    channel="chat",
    conversation_id="c1",
    action="read",
    what="claims",
    partner="mvp",
)
Row = tuple[int, AuditEntry, str]
FIELDS = sorted(asdict(ENTRY))


def chained(count: int) -> list[Row]:
    rows: list[Row] = []
    previous = GENESIS
    for number in range(1, count + 1):
        entry = replace(ENTRY, conversation_id=f"c{number}")
        previous = chain_hash(previous, entry)
        rows.append((number, entry, previous))
    return rows


def written(file: Path, rows: list[Row]) -> Path:
    columns = "number, at, actor, subject, channel, conversation_id, action, what, partner, hash"
    with sqlite3.connect(file) as connection:
        connection.execute(f"CREATE TABLE audit ({columns})")
        connection.executemany(
            f"INSERT INTO audit VALUES ({', '.join('?' * 10)})",  # noqa: S608 (only marks)
            [(number, *astuple(entry), stored) for number, entry, stored in rows],
        )
    return file


def test_an_untouched_chain_holds() -> None:
    assert first_broken([]) is None
    assert first_broken(chained(1)) is None
    assert first_broken(chained(20)) is None


@given(st.integers(0, 9), st.sampled_from(FIELDS), st.text(max_size=20))
def test_any_changed_field_of_any_row_shows(place: int, field: str, value: str) -> None:
    rows = chained(10)
    number, entry, stored = rows[place]
    changed = replace(entry, **{field: value})
    rows[place] = (number, changed, stored)
    assert first_broken(rows) == (None if changed == entry else number)


@given(st.integers(0, 8))
def test_a_row_missing_before_the_end_shows(place: int) -> None:
    rows = chained(10)
    del rows[place]
    assert first_broken(rows) == place + 1


def test_a_row_missing_and_the_others_renumbered_shows() -> None:
    rows = chained(10)
    del rows[3]
    renumbered = [(n, entry, stored) for n, (_, entry, stored) in enumerate(rows, start=1)]
    assert first_broken(renumbered) == 4


def test_rows_changing_places_shows() -> None:
    rows = chained(5)
    rows[1], rows[2] = (2, *rows[2][1:]), (3, *rows[1][1:])
    assert first_broken(rows) == 2


def test_a_row_put_in_between_shows() -> None:
    rows = chained(3)
    forged = replace(ENTRY, actor="agent:nobody")
    rows.insert(1, (2, forged, chain_hash(GENESIS, forged)))
    assert first_broken(rows) == 2


def test_a_forged_row_with_a_fitting_hash_breaks_the_next_one() -> None:
    rows = chained(3)
    forged = replace(rows[1][1], actor="agent:nobody")
    rows[1] = (2, forged, chain_hash(rows[0][2], forged))
    assert first_broken(rows) == 3


class TestFile:
    def test_a_good_file(self, tmp_path: Path) -> None:
        assert verify_file(str(written(tmp_path / "a.db", chained(5)))) is None

    @pytest.mark.parametrize(
        ("change", "row"),
        [
            ("UPDATE audit SET subject = 'mvp/patient-2' WHERE number = 3", 3),
            ("DELETE FROM audit WHERE number = 2", 2),
            ("UPDATE audit SET hash = '' WHERE number = 5", 5),
            ("UPDATE audit SET number = 9 WHERE number = 5", 5),
        ],
    )
    def test_a_tampered_file(self, tmp_path: Path, change: str, row: int) -> None:
        file = written(tmp_path / "a.db", chained(5))
        with sqlite3.connect(file) as connection:
            connection.execute(change)
        assert verify_file(str(file)) == row

    def test_a_folder_with_odd_characters(self, tmp_path: Path) -> None:
        folder = tmp_path / "50% of #1?"
        folder.mkdir()
        assert verify_file(str(written(folder / "a.db", chained(2)))) is None

    def test_checking_changes_nothing(self, tmp_path: Path) -> None:
        file = written(tmp_path / "a.db", chained(2))
        before = file.read_bytes()
        verify_file(str(file))
        assert file.read_bytes() == before


class TestCommand:
    def test_it_holds(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["verify", str(written(tmp_path / "a.db", chained(5)))]) == 0
        assert "holds" in capsys.readouterr().out

    def test_it_is_broken(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        rows = chained(5)
        del rows[2]
        assert main(["verify", str(written(tmp_path / "a.db", rows))]) == 1
        assert "row 3" in capsys.readouterr().out

    @pytest.mark.parametrize(
        "arguments", [[], ["verify"], ["check", "x"], ["verify", "a", "b", "c"]]
    )
    def test_misuse(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert main(arguments) == 2
        assert "python -m alliance.audit verify FILE" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "prepare",
        [
            lambda _: None,
            lambda file: file.write_text("no database"),
            lambda file: sqlite3.connect(file).execute("CREATE TABLE other (a)").connection.close(),
        ],
        ids=["no file", "no database", "no audit"],
    )
    def test_what_cannot_be_checked_is_said_and_never_called_good(
        self,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
        prepare: Callable[[Path], object],
    ) -> None:
        file = tmp_path / "a.db"
        prepare(file)
        assert main(["verify", str(file)]) == 2
        said = capsys.readouterr()
        assert str(file) in said.err
        assert not said.out

    def test_as_a_process(self, tmp_path: Path) -> None:
        file = written(tmp_path / "a.db", chained(3))
        done = subprocess.run(
            [sys.executable, "-m", "alliance.audit", "verify", str(file)],
            capture_output=True,
            text=True,
            check=False,
            timeout=30,
        )
        assert done.returncode == 0
        assert done.stdout.startswith("The audit chain holds.")


class TestAnchor:
    """The chain's head, kept apart: rows that were cut off at the end show."""

    def anchored(self, folder: Path, rows: int, signed_with: str = "secret") -> Path:
        made = chained(rows)
        file = written(folder / "a.db", made)
        anchor = Anchor.of(rows, made[-1][2], signed_with)
        (folder / ANCHOR_FILE).write_text(anchor.to_json())
        (folder / "secrets.env").write_text("MEMBERLINE_SECRET=secret\n")
        return file

    def test_a_whole_chain(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert main(["verify", str(self.anchored(tmp_path, 5))]) == 0
        assert capsys.readouterr().out == "The audit chain holds.\n"

    @pytest.mark.parametrize("kept", [0, 2, 4])
    def test_the_newest_rows_were_cut_off(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: int
    ) -> None:
        file = self.anchored(tmp_path, 5)
        with sqlite3.connect(file) as connection:
            connection.execute("DELETE FROM audit WHERE number > ?", (kept,))
        assert main(["verify", str(file)]) == 1
        assert "newest rows are missing: row 5" in capsys.readouterr().out

    def test_rows_after_the_anchor_are_no_fault(self, tmp_path: Path) -> None:
        """The process ended between a row and its anchor."""
        made = chained(5)
        file = written(tmp_path / "a.db", made)
        (tmp_path / ANCHOR_FILE).write_text(Anchor.of(4, made[3][2], "s").to_json())
        assert main(["verify", str(file)]) == 0

    def test_an_anchor_that_somebody_else_wrote(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        file = self.anchored(tmp_path, 5, signed_with="guessed")
        assert main(["verify", str(file)]) == 1
        assert "not written by Memberline" in capsys.readouterr().out

    def test_an_anchor_that_is_asked_for_has_to_be_there(self, tmp_path: Path) -> None:
        file = written(tmp_path / "a.db", chained(2))
        assert main(["verify", str(file), str(tmp_path / "none")]) == 2
