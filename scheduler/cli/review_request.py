"""`cadence review request`: a member asks for a formal review."""

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import plain


@click.command(epilog='For example: cadence review request five-harbours --because "the dredging stands" --by ines')
@click.argument("id")
@click.option("--because", type=params.TextParam(), help="What calls for it; all partners read it.")
@click.option("--by", required=True, metavar="PERSON", help="Who asks for their organisation, by key or mail address.")
@click.option("--withdraw", is_flag=True, help="Their organisation asks for it no more.")
@click.pass_obj
def request(context: Context, id: str, because: str | None, by: str, withdraw: bool) -> None:
    """Ask for a formal review of the partnership ID, as a member of it.

    It is called once as many members ask as a trigger says: {when: requested, share: 1/3}.
    """
    from scheduler.services.cases import review_requests

    if not withdraw and because is None:
        raise click.UsageError("say why: --because TEXT")
    with context.app(writing=True) as app:
        if withdraw:
            found = review_requests.withdraw(app, id, by, context.now)
        else:
            found = review_requests.request(app, id, because or "", by, context.now)
    names = ", ".join(found.asking) or "nobody"
    click.echo(plain(f"{len(found.asking)} of {found.needed} members ask for a formal review: {names}."))
    if found.called:
        review = found.called.review
        click.echo(plain(f"It is called: {review.id} on {formats.when(review.start)} {review.timezone}."))
