"""An export put on record in an installation that has nothing on record yet: all of it, or nothing.

The file is held against its manifest before anything is touched. The rows go in in one transaction, ids and all, with
the tables as they were when the export was made; then they are brought up to date. Files are laid after that: a record
without its files cancels nothing and tells nobody anything, while files without their record would begin anew. Where it
is cut off in between, the same import again lays the rest.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile, ZipFile

from sqlalchemy import Connection

from scheduler.definitions.playbooks import playbooks
from scheduler.domain.errors import UserError
from scheduler.services import environment
from scheduler.services.environment import Environment
from scheduler.services.leaving import archive, files_along, places
from scheduler.services.leaving.archive import TAKE_ANOTHER, ExportReader
from scheduler.services.leaving.writing import FORMAT
from scheduler.settings import Settings
from scheduler.store import (
    clock,
    daemons,
    dumps,
    loading,
    migrate,
    open_store,
    partnerships,
    plain_rows,
    read_url,
    secrets,
)
from scheduler.store.sqlite_file import laid_aside


class Imported(NamedTuple):
    """What an import did, or would do: of which program and schema the export is, how far its record reaches, how many
    partnerships, rows and files are in it, whether keys came along, whether it went on with an import that was cut off,
    and in what the plans here rest on something else. The schema is `brought_up_to` that of this program."""

    program: str
    schema: str
    brought_up_to: str
    reaches: datetime | None
    partnerships: int
    rows: int
    files: int
    with_keys: bool
    goes_on: bool
    differences: tuple[str, ...]


def import_(settings: Settings, file: Path, now: datetime, *, dry_run: bool = False) -> Imported:
    """Put an export on record, and lay its files; with `dry_run` only look whether that can be done. Raises
    UserError."""
    with _opened(file) as zip:
        export = archive.read(file, zip)
        _hold_words(export)
        goes_on = _is_cut_off(settings, export)
        count = files_along.hold(export, settings) if not goes_on else 0
        if not dry_run:
            if not goes_on:
                _put_on_record(settings, export, now)
            count = files_along.lay(export, settings, goes_on=goes_on)
            with open_store(settings.database) as store, store.write() as db:
                clock.forget(db, clock.IMPORTING)
    manifest = export.manifest
    return Imported(
        str(manifest["program"]),
        str(manifest["schema"]),
        migrate.LATEST,
        plain_rows.kept("moment", manifest["reaches"]),
        manifest["tables"]["partnership"]["rows"],
        sum(each["rows"] for each in manifest["tables"].values()),
        count,
        bool(manifest["with_keys"]),
        goes_on,
        tuple(_differences(settings, export, is_laid=not dry_run)),
    )


def _opened(file: Path) -> ZipFile:
    if file.exists() and not file.is_file():  # a pipe would be waited at, a device may have no end
        raise UserError(f"{file} is no plain file", TAKE_ANOTHER)
    try:
        return ZipFile(file)
    except (BadZipFile, NotImplementedError, ValueError):
        raise UserError(f"{file} is no ZIP file, or its end is missing", TAKE_ANOTHER) from None
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror or error}", TAKE_ANOTHER) from None


def _hold_words(export: ExportReader) -> None:
    """Whether this program understands what the manifest says. Raises UserError."""
    said = export.manifest
    if isinstance(said.get("format"), int) and said["format"] > FORMAT:
        what = f"{export.path} is of a newer cadence (its format is {said['format']}, this program's {FORMAT})"
        raise UserError(what, "install that version, and import it there")
    if said.get("schema") not in migrate.KNOWN:
        what = f"{export.path} is of another cadence (its schema is {str(said.get('schema'))[:20]!r}"
        raise UserError(f"{what}, this program's {migrate.LATEST})", "install that version or a newer one")
    try:
        plain_rows.kept("moment", said["reaches"])
        is_told = all(
            isinstance(each["rows"], int) and {*each["columns"].values()} <= plain_rows.COLUMN_TYPES.keys()
            for each in said["tables"].values()
        )
        is_told = (
            is_told and {"program", "with_keys", "plans_rest_on"} <= said.keys() and "partnership" in said["tables"]
        )
        is_told = is_told and all(f"tables/{name}.jsonl" in said["files"] for name in said["tables"])
    except (KeyError, TypeError, ValueError, AttributeError):
        is_told = False
    if not is_told:
        raise UserError(f"{export.path}: its {archive.MANIFEST} does not say what it should", TAKE_ANOTHER)


# The place ------------------------------------------------------------------------------------------------------------


def _is_cut_off(settings: Settings, export: ExportReader) -> bool:
    """Whether this very export is on record here, and its files are still to be laid. Raises UserError where anything
    else is on record, or a daemon runs."""
    if not _is_there(settings.database):
        return False
    with open_store(settings.database) as store, store.read() as db:
        cut_off = clock.get(db, clock.IMPORTING)
        _hold_empty(db, store.name, but=cut_off is not None and cut_off.note == export.digest)
    return cut_off is not None


def _is_there(database: str) -> bool:
    """Whether there is a database with tables. Where a restore was cut off, opening it says so."""
    url = read_url(database)
    if url.get_backend_name() == "postgresql":
        return dumps.has_tables(url)
    file = Path(str(url.database))
    return (file.exists() and file.stat().st_size > 0) or laid_aside(file) is not None


def _hold_empty(db: Connection, name: str, *, but: bool = False) -> None:
    if running := [each.name for each in daemons.listing(db) if each.is_running]:
        raise UserError(f"a daemon works on {name}: {running[0]}", "stop it first, such as by systemctl stop cadence")
    if (found := loading.first_found(db)) and not but:
        what = f"{name} is not empty (it has rows of {found}), and an import is never mixed with what is there"
        raise UserError(what, "name another database under `database:`, or an empty folder: cadence init DIR")


# The rows -------------------------------------------------------------------------------------------------------------


def _put_on_record(settings: Settings, export: ExportReader, now: datetime) -> None:
    with open_store(settings.database, create=True) as store, store.write() as db:
        loading.alone(db)
        _hold_empty(db, store.name)
        loading.begin(db, export.manifest["schema"])
        there = loading.columns_there(db)
        for name, told in export.manifest["tables"].items():
            if name not in there or not told["columns"].keys() <= there[name]:
                raise UserError(
                    f"{export.path}: schema {export.manifest['schema']} has no such {name[:40]!a}", TAKE_ANOTHER
                )
            written = loading.fill(db, name, told["columns"], _rows(settings, export, name, told["columns"]))
            if written != told["rows"]:
                raise UserError(f"{export.path}: {name} has {written} rows, not {told['rows']}", TAKE_ANOTHER)
        loading.finish(db)
        if not export.manifest["with_keys"]:  # calendars are published anew, with links of this one
            secrets.signing_key(db, now)
            partnerships.touch(db, partnerships.ids(db))
        clock.keep(db, clock.IMPORTING, now, note=export.digest)


def _rows(
    settings: Settings, export: ExportReader, table: str, kinds: Mapping[str, str]
) -> Iterator[Mapping[str, Any]]:
    for number, row in enumerate(export.lines(f"tables/{table}.jsonl"), 1):
        if not isinstance(row, dict) or row.keys() != kinds.keys():
            raise UserError(f"{export.path}: line {number} of {table} has other columns", TAKE_ANOTHER)
        for name, kind in kinds.items():
            try:
                row[name] = plain_rows.kept(kind, row[name])
            except (ValueError, OverflowError):
                what = f"{export.path}: line {number} of {table}: {name[:40]} is no {kind}"
                raise UserError(what, TAKE_ANOTHER) from None
        yield places.to_here(settings.definitions, table, row)


# What plans rest on ---------------------------------------------------------------------------------------------------


def _differences(settings: Settings, export: ExportReader, *, is_laid: bool) -> Iterator[str]:
    """In what plans here rest on something else than there: then they are made anew by it. Playbooks that are still to
    be laid are none of it."""
    here = environment.of_this_process(settings, playbooks(*settings.playbook_folders))
    try:
        there = Environment(**export.manifest["plans_rest_on"], fingerprint="")
        found = [*environment.differences(here, there)]
    except (TypeError, AttributeError):
        return
    is_to_come = not is_laid and bool(export.names("playbooks"))
    yield from (each for each in found if not (is_to_come and each.startswith("another playbook")))
