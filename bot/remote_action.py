"""Calling actions for less. Rasa checks an action's reply against a JSON schema and the schema
itself each time, 14 ms a call: here validators are compiled once, and an event is held against the
schema of its own kind, not of all 23. And it makes a connection for each call: here they are kept.
"""

from __future__ import annotations

from functools import cache
from types import TracebackType
from typing import Any

import aiohttp
from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.core.constants import DEFAULT_REQUEST_TIMEOUT
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.schemas.events import EVENT_SCHEMA
from rasa.utils.endpoints import EndpointConfig

# The action process ends a connection that was idle for five seconds: ours must be the first to
# go, or a call could meet one that is just being ended.
KEPT_SECONDS = 2.0


def compile_validator_once() -> None:
    """Put the compiled validators in the place of Rasa's. Safe to call again."""

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        if _fits(result):
            return True
        # The error names the place and not the value: Rasa logs it, and the value is an answer.
        wrong = next(_validator().iter_errors(result), None)
        if wrong is not None:
            raise RasaException(f"The action's reply is wrong at {wrong.json_path}.")
        return True

    RemoteAction._validate_action_result = validate


def keep_connections() -> None:
    """Let an endpoint keep its session. Safe to call again."""
    EndpointConfig.session = _session


def _fits(result: Any) -> bool:
    """Whether it is sure to fit; what is not is left to the whole schema."""
    if not isinstance(result, dict):
        return False
    responses, found = result.get("responses", []), result.get("events", [])
    return (
        isinstance(responses, list)
        and isinstance(found, list)
        and all(isinstance(response, dict) for response in responses)
        and all(_is_event(event) for event in found)
    )


def _is_event(event: Any) -> bool:
    kind = event.get("event") if isinstance(event, dict) else None
    check = _kinds().get(kind) if isinstance(kind, str) else None
    return check is not None and bool(check.is_valid(event))


@cache
def _validator() -> Draft7Validator:
    return Draft7Validator(RemoteAction.action_response_format_spec())


@cache
def _kinds() -> dict[str, Draft7Validator]:
    """What an event of each kind must look like. The kinds exclude each other by name."""
    of_all = {name: rule for name, rule in EVENT_SCHEMA.items() if name != "oneOf"}
    return {
        kind["properties"]["event"]["const"]: Draft7Validator({**of_all, "allOf": [kind]})
        for kind in EVENT_SCHEMA["oneOf"]
    }


class _Kept:
    """A session that stays open when the call that asked for it is over."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self.session = session

    async def __aenter__(self) -> aiohttp.ClientSession:
        return self.session

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """It is closed with the process."""


def _session(self: EndpointConfig) -> _Kept:
    kept: _Kept | None = self.__dict__.get("_memberline_session")
    if kept is None or kept.session.closed:
        kept = self.__dict__["_memberline_session"] = _Kept(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(keepalive_timeout=KEPT_SECONDS),
                headers=self.headers,
                timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
            )
        )
    return kept
