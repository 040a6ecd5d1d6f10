"""How partnerships stand, and how they stood: filled in as each is governed next."""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "standing",
        sa.Column("scope", NAME, primary_key=True),
        sa.Column("reader", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("layer", NAME, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("model", sa.String(), nullable=False),
        sa.Column("sponsor", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("before", sa.String()),
        sa.Column("noted_on", sa.Date(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("adherence", sa.Integer()),
        sa.Column("next_review", sa.String()),
        sa.Column("next_start", MOMENT),
        sa.Column("next_date", sa.Date()),
        sa.Column("next_date_is", sa.String()),
        sa.Column("cause", sa.JSON()),
        _of_the_partnership("standing"),
    )
    op.create_index("ix_standing_partnership", "standing", ["partnership"])
    op.create_index(
        "ix_standing_portfolio",
        "standing",
        [
            "reader",
            "layer",
            "weight",
            "name",
            "scope",
            "state",
            "model",
            "sponsor",
            "overdue",
            "adherence",
            "next_start",
            "next_date",
        ],
    )
    op.create_table(
        "past_standing",
        sa.Column("scope", NAME, primary_key=True),
        sa.Column("reader", NAME, primary_key=True),
        sa.Column("on", sa.Date(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("layer", NAME, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("overdue", sa.Integer(), nullable=False),
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("adherence", sa.Integer()),
        sa.Column("cause", sa.JSON()),
        _of_the_partnership("past_standing"),
    )
    op.create_index("ix_past_standing_partnership", "past_standing", ["partnership"])


def _of_the_partnership(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_partnership"
    return sa.ForeignKeyConstraint(
        ["partnership"], ["partnership.id"], name=name, deferrable=True, initially="DEFERRED"
    )
