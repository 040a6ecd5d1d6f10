"""The days on which people are away by their own word."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("email", NAME, nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("by", sa.String()),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
    )
    op.create_index("ix_absence_email", "absence", ["email"])
    op.add_column("partnership", sa.Column("absences", sa.JSON()))
