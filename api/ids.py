"""Random, opaque ids, and the hashes under which secrets are kept."""

from __future__ import annotations

import hashlib
import secrets


def new_id() -> str:
    """128 random bits, for ids that are shown to clients or name a conversation."""
    return secrets.token_urlsafe(16)


def new_token() -> str:
    """256 random bits, for what opens a session."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token: whoever reads the store cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()
