"""`cadence session`: who is signed in to the pages, signed out by a word."""

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_table

_HEADS = ("id", "who", "by", "browser", "signed in", "last used", "ends", "state")


@click.group(epilog="For example: cadence session revoke --of dev.patel@globex.example")
def session() -> None:
    """See who is signed in to the pages, and sign them out.

    A session ends by itself when it lies unused for half a day, after two weeks, and as soon as its person has left.
    """


@session.command("list", epilog="For example: cadence session list dev.patel@globex.example")
@click.argument("email", required=False, type=params.TextParam())
@as_json
@click.pass_obj
def list_(context: Context, email: str | None, as_json: bool) -> None:
    """List the sessions, of EMAIL or of everybody: those that go on first, then those of the last month."""
    from scheduler.services.views import sessions as view

    with context.app() as app:
        found = view.listed(app, email, context.now)
    if as_json:
        print_json([view.as_json(each) for each in found])
        return
    cells = (
        (
            each.id, each.email, each.way, plain(each.browser or ""),
            *map(formats.minute, (each.created_at, each.seen_at, each.ends_at)), "goes on" if each.goes_on else "ended",
        )
        for each in found
    )  # fmt: skip
    print_table(_HEADS, cells, empty="Nobody has signed in lately. People sign in at the address of the pages.")


@session.command(epilog="For example: cadence session revoke 12")
@click.argument("id", required=False, type=params.Number())
@click.option("--of", "email", type=params.TextParam(), metavar="EMAIL", help="All sessions of this person.")
@click.pass_obj
def revoke(context: Context, id: int | None, email: str | None) -> None:
    """Sign a browser out at once: the session ID, or all of a person."""
    from scheduler.services.cases import sessions as cases

    if (id is None) is (email is None):
        raise click.UsageError("name a session by its ID, or a person with --of")
    with context.app(writing=True) as app:
        if email is not None:
            ended = cases.end_sessions_of(app, email, context.now)
            click.echo(f"{plain(email)}: {ended} session{'' if ended == 1 else 's'} ended.")
            return
        cases.end_session(app, id or 0, context.now)
    click.echo(f"Session {id} has ended.")


@session.command(epilog="For example: cadence session unpin ines.falk@acme.example")
@click.argument("email", type=params.TextParam())
@click.pass_obj
def unpin(context: Context, email: str) -> None:
    """Let another account of a provider sign in as EMAIL.

    The account with which somebody first signs in at their OpenID provider is pinned to them. Where it was made anew,
    or the address was given to somebody else whom the definitions name, say so here.
    """
    from scheduler.services.cases.sign_in import by_openid

    with context.app(writing=True) as app:
        found = by_openid.unpin(app, email)
    if found:
        click.echo(f"{plain(email)}: the next account that its provider brings is pinned.")
    else:
        click.echo(f"No account is pinned to {plain(email)}.")
