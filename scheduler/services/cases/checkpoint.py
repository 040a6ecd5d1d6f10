"""What people say at a checkpoint, put on record: a verdict on one of its criteria, and the decision.

Each is recorded in one transaction, in which the partnership is governed anew, so that what follows (another 90 days, a
letter that need not be sent) follows at once. What cannot be recorded raises `UserError`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.definitions.problems import near_miss, quoted
from scheduler.domain.definition.kpi import Criterion
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.record.verdict import COURSES, JUDGED, Course, CourseDecision, Judged, Judgement
from scheduler.domain.record.wind_down import ExitWord
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.kpis.verdicts import internal_to, judge_of
from scheduler.rules.reviews.checkpoint import decides_from, following
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.cases.exit import ExitDecided, follow
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.register import put_on_record
from scheduler.services.views.checkpoint_sheet import sheet
from scheduler.store import decisions, exits, reviews, verdicts

MOST_CHARACTERS = 2000
"""More than that is no evidence and no reason but a document: it belongs to the minutes."""


@dataclass(frozen=True)
class GivenVerdict:
    """A judgement on record; what the readings of its criterion say where it says otherwise, and the judgements that it
    replaces, the latest first, in words."""

    judgement: Judgement
    overrules: str | None
    replaces: tuple[str, ...]


def judge(
    app: App, id: str, criterion: str, verdict: str, evidence: str | None, by: str, now: datetime
) -> GivenVerdict:
    """Record what a person, named by key or mail address, says of a criterion, at `now`; a later word takes the place
    of an earlier. `id` is the checkpoint's own, or that of its partnership or layer.

    Where the criterion rests on an organisation's own KPI, only its people may judge, or the judge the definition
    names.
    """
    with app.store.write() as db:
        table = _table(app, db, id)
        written, person = _criterion(table, criterion), _person(table, by)
        _refuse_outsider(table, written, person)
        said = Judgement(table.record.id, criterion, _judged(verdict), _words(evidence), person, now)
        verdicts.judge(db, said)
        govern_in(app, db, table.partnership.partnership, now)
        lines = sheet(app, db, table.record, None, now).criteria
        line = next(each for each in lines if each.id == criterion)
        return GivenVerdict(said, line.overrules, tuple(line.replaces))


@dataclass(frozen=True)
class DecidedCheckpoint:
    """A decision on record, and the checkpoint that it is of; where it relaunches, the next one, if it is planned.
    `file` holds the definition."""

    taken: CourseDecision
    checkpoint: Recorded
    partnership: Partnership
    file: str
    following: Recorded | None
    exit: ExitWord | None = None
    """What was put on record of the exit that it begins or undoes; of one that was decided before, its standing."""


def decide(
    app: App, id: str, course: str, because: str, by: str, now: datetime, *, replace: bool = False
) -> DecidedCheckpoint:
    """Record the decision that a person, named by key or mail address, took or reports, at `now`, from the evidence
    call on.

    A second one is taken only where it is said to `replace` the first, which is kept, and until the checkpoint that a
    relaunch led to has been held or decided. The same once more changes nothing.
    """
    with app.store.write() as db:
        table = _table(app, db, id)
        put_on_record(db, table.partnership, now)
        before = decisions.courses(db, table.partnership.partnership).get(table.record.id)
        leaving: ExitWord | None = None
        taken = _decision(db, table, before, course, because, by, now)
        if before is None or (before.decision, before.because, before.by) != (taken.decision, taken.because, taken.by):
            _refuse_second(table, before, replace)
            decisions.decide(db, table.record.review, taken)
            scope, is_exit = table.record.review.scope_id, taken.decision == "exit"
            leaving = follow(app, db, ExitDecided(scope, taken.review, is_exit, taken.because, taken.by), now)
            govern_in(app, db, table.partnership.partnership, now)
        else:
            taken = before
        if leaving is None and taken.decision == "exit":
            leaving = exits.words(db, table.partnership.partnership).get(table.record.review.scope_id)
        led_to = reviews.find(db, following(table.record.id)) if taken.decision == "relaunch" else None
        is_planned = led_to is not None and led_to.status is Status.PLANNED
        following_one = led_to if is_planned else None
        return DecidedCheckpoint(taken, table.record, table.partnership, table.file, following_one, leaving)


def _decision(
    db: Connection, table: "_Table", before: CourseDecision | None, course: str, because: str, by: str, now: datetime
) -> CourseDecision:
    person = _person(table, by)
    _refuse_too_soon(table.record.review, now)
    _refuse_overtaken(db, table)
    reason = _words(because)
    if reason is None:
        raise UserError("the decision has no reason", "say in a few words why")
    return CourseDecision(table.record.id, _course(course), reason, person, now, before)


@dataclass(frozen=True, slots=True)
class _Table:
    """A checkpoint and whose it is."""

    record: Recorded
    partnership: Partnership
    scope: Scope
    file: str


def _table(app: App, db: Connection, id: str) -> _Table:
    record = lookup.checkpoint(db, id)
    row = lookup.not_ended(lookup.partnership(db, record.review.partnership))
    if record.status is Status.CANCELLED:
        raise UserError(f"{record.id} was cancelled ({record.because})", "there is nothing to judge or to decide")
    partnership = app.in_force(row)
    parts = scopes(partnership, app.playbooks)
    scope = next((each for each in parts if each.layer == record.review.layer), None)
    if scope is None or scope.success is None:
        raise UserError(
            f"the definition no longer has the success that {record.id} looks at", "its history stays as it is"
        )
    return _Table(record, partnership, scope, row.file)


def _criterion(table: _Table, id: str) -> Criterion:
    written = {each.id: each for each in (table.scope.success.criteria if table.scope.success else ())}
    if id not in written:
        near = near_miss(id, written)
        hint = f"did you mean {near}?" if near else f"it has {', '.join(written)}"
        raise UserError(f"{table.record.id} has no criterion {quoted(id)}", hint)
    return written[id]


def _person(table: _Table, by: str) -> str:
    """The key of whoever says so. Raises UserError for a stranger."""
    try:
        return lookup.person(table.partnership, by) or by
    except UserError as stranger:
        raise UserError(f"{stranger.what} in {table.partnership.partnership}", stranger.hint) from None


def _refuse_outsider(table: _Table, criterion: Criterion, by: str) -> None:
    internal, judge = internal_to(criterion, table.scope), judge_of(criterion, table.scope)
    if internal is not None and by != judge and table.partnership.organisation_of(by) != internal:
        side = table.partnership.organisations[internal].name
        raise UserError(f"{criterion.id} is judged by {side}", f"somebody of {side} gives the verdict")


def _refuse_too_soon(checkpoint: Review, now: datetime) -> None:
    opens = decides_from(checkpoint)
    if now.astimezone(zone(checkpoint.timezone)).date() < opens:
        what = f"{checkpoint.id} is on {in_words(checkpoint.start.date())}, and the evidence is not called for yet"
        raise UserError(what, f"decide from the evidence call on: {in_words(opens)}")


def _refuse_second(table: _Table, before: CourseDecision | None, replace: bool) -> None:
    if before is not None and not replace:
        person = table.partnership.people.get(before.by)
        who, on = person.name if person else before.by, before.at.astimezone(zone(table.record.review.timezone)).date()
        what = f"{before.review} is decided: {before.decision}, by {who} on {in_words(on)}: {before.because}"
        raise UserError(what, "if another decision takes its place, say so: --replace")


def _refuse_overtaken(db: Connection, table: _Table) -> None:
    later = following(table.record.id)
    record = reviews.find(db, later)
    decided = later in decisions.courses(db, table.partnership.partnership)
    if record is not None and record.status is not Status.CANCELLED and (record.settled or decided):
        what = f"{table.record.id} led to {later}, which is {'decided' if decided else record.status}"
        raise UserError(what, f"decide there: cadence checkpoint decide {later}")


def _judged(written: str) -> Judged:
    found = next((each for each in JUDGED if each == written), None)
    if found is None:
        raise UserError(f"{quoted(written)} is no verdict", f"say one of: {', '.join(JUDGED)}")
    return found


def _course(written: str) -> Course:
    found = next((each for each in COURSES if each == written), None)
    if found is None:
        raise UserError(f"{quoted(written)} is no decision", f"say one of: {', '.join(COURSES)}")
    return found


def _words(written: str | None) -> str | None:
    words = (written or "").strip()
    if len(words) > MOST_CHARACTERS:
        what = f"that is {len(words):,} characters, and {MOST_CHARACTERS:,} are the most"
        raise UserError(what, "say it in short; the rest belongs to the minutes")
    return words or None
