"""An export of all that an installation knows, written while the daemon goes on working."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import ZipFile

import yaml
from sqlalchemy import Connection, select

from scheduler import __version__
from scheduler.domain.errors import UserError
from scheduler.services.app import App
from scheduler.services.leaving import files_along, places, readme
from scheduler.services.leaving.archive import ExportWriter
from scheduler.settings import Settings
from scheduler.store import clock, migrate, outbox, plain_rows
from scheduler.store.unfinished import written_whole

FORMAT = 1
_AT_A_TIME = 50
_NOT_TOLD = {"database", "data", "definitions", "playbooks", "templates", "monitor"}
_SECRET = ("_file", "_command", "_variable")
"""How the keys of settings end that say where a secret lies; a `url` by itself is one."""


class Exported(NamedTuple):
    """Where an export is, its bytes, how many partnerships and rows are in it, how many letters had not left, and the
    files that were left out."""

    file: Path
    size: int
    partnerships: int
    rows: int
    on_their_way: int
    left_out: tuple[str, ...]


def export(app: App, target: Path, now: datetime, *, with_keys: bool, replace: bool = False) -> Exported:
    """Write all into a file of its own, which is there whole or not at all. Raises UserError."""
    if app.is_scratch:
        raise UserError("this is a scratch copy, on which days to come were tried", "leave --now out, or db discard it")
    if target.exists() and not (replace and target.is_file()):
        raise UserError(f"{target} is there already, and stays", "name another file, or add --replace")
    try:
        with written_whole(target) as part, ZipFile(part, "w") as zip, app.store.read() as db:
            found = _written(app, db, ExportWriter(zip), now, with_keys=with_keys)
    except OSError as error:
        what = f"{error.filename or target}: {error.strerror or error}"
        raise UserError(what, "check who may write there, and the space left on the disk") from None
    return found._replace(file=target, size=target.stat().st_size)


def _written(app: App, db: Connection, into: ExportWriter, now: datetime, *, with_keys: bool) -> Exported:
    reaches = clock.newest_moment(db)
    names, tables = plain_rows.tables(with_keys=with_keys), dict[str, dict[str, Any]]()
    for name in names:
        tables[name] = {"rows": 0, "columns": plain_rows.columns(name)}
        into.add(f"tables/{name}.jsonl", _lines(app, db, name, tables[name], with_keys=with_keys, reaches=reaches))
    left_out = files_along.write(into, app.settings, now, with_keys=with_keys)
    into.add_tar("minutes.tar", _minutes(db))
    into.add_tar("versions.tar", _versions(db))
    into.add("settings.yaml", [_settings(app.settings)])
    into.add("schema.json", [(json.dumps(readme.schemas(names), indent=2, ensure_ascii=False) + "\n").encode()])
    rests_on = asdict(app.basis.environment)
    del rests_on["fingerprint"]
    manifest = {
        "export": "cadence instance",
        "format": FORMAT,
        "program": __version__,
        "schema": migrate.LATEST,
        "with_keys": with_keys,
        "reaches": plain_rows.plain("moment", reaches),
        "plans_rest_on": rests_on,
        "tables": tables,
    }
    into.add("README.txt", [readme.text(manifest).encode()])
    into.close_with(manifest)
    rows, letters = sum(each["rows"] for each in tables.values()), outbox.counts(db)
    on_their_way = letters.get("due", 0) + letters.get("claimed", 0)
    return Exported(Path(), 0, tables["partnership"]["rows"], rows, on_their_way, tuple(left_out))


def _lines(
    app: App, db: Connection, table: str, told: dict[str, Any], *, with_keys: bool, reaches: datetime | None
) -> Iterator[bytes]:
    """The rows of a table, a line each, and counted in what is `told` of it."""
    for row in plain_rows.rows(db, table, with_keys=with_keys, reaches=reaches):
        told["rows"] += 1
        placed = places.to_anywhere(app.settings.definitions, table, row)
        yield f"{json.dumps(placed, ensure_ascii=False)}\n".encode()


def _minutes(db: Connection) -> Iterator[tuple[str, bytes]]:
    of = plain_rows.TABLES["review"].c
    wanted = select(of.id, of.minutes).where(of.minutes.is_not(None)).order_by(of.id)
    for id, text in db.execute(wanted.execution_options(yield_per=_AT_A_TIME)):
        yield f"{id}.md", text.encode()


def _versions(db: Connection) -> Iterator[tuple[str, bytes]]:
    of = plain_rows.TABLES["definition_version"].c
    wanted = select(of.partnership, of.id, of.taken_up_at, of.definition).order_by(of.partnership, of.id)
    for partnership, id, at, text in db.execute(wanted.execution_options(yield_per=_AT_A_TIME)):
        yield f"{partnership}/{id}-{at:%Y-%m-%d}.yaml", text.encode()


def _settings(settings: Settings) -> bytes:
    said = settings.model_dump(exclude_defaults=True, exclude=_NOT_TOLD)
    plain = settings.model_dump(mode="json", exclude_defaults=True, exclude=_NOT_TOLD)
    told = _without_secrets_and_paths(said, plain)
    return yaml.safe_dump(told, allow_unicode=True, sort_keys=True).encode()


def _without_secrets_and_paths(value: Any, plain: Any) -> Any:
    """What may be told of a value of the settings, as it is `plain` in JSON: there a path is text like any other."""
    if isinstance(value, dict):
        return {
            key: _without_secrets_and_paths(each, written)
            for each, (key, written) in zip(value.values(), plain.items(), strict=True)
            if not (key == "url" or key.endswith(_SECRET) or isinstance(each, Path))
        }
    if isinstance(plain, list):
        return [_without_secrets_and_paths(*each) for each in zip(value, plain, strict=True)]
    return plain
