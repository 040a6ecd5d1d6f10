"""What programs are told of, the rung that an overdue KPI has reached, and what a program's token may do."""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", NAME, nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
    )
    # PostgreSQL alters no table of which references are still to be checked.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.execute("SET CONSTRAINTS ALL DEFERRED")
    op.add_column("flag", sa.Column("rung", sa.String()))
    op.add_column("api_token", sa.Column("reports", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("api_token", sa.Column("reads", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("api_token", sa.Column("actor_level", sa.Boolean(), nullable=False, server_default=sa.false()))
