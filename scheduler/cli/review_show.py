"""`cadence review show`: one review, and everything that ever befell it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, write_file
from scheduler.rules.access import asked_for

if TYPE_CHECKING:
    from scheduler.domain.definition.partnership import Partnership
    from scheduler.services.views.reviews import Story


@click.command(epilog="For example: cadence review show acme-globex/operating/2026-12")
@click.argument("id")
@params.for_
@click.option("--docx", type=params.PathParam(dir_okay=False), help="Write its minutes for Word into this file.")
@as_json
@click.pass_obj
def show(context: Context, id: str, organisation: str | None, docx: Path | None, as_json: bool) -> None:
    """Show one review: when, who, its clocks, and everything that ever befell it. With --for, to an organisation that
    is a partner in it. With --docx, its minutes are written into a file for Word, and nothing is shown."""
    from scheduler.services.views import reviews as view

    if docx is not None:
        _write_minutes(context, id, organisation, docx)
        return

    with context.app() as app:
        story = view.review(app, id, context.now, asked_for(organisation))
    if as_json:
        print_json(view.story_as_json(story))
        return
    for line in _page(story):
        click.echo(plain(line))
    if story.minutes:
        click.echo()
        for line in story.minutes.text.splitlines():
            click.echo(plain(line))


def _write_minutes(context: Context, id: str, organisation: str | None, docx: Path) -> None:
    from scheduler.services.views.word_files import minutes_file

    with context.app() as app:
        write_file(docx, minutes_file(app, id, context.now, asked_for(organisation)))
    click.echo(f"{docx} is written.")


def _page(story: "Story") -> Iterator[str]:
    from scheduler.cli import rsvp_summary
    from scheduler.render.hardship import burden_words
    from scheduler.render.presence import presence_lines, quorum_outcome

    record, definition = story.record, story.definition
    plan = record.review
    yield f"{plan.title}, {plan.period}: {definition.name}"
    yield f"  {formats.when(plan.start)} - {plan.end:%H:%M} {plan.timezone}, {record.status}"
    if remark := record.remark:
        yield f"  {remark}"
    names = {key: each.name for key, each in definition.organisations.items()}
    yield from (f"  {words}" for words in burden_words(plan, record.burdens or (), names))
    yield from (f"  at the time of {other}, with somebody in both" for other in story.overlaps)
    yield f"  agenda owner  {_named(definition, plan.agenda_owner)}"
    yield f"  deputy        {_named(definition, plan.deputy)}" if plan.deputy else "  deputy        nobody"
    yield f"  chair         {_named(definition, plan.chair)}" if plan.chair else "  chair         nobody"
    if instead := story.chaired_by:
        who = _named(definition, instead.stand_in) if instead.stand_in else "nobody"
        yield f"  stands in     {who}: the chair {'has declined' if instead.why == 'declined' else 'is away'}"
    if plan.host:
        yield f"  host          {names.get(plan.host, plan.host)}"
    if plan.minutes_by:
        yield f"  minutes       by {names.get(plan.minutes_by, plan.minutes_by)}"
    yield f"  who meets     {', '.join(_named(definition, key) for key in plan.attendees)}"
    yield f"  quorum        {plan.quorum}{f': {quorum_outcome(record)}' if story.presence else ''}"
    for label, people in presence_lines(plan, definition, story.presence):
        yield f"  {label.lower():<13} {people}"
    if record.held_on:
        yield f"  held on       {record.held_on}"
    if plan.place:
        yield f"  place         {plan.place}"
    for name, day in plan.clocks:
        yield f"  {name.replace('_', ' '):<20} {day}"
    yield from rsvp_summary.page(story)
    yield from _minutes(story)
    yield from _decisions(story)
    yield "History (UTC)"
    for each in story.history:
        person = f" by {_named(definition, each.person)}" if each.person else ""
        because = f": {each.because}" if each.because else ""
        yield f"  {formats.when(each.at)}  {each.action}, SEQUENCE {each.sequence}{person}{because}"


def _minutes(story: "Story") -> Iterator[str]:
    """How the minutes stand, what they hold, and who objects to what."""
    if story.minutes is None:
        return
    yield f"Minutes: {story.minutes.words}"
    yield from (f"  {item.id.removeprefix(story.record.id):<5} {item.says}" for item in story.minutes.items)
    for each in story.minutes.objections:
        to = each.item.removeprefix(story.record.id) if each.item else "all of them"
        how = "withdrawn" if each.is_withdrawn else "settled"
        ended = f" ({how}: {each.settled_because})" if each.settled_because else ""
        yield f"  {each.id}: {_named(story.definition, each.by)} objects to {to}: {each.says}{ended}"


def _decisions(story: "Story") -> Iterator[str]:
    """How a checkpoint or a formal review went on; and what was decided, but those of minutes that simply count."""
    from scheduler.cli.decisions import remarks
    from scheduler.domain.definition.vocabulary import Kind, Status

    record, is_taken = story.record, any(each.decision.course for each in story.decisions)
    decides = record.review.kind in (Kind.CHECKPOINT, Kind.FORMAL_REVIEW) and record.status is Status.HELD
    if decides and not is_taken:
        yield f"Decision: none yet; cadence checkpoint decide {record.id} records it"
    for each in story.decisions:
        decision, told = each.decision, "; ".join(remarks(each))
        if decision.course:
            yield f"Decision: {decision.course} ({each.state}): {decision.says}{f' ({told})' if told else ''}"
        elif each.state in ("superseded", "withdrawn"):
            yield f"  {decision.id.removeprefix(story.record.id):<5} {decision.says} ({told})"


def _named(definition: "Partnership", key: str | None) -> str:
    person = definition.people.get(key or "")
    return person.name if person else str(key)
