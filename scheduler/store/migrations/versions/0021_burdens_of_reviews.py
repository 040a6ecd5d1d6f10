"""What each side bears at a review: minutes outside its hours, days off of its own.

Nobody has worked it out for what is on record: that happens when a partnership is governed next.
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.add_column("review", sa.Column("burdens", sa.JSON()))
