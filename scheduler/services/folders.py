"""The definition files as each host sees them: each daemon puts on record what lies in its folder, and where those that
plan see different contents, nobody takes the file up, or plans its partnership, until they agree.

Which contents are right, only a person knows: the folders are a checkout each, or one that is shared and on its way.
"""

import hashlib
import socket
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from scheduler.domain.record.daemon_state import DELIVERS
from scheduler.named_files import read as files_read
from scheduler.services.daemons import name_of
from scheduler.store import daemons, file_states, partnerships, sightings
from scheduler.store.sightings import FolderOnHost, Sighting

if TYPE_CHECKING:
    from scheduler.definitions.problems import Diagnostic
    from scheduler.services.app import App
    from scheduler.store.tables import PartnershipRow

DIFFERS = "differs"
"""The signature of a file of which hosts see different contents."""
_HASH = 8
"""So many digits of a content's hash are told."""


GONE = "gone"
"""The signature of a file that is not there; any other one tells that it is back."""
MOST_BYTES = 1024 * 1024
_WAY_OUT = "bring the folders to the same state (git pull on each, say): it is neither taken up nor planned by before"


@dataclass(frozen=True)
class DifferingContents:
    """A definition file, by its name, that is not the same everywhere: as it is at each place, whose daemons are
    named; None where there is none."""

    name: str
    seen: Mapping[str, Sighting | None]

    def told_of(self, file: str) -> "Diagnostic":
        """The problem that it is, of the file as this host knows it."""
        from scheduler.definitions.problems import Diagnostic

        each = "; ".join(f"{who} has {_said(seen)}" for who, seen in sorted(self.seen.items()))
        return Diagnostic(file, None, None, "error", "", f"daemons see different contents: {each}", _WAY_OUT)


@dataclass(frozen=True)
class Look:
    """What this host sees in its folder, as against the last time: the files that have `changed` and those that are
    `missing`, as they are known here; and the `differences` to what is seen at the other `places`, by name."""

    place: FolderOnHost
    places: Mapping[FolderOnHost, Sequence[str]]
    changed: frozenset[str]
    missing: frozenset[str]
    differences: Mapping[str, DifferingContents]

    def differs(self, file: str) -> bool:
        return Path(file).name in self.differences

    def is_of_here(self, file: str) -> bool:
        """Whether a file on record is one of this host's: it lies in its folder, or where no other daemon looks."""
        folder = str(Path(file).parent)
        return folder == self.place.folder or all(each.folder != folder for each in self.places)


def look(app: "App", there: Mapping[str, Path], only: Collection[str] | None) -> Look:
    """Look at the files that are `there`, all of the folder or those of `only`, by the names under which they are known
    here. Where other daemons plan, what is seen is put on record for them before it is acted upon."""
    place, names = here(app), None if only is None else [Path(file).name for file in (*only, *there)]
    with app.store.read() as db:
        places, seen = of_planners(app, db), sightings.of_place(db, place, names)
        is_to_look = daemons.is_to_look(db, app.by) if only is None else False
        known = set() if is_to_look is False else set(file_states.signatures(db))
    changed = {file: path for file, path in there.items() if not _is_as(seen.get(Path(file).name), path)}
    gone = seen.keys() - {Path(file).name for file in there}
    missing = frozenset({str(Path(place.folder) / name) for name in gone} | known) - there.keys()
    news = _news(changed) if len(places) > 1 else {}
    if news or gone or is_to_look:
        with app.store.write() as db:
            sightings.keep(db, place, news)
            sightings.forget(db, place, gone)
            if is_to_look:
                daemons.has_looked(db, app.by)
    found: dict[str, DifferingContents] = {}
    if len(places) > 1:
        with app.store.read() as db:
            found = differences(db, places)
    return Look(place, places, frozenset(changed), missing, found)


def _is_as(seen: Sighting | None, path: Path) -> bool:
    """Whether a file is as it was when it was last taken up or refused here."""
    return seen is not None and seen.is_judged and seen.signature == signature_of(path)


def _news(changed: Mapping[str, Path]) -> dict[str, Sighting]:
    read = {file: (signature_of(path), content_of(path)[1]) for file, path in changed.items()}
    return {Path(file).name: Sighting(*each, is_judged=False) for file, each in read.items() if each[0] != GONE}


def signature_of(path: Path) -> str:
    """By what an unchanged file is told in one folder."""
    try:
        stat = path.stat()
    except OSError:
        return GONE
    return f"{stat.st_mtime_ns}-{stat.st_size}-{stat.st_ino}"


def content_of(path: Path) -> tuple[bytes, str]:
    """A file's first megabyte and a byte more, enough for the reader to refuse what is longer; and the hash that it is
    known by."""
    try:
        text = files_read(path, MOST_BYTES + 1)
    except OSError:
        text = b""
    return text, hashlib.blake2b(text, digest_size=16).hexdigest()


def here(app: "App") -> FolderOnHost:
    """The place where this process reads definitions."""
    return FolderOnHost(socket.gethostname(), str(app.settings.definitions))


def of_planners(app: "App", db: Connection) -> dict[FolderOnHost, list[str]]:
    """The places of which the contents count: those of the daemons that plan and have looked at their whole folder, by
    the names of these; and this one."""
    found = of_daemons(db, app.by)
    found.setdefault(here(app), [name_of(app)])
    return found


def of_daemons(db: Connection, besides: str = "") -> dict[FolderOnHost, list[str]]:
    """The same, and of the process `besides`, without that of whoever asks."""
    found: dict[FolderOnHost, list[str]] = {}
    for each in daemons.listing(db):
        plans = each.may_plan and each.state != DELIVERS and each.looked_at is not None
        if plans or each.process == besides:
            found.setdefault(FolderOnHost(each.host, each.folder), []).append(each.name)
    return found


def differences(db: Connection, places: Mapping[FolderOnHost, Sequence[str]]) -> dict[str, DifferingContents]:
    """The files that are not the same in all these places, by name; none where there is but one place."""
    if len(places) < 2:
        return {}
    return {
        name: DifferingContents(name, {", ".join(sorted(names)): seen.get(place) for place, names in places.items()})
        for name, seen in sightings.differing(db, places).items()
    }


def differs(app: "App", db: Connection, row: "PartnershipRow") -> bool:
    """Whether hosts see different contents of the file that defines a partnership."""
    return not app.is_scratch and Path(row.file).name in differences(db, of_planners(app, db))


def held(app: "App", db: Connection) -> set[str]:
    """The partnerships that no daemon plans, since their hosts see different contents of the files."""
    return set() if app.is_scratch else defined_by(db, differences(db, of_daemons(db)))


def defined_by(db: Connection, names: Collection[str]) -> set[str]:
    """The partnerships whose definition in force came from a file of one of these names, in whichever folder; but
    those that have ended."""
    if not names:
        return set()
    return {each.id for each in partnerships.briefs(db) if not each.ended_at and Path(each.file).name in names}


def local(app: "App", file: str) -> Path:
    """Where a definition lies here that was taken up from `file`, perhaps on another host: in the folder of this one,
    if there is a file of that name."""
    mine = app.settings.definitions / Path(file).name
    return mine if mine.is_file() else Path(file)


def _said(seen: Sighting | None) -> str:
    if seen is None:
        return "none"
    at = datetime.fromtimestamp(int(seen.signature.partition("-")[0]) / 1e9, UTC)
    return f"{seen.content_hash[:_HASH]} of {at:%Y-%m-%d %H:%M:%S} UTC"
