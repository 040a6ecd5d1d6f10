"""When the words of a partnership's calendar entries may last have changed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("partnership", sa.Column("told_since", MOMENT))
