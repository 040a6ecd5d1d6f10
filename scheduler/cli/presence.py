"""Who was at a review: as it is said, proposed from the answers to its invitation, and shown."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats
from scheduler.cli.output import plain

if TYPE_CHECKING:
    from scheduler.services.app import App
    from scheduler.services.cases.presence import Attended
    from scheduler.services.cases.reviews import ClosedReview


def named(options: Iterable[str]) -> tuple[str, ...]:
    """The people of options, each of which may name several with commas."""
    return tuple(part.strip() for each in options for part in each.split(",") if part.strip())


def asked(app: "App", id: str, attended: "Attended", now: datetime) -> "Attended":
    """What is said of who was there, once those who answered the invitation were proposed and agreed to; the same where
    somebody is named, nobody answered, or something is on record already."""
    from scheduler.services.views.presence import proposed

    if attended.present or attended.absent:
        return attended
    found = proposed(app, id, now)
    if not found.there and not found.absent:
        return attended
    for label, people in (("Accepted", found.there), ("Declined", found.absent), ("No answer", found.unknown)):
        if people:
            click.echo(plain(f"{label}: {', '.join(people.values())}"))
    if not click.confirm("Were they there as they answered?", err=True):
        click.echo("Who was there is not recorded: --present and --absent say it, now or later.", err=True)
        return attended
    return attended._replace(present=tuple(found.there), absent=tuple(found.absent))


def told(closed: "ClosedReview") -> Iterator[str]:
    """Who was there, and whether there was a quorum; nothing where nobody said who was there."""
    from scheduler.render.presence import presence_lines, quorum_outcome

    for label, people in presence_lines(closed.after.review, closed.definition, closed.presence):
        yield f"{label}: {people}"
    if closed.presence:
        yield f"Quorum ({closed.after.review.quorum}): {quorum_outcome(closed.after)}."
    if closed.again is not None:
        plan = closed.again.review
        yield f"Convened again: {plan.id} on {formats.when(plan.start)} {plan.timezone}."
