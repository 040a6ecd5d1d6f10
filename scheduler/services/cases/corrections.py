"""A correction of a definition is declared: what it says counts from a day in the past, as if it had been written then.

An edit counts from when it is taken up, so a slip that was edited would judge its periods for ever. A correction judges
anew what has ended since its day, by a person's word, who is shown before what becomes of the record. Both versions
stay on record; so does every value, and every letter that went out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import Connection

from scheduler.definitions.loading import load
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.version import Version
from scheduler.domain.errors import UserError
from scheduler.domain.record.measurement import Measurement
from scheduler.rules.kpis.trend import as_judged
from scheduler.services import definition_versions, lookup
from scheduler.services.app import App, counted
from scheduler.services.daemons import superseded
from scheduler.services.folders import content_of, differs, local
from scheduler.services.pipeline.decide import GovernanceDecision, decide
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.pipeline.intake import take_up
from scheduler.services.pipeline.renaming import OTHER_KEY, earlier, keys_taken, kpi_renames, renamed
from scheduler.services.state import remembered
from scheduler.store import partnerships
from scheduler.store.tables import PartnershipRow


@dataclass(frozen=True)
class Correction:
    """A definition that is to count from the civil date `since`, and what would become of the record, in a line each.
    `content` is the hash of the file that says it."""

    path: Path
    definition: Partnership
    text: bytes
    content: str
    since: date
    lines: tuple[str, ...]


def correction(app: App, id: str, since: date, by: str | None, now: datetime) -> Correction:
    """Look before correcting: what a partnership's file, as it is now, would do if it counted from a day. Nothing is
    changed. Raises UserError where the file has errors, where the day is still to come, where there is nothing that it
    would correct, and for an unknown partnership or person."""
    with app.store.read() as db:
        row = lookup.partnership(db, id)
        lookup.person(app.in_force(row), by)
        return _correction(app, db, row, since, now)


def _correction(app: App, db: Connection, row: PartnershipRow, since: date, now: datetime) -> Correction:
    lookup.not_ended(row)
    if since > now.date():
        raise UserError(
            f"{since} is still to come", "an edit counts from when it is taken up; a correction from an earlier day"
        )
    if differs(app, db, row):
        raise UserError(
            f"the hosts of the daemons have different contents of {Path(row.file).name}", "bring them to the same state"
        )
    if by_another := superseded(app, db):
        raise UserError(f"nothing is taken up here: {by_another.says}", by_another.hint)
    path = local(app, row.file)
    text, content = content_of(path)
    loaded = load(text, str(path), app.playbooks)
    errors = [problem for problem in loaded.problems if problem.severity == "error"]
    if loaded.partnership is None or errors or loaded.partnership.partnership != row.id:
        raise UserError(f"{path} cannot be taken up as it is", "see cadence check")
    definition = counted(loaded.partnership, row)
    if taken := keys_taken(remembered(app, db, row, now), definition, app.playbooks):
        raise UserError(taken[0], OTHER_KEY)
    lines = tuple(_lines(app, db, row, definition, since, now))
    if not lines and content == row.content_hash:
        raise UserError(
            f"nothing on record since {since} would change", "edit the file first: it is what counts from that day then"
        )
    return Correction(path, definition, text, content, since, lines)


def correct(app: App, declared: Correction, by: str | None, now: datetime) -> None:
    """Put a correction in force, and let follow what follows. Raises UserError where the file has changed since it was
    shown, and for an unknown partnership or person."""
    with app.store.write(declared.definition.partnership) as db:
        row = lookup.partnership(db, declared.definition.partnership)
        person = lookup.person(app.in_force(row), by)
        if content_of(declared.path)[1] != declared.content:
            what = f"{declared.path} has changed meanwhile"
            raise UserError(what, "look at what it does now: give the command once more")
        partnerships.approve(db, row.id, declared.content)
        take_up(app, db, declared.path, declared.definition, declared.text, declared.content, now)
        kept = lookup.partnership(db, row.id)
        definition_versions.add(db, kept, declared.definition, "correction", now, since=declared.since, person=person)
        govern_in(app, db, row.id, now)


def _lines(
    app: App, db: Connection, row: PartnershipRow, definition: Partnership, since: date, now: datetime
) -> Iterator[str]:
    state = remembered(app, db, row, now)
    after = renamed(state, definition, app.playbooks)
    versions = (*after.versions, Version(definition, now, "correction", since))
    was, will = decide(state), decide(replace(after, definition=definition, versions=versions))
    yield from _of_periods(was, will, kpi_renames(definition, earlier(state)), now.date())
    yield from (f"a trigger would fire: {each.cause.says}" for each in will.causes.fired)
    yield from (f"no longer holds: {each.cause.says}" for each in will.causes.ended)


def _of_periods(was: GovernanceDecision, will: GovernanceDecision, names: dict[str, str], today: date) -> Iterator[str]:
    """What changes of the periods that have ended."""
    before = {(names.get(each.id, each.id), each.period.label): each for each in was.measurements}
    after = {(each.id, each.period.label): each for each in will.measurements}
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        shown = new or old
        if shown and shown.period.last < today and (change := _change(old, new)):
            yield f"{key[0]} {shown.period.name}: {change}"


def _change(old: Measurement | None, new: Measurement | None) -> str:
    if new is None:
        return "is owed no more"
    if old is None:
        return f"would be owed, due {new.due}" if new.reading is None else f"would be {_judged(new)}"
    both = old.reading and new.reading
    turned = [
        (_judged(old), _judged(new)) if both else (f"target {old.kpi.target}", f"target {new.kpi.target}"),
        (f"due {old.due}", f"due {new.due}"),
        (f"asked of {old.asked}", f"asked of {new.asked}"),
    ]
    settled = new.reading is not None
    told = [f"{before} → {after}" for before, after in (turned[:1] if settled else turned) if before != after]
    return ", ".join(told)


def _judged(owed: Measurement) -> str:
    return f"{as_judged(owed)} (target {owed.kpi.target})"
