"""Two columns are called by what they say: when the definition last changed, and when a letter's transmission began.

What they hold stays as it is.
"""

from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.alter_column("partnership", "told_since", new_column_name="definition_changed_at")
    op.alter_column("letter", "dot_at", new_column_name="transmitting_at")
