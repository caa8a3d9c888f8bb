"""Ports: which are asked for, which are free."""

from __future__ import annotations

import errno
import socket
from collections.abc import Mapping

from scripts.failure import Failure

LOOPBACK = "127.0.0.1"
BRIDGE_PORT = 8000
# Everything but the bridge listens on loopback, on a free port unless its variable names one.
INNER_PORTS = (
    "REDIS_PORT",
    "RASA_PORT",
    "ACTIONS_PORT",
    "CIGNA_PORT",
    "MVP_PORT",
    "PREFERRED_CARE_PORT",
)


def choose(environment: Mapping[str, str]) -> dict[str, int]:
    """A port for each variable, PORT included. Raises Failure when one cannot be had."""
    host = environment.get("HOST") or LOOPBACK
    named = {
        name: _number(name, environment[name])
        for name in ("PORT", *INNER_PORTS)
        if environment.get(name)
    }
    named.setdefault("PORT", BRIDGE_PORT)
    for name, port in named.items():
        others = [other for other in named if other != name and named[other] == port]
        if others:
            raise Failure(f"{name} and {others[0]} are both {port}: give them different ports.")
        _check(host if name == "PORT" else LOOPBACK, name, port)
    free = _free(len(INNER_PORTS), set(named.values()))
    return {**{name: free.pop() for name in INNER_PORTS}, **named}


def _number(name: str, text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Failure(f"{name} is {text!r}: give a number between 1 and 65535.")
    return int(text)


def _check(host: str, name: str, port: int) -> None:
    try:
        _listen(host, port).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            reason = f"Port {port} is taken by another program: stop it, or choose another port"
            raise Failure(f"{reason} with `make run {name}={port + 1}`.") from error
        if error.errno == errno.EACCES:
            reason = f"Port {port} needs an administrator's rights: choose one from 1024 up"
            raise Failure(f"{reason} with `make run {name}=8000`.") from error
        raise Failure(
            f"HOST is {host!r}, which is no address of this machine: set HOST=127.0.0.1."
        ) from error


def _free(count: int, taken: set[int]) -> list[int]:
    """Ports that nobody listens on. All are held until the last is found, so none comes twice."""
    listeners = [_listen(LOOPBACK, 0) for _ in range(count + len(taken))]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return [port for port in ports if port not in taken][:count]


def _listen(host: str, port: int) -> socket.socket:
    family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listener = socket.socket(family, kind)
    # As servers do: a port that is only cooling down is free.
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen()
    except OSError:
        listener.close()
        raise
    return listener
