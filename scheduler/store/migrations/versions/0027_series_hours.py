"""The times of day that people know of a partnership's series.

What is there has none yet: its first cycle reads them from its reviews, so that nothing moves to which people were
invited.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    op.add_column("partnership", sa.Column("series_hours", sa.JSON()))
