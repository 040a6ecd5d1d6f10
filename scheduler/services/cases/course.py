"""How it goes on after a checkpoint, or how a formal review ends, by the decision of those who took part.

It is recorded in one transaction, in which the partnership is governed anew, so that what follows (another 90 days, the
action plan of a cure, the wind-down of an exit) follows at once.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.definitions.problems import quoted
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.errors import AlreadyDecided, UserError, WrongDay
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.record.verdict import COURSES, ENDINGS, Course, CourseDecision
from scheduler.domain.record.wind_down import ExitWord
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.decisions import cure
from scheduler.rules.reviews.checkpoint import decides_from, following
from scheduler.rules.reviews.scopes import scopes
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.cases.checkpoint import Table, person_said, table_of, words_said
from scheduler.services.cases.exit import ExitDecided, follow
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.register import put_on_record
from scheduler.store import actions, decisions, exits, reviews

_DAY, _LONGEST_CURE = timedelta(days=1), timedelta(days=366)


class CourseWord(NamedTuple):
    """What a person says was decided: the `course` and why; who carries it out, and of a cure by when its action plan
    is due, where that was said; `on` which day it was decided and who took it, `taken_by` in words, where that is not
    now and the person who says so. People are named by key or mail address."""

    course: str
    because: str
    by: str
    carried_out_by: str | None = None
    until: date | None = None
    on: date | None = None
    taken_by: str | None = None


@dataclass(frozen=True)
class DecidedCourse:
    """A decision on record, and the checkpoint or formal review that it is of. `file` holds the definition."""

    taken: CourseDecision
    record: Recorded
    partnership: Partnership
    file: str
    following: Recorded | None = None
    """Where it relaunches, the next checkpoint, if it is planned."""
    exit: ExitWord | None = None
    """What was put on record of the exit that it begins or undoes; of one that was decided before, its standing."""
    plan: Action | None = None
    """The action plan of a cure."""


def decide(app: App, id: str, said: CourseWord, now: datetime, *, replace: bool = False) -> DecidedCourse:
    """Record the decision that a person took or reports, at `now`: of a checkpoint from the evidence call on, of a
    formal review from its day on. `id` is the review's own, or that of the partnership, layer or series of which the
    last is meant.

    A second one is taken only where it is said to `replace` the first, which is kept, and until the checkpoint that a
    relaunch led to has been held or decided; else AlreadyDecided is raised. The same once more changes nothing.
    """
    with app.store.write(id) as db:
        table = _table(app, db, id)
        put_on_record(db, table.partnership, now)
        before = decisions.courses(db, table.partnership.partnership).get(table.record.id)
        taken = _decision(db, table, before, said, now)
        if before is None or not _is_the_same(before, taken, said):
            _refuse_second(table, before, replace)
            word = _record(app, db, table, taken, said)
            govern_in(app, db, table.partnership.partnership, now)
        else:
            taken, word = before, None
        return _decided(db, table, taken, word)


def _is_the_same(before: CourseDecision, taken: CourseDecision, said: CourseWord) -> bool:
    alike = (before.decision, before.because, before.by) == (taken.decision, taken.because, taken.by)
    return alike and said.on in (None, before.on) and taken.taken_by in (None, before.taken_by)


def _record(app: App, db: Connection, table: Table, taken: CourseDecision, said: CourseWord) -> ExitWord | None:
    """Put on record what was decided, and what begins or ends with it."""
    carrier = person_said(table, said.carried_out_by) if said.carried_out_by else None
    is_cure = taken.decision == "cure"
    decisions.decide(db, table.record.review, taken, None if is_cure else carrier)
    known = actions.recorded(db, table.partnership.partnership)
    actions.save(db, cure.dropped(taken, known))
    if is_cure:
        actions.save(db, [_plan(table, taken, carrier, said.until, known)])
    exit = ExitDecided(
        table.record.review.scope_id, taken.review, taken.decision == "exit", taken.because, taken.by, taken.on
    )
    return follow(app, db, exit, taken.at)


def _plan(table: Table, taken: CourseDecision, carrier: str | None, until: date | None, known: list[Action]) -> Action:
    """The action plan of a cure: its owner is whoever carries it out or, where nobody is named, whoever prepares the
    agenda of the review."""
    review = table.record.review
    owner = carrier or (
        review.agenda_owner if review.agenda_owner in table.scope.people else table.scope.default_agenda_owner
    )
    on = taken.on or taken.at.astimezone(zone(review.timezone)).date()
    return cure.plan(review, taken, owner, until or cure.due_by(table.scope, owner, on), known)


def _decided(db: Connection, table: Table, taken: CourseDecision, word: ExitWord | None) -> DecidedCourse:
    id = table.partnership.partnership
    led_to = reviews.find(db, following(table.record.id)) if taken.decision == "relaunch" else None
    is_planned = led_to is not None and led_to.status is Status.PLANNED
    if word is None and taken.decision == "exit":
        word = exits.words(db, id).get(table.record.review.scope_id)
    plans = [each for each in actions.recorded(db, id) if each.is_of_cure and each.review == taken.review]
    plan = plans[-1] if plans and taken.decision == "cure" else None
    return DecidedCourse(taken, table.record, table.partnership, table.file, led_to if is_planned else None, word, plan)


# Who may decide what, and when -------------------------------------------------------------------------------------


def _table(app: App, db: Connection, id: str) -> Table:
    record = lookup.deciding(db, id)
    if record.review.kind is Kind.CHECKPOINT:
        return table_of(app, db, record)
    row = lookup.not_ended(lookup.partnership(db, record.review.partnership))
    if record.status in (Status.CANCELLED, Status.SKIPPED):
        raise UserError(f"{record.id} was {record.status} ({record.because})", "there is nothing to decide")
    partnership = app.in_force(row)
    parts = scopes(partnership, app.playbooks)
    scope = next((each for each in parts if each.layer == record.review.layer), None)
    if scope is None:
        what = f"the definition no longer has the layer {record.review.layer}"
        raise UserError(what, "its history stays as it is")
    return Table(record, partnership, scope, row.file)


def _decision(
    db: Connection, table: Table, before: CourseDecision | None, said: CourseWord, now: datetime
) -> CourseDecision:
    person = person_said(table, said.by)
    course = _course(table, said)
    _refuse_too_soon(table.record.review, now)
    _refuse_overtaken(db, table)
    reason = words_said(said.because)
    if reason is None:
        raise UserError("the decision has no reason", "say in a few words why")
    _refuse_day(table.record.review, said.on, now)
    return CourseDecision(table.record.id, course, reason, person, now, before, said.on, words_said(said.taken_by))


def _course(table: Table, said: CourseWord) -> Course:
    offered = COURSES if table.record.review.kind is Kind.CHECKPOINT else ENDINGS
    found = next((each for each in offered if each == said.course), None)
    if found is None:
        what = f"{quoted(said.course)} is no decision of a {table.record.review.kind.replace('-', ' ')}"
        raise UserError(what, f"say one of: {', '.join(offered)}")
    if said.until is not None and found != "cure":
        raise UserError(f"{found} has no action plan with a day", "only a cure has: leave the day out")
    if said.until is not None and not _DAY <= said.until - table.record.review.start.date() <= _LONGEST_CURE:
        raise WrongDay(f"no action plan is due on {said.until}", "name a day after the review, within a year of it")
    return found


def _refuse_too_soon(review: Review, now: datetime) -> None:
    today = now.astimezone(zone(review.timezone)).date()
    if review.kind is Kind.CHECKPOINT and today < (opens := decides_from(review)):
        what = f"{review.id} is on {in_words(review.start.date())}, and the evidence is not called for yet"
        raise UserError(what, f"decide from the evidence call on: {in_words(opens)}")
    if review.kind is not Kind.CHECKPOINT and today < (on := review.start.date()):
        raise UserError(f"{review.id} is on {in_words(on)}", "decide there, or move it: cadence review move")


def _refuse_day(review: Review, on: date | None, now: datetime) -> None:
    """A decision was taken on a day on which it could be, and that has come."""
    if on is None:
        return
    first = decides_from(review) if review.kind is Kind.CHECKPOINT else review.start.date()
    if on < first:
        raise UserError(f"{in_words(on)} is before it could be decided", f"name {in_words(first)} or a later day")
    if on > now.astimezone(zone(review.timezone)).date():
        raise UserError(f"{in_words(on)} is still to come", "name the day on which it was decided")


def _refuse_second(table: Table, before: CourseDecision | None, replace: bool) -> None:
    if before is not None and not replace:
        person = table.partnership.people.get(before.by)
        who, on = person.name if person else before.by, before.at.astimezone(zone(table.record.review.timezone)).date()
        what = f"{before.review} is decided: {before.decision}, by {who} on {in_words(on)}: {before.because}"
        raise AlreadyDecided(what, "if another decision takes its place, say so: --replace")


def _refuse_overtaken(db: Connection, table: Table) -> None:
    if table.record.review.kind is not Kind.CHECKPOINT:
        return
    later = following(table.record.id)
    record = reviews.find(db, later)
    decided = later in decisions.courses(db, table.partnership.partnership)
    if record is not None and record.status is not Status.CANCELLED and (record.settled or decided):
        what = f"{table.record.id} led to {later}, which is {'decided' if decided else record.status}"
        raise UserError(what, f"decide there: cadence checkpoint decide {later}")
