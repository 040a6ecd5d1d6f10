"""Who hears of what somebody says is not right: whoever reported it or owns it, and the alliance managers; and, once it
is settled or corrected, whoever said it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Role
from scheduler.domain.record.dispute import Dispute
from scheduler.domain.record.measurement import Reading
from scheduler.domain.record.notification import Notification
from scheduler.domain.record.notification_facts import DisputeFacts
from scheduler.rules.access import JOINT, may_see

_NEWS = timedelta(days=14)
"""So long after it ended whoever said it is told: later that is old news."""
DISPUTED = "disputed"
"""The rung on which a dispute is told to those who can mend it."""
Readings = Mapping[tuple[str, str], Reading]


def notices(
    partnership: Partnership, disputes: Iterable[Dispute], readings: Readings, today: date
) -> Iterator[Notification]:
    """What is told of disputes on a civil date of the partnership, each to each person once. Of a reading that has
    become internal to an organisation nothing is said any more."""
    for each in disputes:
        kpi = partnership.kpi(each.subject) if each.about == "reading" else None
        if each.about == "reading" and (kpi is None or not may_see(kpi, JOINT)):
            continue
        reading = readings.get((each.subject, each.period))
        called = kpi.name if kpi else partnership.name
        if each.stands(reading) or (each.about == "change" and each.is_open):
            owners = (kpi.owner, reading.by) if kpi and reading else ()
            hears = (key for key in dict.fromkeys((*owners, *_managers(partnership))) if key and key != each.by)
            yield _notice(partnership, each, called, DISPUTED, each.said_at, tuple(hears), None)
        elif ended := _ended(each, reading):
            rung, at, because = ended
            if today - _on(partnership, at) <= _NEWS and each.settled_by != each.by:
                yield _notice(partnership, each, called, rung, at, (each.by,), because)


def _ended(each: Dispute, reading: Reading | None) -> tuple[str, datetime, str | None] | None:
    """How, when and why it ended, where that is news to whoever said it."""
    if each.settled_at is not None:
        return ("settled_so", each.settled_at, each.because) if each.how == "settled" else None
    return ("corrected", reading.reported_at, None) if reading else None


def _notice(
    partnership: Partnership,
    each: Dispute,
    called: str,
    rung: str,
    at: datetime,
    people: tuple[str, ...],
    because: str | None,
) -> Notification:
    facts: DisputeFacts = {
        "asks": "disputed" if rung == DISPUTED else "settled" if rung == "settled_so" else "corrected",
        "about": each.about,
        "name": called,
        "period": each.period or None,
        "who": partnership.name_of(each.by),
        "says": each.says,
        "because": because,
    }
    return Notification(
        partnership=partnership.partnership,
        about="dispute",
        subject=f"{partnership.partnership}/dispute/{each.number}",
        period="",
        rung=rung,
        occasion=at.isoformat(),
        on=_on(partnership, at),
        people=people,
        facts=facts,
    )


def _on(partnership: Partnership, at: datetime) -> date:
    return at.astimezone(ZoneInfo(partnership.zone)).date()


def _managers(partnership: Partnership) -> Iterator[str]:
    return (key for key, who in partnership.people.items() if who.role is Role.ALLIANCE_MANAGER)
