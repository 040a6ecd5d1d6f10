"""`cadence person`: what somebody has to do, and who does it after them."""

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import unified_diff
from itertools import groupby
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json_list, print_table
from scheduler.cli.person_away import away
from scheduler.cli.person_change import change
from scheduler.cli.person_close import close
from scheduler.cli.person_data import data, erase
from scheduler.cli.person_tell import tell
from scheduler.rules.access import asked_for

if TYPE_CHECKING:
    from scheduler.domain.definition.succession import Duty
    from scheduler.services.cases.handover import HandOver

_HEADS = ("partnership", "matter", "duty")


@click.group(epilog="For example: cadence person leave uwe --on 2026-12-31 --to ines --dry-run")
def person() -> None:
    """List what somebody has to do, hand it over when they leave, and say when they are away."""


person.add_command(away)
person.add_command(change)
person.add_command(close)
person.add_command(data)
person.add_command(erase)
person.add_command(tell)


@person.command(epilog="For example: cadence person duties ines --partnership acme-globex")
@click.argument("id")
@params.partnership
@params.for_
@as_json
@click.pass_obj
def duties(context: Context, id: str, partnership: str | None, organisation: str | None, as_json: bool) -> None:
    """List every duty of the person ID: reviews, KPIs, criteria, open actions, decisions, the seat. With --for, those
    that an organisation may see.

    ID is their key where only one partnership has it, or their mail address for all of their partnerships.
    """
    from scheduler.services.views import duties as view

    with context.app() as app:
        found = view.duties(app, id, partnership, context.now, asked_for(organisation))
    if as_json:
        print_json_list(map(view.as_json, found))
        return
    by_place = groupby(found, key=lambda held: held.place.row.id)
    rows = ((place, *of_one) for place, held in by_place for of_one in _matters(duty for _, duty in held))
    print_table(_HEADS, rows, empty=f"{plain(id)} has no duty.")


def _matters(duties: "Iterable[Duty]") -> Iterator[tuple[str, str]]:
    """Each matter with all that one person does in it: ``review pipeline``, ``chair, attendee (by role)``."""
    from scheduler.services.views.duties import matter

    for (what, by_role), of_one in groupby(duties, key=lambda duty: (matter(duty), duty.by_role)):
        yield what, ", ".join(duty.part for duty in of_one) + (" (by role)" if by_role else "")


# Leaving -----------------------------------------------------------------------------------------------------------


class _Taker(click.ParamType[tuple[str, str]]):
    """``tom``, or ``kpis=tom``."""

    name = "[WHAT=]PERSON"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, str]:
        if isinstance(value, tuple):
            return value
        what, equals, who = str(value).partition("=")
        taken = (what.strip(), who.strip()) if equals else ("", what.strip())
        if not taken[1] or (equals and not taken[0]):
            self.fail(f"{str(value)[:60]!r} names nobody; write a person, or kpis=PERSON", param, ctx)
        return taken


@person.command(
    epilog="For example: cadence person leave tom --on 2026-12-31 --to dev --to cells-delivered=rosa --dry-run"
)
@click.argument("id")
@click.option("--on", type=params.Day(), help="The first day on which others do it; today, unless it is said.")
@click.option("--to", type=_Taker(), multiple=True, help="Who takes over; of several, who takes which duty or group.")
@params.partnership
@click.option("--dry-run", is_flag=True, help="Show what would be written, and write nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@click.pass_obj
def leave(
    context: Context,
    id: str,
    on: date | None,
    to: tuple[tuple[str, str], ...],
    partnership: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Hand over whatever the person ID has to do, in the definition file itself; its comments and layout stay.

    --to names who takes everything, or, as in --to kpis=tom --to pipeline=dev --to role=june, who takes a group of
    duties or a single one. Nothing is written while a duty has no taker; only the seat of a role may stay empty, and is
    flagged until somebody fills it. A day that has come is written into every place; for a day to come the definition
    notes who leaves and who succeeds, and cadence goes by it from that day on.

    ID is their key where only one partnership has it, or their mail address for all of their partnerships.
    """
    from scheduler.services.cases import handover

    today = context.now.date()
    day, takers = on or today, _takers(to)
    with context.app(writing=not dry_run) as app:
        theirs = handover.duties(app, id, partnership)
        if not to:
            for place, of_place in theirs:
                print_table(_HEADS, ((place.row.id, *each) for each in _matters(of_place)), empty="")
        planned = handover.prepare(app, theirs, takers, day, today)
        for hand_over in planned:
            for line in _page(hand_over, day):
                click.echo(plain(line))
        if dry_run or not _agreed(yes):
            click.echo("Nothing was changed (--dry-run)." if dry_run else "Nothing was changed.")
            return
        handover.write(app, planned)
    click.echo("Written. The next cycle takes it up: cadence once")


def _takers(to: Sequence[tuple[str, str]]) -> Mapping[str, str]:
    takers = dict(to)
    if len(takers) < len(to):
        raise click.UsageError("--to names two people for the same; name one")
    return takers


def _agreed(yes: bool) -> bool:
    if not yes and not sys.stdin.isatty():
        raise click.UsageError("nobody can be asked here: say --yes if it is meant, or --dry-run")
    return yes or click.confirm("Write it?", err=True)


def _page(hand_over: "HandOver", on: date) -> Iterator[str]:
    """The duties with their takers, what is to be known, and the change of the file."""
    place = hand_over.place
    yield f"{place.row.id}: {place.definition.people[place.person].name} ({place.person}) leaves on {on}"
    for taker, given in groupby(hand_over.takers, key=lambda each: each[1] or _nobody(each[0])):
        yield from (f"  {what}: {parts} → {taker}" for what, parts in _matters(duty for duty, _ in given))
    if not hand_over.takers:
        yield "  there is nothing to hand over"
    yield from (f"Note: {note}" for note in hand_over.notes)
    file = str(hand_over.file)
    yield from unified_diff(hand_over.text.splitlines(), hand_over.after.splitlines(), file, file, n=1, lineterm="")


def _nobody(duty: "Duty") -> str:
    return "whoever has the role then" if duty.by_role else "nobody"
