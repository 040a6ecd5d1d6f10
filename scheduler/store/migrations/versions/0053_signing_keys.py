"""When a key that links are signed with was made, and since when another signs."""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("secret", sa.Column("made_at", MOMENT))
    op.add_column("secret", sa.Column("retired_at", MOMENT))
