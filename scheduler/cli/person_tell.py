"""`cadence person tell`: by which way somebody is told, by their own word."""

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_table

if TYPE_CHECKING:
    from scheduler.services.cases.own_settings import HowTold


@click.command("tell", epilog="For example: cadence person tell tom.reyes@globex.example digest")
@click.argument("email")
@click.argument("way", required=False)
@click.option("--as-defined", is_flag=True, help="Take their own word back: the definitions count again.")
@as_json
@click.pass_obj
def tell(context: Context, email: str, way: str | None, as_defined: bool, as_json: bool) -> None:
    """Say how the person with that mail address is told, in their own word, or list how they are: by mail, chat, both,
    or digest, one mail a week. It counts in all their partnerships before the `tell` of the definitions.

    A chat is theirs where a definition names one for them; elsewhere who wishes to be told by chat is told by mail.
    """
    from scheduler.services.cases import own_settings

    if as_defined and way:
        raise click.UsageError("--as-defined stands alone")
    with context.app(writing=bool(way or as_defined)) as app:
        if way or as_defined:
            known = own_settings.say(app, email, way, context.now)
        else:
            with app.store.read() as db:
                known = own_settings.how_told(app, db, email)
    if as_json:
        print_json(asdict(known))
        return
    _print(known)


def _print(known: "HowTold") -> None:
    said = f"by their own word: {known.says}" if known.says else "as the definitions say"
    click.echo(f"{plain(known.email)} is told {said}.")
    rows = ((each.partnership, each.file, each.counts, each.chat or "") for each in known.partnerships)
    print_table(("partnership", "the file says", "counts", "chat"), rows, empty="")
