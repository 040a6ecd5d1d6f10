"""A town a few weeks after its first day, and a way to break off in the middle of whatever is recorded there."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from sqlalchemy.exc import IntegrityError

from tests.services.town import Town

BreaksOff = Callable[[Town], AbstractContextManager[None]]


@pytest.fixture
def breaks_off() -> BreaksOff:
    """Within it, whatever is governed anew fails, as where the disk is full: what was recorded before in the
    same transaction is to be gone."""

    @contextmanager
    def broken(town: Town) -> Iterator[None]:
        before = town.remembered()
        with town.app.store.write() as db:
            db.exec_driver_sql(
                "CREATE TRIGGER full BEFORE UPDATE OF wake_at ON partnership"
                " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
            )
        with pytest.raises(IntegrityError, match="the disk is full"):
            yield
        with town.app.store.write() as db:
            db.exec_driver_sql("DROP TRIGGER full")
        assert town.remembered() == before

    return broken
