"""One partnership, one transaction: remember, decide, apply."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.definitions.problems import Diagnostic, as_dict
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.series_hour import from_rows
from scheduler.rules.calendar.wall_clock import moment
from scheduler.rules.reminders import paper_milestones
from scheduler.rules.reviews.double_booking import sitting
from scheduler.rules.reviews.known_hours import known_hours
from scheduler.rules.reviews.reconcile import ReviewChange
from scheduler.rules.triggers.firing import Firing
from scheduler.services import register, standing
from scheduler.services.app import App
from scheduler.services.archive import States
from scheduler.services.cases import unclear_replies
from scheduler.services.daemons import superseded
from scheduler.services.failures import Failure, contained
from scheduler.services.folders import differs
from scheduler.services.pipeline import chair_letters, counsel_letters, course_letters, health_rounds, item_letters
from scheduler.services.pipeline.decide import GovernanceDecision, decide, decided
from scheduler.services.pipeline.invitations import invite
from scheduler.services.pipeline.minutes_letters import note_sent
from scheduler.services.pipeline.notifications import Board, notify
from scheduler.services.pipeline.partnership_end import after_the_end, end_by_exit, pass_on_actions
from scheduler.services.pipeline.revisions import revision
from scheduler.services.pipeline.votes import settle_votes
from scheduler.services.state import PartnershipState, remembered
from scheduler.services.viewer import members_of
from scheduler.store import (
    StoreError,
    actions,
    attendance,
    claims,
    flags,
    invitations,
    measurements,
    members,
    partnerships,
    reviews,
    standings,
    trigger_events,
)
from scheduler.store.attendance import Attendance
from scheduler.store.secrets import signing_key
from scheduler.store.tables import PartnershipRow


class Governed(NamedTuple):
    """How many actions were taken, and the state that they led to, as of a revision; None where nothing is governed."""

    actions: int
    state: PartnershipState | None = None
    revision: int = 0


def govern(
    app: App,
    id: str,
    now: datetime,
    states: States | None = None,
    *,
    is_ours: Callable[[Connection], bool] = lambda db: True,
) -> int | None:
    """Plan, reconcile and watch one partnership at `now`; return how many actions were taken. What it has led to goes
    among the `states`, once it is on record. `is_ours` is asked once the partnership is held: where it says no, nothing
    is done, and None returned.

    What goes wrong with one is logged and shown as its problem, and keeps no other from being governed; it is tried
    again in the next cycle. Raises StoreError, which concerns them all.
    """
    one = contained(lambda failed: _note_failure(app, id, failed), StoreError, on="this partnership")
    with one:
        with app.store.write(id) as db:
            if not is_ours(db):
                return None
            done = govern_in(app, db, id, now, files_agree=True)
        if done.state and states is not None:
            states.keep(id, done.revision, done.state)
        return done.actions
    return 0


def govern_in(
    app: App,
    db: Connection,
    id: str,
    now: datetime,
    known: PartnershipState | None = None,
    *,
    files_agree: bool = False,
) -> Governed:
    """The same inside the caller's transaction, for a command that has just changed what is remembered. `known` is the
    state at `now` as that has left it, where the caller has it; `files_agree`, where all hosts are known to see the
    same definition. Where they do not, or another daemon plans by what is newer, it is only made due."""
    row = partnerships.get(db, id)
    if row is None:
        return Governed(0)
    if _is_left_to_another(app, db, row) or (not files_agree and differs(app, db, row)):
        partnerships.wake(db, id, now)
        partnerships.touch(db, [id])
        return Governed(0)
    if end_by_exit(app, db, row, now):
        row = partnerships.get(db, id) or row
    if row.ended_at is not None:
        note_sent(app, db, app.in_force(row), now)
        attendance.replace(db, id, ())
        standings.forget(db, id)
        invite(app, db, row, remembered(app, db, row, now))
        partnerships.wake(db, id, after_the_end(app, db, row, now))
        return Governed(0)
    before = row
    row = _opening_health_rounds(
        db, app, _counting_launch_steps(db, app, _counting_days_off(db, app, row, now), now), now
    )
    if pass_on_actions(db, app.in_force(row), now) or row is not before:
        known = None
    if not members.knows_keys(db, id):
        members.save(db, id, members_of(app.in_force(row)))
    register.put_on_record(db, app.in_force(row), now)
    if app.settings.web.reachable_url:
        signing_key(db, now)  # calendars, which only read, carry links that are signed with it
    state = known or remembered(app, db, row, now)
    if _goes_on_by_itself(app, db, row, state):
        state = remembered(app, db, row, now)
    if milestones := paper_milestones.changed(state.partnership, state.assigned, now):
        actions.save(db, milestones)
        state = state.with_record(assigned=actions.recorded(db, id))
    decision = decide(state)
    state = decided(state, decision)
    taken = () if decision.refused else decision.actions
    _record(app, db, taken, now)
    written = {action.review for action in taken}
    reviews.note_burdens(db, {id: found for id, found in decision.burdens.items() if id not in written})
    attendance.replace(db, id, _expected(state))
    _record_causes(app, db, decision.causes)
    if state.earlier_rules and not decision.kept:
        partnerships.take_days_off(db, id)
    if not decision.refused:
        partnerships.remember_scopes(db, [scope.id for scope in decision.scopes], now)
        invite(app, db, row, state)
        _keep_hours(db, row, state)
    _watch(app, db, id, decision, now)
    board = Board(app, db, state.partnership, now)
    unclear, chairs = unclear_replies.notices(db, board.partnership, now), chair_letters.notices(db, state)
    more = (*course_letters.notices(db, state), *item_letters.notices(db, state))
    more += (*counsel_letters.notices(app, db, state),)
    notify(board, [*decision.notices, *unclear, *chairs, *more], decision.settled)
    _note_refusal(app, db, row, decision)
    changes_at = standing.put_on_record(db, state)
    wake_at = min((decision.wake_at, *([changes_at] if changes_at else []), *_health_rounds_turn(app, state)))
    revision = partnerships.governed(db, id, app.environment, wake_at, now)
    return Governed(len(taken), state, revision)


def _is_left_to_another(app: App, db: Connection, row: PartnershipRow) -> bool:
    """Whether a daemon plans this partnership that goes by what is newer: what was put on record here it finds, and
    plans by. Asked where the plan is by another environment than ours: one that is by ours is not planned in turns."""
    return row.fingerprint != app.environment and superseded(app, db) is not None


def _goes_on_by_itself(app: App, db: Connection, row: PartnershipRow, state: PartnershipState) -> bool:
    """Put on record that minutes have left and what proposals came to; say whether there was anything to."""
    filings = (each for record in state.minutes_records.values() for each in record.filings)
    waits = any(each.sent_at is None for each in filings)
    left = note_sent(app, db, app.in_force(row), state.now) if waits else 0
    settled = settle_votes(app, db, row, state.proposals, state.now)
    return health_rounds.go_on(app, db, state) or settled or left > 0


def _health_rounds_turn(app: App, state: PartnershipState) -> Iterator[datetime]:
    """When a round of the health check opens or is over, where people can be asked."""
    if health_rounds.can_be_asked(app, state) or any(each.is_open for each in state.health_rounds):
        there = state.partnership.zone
        yield from (moment(day, time(), there).astimezone(UTC) for day in health_rounds.next_change(state))


def _keep_hours(db: Connection, row: PartnershipRow, state: PartnershipState) -> None:
    """Remember the times of day that people know by now."""
    invited = invitations.subjects(db, row.id)
    hours = known_hours(state.scopes.values(), state.recorded, invited, state.now)
    if row.series_hours is None or from_rows(row.series_hours) != hours:
        partnerships.keep_hours(db, row.id, hours)


def _counting_days_off(db: Connection, app: App, row: PartnershipRow, now: datetime) -> PartnershipRow:
    """The row of a partnership that was governed by an earlier program counts days off anew from today on: the periods
    of its KPIs that have ended keep their due days."""
    if not row.keeps_invited or row.days_off_from is not None:
        return row
    today = now.astimezone(ZoneInfo(app.in_force(row).zone)).date()
    partnerships.count_days_off_from(db, row.id, today)
    return row.model_copy(update={"days_off_from": today})


def _counting_launch_steps(db: Connection, app: App, row: PartnershipRow, now: datetime) -> PartnershipRow:
    """The row of a partnership that was not governed since steps of launch tracks can be ticked: one whose day is past
    by today is not late."""
    if row.launch_from is not None:
        return row
    today = now.astimezone(ZoneInfo(app.in_force(row).zone)).date()
    partnerships.count_launch_steps_from(db, row.id, today)
    return row.model_copy(update={"launch_from": today})


def _opening_health_rounds(db: Connection, app: App, row: PartnershipRow, now: datetime) -> PartnershipRow:
    """The row of a partnership that was not governed since there are health checks: a round whose first day was before
    today is not opened."""
    if row.health_from is not None:
        return row
    today = now.astimezone(ZoneInfo(app.in_force(row).zone)).date()
    partnerships.open_health_rounds_from(db, row.id, today)
    return row.model_copy(update={"health_from": today})


def _record(app: App, db: Connection, actions: tuple[ReviewChange, ...], now: datetime) -> None:
    reviews.save_many(db, [action.result for action in actions])
    reviews.append_revisions(db, [revision(action, now) for action in actions])
    for action in actions:
        app.log.info(
            f"review.{action.verb}", review=action.review, sequence=action.result.sequence, because=action.because
        )


def _expected(state: PartnershipState) -> set[Attendance]:
    """Who is expected where from now on."""
    people = state.partnership.people
    to_come = (
        each for each in state.recorded.values() if each.status is Status.PLANNED and not each.is_past(state.now)
    )
    return {
        Attendance(email, each.review, each.start.astimezone(UTC), each.end.astimezone(UTC))
        for each in (sitting(record.review, people) for record in to_come)
        for email in each.people
    }


def _record_causes(app: App, db: Connection, changes: Firing) -> None:
    trigger_events.end(db, changes.ended)
    trigger_events.add(db, changes.fired)
    for each in changes.fired:
        app.log.warning("trigger.fired", scope=each.cause.scope, key=each.cause.key, review=each.review)
    for each in changes.ended:
        app.log.info("trigger.over", scope=each.cause.scope, key=each.cause.key)


def _watch(app: App, db: Connection, id: str, decision: GovernanceDecision, now: datetime) -> None:
    measurements.sync(db, id, decision.measurements, now)
    changes = flags.sync(db, id, decision.flags, _settled(decision.measurements), now)
    for kpi, period in changes.opened:
        app.log.warning("kpi.overdue", kpi=kpi, period=period)
    for kpi, period in changes.closed:
        app.log.info("kpi.settled", kpi=kpi, period=period)


def _settled(owed: tuple[Measurement, ...]) -> dict[tuple[str, str], str]:
    return {(m.id, m.period.label): m.status for m in owed if m.status in ("reported", "excused")}


def _note_failure(app: App, id: str, failed: Failure) -> None:
    """Show as the partnership's problem what kept it from being governed; said once, not in every cycle."""
    what = f"{failed.what}; it stays as it is" if failed.defect else failed.what
    with app.store.write(id) as db:
        claims.release(db, "partnership", [id], app.by)
        row = partnerships.get(db, id)
        if row and _set_problem(db, row, what, failed.hint):
            failed.log(app.log, "govern.failed", partnership=id)


def _note_refusal(app: App, db: Connection, row: PartnershipRow, decision: GovernanceDecision) -> None:
    if not decision.refused:
        if row.problem is not None:
            partnerships.set_problem(db, row.id, None)
        return
    what, hint = too_many_cancelled(row.id, decision.cancelled)
    if _set_problem(db, row, what, hint):
        app.log.error("plan.refused", partnership=row.id, cancels=decision.cancelled, hint=hint)


def too_many_cancelled(id: str, count: int) -> tuple[str, str]:
    """What the guard says of a partnership's plan that would cancel so many reviews, and the way out."""
    what = f"it would cancel {count} reviews; the schedule stays as it is until a person agrees"
    return what, f"look at it with cadence plan {id}; if it is meant: cadence plan {id} --allow-cancellations"


def _set_problem(db: Connection, row: PartnershipRow, what: str, hint: str) -> bool:
    """Keep a problem of a partnership, and say whether it is new."""
    problem = [as_dict(Diagnostic(row.file, None, None, "error", "", what, hint))]
    if problem == row.problem:
        return False
    partnerships.set_problem(db, row.id, problem)
    return True
