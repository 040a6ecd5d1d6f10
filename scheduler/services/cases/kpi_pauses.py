"""The ladder of a period is paused: its owner is excused, or acknowledges that it is late and promises it for a day.

The one way in for the command line and the form. It pauses visibly, with the reason and who said so; no clock stops.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

from scheduler.definitions.naming import person
from scheduler.domain.errors import UserError, WrongDay
from scheduler.domain.record.measurement import Excuse, Measurement
from scheduler.domain.user_input import check_year
from scheduler.services.app import App
from scheduler.services.cases.kpis import refuse_hidden, settle
from scheduler.services.kpi_lookup import Call, call
from scheduler.store import readings

MOST_DAYS = 30
"""For how many days from today a reading can be promised. As long as a letter's link is good, so that whoever promised
can keep it by the same letter; a promise may be renewed, and each time that is on record. Longer is an excuse."""


def pause(
    app: App,
    kpi: str,
    period: str | None,
    kind: Literal["excused", "acknowledged"],
    because: str,
    until: date | None,
    by: str | None,
    now: datetime,
) -> Measurement:
    """Pause the ladder of a period through `until`, a day of the owner's zone, None for good; let follow what follows,
    in the same transaction. Return the period as it stood.

    Without `period` it is the oldest that has ended and waits. `by` is a person's key or mail address. Who says the
    same once more changes nothing. Raises WrongDay; NotTheirs for whom the KPI is hidden from; `UserError` for an
    unknown KPI, period or person, a period that is reported, a partnership that was ended.
    """
    with app.store.write(kpi) as db:
        named = call(app, db, kpi, now)
        owed = named.named(period) if period is not None else named.oldest_owed()
        said = _excuse(named, owed, kind, because, until, by, now)
        if owed.excuse is None or said != replace(owed.excuse, given_at=now):
            readings.excuse(db, said, now, said.by)
            settle(app, db, {(owed.id, owed.period.label)}, now)
    return owed


def _excuse(
    named: Call,
    owed: Measurement,
    kind: Literal["excused", "acknowledged"],
    because: str,
    until: date | None,
    by: str | None,
    now: datetime,
) -> Excuse:
    who = person(named.partnership, by)
    if who:
        refuse_hidden(named, who)
    if owed.reading:
        what = f"{named.kpi.name} is reported for {owed.period.name}"
        raise UserError(what, "nothing is left to promise or to excuse; a new value corrects it")
    _check_day(until, named.today, kind)
    return Excuse(owed.id, owed.period.label, because, until, kind, now, who)


def last_promised(today: date) -> date:
    """The last day for which something can be promised today."""
    return today + timedelta(days=MOST_DAYS)


def _check_day(until: date | None, today: date, kind: str) -> None:
    """Raises WrongDay."""
    if until is None:
        if kind == "acknowledged":
            raise WrongDay("a promise without a day is none", "name the day by which it will be reported")
        return
    if until < today:
        raise WrongDay(f"{until} is past, so nothing would be held", "name a day to come")
    if kind == "acknowledged" and until > last_promised(today):
        what = f"{until} is more than {MOST_DAYS} days away, too far for a promise"
        raise WrongDay(what, f"name a day until {last_promised(today)}, or have it excused")
    check_year(until)
