"""Fails when a test was skipped that .ci/allowed-skips.txt does not name, or none ran at all."""

from __future__ import annotations

import sys
from fnmatch import fnmatchcase
from pathlib import Path
from xml.etree import ElementTree

HERE = Path(__file__).resolve().parent
RESULTS = HERE.parent / "var" / "results"


def main() -> None:
    allowed = [
        line.split()[0]
        for line in (HERE / "allowed-skips.txt").read_text("utf-8").splitlines()
        if line.strip() and not line.startswith("#")
    ]
    reports = sorted(RESULTS.glob("*.xml"))
    if not reports:
        sys.exit(f"There are no test results in {RESULTS}.")
    skipped = {name: reason for report in reports for name, reason in _skipped(report)}
    refused = {name for name in skipped if not any(fnmatchcase(name, each) for each in allowed)}
    for name in sorted(skipped):
        _say(f"{'NOT ALLOWED' if name in refused else 'allowed'}: {name} ({skipped[name]})")
    if refused:
        sys.exit("Tests were skipped: make them run, or give the reason in .ci/allowed-skips.txt.")
    _say(f"{len(skipped)} tests skipped, all with a reason.")


def _skipped(report: Path) -> list[tuple[str, str]]:
    # Our own pytest wrote the file a moment ago.
    cases = ElementTree.parse(report).iter("testcase")  # noqa: S314
    return [
        (f"{case.get('classname')}.{case.get('name')}", mark.get("message", ""))
        for case in cases
        for mark in case.findall("skipped")
    ]


def _say(text: str) -> None:
    print(text)  # noqa: T201 (a command's own voice)


if __name__ == "__main__":
    main()
