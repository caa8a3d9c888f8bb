"""chat sessions that were left alone are closed"""

import sqlalchemy as sa
from alembic import op

revision = "0002_idle_chat_sessions"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("chat_sessions") as table:
        table.add_column(sa.Column("active_at", sa.DateTime(timezone=True)))
        table.add_column(
            sa.Column("personal", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    op.execute("UPDATE chat_sessions SET active_at = created_at")
    with op.batch_alter_table("chat_sessions") as table:
        table.alter_column("active_at", nullable=False)
        # Who was there before is taken to be a member; new sessions say so themselves.
        table.alter_column("personal", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("chat_sessions") as table:
        table.drop_column("personal")
        table.drop_column("active_at")
