"""What everybody of a scope hears of its exit, once each: that it was decided, that its last day is another one, that
it was taken back. Words that are replaced before anybody could hear of them are not told."""

from collections.abc import Iterator
from datetime import date, timedelta

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import ExitFacts
from scheduler.domain.record.wind_down import ExitWord
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.scope import Scope

_HEARD = timedelta(days=14)
"""So long after it was said people are told: later that is old news."""


def notices(word: ExitWord, scope: Scope, partnership: Partnership, until: date) -> Iterator[Notification]:
    """The step that tells of the last word on an exit, up to the civil date `until`."""
    said_on = word.at.astimezone(zone(scope.timezone)).date()
    if not said_on <= until <= said_on + _HEARD:
        return
    facts: ExitFacts = {
        "asks": word.says,
        "name": scope.name if scope.layer is None else f"{partnership.name}, {scope.name}",
        "review": word.wind_down.review,
        "ends": word.wind_down.ends.isoformat(),
        "because": word.because,
        "who": partnership.name_of(word.by),
        "survives": bool(partnership.agreement.obligations()),
    }
    yield Notification(
        partnership=partnership.partnership,
        about="exit",
        subject=f"{scope.id}/exit",
        period="",
        rung=word.says.replace(" ", "-"),
        occasion=word.at.isoformat(),
        on=said_on,
        people=tuple(key for key, who in scope.people.items() if who.of is None or who.of in scope.organisations),
        facts=facts,
    )
