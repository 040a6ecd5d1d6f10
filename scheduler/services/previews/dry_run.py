"""What a cycle would do now, worked out from the definition files as they are on disk; nothing is written."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.definitions.loading import load
from scheduler.definitions.yaml_text.reading import files
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.version import Version
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.review import Recorded, Review
from scheduler.rules.calendar.wall_clock import when
from scheduler.rules.reviews import hour_notes
from scheduler.rules.reviews.conflicts import Note, overlaps
from scheduler.rules.reviews.double_booking import Sitting
from scheduler.rules.reviews.giving_way import free_at
from scheduler.rules.reviews.scopes import scopes
from scheduler.services.app import App, counted
from scheduler.services.folders import content_of, local
from scheduler.services.lookup import unknown
from scheduler.services.pipeline import renaming
from scheduler.services.pipeline.decide import GovernanceDecision, decide
from scheduler.services.previews.definition_edits import NOTHING, Effects, between, edited, effects
from scheduler.services.previews.double_booking import Elsewhere
from scheduler.services.state import PartnershipState, remembered
from scheduler.store import partnerships, reviews
from scheduler.store.tables import PartnershipRow


@dataclass(frozen=True)
class Prospect:
    """What would become of a partnership. `content` is the hash of the file that would do it; `fault` says why the
    file on disk is left aside, if it is: then the definition in force is what plans. `elsewhere` notes who is expected
    in other partnerships at the same time, `others` is all that its people are expected at there. `effects` are what
    an edited file would do to what is on record; `waits` says whether that needs approval that nobody has given."""

    partnership: Partnership
    decision: GovernanceDecision
    state: PartnershipState
    content: str
    fault: str | None
    elsewhere: tuple[Note, ...] = ()
    others: tuple[Sitting, ...] = ()
    effects: Effects = NOTHING

    @property
    def waits(self) -> bool:
        return self.effects.needs_a_word and not self.state.approved

    @property
    def needs_approval(self) -> bool:
        """Whether the next cycle leaves it as it is until a person allows it."""
        return self.decision.refused or self.waits

    @property
    def standing(self) -> dict[str, Recorded]:
        """The reviews as they would stand, by id."""
        return {**self.state.recorded, **{action.review: action.result for action in self.decision.actions}}

    @property
    def better_hours(self) -> tuple[hour_notes.Better, ...]:
        """The series that stay at an hour since people know it, until a person says otherwise."""
        standing, now = self.standing, self.state.now
        return tuple(each for scope in self.decision.scopes for each in hour_notes.waiting(scope, standing, now))

    def with_days_off(self) -> "Prospect":
        """What would become of it if no review stayed as an earlier rule of days off had it."""
        state = replace(self.state, earlier_rules=())
        return replace(self, state=state, decision=decide(state))

    def with_new_hours(self) -> "Prospect":
        """What would become of it if no series stayed at an hour since people know it."""
        state = replace(self.state, definition=self.state.definition.keeping_hours({}))
        return replace(self, state=state, decision=decide(state))

    def notes(self, *, whole: bool) -> Iterator[Note]:
        """What to know about the reviews that change or, with `whole`, about all to come."""
        changing = {action.review for action in self.decision.actions}
        changing |= {each.review.id for each in self.decision.kept}
        standing = self.standing
        hours = hour_notes.notes(self.decision.scopes, standing, self.state.now)
        to_come = [each.review for each in standing.values() if each.status is Status.PLANNED]
        at_once = (self._with_a_free_hour(note, to_come) for note in (*overlaps(to_come), *self.elsewhere))
        for note in (*self.decision.notes, *hours, *at_once):
            if note.review_id in changing or (whole and _is_to_come(standing.get(note.review_id))):
                yield note

    def _with_a_free_hour(self, note: Note, to_come: Sequence[Review]) -> Note:
        """What to know of a review that overlaps, with a half hour of its day that suits all of its people."""
        review = next((each for each in to_come if each.id == note.review_id), None)
        scope = next((each for each in self.decision.scopes if review and each.layer == review.layer), None)
        if review is None or scope is None or review.start <= self.state.now:
            return note
        free = free_at(review, scope, to_come, self.others, self.state.now)
        suits = f"{when(free)} {review.timezone} is free for all" if free else None
        found = suits or "no half hour of that day within everybody's hours is free for all"
        return replace(note, text=f"{note.text}; {found}")


@dataclass(frozen=True)
class UnplannedFile:
    """A file that plans nothing, and why."""

    file: Path
    what: str


def prospects(
    app: App, db: Connection, ids: Collection[str], now: datetime, sources: Mapping[Path, str | None]
) -> Iterator[Prospect | UnplannedFile]:
    """What would become of these partnerships, or without ids of all for which something is to be done."""
    elsewhere = Elsewhere(db, now)
    for path, id in sources.items():
        prospect = _prospect(app, db, path, id, now, only_if_due=not ids)
        if isinstance(prospect, Prospect):
            others = elsewhere.others(prospect.partnership)
            bookings = elsewhere.double_bookings(prospect.partnership, prospect.standing.values())
            yield replace(prospect, elsewhere=bookings, others=others)
        elif prospect is not None:
            yield prospect


def sources(app: App, db: Connection, ids: Collection[str]) -> dict[Path, str | None]:
    """The definition files to be looked at, each with the partnership that it defined last. Raises `UserError` for an
    id of nothing."""
    folder = app.settings.definitions
    if not folder.is_dir():
        raise UserError(f"the definitions folder {folder} is not there", "make it, or name it under `definitions:`")
    present = files([folder])
    if not ids:
        return {path: partnerships.defined_by(db, str(path)) for path in present}
    return dict(_named(db, present, id) for id in ids)


class Edit(NamedTuple):
    """A file that says other than its partnership's definition in force, and what taking it up would do."""

    file: Path
    partnership: str
    effects: Effects
    taken: tuple[str, ...] = ()
    """Why it is not taken up: keys of it that reviews of another series bear in their ids."""


