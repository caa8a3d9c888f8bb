"""agents' skills, limits and presence, and what happens to a hand-over on its way"""

import sqlalchemy as sa
from alembic import op

revision = "0006_desk"
down_revision = "0005_training_candidates"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("skills", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("chat_limit", sa.Integer()),
        sa.Column("available", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
    ):
        op.add_column("agents", column)
    op.create_table(
        "handover_steps",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("handover_id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("agent", sa.String()),
        sa.Column("target", sa.String()),
        sa.Column("note", sa.Text()),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["handover_id"], ["handovers.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_handover_steps_handover_id", "handover_steps", ["handover_id"])


def downgrade() -> None:
    op.drop_table("handover_steps")
    for name in ("seen_at", "active", "available", "chat_limit", "skills"):
        op.drop_column("agents", name)
