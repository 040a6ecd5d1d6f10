"""Whose signed links a person's word has closed."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "link_revocation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME),
        sa.Column("email", NAME),
        sa.Column("by", sa.String()),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership"],
            ["partnership.id"],
            name="fk_link_revocation_partnership",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
