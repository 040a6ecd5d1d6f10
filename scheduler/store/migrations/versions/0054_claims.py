"""Who is at work on what, where several daemons share one database."""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "claim",
        sa.Column("kind", NAME, primary_key=True),
        sa.Column("subject", NAME, primary_key=True),
        sa.Column("claimed_by", NAME, nullable=False),
        sa.Column("claimed_until", MOMENT, nullable=False),
    )
    op.create_index("ix_claim_claimed_by", "claim", ["claimed_by"])
