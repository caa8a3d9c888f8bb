"""how available and how fast each company's backend was, by the minute"""

import sqlalchemy as sa
from alembic import op

revision = "0010_partner_calls"
down_revision = "0009_company_sign_in"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "partner_calls",
        sa.Column("partner", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("process", sa.String(), nullable=False),
        sa.Column("calls", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("took", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("partner", "at", "process"),
    )


def downgrade() -> None:
    op.drop_table("partner_calls")
