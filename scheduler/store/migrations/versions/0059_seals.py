"""The seals of records, which revision of a partnership was sealed last, and the SHA-256 of letters that are let go
of."""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "seal",
        sa.Column("partnership", NAME, primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("sealed_at", MOMENT, nullable=False),
        sa.Column("previous", sa.String(), nullable=False),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("note", sa.JSON()),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership"], ["partnership.id"], name="fk_seal_partnership", deferrable=True, initially="DEFERRED"
        ),
    )
    op.add_column("partnership", sa.Column("sealed", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("letter", sa.Column("sha256", sa.String()))
