"""`cadence review`: one review, and what a person does to it."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler import files
from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json
from scheduler.cli.review_call import call
from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from scheduler.cli.rsvp_summary import Answered
    from scheduler.domain.definition.partnership import Partnership
    from scheduler.domain.record.review import Recorded
    from scheduler.services.cases.minutes import Filed
    from scheduler.store.reviews import Action, Revision
    from scheduler.store.tables import PartnershipRow

MOST_MINUTES = 1024 * 1024


@click.group(epilog="For example: cadence review move acme-globex/operating/2026-12 --to 2026-12-22T15:00")
def review() -> None:
    """Show, move, hold or skip one review, or call a formal one.

    A review's ID is <partnership>[/<layer>]/<series>/<period>; cadence reviews lists them.
    """


review.add_command(call)


@review.command(epilog="For example: cadence review show acme-globex/operating/2026-12")
@click.argument("id")
@as_json
@click.pass_obj
def show(context: Context, id: str, as_json: bool) -> None:
    """Show one review: when, who, its clocks, and everything that ever befell it."""
    from scheduler.cli.rsvp_summary import answered
    from scheduler.services import lookup as naming
    from scheduler.store import reviews

    with context.app() as app, app.store.read() as db:
        record = naming.review(db, id).as_of(context.now)
        definition = app.in_force(naming.partnership(db, record.review.partnership))
        history = reviews.history(db, record.id)
        answers = answered(app, db, record, definition)
    if as_json:
        told = {"minutes": record.minutes, "answers": answers.as_dicts(), "history": [_revised(x) for x in history]}
        forecast = answers.forecast.words if answers.forecast else None
        print_json({**formats.review(record), "quorum_forecast": forecast, **told})
        return
    for line in _page(record, definition, answers, history):
        click.echo(plain(line))
    if record.minutes:
        click.echo()
        for line in record.minutes.splitlines():
            click.echo(plain(line))


def _page(
    record: "Recorded", definition: "Partnership", answers: "Answered", history: "list[Revision]"
) -> Iterator[str]:
    plan = record.review
    yield f"{plan.title}, {plan.period}: {definition.name}"
    yield f"  {formats.when(plan.start)} - {plan.end:%H:%M} {plan.timezone}, {record.status}"
    if remark := record.remark:
        yield f"  {remark}"
    yield f"  agenda owner  {_named(definition, plan.agenda_owner)}"
    yield f"  deputy        {_named(definition, plan.deputy)}" if plan.deputy else "  deputy        nobody"
    yield f"  chair         {_named(definition, plan.chair)}" if plan.chair else "  chair         nobody"
    yield f"  who meets     {', '.join(_named(definition, key) for key in plan.attendees)}"
    yield f"  quorum        {plan.quorum}"
    if plan.place:
        yield f"  place         {plan.place}"
    for name, day in plan.clocks:
        yield f"  {name.replace('_', ' '):<20} {day}"
    yield from answers.page()
    yield "History (UTC)"
    for each in history:
        person = f" by {_named(definition, each.person)}" if each.person else ""
        because = f": {each.because}" if each.because else ""
        yield f"  {formats.when(each.at)}  {each.action}, SEQUENCE {each.sequence}{person}{because}"


def _named(definition: "Partnership", key: str | None) -> str:
    person = definition.people.get(key or "")
    return person.name if person else str(key)


def _revised(each: "Revision") -> formats.Object:
    from dataclasses import asdict

    return asdict(each)


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
@click.option("--to", required=True, type=_To(), help="When instead, in the review's zone unless it has an offset.")
@click.option("--because", type=params.Words(), help="Why.")
@params.by
@click.option("--dry-run", is_flag=True, help="Say what it would mean, and change nothing.")
@click.pass_obj
def move(context: Context, id: str, to: date | datetime, because: str | None, by: str | None, dry_run: bool) -> None:
    """Move one review. It keeps its length, gets the clocks of its new date, and stays there through every later
    plan.

    What speaks against the new date is said first (a clock that has passed, a day off, working hours, other reviews
    of all partnerships), and the first date that nothing speaks against.
    """
    from scheduler.rules.reviews import rescheduling
    from scheduler.rules.reviews.reconcile import Action
    from scheduler.services import lookup as naming
    from scheduler.services.pipeline.govern import govern_in, revision
    from scheduler.services.views.double_booking import Elsewhere
    from scheduler.store import reviews

    with context.app(writing=True) as app, app.store.write() as db:
        record = naming.review(db, id)
        definition = app.in_force(_governed(db, record))
        person = naming.person(definition, by)
        scope = rescheduling.scope_of(record.review, definition, app.playbooks)
        start = rescheduling.moment_of(to, record.review)
        result = rescheduling.moved(record, scope, start, because, context.now)
        others = reviews.recorded(db, definition.partnership)
        elsewhere = Elsewhere(app, db, context.now).others(definition)
        notes = list(rescheduling.objections(result, scope, others, context.now, elsewhere))
        for line in notes:
            click.echo(f"Note: {plain(line)}")
        if notes:
            free = rescheduling.first_free(record, scope, start, others, context.now, elsewhere)
            click.echo(
                f"The first date that breaks none: {formats.when(free)} {record.review.timezone}"
                if free
                else "No date in the 90 days from then on breaks none."
            )
        if not dry_run:
            reviews.save_many(db, [result])
            action = Action("move", record, result, result.because or "")
            reviews.append_revisions(db, [revision(action, context.now, person)])
            govern_in(app, db, definition.partnership, context.now)
    for line in rescheduling.announcement(record, result, scope):
        click.echo(plain(line))
    click.echo("Nothing was changed (--dry-run)." if dry_run else "Moved. Calendars follow with the next cycle.")


# Closing -----------------------------------------------------------------------------------------------------------


@review.command(epilog="For example: cadence review hold acme-globex/operating/2026-12 --minutes minutes.md --by ines")
@click.argument("id")
@click.option("--minutes", type=params.Place(exists=True, dir_okay=False), help="A Markdown file.")
@params.by
@click.pass_obj
def hold(context: Context, id: str, minutes: Path | None, by: str | None) -> None:
    """Record that a review was held, with its minutes if they are written. Later they can be filed or corrected.

    It says which decisions, actions and unfinished items were read out of the minutes, and what could not be placed:
    mend the file and file it again. docs/minutes.md has the form.
    """
    from scheduler.cli import filed_minutes as filed
    from scheduler.rules.calendar.working_days import in_words
    from scheduler.rules.reviews import transitions
    from scheduler.rules.reviews.clocks import OBJECTIONS

    text = _markdown(minutes) if minutes else None
    before, after, read = _close(context, id, "hold", by, lambda record: transitions.held(record, text, context.now))
    if text is None:
        click.echo(f"{after.id} was held. Its minutes: cadence review hold {after.id} --minutes FILE")
    elif before.minutes is None:
        click.echo(f"{after.id} was held; its minutes are filed.")
    else:
        click.echo(f"{after.id}: the minutes are replaced; the earlier ones are kept in its history.")
    for line in filed.page(read) if read else ():
        click.echo(plain(line))
    if before.minutes is None and after.minutes is not None and (until := dict(after.review.clocks).get(OBJECTIONS)):
        click.echo(f"Objections are open until the end of {in_words(until)} ({after.review.timezone}).")


@review.command(epilog='For example: cadence review skip acme-globex/pipeline/2026-W52 --because "nobody is there"')
@click.argument("id")
@click.option("--because", type=params.Words(), required=True, help="Why it does not take place.")
@params.by
@click.pass_obj
def skip(context: Context, id: str, because: str, by: str | None) -> None:
    """Record that a review was not held, or will not be. Its period keeps its place; the next one stays as it is."""
    from scheduler.rules.reviews import transitions

    _, after, _ = _close(context, id, "skip", by, lambda record: transitions.skipped(record, because, context.now))
    click.echo(f"{after.id} is skipped: {plain(because)}")


def _close(
    context: Context, id: str, verb: "Action", by: str | None, change: "Callable[[Recorded], Recorded]"
) -> "tuple[Recorded, Recorded, Filed | None]":
    """Change one review, add to its history, and let follow what follows, in one transaction. Minutes are read."""
    from scheduler.services import lookup as naming
    from scheduler.services.cases.minutes import file_minutes, with_objections
    from scheduler.services.pipeline.govern import govern_in
    from scheduler.store import reviews

    with context.app(writing=True) as app, app.store.write() as db:
        before = naming.review(db, id)
        definition = app.in_force(naming.partnership(db, before.review.partnership))
        person = naming.person(definition, by)
        after = with_objections(app, definition, before, change(before), context.now)
        reviews.save_many(db, [after])
        reviews.append_revisions(db, [_revision(before, after, verb, person, context.now)])
        filed = file_minutes(app, db, definition, after, context.now) if after.minutes is not None else None
        govern_in(app, db, definition.partnership, context.now)
    return before, after, filed


def _revision(before: "Recorded", after: "Recorded", verb: "Action", person: str | None, now: datetime) -> "Revision":
    from scheduler.store.reviews import Revision

    changed = [name for name in ("status", "minutes") if getattr(before, name) != getattr(after, name)]
    return Revision(
        review=after.id,
        sequence=after.sequence,
        action=verb,
        at=now,
        because=after.because if verb == "skip" else None,
        person=person,
        before={name: getattr(before, name) for name in changed} or None,
        after={name: getattr(after, name) for name in changed if name != "minutes"} or None,
    )


def _governed(db: "Connection", record: "Recorded") -> "PartnershipRow":
    from scheduler.services import lookup as naming

    row = naming.partnership(db, record.review.partnership)
    if row.ended_at:
        raise UserError(f"{row.id} was ended on {row.ended_at.date()}", "its history stays as it is")
    return row


def _markdown(file: Path) -> str:
    """The text of the minutes. Raises `UserError` for what is no text, or more than a megabyte of it."""
    try:
        raw = files.read(file, MOST_MINUTES + 1)
        text = raw.decode("utf-8-sig")
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}", "check that this user may read it") from None
    except UnicodeDecodeError:
        raise UserError(f"{file} is no UTF-8 text", "save the minutes as Markdown in UTF-8") from None
    if len(raw) > MOST_MINUTES:
        raise UserError(f"{file} is larger than 1 MiB", "minutes are a few pages of text; is this another file?")
    if not text.strip():
        raise UserError(f"{file} is empty", "write the minutes first, or leave --minutes out")
    return text
