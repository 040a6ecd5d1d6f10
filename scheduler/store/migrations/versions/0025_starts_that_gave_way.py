"""The start that a review would have, did it not give way to another one at the same time. Nothing on record did."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("review", sa.Column("gave_way_from", MOMENT))
