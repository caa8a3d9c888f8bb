from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from scripts import ports
from scripts.failure import Failure
from tests.stack import free_port


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_every_process_gets_a_port_of_its_own() -> None:
    bridge = free_port()
    chosen = ports.choose({"PORT": str(bridge)})
    assert chosen["PORT"] == bridge
    assert set(chosen) == {"PORT", *ports.INNER_PORTS}
    assert len(set(chosen.values())) == len(chosen)


def test_inner_ports_can_be_named() -> None:
    rasa = free_port()
    assert ports.choose({"PORT": str(free_port()), "RASA_PORT": str(rasa)})["RASA_PORT"] == rasa


@pytest.mark.parametrize("name", ["PORT", "REDIS_PORT"])
def test_a_taken_port_is_named_with_what_to_do(name: str, taken: int) -> None:
    with pytest.raises(Failure) as failure:
        ports.choose({"PORT": str(free_port()), name: str(taken)})
    assert str(failure.value) == (
        f"Port {taken} is taken by another program: stop it, or choose another port "
        f"with `make run {name}={taken + 1}`."
    )


@pytest.mark.parametrize("text", ["abc", "0", "65536", "-1", "80 80", "²"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(Failure, match="give a number between 1 and 65535"):
        ports.choose({"PORT": text})


def test_one_port_cannot_serve_two() -> None:
    port = str(free_port())
    with pytest.raises(Failure, match=f"PORT and RASA_PORT are both {port}"):
        ports.choose({"PORT": port, "RASA_PORT": port})


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid"])
def test_a_host_that_is_not_this_machine_is_refused(host: str) -> None:
    with pytest.raises(Failure, match="is no address of this machine"):
        ports.choose({"HOST": host, "PORT": str(free_port())})
