"""`cadence link`: the signed links in letters, invitations and calendars, closed before their time; and the key that
they are signed with."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json_list, print_table

if TYPE_CHECKING:
    from datetime import datetime

    from scheduler.services.views.installation.credentials import LinkRevocationRow, SigningKey

_HEADS = ("links of", "in", "revoked", "by")
_KEY_HEADS = ("key", "made", "signed until", "opens links until")


@click.group(epilog="For example: cadence link revoke ines.falk@acme.example")
def link() -> None:
    """Close links that were given out, and change the key that they are signed with.

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


@link.command("rotate-key", epilog="For example: cadence link rotate-key")
@click.option("--at-once", is_flag=True, help="The key got into other hands: drop it now, and every link with it.")
@click.option("--yes", is_flag=True, help="Do not ask; needed with --at-once where nobody can be asked.")
@click.pass_obj
def rotate_key(context: Context, at_once: bool, yes: bool) -> None:
    """Sign links with another key from now on.

    The key before it goes on opening the links that it signed, until none of them can be good any more; nobody is
    written to because of it, and no calendar changes. With --at-once it is dropped: every link in letters, invitations
    and calendars that was given out until now opens nothing, and so do codes that are under way.
    """
    from scheduler.services.cases import credentials

    if at_once and not yes:
        if not sys.stdin.isatty():
            raise click.UsageError("nobody can be asked here: say --yes if every link that was given out is to close")
        if not click.confirm("Every link that was given out opens nothing any more. Go on?", err=True):
            click.echo("Nothing was changed.")
            return
    with context.app(writing=True) as app:
        rotated = credentials.rotate_signing_key(app, context.now, at_once=at_once)
    click.echo("Links are signed with another key from now on.")
    if at_once:
        click.echo(
            "The key before it is dropped. Links to forms and agendas in letters and invitations that have left open "
            "nothing; the next letters bring new ones, and subscribed calendars have them when they are next fetched. "
            "Addresses of calendars, tokens of programs and sessions are not signed with it, and go on."
        )
        return
    for each in rotated.keys[1:]:
        click.echo(f"{_before(each)} opens the links that it signed until {_moment(each.until)}.")


@link.command("keys", epilog="For example: cadence link keys --json")
@as_json
@click.pass_obj
def keys(context: Context, as_json: bool) -> None:
    """List the keys by which links are known: when each was made, and until when it opens what it signed. A key itself
    is never shown."""
    from scheduler.services.views.installation import credentials

    with context.app() as app:
        found = credentials.signing_keys(app)
    if as_json:
        print_json_list(each._asdict() for each in found)
        return
    print_table(_KEY_HEADS, _key_cells(found), empty="No link was ever signed.")


def _key_cells(found: "Sequence[SigningKey]") -> list[tuple[str, str, str, str]]:
    return [
        (
            "before" if each.retired_at else "signs",
            _moment(each.made_at),
            _moment(each.retired_at),
            _moment(each.until),
        )
        for each in found
    ]


def _before(key: "SigningKey") -> str:
    return f"The key that signed until {_moment(key.retired_at)}"


def _moment(at: "datetime | None") -> str:
    return formats.minute(at) if at else ""
