"""Codes by which people confirm what they say through a link."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "confirmation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("email", NAME, nullable=False),
        sa.Column("act", NAME, nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["partnership"],
            ["partnership.id"],
            name="fk_confirmation_partnership",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_confirmation_email", "confirmation", ["email"])
