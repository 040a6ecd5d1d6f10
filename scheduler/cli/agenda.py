"""`cadence agenda`: the agenda of one review, on any day; and items that people add to it."""

from pathlib import Path

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.markdown_file import markdown
from scheduler.cli.output import plain, write_file


class _AgendaGroup(click.Group):
    """`cadence agenda ID` prints the agenda: an ID is none of the verbs."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_verb = args[:1] in ([name] for name in self.commands)
        return super().parse_args(ctx, args if is_verb or args[:1] == ["--help"] else ["show", *args])


@click.group(cls=_AgendaGroup, epilog="For example: cadence agenda acme-globex/operating/2026-12 --for acme")
def agenda() -> None:
    """Print the agenda of the review ID with the figures as they stand: the joint one or, with --for, an
    organisation's internal brief; --html makes a page of it that prints well, --docx a file for Word.

    What people have written into it is kept, whether on its page, by edit or in the daemon's file of it; reset begins
    it anew. With add and drop, items of people's own.
    """


@agenda.command(epilog="For example: cadence agenda show acme-globex/operating/2026-12 --for acme")
@click.argument("id")
@params.for_
@click.option("--html", is_flag=True, help="A page that prints well, instead of Markdown.")
@click.option("--pdf", type=params.PathParam(dir_okay=False), help="Write that page as PDF into this file.")
@click.option("--docx", type=params.PathParam(dir_okay=False), help="Write it for Word into this file.")
@click.pass_obj
def show(context: Context, id: str, organisation: str | None, html: bool, pdf: Path | None, docx: Path | None) -> None:
    """Print the agenda of the review ID; cadence agenda ID does the same."""
    from scheduler.services.views.agenda import agenda as view

    if docx is not None:
        _write_word_file(context, id, organisation, docx)
        if pdf is None and not html:
            return
    with context.app() as app:
        text = view(app, id, organisation, context.now, html=html or pdf is not None)
    if pdf is None:
        click.echo(text, nl=False)
        return
    from scheduler.transports.pdf import pdf_of

    write_file(pdf, pdf_of(text))
    click.echo(f"{pdf} is written.")


def _write_word_file(context: Context, id: str, organisation: str | None, docx: Path) -> None:
    from scheduler.services.views.agenda import as_word_file

    with context.app() as app:
        write_file(docx, as_word_file(app, id, organisation, context.now))
    click.echo(f"{docx} is written.")


@agenda.command(
    epilog='For example: cadence agenda add acme-globex/operating/2026-12 "A second press" --minutes 15 --by dev'
)
@click.argument("id")
@click.argument("title", type=params.TextParam())
@click.option("--minutes", type=params.Number(), help="How long you would like for it.")
@click.option("--by", required=True, help="Who adds it: a person's key or mail address.")
@click.pass_obj
def add(context: Context, id: str, title: str, minutes: int | None, by: str) -> None:
    """Add an item to the agenda of the review ID: anybody who is invited, until its `items` clock; who owns the agenda
    or has the chair, until it begins."""
    from scheduler.services.cases import agenda_items

    with context.app(writing=True) as app:
        item = agenda_items.add(app, id, title, minutes, by, context.now)
    click.echo(f"{item.id} is on the agenda: {plain(item.says)}")


@agenda.command(epilog='For example: cadence agenda drop "acme-globex/operating/2026-12+1" --by dev')
@click.argument("item")
@click.option("--because", type=params.TextParam(), help="Why it need not be spoken of.")
@click.option("--by", required=True, help="Who says so: a person's key or mail address.")
@click.pass_obj
def drop(context: Context, item: str, because: str | None, by: str) -> None:
    """Take the ITEM that somebody added from its agenda; it stays on record."""
    from scheduler.services.cases import agenda_items

    with context.app(writing=True) as app:
        dropped = agenda_items.drop(app, item, because, by, context.now)
    click.echo(f"{dropped.id} is on the agenda no more: {plain(dropped.says)}")


@agenda.command(epilog="For example: cadence agenda edit acme-globex/operating/2026-12 agenda.md --by ines")
@click.argument("id")
@click.argument("file", type=params.PathParam(exists=True, dir_okay=False))
@params.for_
@click.option("--by", help="Who edits it: a person's key or mail address.")
@click.pass_obj
def edit(context: Context, id: str, file: Path, organisation: str | None, by: str | None) -> None:
    """Let the agenda of the review ID read as the Markdown FILE does; its figures stay current.

    What somebody else wrote into it before is replaced where FILE lacks it, and stays on record.
    """
    from scheduler.services.cases import agenda_edits

    text = markdown(file, "agenda")
    with context.app(writing=True) as app:
        made = agenda_edits.edit(app, id, organisation, text, None, by, context.now, "command")
    click.echo(f"The agenda of {id} " + (f"is version {made.version} now." if made.is_new else "reads so already."))


@agenda.command(epilog="For example: cadence agenda reset acme-globex/operating/2026-12")
@click.argument("id")
@params.for_
@click.option("--by", help="Who says so: a person's key or mail address.")
@click.pass_obj
def reset(context: Context, id: str, organisation: str | None, by: str | None) -> None:
    """Begin the agenda of the review ID anew from its template; what people had made of it stays on record."""
    from scheduler.services.cases import agenda_edits

    with context.app(writing=True) as app:
        made = agenda_edits.begin_anew(app, id, organisation, by, context.now, "command")
    click.echo(f"The agenda of {id} " + ("is as its template has it." if made.is_new else "was never edited."))
