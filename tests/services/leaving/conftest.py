"""A record of two partnerships that goes on for some weeks and is exported; and places where it is imported."""

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from scheduler.services.app import App, Silent, open_app
from scheduler.services.leaving.writing import Exported, export
from scheduler.services.pipeline.one_cycle import one_cycle
from scheduler.settings import Settings, load
from scheduler.store import open_store, subscriptions
from tests.held import only_what_is_held_is_written  # noqa: F401  (for each test here)
from tests.recorded import NEXT_DAY, unpack
from tests.store.conftest import _create, _numbers, server  # noqa: F401

DAYS = [NEXT_DAY + timedelta(days=number) for number in (0, 1, 6)]
LATER = DAYS[-1] + timedelta(days=1)
WEEKS_LATER = LATER + timedelta(days=9)
FEED = "the-secret-of-a-feed-that-somebody-reads-12"
READER = "liv.ek@nord.example"


def cycle(settings: Settings, at: Any) -> dict[str, int]:
    """A cycle of the program; what became of the letters that were due."""
    app = open_app(settings, Silent())
    done = one_cycle(app, at, lambda: at, None)
    app.close()
    return {**done.letters}


@pytest.fixture(scope="session")
def lived_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("lived") / "home"
    settings = load(unpack(home))
    with open_store(settings.database, migrate=True) as store, store.write() as db:
        subscriptions.add(db, FEED, DAYS[0], email=READER)
    for day in DAYS:
        cycle(settings, day)
    return home


@pytest.fixture
def lived(lived_home: Path, tmp_path: Path) -> Settings:
    """The settings of a record that was lived until the last of `DAYS`, in a folder of the test's own, which the
    program has seen."""
    shutil.copytree(lived_home, tmp_path / "old")
    settings = load(tmp_path / "old" / "cadence.yaml")
    _moved(settings, lived_home)
    return settings


def _moved(settings: Settings, before: Path) -> None:
    """The record of a copied folder names the new one."""
    from sqlalchemy import func, update

    from scheduler.store import core_tables

    with open_store(settings.database) as store, store.write() as db:
        for table in (core_tables.partnership, core_tables.file_state):
            moved = func.replace(table.c.file, str(before), str(settings.definitions.parent))
            db.execute(update(table).values(file=moved))


@pytest.fixture
def exported(lived: Settings, tmp_path: Path) -> Callable[..., Exported]:
    """``exported()`` exports the record with its keys."""

    def write(name: str = "all.zip", **how: Any) -> Exported:
        return exported_from(lived, tmp_path / name, **how)

    return write


def exported_from(settings: Settings, file: Path, **how: Any) -> Exported:
    app = open_app(settings, Silent(), only_looks=True)
    app.store.is_for_reading = True
    try:
        return export(app, file, WEEKS_LATER + timedelta(days=3650), **{"with_keys": True, **how})
    finally:
        app.close()


@pytest.fixture
def elsewhere(lived: Settings, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Settings]:
    """``elsewhere("postgresql")``: the settings of another machine, where nothing is on record yet."""
    numbers = iter(range(1, 100))

    def place(engine: str = "sqlite", **changes: Any) -> Settings:
        home = tmp_path / f"new-{next(numbers)}"
        home.mkdir()
        said = {**yaml.safe_load((lived.definitions.parent / "cadence.yaml").read_text()), **changes}
        if engine == "postgresql":
            started = request.getfixturevalue("server")
            said["database"] = _create(started, f"moved_{next(_numbers)}", "template1")
        (home / "cadence.yaml").write_text(yaml.safe_dump(said), encoding="utf-8")
        return load(home / "cadence.yaml")

    return place


@pytest.fixture
def app_of() -> Iterator[Callable[[Settings], App]]:
    """Opens apps, and closes them in the end."""
    opened: list[App] = []

    def open_(settings: Settings) -> App:
        opened.append(open_app(settings, Silent()))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()
