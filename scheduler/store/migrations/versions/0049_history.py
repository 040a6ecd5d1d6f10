"""An index by which the history of all reviews is read backwards, without the many that were merely planned."""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"

CHANGED = sa.text("action <> 'schedule' OR person IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_revision_changes", "revision", ["id"], sqlite_where=CHANGED, postgresql_where=CHANGED)
