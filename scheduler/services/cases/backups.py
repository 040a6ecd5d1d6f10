"""A backup of all that is on record, made while the daemon works; and one laid in place of the record.

It is a file by itself: of SQLite a database, of PostgreSQL a dump in the server's own format. What was there before a
restore is kept aside. What people were told after the backup was made is carried over from it, where it can be read:
else it would be told once more.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from itertools import chain, count
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL

from scheduler.domain.errors import UserError
from scheduler.named_files import make_folder
from scheduler.store import (
    OlderSchema,
    StoreError,
    carried_over,
    clock,
    copies,
    dumps,
    half_restored,
    migrate,
    open_store,
    partnerships,
    read_url,
)
from scheduler.store.sqlite_file import ASIDE, found_or_made, laid_aside

_NAMED = "cadence-"
_IS_OURS = re.compile(rf"{_NAMED}\d{{4}}-\d\d-\d\dT\d{{6}}Z(-\d+)?\.\w+")
FOLDER = "backups"
"""Under `data`: where the program itself lays one, before it changes the schema or replaces the record."""


class Backup(NamedTuple):
    """Where it is, its bytes, the schema that it has, in words why it could not be put on record, and the older ones
    that were removed."""

    file: Path
    size: int
    schema: str
    unrecorded: str | None
    removed: tuple[Path, ...] = ()


class Restored(NamedTuple):
    """`reaches` is the newest moment of the record that is there now; None where that needs an upgrade first. What was
    there is kept as `aside`. `carried` was told after the backup, and is on record now; None where nobody can tell."""

    schema: str
    reaches: datetime | None
    aside: Path | None
    carried: carried_over.Carried | None

    @property
    def is_older(self) -> bool:
        return self.schema != migrate.LATEST


def back_up(
    database: str,
    target: Path,
    now: datetime,
    *,
    replace: bool = False,
    is_folder: bool = False,
    keep: int | None = None,
) -> Backup:
    """Make a backup at `target`, or under a name of its own where that is a folder, and put on record that it was made.

    A folder that is said to be one is made where it is not there. Of the backups that lie in it under such names the
    newest `keep` stay. Raises UserError: something is there and not to be replaced, there is no room, the record is
    damaged.
    """
    url = read_url(database)
    if is_folder:
        _own_place(target)
    is_folder = target.is_dir()
    if keep is not None and not is_folder:
        raise UserError(f"{target} is no folder, and --keep is of the backups in one", f"name a folder: {target}/")
    file = _free(target / f"{_NAMED}{_stamp(now)}{_ending(url)}") if is_folder else target
    if _is_the_record(url, file):
        raise UserError(f"{file} is the record itself", "name another file or folder")
    if file.exists() and not replace:
        raise UserError(f"{file} is there already, and stays", "name another file or a folder, or add --replace")
    found = _copied(url, file)
    removed = _all_but_the_newest(target, file, keep) if keep is not None else ()
    try:
        with open_store(database) as store, store.write() as db:
            clock.keep(db, clock.BACKUP, now, note=str(file.absolute()))
    except StoreError as error:
        return Backup(file, found.size, found.schema, error.what, removed)
    return Backup(file, found.size, found.schema, None, removed)


def _all_but_the_newest(folder: Path, made: Path, keep: int) -> tuple[Path, ...]:
    """Remove the older ones that bear a name of ours, by the moments that they name; never the one just made."""
    ours = (each for each in folder.glob(f"{_NAMED}*{made.suffix}") if _IS_OURS.fullmatch(each.name))
    older = sorted((each for each in ours if each != made), key=lambda each: (each.stem, each.name), reverse=True)
    gone = tuple(older[max(keep - 1, 0) :])
    for each in gone:
        with _said_of(each):
            each.unlink(missing_ok=True)
    return gone


def back_up_before_upgrade(database: str, folder: Path, now: datetime) -> Path | None:
    """A backup of a record of an older schema, in a folder that is made where it is not there; None where it is up to
    date, or none at all. Raises UserError."""
    try:
        open_store(database).close()
    except OlderSchema:
        pass
    else:
        return None
    url = read_url(database)
    file = _free(_own_place(folder) / f"before-upgrade-{_stamp(now)}{_ending(url)}")
    _copied(url, file)
    return file


def restore(database: str, data: Path, file: Path, now: datetime) -> Restored:
    """Lay a backup in place of the record. Raises UserError where it is not whole, where a program has the record open,
    and where there is no room for both."""
    url = read_url(database)
    if not file.is_file():
        raise UserError(f"there is no file {file}", "name one that a backup made")
    is_dump = _begins_with(file, dumps.MAGIC)
    if is_dump != (url.get_backend_name() == "postgresql"):
        kept_in = "PostgreSQL" if is_dump else "SQLite"
        raise UserError(
            f"{file} is not of the kind of the record: one of {kept_in}", "set `database:` to where it goes"
        )
    with _said_of(file):
        return _lay_dump(url, database, data, file, now) if is_dump else _lay_file(url, file, now)


def _lay_file(url: URL, file: Path, now: datetime) -> Restored:
    record = Path(str(url.database))
    aside = _free(record.with_name(f"{record.name}{ASIDE}{_stamp(now)}"))
    was = record if record.exists() else laid_aside(record)  # else an earlier one was cut off once that was aside
    copied = record.with_name(f"{record.name}.restoring")
    make_folder(record.parent)
    reaches, carried = None, None
    try:
        try:
            found = copies.copy(file, copied)
        except copies.NotWhole as fault:
            raise UserError(fault.what, f"name another that a backup made; {record} stays as it is") from None
        if was not in (None, record) and not _goes_on_from(_at(url, was), _at(url, copied)):
            was = None  # laid aside by a restore that is long over: nothing is known of what was there last
        if found.schema == migrate.LATEST:  # and carried over before it is in place: it never lies there without
            told = _told(_at(url, was), _reached(_at(url, copied))) if was else None
            reaches, carried = _carried_into(_at(url, copied), told, now)
            copies.closed_up(copied)
        was_there = copies.put_in_place(copied, record, aside)
    finally:
        for end in ("", "-turn"):
            copied.with_name(copied.name + end).unlink(missing_ok=True)
    return Restored(found.schema, reaches, aside if was_there else was, carried)


def _lay_dump(url: URL, database: str, data: Path, file: Path, now: datetime) -> Restored:
    found = dumps.examined(file)
    if others := dumps.others(url):
        what = f"the database is open in {others} other place{'' if others == 1 else 's'}, a daemon or a command"
        raise UserError(what, "stop the daemons first, such as by systemctl stop cadence")
    told, aside = None, None
    if (left := dumps.cut_off(url)) and file.resolve() != left.resolve():
        half_restored.refuse(left)
    with suppress(StoreError):
        open_store(database).close()  # else there is nothing yet, or of another schema, that is to be kept
        told = _told(database, dumps.made_at(file))
    if dumps.has_tables(url):
        aside = _free(_own_place(data / FOLDER) / f"before-restore-{_stamp(now)}{_ending(url)}")
        dumps.copy(url, aside)
    is_latest = found.schema == migrate.LATEST
    dumps.put_in_place(url, file, aside if is_latest and told else None)
    reaches, carried = _carried_into(database, told, now) if is_latest else (None, None)
    return Restored(found.schema, reaches, aside, carried)


def _carried_into(
    database: str, told: carried_over.ToldSince | None, now: datetime
) -> tuple[datetime | None, carried_over.Carried | None]:
    """Put on record that it was restored, with what was told since; how far it reached before. The next cycle looks at
    every partnership and publishes it anew: what stands in calendars and files is of the record that was there."""
    with open_store(database, finishing=True) as store, store.write() as db:
        half_restored.forget(db)
        reaches = clock.newest_moment(db)
        carried = carried_over.carry(db, told) if told else None
        partnerships.wake_all(db, now)
        partnerships.touch(db, partnerships.ids(db))
        clock.keep(db, clock.RESTORED, now, note=reaches.isoformat() if reaches else None)
    return reaches, carried


def _at(url: URL, file: Path) -> str:
    return url.set(database=str(file)).render_as_string(hide_password=False)


def _reached(copied: str) -> datetime:
    with open_store(copied) as store, store.read() as db:
        return clock.newest_moment(db) or datetime(1990, 1, 1, tzinfo=UTC)


def _goes_on_from(aside: str, copied: str) -> bool:
    """Whether what was laid aside reaches at least as far as the copy: then a restore of it was cut off."""
    try:
        return _reached(aside) >= _reached(copied)
    except StoreError:  # one of them is of another schema, or cannot be read: it is kept, and named
        return True


def _told(database: str, since: datetime) -> carried_over.ToldSince | None:
    """What people were told by the record that is there; None where it cannot be read."""
    try:
        with open_store(database) as store, store.read() as db:
            return carried_over.told(db, since)
    except StoreError:
        return None


def _copied(url: URL, file: Path) -> copies.FoundInCopy:
    with _said_of(file):
        if url.get_backend_name() == "postgresql":
            return dumps.copy(url, file)
        found_or_made(Path(str(url.database)), create=False)
        return copies.copy(Path(str(url.database)), file)


@contextmanager
def _said_of(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = f"{error.filename or file}: {error.strerror or error}"
        raise UserError(what, "check who may write there, and the space left on the disk") from None


def _own_place(folder: Path) -> Path:
    with _said_of(folder):
        make_folder(folder, 0o700)
    return folder


def _free(file: Path) -> Path:
    """The same name, or one with a number where that is taken: two may be made within a second."""
    ending = file.suffix if file.suffix in (".db", ".dump") else ""
    names = (file.with_name(f"{file.name.removesuffix(ending)}-{number}{ending}") for number in count(2))
    return next(each for each in chain([file], names) if not each.exists())


def _is_the_record(url: URL, file: Path) -> bool:
    if url.get_backend_name() != "sqlite":
        return False
    record = Path(str(url.database))
    return any(file.resolve() == record.with_name(record.name + end).resolve() for end in ("", "-wal", "-shm", "-turn"))


def _begins_with(file: Path, magic: bytes) -> bool:
    with _said_of(file), file.open("rb") as stream:
        return stream.read(len(magic)) == magic


def _stamp(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"


def _ending(url: URL) -> str:
    return ".db" if url.get_backend_name() == "sqlite" else ".dump"
