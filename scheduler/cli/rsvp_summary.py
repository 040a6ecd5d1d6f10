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


def _name(story: "Story", email: str) -> str:
    people = story.definition.people.values()
    return next((each.name for each in people if each.email.casefold() == email), email)
