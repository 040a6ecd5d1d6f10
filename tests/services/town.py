"""A town to run cycles in: a folder of definitions, real playbooks, a real database, and whatever the cycles leave."""

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Connection

from scheduler.domain.record.review import Recorded
from scheduler.services.app import App
from scheduler.services.pipeline.cycle import CycleReport, run
from scheduler.settings import Settings
from scheduler.store import open_store, reviews
from scheduler.store.tables import PartnershipRow
from tests.builders import Written, at, written

DAY_ONE = at("2026-10-01 09:00")
"""The effective date of `written()`, in the morning, in Berlin."""
HORIZON = 120
LEFT_OUT = {"revision", "published", "fingerprint", "signature"}
"""Columns that count attempts, or that tell of the program and the disk; the rest is what the cycles leave."""


@dataclass
class Events:
    """A log that keeps its events: level, name, and what is known of each."""

    said: list[tuple[str, str, dict[str, object]]] = field(default_factory=list)

    def info(self, event: str, **known: object) -> None:
        self.said.append(("info", event, known))

    def warning(self, event: str, **known: object) -> None:
        self.said.append(("warning", event, known))

    def error(self, event: str, **known: object) -> None:
        self.said.append(("error", event, known))

    def exception(self, event: str, **known: object) -> None:
        self.said.append(("error", event, known))

    def of(self, event: str) -> list[dict[str, object]]:
        return [known for _, name, known in self.said if name == event]


@dataclass
class Town:
    """`app` is open; `folder` holds `partnerships/` (what people write) and `data/` (what cycles write)."""

    folder: Path
    app: App
    log: Events

    @property
    def definitions(self) -> Path:
        return self.folder / "partnerships"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def define(self, definition: Written | None = None, **changes: Any) -> Path:
        """Write a definition file as an editor does: the new text in place of the old."""
        said = definition or written(**changes)
        path = self.definitions / f"{said['partnership']}.yaml"
        path.write_text(yaml.safe_dump(said, sort_keys=False, allow_unicode=True), encoding="utf-8")
        return path

    def cycle(self, now: datetime = DAY_ONE, **kwargs: Any) -> CycleReport:
        return run(self.app, now, **kwargs)

    @contextmanager
    def database(self) -> Iterator[Connection]:
        with self.app.store.read() as db:
            yield db

    def reviews(self, partnership: str = "acme-globex") -> dict[str, Recorded]:
        with self.database() as db:
            return reviews.recorded(db, partnership)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """A table, in the order of what its rows say, without numbers that the database gave them itself."""
        kept = PartnershipRow.metadata.tables[table]
        with self.database() as db:
            found = [dict(row) for row in db.execute(kept.select()).mappings()]
        for row in found:
            for column in LEFT_OUT | (
                {"id"} if table in ("revision", "reading", "excuse", "flag", "notice", "cause") else set()
            ):
                row.pop(column, None)
            row |= {key: _here(text, self.folder) for key, text in row.items()}
        return sorted(found, key=repr)

    def remembered(self) -> dict[str, list[dict[str, Any]]]:
        """Everything the database remembers, by table."""
        return {name: self.rows(name) for name in sorted(PartnershipRow.metadata.tables)}

    def files(self) -> dict[str, bytes]:
        """Every file that the cycles wrote, hidden ones too, by its path under `data`."""
        return {
            str(path.relative_to(self.data)): path.read_bytes()
            for path in sorted(self.data.rglob("*"))
            if path.is_file() and not path.name.startswith("cadence.db")
        }

    def read(self, path: str) -> str:
        return (self.data / path).read_bytes().decode()

    def problems(self) -> list[dict[str, Any]]:
        """The problems that stand, of files and then of partnerships."""
        kept = [row["problems"] for row in self.rows("file_state")] + [
            row["problem"] for row in self.rows("partnership")
        ]
        return [problem for each in kept if each for problem in each]

    def reopened(self) -> "Town":
        """The same town after the program was started anew."""
        self.app.close()
        store = open_store(self.app.settings.database)
        return replace(self, app=replace(self.app, store=store, _parsed={}))


def _here(value: Any, folder: Path) -> Any:
    """What a row says, wherever the town lies."""
    return value.replace(str(folder), "") if isinstance(value, str) else value


def a_town(folder: Path, like: App, empty: Path, **settings: Any) -> Town:
    """A new town with no definition yet. `like` lends its playbooks; `empty` is a database with tables only."""
    (folder / "partnerships").mkdir(parents=True)
    (folder / "data").mkdir()
    shutil.copyfile(empty, folder / "data" / "cadence.db")
    its = settings_of(folder, **settings)
    log = Events()
    return Town(folder, replace(under(like, its), store=open_store(its.database), log=log, _parsed={}), log)


def settings_of(folder: Path, **changes: Any) -> Settings:
    said: Mapping[str, Any] = {
        "definitions": folder / "partnerships",
        "playbooks": folder / "playbooks",
        "templates": folder / "templates",
        "data": folder / "data",
        "database": f"sqlite:///{folder / 'data' / 'cadence.db'}",
        "horizon_days": HORIZON,
        **changes,
    }
    return Settings.model_validate(said)


def under(app: App, settings: Settings) -> App:
    """The same record by other settings, and by the same playbooks, which have been read."""
    basis = copy(app.basis)
    basis.settings = settings
    return replace(app, basis=basis)


def of_the_next_version(app: App) -> App:
    """The same record, opened by a program that plans by other rules."""
    basis = copy(app.basis)
    basis.environment = replace(app.basis.environment, planner="7", fingerprint="the planner of the next version")
    return replace(app, basis=basis)
