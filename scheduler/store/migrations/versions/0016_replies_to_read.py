"""Letters that came in and that a person has to read."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("email", NAME, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person", sa.String()),
        sa.Column("of", sa.String()),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("says", sa.String()),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("answers", sa.JSON()),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT),
        sa.Column("closed_as", sa.String()),
        sa.ForeignKeyConstraint(
            ["partnership"], ["partnership.id"], name="fk_reply_partnership", deferrable=True, initially="DEFERRED"
        ),
    )
    still = sa.text("closed_at IS NULL")
    op.create_index("ix_reply_open", "reply", ["partnership"], sqlite_where=still, postgresql_where=still)
