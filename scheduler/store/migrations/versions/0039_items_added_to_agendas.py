"""Items that people who are invited add to agendas."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "agenda_item",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("review", NAME, nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("minutes", sa.Integer()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("dropped_at", MOMENT),
        sa.Column("dropped_by", sa.String()),
        sa.Column("dropped_because", sa.Text()),
        sa.ForeignKeyConstraint(
            ["partnership"],
            ["partnership.id"],
            name="fk_agenda_item_partnership",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_agenda_item_partnership", "agenda_item", ["partnership"])
