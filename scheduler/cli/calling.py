"""`cadence review call`: a formal governance review by hand."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import params, views
from scheduler.cli.context import Context
from scheduler.cli.output import plain
from scheduler.domain.trouble import Trouble

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.cycle.house import House
    from scheduler.domain.cause import Fired
    from scheduler.domain.review import Recorded
    from scheduler.plan.cadence import Scope


@click.command(epilog='For example: cadence review call acme-globex --because "the Halden line stands still" --by ines')
@click.argument("scope", metavar="PARTNERSHIP[/LAYER]")
@click.option("--because", type=params.Words(), required=True, help="What calls for it; all partners read it.")
@params.by
@click.pass_obj
def call(context: Context, scope: str, because: str, by: str | None) -> None:
    """Call a formal governance review, on the first working day that its notice allows.

    Where one that was called is still to come, the reason goes on its agenda and no second one is called.
    """
    from scheduler.cli import naming
    from scheduler.cycle.govern import govern_in, remembered
    from scheduler.store import causes, reviews
    from scheduler.watch.triggers.firing import by_hand

    with context.house(writing=True) as house, house.store.write() as db:
        part = _scope(house, db, scope, context.now)
        person = naming.person(house.in_force(naming.partnership(db, part.partnership)), by)
        memory = remembered(house, db, naming.partnership(db, part.partnership))
        name = part.people[person].name if person else None
        given = by_hand(part, because, name, memory.causes, memory.recorded, context.now)
        if given.review is None:
            raise Trouble(f"{part.id} ends on {part.ends}, before a formal review could be held", "meet without one")
        causes.add(db, [given])
        joins = given.review in memory.recorded
        if not joins:
            _schedule(db, part, given, person, context.now)
        govern_in(house, db, part.partnership, context.now)
        record = reviews.find(db, given.review)
        assert record is not None
        notes = () if joins else _clashes(house, db, record, part, context.now)
    click.echo(_said(record, joins=joins))
    for line in notes:
        click.echo(f"Note: {plain(line)}")


def _scope(house: "House", db: "Connection", id: str, now: "datetime") -> "Scope":
    """The umbrella or layer of that id, in force at `now`. Raises `Trouble`."""
    from scheduler.cli import naming
    from scheduler.plan.cadence import scopes
    from scheduler.plan.clock import zone

    row = naming.partnership(db, id.partition("/")[0])
    if row.ended_at:
        raise Trouble(f"{row.id} was ended on {row.ended_at.date()}", "its history stays as it is")
    parts = {part.id: part for part in scopes(house.in_force(row).as_of(now), house.playbooks)}
    if id not in parts:
        raise naming.unknown("layer", id, parts, f"{row.id} has {', '.join(list(parts)[1:]) or 'none'}")
    part = parts[id]
    if now.astimezone(zone(part.timezone)).date() < part.effective:
        raise Trouble(f"{id} takes effect on {part.effective}, so nothing is governed yet", "meet without a review")
    return part


def _schedule(db: "Connection", scope: "Scope", given: "Fired", person: str | None, now: "datetime") -> None:
    """Put the review on record at once, so that it stands though the rest of the plan may wait for a person's word."""
    from scheduler.cycle.govern import revision
    from scheduler.domain.review import Recorded
    from scheduler.plan.called import called, called_on
    from scheduler.reconcile import Action
    from scheduler.store import reviews

    review = called(scope, called_on(given.review or ""))
    assert review is not None
    record = Recorded(review, created_at=now, modified_at=now)
    reviews.save_many(db, [record])
    reviews.append_revisions(
        db, [revision(Action("schedule", None, record, f"called: {given.cause.says}"), now, person)]
    )


def _clashes(
    house: "House", db: "Connection", record: "Recorded", scope: "Scope", now: "datetime"
) -> "tuple[str, ...]":
    """The reviews of all partnerships at which somebody is expected at that time, too."""
    from scheduler.cli import moving, naming
    from scheduler.cli.elsewhere import Elsewhere
    from scheduler.store import reviews

    definition = house.in_force(naming.partnership(db, scope.partnership))
    own, elsewhere = reviews.recorded(db, scope.partnership), Elsewhere(house, db, now).others(definition)
    return tuple(moving.clashes(record, scope, own, elsewhere))


def _said(record: "Recorded", *, joins: bool) -> str:
    when = f"{views.when(record.review.start)} {record.review.timezone}"
    if joins:
        return f"{record.id} is to come on {when}; the reason goes on its agenda."
    clocks = ", ".join(f"{name.replace('_', ' ')} {day}" for name, day in record.review.clocks)
    return plain(f"Called: {record.id} on {when} ({clocks}). Invitations and its agenda follow with the next cycle.")
