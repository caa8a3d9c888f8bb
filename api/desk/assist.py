"""Suggestions for other vendors' desktops (`POST /assist/suggestions`, API key)."""

from __future__ import annotations

import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from alliance.clock import Clock
from alliance.partners import Partners
from alliance.verified import Actor
from api.assistant import Assistant
from api.conversations.store import Conversation, ConversationStore
from api.desk.handover import Handovers
from api.desk.suggesting import proof_for, suggestions
from api.errors import NotFound, NotSignedIn
from api.ids import new_id
from api.ivr.platforms import bearer, turned_on
from api.limits import Rule
from api.settings import VendorKey
from api.text import MAX_CHARACTERS, clean

router = APIRouter(prefix="/assist", tags=["assist"])

# A call center's desktops behind one key.
VENDOR_REQUESTS = Rule("assist", 600, 60)


class Asked(BaseModel):
    """A member's message. With neither id the answers are general ones. Other fields, such as a
    member id, are not read: they prove nothing.
    """

    text: str = Field(min_length=1, max_length=MAX_CHARACTERS)
    conversation_id: str | None = Field(default=None, max_length=100)
    handoff_id: str | None = Field(default=None, max_length=100)


class Vendors:
    """Makes suggestions for a vendor, within the companies that the key names."""

    def __init__(
        self,
        store: ConversationStore,
        handovers: Handovers,
        assistant: Assistant,
        partners: Partners,
        clock: Clock,
    ) -> None:
        self._store = store
        self._handovers = handovers
        self._assistant = assistant
        self._partners = partners
        self._clock = clock

    async def suggest(self, vendor: VendorKey, asked: Asked) -> list[dict[str, Any]]:
        """At most three, best first. Nothing is stored, said or changed, and the conversation's own
        memory does not hear it. Raises NotFound, AssistantUnavailable, redis.RedisError.
        """
        conversation = await self._conversation(vendor, asked)
        actor, aside, member = Actor("vendor", vendor.name), f"assist-{new_id()}", None
        try:
            if conversation:
                await self._assistant.seed(conversation.shadow or conversation.id, aside)
                verified = await self._assistant.verified(conversation.id)
                member = proof_for(verified, vendor.companies, actor)
            reply = await self._assistant.turn(
                aside, clean(asked.text), "chat", mode="suggest", actor=actor, member=member
            )
        finally:
            await self._assistant.forget(aside)
        return suggestions(reply, self._partners, self._clock.now())

    async def _conversation(self, vendor: VendorKey, asked: Asked) -> Conversation | None:
        """One that a person has or is to have, of a company of the vendor's. That there is another
        one is not said.
        """
        if asked.conversation_id is None and asked.handoff_id is None:
            return None
        found = next(
            (
                handover
                for handover in await self._handovers.all_open()
                if asked.handoff_id in (None, handover.id)
                and asked.conversation_id in (None, handover.conversation_id)
            ),
            None,
        )
        if found is None or found.partner not in vendor.companies:
            raise NotFound("There is no such conversation at the desk.")
        return await self._store.get(found.conversation_id)


async def vendor_of(request: Request) -> VendorKey:
    """The vendor of the key. Raises NotFound (off), NotSignedIn, TooMany."""
    parts = request.app.state.parts
    keys: tuple[VendorKey, ...] = parts.settings.vendors
    turned_on(keys, "Suggestions for other desktops", "ASSIST_API_KEYS")
    given = bearer(request) or request.headers.get("X-API-Key", "")
    fits = [key for key in keys if hmac.compare_digest(given.encode(), key.secret.encode())]
    if not fits:
        raise NotSignedIn("The API key is missing or wrong.")
    await parts.limits.take((VENDOR_REQUESTS, fits[0].name))
    return fits[0]


def _vendors(request: Request) -> Vendors:
    return request.app.state.parts.vendors  # type: ignore[no-any-return]


@router.post("/suggestions")
async def suggest(
    body: Asked,
    vendor: Annotated[VendorKey, Depends(vendor_of)],
    vendors: Annotated[Vendors, Depends(_vendors)],
) -> dict[str, Any]:
    """Suggested answers to a message, as the desk of this bridge shows them."""
    return {"suggestions": await vendors.suggest(vendor, body)}
