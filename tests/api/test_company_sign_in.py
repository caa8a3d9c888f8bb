"""Agents sign in at their own company: by a real provider, and against forged ones."""

from __future__ import annotations

import base64
import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import pytest_asyncio
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey
from redis.asyncio import Redis

from alliance.errors import ConfigurationError
from api.desk.openid import OpenIdSignIn, SignInFailed
from api.desk.providers import Provider, load_providers
from tests.api.conftest import ADDRESS, Bridge, Rasa, opened

CALLBACK = f"{ADDRESS}/desk/sign-in/callback"
PACKAGE = "oidc-provider@8.8.1"
SECRET = "client-secret-of-the-tests"
COMPANIES = ["cigna", "mvp", "preferred-care"]
ENTRY = """
- key: mvp
  name: MVP Health Care
  issuer: {issuer}
  client_id: memberline-desk
  client_secret_variable: MVP_OIDC_SECRET
  companies: [mvp]
  roles:
    agent: desk-agents
    supervisor: desk-supervisors
"""
ISSUER = "https://login.mvp.example.org"


class TestConfiguration:
    def load(self, tmp_path: Path, text: str, secret: str = SECRET) -> tuple[Provider, ...]:
        file = tmp_path / "sign-in.yml"
        file.write_text(text)
        return load_providers(str(file), {"MVP_OIDC_SECRET": secret}, COMPANIES)

    def test_none_without_a_file(self) -> None:
        assert load_providers(None, {}, COMPANIES) == ()

    def test_the_company_comes_from_the_issuer(self, tmp_path: Path) -> None:
        (provider,) = self.load(tmp_path, ENTRY.format(issuer=ISSUER))
        assert (provider.issuer, provider.companies) == (ISSUER, frozenset({"mvp"}))
        assert provider.roles == {"desk-agents": "agent", "desk-supervisors": "supervisor"}

    @pytest.mark.parametrize(
        ("old", "new", "sentence"),
        [
            ("- key: mvp", "key: mvp", "must hold a list"),
            ("[mvp]", "[mvp", "is no YAML"),
            ("key: mvp", "key: M V P", "'key' takes small letters"),
            (ISSUER, "http://login.mvp.example.org", "'issuer' must be an https address"),
            ("client_id: memberline-desk", "client: x", "'client' is no field"),
            ("  client_id: memberline-desk\n", "", "'client_id' is missing"),
            ("companies: [mvp]", "companies: [acme]", "there is no company 'acme': use cigna"),
            ("companies: [mvp]", "companies: []", "must list whom its agents serve"),
            ("supervisor: desk", "boss: desk", "there is no role 'boss'"),
            ("desk-supervisors", "desk-agents", "of one role only"),
        ],
    )
    def test_a_mistake_is_one_sentence(
        self, tmp_path: Path, old: str, new: str, sentence: str
    ) -> None:
        text = ENTRY.format(issuer=ISSUER).replace(old, new, 1)
        if old == "- key: mvp":
            text = "key: mvp"
        with pytest.raises(ConfigurationError, match=re.escape(sentence)):
            self.load(tmp_path, text)

    def test_a_secret_must_be_set(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigurationError, match="set MVP_OIDC_SECRET"):
            self.load(tmp_path, ENTRY.format(issuer=ISSUER), secret="")

    def test_a_file_that_is_not_there(self) -> None:
        with pytest.raises(ConfigurationError, match="can't be read"):
            load_providers("/nowhere/sign-in.yml", {}, COMPANIES)

    def test_one_issuer_stands_once(self, tmp_path: Path) -> None:
        twice = ENTRY.format(issuer=ISSUER) + ENTRY.format(issuer=ISSUER).replace(
            "key: mvp", "key: b"
        )
        with pytest.raises(ConfigurationError, match="the same issuer"):
            self.load(tmp_path, twice)


KEY = ECKey.generate_key("P-256", {"kid": "one"})
OTHER_KEY = ECKey.generate_key("P-256", {"kid": "one"})


