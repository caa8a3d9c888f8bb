"""The pages' files: small, from here only, and true to the configuration."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import yaml

from alliance.partners import PARTNERS_FILE

WEB = Path("api/web")
MOST_BYTES = 40 * 1024


def chat_files() -> list[Path]:
    return [path for path in WEB.rglob("*") if path.is_file() and "desk" not in str(path)]


def test_the_chat_is_small() -> None:
    sizes = {str(path): len(gzip.compress(path.read_bytes())) for path in chat_files()}
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_the_lines_are_those_of_the_configuration() -> None:
    partners = yaml.safe_load(PARTNERS_FILE.read_text("utf-8"))["partners"]
    configured = [
        {
            "partner": key,
            "company": partner["name"],
            "phone": partner["phone"]["member_services"],
            "tty": str(partner["phone"]["tty"]),
        }
        for key, partner in partners.items()
        if partner.get("backend")
    ]
    assert json.loads((WEB / "lines.json").read_text("utf-8")) == configured


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
