"""`cadence review`: one review, and what a person does to it."""

import sys
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.markdown_file import markdown
from scheduler.cli.output import plain
from scheduler.cli.review_call import call
from scheduler.cli.review_request import request
from scheduler.cli.review_show import show
from scheduler.cli.review_undo import call_off, reopen

if TYPE_CHECKING:
    from scheduler.services.cases.reviews import ClosedReview


@click.group(epilog="For example: cadence review move acme-globex/operating/2026-12 --to 2026-12-22T15:00")
def review() -> None:
    """Show, move, hold or skip one review, or call a formal one.

    A review's ID is <partnership>[/<layer>]/<series>/<period>; cadence reviews lists them.
    """


review.add_command(show)
review.add_command(call)
review.add_command(reopen)
review.add_command(call_off)
review.add_command(request)


# Moving ------------------------------------------------------------------------------------------------------------


class _To(click.ParamType[Any]):
    """A moment, or a date alone: then the review keeps its time of day."""

    name = "ISO8601"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date | datetime:
        text = str(value).strip()
        try:
            return date.fromisoformat(text) if len(text) <= 10 else datetime.fromisoformat(text)
        except (ValueError, OverflowError):
            self.fail(f"{text[:60]!r} is not a moment; write it like 2026-12-22T15:00", param, ctx)


@review.command(epilog="For example: cadence review move acme-globex/operating/2026-12 --to 2026-12-22T15:00 --dry-run")
@click.argument("id")
@click.option("--to", type=_To(), help="When instead, in the review's zone unless it has an offset.")
@click.option("--back", is_flag=True, help="To the date of the plan, where a person had moved it.")
@click.option("--because", type=params.TextParam(), help="Why.")
@params.by
@click.option("--dry-run", is_flag=True, help="Say what it would mean, and change nothing.")
@click.pass_obj
def move(
    context: Context,
    id: str,
    to: date | datetime | None,
    back: bool,
    because: str | None,
    by: str | None,
    dry_run: bool,
) -> None:
    """Move one review. It keeps its length, gets the clocks of its new date, and stays there through every later
    plan.

    What speaks against the new date is said first (a clock that has passed, a day off, working hours, other reviews
    of all partnerships), and the first date and hour that nothing speaks against, or least.
    """
    from scheduler.services.cases import reviews

    if back and (to is not None or dry_run):
        raise click.UsageError("--back goes to the date of the plan, and stands with neither --to nor --dry-run")
    if back:
        _move_back(context, id, because, by)
        return
    if to is None:
        raise click.UsageError("say when instead, with --to; or --back, for the date of the plan")
    with context.app(writing=True) as app:
        moved = reviews.move(app, id, to, because, by, context.now, dry_run=dry_run)
    for line in moved.objections:
        click.echo(f"Note: {plain(line)}")
    if moved.better:
        at = f"{formats.when(moved.better.start)} {moved.before.review.timezone}"
        if against := "; ".join(map(plain, moved.better.against)):
            click.echo(f"No date in the 90 days from then on breaks none. Least speaks against {at}: {against}")
        else:
            click.echo(f"The first date that breaks none: {at}")
    elif moved.objections:
        click.echo("No date in the 90 days from then on breaks none.")
    for line in moved.announcement:
        click.echo(plain(line))
    click.echo("Nothing was changed (--dry-run)." if dry_run else "Moved. Calendars follow with the next cycle.")


def _move_back(context: Context, id: str, because: str | None, by: str | None) -> None:
    from scheduler.services.cases import undoing

    with context.app(writing=True) as app:
        undone = undoing.move_back(app, id, because, by, context.now)
    plan = undone.after.review
    click.echo(plain(f"{plan.id} is back on the date of the plan: {formats.when(plan.start)} {plan.timezone}"))


# Closing -----------------------------------------------------------------------------------------------------------


