"""The date of an action that its minutes name and that could not be read; and who gave it one since.

Actions that are on record already keep the date that they have, or none.
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("action", sa.Column("unread", sa.Text()))
    op.add_column("action", sa.Column("due_given_at", MOMENT))
    op.add_column("action", sa.Column("due_given_by", sa.String()))
