"""The pages' files: small, and from here only."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

WEB = Path("api/web")
MOST_BYTES = 40 * 1024

DOCS = Path("docs")
MOST_PICTURE_BYTES = 60_000


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


def test_the_pictures_in_docs_are_small_and_each_is_shown() -> None:
    pictures = {path.name: path.stat().st_size for path in (DOCS / "screenshots").iterdir()}
    assert {name: size for name, size in pictures.items() if size > MOST_PICTURE_BYTES} == {}
    shown = "".join(path.read_text("utf-8") for path in [*DOCS.glob("*.md"), Path("README.md")])
    assert set(re.findall(r"screenshots/([\w-]+\.png)", shown)) == pictures.keys()
