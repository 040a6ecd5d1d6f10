"""Sign-ins that have begun, and the accounts at OpenID providers that are pinned to people."""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"

MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")
NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "sign_in",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("secret_hash", NAME, nullable=False),
        sa.Column("browser_hash", NAME),
        sa.Column("email", NAME),
        sa.Column("code_hash", sa.String()),
        sa.Column("back", sa.Text()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_at", MOMENT, nullable=False),
        sa.Column("used_at", MOMENT),
    )
    op.create_index("ix_sign_in_secret_hash", "sign_in", ["secret_hash"], unique=True)
    op.create_index("ix_sign_in_browser_hash", "sign_in", ["browser_hash"])
    op.create_index("ix_sign_in_email", "sign_in", ["email"])
    op.create_index("ix_sign_in_expires_at", "sign_in", ["expires_at"])
    op.create_table(
        "openid_account",
        sa.Column("issuer", NAME, primary_key=True),
        sa.Column("subject", NAME, primary_key=True),
        sa.Column("email", NAME, nullable=False),
        sa.Column("pinned_at", MOMENT, nullable=False),
        sa.UniqueConstraint("issuer", "email", name="uq_openid_account_email"),
    )
    op.create_index("ix_openid_account_email", "openid_account", ["email"])
