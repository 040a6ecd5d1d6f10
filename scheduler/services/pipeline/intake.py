"""Definition files → definitions in force.

A file whose size, time and inode are as before is not read; one whose bytes are as before is not parsed. A good file
becomes the definition in force and makes its partnership due; a bad one leaves the last good definition in force and is
reported until it is mended, and so does one that the program fails on. A file that vanished cancels nothing: it is
reported, and ending a partnership needs a person's word.

A file with problems is looked at in each cycle, though it has not changed: what it lacks may lie elsewhere, such as
the other file that claims its partnership, or who may read it.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.definitions.loading import Loaded, load, load_file
from scheduler.definitions.passed_over import passed_over, reason
from scheduler.definitions.problems import Diagnostic, as_dict
from scheduler.definitions.yaml_text.reading import files, is_definition
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import UserError
from scheduler.rules.reminders import definition_changes
from scheduler.services import definition_versions, folders
from scheduler.services.app import App, counted
from scheduler.services.evidence.sealing import rewriting
from scheduler.services.failures import Failure, contained
from scheduler.services.folders import GONE, Look, content_of, signature_of
from scheduler.services.pipeline import renaming
from scheduler.services.pipeline.govern import too_many_cancelled
from scheduler.services.pipeline.sending import address_changes
from scheduler.services.previews import definition_edits
from scheduler.services.state import remembered
from scheduler.services.viewer import members_of
from scheduler.store import (
    StoreError,
    absences,
    disputes,
    file_states,
    members,
    notifications,
    own_settings,
    partnerships,
    renames,
    reviews,
    sightings,
    versions,
)
from scheduler.store.holding import has_turn
from scheduler.store.sightings import Sighting
from scheduler.store.tables import FileState, PartnershipRow

BATCH = 10
"""Files to one transaction: a commit for each would cost more than reading it, and so many are read in the time for
which a form may wait."""
OVERLOOKED = "overlooked"
"""The signature of what is there and is not read."""
_OF_ONE_PLACE = {"signature"}


def gather(
    app: App, now: datetime, only: Collection[Path] | None = None, between: Callable[[], None] = lambda: None
) -> Sequence[str]:
    """Take over what has changed in the definitions folder, or in the files of `only`; `between` is called after each
    transaction. Return the files, by name, of which hosts see different contents: nobody plans by them.

    Raises UserError where the folder is not there: then nothing is known, so nothing is changed.
    """
    there = _present(app.settings.definitions, only)
    with app.store.read() as db:
        faulty = {state.file for state in file_states.faulty(db)}
    there |= {file: Path(file) for file in faulty if file not in there and _is_here(app, file)}
    look = folders.look(app, there, None if only is None else [*map(_name, only)])
    changed = (there[file] for file in there if (file in look.changed or file in faulty) and not look.differs(file))
    while batch := list(islice(changed, BATCH)):
        _take_over_all(app, _read_all(app, batch), look, now)
        between()
    overlooked = _overlooked(app.settings.definitions, [*(only or ()), *map(Path, faulty)], whole=only is None)
    missing = (look.missing | faulty) - there.keys() - overlooked.keys()
    gone = sorted(file for file in missing if look.is_of_here(file) and not look.differs(file))
    if gone or overlooked or look.differences:
        with app.store.write_found(lambda db: [id for file in gone if (id := _defined_by(db, file))]) as db:
            _report_gone(app, db, gone)
            _report_overlooked(app, db, overlooked)
            _report_differences(app, db, look)
    return sorted(look.differences)


def _present(folder: Path, only: Collection[Path] | None) -> dict[str, Path]:
    """The definitions that are there, all of them or those of `only`, by the names under which they are known."""
    if not folder.is_dir():
        raise UserError(f"the definitions folder {folder} is not there", "make it, or name it under `definitions:`")
    found = files([folder]) if only is None else sorted(path for path in only if is_definition(path, folder.resolve()))
    if found == [folder]:
        raise UserError(f"the definitions folder {folder} cannot be listed", "check that this user may read it")
    return {_name(path): path for path in found}


def _overlooked(folder: Path, named: Collection[Path], *, whole: bool) -> dict[str, Diagnostic]:
    """What bears the name of a definition and is not read: of the whole folder, or of those that are `named`."""
    if whole:
        problems = passed_over(folder)
    else:
        home, here = folder.resolve(), {path for path in named if path.parent == folder}
        problems = [problem for path in here if (problem := reason(path, home))]
    return {_name(Path(each.file)): each for each in problems if each.severity == "error"}


def _name(path: Path) -> str:
    """A file as it is known: its path, with escapes for whatever of it is no UTF-8 (a database keeps only text)."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _is_here(app: App, file: str) -> bool:
    """Whether a file that is known still is one of the definitions."""
    folder = app.settings.definitions
    return Path(file).parent == folder and is_definition(Path(file), folder.resolve())


