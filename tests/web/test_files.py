"""The pages' files: small, and from here only."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

WEB = Path("api/web")
MOST_BYTES = 40 * 1024


def chat_files() -> list[Path]:
    return [path for path in WEB.rglob("*") if path.is_file() and "desk" not in str(path)]


def test_the_chat_is_small() -> None:
    sizes = {str(path): len(gzip.compress(path.read_bytes())) for path in chat_files()}
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_nothing_comes_from_elsewhere_and_nothing_is_parsed_as_html() -> None:
    forbidden = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|localStorage"
        r"|<style|<script>| style=| on\w+=\"|https?://(?!www\.w3\.org/2000/svg|www\.weather\.gov/\"|SERVICE/)"
    )
    found = {
        str(path): match.group()
        for path in WEB.rglob("*")
        if path.is_file() and (match := forbidden.search(path.read_text("utf-8")))
    }
    assert found == {}
