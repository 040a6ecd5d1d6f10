"""`cadence link`: the signed links in letters, invitations and calendars, closed before their time."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json_list, print_table

if TYPE_CHECKING:
    from scheduler.services.views.installation.credentials import LinkRevocationRow

_HEADS = ("links of", "in", "revoked", "by")


@click.group(epilog="For example: cadence link revoke ines.falk@acme.example")
def link() -> None:
    """Close links that were given out.

    A link lets whoever has it report a KPI, judge a criterion or read an agenda in its holder's name. It closes by
    itself once its holder has left, has changed sides or address, or has the duty no more; an agenda's 90 days after
    its review.
    """


@link.command(epilog="For example: cadence link revoke ines.falk@acme.example --partnership acme-globex")
@click.argument("person", required=False, metavar="[EMAIL]")
@params.partnership
@params.by
@click.pass_obj
def revoke(context: Context, person: str | None, partnership: str | None, by: str | None) -> None:
    """Close all links that were given out until now: of the person of the mail address EMAIL, or of everybody in a
    --partnership; with both, of the one in the other.

    For a letter that got into the wrong hands. Letters and calendars bring new links from now on; addresses of
    calendars are closed with cadence calendar revoke or rotate, tokens of programs with cadence token revoke.
    """
    from scheduler.services.cases import credentials

    if person is None and partnership is None:
        raise click.UsageError("say whose links: a person's mail address, --partnership, or both")
    with context.app(writing=True) as app:
        concerned = credentials.revoke_links(app, person, partnership, by, context.now)
    where = f"in {partnership}" if partnership else f"in all partnerships ({', '.join(concerned)})"
    click.echo(
        f"The links of {plain(person or 'everybody')} {where} are closed: for reports, judgements "
        "and agendas. The next letters bring new ones, and subscribed calendars have them already."
    )


@link.command("list", epilog="For example: cadence link list --json")
@as_json
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """List what was revoked: whose links, in which partnership, when and by whom."""
    from scheduler.services.views.installation import credentials

    with context.app() as app:
        rows = credentials.revoked_links(app)
    if as_json:
        print_json_list(map(credentials.revocation_as_json, rows))
        return
    print_table(_HEADS, map(_cells, rows), empty="No link was ever revoked.")


def _cells(row: "LinkRevocationRow") -> tuple[str, str, str, str]:
    return row.email or "everybody", row.partnership or "all partnerships", formats.minute(row.at), row.by or ""
