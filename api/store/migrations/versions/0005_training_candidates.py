"""sentences to learn from"""

import sqlalchemy as sa
from alembic import op

revision = "0005_training_candidates"
down_revision = "0004_phone"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "training_candidates",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("partner", sa.String()),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("suggested", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.String()),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("label", sa.String()),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_training_candidates_created_at", "training_candidates", ["created_at"])


def downgrade() -> None:
    op.drop_table("training_candidates")
