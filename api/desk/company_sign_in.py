"""Over HTTP: signing in at the agent's own company (OpenID Connect)."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Cookie, Depends, Request
from fastapi.responses import RedirectResponse

from api.desk.endpoints import COOKIE, AtAgents
from api.desk.openid import PENDING_SECONDS, OpenIdSignIn, SignInFailed
from api.errors import NotSignedIn

PENDING_COOKIE = "memberline_desk_pending"
_PATH = "/desk/sign-in"

router = APIRouter(prefix=_PATH, tags=["desk"])


def _sign_in(request: Request) -> OpenIdSignIn:
    return request.app.state.parts.openid  # type: ignore[no-any-return]


TheSignIn = Annotated[OpenIdSignIn, Depends(_sign_in)]


@router.get("")
async def offered(sign_in: TheSignIn) -> dict[str, Any]:
    """The companies at which agents can sign in; none unless DESK_OIDC is set."""
    return {"providers": sign_in.offered}


@router.get("/callback", include_in_schema=False)
async def callback(
    request: Request,
    sign_in: TheSignIn,
    agents: AtAgents,
    memberline_desk_pending: Annotated[str, Cookie()] = "",
) -> RedirectResponse:
    """The company's page sends the browser back here."""
    try:
        who = await sign_in.finish(dict(request.query_params), memberline_desk_pending)
        token = await agents.enter(
            issuer=who.provider.issuer,
            subject=who.subject,
            key=who.provider.key,
            name=who.name,
            role=who.role,
            companies=who.companies,
            skills=who.skills,
        )
    except SignInFailed as error:
        return _back_to_desk(error.reason)
    except NotSignedIn:
        return _back_to_desk("closed")
    response = RedirectResponse("/desk", 303)
    response.delete_cookie(PENDING_COOKIE, path=_PATH)
    response.set_cookie(
        COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https"
    )
    return response


@router.get("/{provider}", include_in_schema=False)
async def begin(provider: str, request: Request, sign_in: TheSignIn) -> RedirectResponse:
    """Go to the company's own page."""
    base = request.app.state.parts.settings.public_url or str(request.base_url).rstrip("/")
    try:
        begun = await sign_in.begin(provider, f"{base}{_PATH}/callback")
    except SignInFailed as error:
        return _back_to_desk(error.reason)
    response = RedirectResponse(begun.url, 303)
    response.set_cookie(
        PENDING_COOKIE,
        begun.binding,
        max_age=PENDING_SECONDS,
        path=_PATH,
        httponly=True,
        # The way back comes from the company's page: "strict" would not be sent then.
        samesite="lax",
        secure=request.url.scheme == "https",
    )
    return response


def _back_to_desk(reason: str) -> RedirectResponse:
    return RedirectResponse(f"/desk?{urlencode({'sign-in': reason})}", 303)
