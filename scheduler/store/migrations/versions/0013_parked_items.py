"""Items that minutes left unfinished; and the last minutes of each series, whose items are not on record yet."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "parked_item",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("series", NAME, nullable=False),
        sa.Column("review", NAME, nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("parked_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_by", sa.String()),
        sa.Column("closed_because", sa.Text()),
        _of_a_partnership("parked_item"),
    )
    op.create_index("ix_parked_item_partnership", "parked_item", ["partnership"])
    op.create_table(
        "unread_minutes",
        sa.Column("review", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        _of_a_partnership("unread_minutes"),
    )
    op.create_index("ix_unread_minutes_partnership", "unread_minutes", ["partnership"])
    # Of each series the last review that has minutes: its items came back until now, and go on doing so.
    op.execute(
        "INSERT INTO unread_minutes (review, partnership) SELECT id, partnership FROM review AS last "
        "WHERE minutes IS NOT NULL AND NOT EXISTS (SELECT 1 FROM review AS later WHERE later.minutes IS NOT NULL "
        "AND later.partnership = last.partnership AND later.series = last.series "
        "AND coalesce(later.layer, '') = coalesce(last.layer, '') AND later.start_utc > last.start_utc)"
    )


def _of_a_partnership(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_partnership"
    return sa.ForeignKeyConstraint(
        ["partnership"], ["partnership.id"], name=name, deferrable=True, initially="DEFERRED"
    )
