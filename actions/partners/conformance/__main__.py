"""Command line: what works, what is missing and what is wrong at a company's backend."""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import structlog
import yaml

from actions.partners.conformance import access, directory, member
from actions.partners.conformance.probe import Finding, Probe, TestMember, probing
from actions.settings import PartnerConfiguration
from alliance.clock import system_clock
from alliance.errors import ConfigurationError, NotOffered, PartnerUnavailable
from alliance.gazetteer import ZipCode, locate

Check = Callable[[Probe], AsyncIterator[Finding]]
_ELSE_NEAR = "12207"
_OPEN: tuple[Check, ...] = (
    access.access,
    access.statement,
    directory.providers,
    directory.places,
    directory.names,
)
_PERSONAL: tuple[Check, ...] = (
    member.identity,
    member.match,
    member.coverage,
    member.benefits,
    member.cards,
    member.claims,
    member.authorizations,
    member.family,
    member.drugs,
    member.own_services,
)


def main() -> int:
    """Exit 0: nothing is wrong. 1: something is. 2: it could not be asked."""
    arguments = _arguments()
    # Each call is told below, with what it found.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        testers = _testers(arguments.members) if arguments.members else {}
        with tempfile.TemporaryDirectory() as overlays:
            configuration = PartnerConfiguration(Path(overlays), arguments.configuration)
            keys = arguments.partner or [p.key for p in configuration.current() if p.backend]
            findings = asyncio.run(_check_all(configuration, keys, arguments.near, testers))
    except ConfigurationError as error:
        print(error.detail, file=sys.stderr)
        return 2
    return 1 if any(finding.verdict == "wrong" for finding in findings) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m actions.partners.conformance",
        description="Ask a company's backend everything that Memberline asks, and tell what works.",
    )
    parser.add_argument("configuration", type=Path, help="a file like alliance/data/partners.yml")
    parser.add_argument("--partner", action="append", help="a company's key; all without it")
    parser.add_argument(
        "--members",
        type=Path,
        help="YAML with a test member a company: KEY: {member_id, first_name, birth_date, zip}",
    )
    parser.add_argument(
        "--near", help="ZIP code where directories are searched; else where the test member lives"
    )
    return parser.parse_args()


def _testers(file: Path) -> Mapping[str, TestMember]:
    try:
        document: Any = yaml.safe_load(file.read_text("utf-8"))
        return {
            str(key): TestMember(
                str(entry["member_id"]),
                str(entry["first_name"]),
                date.fromisoformat(str(entry["birth_date"])),
                str(entry["zip"]).zfill(5),
            )
            for key, entry in document.items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise ConfigurationError(
            f"{file}: each company needs member_id, first_name, birth_date (YYYY-MM-DD) and zip, "
            f"in quotes ({type(error).__name__})."
        ) from error


async def _check_all(
    configuration: PartnerConfiguration,
    keys: list[str],
    near: str | None,
    testers: Mapping[str, TestMember],
) -> list[Finding]:
    found: list[Finding] = []
    for key in keys:
        tester = testers.get(key)
        place = _located(near or (tester.zip if tester else _ELSE_NEAR))
        async with probing(configuration, key, system_clock(), place, tester) as probe:
            print(f"\n{probe.partner.name} ({probe.configured.base_url})")
            checks = _OPEN if probe.tester is None else (*_OPEN, *_PERSONAL)
            for check in checks:
                found += await _run(check, probe)
            if probe.tester is None:
                _print(Finding("member data", "skipped", "no test member in --members"), 0.0)
    _sum_up(found)
    return found


def _located(zip_code: str) -> ZipCode:
    place = locate(zip_code)
    if place is None:
        raise ConfigurationError(f"--near {zip_code} is no ZIP code that we know.")
    return place


async def _run(check: Check, probe: Probe) -> list[Finding]:
    """Everything that one check finds, printed as it comes, with the seconds it took."""
    found: list[Finding] = []
    began = time.monotonic()
    try:
        async for finding in check(probe):
            found.append(finding)
            _print(finding, time.monotonic() - began)
            began = time.monotonic()
    except NotOffered as error:
        found.append(Finding(_name(check), "missing", error.detail, "Members hear the line."))
    except (PartnerUnavailable, httpx.HTTPError) as error:
        reason = f"{error} {error.__cause__ or ''}".strip()
        limit = f"within {probe.configured.timeout_seconds} s"
        found.append(
            Finding(
                _name(check), "wrong", reason, f"It has to answer a call {limit}, without error."
            )
        )
    else:
        return found
    _print(found[-1], time.monotonic() - began)
    return found


def _name(check: Check) -> str:
    return getattr(check, "__name__", "").replace("_", " ")


def _print(finding: Finding, seconds: float) -> None:
    line = f"  {finding.verdict:<8}{finding.capability:<30}{finding.seen}"
    print(f"{line} ({seconds * 1000:.0f} ms)" if seconds >= 0.001 else line)
    if finding.todo and finding.verdict in ("missing", "wrong"):
        print(f"{'':40}-> {finding.todo}")


def _sum_up(found: list[Finding]) -> None:
    counts = {
        verdict: sum(finding.verdict == verdict for finding in found)
        for verdict in ("works", "missing", "wrong")
    }
    print("\n" + ", ".join(f"{count} {verdict}" for verdict, count in counts.items()))


if __name__ == "__main__":
    sys.exit(main())
