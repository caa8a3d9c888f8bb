"""Errors of the stand-in backends, and how they look as a FHIR OperationOutcome."""

from __future__ import annotations

from typing import Any


class SandboxError(Exception):
    """Something that the person at the command line can put right: one sentence says what."""


class FhirError(Exception):
    """A request that a FHIR server refuses.

    `code` is an IssueType (`not-found`, `not-supported`, `login` ...), `status` the HTTP status.
    """

    def __init__(self, status: int, code: str, diagnostics: str) -> None:
        super().__init__(diagnostics)
        self.status = status
        self.code = code
        self.diagnostics = diagnostics


def operation_outcome(code: str, diagnostics: str, severity: str = "error") -> dict[str, Any]:
    """The FHIR R4 resource that carries an error, a warning or a piece of information."""
    return {
        "resourceType": "OperationOutcome",
        "issue": [{"severity": severity, "code": code, "diagnostics": diagnostics}],
    }