class _ReadFile(NamedTuple):
    """A file as it was read; `loaded` is None where its bytes are as they were when it was taken over."""

    file: str
    path: Path
    signature: str
    text: bytes
    content: str
    loaded: Loaded | None

    @property
    def partnership(self) -> Partnership | None:
        return self.loaded.partnership if self.loaded else None

    @property
    def defines(self) -> str:
        return self.partnership.partnership if self.partnership else self.file


def _read_all(app: App, paths: Iterable[Path]) -> list[_ReadFile]:
    """Read these files before anything is held: nobody waits for that."""
    found = []
    with app.store.read() as db:
        for path in paths:
            signature, (text, content), file = signature_of(path), content_of(path), _name(path)
            if signature == GONE:  # a moment ago it was there; the next cycle knows more
                continue
            is_known = _is_taken_over(file_states.get(db, file), content)
            loaded = None if is_known else _loaded(app, path, text)
            found.append(_ReadFile(file, path, signature, text, content, loaded))
    return found


def _is_taken_over(state: FileState | None, content: str) -> bool:
    return state is not None and state.content_hash == content and not state.problems


def _take_over_all(app: App, files: Sequence[_ReadFile], look: Look, now: datetime) -> None:
    """Together; where one of them cannot be taken over, each by itself, so that it keeps no other from it. Raises
    StoreError, which concerns them all."""
    with contained(lambda _: _take_over_each(app, files, look, now), StoreError):
        _take_over_together(app, files, look, now)


def _take_over_each(app: App, files: Iterable[_ReadFile], look: Look, now: datetime) -> None:
    for each in files:
        with contained(partial(_note_failure, app, each, look), StoreError, on="this file"):
            _take_over_together(app, [each], look, now)


def _note_failure(app: App, read: _ReadFile, look: Look, failed: Failure) -> None:
    """Keep as the file's problem what it cannot be taken over for; said once, and tried again in each cycle."""
    problem = Diagnostic(read.file, None, None, "error", "", f"{failed.what}; it is not taken up", failed.hint)
    state = FileState(file=read.file, signature=read.signature, content_hash=read.content, problems=[as_dict(problem)])
    with app.store.write() as db:
        sightings.keep(db, look.place, {Path(read.file).name: Sighting(read.signature, read.content, is_judged=True)})
        if _is_news(file_states.get(db, read.file), state):
            failed.log(app.log, "definition.failed", file=read.file)
            file_states.save(db, [state])


def _take_over_together(app: App, files: Sequence[_ReadFile], look: Look, now: datetime) -> None:
    """In one transaction, which holds their partnerships, and those by which the calendars of people who leave are made
    anew. What another daemon is just taking over is left to it: of what is no partnership yet, no row says so."""
    with app.store.write_found(lambda db: {id for each in files for id in _concerned(db, each.partnership)}) as db:
        for each in files:
            if has_turn(db, f"file {each.file}") and has_turn(db, f"definition of {each.defines}"):
                _take_over(app, db, each, look, now)


def _concerned(db: Connection, partnership: Partnership | None) -> Iterator[str]:
    if partnership:
        yield partnership.partnership
        yield from _known_elsewhere(db, partnership)


