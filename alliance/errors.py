"""The one error base class. A process has one handler that turns it into its reply."""

from __future__ import annotations


class MemberlineError(Exception):
    """An error with a place in a contract.

    `code` is the stable machine name, `status` the HTTP status, `detail` a sentence for people
    that holds no member data.
    """

    status = 500
    code = "internal_error"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class ConfigurationError(MemberlineError):
    """The configuration is wrong; the detail says what to do. Stops start-up."""

    code = "bad_configuration"


class PartnerUnavailable(MemberlineError):
    """A partner's backend did not answer in time or answered with an error."""

    status = 503
    code = "partner_unavailable"

    def __init__(self, partner: str, detail: str) -> None:
        super().__init__(detail)
        self.partner = partner


class NotOffered(PartnerUnavailable):
    """The company's backend has no such service at all: asking again later won't help."""


class NotVerified(MemberlineError):
    """Member data was asked for without a verification that allows it."""

    status = 403
    code = "not_verified"


class AuditUnavailable(MemberlineError):
    """The audit row could not be written, so the member data is withheld."""

    status = 503
    code = "audit_unavailable"
