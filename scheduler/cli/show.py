"""`cadence show`: one partnership as it stands."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json
from scheduler.rules.access import asked_for
from scheduler.services.views import partnership as view
from scheduler.services.views.portfolio import in_words

if TYPE_CHECKING:
    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.definition.people import Person
    from scheduler.domain.record.review import Recorded
    from scheduler.services.views.partnership import PartnershipStanding

_SHOWN = 5


@click.command(epilog="For example: cadence show acme-globex")
@click.argument("id")
@params.for_
@as_json
@click.pass_obj
def show(context: Context, id: str, organisation: str | None, as_json: bool) -> None:
    """Show the partnership ID: its definition in force, its next reviews, those to be closed, what is overdue, what is
    wrong with its file.

    This is the operator's page and shows KPIs of every level; --for shows what one organisation may see.
    """
    with context.app() as app:
        standing = view.partnership(app, id, context.now, asked_for(organisation))
    if as_json:
        print_json(view.as_json(standing))
        return
    for line in _page(standing):
        click.echo(plain(line))


def _page(standing: "PartnershipStanding") -> Iterator[str]:
    definition = standing.definition
    agreement = definition.agreement
    yield f"{definition.name}  ({standing.id})"
    yield f"  {definition.model.words}, {in_words(standing.state)}, defined in {standing.file}"
    if paused := standing.paused:
        until = f" to {paused.until}" if paused.until else ", until it is resumed"
        yield f"  paused     from {paused.since}{until}: {paused.because}"
    if definition.goal:
        yield f"  goal       {definition.goal}"
    yield f"  effective  {agreement.effective}" + (f", ends {agreement.ends}" if agreement.ends else "")
    for scope, leaving in standing.exits.items():
        yield f"  exit       of {scope} decided on {leaving.decided_on}: it ends on {leaving.ends}"
    if (cancel_by := definition.cancel_by) and standing.ended_at is None:
        notice = f"notice must leave by {cancel_by}"
        yield f"  renewal    {agreement.renewal.kind}; {notice}, decide by {standing.decide_by}"
    for word in (standing.term.decided, standing.term.notice):
        if word and standing.ended_at is None:
            by, because = (
                f" by {definition.name_of(word.by)}" if word.by else "",
                f": {word.because}" if word.because else "",
            )
            yield f"  renewal    {word.words}{by}{because}"
    yield from (f"  decides    {line}" for line in definition.deciding)
    for document in agreement.documents:
        until = f"expires {document.expires}" if document.expires else "does not expire"
        where = document.link or document.file
        yield f"  document   {document.words}, {until}" + (f": {where}" if where else "")
    for key, clause in agreement.clauses():
        yield f"  clause     {key.replace('_', ' ')}: {clause.says}"
    for obligation in standing.obligations:
        lasts = f" ({obligation.lasts})" if obligation.until or obligation.span else ""
        yield f"  survives   {obligation.says}{lasts}"
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


def _sections(standing: "PartnershipStanding") -> Iterator[str]:
    if standing.coming:
        yield "Next reviews"
        for each in standing.coming:
            met = standing.overlaps.get(each.id, ())
            yield _review(each) + (f"  (at the time of {', '.join(met)})" if met else "")
    if standing.to_close:
        yield "Over, to be closed: cadence review hold ID, or skip"
        yield from (_review(each) for each in standing.to_close[:_SHOWN])
        if len(standing.to_close) > _SHOWN:
            yield f"  … and {len(standing.to_close) - _SHOWN} more"
    yield from _overdue(standing)
    if standing.problems:
        yield "Problems"
        yield from (f"  {problem['what']}; {problem['hint']}" for problem in standing.problems)


def _overdue(standing: "PartnershipStanding") -> Iterator[str]:
    """What is overdue, and to whom that was told, by letters that left."""
    from scheduler.render.notifications.notified import told_in_short, untold_in_short

    name_of = standing.definition.name_of
    if standing.overdue:
        yield "Overdue"
    for late in standing.overdue:
        flag, owed = late.flag, late.flag.measurement
        since = f"{flag.working_days_overdue} working days" + (f", {flag.rung}" if flag.rung else "")
        held = f", held until {owed.held_until}" if owed.held_until else ""
        yield f"  {owed.id} {owed.period.name}  {owed.kpi.owner}, due {owed.due}, {since}{held}"
        if told := told_in_short(late.of_matter, name_of, late.zone):
            yield f"    told: {told}"
        if untold := untold_in_short(late.of_matter, name_of):
            yield f"    not told: {untold}"


def _review(record: "Recorded") -> str:
    return f"  {formats.when(record.review.start)} {record.review.timezone}  {record.id}  {record.review.title}"
