"""What each host sees of the definition files, so that their contents can be compared."""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sighting",
        sa.Column("host", NAME, primary_key=True),
        sa.Column("folder", NAME, primary_key=True),
        sa.Column("name", NAME, primary_key=True),
        sa.Column("signature", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("is_judged", sa.Boolean(), nullable=False),
    )
