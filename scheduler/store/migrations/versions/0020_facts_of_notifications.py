"""The facts of what people are told, of which a template makes sentences when a letter is written.

What is on record already has none: it keeps its sentences, and is told in them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("notice", sa.Column("facts", sa.JSON()))
