"""`cadence outbox`: letters on their way, by mail or into a chat, and what has become of them."""

import sys
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_json_list, print_table
from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from scheduler.services.views.installation.letters import LetterRow

_HEADS = ("id", "written", "to", "by", "letter", "state", "remarks")
_STATES = ("due", "claimed", "sent", "dead", "expired", "replaced")
_SHOWN = 50


@click.group(epilog="For example: cadence outbox list --state dead")
def outbox() -> None:
    """Look after the letters that people are told by: invitations, reminders, notices.

    A letter leaves by mail or into a chat. It is due, claimed by whoever is sending it, sent, dead (refused for good),
    expired (what it tells of is over), or replaced by a later one that left first.
    """


@outbox.command("list", epilog="For example: cadence outbox list --state due --partnership acme-globex")
@click.option("--state", type=click.Choice(_STATES), help="Only letters that stand so.")
@params.partnership
@as_json
@click.pass_obj
def list_(context: Context, state: str | None, partnership: str | None, as_json: bool) -> None:
    """List the letters, oldest first; as text, the last fifty, with moments in UTC."""
    from scheduler.services.views.installation import letters as view

    with context.app() as app:
        letters = view.letters(app, state, partnership)
    if as_json:
        print_json_list(map(view.as_json, letters))
        return
    print_table(
        _HEADS, [_row(each) for each in letters[-_SHOWN:]], empty=_none(state, partnership), may_go=("by", "written")
    )
    if len(letters) > _SHOWN:
        click.echo(f"\nThese are the last {_SHOWN} of {len(letters)}; --json prints all.")


def _none(state: str | None, partnership: str | None) -> str:
    if state is None and partnership is None:
        return "No letter has been written yet."
    of = f" of {partnership}" if partnership else ""
    return f"There is no letter{of} that is {state}." if state else f"There is no letter{of}."


def _row(letter: "LetterRow") -> tuple[object, ...]:
    return (
        letter.id,
        formats.when(letter.created_at),
        letter.email,
        letter.channel,
        letter.title,
        letter.state,
        _remark(letter),
    )


def _remark(letter: "LetterRow") -> str:
    """What a person should know: what the server said, and whether the letter may be there twice."""
    twice = "it may have arrived twice" if letter.doubled else ""
    return "; ".join(filter(None, (letter.said, twice)))


@outbox.command(epilog="For example: cadence outbox show 17 --mail > letter.eml")
@click.argument("id", type=params.Number())
@click.option("--mail", "as_mail", is_flag=True, help="Print the letter itself, byte for byte.")
@as_json
@click.pass_obj
def show(context: Context, id: int, as_mail: bool, as_json: bool) -> None:
    """Show one letter: what it says, and how far it has got."""
    from scheduler.services.views.installation import letters as view

    with context.app() as app:
        letter = view.letter(app, id)
    if as_mail and letter.forgotten_at:
        raise UserError(
            f"the text of letter {id} is no longer kept", "`letter_days` in the settings says how long it is"
        )
    if as_mail:
        sys.stdout.buffer.write(letter.content)
        return
    if as_json:
        print_json(view.as_json(letter))
        return
    click.echo(plain(letter.title))
    for name, value in _page(letter):
        click.echo(f"  {name:<12} {plain(value)}")
    click.echo(f"\n{_words(letter)}")


def _page(letter: "LetterRow") -> list[tuple[str, object]]:
    moments = (("written", letter.created_at), ("next try", letter.due_at), ("settled", letter.settled_at))
    shown = [(name, f"{formats.when(at)} UTC") for name, at in moments if at and (name != "next try" or not letter.via)]
    return [
        ("to", letter.email),
        ("by", letter.channel),
        ("about", letter.subject),
        ("what", f"{letter.method}, SEQUENCE {letter.sequence}"),
        ("message", letter.message_id),
        ("state", letter.state),
        ("attempts", letter.attempts),
        *shown,
        *([("remarks", _remark(letter))] if _remark(letter) else []),
    ]


def _words(letter: "LetterRow") -> str:
    """The letter's plain text, or what is posted in a chat; safe for a terminal."""
    if letter.forgotten_at:
        return f"Its text was let go on {formats.when(letter.forgotten_at)} UTC."
    if letter.channel != "mail":
        import json

        posted = json.dumps(json.loads(letter.content), indent=2, ensure_ascii=False)
        return "\n".join(plain(line) for line in posted.splitlines())
    from email import message_from_bytes, policy

    body = message_from_bytes(letter.content, policy=policy.SMTP).get_body(("plain",))
    return "\n".join(plain(line) for line in body.get_content().splitlines()) if body else ""


@outbox.command(epilog="For example: cadence outbox again 17")
@click.argument("ids", type=params.Number(), nargs=-1)
@click.option("--dead", is_flag=True, help="Every letter that was refused for good and is not over.")
@click.pass_obj
def again(context: Context, ids: tuple[int, ...], dead: bool) -> None:
    """Send letters again that are sent, dead, expired or replaced: the same bytes, known by the same Message-ID.

    With --dead those stay unsent that are over: invitations to what has passed, and news of more than three days ago.
    """
    from scheduler.services.cases import letters

    if dead is bool(ids):
        raise click.UsageError("Name letters by their ids, or all of them by --dead.")
    with context.app(writing=True) as app:
        done = letters.send_dead_again(app, context.now) if dead else letters.send_again(app, ids, context.now)
    click.echo(f"{done.due} {'letter is' if done.due == 1 else 'letters are'} due again.")
    if done.over:
        click.echo(f"{done.over} {'is' if done.over == 1 else 'are'} over and not sent: what they tell of has passed.")
