"""Files to be read before a review."""

import sqlalchemy as sa
from alembic import op

revision = "0051"
down_revision = "0050"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "pre_read",
        sa.Column("id", NAME, primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("review", NAME, nullable=False),
        sa.Column("audience", NAME, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("by", sa.String()),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.Column("content", sa.LargeBinary()),
        sa.ForeignKeyConstraint(
            ["partnership"], ["partnership.id"], name="fk_pre_read_partnership", deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_pre_read_partnership", "pre_read", ["partnership"])
    op.create_index("ix_pre_read_review", "pre_read", ["review"])
