"""The Lambda function between Amazon Lex V2 or a Connect contact flow and Memberline's bridge.

Standard library only. Environment: MEMBERLINE_URL (the bridge's address), LEX_SECRET (as there).
A call that the bridge cannot take goes on in the contact flow with `memberline_action` transfer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import time
import urllib.request
from typing import Any

# Connect gives up on a function after 8 seconds, and the bridge answers within 5.
SECONDS = 7
_SORRY = "Sorry, something went wrong on our side. I'm connecting you with a person."


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Pass the event on, signed; never fail."""
    body = json.dumps(event).encode()
    at = int(time.time())
    secret = os.environ["LEX_SECRET"].encode()
    signature = hmac.new(secret, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    request = urllib.request.Request(  # noqa: S310 (our own bridge's address)
        f"{os.environ['MEMBERLINE_URL'].rstrip('/')}/ivr/lex",
        data=body,
        headers={
            "Content-Type": "application/json",
            "X-Memberline-Signature": f"t={at},v1={signature}",
        },
    )
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as response:  # noqa: S310
            told: dict[str, Any] = json.load(response)
            return told
    except (OSError, ValueError):
        return _to_a_person(event)


def _to_a_person(event: dict[str, Any]) -> dict[str, Any]:
    if event.get("Name") == "ContactFlowEvent":
        return {"say": _SORRY, "ssml": "", "action": "transfer"}
    state = event.get("sessionState") or {}
    attributes = {**(state.get("sessionAttributes") or {}), "memberline_action": "transfer"}
    name = (state.get("intent") or {}).get("name") or "FallbackIntent"
    return {
        "sessionState": {
            "dialogAction": {"type": "Close"},
            "intent": {"name": name, "slots": {}, "state": "Fulfilled"},
            "sessionAttributes": attributes,
        },
        "messages": [{"contentType": "PlainText", "content": _SORRY}],
    }
