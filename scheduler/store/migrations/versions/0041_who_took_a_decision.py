"""Who took a decision, in words, where another one reports it."""

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    # PostgreSQL alters no table of which references are still to be checked: rows that 0029 entered in the same
    # transaction, where a database is brought up to date in one.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SET CONSTRAINTS ALL IMMEDIATE")
        op.execute("SET CONSTRAINTS ALL DEFERRED")
    op.add_column("decision", sa.Column("taken_by", sa.Text()))
