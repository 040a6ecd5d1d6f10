"""The files that go along with a record: definitions, the operator's own playbooks and templates, the agendas with
whatever people wrote into them, and the calendars. In these there are links: without keys they stay, and are made anew.
"""

import os
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from scheduler.definitions.yaml_text.reading import files as definitions_in
from scheduler.domain.errors import UserError
from scheduler.services.leaving.archive import ExportReader, ExportWriter
from scheduler.settings import Settings
from scheduler.transports import files

_AGENDAS, _CALENDARS = "agendas", "calendars"
_MOST_BYTES = 16 * 1024 * 1024
"""A file of definitions, templates or agendas that is longer is none, where it is written and where it is read."""


class Laid(NamedTuple):
    """A file of an export: where it goes, below which folder, and what it says."""

    root: Path
    path: str
    content: bytes

    @property
    def place(self) -> Path:
        return self.root / self.path


def folders(settings: Settings) -> Mapping[str, Path]:
    """Where the files of each folder of an export lie here."""
    return {"definitions": settings.definitions, "playbooks": settings.playbooks, "templates": settings.templates}


def write(into: ExportWriter, settings: Settings, began: datetime, *, with_keys: bool) -> list[str]:
    """Add all of them; return those that are left out: agendas and calendars that were written since the record `began`
    to be read, and what has no name or size that would do anywhere."""
    left_out: list[str] = []
    for name, folder in folders(settings).items():
        there = definitions_in([folder]) if name == "definitions" else _below(folder)
        for path in sorted(each for each in there if each.is_file()):
            relative = path.relative_to(folder).as_posix()
            content = path.read_bytes() if path.stat().st_size <= _MOST_BYTES and _is_a_name(relative) else None
            if content is None:
                left_out.append(str(path))
            else:
                into.add(f"{name}/{relative}", [content])
    for name in (_AGENDAS, *((_CALENDARS,) if with_keys else ())):
        into.add_tar(f"{name}.tar", _published(settings.data / name, began, left_out))
    return left_out


def _published(folder: Path, began: datetime, left_out: list[str]) -> Iterator[tuple[str, bytes]]:
    for path in _below(folder):
        relative = path.relative_to(folder).as_posix()
        try:
            lies = path.lstat()
            goes_along = lies.st_mtime <= began.timestamp() and lies.st_size <= _MOST_BYTES and _is_a_name(relative)
            content = path.read_bytes() if goes_along else None
        except OSError:
            content = None
        if content is None:
            left_out.append(str(path))
        else:
            yield relative, content


def _below(folder: Path) -> Iterator[Path]:
    """The files below a folder, in one order everywhere; none that are hidden."""
    for above, below, names in os.walk(folder):
        below[:] = sorted(each for each in below if not each.startswith("."))
        yield from (
            path for name in sorted(names) if not name.startswith(".") and (path := Path(above, name)).is_file()
        )


def _is_a_name(path: str) -> bool:
    return path.isprintable() and not any(each.startswith(".") for each in path.split("/"))


# Laying them ---------------------------------------------------------------------------------------------------------


def in_export(export: ExportReader, settings: Settings) -> Iterator[Laid]:
    """The files of an export. Raises UserError for one whose path would lead elsewhere, or that no export holds."""
    for folder, root in folders(settings).items():
        for path in export.names(folder):
            yield _checked(export, Laid(root, path, export.read(f"{folder}/{path}", _MOST_BYTES)))
    for name in (_AGENDAS, _CALENDARS):
        for path, content in export.in_tar(f"{name}.tar", _MOST_BYTES):
            yield _checked(export, Laid(settings.data / name, path, content))


def _checked(export: ExportReader, laid: Laid) -> Laid:
    if not all(laid.path.split("/")) or not _is_a_name(laid.path) or "\\" in laid.path:
        raise UserError(f"{export.path}: {laid.path[:100]!a} is no path inside a folder", "nothing of it is taken")
    return laid


def hold(export: ExportReader, settings: Settings) -> int:
    """Look whether all can be laid, without doing it; return how many there are. Raises UserError where another file
    lies in the place of one, and where definitions lie here that are not of the export: they would be governed."""
    count = 0
    for laid in in_export(export, settings):
        count += 1
        if laid.place.exists() and not (laid.place.is_file() and laid.place.read_bytes() == laid.content):
            raise UserError(f"{laid.place} is there, and says something else", "move it away, or name another folder")
    if settings.definitions.is_dir():
        mine = set(export.names("definitions"))
        for path in definitions_in([settings.definitions]):
            if path.name not in mine:
                way_out = "move it away first, such as the worked example of cadence init"
                raise UserError(f"{path} is not of the export, and would be governed with it", way_out)
    return count


def lay(export: ExportReader, settings: Settings, *, goes_on: bool) -> int:
    """Lay them, and make the folder of definitions in any case; return how many are new. Whoever `goes_on` with what
    was cut off leaves what lies there by now. Raises DeliveryError."""
    settings.definitions.mkdir(parents=True, exist_ok=True)
    count = 0
    for laid in in_export(export, settings):
        if not (goes_on and laid.place.exists()):
            count += files.write(laid.root, laid.path, laid.content)
    return count