def _take_over(app: App, db: Connection, read: _ReadFile, look: Look, now: datetime) -> None:
    file, content, loaded = read.file, read.content, read.loaded
    before = file_states.get(db, file)
    is_known = _is_taken_over(before, content)
    if is_known or loaded:
        seen = Sighting(read.signature, content, is_judged=True)
        sightings.keep(db, look.place, {Path(file).name: seen})
    if is_known:
        return
    if loaded is None:  # it was taken over otherwise since it was read; the next cycle knows more
        return
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    if loaded.partnership and not errors:
        errors += _claimed_twice(app, db, loaded.partnership.partnership, file)
    if loaded.partnership and not errors:
        errors += _keys_taken(app, db, loaded.partnership, file, now)
    if loaded.partnership and not errors:
        errors += _needing_approval(app, db, loaded.partnership, file, content, now)
    if loaded.partnership and not errors and not _is_in_force(db, look, loaded.partnership, file, content):
        _put_in_force(app, db, loaded.partnership, file, read.text, content, now)
        app.log.info("definition.in_force", partnership=loaded.partnership.partnership, file=file)
    kept = _kept(errors)
    if errors and (before is None or before.problems != kept):
        for problem in errors:
            app.log.error("definition.refused", **as_dict(problem))
    state = FileState(file=file, signature=read.signature, content_hash=content, problems=kept)
    if _is_news(before, state):
        file_states.save(db, [state])


def _is_news(before: FileState | None, state: FileState) -> bool:
    return before is None or before.model_dump(exclude=_OF_ONE_PLACE) != state.model_dump(exclude=_OF_ONE_PLACE)


def _is_in_force(db: Connection, look: Look, partnership: Partnership, file: str, content: str) -> bool:
    """Whether another daemon has taken up the same file from its own folder."""
    row = partnerships.get(db, partnership.partnership)
    if row is None or row.content_hash != content or row.file == file or row.ended_at is not None:
        return False
    return Path(row.file).name == Path(file).name and not look.is_of_here(row.file)


def _loaded(app: App, path: Path, text: bytes) -> Loaded:
    """The definition in a text; where there is none, the file itself is asked whether it can be read."""
    try:
        return load(text, _name(path), app.playbooks) if text else load_file(path, app.playbooks)
    except Exception as error:
        # A defect of ours: it must not keep the other files from being read.
        app.log.exception("definition.failed", file=_name(path))
        what = f"the program failed on this file ({type(error).__name__}); the log has the details"
        problem = Diagnostic(_name(path), None, None, "error", "", what, "please report it, and give the file with it")
        return Loaded(None, (problem,))


def _claimed_twice(app: App, db: Connection, id: str, file: str) -> list[Diagnostic]:
    row = partnerships.get(db, id)
    if row is None or row.file == file or not _is_here(app, row.file):
        return []
    what = f'the partnership "{id}" is already defined in {row.file}, which stays in force'
    way = "give this one another id; or compare the two, take over there what it lacks, and move this one away"
    return [Diagnostic(file, 1, 1, "error", "partnership", what, way)]


def _keys_taken(app: App, db: Connection, partnership: Partnership, file: str, now: datetime) -> list[Diagnostic]:
    """A key that a series bore before, in the ids of reviews that go on under another one, is no other series'."""
    row = partnerships.get(db, partnership.partnership)
    if row is None or row.ended_at is not None:
        return []
    if definition_versions.part_of(app.in_force(row)) == definition_versions.part_of(partnership):  # no key is another
        return []
    taken = renaming.keys_taken(remembered(app, db, row, now), partnership, app.playbooks)
    return [Diagnostic(file, None, None, "error", "", what, renaming.OTHER_KEY) for what in taken]


