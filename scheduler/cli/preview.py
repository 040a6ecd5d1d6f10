"""`cadence preview`: a letter or an invitation as it would go out now."""

from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json

if TYPE_CHECKING:
    from scheduler.services.previews.letters import PreviewedLetter


@click.group(epilog="For example: cadence preview letter tom")
def preview() -> None:
    """Show what would go out now; nothing is sent. An agenda is shown by cadence agenda, a definition's plan by cadence
    plan."""


@preview.command(epilog="For example: cadence preview letter tom.reyes@globex.example")
@click.argument("id")
@params.partnership
@as_json
@click.pass_obj
def letter(context: Context, id: str, partnership: str | None, as_json: bool) -> None:
    """Show the letter that the person ID would get now: what waits for them as of the last cycle, and all they owe.

    ID is their key where only one partnership has it, or their mail address. Links are shown without what opens them.
    """
    from scheduler.services.previews import letters

    with context.app(writing=True) as app:
        found = letters.letter(app, id, partnership, context.now)
    if found is None and not as_json:
        click.echo("There is nothing to tell: no letter would go out.")
    else:
        _show(found, as_json)


@preview.command(epilog="For example: cadence preview invitation acme-globex/operating/2026-12 --to dev")
@click.argument("id")
@click.option("--to", type=params.NameParam(), metavar="PERSON", help="As this person gets it; else the first one.")
@as_json
@click.pass_obj
def invitation(context: Context, id: str, to: str | None, as_json: bool) -> None:
    """Show the invitation to the review ID as it would be written were nobody told of it yet."""
    from scheduler.services.previews import letters

    with context.app(writing=True) as app:
        _show(letters.invitation(app, id, to, context.now), as_json)


def _show(found: "PreviewedLetter | None", as_json: bool) -> None:
    if as_json:
        print_json(found._asdict() if found else None)
    elif found:
        click.echo(plain(f"To: {found.to}"))
        click.echo(plain(f"Subject: {found.subject}"))
        click.echo()
        for line in found.text.splitlines():
            click.echo(plain(line))