@review.command(epilog="For example: cadence review hold acme-globex/operating/2026-12 --minutes minutes.md --by ines")
@click.argument("id")
@click.option("--minutes", type=params.PathParam(exists=True, dir_okay=False), help="A Markdown file.")
@click.option("--present", type=params.NameParam(), multiple=True, metavar="PERSON[=STAND-IN]", help="Who was there.")
@click.option("--absent", type=params.NameParam(), multiple=True, metavar="PERSON", help="Who was not.")
@click.option("--on", type=params.Day(), help="The day on which it was held, if that is not the one planned.")
@params.by
@click.option("--yes", is_flag=True, help="Do not ask before anything is kept; without a terminal nobody is asked.")
@click.pass_obj
def hold(
    context: Context,
    id: str,
    minutes: Path | None,
    present: tuple[str, ...],
    absent: tuple[str, ...],
    on: date | None,
    by: str | None,
    yes: bool,
) -> None:
    """Record that a review was held, with its minutes if they are written. Later they can be filed or corrected.

    It says which decisions, actions and unfinished items were read out of the minutes, and which lines could not be
    placed: on a terminal before anything is kept, and asks. docs/minutes.md has the form.

    Who was there is said by keys or mail addresses, several with commas or in options of their own; --present dev=tom
    says that Tom, of the partnership or by name anybody else, sat in Dev's seat. From that it is worked out whether
    there was a quorum. Said again it corrects, and what it replaces is kept. On a terminal those who answered the
    invitation are proposed; else nothing is known of whoever is not named.
    """
    from scheduler.cli import filed_minutes, presence
    from scheduler.services.cases import reviews
    from scheduler.services.cases.presence import Attended

    text, is_asked = markdown(minutes, "minutes") if minutes else None, not yes and sys.stdin.isatty()
    attended = Attended(presence.named(present), presence.named(absent), on)
    shown: list[str] = []
    with context.app(writing=True) as app:
        if is_asked:
            reviews.holding(
                app, id, text, by, context.now, attended
            )  # what cannot be is refused before anybody is asked
            attended = presence.asked(app, id, attended, context.now)
        if text is not None and is_asked:
            shown = filed_minutes.page(reviews.holding(app, id, text, by, context.now, attended).filed)
            for line in shown:
                click.echo(plain(line))
            if not click.confirm("File them so?", err=True):
                click.echo("Nothing was changed.")
                return
        closed = reviews.hold(app, id, text, by, context.now, attended)
    said = filed_minutes.page(closed.filed)
    for line in (_held(closed), *presence.told(closed), *(() if said == shown else said), *_objections(closed)):
        click.echo(plain(line))


def _held(closed: "ClosedReview") -> str:
    id = closed.after.id
    if closed.filed is None and closed.before.status == closed.after.status:
        return f"{id}: that is on record; what it replaces is kept in its history."
    if closed.filed is None:
        return f"{id} was held. Its minutes: cadence review hold {id} --minutes FILE"
    if closed.before.minutes is None:
        return f"{id} was held; its minutes are filed."
    return f"{id}: the minutes are replaced; the earlier ones are kept in its history."


def _objections(closed: "ClosedReview") -> Iterator[str]:
    from scheduler.rules.calendar.working_days import in_words

    if closed.goes_out:
        yield "They go out to everybody who was to attend or was there."
    if until := closed.objections_until:
        yield f"Objections are open until the end of {in_words(until)} ({closed.after.review.timezone})."


@review.command(
    epilog='For example: cadence review object acme-globex/operating/2026-12 --item "!2" --says "put off" --by dev'
)
@click.argument("id")
@click.option(
    "--item", "items", multiple=True, type=params.TextParam(), help="A decision !N, an action #N, an item #PN."
)
@click.option("--says", type=params.TextParam(), required=True, help="What is not so.")
@click.option("--by", required=True, help="Who objects: a person's key or mail address.")
@click.pass_obj
def object(context: Context, id: str, items: tuple[str, ...], says: str, by: str) -> None:
    """Object to the minutes of a review, item by item, or without --item to all of them.

    What is objected to stays a draft until the minutes are corrected, or the objection is settled or withdrawn.
    """
    from scheduler.services.cases import objections

    with context.app(writing=True) as app:
        said = objections.object_to(app, id, items, says, by, context.now)
    for each in said:
        click.echo(f"{each.id}: {plain(each.item_says or 'the minutes as a whole')}: {plain(each.says)}")
    click.echo("The agenda owner and the chair hear of it.")


@review.command(
    epilog='For example: cadence review settle "acme-globex/operating/2026-12~1" --because "put right" --by ines'
)
@click.argument("objection")
@click.option("--because", type=params.TextParam(), required=True, help="What was agreed.")
@click.option("--by", required=True, help="Who says so; whoever objected withdraws it.")
@click.pass_obj
def settle(context: Context, objection: str, because: str, by: str) -> None:
    """Say that an objection to minutes is settled; by whoever objected, that it is withdrawn."""
    from scheduler.services.cases import objections

    with context.app(writing=True) as app:
        settled = objections.settle(app, objection, because, by, context.now)
    click.echo(f"{settled.id} is {'withdrawn' if settled.is_withdrawn else 'settled'}: {plain(because)}")


@review.command(epilog='For example: cadence review skip acme-globex/pipeline/2026-W52 --because "nobody is there"')
@click.argument("id")
@click.option("--because", type=params.TextParam(), required=True, help="Why it does not take place.")
@params.by
@click.pass_obj
def skip(context: Context, id: str, because: str, by: str | None) -> None:
    """Record that a review was not held, or will not be. Its period keeps its place; the next one stays as it is."""
    from scheduler.services.cases import reviews

    with context.app(writing=True) as app:
        skipped = reviews.skip(app, id, because, by, context.now)
    click.echo(f"{skipped.after.id} is skipped: {plain(because)}")
