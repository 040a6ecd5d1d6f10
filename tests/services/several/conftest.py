"""Two daemons as two towns with the same definitions on one PostgreSQL, each with a folder of its own; and one alone,
on another database, for their record to be compared with."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scheduler.services.app import App
from scheduler.store import open_store
from scheduler.store.secrets import signing_key
from tests.services.town import Town, a_town, under
from tests.store.conftest import _create, _numbers, server

__all__ = ["server"]

Several = Callable[..., list[Town]]


@pytest.fixture
def several(tmp_path: Path, model_app: App, empty_database: Path, server: str) -> Iterator[Several]:
    """Opens so many towns on one new database."""
    opened: list[Town] = []

    def towns(count: int = 2, **settings: Any) -> list[Town]:
        number = next(_numbers)
        url = _create(server, f"several_{number}", "migrated")
        with open_store(url) as store, store.write() as db:
            signing_key(db)
        for each in range(count):
            town = a_town(tmp_path / f"several-{number}" / str(each), model_app, empty_database, **settings)
            town.app.store.close()
            first = opened[-each] if each else town
            its = town.app.settings.model_copy(update={"definitions": first.app.settings.definitions})
            app = replace(under(town.app, its), store=open_store(url), by=f"daemon-{each}", _parsed={})
            opened.append(replace(town, app=app))
        return opened[-count:]

    yield towns
    for each in opened:
        each.app.close()
