"""From a portal's ticket to a conversation whose member is proven."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import httpx
import structlog

from alliance.partners import Partner
from api.identity.tickets import PortalTickets, Ticket, TicketRefused

log = structlog.get_logger()

# Finding the person at every company takes a few calls of three seconds at the very most.
VERIFICATION_TIMEOUT_SECONDS = 8.0
Result = Literal["verified", "not_in_alliance", "unavailable"]


@dataclass(frozen=True)
class SignedIn:
    """What came of a ticket: whose website it was, and whether the member is proven now."""

    partner: Partner
    result: Result

    def notice(self, language: str) -> str:
        """What the member reads of it."""
        return _NOTICES[self.result][language].format(
            company=self.partner.name, line=self.partner.phone.member_services
        )


_NOTICES = {
    "verified": {
        "en": "You are signed in with {company}, so I won't ask who you are.",
        "es": "Ha iniciado sesión con {company}: no le preguntaré quién es.",
    },
    "not_in_alliance": {
        "en": "Your plan with {company} is not one of the alliance's plans. For your own records "
        "please call {line}.",
        "es": "Su plan con {company} no es uno de los planes de la alianza. Para sus propios datos "
        "llame al {line}.",
    },
    "unavailable": {
        "en": "I could not check your sign-in with {company} just now.",
        "es": "No pude comprobar su sesión con {company} en este momento.",
    },
}


# The page had a ticket that was not taken, or could not get one: the chat begins without it.
UNCONFIRMED = {
    "en": "Your sign-in at the website could not be confirmed here. You can go on all the same: I "
    "will ask who you are before I show anything about you.",
    "es": "Aquí no se pudo confirmar su sesión en el sitio web. Puede continuar de todos modos: le "
    "preguntaré quién es antes de mostrarle algo sobre usted.",
}


class PortalSignIn:
    """Opens conversations for members who are signed in at their company's website."""

    def __init__(self, tickets: PortalTickets, actions: httpx.AsyncClient, token: str) -> None:
        self._tickets = tickets
        self._actions = actions
        self._headers = {"X-Memberline-Token": token}

    async def check(self, ticket: str) -> Ticket:
        """The person whom the ticket names. Raises TicketRefused, TicketNotChecked."""
        return await self._tickets.check(ticket)

    async def open(self, conversation_id: str, ticket: Ticket) -> SignedIn:
        """Verify the person in this conversation, at level 2. Raises TicketRefused."""
        try:
            response = await self._actions.post(
                "/verifications/portal",
                json={
                    "conversation_id": conversation_id,
                    "partner": ticket.partner.key,
                    "member_id": ticket.member_id,
                    "subject": ticket.subject,
                },
                headers=self._headers,
                timeout=VERIFICATION_TIMEOUT_SECONDS,
            )
            response.raise_for_status()
            outcome = str(response.json()["outcome"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            log.warning("portal_sign_in_failed", error=type(error).__name__)
            outcome = "unavailable"
        match outcome:
            case "verified" | "not_in_alliance" | "unavailable":
                return SignedIn(ticket.partner, outcome)
        raise TicketRefused("The website's sign-in names no single member.")
