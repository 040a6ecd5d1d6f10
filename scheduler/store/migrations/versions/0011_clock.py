"""When the program last did what, and which readings of the clock are trusted."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "clock",
        sa.Column("key", NAME, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("uptime", sa.Float()),
        sa.Column("note", sa.Text()),
    )
