"""The steps of the schema lead to the tables the program works with, on every engine."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect
from sqlalchemy.exc import ProgrammingError
from sqlmodel import SQLModel

from scheduler.store import StoreError, migrate, open_store, tables


def test_a_database_migrated_from_nothing_has_the_tables_of_the_program(empty: str) -> None:
    assert tables.PartnershipRow.metadata is SQLModel.metadata
    with open_store(empty, create=True) as store, store.read() as db:
        context = MigrationContext.configure(db, opts={"compare_server_default": True})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_program_knows_each_step_in_its_order() -> None:
    config = Config()
    config.set_main_option("script_location", "scheduler.store:migrations")
    steps = ScriptDirectory.from_config(config).walk_revisions()
    assert tuple(step.revision for step in reversed(list(steps))) == migrate.KNOWN


def test_an_upgrade_that_fails_half_way_leaves_the_database_as_it_was(empty: str) -> None:
    """Making tables is part of the transaction, as is all else."""
    with open_store(empty, create=True) as store:
        with store.write() as db:
            for table in reversed(SQLModel.metadata.sorted_tables):
                table.drop(db)
            db.exec_driver_sql("DELETE FROM alembic_version")
            # In the way of a step that comes late: others have been taken by then.
            db.exec_driver_sql("CREATE TABLE notice (note TEXT)")
        with pytest.raises((StoreError, ProgrammingError), match="notice"), store.write() as db:
            migrate.upgrade(db)
        with store.read() as db:
            assert sorted(inspect(db).get_table_names()) == ["alembic_version", "notice"]
