"""how much of a suggestion was changed, and why one was dismissed"""

import sqlalchemy as sa
from alembic import op

revision = "0007_suggestions"
down_revision = "0006_desk"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("suggestions", sa.Column("changed", sa.Float()))
    op.add_column("suggestions", sa.Column("reason", sa.String()))


def downgrade() -> None:
    op.drop_column("suggestions", "reason")
    op.drop_column("suggestions", "changed")
