"""Who is expected where and when. It is filled as partnerships are governed, each once after this."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "attendance",
        sa.Column("email", NAME, nullable=False),
        sa.Column("review", NAME, nullable=False),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("start_utc", MOMENT, nullable=False),
        sa.Column("end_utc", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("email", "review"),
        sa.ForeignKeyConstraint(
            ["review"], ["review.id"], name="fk_attendance_review", deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_attendance_start", "attendance", ["email", "start_utc"])
    op.create_index("ix_attendance_review", "attendance", ["review"])
    op.create_index("ix_attendance_partnership", "attendance", ["partnership"])