def _put_in_force(
    app: App,
    db: Connection,
    partnership: Partnership,
    file: str,
    text: bytes,
    content: str,
    now: datetime,
    *,
    keeps: bool = True,
) -> None:
    before = partnerships.get(db, partnership.partnership)
    if before:
        known = [each.definition for each in definition_versions.recorded(app, db, before)]
        named = renaming.renames(partnership, known, app.playbooks, reviews.series_of(db, before.id))
        former = app.in_force(before)
        with rewriting(app, db, before.id, now, "renamed") if named else nullcontext():
            renames.kpis(db, before.id, named.kpis)
            address_changes.carry_over_invitations(app, db, former, partnership, named.people)
            renames.layers(db, before.id, named.layers)
            renames.series(db, before.id, named.series)
            renames.hours(db, before.id, named.series)
            renames.wind_downs(db, before.id, named.layers)
            renames.people(db, before.id, named.people)
        address_changes.carry_over(app, db, former, partnership, named.people, now)
        if not before.ended_at:
            _announce(app, db, before, former, partnership, now)
    row = _row(app, partnership, file, text, content, now)
    partnerships.save(db, row.model_copy(update={"ended_at": before.ended_at if before else None}))
    if keeps:
        definition_versions.keep(app, db, row, partnership, now, is_new=before is None)
    _take_members(db, partnership)


def _announce(
    app: App, db: Connection, row: PartnershipRow, before: Partnership, after: Partnership, now: datetime
) -> None:
    """Put on record what an edit changes that concerns all sides: they hear of it. Edits of which nobody has heard yet
    are one with it: what was taken back meanwhile is told to nobody."""
    last = next(reversed(disputes.changes(db, row.id)), None)
    if last and not notifications.was_told(db, f"{row.id}/{last.number}") and _undisputed(db, row.id, last.number):
        known = [each for each in versions.listing(db, row.id) if each.taken_up_at < last.at]
        if known:
            text = versions.texts(db, [known[-1].id])[known[-1].id]
            before = app.read_as(row, known[-1].content_hash, text)
            disputes.drop_change(db, last.number)
    found = definition_changes.changes(before, after)
    if found:
        today = now.astimezone(ZoneInfo(after.zone)).date()
        disputes.add_change(db, after.partnership, found, definition_changes.heard_by(after, today), now)


def _undisputed(db: Connection, partnership: str, number: int) -> bool:
    about = ("change", str(number))
    return not any((each.about, each.subject) == about for each in disputes.of_partnership(db, partnership))


def take_up(
    app: App,
    db: Connection,
    path: Path,
    partnership: Partnership,
    text: bytes,
    content: str,
    now: datetime,
) -> None:
    """Put a good file in force in the caller's transaction; the caller keeps its version."""
    _put_in_force(app, db, partnership, _name(path), text, content, now, keeps=False)
    signature = signature_of(path)
    state = FileState(file=_name(path), signature=signature, content_hash=content, problems=None)
    file_states.save(db, [state])
    seen = Sighting(signature, content, is_judged=True)
    sightings.keep(db, folders.here(app), {Path(_name(path)).name: seen})


def _row(app: App, partnership: Partnership, file: str, text: bytes, content: str, now: datetime) -> PartnershipRow:
    return PartnershipRow(
        id=partnership.partnership,
        file=file,
        name=partnership.name,
        model=partnership.model,
        content_hash=content,
        fingerprint=app.environment,
        first_seen=now,
        wake_at=now,
        definition_changed_at=now,
        series_hours=[],
        definition=text.decode("utf-8-sig"),
    )


def not_taken_up(app: App, db: Connection, now: datetime) -> Iterator[PartnershipRow]:
    """The partnerships that the next cycle will put under governance, as it will; nothing is written. Raises UserError
    where the folder is not there."""
    known = {row.id for row in partnerships.listing(db)}
    for file, path in _present(app.settings.definitions, None).items():
        state = file_states.get(db, file)
        text, content = content_of(path)
        if state and state.content_hash == content and not state.problems:
            continue
        loaded = _loaded(app, path, text)
        is_good = not any(problem.severity == "error" for problem in loaded.problems)
        if loaded.partnership and is_good and loaded.partnership.partnership not in known:
            known.add(loaded.partnership.partnership)
            yield _row(app, loaded.partnership, file, text, content, now)


