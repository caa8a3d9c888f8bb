"""agents who sign in at their own company"""

import sqlalchemy as sa
from alembic import op

revision = "0009_company_sign_in"
down_revision = "0008_insights"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("agents", sa.Column("issuer", sa.String()))
    op.add_column("agents", sa.Column("subject", sa.String()))
    op.create_index("ix_agents_issuer", "agents", ["issuer", "subject"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_agents_issuer", "agents")
    op.drop_column("agents", "subject")
    op.drop_column("agents", "issuer")
