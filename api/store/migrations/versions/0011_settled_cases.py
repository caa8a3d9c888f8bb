"""when a case was answered, and which agent says so: what is past due can be told"""

import sqlalchemy as sa
from alembic import op

revision = "0011_settled_cases"
down_revision = "0010_partner_calls"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("settled_at", sa.DateTime(timezone=True)))
    op.add_column("cases", sa.Column("settled_by", sa.String()))


def downgrade() -> None:
    op.drop_column("cases", "settled_by")
    op.drop_column("cases", "settled_at")
