"""What people say of the criteria of a checkpoint, put on record.

It is recorded in one transaction, in which the partnership is governed anew, so that what follows (a letter that need
not be sent) follows at once. What cannot be recorded raises `UserError`.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.definitions.problems import near_miss, quoted
from scheduler.domain.definition.kpi import Criterion
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.review import Recorded
from scheduler.domain.record.verdict import JUDGED, Judged, Judgement
from scheduler.rules.kpis.verdicts import internal_to, judge_of
from scheduler.rules.reviews.scopes import Scope, scopes
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.views.checkpoint_sheet import sheet
from scheduler.store import verdicts

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
    with app.store.write(id) as db:
        table = table_of(app, db, lookup.checkpoint(db, id))
        written, person = _criterion(table, criterion), person_said(table, by)
        _refuse_outsider(table, written, person)
        said = Judgement(table.record.id, criterion, _judged(verdict), words_said(evidence), person, now)
        verdicts.judge(db, said)
        govern_in(app, db, table.partnership.partnership, now)
        lines = sheet(app, db, table.record, None, now).criteria
        line = next(each for each in lines if each.id == criterion)
        return GivenVerdict(said, line.overrules, tuple(line.replaces))


@dataclass(frozen=True, slots=True)
class Table:
    """A checkpoint, or another review that decides how to go on, and whose it is."""

    record: Recorded
    partnership: Partnership
    scope: Scope
    file: str


def table_of(app: App, db: Connection, record: Recorded) -> Table:
    """The checkpoint of that record, in the definition in force. Raises UserError where it has none any more."""
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
    return Table(record, partnership, scope, row.file)


def _criterion(table: Table, id: str) -> Criterion:
    written = {each.id: each for each in (table.scope.success.criteria if table.scope.success else ())}
    if id not in written:
        near = near_miss(id, written)
        hint = f"did you mean {near}?" if near else f"it has {', '.join(written)}"
        raise UserError(f"{table.record.id} has no criterion {quoted(id)}", hint)
    return written[id]


def person_said(table: Table, by: str) -> str:
    """The key of whoever says so. Raises UserError for a stranger."""
    try:
        return lookup.person(table.partnership, by) or by
    except UserError as stranger:
        raise UserError(f"{stranger.what} in {table.partnership.partnership}", stranger.hint) from None


def _refuse_outsider(table: Table, criterion: Criterion, by: str) -> None:
    internal, judge = internal_to(criterion, table.scope), judge_of(criterion, table.scope)
    if internal is not None and by != judge and table.partnership.organisation_of(by) != internal:
        side = table.partnership.organisations[internal].name
        raise UserError(f"{criterion.id} is judged by {side}", f"somebody of {side} gives the verdict")


def _judged(written: str) -> Judged:
    found = next((each for each in JUDGED if each == written), None)
    if found is None:
        raise UserError(f"{quoted(written)} is no verdict", f"say one of: {', '.join(JUDGED)}")
    return found


def words_said(written: str | None) -> str | None:
    said = (written or "").strip()
    if len(said) > MOST_CHARACTERS:
        what = f"that is {len(said):,} characters, and {MOST_CHARACTERS:,} are the most"
        raise UserError(what, "say it in short; the rest belongs to the minutes")
    return said or None
