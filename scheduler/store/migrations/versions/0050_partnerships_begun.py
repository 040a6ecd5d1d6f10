"""Partnerships that people are adding and have not written."""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "draft",
        sa.Column("email", NAME, primary_key=True),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("kept_at", MOMENT, nullable=False),
    )
