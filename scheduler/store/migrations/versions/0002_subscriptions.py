"""Calendar subscriptions: for whom, since when, and the hash of the token that opens each."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("token_hash", NAME, nullable=False),
        sa.Column("email", NAME),
        sa.Column("partnership", NAME),
        sa.Column("organisation", sa.String()),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("last_used_at", MOMENT),
        sa.Column("revoked_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["partnership"],
            ["partnership.id"],
            name="fk_subscription_partnership",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_subscription_token_hash", "subscription", ["token_hash"], unique=True)