class Forger:
    """A provider whose answers can be anything."""

    def __init__(self) -> None:
        self.nonce = ""
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] | None = None
        self.token: str | None = None
        self.metadata: dict[str, Any] = {}

    def id_token(self, key: Any = KEY, alg: str = "ES256", **changes: Any) -> str:
        now = int(time.time())
        claims = {
            "iss": ISSUER,
            "aud": "memberline-desk",
            "sub": "4711",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
            "name": "Mia Testwell",
            "groups": ["desk-agents"],
            **changes,
        }
        claims = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode({"alg": alg, "kid": "one"}, claims, key, algorithms=[alg])

    def __call__(self, request: httpx.Request) -> httpx.Response:
        match request.url.path:
            case "/.well-known/openid-configuration":
                places = {
                    "authorization_endpoint": f"{ISSUER}/auth",
                    "token_endpoint": f"{ISSUER}/token",
                    "jwks_uri": f"{ISSUER}/keys",
                    "userinfo_endpoint": f"{ISSUER}/me",
                }
                return httpx.Response(200, json={"issuer": ISSUER, **places, **self.metadata})
            case "/keys":
                return httpx.Response(200, json={"keys": [KEY.as_dict(private=False)]})
            case "/token":
                token = self.token if self.token is not None else self.id_token(**self.claims)
                return httpx.Response(200, json={"id_token": token, "access_token": "a"})
            case "/me" if self.userinfo is not None:
                return httpx.Response(200, json=self.userinfo)
        return httpx.Response(404, json={"error": "not found"})


class TestForged:
    @pytest.fixture
    def forger(self) -> Forger:
        return Forger()

    @pytest.fixture
    async def sign_in(
        self, forger: Forger, redis: Redis, tmp_path: Path
    ) -> AsyncIterator[OpenIdSignIn]:
        file = tmp_path / "sign-in.yml"
        file.write_text(ENTRY.format(issuer=ISSUER))
        providers = load_providers(str(file), {"MVP_OIDC_SECRET": SECRET}, COMPANIES)
        async with httpx.AsyncClient(transport=httpx.MockTransport(forger)) as client:
            yield OpenIdSignIn(providers, client, redis)

    async def begun(self, sign_in: OpenIdSignIn, forger: Forger) -> tuple[dict[str, str], str]:
        begun = await sign_in.begin("mvp", CALLBACK)
        sent = {name: values[0] for name, values in parse_qs(urlsplit(begun.url).query).items()}
        forger.nonce = sent["nonce"]
        return sent, begun.binding

    async def test_the_way_there(self, sign_in: OpenIdSignIn, forger: Forger) -> None:
        sent, binding = await self.begun(sign_in, forger)
        assert sent["redirect_uri"] == CALLBACK
        assert (sent["response_type"], sent["code_challenge_method"]) == ("code", "S256")
        assert len({sent["state"], sent["nonce"], sent["code_challenge"], binding}) == 4
        found = await sign_in.finish({"state": sent["state"], "code": "c"}, binding)
        assert (found.subject, found.role) == ("4711", "agent")
        assert found.companies == frozenset({"mvp"})

    @pytest.mark.parametrize(
        "claims",
        [
            {"iss": "https://login.cigna.example.org"},
            {"aud": "another-client"},
            {"aud": ["memberline-desk", "x"], "azp": "x"},
            {"exp": 1},
            {"exp": None},
            {"exp": True},
            {"iat": 1},
            {"nonce": "of-another-sign-in"},
            {"nonce": None},
            {"sub": ""},
            {"sub": 4711},
            {"groups": ["everybody"]},
            {"groups": None},
            {"groups": {"desk-agents": True}},
            {"key": OTHER_KEY},
            {"key": OctKey.import_key(SECRET), "alg": "HS256"},
        ],
    )
    async def test_a_token_that_proves_nothing(
        self, sign_in: OpenIdSignIn, forger: Forger, claims: dict[str, Any]
    ) -> None:
        sent, binding = await self.begun(sign_in, forger)
        forger.claims = claims
        with pytest.raises(SignInFailed):
            await sign_in.finish({"state": sent["state"], "code": "c"}, binding)

    async def test_no_signature_at_all(self, sign_in: OpenIdSignIn, forger: Forger) -> None:
        sent, binding = await self.begun(sign_in, forger)
        head = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
        forger.token = f"{head}.{forger.id_token().split('.')[1]}."
        with pytest.raises(SignInFailed):
            await sign_in.finish({"state": sent["state"], "code": "c"}, binding)

    @pytest.mark.parametrize(
        "change",
        [
            {"state": "of-nobody"},
            {"state": ""},
            {"code": ""},
            {"iss": "https://login.cigna.example.org"},
            {"error": "access_denied", "code": ""},
        ],
    )
    async def test_an_answer_that_was_not_asked_for(
        self, sign_in: OpenIdSignIn, forger: Forger, change: dict[str, str]
    ) -> None:
        sent, binding = await self.begun(sign_in, forger)
        with pytest.raises(SignInFailed):
            await sign_in.finish({"state": sent["state"], "code": "c", **change}, binding)

    async def test_another_browser_and_a_second_time(
        self, sign_in: OpenIdSignIn, forger: Forger
    ) -> None:
        sent, binding = await self.begun(sign_in, forger)
        with pytest.raises(SignInFailed):
            await sign_in.finish({"state": sent["state"], "code": "c"}, "another-browser")
        with pytest.raises(SignInFailed):
            await sign_in.finish({"state": sent["state"], "code": "c"}, binding)

    async def test_userinfo_of_somebody_else(self, sign_in: OpenIdSignIn, forger: Forger) -> None:
        sent, binding = await self.begun(sign_in, forger)
        forger.claims = {"groups": None}
        forger.userinfo = {"sub": "somebody-else", "groups": ["desk-supervisors"]}
        with pytest.raises(SignInFailed):
            await sign_in.finish({"state": sent["state"], "code": "c"}, binding)

    @pytest.mark.parametrize(
        "metadata",
        [{"issuer": "https://evil.example.org"}, {"token_endpoint": "http://evil.example.org"}],
    )
    async def test_secrets_go_to_the_issuer_alone(
        self, sign_in: OpenIdSignIn, forger: Forger, metadata: dict[str, str]
    ) -> None:
        forger.metadata = metadata
        with pytest.raises(SignInFailed):
            await sign_in.begin("mvp", CALLBACK)


