"""How each reading came in; which lines of a file filled which periods; tokens whose programs write a decimal point."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("reading", sa.Column("way", sa.String()))
    op.create_table(
        "imported",
        sa.Column("file", NAME, primary_key=True),
        sa.Column("line", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("kpi", NAME, nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.add_column(
        "api_token", sa.Column("decimal_point", sa.Boolean(), nullable=False, server_default=sa.text("false"))
    )
    op.add_column("api_token", sa.Column("warned_at", MOMENT))
    # Programs that hold a token today write texts with a decimal point; they are not to be read otherwise tomorrow.
    op.execute("UPDATE api_token SET decimal_point = true")
