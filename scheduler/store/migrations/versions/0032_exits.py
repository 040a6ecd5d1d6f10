"""Exits that were decided: what people said of them, and those in force.

What was decided before begins nothing by itself: nobody is told anything by this step.
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "exit_word",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("scope", NAME, nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("review", NAME, nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("person", sa.String()),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership"],
            ["partnership.id"],
            name="fk_exit_word_partnership",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_exit_word_partnership", "exit_word", ["partnership"])
    op.add_column("partnership", sa.Column("wind_downs", sa.JSON()))
