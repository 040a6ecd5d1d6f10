"""How people wish to be told by their own word."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "own_setting",
        sa.Column("email", NAME, primary_key=True),
        sa.Column("tell", sa.String()),
        sa.Column("said_at", MOMENT, nullable=False),
    )
    op.add_column("partnership", sa.Column("own_tell", sa.JSON()))
