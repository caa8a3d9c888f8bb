"""What the actions work with: made once in the lifespan, injected, closed at the end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from actions.answers.question import Desk
from actions.cases.filing import CaseDesk, Filing
from actions.identity.codes import OneTimeCodes
from actions.partners.capabilities import PartnerBackend
from actions.partners.watch import Watches
from actions.records import MemberRecords
from actions.settings import PartnerConfiguration
from actions.turns import Turns
from actions.verification import Verification
from actions.withdrawals import Withdrawals
from alliance.audit import AuditLog
from alliance.clock import Clock
from alliance.partners import Partners
from alliance.turn import TurnContext


@dataclass(frozen=True)
class Services:
    """The action process's parts."""

    configuration: PartnerConfiguration
    backends: Mapping[str, PartnerBackend]
    turns: Turns
    audit: AuditLog
    verification: Verification
    codes: OneTimeCodes
    filing: Filing
    withdrawals: Withdrawals
    watches: Watches
    clock: Clock

    def desk(self, context: TurnContext, partners: Partners) -> Desk:
        """What the answers of one turn work with."""
        return Desk(
            partners=partners,
            backends=self.backends,
            records=MemberRecords(context, self.backends, self.audit, self.clock),
            clock=self.clock,
            withdrawn=self.withdrawals.current,
            cases=CaseDesk(self.filing, context) if context.mode == "live" else None,
        )
