"""`cadence replies`: answers to invitations, by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import views
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json
from scheduler.domain.answer import Outcome
from scheduler.domain.trouble import Trouble

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scheduler.deliver.mailbox import Letter


@click.group(epilog="For example: cadence replies import ~/Downloads/*.eml")
def replies() -> None:
    """Take in answers to invitations, and tell what became of those that came.

    cadence serve reads the mailbox that the settings name under `replies:`.
    """


@replies.command("import", epilog="For example: cadence replies import accepted.eml")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, dir_okay=False))
@as_json
@click.pass_obj
def import_(context: Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Take in letters that were saved as files, one letter a file (.eml). A letter counts once, however often it is
    given."""
    from scheduler.cycle.replies import take_in

    with context.house(writing=True) as house:
        tally = take_in(house, _letters(files), context.now)
    if as_json:
        print_json({str(outcome): letters for outcome, letters in sorted(tally.items())})
        return
    for line in _said(tally):
        click.echo(line)
    if known := len(files) - tally.total():
        click.echo(f"{known} had been dealt with before")


@replies.command(epilog="For example: cadence replies status --json")
@as_json
@click.pass_obj
def status(context: Context, as_json: bool) -> None:
    """Tell how many letters came so far, and what became of them."""
    from scheduler.store import participation

    with context.house() as house, house.store.read() as db:
        counts = participation.counts(db)
    if as_json:
        print_json({outcome: count._asdict() for outcome, count in counts.items()})
        return
    for outcome, count in counts.items():
        click.echo(f"{count.letters} {Outcome(outcome).words}, the last {views.when(count.last_at)} UTC")
    if not counts:
        click.echo("No letter has come yet.")


def _letters(files: tuple[Path, ...]) -> "Iterator[Letter]":
    """Each file as a letter. Raises `Trouble` for one that cannot be read; those before it have been taken in."""
    from scheduler.deliver.mailbox import Letter, read_file

    for file in files:
        try:
            yield Letter(read_file(file.resolve()), lambda: None)
        except OSError as error:
            raise Trouble(f"{file} cannot be read: {error.strerror}", "name files that hold one letter each") from None


def _said(tally: "Mapping[Outcome, int]") -> Iterator[str]:
    for outcome in Outcome:
        if tally.get(outcome):
            yield f"{tally[outcome]} {outcome.words}"
