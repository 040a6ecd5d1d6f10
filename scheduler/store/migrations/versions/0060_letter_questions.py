"""What letters ask, so that a reply to them can answer it."""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "letter_question",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("letter", NAME, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("seal", sa.String()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("period", NAME, nullable=False),
        sa.Column("value", sa.Text()),
        sa.Column("note", sa.Text()),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership"],
            ["partnership.id"],
            name="fk_letter_question_partnership",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_letter_question_letter", "letter_question", ["letter"])
    op.create_index("ix_letter_question_asked_at", "letter_question", ["asked_at"])
