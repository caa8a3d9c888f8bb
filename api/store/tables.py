"""The tables. Changes go through a migration in `api/store/migrations/versions`."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    true,
)

metadata = MetaData()


class Instant(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no offset: without this, what is read back has none."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, _: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value and value.tzinfo is None else value


# owner: assistant, queue, agent, wrapped or closed; changed by compare-and-set only. `shadow` is
# the tracker id under which suggestions are made while a person owns the conversation.
conversations = Table(
    "conversations",
    metadata,
    Column("id", String, primary_key=True),
    Column("channel", String, nullable=False),
    Column("owner", String, nullable=False),
    Column("partner", String),
    Column("agent", String),
    Column("shadow", String),
    # What the conversation is about so far: intents asked and answered, language (topics.py).
    Column("topics", JSON),
    Column("created_at", Instant(), nullable=False),
    Column("last_seq", Integer, nullable=False, default=0),
)

# `reply_to` is the member's message that this one answers: a resent message gets the same reply.
messages = Table(
    "messages",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("seq", Integer, nullable=False),
    Column("sender", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("buttons", JSON, nullable=False),
    Column("cards", JSON, nullable=False),
    Column("client_message_id", String),
    Column("reply_to", String),
    # Of the assistant's: answer, question or notice. Only answers are rated.
    Column("kind", String),
    Column("at", Instant(), nullable=False),
    UniqueConstraint("conversation_id", "seq"),
    UniqueConstraint("conversation_id", "client_message_id"),
)

# A button's payload never leaves the server; the client sends the opaque id back.
buttons = Table(
    "buttons",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("title", String, nullable=False),
    Column("payload", String, nullable=False),
)

chat_sessions = Table(
    "chat_sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("ended", Boolean, nullable=False, default=False),
    Column("created_at", Instant(), nullable=False),
    Column("active_at", Instant(), nullable=False),
    # Whether it holds a member's data, and so is closed after the idle limit.
    Column("personal", Boolean, nullable=False, default=False),
)

# One row a hand-over to a person; its id is the only thing that travels with a call.
handovers = Table(
    "handovers",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("partner", String),
    Column("queue", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("first_name", String),
    # Where routing.yml sends it and why: the topic's intent, the skills wanted, how the member was
    # verified, which questions had been answered.
    Column("route", String),
    Column("topic", String),
    Column("skills", JSON),
    Column("priority", Integer),
    Column("language", String),
    Column("method", String),
    Column("answered", JSON),
    Column("created_at", Instant(), nullable=False),
    Column("accepted_at", Instant()),
    Column("closed_at", Instant()),
    Column("disposition", String),
    Column("wrap_up", Text),
)

# What happened to a hand-over on its way: accepted, transferred, requeued, taken_over. `agent` did
# it or lost it, `target` is the agent or queue that it went to.
handover_steps = Table(
    "handover_steps",
    metadata,
    Column("id", String, primary_key=True),
    Column("handover_id", ForeignKey("handovers.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("agent", String),
    Column("target", String),
    Column("note", Text),
    Column("at", Instant(), nullable=False),
)

suggestions = Table(
    "suggestions",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False, index=True),
    Column("for_seq", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("action", String),
    Column("agent", String),
    Column("sent_text", Text),
    # The share of it that the agent changed before sending, 0 to 1; why it was dismissed.
    Column("changed", Float),
    Column("reason", String),
    Column("at", Instant(), nullable=False),
)

agents = Table(
    "agents",
    metadata,
    Column("username", String, primary_key=True),
    Column("name", String, nullable=False),
    # Empty for who signs in at their company: `issuer` and its own id of the person.
    Column("password_hash", String, nullable=False),
    Column("issuer", String),
    Column("subject", String),
    Column("role", String, nullable=False),
    Column("companies", JSON, nullable=False),
    Column("skills", JSON, nullable=False, default=list, server_default="[]"),
    # How many conversations at once; NULL: as many as they like.
    Column("chat_limit", Integer),
    Column("available", Boolean, nullable=False, default=True, server_default=true()),
    # Someone who has left keeps their row: what they did still carries their name.
    Column("active", Boolean, nullable=False, default=True, server_default=true()),
    # When the desk last heard from their page, in real time (api/desk/agents.py).
    Column("seen_at", Instant()),
    Index("ix_agents_issuer", "issuer", "subject", unique=True),
)

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("token_hash", String, primary_key=True),
    Column("username", ForeignKey("agents.username"), nullable=False),
    Column("expires_at", Instant(), nullable=False),
)

# A call is keyed by the platform's call id, never by the caller's number.
calls = Table(
    "calls",
    metadata,
    Column("platform", String, primary_key=True),
    Column("call_id", String, primary_key=True),
    Column("conversation_id", ForeignKey("conversations.id"), nullable=False),
    Column("last_turn", Integer, nullable=False, default=0),
    Column("failures_in_a_row", Integer, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("asking", String),
    # What the voice conversation remembers of the call (api/ivr/calls.py).
    Column("state", JSON),
    Column("created_at", Instant(), nullable=False),
    Column("ended_at", Instant()),
)

# The reply that a turn got: a platform that asks again gets the same one.
call_turns = Table(
    "call_turns",
    metadata,
    Column("platform", String, primary_key=True),
    Column("call_id", String, primary_key=True),
    Column("turn_id", String, primary_key=True),
    Column("reply", JSON, nullable=False),
    Column("at", Instant()),
)

# What was talked about with whom, for 30 days: read only after verification at the topic's level.
# `person` is a keyed hash of the membership that was proven.
contacts = Table(
    "contacts",
    metadata,
    Column("conversation_id", ForeignKey("conversations.id"), primary_key=True),
    Column("topic", String, primary_key=True),
    Column("person", String, nullable=False, index=True),
    Column("partner", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("claim", String),
    Column("level", Integer, nullable=False),
    Column("at", Instant(), nullable=False),
)

feedback = Table(
    "feedback",
    metadata,
    Column("message_id", ForeignKey("messages.id"), primary_key=True),
    Column("rating", String, nullable=False),
    Column("reason", Text),
    Column("at", Instant(), nullable=False),
)

# Written by the action process alone (actions/audit_log.py); here because the schema is one.
audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("conversation_id", String, nullable=False),
    Column("action", String, nullable=False),
    Column("what", String, nullable=False),
    Column("partner", String, nullable=False),
    Column("hash", String, nullable=False),
)

# Written by the action process (actions/cases/store.py), read by the desk. `body` is what the
# company is sent, with the member's words; `once` keeps one case from being opened twice.
cases = Table(
    "cases",
    metadata,
    Column("reference", String, primary_key=True),
    Column("once", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("partner", String, nullable=False),
    Column("urgency", String, nullable=False),
    Column("body", JSON, nullable=False),
    Column("conversation_id", String, nullable=False),
    Column("received_at", Instant(), nullable=False),
    Column("due_at", Instant(), nullable=False),
    Column("attempts", Integer, nullable=False, default=0, server_default="0"),
    Column("next_attempt_at", Instant(), nullable=False),
    Column("acknowledged_at", Instant()),
    Column("company_reference", String),
    # When the company has answered the member, as an agent says who has seen to it.
    Column("settled_at", Instant()),
    Column("settled_by", String),
    Index("ix_cases_waiting", "acknowledged_at", "next_attempt_at"),
)

# Calls that were promised: the desk's to make, within the window that the member named.
callbacks = Table(
    "callbacks",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", String, nullable=False, index=True),
    Column("partner", String),
    Column("phone", String, nullable=False),
    Column("window", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("level", Integer, nullable=False),
    Column("first_name", String),
    Column("created_at", Instant(), nullable=False),
    Column("due_at", Instant(), nullable=False),
    Column("done_at", Instant()),
    Column("agent", String),
    Column("outcome", String),
)

# Sentences that were not understood for sure and what the member said they had meant
# (api/conversations/candidates.py): redacted, and tied to nobody. `suggested` holds intents with
# their confidence; `chosen` is none when none of them was meant. The desk's review sets `status`
# (new, accepted, rejected) and `label`, the intent to learn it as.
training_candidates = Table(
    "training_candidates",
    metadata,
    Column("id", String, primary_key=True),
    Column("created_at", Instant(), nullable=False, index=True),
    Column("channel", String, nullable=False),
    Column("partner", String),
    Column("text", Text, nullable=False),
    Column("suggested", JSON, nullable=False),
    Column("chosen", String),
    Column("status", String, nullable=False),
    Column("label", String),
)

# What each turn came to, for the figures (api/insights). No words, no facts.
turns = Table(
    "turns",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("partner", String),
    Column("intent", String),
    Column("confidence", Float),
    Column("outcome", String, nullable=False),
    Column("level", Integer, nullable=False),
    Column("at", Instant(), nullable=False, index=True),
)

# Which answer from which source stands in which message: "who was told this?". `agent` sent it.
told = Table(
    "told",
    metadata,
    Column("id", String, primary_key=True),
    Column("conversation_id", String, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("channel", String, nullable=False),
    Column("intent", String, nullable=False),
    Column("partner", String),
    Column("source", String),
    Column("agent", String),
    Column("at", Instant(), nullable=False),
    Index("ix_told_intent", "intent", "at"),
    Index("ix_told_source", "source", "at"),
)

# Calls to the companies' backends by the minute, written by each action process
# (actions/partners/watch.py). `took` counts the answered ones by alliance.speeds.BOUNDS_MS.
partner_calls = Table(
    "partner_calls",
    metadata,
    Column("partner", String, primary_key=True),
    Column("at", Instant(), primary_key=True),
    Column("process", String, primary_key=True),
    Column("calls", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("took", JSON, nullable=False),
)

# Answers taken out of service; read by the action process (actions/withdrawals.py).
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("withdrawn_by", String, nullable=False),
    Column("at", Instant(), nullable=False),
    Column("restored_by", String),
    Column("restored_at", Instant()),
)
