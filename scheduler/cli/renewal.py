"""`cadence renewal`: what was decided about the running term of an agreement, that notice was sent, what was signed
anew, and which paper lapses."""

from datetime import date
from typing import cast

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.domain.definition.document import paper_words
from scheduler.domain.record.renewal import COURSES, LAPSE, NOTICE_SENT, SIGNED, Word

_EXPIRES = click.option(
    "--expires", type=params.Day(calendars=True), help="The day on which it expires, where there are several."
)
_by = click.option("--by", required=True, metavar="PERSON", help="Who says so, by key or mail address.")


@click.group(epilog="For example: cadence renewal decided acme-globex lapse --by ines")
def renewal() -> None:
    """Record what was decided about the running term of an agreement, that notice was sent, and what was signed.

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


def _say(
    context: Context, id: str, word: Word, on: date | None, because: str | None, by: str, until: date | None = None
) -> None:
    from scheduler.services.cases import renewals

    with context.app(writing=True) as app:
        said = renewals.say(app, id, word, context.now, on=on, by=by, because=because, until=until)
    click.echo(f"{id}, the term until {said.ends}: {said.words}.")


@renewal.command(
    epilog="For example: cadence renewal signed acme-globex --document nda --until 2029-05-04 --on 2027-05-03 --by ines"
)
@click.argument("id")
@click.option("--document", metavar="KIND", help="The document of the agreement that was signed anew; else its term.")
@click.option("--until", type=params.Day(calendars=True), help="The last day of what was signed.")
@click.option("--without-end", is_flag=True, help="What was signed has no last day.")
@click.option("--on", type=params.Day(calendars=True), help="The day on which it was signed; by default today.")
@click.option("--because", type=params.TextParam(), help="What should be known about it.")
@_EXPIRES
@_by
@click.pass_obj
def signed(
    context: Context,
    id: str,
    document: str | None,
    until: date | None,
    without_end: bool,
    on: date | None,
    because: str | None,
    expires: date | None,
    by: str,
) -> None:
    """Record that the next term of ID was signed, or with --document another document of a kind.

    The agreement lasts as long as is said here, and so does the document, until its definition says otherwise. An
    agreement that renews by itself is not signed anew.
    """
    if (until is None) is not without_end:
        raise click.UsageError("say until when it lasts: --until DAY, or --without-end")
    if document:
        _say_of_paper(context, id, document, SIGNED, on, because, by, expires, until)
    else:
        _say(context, id, SIGNED, on, because, by, until)


@renewal.command(epilog="For example: cadence renewal lapses acme-globex nda --by ines")
@click.argument("id")
@click.argument("document")
@click.option("--on", type=params.Day(calendars=True), help="The day on which it was agreed; by default today.")
@click.option("--because", type=params.TextParam(), help="What should be known about it.")
@_EXPIRES
@_by
@click.pass_obj
def lapses(
    context: Context, id: str, document: str, on: date | None, because: str | None, expires: date | None, by: str
) -> None:
    """Record that a DOCUMENT of the agreement of ID, by its kind, is not renewed."""
    _say_of_paper(context, id, document, LAPSE, on, because, by, expires, None)


def _say_of_paper(
    context: Context,
    id: str,
    kind: str,
    word: Word,
    on: date | None,
    because: str | None,
    by: str,
    expires: date | None,
    until: date | None,
) -> None:
    from scheduler.services.cases import renewals

    with context.app(writing=True) as app:
        said = renewals.say_of_paper(
            app, id, kind, word, context.now, on=on, by=by, because=because, ends=expires, until=until
        )
    click.echo(f"{id}, the {paper_words(kind)} that expires on {said.ends}: {said.words}.")


@renewal.command(epilog='For example: cadence renewal undo acme-globex decided --because "a slip" --by ines')
@click.argument("id")
@click.argument("what", type=click.Choice(("decided", NOTICE_SENT, SIGNED, "document")))
@click.option("--document", metavar="KIND", help="Of which document, after `document`: the last word on it.")
@click.option("--because", type=params.TextParam(), required=True, help="Why.")
@_by
@click.pass_obj
def undo(context: Context, id: str, what: str, document: str | None, because: str, by: str) -> None:
    """Take back what was decided, that notice was sent, or what was signed: it is asked for again. What was said is
    kept."""
    from scheduler.services.cases import renewals

    if (what == "document") is not bool(document):
        raise click.UsageError("name the document: cadence renewal undo ID document --document KIND")
    with context.app(writing=True) as app:
        gone = renewals.take_back(app, id, what, because, by, context.now, document)
    of = f"the {paper_words(document)} that expires on" if document else "the term until"
    click.echo(f"{id}, {of} {gone.ends}: taken back that it was {gone.words}.")
