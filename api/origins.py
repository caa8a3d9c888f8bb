"""Which pages may call the bridge from a browser: its own, and those of the allow-list."""

from __future__ import annotations

from urllib.parse import urlsplit

from api.settings import Settings


class Origins:
    """The allow-list. Browsers send `Origin` with whatever a page of theirs starts."""

    def __init__(self, settings: Settings) -> None:
        public = urlsplit(settings.public_url) if settings.public_url else None
        self._own = f"{public.scheme}://{public.netloc}" if public else None
        self._others = settings.allowed_origins

    def own(self, origin: str | None, host: str) -> bool:
        """Whether no other site's page asks. Without an origin it is no page at all."""
        return origin is None or origin == self._own or _is_host(origin, host)

    def allowed(self, origin: str | None, host: str) -> bool:
        """Whether a page of `origin` may use the chat. `host` is the request's own Host."""
        return self.own(origin, host) or origin in self._others


def _is_host(origin: str, host: str) -> bool:
    parts = origin.split("://")
    return bool(host) and len(parts) == 2 and parts[0] in ("http", "https") and parts[1] == host
