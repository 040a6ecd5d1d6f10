"""`cadence action`: what the minutes left to do, by whom and by when."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json_list, print_table
from scheduler.rules.access import asked_for
from scheduler.services.views import actions as view

if TYPE_CHECKING:
    from datetime import date

    from scheduler.services.views.actions import ActionStanding

_HEADS = ("action", "owner", "due", "status", "says", "remarks")


@click.group(epilog='For example: cadence action done "acme-globex/operating/2026-12#1" --by dev')
def action() -> None:
    """List what the minutes left to do, say what is done, and by when the rest is to be.

    An action's ID is its review's and a number: <review>#<n>.
    """


@action.command("list", epilog="For example: cadence action list --partnership acme-globex")
@params.partnership
@click.option("--open/--all", "only_open", default=True, help="Only what is not done (the default), or everything.")
@params.for_
@as_json
@click.pass_obj
def list_(context: Context, partnership: str | None, only_open: bool, organisation: str | None, as_json: bool) -> None:
    """List the actions of the minutes, the oldest minutes first.

    An action for which the minutes name nobody, or no date, shows who answers for it and by when: the agenda owner of
    its review, until the next review of the series. One whose date could not be read shows its words, and is due on no
    day until cadence action due gives it one. With --for, those of the partnerships in which that organisation is a
    partner.
    """
    with context.app() as app:
        found = view.actions(app, partnership, context.now, asked_for(organisation), only_open=only_open)
    if as_json:
        print_json_list(map(view.as_json, found))
        return
    print_table(_HEADS, [_row(each) for each in found], empty="Nothing is left to do." if only_open else "No actions.")


def _row(each: "ActionStanding") -> tuple[object, ...]:
    known, promise = each.action, each.commitment
    owner = promise.owner if promise else known.owner
    due = promise.due if promise else known.due  # none while its date could not be read
    return known.id, owner, due, each.status, known.says, "; ".join(_remarks(each))


def _remarks(each: "ActionStanding") -> list[str]:
    from scheduler.rules.reminders.actions import giving_a_date

    promise, known = each.commitment, each.action
    if promise is None:
        return [known.done_because] if known.done_because else []
    late = f"overdue since {promise.overdue_since}" if each.is_overdue else None
    asks = giving_a_date(promise) if promise.due is None else None
    return [why for why in (promise.owner_because, promise.due_because, asks, late) if why]


@action.command(epilog='For example: cadence action done "acme-globex/operating/2026-12#1" --because "sent on Monday"')
@click.argument("id")
@click.option("--because", type=params.TextParam(), help="What should be known about how it was done.")
@params.by
@click.pass_obj
def done(context: Context, id: str, because: str | None, by: str | None) -> None:
    """Record that an action is done: it comes back in no agenda, and those who heard that it was late hear of it."""
    from scheduler.services.cases import actions

    with context.app(writing=True) as app:
        finished = actions.finish(app, id, because, by, context.now)
    click.echo(f"{finished.id} is done: {plain(finished.says)}")


@action.command(epilog='For example: cadence action due "acme-globex/operating/2026-12#1" 2027-01-29 --by dev')
@click.argument("id")
@click.argument("date", type=params.Day(calendars=True))
@params.by
@click.pass_obj
def due(context: Context, id: str, date: "date", by: str | None) -> None:
    """Give an action its date: one that its minutes do not name, or that could not be read, or another one.

    It is overdue from the day after. Where that day is past already, its ladder counts from today.
    """
    from scheduler.rules.calendar.working_days import in_words
    from scheduler.services.cases import actions

    with context.app(writing=True) as app:
        given = actions.give_date(app, id, date, by, context.now)
    click.echo(f"{given.id} is due by {in_words(date)}: {plain(given.says)}")


@action.command(epilog='For example: cadence action hand "acme-globex/operating/2026-12#1" --to tom --by dev')
@click.argument("id")
@click.option("--to", type=params.NameParam(), required=True, help="Who takes it: a person's key or mail address.")
@click.option("--because", type=params.TextParam(), help="Why; they read it.")
@params.by
@click.pass_obj
def hand(context: Context, id: str, to: str, because: str | None, by: str | None) -> None:
    """Hand an action to somebody else, who hears so. Its ladder begins anew with them; its date stays."""
    from scheduler.services.cases import actions

    with context.app(writing=True) as app:
        handed = actions.hand_on(app, id, to, because, by, context.now)
    click.echo(f"{handed.id} is {handed.owner}'s now: {plain(handed.says)}")
