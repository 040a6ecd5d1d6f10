"""Of letters: when their own dialogue began, and since when their channel refuses them.

A letter that an earlier program had claimed counts as begun where its last line was about to go out. Lapses counted
whole batches until now, so they are forgotten.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("letter", sa.Column("begun_at", MOMENT))
    op.add_column("letter", sa.Column("refused_at", MOMENT))
    op.execute("UPDATE letter SET begun_at = dot_at WHERE state = 'claimed'")
    op.execute("UPDATE letter SET lapses = 0 WHERE state IN ('due', 'claimed')")
    if op.get_bind().dialect.name == "postgresql":  # it alters no table of which rows still wait for their checks
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.execute("SET CONSTRAINTS ALL DEFERRED")
    late = sa.text("state = 'expired' AND method = 'NOTICE'")
    op.create_index("ix_letter_late", "letter", ["instance"], sqlite_where=late, postgresql_where=late)
