"""Decisions without a meeting, with the votes on them, and deadlocks. What is there has none."""

import sqlalchemy as sa
from alembic import op

revision = "0038"
down_revision = "0037"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def _of_a_partnership(table: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_partnership"
    return sa.ForeignKeyConstraint(
        ["partnership"], ["partnership.id"], name=name, deferrable=True, initially="DEFERRED"
    )


def upgrade() -> None:
    op.create_table(
        "proposal",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("scope", NAME, nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("proposed_by", sa.String(), nullable=False),
        sa.Column("proposed_at", MOMENT, nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("closes_on", sa.Date(), nullable=False),
        sa.Column("timezone", sa.String(), nullable=False),
        sa.Column("outcome", sa.String()),
        sa.Column("settled_at", MOMENT),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("withdrawn_by", sa.String()),
        sa.Column("withdrawn_because", sa.Text()),
        _of_a_partnership("proposal"),
    )
    op.create_index("ix_proposal_partnership", "proposal", ["partnership"])
    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("proposal", NAME, nullable=False),
        sa.Column("party", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("because", sa.Text()),
        sa.Column("at", MOMENT, nullable=False),
        _of_a_partnership("vote"),
        sa.ForeignKeyConstraint(
            ["proposal"], ["proposal.id"], name="fk_vote_proposal", deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_vote_partnership", "vote", ["partnership"])
    op.create_table(
        "deadlock",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("scope", NAME, nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("body", sa.Text()),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("opened_by", sa.String()),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("proposal", NAME),
        sa.Column("ended_at", MOMENT),
        sa.Column("ended_by", sa.String()),
        sa.Column("ended_because", sa.Text()),
        _of_a_partnership("deadlock"),
    )
    op.create_index("ix_deadlock_partnership", "deadlock", ["partnership"])
