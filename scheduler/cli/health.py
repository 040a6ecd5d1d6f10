"""`cadence health`: how both sides say that the relationship is, and the rounds in which they are asked."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json, print_table, say
from scheduler.rules.access import asked_for
from scheduler.rules.calendar.working_days import in_words

if TYPE_CHECKING:
    from scheduler.services.views.health import HealthChecks, RoundLine

_by = click.option("--by", required=True, metavar="PERSON", help="Who says so, by key or mail address.")
_because = click.option(
    "--because", type=params.TextParam(), required=True, help="Why; everybody who is told reads it."
)
_OCCASIONS = {"sponsor": "a new sponsor", "relaunch": "the partnership was relaunched"}


@click.group(epilog="For example: cadence health show acme-globex --for acme")
def health() -> None:
    """Show what the health checks of a relationship found, and open or skip a round.

    Both sides are asked by letter every half-year, without their names. Nobody can be told who answered what.
    """


@health.command(epilog="For example: cadence health show acme-globex")
@click.argument("id")
@params.for_
@as_json
@click.pass_obj
def show(context: Context, id: str, organisation: str | None, as_json: bool) -> None:
    """Show the rounds of the partnership ID and what the last one found."""
    from scheduler.services.views import health as view

    with context.app() as app:
        found = view.health_checks_of(app, id, context.now, asked_for(organisation))
    if as_json:
        print_json(found)
        return
    _print(found)


def _print(found: "HealthChecks") -> None:
    rows = (
        (each.id, each.state, each.opens_on, each.closes_on, _taking(each), _why(each))
        for each in (*([found.following] if found.following else []), *found.rounds)
    )
    print_table(
        ("round", "", "opens", "closes", "answered", ""), rows, empty="No round is known.", may_go=("answered", "")
    )
    for side in found.lacking:
        say(f"{side.name} is not asked: {side.people} of it would be, and {side.fewest} have to answer.")
    if not found.is_served:
        say("Nobody can be asked: no page is served (`web:` in the settings).")
    if found.latest:
        _print_findings(found.latest)


def _print_findings(round: "RoundLine") -> None:
    say("")
    say(f"What {round.period} found, closed on {in_words(round.closes_on)}:")
    for area in round.areas:
        say(f"- {area.title}: {area.light}; {area.says}")
    for asked in round.words:
        say("")
        say(asked.asks)
        for words in asked.words:
            say(f"- {words}")


def _taking(round: "RoundLine") -> str:
    return ", ".join(f"{each.answered} of {each.asked} ({each.name})" for each in round.taking_part)


def _why(round: "RoundLine") -> str:
    if round.skipped_because:
        return f"skipped by {round.skipped_by}: {round.skipped_because}"
    return _OCCASIONS.get(round.because or "", round.because or "")


@health.command("open", epilog='For example: cadence health open acme-globex --because "after the strike" --by ines')
@click.argument("id")
@_because
@_by
@click.pass_obj
def open_(context: Context, id: str, because: str, by: str) -> None:
    """Ask both sides of the partnership ID today, out of turn."""
    from scheduler.services.cases import health_checks

    with context.app(writing=True) as app:
        opened = health_checks.open_now(app, id, because, by, context.now)
    asked = sum(opened.asked.values())
    say(f"{opened.id} is open until {in_words(opened.closes_on)}; {asked} people are asked by letter.")


@health.command(epilog='For example: cadence health skip acme-globex/health/2027-H1 --because "audit moved" --by ines')
@click.argument("round")
@_because
@_by
@click.pass_obj
def skip(context: Context, round: str, because: str, by: str) -> None:
    """Skip a ROUND that is open or is to come. It stays on record as skipped, and counts as such.

    All that was answered in it is let go of at once.
    """
    from scheduler.services.cases import health_checks

    with context.app(writing=True) as app:
        skipped = health_checks.skip(app, round, because, by, context.now)
    say(f"{skipped.id} is skipped.")


@health.command(epilog="For example: cadence health link acme-globex/health/2027-H1 tom")
@click.argument("round")
@click.argument("person")
@click.pass_obj
def link(context: Context, round: str, person: str) -> None:
    """Write once more to PERSON, who is asked in the ROUND, with another link.

    The link that they had opens nothing any more. How many links were sent again is told with the result, since nobody
    knows whether the one before was used.
    """
    from scheduler.services.cases import health_checks

    with context.app(writing=True) as app:
        health_checks.send_again(app, round, person, context.now)
    say("A letter with another link is on its way.")
