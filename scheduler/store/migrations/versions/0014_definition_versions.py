"""Every version of a definition, with the moment at which it was taken up.

The definition on record counts as in force from the beginning. Its moment is the newest on record of its partnership:
what was told until then was told under it.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

NAME = sa.String().with_variant(sa.String(collation="C"), "postgresql")
MOMENT = sa.BigInteger().with_variant(sa.DateTime(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "definition_version",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("partnership", NAME, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("part", sa.String()),
        sa.Column("taken_up_at", MOMENT, nullable=False),
        sa.Column("since", sa.Date()),
        sa.Column("past_days", sa.Integer()),
        sa.Column("person", sa.String()),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["partnership"],
            ["partnership.id"],
            name="fk_definition_version_partnership",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_definition_version_partnership", "definition_version", ["partnership"])
    # What a step of the past wrote into each of these tables was written at a moment that had come.
    op.execute(
        """
        INSERT INTO definition_version (partnership, kind, content_hash, taken_up_at, definition)
        SELECT id, 'upgrade', content_hash, (
            SELECT MAX(moment) FROM (
                SELECT p.first_seen AS moment
                UNION ALL SELECT p.told_since
                UNION ALL SELECT MAX(recorded_at) FROM notice WHERE partnership = p.id
                UNION ALL SELECT MAX(told_at) FROM notice WHERE partnership = p.id
                UNION ALL SELECT MAX(modified_at) FROM measure WHERE partnership = p.id
                UNION ALL SELECT MAX(modified_at) FROM review WHERE partnership = p.id
                UNION ALL SELECT MAX(opened_at) FROM flag WHERE partnership = p.id
            ) AS moments
        ), definition
        FROM partnership AS p
        """
    )
