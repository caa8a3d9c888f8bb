"""Opening a case: for whom, with which words, by when it is answered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache

import yaml

from actions.cases.delivery import CaseDelivery
from actions.cases.store import CaseStore
from alliance.audit import AuditEntry, AuditLog
from alliance.cases import (
    CASES_FILE,
    MOST_WORDS_CHARACTERS,
    Case,
    CaseKind,
    load_case_kinds,
    new_reference,
    urgency_of,
)
from alliance.clock import Clock
from alliance.partners import Partner
from alliance.turn import TurnContext
from alliance.verified import VerifiedMember


@cache
def case_kinds() -> dict[str, CaseKind]:
    """All kinds by key. Raises ConfigurationError."""
    return dict(load_case_kinds(yaml.safe_load(CASES_FILE.read_text("utf-8"))))


class Filing:
    """Opens cases; only in live turns. Raises CaseNotKept, AuditUnavailable."""

    def __init__(
        self, store: CaseStore, delivery: CaseDelivery, audit: AuditLog, clock: Clock
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._audit = audit
        self._clock = clock

    async def open(
        self,
        context: TurnContext,
        partner: Partner,
        kind: str,
        words: str,
        *,
        member: VerifiedMember | None = None,
        medicare: bool = False,
    ) -> Case:
        """A new case, kept before this returns. The same words in the same conversation open no
        second one. A member who is not proven, or of another company, opens it unnamed.
        """
        if context.mode != "live":
            raise ValueError("a case is opened in a live turn only")
        words = " ".join(words.split())[:MOST_WORDS_CHARACTERS]
        now = self._clock.now()
        urgency = urgency_of(words)
        of_member = member.person.at(partner.key) if member else None
        case = Case(
            reference=new_reference(partner),
            kind=kind,
            partner=partner.key,
            words=words,
            urgency=urgency,
            received_at=now,
            due_at=case_kinds()[kind].due(now, urgency, medicare=medicare),
            channel=context.channel,
            conversation_id=context.conversation_id,
            subject=f"{partner.key}/{of_member.patient_id}" if of_member else None,
            level=member.level if member and of_member else 0,
            medicare=medicare,
        )
        reference = await self._store.keep(case, _once(case))
        if reference != case.reference:
            return replace(case, reference=reference)
        await self._note(context, case)
        self._delivery.wake()
        return case

    async def add(self, context: TurnContext, reference: str, words: str) -> None:
        """Add the words to a case of the conversation, kept before this returns."""
        if context.mode != "live":
            raise ValueError("a case is added to in a live turn only")
        words = " ".join(words.split())[:MOST_WORDS_CHARACTERS]
        now = self._clock.now()
        partner = await self._store.add(reference, context.conversation_id, words, now)
        member = context.verified
        of_member = member.person.at(partner) if member else None
        patient = of_member.patient_id if of_member else ""
        await self._audit.write(
            AuditEntry.of(context, now, partner, patient, "case added to", reference)
        )
        self._delivery.wake()

    async def _note(self, context: TurnContext, case: Case) -> None:
        await self._audit.write(
            AuditEntry.of(
                context,
                case.received_at,
                case.partner,
                (case.subject or "").partition("/")[2],
                "case opened",
                f"{case.kind} {case.reference}",
            )
        )


@dataclass(frozen=True)
class CaseDesk:
    """Opens cases within one live turn."""

    filing: Filing
    context: TurnContext

    async def open(
        self,
        partner: Partner,
        kind: str,
        words: str,
        *,
        member: VerifiedMember | None = None,
        medicare: bool = False,
    ) -> Case:
        """See `Filing.open`."""
        return await self.filing.open(
            self.context, partner, kind, words, member=member, medicare=medicare
        )

    async def add(self, reference: str, words: str) -> None:
        """See `Filing.add`."""
        await self.filing.add(self.context, reference, words)


def _once(case: Case) -> str:
    parts = (case.conversation_id, case.kind, case.partner, case.words.lower())
    return hashlib.sha256("|".join(parts).encode()).hexdigest()
