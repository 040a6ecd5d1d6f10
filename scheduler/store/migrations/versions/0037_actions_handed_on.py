"""Who handed an action of the minutes to its owner, when and why."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("action", sa.Column("handed_at", MOMENT))
    op.add_column("action", sa.Column("handed_by", sa.String()))
    op.add_column("action", sa.Column("handed_because", sa.Text()))
