"""Answers to invitations: what was answered, by whom; the tokens that answers bear; the letters dealt with.

Reviews become findable by the UID they have in calendars.
"""

import sqlalchemy as sa
from alembic import op

from scheduler.domain.record.review import uid

revision = "0003"
down_revision = "0002"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
BATCH = 5000


def upgrade() -> None:
    _uids()
    op.create_table(
        "reply_token",
        sa.Column("sha256", NAME, primary_key=True),
        sa.Column("uid", NAME, nullable=False),
    )
    op.create_index("ix_reply_token_uid", "reply_token", ["uid"])
    _answers()
    op.create_table(
        "taken_letter",
        sa.Column("digest", NAME, primary_key=True),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_taken_letter_at", "taken_letter", ["at"])
    op.create_table(
        "reply_count",
        sa.Column("outcome", NAME, primary_key=True),
        sa.Column("letters", sa.Integer(), nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
    )


def _uids() -> None:
    """SQLite cannot derive a UUID from an id, so Python does, some thousand reviews at a time."""
    op.add_column("review", sa.Column("uid", NAME, nullable=False, server_default=sa.text("''")))
    db = op.get_bind()
    review = sa.table("review", sa.column("id", sa.String()), sa.column("uid", sa.String()))
    fill = sa.update(review).where(review.c.id == sa.bindparam("of")).values(uid=sa.bindparam("derived"))
    last = ""
    while ids := db.scalars(sa.select(review.c.id).where(review.c.id > last).order_by(review.c.id).limit(BATCH)).all():
        db.execute(fill, [{"of": id, "derived": uid(id)} for id in ids])
        last = ids[-1]
    op.create_index("ix_review_uid", "review", ["uid"])


def _answers() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("subject", NAME, nullable=False),
        sa.Column("email", NAME, nullable=False),
        sa.Column("says", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("dtstamp", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.Column("proposed_start", MOMENT),
        sa.Column("proposed_end", MOMENT),
        sa.Column("delegate", sa.String()),
        sa.Column("comment", sa.Text()),
        sa.ForeignKeyConstraint(
            ["partnership"], ["partnership.id"], name="fk_answer_partnership", deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_answer_partnership", "answer", ["partnership"])
    op.create_index("ix_answer_subject", "answer", ["subject", "email"])