def edits(app: App, db: Connection, now: datetime) -> Iterator[Edit]:
    """The files that have been edited since they were taken up, as they are on disk; those with errors are left out."""
    for path, id in sources(app, db, ()).items():
        row = partnerships.get(db, id) if id else None
        text, content = content_of(path)
        if row is None or row.ended_at or row.content_hash == content:
            continue
        definition = load(text, str(path), app.playbooks).partnership
        if definition is not None and definition.partnership == id:
            after, state = counted(definition, row), remembered(app, db, row, now)
            if taken := renaming.keys_taken(state, after, app.playbooks):
                yield Edit(path, id, NOTHING, tuple(taken))
            else:
                yield Edit(path, id, effects(state, after))


class KeptHour(NamedTuple):
    """The file of a partnership, and a series of it that stays at an hour since people know it."""

    file: Path
    partnership: str
    says: str


def kept_hours(app: App, db: Connection, now: datetime) -> Iterator[KeptHour]:
    """Where another hour waits for a person's word, by the definitions in force."""
    for row in partnerships.listing(db):
        if row.ended_at is None and row.series_hours:
            recorded = reviews.recorded(db, row.id)
            for scope in scopes(app.in_force(row).as_of(now), app.playbooks):
                for each in hour_notes.waiting(scope, recorded, now):
                    yield KeptHour(local(app, row.file), row.id, f"{each.series} {each.says}")


def _named(db: Connection, present: list[Path], id: str) -> tuple[Path, str | None]:
    """The file of a partnership: the one it is in force from, if that is there, else the one that bears its name."""
    row = partnerships.get(db, id)
    if row is not None and row.ended_at:
        raise UserError(f"{id} was ended on {row.ended_at.date()}, so nothing is planned", "its history stays as it is")
    by_name = {path.stem: path for path in present}
    if row is not None and (Path(row.file) in present or id not in by_name):
        return Path(row.file), id
    if id not in by_name:
        raise unknown("partnership", id, by_name, "cadence list shows them all")
    return by_name[id], row.id if row else None


def _prospect(
    app: App, db: Connection, path: Path, id: str | None, now: datetime, *, only_if_due: bool
) -> Prospect | UnplannedFile | None:
    """None where a cycle would not even look at the partnership."""
    row = partnerships.get(db, id) if id else None
    text, content = content_of(path)
    fault = None
    if row is None or row.content_hash != content:
        loaded = load(text, str(path), app.playbooks)
        if loaded.partnership is not None:
            return _from_file(app, db, path, loaded.partnership, content, now)
        fault = "the file has errors" if path.is_file() else "the file has vanished"
    if row is None:
        return UnplannedFile(path, str(fault))
    if fault is None and only_if_due and not _is_due(app, row, now):
        return None
    state = remembered(app, db, row, now)
    return Prospect(app.in_force(row), decide(state), state, row.content_hash, fault)


def _from_file(
    app: App, db: Connection, path: Path, definition: Partnership, content: str, now: datetime
) -> Prospect | UnplannedFile | None:
    """What the file would do once it is taken over."""
    row = partnerships.get(db, definition.partnership)
    if row is not None and row.file != str(path) and Path(row.file).is_file():
        return UnplannedFile(path, f"{definition.partnership} is already defined in {row.file}")
    if row is not None and row.ended_at:
        return None
    if row is None:
        state = _unknown(app, definition, now)
        return Prospect(definition, decide(state), state, content, None)
    definition = counted(definition, row)
    before = remembered(app, db, row, now)
    if taken := renaming.keys_taken(before, definition, app.playbooks):
        return UnplannedFile(path, taken[0])
    state = replace(before, approved=row.approved == content)
    if row.content_hash != content:
        state = edited(state, definition)
    decision = decide(state)
    would = between(decide(before), decision, before, definition)
    return Prospect(definition, decision, state, content, None, effects=would)


def _unknown(app: App, definition: Partnership, now: datetime) -> PartnershipState:
    """The state of a partnership of which nothing is on record yet."""
    first = Version(definition, now, "first", past_days=app.settings.past_days)
    return PartnershipState(
        definition=definition, playbooks=app.playbooks, settings=app.settings, now=now, versions=(first,)
    )


def _is_due(app: App, row: PartnershipRow, now: datetime) -> bool:
    waits = row.wake_at is not None and row.wake_at > now and row.problem is None
    return not (waits and row.fingerprint == app.environment)


def _is_to_come(record: Recorded | None) -> bool:
    """A review that was dropped from the plan has no record, and its note is worth reading."""
    return record is None or record.status is Status.PLANNED
