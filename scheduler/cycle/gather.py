"""Definition files → definitions in force.

A file whose size, time and inode are as before is not read; one whose bytes are as before is not parsed. A good file
becomes the definition in force and makes its partnership due; a bad one leaves the last good definition in force and is
reported
until it is mended. A file that vanished cancels nothing: it is reported, and ending a partnership needs a person's
word.
"""

import hashlib
from collections.abc import Collection, Iterable
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import Connection

from scheduler.cycle.house import House
from scheduler.definitions.loading import load
from scheduler.definitions.problems import Problem, as_dict
from scheduler.definitions.reading import files
from scheduler.domain.partnership import Partnership
from scheduler.domain.trouble import Trouble
from scheduler.store import partnerships
from scheduler.store.tables import FileState, PartnershipRow

BATCH = 100
"""Files to one transaction: a commit for each would cost more than reading it."""
MOST_BYTES = 1024 * 1024
GONE = "gone"
"""The signature of a file that is not there; any other one tells that it is back."""


def gather(house: House, now: datetime, only: Collection[Path] | None = None) -> None:
    """Take over what has changed in the definitions folder, or in the files of `only`.

    Raises Trouble where the folder is not there: then nothing is known, so nothing is changed.
    """
    folder = house.settings.definitions
    if not folder.is_dir():
        raise Trouble(f"the definitions folder {folder} is not there", "make it, or name it under `definitions:`")
    present = files([folder]) if only is None else sorted(path for path in only if path.is_file())
    with house.store.read() as db:
        known = partnerships.signatures(db, None if only is None else [str(path) for path in only])
    changed = (path for path in present if known.get(str(path)) != _signature(path))
    while batch := list(islice(changed, BATCH)):
        with house.store.write() as db:
            for path in batch:
                _take_over(house, db, path, now)
    gone = [file for file, signature in known.items() if signature != GONE and not Path(file).is_file()]
    if gone:
        with house.store.write() as db:
            _report_gone(house, db, gone)


def _signature(path: Path) -> str:
    try:
        stat = path.stat()
    except OSError:
        return GONE
    return f"{stat.st_mtime_ns}-{stat.st_size}-{stat.st_ino}"


def _take_over(house: House, db: Connection, path: Path, now: datetime) -> None:
    signature, (text, content) = _signature(path), content_of(path)
    before = partnerships.file_state(db, str(path))
    if before and before.content_hash == content and before.signature != GONE:
        partnerships.remember_files(db, [before.model_copy(update={"signature": signature})])
        return
    loaded = load(text, str(path), house.playbooks)
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    if loaded.partnership and not errors:
        errors += _claimed_twice(db, loaded.partnership.partnership, path)
    if loaded.partnership and not errors:
        _put_in_force(house, db, loaded.partnership, path, text, content, now)
        house.log.info("definition.in_force", partnership=loaded.partnership.partnership, file=str(path))
    for problem in errors:
        house.log.error("definition.refused", **as_dict(problem))
    state = FileState(file=str(path), signature=signature, content_hash=content, problems=_kept(errors))
    partnerships.remember_files(db, [state])


def content_of(path: Path) -> tuple[bytes, str]:
    """A file's first megabyte and a byte more, enough for the reader to refuse what is longer; and the hash that it is
    known by."""
    try:
        with path.open("rb") as stream:
            text = stream.read(MOST_BYTES + 1)
    except OSError:
        text = b""
    return text, hashlib.blake2b(text, digest_size=16).hexdigest()


def _claimed_twice(db: Connection, id: str, path: Path) -> list[Problem]:
    row = partnerships.get(db, id)
    if row is None or row.file == str(path) or not Path(row.file).is_file():
        return []
    what = f'the partnership "{id}" is already defined in {row.file}'
    return [
        Problem(str(path), 1, 1, "error", "partnership", what, "remove one of the two files, or give it another id")
    ]


def _put_in_force(
    house: House, db: Connection, partnership: Partnership, path: Path, text: bytes, content: str, now: datetime
) -> None:
    before = partnerships.get(db, partnership.partnership)
    row = PartnershipRow(
        id=partnership.partnership,
        file=str(path),
        name=partnership.name,
        model=partnership.model,
        content_hash=content,
        fingerprint=house.environment,
        first_seen=now,
        ended_at=before.ended_at if before else None,
        wake_at=now,
        definition=text.decode("utf-8-sig"),
    )
    partnerships.save(db, row)
    _take_members(db, partnership)


def _take_members(db: Connection, partnership: Partnership) -> None:
    people = {person.email.casefold() for person in partnership.people.values()}
    left = partnerships.members_of(db, partnership.partnership) - people
    partnerships.members(db, partnership.partnership, people)
    # The calendar of somebody who left is made anew through the other partnerships that know them.
    partnerships.touch(db, sorted({id for email in left for id in partnerships.partnerships_of(db, email)}))


def _report_gone(house: House, db: Connection, gone: Iterable[str]) -> None:
    """Keep the file of a partnership as a problem; one that never became a partnership is simply forgotten."""
    for file in gone:
        id = partnerships.defined_by(db, file)
        if id is None:
            partnerships.forget_files(db, [file])
            continue
        problem = Problem(
            file, None, None, "error", "", "the file has vanished; its reviews stay as they are",
            f"put it back, or end the partnership: cadence partnership end {id}",
        )  # fmt: skip
        house.log.error("definition.vanished", partnership=id, file=file)
        state = FileState(file=file, signature=GONE, content_hash="", problems=_kept([problem]))
        partnerships.remember_files(db, [state])


def _kept(problems: list[Problem]) -> list[dict[str, object]] | None:
    return [as_dict(problem) for problem in problems] or None