def _needing_approval(
    app: App, db: Connection, partnership: Partnership, file: str, content: str, now: datetime
) -> list[Diagnostic]:
    """An edit that would start ladders over what has ended, or call a review, is taken up when a person says so; and
    one of KPIs that would cancel many reviews, so that what is owed stays with the schedule."""
    row = partnerships.get(db, partnership.partnership)
    if row is None or row.ended_at is not None or content in (row.content_hash, row.approved):
        return []
    before = app.in_force(row)
    if before.triggers == partnership.triggers and definition_versions.part_of(before) == definition_versions.part_of(
        partnership
    ):
        return []
    state = replace(remembered(app, db, row, now), approved=False)
    try:
        would = definition_edits.effects(state, counted(partnership, row))
    except UserError:  # govern tells of what cannot be planned
        return []
    if would.cancels:
        return [Diagnostic(file, None, None, "error", "", *too_many_cancelled(row.id, would.cancels))]
    if not would.needs_a_word:
        return []
    what = f"taken up as it is, {'; '.join(would.warnings)}: it needs approval"
    way = f"see cadence plan {row.id}; if that is meant: cadence plan {row.id} --allow"
    return [Diagnostic(file, None, None, "error", "", what, way)]


def _take_members(db: Connection, partnership: Partnership) -> None:
    elsewhere = _known_elsewhere(db, partnership)
    members.save(db, partnership.partnership, members_of(partnership))
    absences.keep(db, partnership.partnership)
    own_settings.keep(db, partnership.partnership)
    # The calendar of somebody who left is made anew through the other partnerships that know them.
    partnerships.touch(db, elsewhere)


def _known_elsewhere(db: Connection, partnership: Partnership) -> list[str]:
    """The other partnerships of people whom this one knows no more."""
    people = {person.email.casefold() for person in partnership.people.values()}
    left = members.of(db, partnership.partnership) - people
    theirs = {id for email in left for id in members.partnerships_of(db, email)}
    return sorted(theirs - {partnership.partnership})


def _report_gone(app: App, db: Connection, gone: Iterable[str]) -> None:
    """Keep the file of a partnership as a problem; one that never became a partnership, or whose partnership has
    ended or lives in another file now, is simply forgotten."""
    for file in gone:
        if (mine := folders.local(app, file)) != Path(file):  # another host knew it by another path
            if moved := partnerships.defined_by(db, file):
                partnerships.is_defined_in(db, moved, str(mine))
            file_states.forget(db, [file])
            continue
        id, before = _defined_by(db, file), file_states.get(db, file)
        if id is None:
            file_states.forget(db, [file])
        elif before is None or before.signature != GONE:
            problem = Diagnostic(
                file, None, None, "error", "", "the file has vanished; its reviews stay as they are",
                f"put it back, or end the partnership: cadence partnership end {id}",
            )  # fmt: skip
            app.log.error("definition.vanished", partnership=id, file=file)
            state = FileState(file=file, signature=GONE, content_hash="", problems=_kept([problem]))
            file_states.save(db, [state])


def _defined_by(db: Connection, file: str) -> str | None:
    """The partnership that a file defined which is gone, as another daemon may have taken it up from its own folder."""
    return partnerships.defined_by(db, file) or min(folders.defined_by(db, {Path(file).name}), default=None)


def _report_differences(app: App, db: Connection, look: Look) -> None:
    """Keep as a problem that hosts see different contents of a file; the log says so once."""
    for name, difference in look.differences.items():
        file = str(Path(look.place.folder) / name)
        problem = difference.told_of(file)
        before, kept = file_states.get(db, file), _kept([problem])
        if before is None or before.problems != kept:
            app.log.warning("definition.differs", **as_dict(problem))
            content = before.content_hash if before else ""
            state = FileState(file=file, signature=folders.DIFFERS, content_hash=content, problems=kept)
            file_states.save(db, [state])


def _report_overlooked(app: App, db: Connection, overlooked: Mapping[str, Diagnostic]) -> None:
    """Keep as a problem what is not read though it bears a definition's name; the log says so once."""
    for file, problem in overlooked.items():
        before, kept = file_states.get(db, file), _kept([problem])
        if before is None or before.problems != kept:
            app.log.error("definition.overlooked", **as_dict(problem))
            file_states.save(db, [FileState(file=file, signature=OVERLOOKED, content_hash="", problems=kept)])


def _kept(problems: list[Diagnostic]) -> list[dict[str, object]] | None:
    return [as_dict(problem) for problem in problems] or None
