"""What all sides are told of a month beside the head of their chain of seals."""

import sqlalchemy as sa
from alembic import op

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    op.add_column("seal", sa.Column("statement", sa.JSON()))
