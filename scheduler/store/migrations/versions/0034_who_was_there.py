"""Who was at a review that was held, whether there was a quorum, and on which day it was held.

Of what was held before nobody said so: it is not known.
"""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("review", sa.Column("quorate", sa.Boolean()))
    op.add_column("review", sa.Column("held_on", sa.Date()))
    op.create_table(
        "presence",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("review", NAME, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("was_present", sa.Boolean(), nullable=False),
        sa.Column("stand_in", sa.String()),
        sa.Column("said_by", sa.String()),
        sa.Column("said_at", MOMENT, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
        sa.ForeignKeyConstraint(
            ["review"], ["review.id"], name="fk_presence_review", deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_presence_partnership", "presence", ["partnership"])
    op.create_index("ix_presence_review", "presence", ["review"])
