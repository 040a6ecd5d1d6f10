"""`cadence replies`: answers to invitations, by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_json_list
from scheduler.domain.errors import UserError
from scheduler.domain.record.rsvp import Outcome

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.transports.mailbox import MailboxMessage


@click.group(epilog="For example: cadence replies import ~/Downloads/*.eml")
def replies() -> None:
    """Take in answers to invitations, tell what became of those that came, and show those that a person has to read.

    cadence serve reads the mailbox that the settings name under `replies:`.
    """


@replies.command("import", epilog="For example: cadence replies import accepted.eml")
@click.argument("files", nargs=-1, required=True, type=params.PathParam(dir_okay=False))
@as_json
@click.pass_obj
def import_(context: Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Take in letters that were saved as files, one letter a file (.eml). A letter counts once, however often it is
    given."""
    from scheduler.services.pipeline.rsvp_intake import take_in

    with context.app(writing=True) as app:
        tally = take_in(app, _letters(files), context.now)
    if as_json:
        print_json({str(outcome): letters for outcome, letters in sorted(tally.items())})
        return
    for line in _said(tally):
        click.echo(line)
    if known := len(files) - tally.total():
        click.echo(f"{known} had been dealt with before")


@replies.command("list", epilog="For example: cadence replies list --partnership acme-globex")
@params.partnership
@click.option("--all", "everything", is_flag=True, help="Those too that were read, or count by now.")
@as_json
@click.pass_obj
def list_(context: Context, partnership: str | None, everything: bool, as_json: bool) -> None:
    """List the letters that a person has to read: answers in words, from an address that is nobody's here, or given for
    somebody else. None of them counts as an answer; one from an address that is added to a person (also:) does from the
    next cycle on."""
    from scheduler.services.views.installation import replies as view

    is_empty = True
    with context.app() as app:
        unclear = view.unclear(app, partnership, closed=everything)
        if as_json:
            print_json_list(map(view.as_json, unclear))
            return
        for row, who, about, says in unclear:
            is_empty = False
            state = f", {row.closed_as}" if row.closed_as else ""
            click.echo(plain(f"{row.id}  {formats.when(row.received_at)} UTC  {who} about {about}{state}"))
            click.echo(plain(f"    {says}"))
    click.echo("No letter waits to be read." if is_empty else "\ncadence replies done ID takes one off this list.")


@replies.command(epilog="For example: cadence replies done 3")
@click.argument("ids", type=click.IntRange(1, 2**31 - 1), nargs=-1, required=True)
@click.pass_obj
def done(context: Context, ids: tuple[int, ...]) -> None:
    """Take letters off the list: somebody has read them, and done what is to be done."""
    from scheduler.services.cases import letters

    with context.app(writing=True) as app:
        letters.mark_read(app, ids, context.now)
    click.echo(f"{len(ids)} {'letter is' if len(ids) == 1 else 'letters are'} off the list.")


@replies.command(epilog="For example: cadence replies status --json")
@as_json
@click.pass_obj
def status(context: Context, as_json: bool) -> None:
    """Tell how many letters came so far, and what became of them."""
    from scheduler.services.views.installation import replies as view

    with context.app() as app:
        counts = view.counts(app)
    if as_json:
        print_json({outcome: count._asdict() for outcome, count in counts.items()})
        return
    for outcome, count in counts.items():
        click.echo(f"{count.letters} {Outcome(outcome).words}, the last {formats.when(count.last_at)} UTC")
    if not counts:
        click.echo("No letter has come yet.")


def _letters(files: tuple[Path, ...]) -> "Iterator[MailboxMessage]":
    """Each file as a letter. Raises `UserError` for one that cannot be read; those before it have been taken in."""
    from scheduler.transports.mailbox import MailboxMessage, read_file

    for file in files:
        try:
            yield MailboxMessage(read_file(file.resolve()), lambda: None)
        except (OSError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
            why = getattr(error, "strerror", None) or "it is a link that leads to itself"
            raise UserError(f"{file} cannot be read: {why}", "name files that hold one letter each") from None


def _said(tally: "Mapping[Outcome, int]") -> Iterator[str]:
    for outcome in Outcome:
        if tally.get(outcome):
            yield f"{tally[outcome]} {outcome.words}"
