"""`cadence renewal`: what was decided about the running term of an agreement, and that notice was sent."""

from datetime import date
from typing import cast

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.domain.record.renewal import COURSES, NOTICE_SENT, Word

_by = click.option("--by", required=True, metavar="PERSON", help="Who says so, by key or mail address.")


@click.group(epilog="For example: cadence renewal decided acme-globex lapse --by ines")
def renewal() -> None:
    """Record what was decided about the running term of an agreement, and that notice was sent.

    Nobody is asked any more for what is on record; the next term is asked about anew. cadence show says how it stands.
    """


@renewal.command(epilog='For example: cadence renewal decided acme-globex renew --because "both want it" --by ines')
@click.argument("id")
@click.argument("course", type=click.Choice(COURSES))
@click.option("--on", type=params.Day(calendars=True), help="The day on which it was decided; by default today.")
@click.option("--because", type=params.TextParam(), help="What should be known about it.")
@_by
@click.pass_obj
def decided(context: Context, id: str, course: str, on: date | None, because: str | None, by: str) -> None:
    """Record what was decided about the running term of ID: to renew it, to let it lapse, or to renegotiate.

    Decided anew, it takes the place of what was decided before, which is kept.
    """
    _say(context, id, cast(Word, course), on, because, by)


@renewal.command("notice-sent", epilog="For example: cadence renewal notice-sent acme-globex --on 2027-05-03 --by ines")
@click.argument("id")
@click.option("--on", type=params.Day(calendars=True), help="The day on which it was sent; by default today.")
@click.option("--because", type=params.TextParam(), help="What should be known about it.")
@_by
@click.pass_obj
def notice_sent(context: Context, id: str, on: date | None, because: str | None, by: str) -> None:
    """Record that notice was sent in the running term of ID.

    An agreement that would renew by itself ends with that term then.
    """
    _say(context, id, NOTICE_SENT, on, because, by)


def _say(context: Context, id: str, word: Word, on: date | None, because: str | None, by: str) -> None:
    from scheduler.services.cases import renewals

    with context.app(writing=True) as app:
        said = renewals.say(app, id, word, context.now, on=on, by=by, because=because)
    click.echo(f"{id}, the term until {said.ends}: {said.words}.")


@renewal.command(epilog='For example: cadence renewal undo acme-globex decided --because "a slip" --by ines')
@click.argument("id")
@click.argument("what", type=click.Choice(("decided", NOTICE_SENT)))
@click.option("--because", type=params.TextParam(), required=True, help="Why.")
@_by
@click.pass_obj
def undo(context: Context, id: str, what: str, because: str, by: str) -> None:
    """Take back what was decided, or that notice was sent: it is asked for again. What was said is kept."""
    from scheduler.services.cases import renewals

    with context.app(writing=True) as app:
        gone = renewals.take_back(app, id, what, because, by, context.now)
    click.echo(f"{id}, the term until {gone.ends}: taken back that it was {gone.words}.")
