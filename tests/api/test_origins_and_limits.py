"""Who may call from a browser, and how often."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from api.limits import ADDRESS_SESSIONS, SESSION_MESSAGES, countable
from tests.api.conftest import ADDRESS, Bridge, Rasa

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.usefixtures("rasa")]
LISTED = "https://members.example.org"


class TestOrigins:
    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example.org",
            "null",
            f"{LISTED}.evil.org",
            f"{LISTED}:8443",
            "http://members.example.org",
            "file://",
            f"{ADDRESS}.evil.org",
            "http://evil.org/bridge.test",
        ],
    )
    async def test_other_sites_are_refused(self, bridge: Bridge, origin: str) -> None:
        response = await bridge.http.post("/chat/sessions", headers={"Origin": origin})
        assert response.status_code == 403
        assert response.json()["error"] == "forbidden"
        assert "access-control-allow-origin" not in response.headers

    @pytest.mark.parametrize("origin", [ADDRESS, LISTED])
    async def test_its_own_and_listed_sites_may(self, bridge: Bridge, origin: str) -> None:
        response = await bridge.http.post("/chat/sessions", headers={"Origin": origin})
        assert response.status_code == 200

    async def test_a_listed_site_s_browser_is_told_so(self, bridge: Bridge) -> None:
        asked = {
            "Origin": LISTED,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "authorization, content-type",
        }
        preflight = await bridge.http.options("/chat/messages", headers=asked)
        assert preflight.headers["Access-Control-Allow-Origin"] == LISTED
        assert "Access-Control-Allow-Credentials" not in preflight.headers
        other = await bridge.http.options(
            "/chat/messages", headers={**asked, "Origin": "https://evil.example.org"}
        )
        assert other.status_code == 400
        file = await bridge.http.get("/web/memberline-chat.js", headers={"Origin": LISTED})
        assert file.headers["Access-Control-Allow-Origin"] == LISTED

    async def test_the_desk_is_for_its_own_page_alone(self, bridge: Bridge) -> None:
        for origin, status in ((LISTED, 403), (ADDRESS, 401)):
            response = await bridge.http.get("/desk/queue", headers={"Origin": origin})
            assert response.status_code == status

    async def test_frames_are_for_listed_sites_and_never_the_desk(self, bridge: Bridge) -> None:
        page = await bridge.http.get("/")
        assert "frame-ancestors https://portal.example.org" in page.headers[POLICY]
        for path in ("/desk", "/chat/messages", "/web/memberline-chat.js"):
            assert "frame-ancestors 'none'" in (await bridge.http.get(path)).headers[POLICY]
        assert "unsafe" not in page.headers[POLICY]


POLICY = "Content-Security-Policy"


class TestLimits:
    async def test_a_session_that_floods_is_told_to_wait(self, bridge: Bridge, rasa: Rasa) -> None:
        chat = await bridge.chat()
        tries = [chat.send(text="again") for _ in range(SESSION_MESSAGES.most + 5)]
        responses = await asyncio.gather(*tries)
        allowed = [r for r in responses if r.status_code == 200]
        refused = [r for r in responses if r.status_code == 429]
        assert len(allowed) == SESSION_MESSAGES.most
        assert len(refused) == 5
        assert 1 <= int(refused[0].headers["Retry-After"]) <= SESSION_MESSAGES.seconds
        assert refused[0].json()["error"] == "too_many_requests"
        assert len(rasa.heard()) == SESSION_MESSAGES.most
        # Nobody else waits for it.
        assert (await (await bridge.chat()).say("hello"))["messages"]

    async def test_an_address_that_opens_chat_after_chat(self, bridge: Bridge) -> None:
        transport = httpx.ASGITransport(bridge.app, client=("203.0.113.7", 1))
        async with httpx.AsyncClient(transport=transport, base_url=ADDRESS) as http:
            made = await asyncio.gather(
                *(http.post("/chat/sessions") for _ in range(ADDRESS_SESSIONS.most + 3))
            )
        statuses = sorted(response.status_code for response in made)
        assert statuses == [200] * ADDRESS_SESSIONS.most + [429] * 3
        assert (await bridge.http.post("/chat/sessions")).status_code == 200

    @pytest.mark.parametrize(
        ("address", "counted"),
        [
            ("127.0.0.1", None),
            ("::1", None),
            (None, None),
            ("testclient", None),
            ("203.0.113.7", "203.0.113.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ],
    )
    async def test_what_counts_as_one_address(
        self, address: str | None, counted: str | None
    ) -> None:
        assert countable(address) == counted
