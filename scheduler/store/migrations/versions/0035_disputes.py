"""What changed in definitions, and what people say against that or against a reading. Of changes before nobody is
told."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    for table, columns in (
        (
            "definition_change",
            (
                sa.Column("changes", sa.JSON(), nullable=False),
                sa.Column("people", sa.JSON(), nullable=False),
                sa.Column("at", MOMENT, nullable=False),
            ),
        ),
        (
            "dispute",
            (
                sa.Column("about", sa.String(), nullable=False),
                sa.Column("subject", NAME, nullable=False),
                sa.Column("period", NAME, nullable=False),
                sa.Column("says", sa.Text(), nullable=False),
                sa.Column("person", sa.String(), nullable=False),
                sa.Column("said_at", MOMENT, nullable=False),
                sa.Column("settled_at", MOMENT),
                sa.Column("settled_by", sa.String()),
                sa.Column("how", sa.String()),
                sa.Column("because", sa.Text()),
            ),
        ),
    ):
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("partnership", NAME, nullable=False),
            *columns,
            sa.ForeignKeyConstraint(
                ["partnership"],
                ["partnership.id"],
                name=f"fk_{table}_partnership",
                deferrable=True,
                initially="DEFERRED",
            ),
        )
        op.create_index(f"ix_{table}_partnership", table, ["partnership"])
