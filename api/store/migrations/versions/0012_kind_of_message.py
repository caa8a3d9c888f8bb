"""what a message of the assistant does: answers are rated, questions of a form are not"""

import sqlalchemy as sa
from alembic import op

revision = "0012_kind_of_message"
down_revision = "0011_settled_cases"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("kind", sa.String()))


def downgrade() -> None:
    op.drop_column("messages", "kind")
