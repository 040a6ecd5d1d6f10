"""`cadence calendar`: subscriptions to calendars, opened, listed, renewed, revoked."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_json_list, print_table

if TYPE_CHECKING:
    from scheduler.services.cases.credentials import Subscription
    from scheduler.services.views.installation.credentials import SubscriptionRow
    from scheduler.settings import Web

_HEADS = ("id", "for", "shows", "opened", "last read", "revoked")
_ALL_HELP = "Show a person the reviews, too, to which a mail has invited them."
_REPORTS_HELP = "KPI reports that are due: one's own, those of others too (all), or none."
_WHOSE = ("own", "all", "none")
_PROGRAMS = (
    "Apple, Thunderbird, Outlook   open the webcal:// link, or subscribe to the https:// one",
    "Outlook on the web            Add calendar, Subscribe from web: the https:// link",
    "Google                        Other calendars, +, From URL: the https:// link",
)


@click.group(epilog="For example: cadence calendar subscribe ines.falk@acme.example")
def calendar() -> None:
    """Subscribe people to their calendars.

    A subscription is an address that needs no password: whoever has it can read. It is shown once, and ends when it is
    revoked or rotated.
    """


@calendar.command(epilog="For example: cadence calendar subscribe --partnership acme-globex --for acme")
@click.argument("person", required=False, metavar="[EMAIL]")
@params.partnership
@params.for_
@click.option("--portfolio", is_flag=True, help="The reviews of every partnership.")
@params.clocks
@click.option("--reports", type=click.Choice(_WHOSE), help=f"{_REPORTS_HELP}  [default: own]")
@click.option("--all", "invited", is_flag=True, help=_ALL_HELP)
@as_json
@click.pass_obj
def subscribe(
    context: Context,
    person: str | None,
    partnership: str | None,
    organisation: str | None,
    portfolio: bool,
    clocks: str,
    reports: str | None,
    invited: bool,
    as_json: bool,
) -> None:
    """Open a subscription, and show its address once.

    For the person of the mail address EMAIL: their reviews over all partnerships, and what they owe. Reviews to which a
    mail has invited them are left out, since their calendar has those already, until they decline; --all shows them
    too. For a --partnership: its reviews or, with --for, also the reports that this organisation's people owe. Or for
    the whole --portfolio: its reviews alone. --reports all shows what others owe too, as far as the reader may see it.
    """
    from scheduler.services.cases import credentials

    if sum((person is not None, partnership is not None, portfolio)) != 1:
        raise click.UsageError("name one of a person's mail address, --partnership, --portfolio")
    if organisation and not partnership:
        raise click.UsageError("--for says who looks at a --partnership")
    if invited and person is None:
        raise click.UsageError("--all is for a person's subscription; any other shows all reviews anyway")
    if reports and portfolio:
        raise click.UsageError("--reports is not for the --portfolio, which shows reviews alone")
    with context.app(writing=True) as app:
        opened = credentials.subscribe(
            app,
            person,
            partnership,
            organisation,
            context.now,
            clocks=clocks,
            invited=invited,
            reports=reports or "own",
        )
    _tell(opened, context.settings.web, as_json)


@calendar.command("list", epilog="For example: cadence calendar list --json")
@as_json
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """List the subscriptions: for whom, what they show, since when, when last read (to the hour), whether revoked."""
    from scheduler.services.views.installation import credentials

    with context.app() as app:
        rows = credentials.subscriptions(app)
    if as_json:
        print_json_list(map(credentials.as_json, rows))
        return
    cells = (
        (row.id, _whose(row), _shows(row), *map(formats.minute, (row.created_at, row.last_used_at, row.revoked_at)))
        for row in rows
    )
    print_table(_HEADS, cells, empty="Nobody has subscribed yet. Open one with: cadence calendar subscribe EMAIL")


@calendar.command(epilog="For example: cadence calendar change 3 --reports all --clocks agenda,minutes")
@click.argument("id", type=params.Number())
@click.option("--clocks", type=params.ClockNames(), help="Days to mark around standing reviews, as for subscribe.")
@click.option("--reports", type=click.Choice(_WHOSE), help=_REPORTS_HELP)
@click.option("--all/--without-invited", "invited", default=None, help=_ALL_HELP)
@as_json
@click.pass_obj
def change(
    context: Context, id: int, clocks: str | None, reports: str | None, invited: bool | None, as_json: bool
) -> None:
    """Have the subscription ID show something else from now on; its address stays."""
    from scheduler.services.cases import credentials
    from scheduler.services.views.installation.credentials import as_json as shown

    if clocks is None and reports is None and invited is None:
        raise click.UsageError("say what it is to show: --clocks, --reports, --all or --without-invited")
    with context.app(writing=True) as app:
        row = credentials.change_subscription(app, id, clocks=clocks, reports=reports, invited=invited)
    if as_json:
        print_json(shown(row))
        return
    click.echo(f"Subscription {id}, of {plain(_whose(row))}, shows from now on: {_shows(row)}.")


@calendar.command(epilog="For example: cadence calendar revoke 3")
@click.argument("id", type=params.Number())
@click.pass_obj
def revoke(context: Context, id: int) -> None:
    """End the subscription ID: its address leads nowhere from now on."""
    from scheduler.services.cases import credentials

    with context.app(writing=True) as app:
        row = credentials.end_subscription(app, id, context.now)
    click.echo(
        f"Subscription {id}, of {_whose(row)}, is revoked. Programs keep what they have read until it is removed."
    )


@calendar.command(epilog="For example: cadence calendar rotate 3")
@click.argument("id", type=params.Number())
@as_json
@click.pass_obj
def rotate(context: Context, id: int, as_json: bool) -> None:
    """Give the subscription ID a new address, and end the old one at once: for one that got into the wrong hands."""
    from scheduler.services.cases import credentials

    with context.app(writing=True) as app:
        renewed = credentials.renew_subscription(app, id)
    _tell(renewed, context.settings.web, as_json)


def _whose(row: "SubscriptionRow") -> str:
    if row.email:
        return row.email
    if row.partnership:
        return f"{row.partnership} as {row.organisation} sees it" if row.organisation else row.partnership
    return "the whole portfolio"


def _shows(row: "SubscriptionRow") -> str:
    shown = ["reviews not invited to" if row.email and not row.invited else "all reviews"]
    if (row.email or row.partnership) and row.reports != "own":
        shown.append("all reports" if row.reports == "all" else "no reports")
    if row.clocks != "none":
        shown.append(f"clocks: {row.clocks}")
    return ", ".join(shown)


def _tell(subscription: "Subscription", web: "Web", as_json: bool) -> None:
    from scheduler.services.views.installation.credentials import as_json as opened

    row, url = subscription.row, f"{web.url}/calendars/{subscription.token}.ics"
    webcal = f"webcal://{url.partition('://')[2]}"
    if as_json:
        print_json({**opened(row), "url": url, "webcal": webcal})
        return
    click.echo(f"Subscription {row.id}, of {plain(_whose(row))}:\n  {url}\n  {webcal}\n")
    click.echo("\n".join(_PROGRAMS))
    click.echo(
        "\nWith ?alarms=1 at its end, the calendar calls before each review; with ?clocks=agenda,minutes (or all)"
    )
    click.echo("it marks those days around standing reviews.")
    if row.email and not row.invited:
        click.echo(
            "Reviews to which a mail has invited them are left out: their calendar has those. To show all: --all."
        )
    if row.partnership and row.reports != "all":
        click.echo("Reports that others owe are left out. To show them: --reports all.")
    click.echo("Whoever has this address can read; it is not shown again.")
    if not web.public_url:
        click.echo("Only this machine reaches it: set web.public_url once a server with TLS stands in front.", err=True)
