"""`cadence person close`: everything that is open of somebody, at once."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import plain

if TYPE_CHECKING:
    from scheduler.services.cases.open_matters import OpenMatters


@click.command("close", epilog='For example: cadence person close tom --because "has left the company" --dry-run')
@click.argument("id")
@click.option("--because", type=params.TextParam(), required=True, help="Why, as the record will say of each.")
@click.option("--to", type=params.NameParam(), metavar="PERSON", help="Hand their actions to this person instead.")
@params.by
@params.partnership
@click.option("--dry-run", is_flag=True, help="Show what is open, and change nothing.")
@click.option("--yes", is_flag=True, help="Do not ask; needed where nobody can be asked.")
@click.pass_obj
def close(
    context: Context,
    id: str,
    because: str,
    to: str | None,
    by: str | None,
    partnership: str | None,
    dry_run: bool,
    yes: bool,
) -> None:
    """Close everything that is open of the person ID: actions of minutes are done, periods of KPIs that they are asked
    for are excused, what they dispute is settled; each with the reason. It shows them first.

    With --to their actions pass to somebody else, and the periods stay: KPIs and reviews are handed over by cadence
    person leave. ID is their key where only one partnership has it, or their mail address for all of them.
    """
    from scheduler.services.cases import open_matters

    with context.app(writing=not dry_run) as app:
        found = open_matters.open_of(app, id, partnership, context.now)
        for each in found:
            for line in _page(each, to):
                click.echo(plain(line))
        if not found:
            click.echo(plain(f"Nothing is open of {id}."))
            return
        if not dry_run and not yes and not sys.stdin.isatty():
            raise click.UsageError("nobody can be asked here: say --yes if it is meant, or --dry-run")
        if dry_run or not (yes or click.confirm("Close it?", err=True)):
            click.echo("Nothing was changed (--dry-run)." if dry_run else "Nothing was changed.")
            return
        open_matters.close(app, id, partnership, because, to, by, context.now)
    click.echo("Done. What they are named for passes to others by: cadence person leave")


def _page(of: "OpenMatters", to: str | None) -> Iterator[str]:
    definition = of.place.definition
    yield f"{of.place.row.id}: {definition.people[of.place.person].name}"
    yield from (f"  action {each.id}: {each.says}" + (f" → {to}" if to else "") for each in of.actions)
    stays = " (stays)" if to else ""
    yield from (f"  {each.id} {each.period.name}, {each.status}, due {each.due}{stays}" for each in of.periods)
    yield from (f"  dispute {each.number}: {each.says}{stays}" for each in of.disputes)
