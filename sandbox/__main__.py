"""Command line of the stand-in backends: `python -m sandbox serve|load|build|keys|outbox ...`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from sandbox.errors import SandboxError
from sandbox.profiles import BEHAVIOUR, load_profile


def main(arguments: list[str] | None = None) -> int:
    parser = _parser()
    options = parser.parse_args(arguments)
    try:
        options.run(options)
    except SandboxError as error:
        print(f"sandbox: {error}", file=sys.stderr)  # noqa: T201 (a command's own voice)
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="answer as one partner's backend, on loopback")
    serve.add_argument("--partner", required=True, choices=sorted(BEHAVIOUR))
    serve.add_argument("--port", required=True, type=int)
    serve.add_argument(
        "--all-in-fhir",
        action="store_true",
        help="offer in FHIR also what the company answers in X12 (to look at its data)",
    )
    serve.set_defaults(run=_serve)

    keys = commands.add_parser("keys", help="make the client's ES384 key pair once")
    keys.set_defaults(run=_keys)

    load = commands.add_parser("load", help="load FHIR R4 files beside the generated data")
    load.add_argument("--partner", required=True, choices=sorted(BEHAVIOUR))
    load.add_argument("--alliance-group", required=True, metavar="GROUP")
    load.add_argument("files", nargs="+", type=Path, metavar="FILE")
    load.set_defaults(run=_load)

    members = commands.add_parser("members", help="the sample members as a page of documentation")
    members.add_argument("--write", type=Path, metavar="FILE")
    members.set_defaults(run=_members)

    outbox = commands.add_parser("outbox", help="what the stand-ins have sent, newest first")
    outbox.set_defaults(run=_outbox)

    build = commands.add_parser("build", help="build all data of a scale, with progress")
    build.add_argument("--scale", default="small", choices=("small", "full"))
    build.add_argument("--partner", choices=sorted(BEHAVIOUR), help="default: all of them")
    build.set_defaults(run=_build)

    for command in (serve, keys, load, build, outbox):
        command.add_argument("--data", type=Path, help="default: $MEMBERLINE_VAR/sandbox")
    return parser


def _folder(options: argparse.Namespace) -> Path:
    given: Path | None = options.data
    return given or Path(os.environ.get("MEMBERLINE_VAR", "var")) / "sandbox"


def _serve(options: argparse.Namespace) -> None:
    from sandbox.serve import serve

    profile = load_profile(options.partner)
    if options.all_in_fhir:
        profile = replace(profile, behaviour=replace(profile.behaviour, x12=False))
    serve(profile, options.port, _folder(options))


def _keys(options: argparse.Namespace) -> None:
    from sandbox.auth import make_keys

    private, public = make_keys(_folder(options) / "keys")
    _say(f"Private key: {private}\nPublic keys: {public}")


def _load(options: argparse.Namespace) -> None:
    from sandbox.loader import load

    loaded = load(
        load_profile(options.partner), options.alliance_group, options.files, _folder(options)
    )
    _say(f"{loaded.resources} resources loaded for {options.partner}; {loaded.overlay} updated.")


def _build(options: argparse.Namespace) -> None:
    from sandbox.population.build import build, store_path
    from sandbox.population.scale import scale_named
    from sandbox.store import Store

    for key in [options.partner] if options.partner else sorted(BEHAVIOUR):
        profile = load_profile(key)
        store = Store(store_path(_folder(options), profile))
        try:
            build(store, profile, scale_named(options.scale), _Progress(key))
        finally:
            store.close()


class _Progress:
    """Tells how far a build is, at most once a second, and how fast it goes."""

    def __init__(self, partner: str) -> None:
        self._partner = partner
        self._start = self._last = time.monotonic()

    def __call__(self, what: str, done: int) -> None:
        now = time.monotonic()
        if now - self._last >= 1:
            self._last = now
            _say(f"{self._partner}: {done:,} {what} after {now - self._start:.0f} s")


def _members(options: argparse.Namespace) -> None:
    from sandbox.population.calendar import today
    from sandbox.population.handbook import handbook
    from sandbox.population.scale import SMALL_MEMBERS

    page = handbook(today("America/New_York"), SMALL_MEMBERS)
    if options.write:
        options.write.write_text(page, "utf-8")
    else:
        _say(page)


def _outbox(options: argparse.Namespace) -> None:
    from sandbox.messages import read_outbox, to_text

    for key in sorted(BEHAVIOUR):
        _say(to_text(key, read_outbox(_folder(options) / f"{key}-services.sqlite")))


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 (a command's own voice)


if __name__ == "__main__":
    sys.exit(main())
