"""Runs one partner's stand-in backend on loopback."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

import uvicorn

from sandbox.auth import client_secret, make_keys
from sandbox.errors import SandboxError
from sandbox.population.build import prepare, store_path, warm_up
from sandbox.profiles import Profile
from sandbox.server import make_app
from sandbox.store import Store

HOST = "127.0.0.1"
# How often the server looks whether a new day has begun and the members need new dates.
_LOOK_SECONDS = 60


def serve(profile: Profile, port: int, data: Path) -> None:
    """Build what is missing, then answer until stopped. SandboxError if the port is taken."""
    secret = client_secret(profile)
    _, public_keys = make_keys(data / "keys")
    listener = _listen(port)
    store = Store(store_path(data, profile))
    prepare(store, profile)
    warm_up(store, profile)
    app = make_app(
        profile,
        store,
        public_keys,
        secret,
        f"http://{HOST}:{port}",
        data / f"{profile.key}-services.sqlite",
        faults_token=os.environ.get("SANDBOX_FAULTS_TOKEN"),
        webhook_secret=os.environ.get(f"{profile.key.replace('-', '_').upper()}_WEBHOOK_SECRET"),
        bridge=os.environ.get("BRIDGE_URL"),
    )
    # No access log: an address must not carry member data, and none is written down anyway.
    config = uvicorn.Config(app, access_log=False, log_level="warning")
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(_run(uvicorn.Server(config), listener, profile, data))


def _listen(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError as error:
        listener.close()
        raise SandboxError(f"Port {port} cannot be used ({error.strerror}): choose another.") from (
            error
        )
    return listener


async def _run(
    server: uvicorn.Server, listener: socket.socket, profile: Profile, data: Path
) -> None:
    keeper = asyncio.create_task(_keep_current(profile, data))
    try:
        await server.serve(sockets=[listener])
    finally:
        keeper.cancel()


async def _keep_current(profile: Profile, data: Path) -> None:
    """Rebuild the members when a new day begins; requests go on meanwhile."""
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        await asyncio.to_thread(_prepare_again, profile, data)


def _prepare_again(profile: Profile, data: Path) -> None:
    store = Store(store_path(data, profile))
    try:
        prepare(store, profile)
    finally:
        store.close()
