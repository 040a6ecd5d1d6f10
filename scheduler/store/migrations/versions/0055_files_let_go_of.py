"""Of a file to be read before a review that is old: when its content was let go of, and the SHA-256 that stays."""

import sqlalchemy as sa
from alembic import op

revision = "0055"
down_revision = "0054"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("pre_read", sa.Column("forgotten_at", MOMENT))
    op.add_column("pre_read", sa.Column("sha256", sa.String()))
