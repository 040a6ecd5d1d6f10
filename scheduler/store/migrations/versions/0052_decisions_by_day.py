"""An index by which the decisions of all partnerships are read, the last ones first."""

from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.create_index("ix_decision_day", "decision", ["decided_on", "recorded_at"])
