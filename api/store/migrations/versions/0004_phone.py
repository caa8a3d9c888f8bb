"""what a call remembers, where a hand-over goes, and contacts over channels"""

import sqlalchemy as sa
from alembic import op

revision = "0004_phone"
down_revision = "0003_cases_and_callbacks"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("calls", sa.Column("state", sa.JSON()))
    op.add_column("calls", sa.Column("ended_at", sa.DateTime(timezone=True)))
    op.add_column("call_turns", sa.Column("at", sa.DateTime(timezone=True)))
    op.add_column("conversations", sa.Column("topics", sa.JSON()))
    for column in (
        sa.Column("route", sa.String()),
        sa.Column("topic", sa.String()),
        sa.Column("skills", sa.JSON()),
        sa.Column("priority", sa.Integer()),
        sa.Column("language", sa.String()),
        sa.Column("method", sa.String()),
        sa.Column("answered", sa.JSON()),
    ):
        op.add_column("handovers", column)
    op.create_table(
        "contacts",
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("claim", sa.String()),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"]),
        sa.PrimaryKeyConstraint("conversation_id", "topic"),
    )
    op.create_index("ix_contacts_person", "contacts", ["person"])


def downgrade() -> None:
    op.drop_table("contacts")
    for name in ("route", "topic", "skills", "priority", "language", "method", "answered"):
        op.drop_column("handovers", name)
    op.drop_column("conversations", "topics")
    op.drop_column("call_turns", "at")
    op.drop_column("calls", "ended_at")
    op.drop_column("calls", "state")
