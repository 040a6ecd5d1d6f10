"""Whose KPI reports a subscription shows, and since when it has shown anything. Those on record go on as they were."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    # PostgreSQL alters no table of which references are still to be checked.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.execute("SET CONSTRAINTS ALL DEFERRED")
    op.add_column("subscription", sa.Column("reports", sa.String(), nullable=False, server_default=sa.text("'own'")))
    op.add_column("subscription", sa.Column("first_read_at", MOMENT))
    op.execute("UPDATE subscription SET reports = 'all' WHERE partnership IS NOT NULL")
    op.execute("UPDATE subscription SET first_read_at = created_at WHERE last_used_at IS NOT NULL")
