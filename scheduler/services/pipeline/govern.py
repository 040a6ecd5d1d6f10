"""One partnership, one transaction: remember, decide, apply."""

from dataclasses import fields
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from scheduler.definitions.problems import Diagnostic, as_dict
from scheduler.domain.record.measurement import Measurement
from scheduler.domain.record.review import Review
from scheduler.rules.reviews.reconcile import Action
from scheduler.rules.triggers.firing import Firing
from scheduler.services import definition_versions
from scheduler.services.app import App
from scheduler.services.cases import unclear_replies
from scheduler.services.cases.partnership_end import after_the_end, pass_on_actions
from scheduler.services.failures import Failure, contained
from scheduler.services.pipeline.decide import Decision, Memory, decide
from scheduler.services.pipeline.invitations import invite
from scheduler.services.pipeline.notifications import Board, notify
from scheduler.store import (
    StoreError,
    actions,
    flags,
    invitations,
    measurements,
    notified,
    partnerships,
    readings,
    reviews,
    trigger_events,
    verdicts,
)
from scheduler.store.reviews import Revision
from scheduler.store.secrets import signing_key
from scheduler.store.tables import PartnershipRow


def govern(app: App, id: str, now: datetime) -> int:
    """Plan, reconcile and watch one partnership at `now`; return how many actions were taken.

    What goes wrong with one is logged and shown as its problem, and keeps no other from being governed; it is tried
    again in the next cycle. Raises StoreError, which concerns them all.
    """
    one = contained(lambda failed: _note_failure(app, id, failed), StoreError, on="this partnership")
    with one, app.store.write() as db:
        return govern_in(app, db, id, now)
    return 0


def govern_in(app: App, db: Connection, id: str, now: datetime) -> int:
    """The same inside the caller's transaction, for a command that has just changed what is remembered."""
    row = partnerships.get(db, id)
    if row is None or row.ended_at is not None:
        if row is not None:
            invite(app, db, row, now)
            partnerships.wake(db, id, after_the_end(app, db, row, now))
        return 0
    pass_on_actions(db, app.in_force(row), now)
    if app.settings.web.reachable_url:
        signing_key(db)  # calendars, which only read, carry links that are signed with it
    row = _counting_days_off(db, app, row, now)
    decision = decide(app.in_force(row), app.playbooks, remembered(app, db, row), app.settings, now)
    taken = () if decision.refused else decision.actions
    _record(app, db, taken, now)
    _record_causes(app, db, decision.causes)
    if row.keeps_invited and not decision.kept:
        partnerships.take_days_off(db, id)
    if not decision.refused:
        partnerships.remember_scopes(db, [scope.id for scope in decision.scopes], now)
        invite(app, db, row, now)
    _watch(app, db, id, decision, now)
    board = Board(app, db, app.in_force(row).as_of(now), now)
    notify(board, [*decision.notices, *unclear_replies.notices(db, board.partnership, now)], decision.settled)
    _note_refusal(app, db, row, decision)
    partnerships.governed(db, id, app.environment, decision.wake_at, now)
    return len(taken)


def remembered(app: App, db: Connection, row: PartnershipRow) -> Memory:
    """What is remembered of a partnership, as a decision needs it."""
    taken_up = definition_versions.recorded(app, db, row)
    return Memory(
        recorded=reviews.recorded(db, row.id),
        readings=readings.current(db, row.id),
        excuses=readings.excuses(db, row.id),
        seen=partnerships.seen_scopes(db, row.id),
        approved=row.approved == row.content_hash,
        judgements=verdicts.judgements(db, row.id),
        decisions=verdicts.decisions(db, row.id),
        causes=trigger_events.of_partnership(db, row.id),
        assigned=actions.recorded(db, row.id),
        keeps=_kept_invitations(db, row) if row.keeps_invited else (),
        notified=notified.of_overdue(db, row.id),
        versions=taken_up,
        dues=definition_versions.kept_dues(db, row.id, taken_up),
        taken_up_at=definition_versions.taken_up_at(db, row.id),
    )


def _kept_invitations(db: Connection, row: PartnershipRow) -> set[str]:
    """The reviews and series that people were invited to. Where nobody is invited by letter, the calendars are what
    they go by: all that is on record."""
    invited = {each.subject for each in invitations.of(db, row.id) if not each.closed}
    return invited or {id for id, record in reviews.recorded(db, row.id).items() if not record.settled}


def _counting_days_off(db: Connection, app: App, row: PartnershipRow, now: datetime) -> PartnershipRow:
    """The row of a partnership that was governed by an earlier program counts days off anew from today on: the periods
    of its KPIs that have ended keep their due days."""
    if not row.keeps_invited or row.days_off_from is not None:
        return row
    today = now.astimezone(ZoneInfo(app.in_force(row).zone)).date()
    partnerships.count_days_off_from(db, row.id, today)
    return row.model_copy(update={"days_off_from": today})


def _record(app: App, db: Connection, actions: tuple[Action, ...], now: datetime) -> None:
    reviews.save_many(db, [action.result for action in actions])
    reviews.append_revisions(db, [revision(action, now) for action in actions])
    for action in actions:
        app.log.info(
            f"review.{action.verb}", review=action.review, sequence=action.result.sequence, because=action.because
        )


def _record_causes(app: App, db: Connection, changes: Firing) -> None:
    trigger_events.end(db, changes.ended)
    trigger_events.add(db, changes.fired)
    for each in changes.fired:
        app.log.warning("trigger.fired", scope=each.cause.scope, key=each.cause.key, review=each.review)
    for each in changes.ended:
        app.log.info("trigger.over", scope=each.cause.scope, key=each.cause.key)


def revision(action: Action, now: datetime, person: str | None = None) -> Revision:
    """The line of a review's history that tells of an action: what each field that changed was, and what it is."""
    before = action.before.review if action.before else None
    after = action.result.review
    changed = [f.name for f in fields(Review) if before and getattr(before, f.name) != getattr(after, f.name)]
    return Revision(
        review=action.review,
        sequence=action.result.sequence,
        action=action.verb,
        at=now,
        because=action.because,
        person=person,
        before={name: getattr(before, name) for name in changed} or None,
        after={name: getattr(after, name) for name in changed} or None,
    )


def _watch(app: App, db: Connection, id: str, decision: Decision, now: datetime) -> None:
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
    with app.store.write() as db:
        row = partnerships.get(db, id)
        if row and _set_problem(db, row, what, failed.hint):
            failed.log(app.log, "govern.failed", partnership=id)


def _note_refusal(app: App, db: Connection, row: PartnershipRow, decision: Decision) -> None:
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
