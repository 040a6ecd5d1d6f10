"""`cadence show`: one partnership as it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from scheduler.cli import formats
from scheduler.cli.context import Context
from scheduler.cli.list import state
from scheduler.cli.output import as_json, plain, print_json
from scheduler.domain.definition.vocabulary import Status

if TYPE_CHECKING:
    from datetime import date

    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.definition.people import Person
    from scheduler.domain.record.measurement import Flag
    from scheduler.domain.record.review import Recorded
    from scheduler.rules.reminders.agreement import Vacancy
    from scheduler.store.tables import PartnershipRow

_NEXT = 5


@dataclass(frozen=True)
class _Standing:
    """What is shown of a partnership."""

    row: "PartnershipRow"
    definition: "Partnership"
    decide_by: "date | None"
    vacant: "tuple[Vacancy, ...]"
    coming: "list[Recorded]"
    to_close: "list[Recorded]"
    flags: "list[Flag]"
    problems: list[formats.Object]


@click.command(epilog="For example: cadence show acme-globex")
@click.argument("id")
@as_json
@click.pass_obj
def show(context: Context, id: str, as_json: bool) -> None:
    """Show the partnership ID: its definition in force, its next reviews, those to be closed, what is overdue, what is
    wrong with its file."""
    standing = _standing(context, id)
    if as_json:
        print_json(_as_dict(standing))
        return
    for line in _page(standing):
        click.echo(plain(line))


def _standing(context: Context, id: str) -> _Standing:
    from scheduler.rules.reminders.agreement import decide_by, vacancies
    from scheduler.rules.reviews.scopes import scopes
    from scheduler.services import lookup
    from scheduler.services.views import overdue
    from scheduler.store import partnerships, reviews

    with context.app() as app, app.store.read() as db:
        row = lookup.partnership(db, id)
        planned = [
            each.as_of(context.now) for each in reviews.listing(db, partnership=id) if each.status in _NOT_CLOSED
        ]
        file = partnerships.file_state(db, row.file)
        definition = app.in_force(row).as_of(context.now)
        parts = scopes(definition, app.playbooks)
        today = context.now.astimezone(ZoneInfo(definition.zone)).date()
        return _Standing(
            row=row,
            definition=definition,
            decide_by=decide_by(definition.agreement, parts[0].playbook.agreement, definition.works),
            vacant=() if row.ended_at else vacancies(parts, today),
            coming=list(islice((each for each in planned if not each.is_past(context.now)), _NEXT)),
            to_close=[] if row.ended_at else [each for each in planned if each.is_past(context.now)],
            flags=list(overdue.flags(app, db, row, context.now)),
            problems=[*(row.problem or ()), *((file.problems if file else None) or ())],
        )


_NOT_CLOSED = (Status.PLANNED, Status.UNRECORDED)


def _page(standing: _Standing) -> Iterator[str]:
    row, definition = standing.row, standing.definition
    agreement = definition.agreement
    yield f"{definition.name}  ({row.id})"
    yield f"  {definition.model.words}, {state(row)}, defined in {row.file}"
    if definition.goal:
        yield f"  goal       {definition.goal}"
    yield f"  effective  {agreement.effective}" + (f", ends {agreement.ends}" if agreement.ends else "")
    if (cancel_by := definition.cancel_by) and row.ended_at is None:
        notice = f"notice must leave by {cancel_by}"
        yield f"  renewal    {agreement.renewal.kind}; {notice}, decide by {standing.decide_by}"
    for document in agreement.documents:
        until = f"expires {document.expires}" if document.expires else "does not expire"
        yield f"  document   {document.words}, {until}"
    for obligation in agreement.survives:
        yield f"  survives   {obligation}"
    for amendment in agreement.amendments:
        yield f"  amended    {amendment.model.words} from {amendment.effective}"
    for key, layer in definition.layers.items():
        yield f"  layer      {key}: {layer.name}, {layer.model.words} from {layer.effective}"
    yield "Who"
    yield from (f"  {line}" for line in _people(definition))
    yield from (f"  vacant: {seat.role.words} of {seat.organisation}, since {seat.since}" for seat in standing.vacant)
    yield from _sections(standing)


def _people(definition: "Partnership") -> Iterator[str]:
    for key, organisation in definition.organisations.items():
        of = [person for person in definition.people.values() if person.of == key]
        yield f"{organisation.name}: {', '.join(map(_person, of))}"
    if of_none := [person.name for person in definition.people.values() if person.of is None]:
        yield f"of no organisation: {', '.join(of_none)}"


def _person(person: "Person") -> str:
    leaves = f"leaves on {person.leaves}" if person.leaves else ""
    said = "; ".join(part for part in (person.role.words if person.role else "", leaves) if part)
    return f"{person.name} ({said})" if said else person.name


def _sections(standing: _Standing) -> Iterator[str]:
    if standing.coming:
        yield "Next reviews"
        yield from (_review(each) for each in standing.coming)
    if standing.to_close:
        yield "Over, to be closed: cadence review hold ID, or skip"
        yield from (_review(each) for each in standing.to_close[:_NEXT])
        if len(standing.to_close) > _NEXT:
            yield f"  … and {len(standing.to_close) - _NEXT} more"
    if standing.flags:
        yield "Overdue"
        for flag in standing.flags:
            owed = flag.measurement
            late = f"{flag.working_days_overdue} working days" + (f", {flag.rung}" if flag.rung else "")
            held = f", held until {owed.held_until}" if owed.held_until else ""
            yield f"  {owed.id} {owed.period.name}  {owed.kpi.owner}, due {owed.due}, {late}{held}"
    if standing.problems:
        yield "Problems"
        yield from (f"  {problem['what']}; {problem['hint']}" for problem in standing.problems)


def _review(record: "Recorded") -> str:
    return f"  {formats.when(record.review.start)} {record.review.timezone}  {record.id}  {record.review.title}"


def _as_dict(standing: _Standing) -> formats.Object:
    row = standing.row
    return {
        "id": row.id,
        "name": row.name,
        "state": state(row),
        "ended_at": row.ended_at,
        "file": row.file,
        "cancel_by": None if row.ended_at else standing.definition.cancel_by,
        "decide_by": None if row.ended_at else standing.decide_by,
        "vacant": [seat._asdict() for seat in standing.vacant],
        "definition": standing.definition.model_dump(mode="json", by_alias=True, exclude_none=True),
        "next_reviews": [formats.review(each) for each in standing.coming],
        "to_close": [formats.review(each) for each in standing.to_close],
        "overdue": [formats.overdue(flag, ()) for flag in standing.flags],
        "problems": standing.problems,
    }
