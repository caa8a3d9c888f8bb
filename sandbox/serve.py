"""Runs one partner's stand-in backend on loopback."""

from __future__ import annotations

import logging
from pathlib import Path

import uvicorn

from sandbox.auth import client_secret, make_keys
from sandbox.population.build import prepare, store_path
from sandbox.profiles import Profile
from sandbox.server import make_app
from sandbox.store import Store

HOST = "127.0.0.1"

_log = logging.getLogger("sandbox")


def serve(profile: Profile, port: int, data: Path) -> None:
    """Build what is missing, then answer until stopped."""
    secret = client_secret(profile)
    _, public_keys = make_keys(data / "keys")
    store = Store(store_path(data, profile))
    if prepare(store, profile):
        _log.info("%s: data built for %s", profile.key, store.note("members-day"))
    app = make_app(profile, store, public_keys, secret, f"http://{HOST}:{port}")
    # No access log: an address must not carry member data, and none is written down anyway.
    uvicorn.run(app, host=HOST, port=port, access_log=False, log_level="warning")
