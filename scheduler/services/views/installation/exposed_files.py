"""Files that hold secrets, or what people are told, and that others on the machine can read; or that the service,
which is a user of its own, cannot. The record, its copies and letters are its owner's alone; a secret may be given to a
group, which is how the service reads what root wrote.

cadence makes its own for itself alone. What an earlier version made, a backup brought back, or an operator wrote may
lie open; that is said, and changed by whoever decides it. Whose the service is is read off the folder of its data.
"""

import grp
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from sqlalchemy import make_url

from scheduler.named_files import can_be_read_by_all, can_be_read_by_another
from scheduler.services.cases.backups import FOLDER as BACKUPS
from scheduler.transports.eml_folder import FOLDER

if TYPE_CHECKING:
    from scheduler.settings import Part, Settings


class Exposed(NamedTuple):
    """A file or folder, what lies open there, and the way out."""

    path: Path
    what: str
    hint: str


def exposed(settings: "Settings", settings_file: Path | None = None) -> list[Exposed]:
    """All that lies open; `settings_file` counts where it holds an address that is a secret, or a password."""
    database = [path for path in _database(settings) if can_be_read_by_another(path)]
    found = [_private(path, f"{path}*") for path in database[:1]]
    found += exposed_copies(_copies(settings))
    secrets = [path for path in _secrets(settings, settings_file) if can_be_read_by_all(path)]
    found += [_file(path, _for_the_service(path, settings)) for path in secrets]
    outbox = settings.data / FOLDER
    letters = [path for path in outbox.glob("*.eml") if can_be_read_by_another(path)]
    if letters:
        noun = "letter" if len(letters) == 1 else "letters"
        what = f"{len(letters)} {noun} in {outbox} can be read by {_whom(letters)} on this machine"
        found.append(Exposed(outbox, what, f"chmod go= {outbox}/*.eml"))
    return found


def exposed_copies(copies: Iterable[Path]) -> list[Exposed]:
    """Those copies of the record that lie open."""
    return [_private(path, str(path)) for path in copies if can_be_read_by_another(path)]


def out_of_reach(settings: "Settings", settings_file: Path) -> list[Exposed]:
    """The settings, and what they name as secret, that the service cannot read, or that are not there."""
    found = []
    for path in dict.fromkeys((settings_file, *_secrets(settings, settings_file))):
        if not path.exists():
            found.append(Exposed(path, f"{path} is not there", "write it, or take it out of the settings"))
        elif not _is_read_by_the_service(path, settings):
            what = f"{path} cannot be read by the service's user"
            found.append(Exposed(path, what, _for_the_service(path, settings)))
    return found


def _service(settings: "Settings") -> os.stat_result | None:
    """The folder of its data, as the disk has it: whom it belongs to writes there."""
    try:
        return settings.data.stat()
    except OSError:  # it is not there yet
        return None


def _is_read_by_the_service(path: Path, settings: "Settings") -> bool:
    service = _service(settings)
    if os.geteuid() != 0 or service is None or service.st_uid == 0:
        return os.access(path, os.R_OK)
    file = path.stat()
    if file.st_uid == service.st_uid:
        return bool(file.st_mode & 0o400)
    return bool(file.st_mode & (0o040 if file.st_gid == service.st_gid else 0o004))


def _for_the_service(path: Path, settings: "Settings") -> str:
    """How a file is closed to all but the service. The one that is root's is not closed to it as well."""
    service, file = _service(settings), path.stat()
    if service is None or file.st_uid == service.st_uid or service.st_uid == 0:
        return f"chmod 600 {path}"
    try:
        group = grp.getgrgid(service.st_gid).gr_name
    except KeyError:  # a user that systemd makes up at each start
        return f"LoadCredential= in the unit: docs/operators.md, Letters; then chmod 600 {path}"
    return f"chgrp {group} {path} && chmod 640 {path}"


def _private(path: Path, pattern: str) -> Exposed:
    return _file(path, f"chmod go= {pattern}")


def _file(path: Path, hint: str) -> Exposed:
    mode = path.stat().st_mode & 0o777
    return Exposed(path, f"{path} can be read by {_whom([path])} on this machine (mode {mode:04o})", hint)


def _whom(files: Iterable[Path]) -> str:
    return "everybody" if any(map(can_be_read_by_all, files)) else "a group"


def _database(settings: "Settings") -> list[Path]:
    """The file of the database, then what SQLite lays beside it."""
    url = make_url(settings.database)
    is_file = url.get_backend_name() == "sqlite"
    return [Path(f"{url.database}{end}") for end in ("", "-wal", "-shm")] if is_file else []


def _copies(settings: "Settings") -> Iterator[Path]:
    """Copies of the record that lie beside it, and those that were made before an upgrade or a restore."""
    for file in _database(settings)[:1]:
        yield from sorted(file.parent.glob(f"{file.name}.before-*"))
    yield from sorted((settings.data / BACKUPS).glob("*"))


def _files_of(*parts: "Part") -> Iterator[Path]:
    """Whatever a part of the settings names as a file: each holds a password, a token, a key or an address."""
    for part in parts:
        for name in type(part).model_fields:
            path = getattr(part, name) if name.endswith("_file") else None
            if path:
                yield path


def _secrets(settings: "Settings", settings_file: Path | None) -> Iterator[Path]:
    sign_in, monitor = settings.web.sign_in, [settings.monitor] if settings.monitor else []
    addressed = [*settings.chats.values(), *settings.webhooks.values(), *monitor]
    blocks = (settings.mail, settings.replies, *addressed, *sign_in.openid.values())
    yield from dict.fromkeys(_files_of(*blocks, *([sign_in.header] if sign_in.header else [])))
    has_password = bool(make_url(settings.database).password)
    if settings_file and (has_password or any(each.url for each in addressed)):
        yield settings_file
