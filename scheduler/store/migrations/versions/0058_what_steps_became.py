"""What steps came to hold after databases had taken them: a column and indexes that those lack, and that have been in
every database made since."""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"

WAITING = sa.text("problem IS NOT NULL")
PORTFOLIO = (
    *("reader", "layer", "weight", "name", "scope", "state", "model", "sponsor"),
    *("overdue", "adherence", "next_start", "next_date"),
)


def upgrade() -> None:
    known = sa.inspect(op.get_bind())
    if "carried_out_because" not in {column["name"] for column in known.get_columns("decision")}:
        op.add_column("decision", sa.Column("carried_out_because", sa.Text()))
    if "ix_partnership_waiting" not in _indexes(known, "partnership"):
        op.create_index("ix_partnership_waiting", "partnership", ["id"], sqlite_where=WAITING, postgresql_where=WAITING)
    standing = _indexes(known, "standing")
    for name in standing & {"ix_standing_model", "ix_standing_order", "ix_standing_sponsor"}:
        op.drop_index(name, "standing")
    if "ix_standing_portfolio" not in standing:
        op.create_index("ix_standing_portfolio", "standing", [*PORTFOLIO])


def _indexes(known: sa.Inspector, table: str) -> set[str]:
    return {str(index["name"]) for index in known.get_indexes(table)}
