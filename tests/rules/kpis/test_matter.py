"""A KPI's overdue periods are one matter with one ladder, which counts from the earliest of them.

Tom Reyes of Globex owes Cells delivered for each week, by the second working day after it.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.record.measurement import Excuse, Measurement, Reading
from scheduler.domain.record.notification import Notification
from scheduler.rules.kpis.ladder import flag, notices, steps
from scheduler.rules.kpis.matter import keys
from scheduler.rules.reviews.scopes import Scope
from tests.builders import Written, a_reading, at
from tests.rules.kpis.owed import CELLS, a_scope, alone, owed

LADDER: list[Written] = [
    {"name": "overdue", "at": 1, "tell": ["owner"]},
    {"name": "deputy", "at": 3, "tell": ["owner", "deputy"]},
    {"name": "sponsor", "at": 8, "tell": ["owner", "sponsor"]},
    {"name": "weekly", "at": 15, "tell": ["sponsor"], "repeat": 5},
]


def weekly() -> Scope:
    return a_scope(every="week", due="2 working days", ladder=LADDER, effective="2027-01-04")


def reported(period: str, on: str) -> Reading:
    return a_reading(period=period, reported_at=at(f"{on} 12:00", "America/Detroit").astimezone(UTC))


def excused(period: str, since: str, until: str, kind: str = "excused") -> Excuse:
    given = at(f"{since} 12:00", "America/Detroit").astimezone(UTC)
    return Excuse(CELLS, period, "the meter", date.fromisoformat(until), kind, given)  # type: ignore[arg-type]


def told(
    scope: Scope, now: datetime, readings: Iterable[Reading] = (), excuses: Iterable[Excuse] = ()
) -> list[tuple[str, str, str]]:
    """The rungs that are told until a moment, with their period and day."""
    said = [
        (each.on.isoformat(), each.period, each.rung)
        for each in _notices(scope, owed(scope, now, now.date().isoformat(), readings, excuses).values(), now.date())
    ]
    return sorted(said)


def _notices(scope: Scope, periods: Iterable[Measurement], until: date) -> Iterable[Notification]:
    return [each for of_period in periods for each in notices(of_period, scope, until)]


def test_six_silent_weeks_are_one_ladder_and_not_six() -> None:
    """Week 1 was due on Tuesday 12 January 2027; nothing has been reported by 18 February."""
    assert told(weekly(), at("2027-02-18 09:00", "America/Detroit")) == [
        ("2027-01-13", "2027-W01", "overdue"),
        ("2027-01-15", "2027-W01", "deputy"),
        ("2027-01-25", "2027-W01", "sponsor"),
        ("2027-02-03", "2027-W01", "weekly"),
        ("2027-02-10", "2027-W01", "weekly"),
        ("2027-02-18", "2027-W01", "weekly"),
    ]


def test_that_a_further_period_is_due_its_owner_is_told_all_the_same() -> None:
    due: Written = {"name": "due", "at": 0, "tell": ["owner"]}
    scope = a_scope(every="week", due="2 working days", ladder=[due, *LADDER], effective="2027-01-04")
    said = told(scope, at("2027-01-21 09:00", "America/Detroit"))

    assert [each for each in said if each[2] == "due"] == [
        ("2027-01-12", "2027-W01", "due"),
        ("2027-01-20", "2027-W02", "due"),
    ]


def test_once_the_oldest_is_reported_the_next_goes_on_at_the_rung_that_was_told() -> None:
    """Week 1 is reported on 22 January, when week 2 is overdue since the day before: the deputy knows already, the
    sponsor is told when week 2 itself is eight working days late."""
    said = told(weekly(), at("2027-02-02 09:00", "America/Detroit"), [reported("2027-W01", "2027-01-22")])

    assert said == [("2027-02-01", "2027-W02", "sponsor")]


def test_what_is_reported_before_the_next_falls_due_ends_the_matter() -> None:
    """Week 2 begins a ladder of its own."""
    said = told(weekly(), at("2027-01-25 09:00", "America/Detroit"), [reported("2027-W01", "2027-01-15")])

    assert said == [
        ("2027-01-21", "2027-W02", "overdue"),
        ("2027-01-25", "2027-W02", "deputy"),
    ]


def test_a_correction_of_what_was_reported_leaves_the_matter_as_it_was() -> None:
    now, early = at("2027-01-25 09:00", "America/Detroit"), reported("2027-W01", "2027-01-15")
    late = reported("2027-W01", "2027-01-24")
    corrected = a_reading(period="2027-W01", reported_at=late.reported_at, first_at=early.reported_at)

    assert told(weekly(), now, [corrected]) == told(weekly(), now, [early])
    assert told(weekly(), now, [corrected]) != told(weekly(), now, [late])


def test_while_the_oldest_is_excused_the_next_speaks_for_itself() -> None:
    """Week 1 is excused until the end of January; week 2 is due on 20 January."""
    excuse = excused("2027-W01", "2027-01-14", "2027-01-31")
    said = told(weekly(), at("2027-01-25 09:00", "America/Detroit"), excuses=[excuse])

    assert [each for each in said if each[1] == "2027-W02"] == [
        ("2027-01-21", "2027-W02", "overdue"),
        ("2027-01-25", "2027-W02", "deputy"),
    ]


def test_a_promise_for_the_oldest_holds_the_whole_matter() -> None:
    promise = excused("2027-W01", "2027-01-14", "2027-01-29", "acknowledged")
    said = told(weekly(), at("2027-01-28 09:00", "America/Detroit"), excuses=[promise])

    assert said == []


def test_a_flag_stands_on_the_rung_of_its_matter_and_knows_who_is_next() -> None:
    scope, now = weekly(), at("2027-01-22 09:00", "America/Detroit")
    found = owed(scope, now, "2027-01-22")
    oldest, second = (flag(found[period], scope, now) for period in ("2027-W01", "2027-W02"))

    assert (oldest.rung, second.rung) == ("deputy", "deputy")
    assert oldest.next == second.next
    assert oldest.next is not None
    assert (oldest.next.rung, oldest.next.on) == ("sponsor", date(2027, 1, 25))
    assert keys(found["2027-W02"]) == ((CELLS, "2027-W01"), (CELLS, "2027-W02"))


def test_later_periods_have_no_steps_of_their_own_meanwhile() -> None:
    scope, now = weekly(), at("2027-01-22 09:00", "America/Detroit")
    found = owed(scope, now, "2027-03-31")

    assert all(not steps(found[period], scope) for period in ("2027-W02", "2027-W03", "2027-W05"))


DAYS = st.integers(0, 80).map(lambda n: date(2027, 1, 12) + timedelta(days=n))


@settings(max_examples=60, deadline=None)
@given(reports=st.dictionaries(st.integers(1, 8), DAYS, max_size=8))
def test_each_rung_is_told_once_a_matter(reports: dict[int, date]) -> None:
    """A matter is a run of days on which the KPI is overdue, worked out here day by day from nothing but due days and
    the days of reports. What is told on a day is worked out with what was known on it."""
    scope, said = weekly(), []
    matters, is_overdue = 0, False
    for n in range(75):
        day = date(2027, 1, 11) + timedelta(days=n)
        now = datetime.combine(day, time(9), at("2027-01-11 09:00", "America/Detroit").tzinfo)
        known = [reported(f"2027-W{week:02}", on.isoformat()) for week, on in reports.items() if on < day]
        found = owed(scope, now, day.isoformat(), known)
        was_overdue, is_overdue = is_overdue, any(each.status == "overdue" for each in found.values())
        matters += is_overdue and not was_overdue
        said += [
            (matters, each.rung, each.occasion.partition("#")[2])
            for each in _notices(scope, found.values(), day)
            if each.on == day and each.late
        ]
    assert len({(matter, rung) for matter, rung, time in said if not time}) == len(
        [each for each in said if not each[2]]
    )


@settings(max_examples=30, deadline=None)
@given(reports=st.dictionaries(st.integers(1, 8), DAYS, max_size=8), day=DAYS)
def test_nothing_is_told_that_each_period_would_not_have_told_by_itself(reports: dict[int, date], day: date) -> None:
    """So what a program told that knew no matters is on record under the same keys, and nobody is told it again."""
    scope, now = weekly(), datetime.combine(day, time(9), at("2027-01-11 09:00", "America/Detroit").tzinfo)
    known = [reported(f"2027-W{week:02}", on.isoformat()) for week, on in reports.items() if on < day]
    found = owed(scope, now, day.isoformat(), known).values()
    apart = [alone(each) for each in found]

    def marks(periods: Iterable[Measurement]) -> set[tuple[str, str, str]]:
        return {(each.period, each.rung, each.occasion) for each in _notices(scope, periods, day)}

    assert marks(found) <= marks(apart)


def test_a_year_of_weeks_that_are_reported_or_excused_on_one_day_costs_no_more_than_its_weeks() -> None:
    """Each goes on from all before it: worked out anew for each, or written out with all that it holds, it would take
    twice as long with every week, and come to no end."""
    scope, now = weekly(), at("2028-01-20 09:00", "America/Detroit")
    weeks = [f"2027-W{week:02}" for week in range(1, 49)]
    readings = [reported(each, "2027-12-20") for each in weeks]
    excuses = [excused(each, "2027-12-20", "2028-01-10") for each in weeks]
    for said in ((readings, ()), ((), excuses)):
        periods = owed(scope, now, "2028-01-20", *said)
        last = periods["2027-W48"]
        assert len(last.behind) > 40 and len(repr(last)) < 5000 and hash(last) == hash(last)
        assert len(dict.fromkeys(periods.values())) == len(periods)
        assert flag(last, scope, now) and steps(last, scope) is not None
        assert _notices(scope, periods.values(), now.date())
