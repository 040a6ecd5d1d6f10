"""Several daemons on one database of either engine; they share the folder of definitions, or each has its own."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import update

from scheduler.domain.record.daemon_state import DELIVERS, GOVERNS, STOPPED
from scheduler.domain.record.review import Recorded
from scheduler.services import daemons as peers
from scheduler.services.app import App
from scheduler.services.environment import Environment
from scheduler.services.pipeline.cycle import CycleReport, run
from scheduler.services.processes import new_name
from scheduler.store import core_tables, daemons, open_store, reviews, server_clock
from scheduler.store.daemons import KnownDaemon
from tests.builders import Written, written
from tests.services.town import DAY_ONE, Events, settings_of, under
from tests.store.conftest import engine, migrated_file, server, url  # noqa: F401


@dataclass
class Host:
    """A daemon, as its loop would run it; `definitions` is its folder."""

    app: App
    log: Events

    @property
    def definitions(self) -> Path:
        return self.app.settings.definitions

    def define(self, definition: Written | None = None, **changes: Any) -> Path:
        said = definition or written(**changes)
        path = self.definitions / f"{said['partnership']}.yaml"
        path.write_text(yaml.safe_dump(said, sort_keys=False, allow_unicode=True), encoding="utf-8")
        return path

    def cycle(self, now: datetime = DAY_ONE) -> CycleReport:
        with on_its_host(self.app):
            done = run(self.app, now)
            peers.show(self.app, DELIVERS if done.superseded else GOVERNS)
        return done

    def stops(self) -> None:
        with on_its_host(self.app):
            peers.show(self.app, STOPPED)

    def is_silent_for(self, **span: float) -> None:
        """It is not heard of any more, as by the database's clock."""
        from datetime import timedelta

        mine = core_tables.daemon.c.process == self.app.by
        with self.app.store.write() as db:
            at = server_clock.now(db) - timedelta(**span)
            db.execute(update(core_tables.daemon).where(mine).values(seen_at=at))

    def starts_again(self) -> "Host":
        """The same program after its process ended, however it did."""
        again = Host(replace(self.app, by=new_name()), self.log)
        with on_its_host(self.app):
            peers.begin(again.app)
        return again

    def known(self) -> list[KnownDaemon]:
        with self.app.store.read() as db:
            return daemons.listing(db)

    def reviews(self, partnership: str = "acme-globex") -> dict[str, Recorded]:
        with self.app.store.read() as db:
            return reviews.recorded(db, partnership)


@contextmanager
def on_its_host(app: App) -> Iterator[None]:
    """Each daemon runs on a host of its name."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "gethostname", lambda: str(app.settings.name))
        yield


@pytest.fixture
def host(tmp_path: Path, model_app: App, url: str) -> Iterator[Callable[..., Host]]:  # noqa: F811
    """Starts daemons by name; `environment` changes what a plan rests on there, the rest are its settings. One that
    has its `own` folder of definitions shares it with nobody."""
    opened: list[Host] = []

    def start(name: str, environment: dict[str, Any] | None = None, *, own: bool = False, **settings: Any) -> Host:
        folder = tmp_path / name
        definitions = (folder if own else tmp_path) / "partnerships"
        definitions.mkdir(parents=True, exist_ok=True)
        (folder / "data").mkdir(parents=True)
        its = settings_of(folder, **{"name": name, "definitions": definitions, "database": url, **settings})
        app = under(model_app, its)
        app.basis.__dict__.pop("environment", None)
        if environment:
            app.basis.environment = _changed(app.basis.environment, environment)
        log = Events()
        opened.append(Host(replace(app, store=open_store(url), log=log, by=new_name(), _parsed={}), log))
        with on_its_host(opened[-1].app):
            peers.begin(opened[-1].app)
        return opened[-1]

    yield start
    for each in opened:
        each.app.store.close()


def _changed(before: Environment, changes: dict[str, Any]) -> Environment:
    return replace(before, **changes, fingerprint=f"{before.fingerprint} {sorted(changes.items())}")
