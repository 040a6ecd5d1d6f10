"""`cadence partnership changes` and `object`: what an edit changed that concerns all sides, and a word against it."""

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json


@click.command(epilog="For example: cadence partnership changes acme-globex")
@click.argument("id")
@as_json
@click.pass_obj
def changes(context: Context, id: str, as_json: bool) -> None:
    """List what edits of the definition of the partnership ID changed that concerns all sides: their alliance managers
    were told of it. What is internal to an organisation is not among it."""
    from scheduler.services.views import disputes as view

    with context.app() as app:
        known = view.changes(app, id)
    if as_json:
        print_json(
            [{"number": each.number, "at": each.at, "told": each.people, "changes": each.changes} for each in known]
        )
        return
    if not known:
        click.echo("Nothing was changed that concerns all sides.")
    for each in known:
        click.echo(f"{each.number}  {formats.minute(each.at)}")
        for one in each.changes:
            what = " ".join(part for part in (one["part"], one["name"], one["field"]) if part)
            click.echo(plain(f"  {what}: {one['was'] or 'nothing'} → {one['now'] or 'nothing'}"))


@click.command("object", epilog='For example: cadence partnership object acme-globex 4 --because "not agreed" --by dev')
@click.argument("id")
@click.argument("number", type=params.Number())
@click.option("--because", type=params.TextParam(), required=True, help="What is not right, as the agenda will say.")
@click.option(
    "--by", type=params.NameParam(), metavar="PERSON", required=True, help="Who objects: by key or mail address."
)
@click.pass_obj
def object_(context: Context, id: str, number: int, because: str, by: str) -> None:
    """Object to the change NUMBER of the definition of the partnership ID: it stands on the next agenda until it is
    settled."""
    from scheduler.services.cases import disputes

    with context.app(writing=True) as app:
        said = disputes.object_to_change(app, id, number, because, by, context.now)
    click.echo(
        f"On record as dispute {said.number}; it stands on the next agenda until: cadence disputes settle {said.number}"
    )
