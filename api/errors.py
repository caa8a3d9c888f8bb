"""The bridge's own errors; `alliance.errors` holds the base class and the shared ones."""

from __future__ import annotations

from alliance.errors import MemberlineError


class NotSignedIn(MemberlineError):
    """No session, or one that has ended."""

    status = 401
    code = "unauthorized"


class Forbidden(MemberlineError):
    """Signed in, and not allowed."""

    status = 403
    code = "forbidden"


class NotFound(MemberlineError):
    """There is no such thing, or not for this caller."""

    status = 404
    code = "not_found"


class Conflict(MemberlineError):
    """Somebody else was faster, or the state has changed."""

    status = 409
    code = "conflict"


class TooMany(MemberlineError):
    """Faster than a person can be. `retry_after` is in whole seconds."""

    status = 429
    code = "too_many_requests"

    def __init__(self, retry_after: int) -> None:
        super().__init__(f"That was a lot at once. Please wait {retry_after} seconds.")
        self.retry_after = retry_after


class TooLarge(MemberlineError):
    """The message is longer than a message may be."""

    status = 413
    code = "too_large"


class Unusable(MemberlineError):
    """The request makes no sense; the detail says what is expected."""

    status = 422
    code = "unusable"


class AssistantUnavailable(MemberlineError):
    """Rasa or the actions did not answer, or answered with nothing."""

    status = 503
    code = "assistant_unavailable"
