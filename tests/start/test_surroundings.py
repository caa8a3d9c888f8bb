from __future__ import annotations

import stat
from pathlib import Path

import pytest

from alliance.partners import PARTNERS_FILE
from scripts import surroundings
from scripts.failure import Failure
from scripts.surroundings import SECRETS, survey
from tests.stack import free_port


@pytest.fixture
def given(tmp_path: Path) -> dict[str, str]:
    """The environment of a plain `make run`."""
    return {"MEMBERLINE_VAR": str(tmp_path / "var"), "PORT": str(free_port())}


def secrets_file(given: dict[str, str]) -> Path:
    return Path(given["MEMBERLINE_VAR"]) / "secrets.env"


class TestSecrets:
    def test_are_made_once_for_the_owner_only(self, given: dict[str, str]) -> None:
        first = survey(given).environment
        mode = stat.S_IMODE(secrets_file(given).stat().st_mode)
        second = survey(given).environment
        assert mode == 0o600
        assert all(len(first[name]) >= 40 for name in SECRETS)
        assert len({first[name] for name in SECRETS}) == len(SECRETS)
        assert [first[name] for name in SECRETS] == [second[name] for name in SECRETS]

    def test_are_made_again_when_the_file_is_gone(self, given: dict[str, str]) -> None:
        before = survey(given).environment
        secrets_file(given).unlink()
        after = survey(given).environment
        assert all(before[name] != after[name] for name in SECRETS)

    def test_one_that_is_missing_joins_those_that_are_kept(self, given: dict[str, str]) -> None:
        secrets_file(given).parent.mkdir()
        secrets_file(given).write_text("MEMBERLINE_SECRET=kept\n")
        assert survey(given).environment["MEMBERLINE_SECRET"] == "kept"
        assert "TWILIO_AUTH_TOKEN=" in secrets_file(given).read_text()

    def test_of_the_environment_win_and_are_not_written_down(self, given: dict[str, str]) -> None:
        given["TWILIO_AUTH_TOKEN"] = "given-token"
        assert survey(given).environment["TWILIO_AUTH_TOKEN"] == "given-token"
        assert "given-token" not in secrets_file(given).read_text()


class TestAddresses:
    def test_everything_is_private_and_on_loopback(self, given: dict[str, str]) -> None:
        here = survey(given)
        names = ("REDIS_URL", "RASA_URL", "ACTIONS_URL", "CIGNA_BACKEND_URL", "MVP_BACKEND_URL")
        assert all("127.0.0.1:" in here.environment[name] for name in names)
        assert here.private_redis
        assert here.sandboxes == ("cigna", "mvp", "preferred-care")
        assert here.environment["DATABASE_URL"].endswith("/var/memberline.sqlite")
        assert here.bridge == f"http://127.0.0.1:{given['PORT']}"

    def test_the_stand_ins_portals_may_hold_the_chat(self, given: dict[str, str]) -> None:
        here = survey({**given, "ALLOWED_ORIGINS": "https://www.example.org"}).environment
        stand_ins = [here[f"{key}_BACKEND_URL"] for key in ("CIGNA", "MVP", "PREFERRED_CARE")]
        assert here["ALLOWED_ORIGINS"].split() == ["https://www.example.org", *stand_ins]
        assert here["BRIDGE_URL"] == f"http://127.0.0.1:{given['PORT']}"
        real = {"MVP_BACKEND_URL": "https://fhir.example.org", "MVP_CLIENT_SECRET": "agreed"}
        here = survey({**given, **real}).environment
        assert "https://fhir.example.org" not in here["ALLOWED_ORIGINS"]

    def test_given_stores_and_backends_are_used(self, given: dict[str, str]) -> None:
        given |= {
            "REDIS_URL": "redis://redis.example.org/0",
            "MVP_BACKEND_URL": "https://fhir.example.org",
            "MVP_CLIENT_SECRET": "agreed",
        }
        here = survey(given)
        assert not here.private_redis
        assert here.environment["REDIS_URL"] == "redis://redis.example.org/0"
        assert here.sandboxes == ("cigna", "preferred-care")
        assert here.environment["MVP_BACKEND_URL"] == "https://fhir.example.org"

    @pytest.mark.parametrize(
        ("url", "credential"),
        [
            ("CIGNA_BACKEND_URL", "CIGNA_KEY_FILE"),
            ("PREFERRED_CARE_BACKEND_URL", "PREFERRED_CARE_CLIENT_SECRET"),
        ],
    )
    def test_a_real_backend_needs_a_real_credential(
        self, given: dict[str, str], url: str, credential: str
    ) -> None:
        given[url] = "https://fhir.example.org"
        with pytest.raises(Failure, match=f"{url} is set and {credential} is not"):
            survey(given)

    def test_all_interfaces_are_reached_as_localhost(self, given: dict[str, str]) -> None:
        given["HOST"] = "0.0.0.0"  # noqa: S104 (nothing listens in this test)
        assert survey(given).bridge == f"http://localhost:{given['PORT']}"


class TestPartners:
    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("partners:\n  cigna: [", "is no YAML near line"),
            ("partners: {}", "partners.yml has no companies"),
            ("partners:\n  cigna: {name: CIGNA}", "company 'cigna' needs"),
        ],
    )
    def test_a_broken_configuration_is_one_sentence(
        self,
        given: dict[str, str],
        text: str,
        sentence: str,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        broken = tmp_path / "partners.yml"
        broken.write_text(text)
        monkeypatch.setattr(surroundings, "PARTNERS_FILE", broken)
        with pytest.raises(Failure, match=sentence) as failure:
            survey(given)
        assert "\n" not in str(failure.value)

    def test_a_variable_that_it_needs_and_nobody_sets_is_named(
        self, given: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = PARTNERS_FILE.read_text("utf-8").replace("${MVP_CLIENT_SECRET}", "${NO_SUCH_NAME}")
        (tmp_path / "partners.yml").write_text(text)
        monkeypatch.setattr(surroundings, "PARTNERS_FILE", tmp_path / "partners.yml")
        with pytest.raises(Failure, match="NO_SUCH_NAME"):
            survey(given)
