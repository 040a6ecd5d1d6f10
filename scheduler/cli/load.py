"""`cadence load`: what reviews ask of each side and of each person, a quarter."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json, print_table
from scheduler.rules.access import asked_for

if TYPE_CHECKING:
    from scheduler.services.views.load import Load

_SIDES = (
    "partnership", "organisation", "quarter", "", "reviews", "outside hours", "minutes outside", "chair", "host",
    "minutes by"
)  # fmt: skip
_PEOPLE = ("person", "quarter", "", "reviews", "hours", "at once")


@click.command(epilog="For example: cadence load acme-globex --for globex")
@click.argument("id", required=False)
@params.for_
@as_json
@click.pass_obj
def load(context: Context, id: str | None, organisation: str | None, as_json: bool) -> None:
    """Count what reviews ask of each side and of each person, a quarter, of the partnership ID or of all.

    Of a side: its reviews, at how many it sits outside its hours and by how many minutes in all, how often its people
    have the chair, and it hosts or writes the minutes. Of a person: reviews, hours, and at how many of these reviews
    they are expected at another one at the same time. What is past and what is planned are counted apart.
    """
    from scheduler.services.views import load as view

    with context.app() as app:
        found = view.load(app, id, context.now, asked_for(organisation))
    if as_json:
        print_json(view.as_json(found))
        return
    print_table(_SIDES, _sides(found), empty="There is no review. Where nothing is planned yet: cadence once")
    if found.people:
        click.echo()
        print_table(_PEOPLE, _people(found), empty="")


def _sides(found: "Load") -> Iterator[tuple[object, ...]]:
    for key, load in found.sides:
        yield (
            key.partnership,
            key.organisation,
            key.quarter,
            _when(key.is_past),
            load.reviews,
            load.outside_hours,
            load.minutes_outside,
            load.chairs,
            load.hosts,
            load.writes_minutes,
        )


def _people(found: "Load") -> Iterator[tuple[object, ...]]:
    for key, load in found.people:
        hours = f"{load.length.total_seconds() / 3600:.1f}"
        yield found.names[key.email], key.quarter, _when(key.is_past), load.reviews, hours, load.at_once


def _when(is_past: bool) -> str:
    return "past" if is_past else "planned"