# --- a real provider -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def issuer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """npm's oidc-provider, which insists on PKCE."""
    npm, node = shutil.which("npm"), shutil.which("node")
    assert npm, "The provider comes from npm (Debian: apt-get install npm)."
    assert node
    folder = tmp_path_factory.mktemp("oidc-provider")
    subprocess.run(
        [npm, "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", PACKAGE],
        check=True,
        capture_output=True,
    )
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = Path(__file__).with_name("openid_provider.mjs")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [node, str(script), str(folder), str(port), CALLBACK],
            stdout=subprocess.PIPE,
            stderr=log,
        )
    try:
        assert process.stdout
        listening = process.stdout.readline()
        assert listening == b"listening\n", (folder / "log").read_text("utf-8")
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def company_bridge(
    issuer: str,
    rasa_server: Rasa,
    redis_url: str,
    empty_database: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Bridge]:
    folder = tmp_path_factory.mktemp("company")
    (folder / "sign-in.yml").write_text(ENTRY.format(issuer=issuer))
    environment = {"DESK_OIDC": str(folder / "sign-in.yml"), "MVP_OIDC_SECRET": SECRET}
    async with opened(folder, rasa_server, redis_url, empty_database, **environment) as bridge:
        yield bridge


class Browser:
    """Follows redirects between the bridge and the provider, and fills in the provider's forms."""

    def __init__(self, bridge: Bridge) -> None:
        transport = httpx.ASGITransport(bridge.app, raise_app_exceptions=False)
        self.desk = httpx.AsyncClient(
            transport=transport, base_url=ADDRESS, headers={"X-Requested-With": "memberline-desk"}
        )
        self.outside = httpx.AsyncClient(timeout=20)

    async def to_the_callback(self, login: str) -> str:
        """Sign in at the provider; the address to which it sends the browser back."""
        begun = await self.desk.get("/desk/sign-in/mvp")
        assert begun.status_code == 303
        url = begun.headers["location"]
        for _ in range(12):
            if url.startswith(CALLBACK):
                return url
            page = await self.outside.get(url)
            if page.is_redirect:
                url = str(page.next_request.url) if page.next_request else ""
                continue
            prompt = re.findall(r'name="prompt" value="(\w+)"', page.text)
            assert prompt, page.text
            form = {"prompt": prompt[0], "login": login, "password": "x"}
            sent = await self.outside.post(url, data=form)
            assert sent.next_request, sent.text
            url = str(sent.next_request.url)
        raise AssertionError(f"The provider did not send the browser back: {url}")

    async def sign_in(self, login: str) -> httpx.Response:
        return await self.desk.get(await self.to_the_callback(login))

    async def close(self) -> None:
        await self.desk.aclose()
        await self.outside.aclose()


