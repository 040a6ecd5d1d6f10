"""The answers to one review's invitation, as `cadence review show` tells them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from scheduler.cli import formats
from scheduler.render.agenda.rsvps import in_short, times

if TYPE_CHECKING:
    from scheduler.services.views.reviews import Story


def page(story: "Story") -> Iterator[str]:
    """The forecast, and a line for everybody who has answered."""
    if story.forecast:
        yield f"  by answers    {story.forecast.words}"
    if story.answers:
        yield "Answers (UTC)"
    for email, standing in story.answers.items():
        answer, said = standing.answer, in_short(standing, story.definition) or "has taken the answer back"
        comment = f": {answer.comment}" if answer.comment else ""
        yield f"  {formats.when(answer.dtstamp)}  {_name(story, email)} {said}{comment}"
        if answer.proposed:
            yield f"    proposes {times(*answer.proposed, story.zones)}"
            yield from _weighed(story, email)


def _weighed(story: "Story", email: str) -> Iterator[str]:
    """What speaks against the proposal, and the better start; or how it is taken."""
    found, plan = story.proposals.get(email), story.record.review
    proposed = story.answers[email].answer.proposed
    if found is None or proposed is None:
        return
    yield from (f"    against it: {line}" for line in found.against)
    if not found.against:
        start = proposed[0].astimezone(plan.start.tzinfo)
        yield f"    nothing speaks against it: cadence review move {plan.id} --to {start:%Y-%m-%dT%H:%M}"
    elif found.better:
        at = f"{formats.when(found.better.start)} {plan.timezone}"
        against = "; ".join(found.better.against)
        yield f"    least speaks against {at}: {against}" if against else f"    the first start that suits all: {at}"


def _name(story: "Story", email: str) -> str:
    people = story.definition.people.values()
    return next((each.name for each in people if each.email.casefold() == email), email)
