"""`cadence link`: the signed links in letters, invitations and calendars, closed before their time."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json_list, print_table
from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.services.app import App
    from scheduler.store.tables import LinkRevocationRow

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
    from scheduler.store import links

    if person is None and partnership is None:
        raise click.UsageError("say whose links: a person's mail address, --partnership, or both")
    with context.app(writing=True) as app, app.store.write() as db:
        concerned = _concerned(db, person, partnership)
        teller = _teller(app, db, concerned, by)
        links.revoke(db, concerned, context.now, email=person, partnership=partnership, by=teller)
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
    from scheduler.store import links

    with context.app() as app, app.store.read() as db:
        rows = links.listing(db)
    if as_json:
        print_json_list(row.model_dump() for row in rows)
        return
    print_table(_HEADS, map(_cells, rows), empty="No link was ever revoked.")


def _cells(row: "LinkRevocationRow") -> tuple[str, str, str, str]:
    return row.email or "everybody", row.partnership or "all partnerships", formats.minute(row.at), row.by or ""


def _concerned(db: "Connection", email: str | None, partnership: str | None) -> list[str]:
    """The partnerships whose links are to be closed. Raises UserError for one that is not there."""
    from scheduler.services import lookup as naming
    from scheduler.store import partnerships

    if partnership:
        naming.partnership(db, partnership)
    if email is None:
        return [partnership] if partnership else []
    known = partnerships.emails(db)
    if email.casefold() not in known:
        way_out = "the links of who is in no definition any more are closed already; cadence show ID lists the people"
        raise naming.unknown("person with the mail address", email, known, way_out)
    theirs = partnerships.partnerships_of(db, email.casefold())
    if partnership and partnership not in theirs:
        raise UserError(f"{email} is not in {partnership}", f"they are in {', '.join(theirs)}")
    return [partnership] if partnership else theirs


def _teller(app: "App", db: "Connection", concerned: list[str], by: str | None) -> str | None:
    """Who says so: a person of the first partnership that knows them. Raises UserError for a stranger."""
    from scheduler.services import lookup as naming

    if by is None:
        return None
    definitions = [app.in_force(naming.partnership(db, id)) for id in concerned]
    known = next((each for each in definitions if by in each.people), definitions[0])
    return naming.person(known, by)