@pytest_asyncio.fixture(loop_scope="module")
async def browser(company_bridge: Bridge) -> AsyncIterator[Browser]:
    browser = Browser(company_bridge)
    yield browser
    await browser.close()


@pytest.mark.extra
@pytest.mark.asyncio(loop_scope="module")
class TestRealProvider:
    async def test_is_offered(self, browser: Browser) -> None:
        offered = (await browser.desk.get("/desk/sign-in")).json()
        assert offered == {"providers": [{"key": "mvp", "name": "MVP Health Care"}]}
        assert (await browser.desk.get("/desk/sign-in/acme")).status_code == 404

    async def test_an_agent_of_the_company(self, browser: Browser) -> None:
        back = await browser.sign_in("mia")
        assert (back.status_code, back.headers["location"]) == (303, "/desk")
        assert "HttpOnly" in back.headers["set-cookie"]
        me = (await browser.desk.get("/desk/me")).json()["agent"]
        assert me["name"] == "Mia Testwell"
        assert (me["username"], me["role"], me["companies"]) == ("mvp:mia", "agent", ["mvp"])
        assert (await browser.desk.get("/desk/figures/data")).status_code == 403

    async def test_the_highest_role_holds(self, browser: Browser) -> None:
        await browser.sign_in("sue")
        me = (await browser.desk.get("/desk/me")).json()["agent"]
        assert me["role"] == "supervisor"
        assert (await browser.desk.get("/desk/figures/data")).status_code == 200

    async def test_without_a_role_nobody_is_let_in(self, browser: Browser) -> None:
        back = await browser.sign_in("guest")
        assert back.headers["location"] == "/desk?sign-in=no_role"
        assert (await browser.desk.get("/desk/me")).status_code == 401

    async def test_a_way_back_is_good_once_and_in_its_own_browser(
        self, browser: Browser, company_bridge: Bridge
    ) -> None:
        stolen = await browser.to_the_callback("mia")
        thief = Browser(company_bridge)
        back = await thief.desk.get(stolen)
        assert back.headers["location"] == "/desk?sign-in=refused"
        await thief.close()
        assert (await browser.desk.get(stolen)).headers["location"] == "/desk?sign-in=refused"
        url = await browser.to_the_callback("mia")
        assert (await browser.desk.get(url)).headers["location"] == "/desk"
        assert (await browser.desk.get(url)).headers["location"] == "/desk?sign-in=refused"

    async def test_an_administrator_closes_the_desk_to_somebody(
        self, browser: Browser, company_bridge: Bridge
    ) -> None:
        agents = company_bridge.parts.agents
        await browser.sign_in("mia")
        await agents.change("mvp:mia", None, active=False)
        assert (await browser.desk.get("/desk/me")).status_code == 401
        back = await browser.sign_in("mia")
        assert back.headers["location"] == "/desk?sign-in=closed"
        await agents.change("mvp:mia", None, active=True)

    async def test_no_password_opens_it(self, browser: Browser) -> None:
        await browser.sign_in("mia")
        await browser.desk.delete("/desk/sessions/current")
        for password in ("", "x"):
            body = {"username": "mvp:mia", "password": password}
            assert (await browser.desk.post("/desk/sessions", json=body)).status_code == 401
