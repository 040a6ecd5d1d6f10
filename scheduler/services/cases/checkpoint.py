"""What people say at a checkpoint, put on record: a verdict on one of its criteria, and the decision.

Both are recorded in the caller's transaction, in which the partnership is governed anew, so that what follows (another
90 days, a letter that need not be sent) follows at once. What cannot be recorded raises `UserError`.
"""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from scheduler.definitions.problems import near_miss, quoted
from scheduler.domain.definition.kpi import Criterion
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.review import Recorded, Review
from scheduler.domain.record.verdict import COURSES, JUDGED, Course, Decision, Judged, Judgement
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.calendar.working_days import in_words
from scheduler.rules.kpis.verdicts import internal_to, judge_of
from scheduler.rules.reviews.checkpoint import EVIDENCE_CALL, following
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import partnerships, reviews, verdicts

MOST_CHARACTERS = 2000
"""More than that is no evidence and no reason but a document: it belongs to the minutes."""


def judge(
    app: App,
    db: Connection,
    checkpoint_id: str,
    criterion: str,
    verdict: str,
    evidence: str | None,
    by: str,
    now: datetime,
) -> Judgement:
    """Record what a person, named by key, says of a criterion, at `now`; a later word takes the place of an earlier.

    Where the criterion rests on an organisation's own KPI, only its people may judge, or the judge the definition
    names.
    """
    table = _table(app, db, checkpoint_id)
    written = _criterion(table, criterion)
    _refuse_stranger(table, by)
    _refuse_outsider(table, written, by)
    said = Judgement(checkpoint_id, criterion, _judged(verdict), _words(evidence), by, now)
    verdicts.judge(db, said)
    govern_in(app, db, table.partnership.partnership, now)
    return said


def decide(
    app: App,
    db: Connection,
    checkpoint_id: str,
    course: str,
    because: str,
    by: str,
    now: datetime,
    *,
    replace: bool = False,
) -> Decision:
    """Record the decision that a person, named by key, took or reports, at `now`, from the evidence call on.

    A second one is taken only where it is said to `replace` the first, which is kept, and until the checkpoint that a
    relaunch led to has been held or decided.
    """
    table = _table(app, db, checkpoint_id)
    _refuse_stranger(table, by)
    _refuse_too_soon(table.record.review, now)
    _refuse_overtaken(db, table)
    reason = _words(because)
    if reason is None:
        raise UserError("the decision has no reason", "say in a few words why")
    before = verdicts.decisions(db, table.partnership.partnership).get(checkpoint_id)
    taken = Decision(checkpoint_id, _course(course), reason, by, now, before)
    if before and (before.decision, before.because, before.by) == (taken.decision, taken.because, taken.by):
        return before
    _refuse_second(table, before, replace)
    verdicts.decide(db, taken)
    govern_in(app, db, table.partnership.partnership, now)
    return taken


def decides_from(checkpoint: Review) -> date:
    """The first day on which the decision may be taken: that of the evidence call, else that of the notice."""
    clocks, day = dict(checkpoint.clocks), checkpoint.start.date()
    return min(clocks.get(EVIDENCE_CALL) or clocks.get("notice_by") or day, day)


@dataclass(frozen=True, slots=True)
class _Table:
    """A checkpoint and whose it is."""

    record: Recorded
    partnership: Partnership
    scope: Scope


def _table(app: App, db: Connection, id: str) -> _Table:
    record = reviews.find(db, id)
    row = partnerships.get(db, id.partition("/")[0])
    if record is None or row is None or record.review.kind is not Kind.CHECKPOINT:
        raise UserError(f"there is no checkpoint {quoted(id)}", "cadence checkpoint PARTNERSHIP shows the one there is")
    if row.ended_at:
        raise UserError(f"{row.id} was ended on {row.ended_at.date()}", "its history stays as it is")
    if record.status is Status.CANCELLED:
        raise UserError(f"{id} was cancelled ({record.because})", "there is nothing to judge or to decide")
    partnership = app.in_force(row)
    parts = scopes(partnership, app.playbooks)
    scope = next((each for each in parts if each.layer == record.review.layer), None)
    if scope is None or scope.success is None:
        raise UserError(f"the definition no longer has the success that {id} looks at", "its history stays as it is")
    return _Table(record, partnership, scope)


def _criterion(table: _Table, id: str) -> Criterion:
    written = {each.id: each for each in (table.scope.success.criteria if table.scope.success else ())}
    if id not in written:
        near = near_miss(id, written)
        hint = f"did you mean {near}?" if near else f"it has {', '.join(written)}"
        raise UserError(f"{table.record.id} has no criterion {quoted(id)}", hint)
    return written[id]


def _refuse_stranger(table: _Table, by: str) -> None:
    if by not in table.partnership.people:
        what = f"there is no person {quoted(by)} in {table.partnership.partnership}"
        raise UserError(what, f"it has {', '.join(list(table.partnership.people)[:12])}")


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


def _refuse_second(table: _Table, before: Decision | None, replace: bool) -> None:
    if before is not None and not replace:
        person = table.partnership.people.get(before.by)
        who, on = person.name if person else before.by, before.at.astimezone(zone(table.record.review.timezone)).date()
        what = f"{before.review} is decided: {before.decision}, by {who} on {in_words(on)}: {before.because}"
        raise UserError(what, "if another decision takes its place, say so: --replace")


def _refuse_overtaken(db: Connection, table: _Table) -> None:
    later = following(table.record.id)
    record = reviews.find(db, later)
    decided = later in verdicts.decisions(db, table.partnership.partnership)
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
