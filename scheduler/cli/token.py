"""`cadence token`: what lets programs report and read, given out, listed, revoked."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_json_list, print_table

if TYPE_CHECKING:
    from scheduler.services.views.installation.credentials import ApiTokenRow

_HEADS = ("id", "name", "may", "for", "created", "last used", "revoked")
_MAY = ("report", "read")


@click.group(epilog="For example: cadence token create erp --partnership acme-globex --organisation globex")
def token() -> None:
    """Let programs report readings, and read what pages show, over HTTP.

    Whoever has a token can do with it what it says. It is shown once, kept as a hash, and good until it is revoked.
    """


@token.command(epilog="For example: cadence token create erp --partnership acme-globex --organisation globex")
@click.argument("name", type=params.TextParam())
@params.partnership
@click.option(
    "--organisation", type=params.NameParam(), metavar="ORGANISATION", help="Only what this organisation may see."
)
@click.option(
    "--may", type=click.Choice(_MAY), multiple=True, help="What it may do; give both for both. Without it: report."
)
@click.option("--actor-level", is_flag=True, help="Without an organisation: read what is internal to any, too.")
@as_json
@click.pass_obj
def create(
    context: Context,
    name: str,
    partnership: str | None,
    organisation: str | None,
    may: tuple[str, ...],
    actor_level: bool,
    as_json: bool,
) -> None:
    """Create a token for the program called NAME, and show it once.

    Without options it reports for all partnerships, KPIs of every level: for programs of the operator's own. An
    organisation is meant in each partnership that calls it so. One that may read, and is of no organisation, reads what
    all partners see.
    """
    import json

    from scheduler.services.cases import credentials
    from scheduler.services.views.installation.credentials import as_json as opened

    with context.app(writing=True) as app:
        created = credentials.create_token(
            app, name, partnership, organisation, context.now,
            reports="report" in may or not may, reads="read" in may, actor_level=actor_level,
        )  # fmt: skip
    row, secret, site = created.row, created.secret, context.settings.web.url
    url = f"{site}/api/readings"
    if as_json:
        print_json({**opened(row), "token": secret, "url": url})
        return
    click.echo(f"Token {row.id}, {plain(row.name)}, {_does(row)} for {_whose(row)}:\n  {secret}\n")
    if row.reads:
        click.echo(f"It reads, for example:\n  curl {site}/portfolio.json -H 'Authorization: Bearer {secret}'\n")
    if created.example:
        kpi, period = created.example
        click.echo("With the figure in place of FIGURE:")
        click.echo(f"  curl {url} -H 'Authorization: Bearer {secret}' \\")
        click.echo(f"    --json '{json.dumps({'kpi': kpi, 'period': period, 'value': 'FIGURE'})}'\n")
    elif row.reports:
        click.echo(f"It is sent to {url}; nothing that it may report waits for a reading today.\n")
    click.echo("It is not shown again.")


@token.command("list", epilog="For example: cadence token list --json")
@as_json
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """List the tokens: whose, since when, when last used (to the hour), whether revoked."""
    from scheduler.services.views.installation import credentials

    with context.app() as app:
        rows = credentials.tokens(app)
    if as_json:
        print_json_list(map(credentials.as_json, rows))
        return
    cells = (
        (
            row.id,
            row.name,
            _does(row),
            _whose(row),
            *map(formats.minute, (row.created_at, row.last_used_at, row.revoked_at)),
        )
        for row in rows
    )
    print_table(_HEADS, cells, empty="There is no token yet. Create one with: cadence token create NAME")


@token.command(epilog="For example: cadence token revoke 3")
@click.argument("id", type=params.Number())
@click.pass_obj
def revoke(context: Context, id: int) -> None:
    """End the token ID: nothing is taken from it from now on. What it reported stays."""
    from scheduler.services.cases import credentials

    with context.app(writing=True) as app:
        row = credentials.end_token(app, id, context.now)
    click.echo(f"Token {id}, {plain(row.name)}, is revoked.")


def _does(row: "ApiTokenRow") -> str:
    said = [verb for verb, does in (("reports", row.reports), ("reads", row.reads)) if does]
    return " and ".join(said) + (" every level" if row.actor_level else "")


def _whose(row: "ApiTokenRow") -> str:
    where = row.partnership or "all partnerships"
    return f"{where} as {row.organisation}" if row.organisation else where
