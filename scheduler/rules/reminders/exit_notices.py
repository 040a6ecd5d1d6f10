"""What everybody of a scope hears of its exit, once each: that it was decided, that its last day is another one, that
it was taken back, that it has ended. Words that are replaced before anybody could hear of them are not told."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.minutes import Action
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import ExitFacts
from scheduler.domain.record.wind_down import ExitWord
from scheduler.rules.calendar.wall_clock import zone
from scheduler.rules.reviews.scope import Scope

_DAY = timedelta(days=1)
_HEARD = timedelta(days=14)
"""So long after it was said people are told: later that is old news."""


def notices(word: ExitWord, scope: Scope, partnership: Partnership, until: date) -> Iterator[Notification]:
    """The step that tells of the last word on an exit, up to the civil date `until`."""
    said_on = word.at.astimezone(zone(scope.timezone)).date()
    if said_on <= until <= said_on + _HEARD:
        rung = word.says.replace(" ", "-")
        yield _notice(scope, rung, word.at.isoformat(), said_on, _facts(word, word.says, scope, partnership, ()))


def ended(
    word: ExitWord, scope: Scope, partnership: Partnership, undone: Iterable[Action], today: date
) -> Iterator[Notification]:
    """The step that tells, from the day after the last one on, that it has ended, and which tasks nobody has done."""
    on = word.wind_down.ends + _DAY
    if on <= today <= on + _HEARD:
        still_open = [f"{partnership.name_of(each.owner or '')}: {each.says}" for each in undone]
        facts = _facts(word, "ended", scope, partnership, still_open)
        yield _notice(scope, "ended", word.wind_down.ends.isoformat(), on, facts)


def _facts(
    word: ExitWord,
    asks: Literal["begun", "ends", "taken back", "ended"],
    scope: Scope,
    partnership: Partnership,
    still_open: Sequence[str],
) -> ExitFacts:
    return {
        "asks": asks,
        "name": scope.name if scope.layer is None else f"{partnership.name}, {scope.name}",
        "review": word.wind_down.review,
        "ends": word.wind_down.ends.isoformat(),
        "because": word.because,
        "who": partnership.name_of(word.by),
        "survives": bool(partnership.agreement.obligations()),
        "open": [*still_open],
    }


def _notice(scope: Scope, rung: str, occasion: str, on: date, facts: ExitFacts) -> Notification:
    return Notification(
        partnership=scope.partnership,
        about="exit",
        subject=f"{scope.id}/exit",
        period="",
        rung=rung,
        occasion=occasion,
        on=on,
        people=tuple(key for key, who in scope.people.items() if who.of is None or who.of in scope.organisations),
        facts=facts,
    )
