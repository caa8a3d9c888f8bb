"""cases that are delivered until they are acknowledged; call backs that the desk keeps track of"""

import sqlalchemy as sa
from alembic import op

revision = "0003_cases_and_callbacks"
down_revision = "0002_idle_chat_sessions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cases",
        sa.Column("reference", sa.String(), primary_key=True),
        sa.Column("once", sa.String(), nullable=False, unique=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("urgency", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True)),
        sa.Column("company_reference", sa.String()),
    )
    op.create_index("ix_cases_waiting", "cases", ["acknowledged_at", "next_attempt_at"])
    op.create_table(
        "callbacks",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("conversation_id", sa.String(), nullable=False, index=True),
        sa.Column("partner", sa.String()),
        sa.Column("phone", sa.String(), nullable=False),
        sa.Column("window", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("first_name", sa.String()),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True)),
        sa.Column("agent", sa.String()),
        sa.Column("outcome", sa.String()),
    )


def downgrade() -> None:
    op.drop_table("callbacks")
    op.drop_table("cases")
