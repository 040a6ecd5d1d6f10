"""The steps of launch tracks that are done; and from which day on one that is not is late, which none was before."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "launch_tick",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("review", NAME, nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("done_on", sa.Date()),
        sa.Column("because", sa.Text()),
        sa.Column("person", sa.String()),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership"],
            ["partnership.id"],
            name="fk_launch_tick_partnership",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_launch_tick_partnership", "launch_tick", ["partnership"])
    op.add_column("partnership", sa.Column("launch_from", sa.Date()))
