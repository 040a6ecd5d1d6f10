"""Playbooks are read, and an empty database is made, once for all tests: both take longer than a small cycle."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from scheduler.services.app import App, Silent, open_app
from scheduler.store.secrets import signing_key
from tests.held import only_what_is_held_is_written  # noqa: F401  (for each test here)
from tests.services.town import Town, a_town, settings_of


@pytest.fixture(scope="session")
def model_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    app = open_app(settings_of(tmp_path_factory.mktemp("model")), Silent(), create=True)
    with app.store.write() as db:  # the same in every town, so that two of them can write the same letters
        signing_key(db)
    yield app
    app.close()


@pytest.fixture(scope="session")
def empty_database(model_app: App) -> Path:
    model_app.store.close()
    return Path(str(model_app.store.url.database))


@pytest.fixture
def build(tmp_path: Path, model_app: App, empty_database: Path) -> Iterator[Callable[..., Town]]:
    """Builds towns, each in a folder of its own; all are closed in the end."""
    built: list[Town] = []

    def town(name: str = "town", **settings: Any) -> Town:
        built.append(a_town(tmp_path / name, model_app, empty_database, **settings))
        return built[-1]

    yield town
    for each in built:
        each.app.close()


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    return build()
