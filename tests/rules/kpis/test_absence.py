"""Where an owner is away on the day a KPI falls due: who is asked, and by when.

November 2026 falls due on Thursday 10 December.
"""

from datetime import date
from typing import Any

from scheduler.domain.record.measurement import Measurement
from tests.builders import DEV, TOM, UWE, Written, at
from tests.rules.kpis.owed import a_scope, owed

DUE = date(2026, 12, 10)


def november(tom: list[str], dev: list[str] | None = None, **kpi: Any) -> Measurement:
    people: Written = {"tom": {**TOM, "away": tom}, "dev": {**DEV, "away": dev or []}}
    return owed(a_scope(people=people, **kpi))["2026-11"]


def test_the_owner_is_asked_when_there_and_nothing_needs_saying() -> None:
    measurement = november(tom=["2026-11-01/2026-12-09", "2026-12-11/2026-12-31"])

    assert (measurement.asked, measurement.asked_because, measurement.due) == ("tom", None, DUE)


def test_the_deputy_is_asked_where_the_owner_is_away_on_the_due_day() -> None:
    measurement = november(tom=["2026-12-10/2027-01-02"])

    assert (measurement.asked, measurement.due) == ("dev", DUE)
    assert measurement.asked_because == "Tom Reyes is away until 2 Jan 2027"


def test_absences_that_follow_on_one_another_are_one() -> None:
    measurement = november(tom=["2026-12-28/2027-01-02", "2026-12-07/2026-12-20", "2026-12-18/2026-12-27"])

    assert measurement.asked_because == "Tom Reyes is away until 2 Jan 2027"


def test_without_a_deputy_it_falls_due_on_the_owners_first_working_day_back() -> None:
    """Tom is back on Saturday 12 December, and at work on Monday 14."""
    measurement = november(tom=["2026-12-10/2026-12-11"], deputy=None)

    assert (measurement.asked, measurement.due) == ("tom", date(2026, 12, 14))
    assert measurement.overdue_since == date(2026, 12, 15)
    assert measurement.asked_because == "Tom Reyes is away until 11 Dec 2026: due on Tom Reyes's first working day back"


def test_the_first_working_day_back_is_one_of_the_owners_organisation() -> None:
    """Uwe of Acme is back on New Year's Eve, which Acme keeps closed; Bavaria works on Monday 4 January."""
    scope = a_scope(
        people={"uwe": {**UWE, "away": ["2026-12-07/2026-12-30"]}},
        acme={"closed": ["2026-12-31"]},
        owner="uwe",
        deputy=None,
    )
    assert owed(scope)["2026-11"].due == date(2027, 1, 4)


def test_an_owner_who_is_away_again_at_once_is_waited_for_again() -> None:
    """Saturday 12 and Sunday 13 December between two absences are no working days."""
    measurement = november(tom=["2026-12-10/2026-12-11", "2026-12-14/2026-12-15"], deputy=None)

    assert measurement.due == date(2026, 12, 16)


def test_where_the_deputy_is_away_too_it_waits_for_whoever_is_back_first() -> None:
    """Tom is away for half a year, and Dev until Saturday 12 December: Dev is asked on Monday 14."""
    measurement = november(tom=["2026-12-01/2027-05-31"], dev=["2026-12-08/2026-12-12"])

    assert (measurement.asked, measurement.due) == ("dev", date(2026, 12, 14))
    assert measurement.overdue_since == date(2026, 12, 15)
    assert measurement.asked_because == (
        "Tom Reyes is away until 31 May 2027, Dev Patel is away until 12 Dec 2026: "
        "due on Dev Patel's first working day back"
    )


def test_where_owner_and_deputy_are_back_on_one_day_the_owner_is_asked() -> None:
    """Tom is back on Saturday, Dev on Sunday; both are at work on Monday 14 December."""
    measurement = november(tom=["2026-12-10/2026-12-11"], dev=["2026-12-10/2026-12-12"])

    assert (measurement.asked, measurement.due) == ("tom", date(2026, 12, 14))


def test_a_deputy_who_is_back_later_changes_nothing() -> None:
    measurement = november(tom=["2026-12-10/2026-12-11"], dev=["2026-12-08/2026-12-31"])

    assert (measurement.asked, measurement.due) == ("tom", date(2026, 12, 14))
    assert measurement.asked_because == (
        "Tom Reyes is away until 11 Dec 2026, Dev Patel is away until 31 Dec 2026: "
        "due on Tom Reyes's first working day back"
    )


def test_a_deputy_of_the_other_side_changes_neither_the_due_day_nor_the_zone() -> None:
    """Ines stands in for Tom of Detroit; December is due on Michigan's 13 January and not on Bavaria's 14."""
    scope = a_scope(people={"tom": {**TOM, "away": ["2027-01-13"]}}, deputy="ines")
    december = owed(scope, now=at("2027-01-13 23:59", "America/Detroit"))["2026-12"]

    assert (december.asked, december.due, december.status) == ("ines", date(2027, 1, 13), "open")
    assert owed(scope, now=at("2027-01-14 00:00", "America/Detroit"))["2026-12"].status == "overdue"


def test_a_deputy_stands_in_for_an_owner_whom_no_letter_reaches_where_a_letter_or_a_chat_reaches_them() -> None:
    both = (TOM["email"], DEV["email"])
    by_chat = a_scope(people={"dev": {**DEV, "tell": "chat", "chat": "globex-teams"}})
    assert owed(a_scope(), unreached=both[:1])["2026-11"].asked == "dev"
    assert owed(a_scope(), unreached=both)["2026-11"].asked == "tom"
    assert owed(by_chat, unreached=both)["2026-11"].asked == "dev"


def test_grace_is_counted_from_the_day_back() -> None:
    measurement = november(tom=["2026-12-10/2026-12-11"], deputy=None, grace="1 working day")

    assert (measurement.due, measurement.overdue_since) == (date(2026, 12, 14), date(2026, 12, 16))


def test_an_absence_changes_only_the_period_that_falls_due_in_it() -> None:
    months = owed(a_scope(people={"tom": {**TOM, "away": ["2026-12-10"]}}))

    assert [months[label].asked for label in ("2026-10", "2026-11", "2026-12")] == ["tom", "dev", "tom"]
