"""The minutes that are sent, and what people object to in them."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "minutes_filing",
        sa.Column("review", NAME, primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("filed_at", MOMENT, nullable=False),
        sa.Column("filed_by", sa.String()),
        sa.Column("items", sa.JSON(), nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("until", sa.Date()),
        _of_a_partnership("minutes_filing"),
    )
    op.create_index("ix_minutes_filing_partnership", "minutes_filing", ["partnership"])
    unsent = sa.text("sent_at IS NULL")
    op.create_index(
        "ix_minutes_filing_unsent", "minutes_filing", ["partnership"], sqlite_where=unsent, postgresql_where=unsent
    )
    op.create_table(
        "objection",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("review", NAME, nullable=False),
        sa.Column("filing", sa.Integer(), nullable=False),
        sa.Column("item", NAME),
        sa.Column("item_says", sa.Text()),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("settled_at", MOMENT),
        sa.Column("settled_by", sa.String()),
        sa.Column("settled_because", sa.Text()),
        _of_a_partnership("objection"),
    )
    op.create_index("ix_objection_partnership", "objection", ["partnership"])


def _of_a_partnership(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_partnership"
    return sa.ForeignKeyConstraint(
        ["partnership"], ["partnership.id"], name=name, deferrable=True, initially="DEFERRED"
    )
