"""What every process is told by its environment: addresses, secrets, folders."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from alliance.errors import ConfigurationError
from alliance.partners import PARTNERS_FILE, load_partners
from api.desk.providers import load_providers
from scripts import ports
from scripts.failure import Failure
from scripts.folder import folder
from scripts.setup import ROOT

SECRETS = (
    "MEMBERLINE_INTERNAL_TOKEN",
    "MEMBERLINE_SECRET",
    "MVP_CLIENT_SECRET",
    "PREFERRED_CARE_CLIENT_SECRET",
    "CIGNA_WEBHOOK_SECRET",
    "MVP_WEBHOOK_SECRET",
    "PREFERRED_CARE_WEBHOOK_SECRET",
    "TWILIO_AUTH_TOKEN",
    "JAMBONZ_WEBHOOK_SECRET",
    "AUDIOCODES_TOKEN",
    "LEX_SECRET",
    "VXML_TOKEN",
    "IVR_API_TOKEN",
    "REDIS_PASSWORD",
)
# The stand-in of each company is started unless the company's own backend is named; then what
# proves us to that backend cannot be made up here.
CREDENTIALS = {
    "cigna": "CIGNA_KEY_FILE",
    "mvp": "MVP_CLIENT_SECRET",
    "preferred-care": "PREFERRED_CARE_CLIENT_SECRET",
}
_SECRET_BYTES = 32


@dataclass(frozen=True)
class Surroundings:
    """Where this start keeps its data, listens, and what it tells its processes."""

    var: Path
    host: str
    ports: Mapping[str, int]
    environment: Mapping[str, str]
    sandboxes: tuple[str, ...]
    private_redis: bool

    @property
    def bridge(self) -> str:
        """The bridge's address as seen from this machine."""
        return _bridge(self.host, self.ports["PORT"])


def survey(given: Mapping[str, str]) -> Surroundings:
    """From the environment that `make run` was started in. Raises Failure."""
    var = folder(given)
    chosen = ports.choose(given)
    sandboxes = tuple(key for key in CREDENTIALS if not given.get(_variable(key, "BACKEND_URL")))
    for key, credential in CREDENTIALS.items():
        if key not in sandboxes and not given.get(credential):
            raise Failure(
                f"{_variable(key, 'BACKEND_URL')} is set and {credential} is not: "
                "set what proves Memberline to that backend as well."
            )
    known = _secrets(var / "secrets.env", given)
    addresses = {
        "REDIS_URL": f"redis://:{known['REDIS_PASSWORD']}@{_address(chosen['REDIS_PORT'])}/0",
        "DATABASE_URL": f"sqlite+aiosqlite:///{var}/memberline.sqlite",
        "RASA_URL": f"http://{_address(chosen['RASA_PORT'])}",
        "ACTIONS_URL": f"http://{_address(chosen['ACTIONS_PORT'])}",
        "CIGNA_KEY_FILE": f"{var}/sandbox/keys/memberline-es384.pem",
        **{
            _variable(key, "BACKEND_URL"): f"http://{_address(chosen[_variable(key, 'PORT')])}"
            for key in sandboxes
        },
    }
    always = {
        "MEMBERLINE_VAR": str(var),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "MAX_NUMBER_OF_PREDICTIONS": "30",
    }
    named = {name: value for name, value in given.items() if value}
    host = given.get("HOST") or ports.LOOPBACK
    stand_ins = [addresses[_variable(key, "BACKEND_URL")] for key in sandboxes]
    always |= {
        "BRIDGE_URL": _bridge(host, chosen["PORT"]),
        # The stand-ins' member portals hold the chat, as a company's own site does.
        "ALLOWED_ORIGINS": " ".join([*given.get("ALLOWED_ORIGINS", "").split(), *stand_ins]),
    }
    environment = {**addresses, **known, **named, **always}
    check_partners(environment, var)
    return Surroundings(
        var=var,
        host=host,
        ports=chosen,
        environment=environment,
        sandboxes=sandboxes,
        private_redis=not given.get("REDIS_URL"),
    )


def check_partners(environment: Mapping[str, str], var: Path) -> None:
    """Raise Failure when the companies' configuration, or that of their agents' sign-in, would
    stop a process later.
    """
    try:
        document = yaml.safe_load(PARTNERS_FILE.read_text("utf-8"))
        partners = load_partners(document, environment, var / "sandbox" / "partners.d")
        served = [partner.key for partner in partners if partner.backend]
        load_providers(environment.get("DESK_OIDC"), environment, served)
    except ConfigurationError as error:
        raise Failure(error.detail) from error
    except yaml.YAMLError as error:
        place = getattr(error, "problem_mark", None)
        line = f" near line {place.line + 1}" if place else ""
        raise Failure(f"{PARTNERS_FILE} is no YAML{line}: correct it, and start again.") from error


def _secrets(path: Path, given: Mapping[str, str]) -> dict[str, str]:
    """Secrets that the environment does not give, made once and kept for the owner only."""
    kept = {}
    if path.exists():
        lines = path.read_text("utf-8").splitlines()
        kept = dict(line.split("=", 1) for line in lines if "=" in line)
    fresh = {
        name: secrets.token_urlsafe(_SECRET_BYTES)
        for name in SECRETS
        if not kept.get(name) and not given.get(name)
    }
    if fresh:
        kept |= fresh
        unfinished = path.with_suffix(".new")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{name}={value}\n" for name, value in kept.items())
        unfinished.replace(path)
    return {name: given.get(name) or kept[name] for name in SECRETS}


def _variable(key: str, ending: str) -> str:
    return f"{key.replace('-', '_').upper()}_{ending}"


def _bridge(host: str, port: int) -> str:
    host = {"0.0.0.0": "localhost", "::": "localhost"}.get(host, host)  # noqa: S104
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def _address(port: int) -> str:
    return f"{ports.LOOPBACK}:{port}"
