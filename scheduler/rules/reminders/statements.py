"""The monthly statement: what came to a partnership's record in a month, and the head of its chain of seals, told to
the alliance managers of all sides. Whoever keeps it can show that nothing of before was altered since."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import cast

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import SealFacts
from scheduler.domain.record.seal import Statement
from scheduler.rules.calendar.wall_clock import zone

from .definition_changes import heard_by

_HEARD = timedelta(days=14)
"""So long after it was made it is told: later the next one is near, and says more."""


def notices(partnership: Partnership, statement: Statement | None, today: date) -> Iterator[Notification]:
    """The last statement, told once to each; `today` is the civil date in the partnership's zone."""
    if statement is None:
        return
    on = statement.sealed_at.astimezone(zone(partnership.zone)).date()
    if on <= today <= on + _HEARD:
        facts = cast(SealFacts, statement.facts)
        yield Notification(
            partnership=partnership.partnership,
            about="seal",
            subject=f"{partnership.partnership}/seal",
            period="",
            rung="statement",
            occasion=facts["month"],
            on=on,
            people=heard_by(partnership, today),
            facts={**facts},
        )
