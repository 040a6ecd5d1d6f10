"""Two reviews of one partnership at once with somebody in both: the less weighty gives way, to a free half hour of its
day within everybody's hours or else least beyond them, and says so."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Kind, Status
from scheduler.domain.record.review import Recorded, Review, Window
from scheduler.rules.reviews.giving_way import fixed, give_way
from scheduler.rules.reviews.planner import plan_reviews, plan_scopes
from scheduler.rules.reviews.scopes import scopes
from tests.builders import (
    ACME,
    DEV,
    GLOBEX,
    INES,
    INITECH,
    JUNE,
    MARTA,
    TOM,
    UWE,
    a_partnership,
    a_recorded,
    at,
    playbooks,
)
from tests.rules.reviews.test_planner import only

NOW = at("2026-10-01 09:00")
DAY = date(2027, 5, 18)
"""The third tuesday of May 2027, a working day of both sides."""
TUESDAY = {"every": "week", "on": "tuesday", "length": "60 minutes", "attendees": ["ines", "dev"]}
AUDIT = {"every": "quarter", "on": "third tuesday of month 2", "length": "90 minutes", "attendees": ["ines", "dev"]}


def a_crowd(**series: dict[str, Any]) -> Partnership:
    return a_partnership(
        organisations={
            "acme": {**ACME, "hours": "09:00-19:00"},
            "globex": {**GLOBEX, "hours": "07:00-17:00"},
        },
        reviews=only(**series),
        triggers=[],
    )


def on_the_day(partnership: Partnership, now: datetime = NOW) -> dict[str, Review]:
    reviews = plan_reviews(partnership, playbooks(), Window.rolling(now)).reviews
    return {each.series: each for each in reviews if each.start.date() == DAY}


def hour(review: Review) -> str:
    return f"{review.start:%H:%M}"


# Who gives way -------------------------------------------------------------------------------------------------------


def test_the_less_weighty_of_two_moves_to_the_next_free_half_hour_and_says_so() -> None:
    day = on_the_day(a_crowd(pipeline=TUESDAY | {"kind": "pipeline"}, audit=AUDIT | {"kind": "health-audit"}))
    pipeline, audit = day["pipeline"], day["audit"]
    assert (hour(audit), pipeline.gave_way_from) == ("14:00", at(f"{DAY} 15:00"))
    assert pipeline.start == audit.end
    assert pipeline.moved_because == (
        "moved from 15:00 (Europe/Berlin): Inès Falk and Dev Patel are at acme-globex/audit/2027-Q2 then"
    )
    assert (audit.moved_because, audit.gave_way_from) == (None, None)


@pytest.mark.parametrize(
    ("stays", "moves"),
    [("strategy", "health-audit"), ("health-audit", "operating"), ("operating", "pipeline")],
)
def test_weight_decides_and_not_the_order_in_the_definition(stays: str, moves: str) -> None:
    for order in ([stays, moves], [moves, stays]):
        day = on_the_day(a_crowd(**{f"x-{kind}": AUDIT | {"kind": kind, "title": kind} for kind in order}))
        assert day[f"x-{stays}"].gave_way_from is None
        assert day[f"x-{moves}"].start == day[f"x-{stays}"].end


def test_of_equal_weight_the_later_id_gives_way() -> None:
    day = on_the_day(a_crowd(beta=AUDIT | {"kind": "operating"}, alpha=AUDIT | {"kind": "operating"}))
    assert day["alpha"].gave_way_from is None
    assert day["beta"].start == day["alpha"].end


def test_it_gives_way_to_a_lighter_one_whose_hour_is_written() -> None:
    base = on_the_day(a_crowd(audit=AUDIT | {"kind": "operating"}))["audit"]
    lighter = TUESDAY | {"kind": "pipeline", "at": hour(base)}
    day = on_the_day(a_crowd(pipeline=lighter, audit=AUDIT | {"kind": "operating"}))
    assert (hour(day["pipeline"]), day["pipeline"].gave_way_from) == (hour(base), None)
    assert day["audit"].gave_way_from == base.start


def test_two_written_hours_stay_and_it_is_said() -> None:
    both = a_crowd(pipeline=TUESDAY | {"at": "15:00"}, audit=AUDIT | {"at": "15:30", "kind": "health-audit"})
    plan = plan_reviews(both, playbooks(), Window.rolling(NOW))
    day = on_the_day(both)
    assert (hour(day["pipeline"]), hour(day["audit"])) == ("15:00", "15:30")
    said = {note.review_id: note.text for note in plan.notes}
    assert said[day["pipeline"].id] == f"overlaps with {day['audit'].id}: ines, dev cannot be at both"


def test_nobody_in_common_is_no_collision() -> None:
    day = on_the_day(
        a_crowd(
            pipeline=TUESDAY | {"attendees": ["uwe"], "agenda_owner": "uwe", "chair": ["uwe"], "kind": "operating"},
            audit=AUDIT | {"attendees": ["tom"], "agenda_owner": "tom", "chair": ["tom"], "kind": "operating"},
        )
    )
    assert day["pipeline"].start == day["audit"].start


# Where it goes -------------------------------------------------------------------------------------------------------


def a_day(
    *kinds: str, hours: str = "09:00-17:00", length: timedelta = timedelta(hours=1), **sides: Any
) -> tuple[Partnership, dict[str, Review]]:
    """Operating reviews of one hour, all at 15:00 in Berlin, of people whose sides keep these hours there."""
    berlin = {"acme": {**ACME, "hours": hours}, "globex": {**GLOBEX, "timezone": "Europe/Berlin", "hours": hours}}
    partnership = a_crowd(**{kind: AUDIT | {"kind": "operating"} for kind in kinds})
    partnership = partnership.model_copy(
        update={"organisations": a_partnership(organisations={**berlin, **sides}).organisations}
    )
    parts = scopes(partnership, playbooks())
    planned = plan_scopes(parts, partnership.people, Window.rolling(NOW)).reviews
    starts = at(f"{DAY} 15:00")
    moved = [replace(each, start=starts, end=starts + length) for each in planned if each.start.date() == DAY]
    return partnership, {each.series: each for each in give_way(moved, parts, {}, NOW)}


def test_the_later_half_hours_come_first_and_then_the_nearest_earlier_ones() -> None:
    _, day = a_day("a", "b", "c", "d")
    assert [hour(day[key]) for key in "abcd"] == ["15:00", "16:00", "14:00", "13:00"]


def test_where_none_within_the_hours_is_free_it_takes_the_one_that_reaches_least_beyond_them_and_says_so() -> None:
    _, day = a_day("a", "b", "c", "d", hours="15:00-16:30")
    assert [hour(day[key]) for key in "abcd"] == ["15:00", "16:00", "14:00", "17:00"]
    assert day["b"].moved_because == (
        "moved from 15:00 (Europe/Berlin): Inès Falk and Dev Patel are at acme-globex/a/2027-Q2 then; "
        "no half hour within everybody's hours is free"
    )
    assert day["b"].gave_way_from == day["a"].start


def test_of_two_equally_far_beyond_the_hours_it_takes_the_nearest_and_then_the_later() -> None:
    _, day = a_day("a", "b", "c", hours="15:00-16:00")
    assert [hour(day[key]) for key in "abc"] == ["15:00", "16:00", "14:00"]


def test_the_least_beyond_is_summed_over_the_sides() -> None:
    """Tokyo's hours are 03:00-12:00 in Berlin: each later half hour costs both sides, an earlier one Berlin alone."""
    tokyo = {**GLOBEX, "country": "JP", "region": None, "timezone": "Asia/Tokyo", "hours": "10:00-19:00"}
    _, day = a_day("a", "b", hours="15:00-16:00", globex=tokyo)
    assert [hour(day[key]) for key in "ab"] == ["15:00", "14:00"]


def test_of_sides_without_a_common_hour_nobody_is_at_the_checkpoint_and_at_another_review() -> None:
    home = {"country": None, "region": None, "hours": "09:00-17:00"}
    partnership = a_partnership(
        effective="2026-12-02",
        organisations={
            "acme": {**ACME, **home, "timezone": "Asia/Seoul"},
            "globex": {**GLOBEX, **home, "timezone": "America/Chicago"},
        },
        timezone="Asia/Seoul",
        reviews=only(operating={"on": "first tuesday"}),
        triggers=[],
    )
    plan = plan_reviews(partnership, playbooks(), Window.rolling(NOW))
    day = {each.kind: each for each in plan.reviews if each.start.date() == date(2027, 3, 2)}
    checkpoint, operating = day[Kind.CHECKPOINT], day[Kind.OPERATING]
    assert checkpoint.end <= operating.start or operating.end <= checkpoint.start
    assert (operating.moved_because or "").endswith("then; no half hour within everybody's hours is free")
    assert not [note for note in plan.notes if "overlaps" in note.text]


def test_it_stays_only_where_no_half_hour_of_the_day_is_free() -> None:
    _, day = a_day("a", "b", length=timedelta(hours=20))
    assert [hour(day[key]) for key in "ab"] == ["15:00", "15:00"]
    assert (day["b"].gave_way_from, day["b"].moved_because) == (None, None)


def test_it_takes_no_half_hour_that_is_a_sides_own_day_off() -> None:
    """From 17:00 in Berlin on it is the day after in Tokyo, on which Globex is closed."""
    tokyo = {**GLOBEX, "country": "JP", "region": None, "timezone": "Asia/Tokyo", "hours": "12:00-06:00"}
    _, day = a_day("a", "b", "c", hours="09:00-19:00", globex=tokyo)
    assert [hour(day[key]) for key in "abc"] == ["15:00", "16:00", "17:00"]
    _, day = a_day("a", "b", "c", hours="09:00-19:00", globex={**tokyo, "closed": ["2027-05-19"]})
    assert [hour(day[key]) for key in "abc"] == ["15:00", "16:00", "14:00"]


def test_nothing_that_is_to_come_is_put_into_the_past() -> None:
    partnership, day = a_day("a", "b", hours="09:00-16:00")
    assert hour(day["b"]) == "14:00"
    back = [replace(each, start=at(f"{DAY} 15:00"), end=at(f"{DAY} 16:00")) for each in day.values()]
    late = give_way(back, scopes(partnership, playbooks()), {}, at(f"{DAY} 14:10"))
    assert [hour(each) for each in late] == ["15:00", "16:00"]


def test_two_dates_of_one_series_on_one_day_come_one_after_the_other() -> None:
    """Globex is closed on the whole second week of May 2027: two tuesdays are held on monday the 17th."""
    for terms in (TUESDAY, TUESDAY | {"at": "16:00"}):
        closed = {**GLOBEX, "hours": "07:00-17:00", "closed": ["2027-05-18/2027-05-28"], "works": []}
        partnership = a_partnership(
            organisations={"acme": {**ACME, "hours": "09:00-19:00"}, "globex": closed},
            reviews=only(pipeline=terms | {"day_off": "next"}),
        )
        plan = plan_reviews(partnership, playbooks(), Window.rolling(NOW))
        first, second = (each for each in plan.reviews if each.period in ("2027-W20", "2027-W21"))
        assert first.start.date() == second.start.date()
        assert second.start == first.end
        assert second.moved_because is not None and second.moved_because.endswith(f"are at {first.id} then")
        assert second.moved_because.startswith("moved from Tue 25 May 2027: closed")


# What is known already -----------------------------------------------------------------------------------------------


def known(review: Review, **changes: Any) -> Recorded:
    return a_recorded(review, **changes)


def test_what_people_were_invited_to_stays_and_the_weightier_gives_way() -> None:
    partnership = a_crowd(pipeline=TUESDAY | {"kind": "pipeline"}, audit=AUDIT | {"kind": "health-audit"})
    parts = scopes(partnership, playbooks())
    planned = plan_scopes(parts, partnership.people, Window.rolling(NOW)).reviews
    pipeline = next(each for each in planned if each.series == "pipeline" and each.start.date() == DAY)
    standing = fixed(planned, {pipeline.id: known(pipeline)}, {"acme-globex/pipeline"}, NOW)
    day = {each.series: each for each in give_way(planned, parts, standing, NOW) if each.start.date() == DAY}
    assert day["pipeline"] == pipeline
    assert (day["audit"].gave_way_from, day["audit"].start) == (at(f"{DAY} 14:00"), pipeline.end)


def stays(recorded: Recorded, planned: Review, now: datetime = NOW, *invited: str) -> bool:
    return planned.id in fixed([planned], {planned.id: recorded}, invited, now)


def test_it_is_fixed_when_invited_noticed_under_way_moved_by_a_person_or_closed() -> None:
    review = replace(on_the_day(a_crowd(audit=AUDIT))["audit"], clocks=(("notice_by", date(2027, 4, 1)),))
    assert not stays(known(review), review)
    assert stays(known(review), review, NOW, review.id)
    assert stays(known(review), review, NOW, review.series_id)
    assert not stays(known(review), review, at("2027-03-31 23:00"))
    assert stays(known(review), review, at("2027-04-01 00:00"))
    assert stays(known(replace(review, clocks=())), review, review.start)
    assert stays(known(review, moved_by_person=True), review)
    assert stays(known(review, status=Status.HELD), review)
    assert not stays(known(review, status=Status.CANCELLED), review, NOW, review.id)


def test_what_gave_way_and_was_invited_stays_there_when_the_other_one_is_gone() -> None:
    review = on_the_day(a_crowd(audit=AUDIT))["audit"]
    start, end = review.start + timedelta(hours=1), review.end + timedelta(hours=1)
    because = "moved from 15:00 (Europe/Berlin): Inès Falk is elsewhere"
    away = replace(review, start=start, end=end, gave_way_from=review.start, moved_because=because)
    assert fixed([review], {review.id: known(away)}, [review.id], NOW) == {review.id: away}


def test_an_edit_of_its_hour_is_followed_though_people_were_invited() -> None:
    review = on_the_day(a_crowd(audit=AUDIT))["audit"]
    edited = replace(review, start=review.start + timedelta(hours=1), end=review.end + timedelta(hours=1))
    assert not stays(known(review), edited, NOW, review.id)


# Against a naive check -----------------------------------------------------------------------------------------------

_PEOPLE = {"ines": INES, "marta": MARTA, "uwe": UWE, "dev": DEV, "june": JUNE, "tom": TOM}
_SERIES = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["pipeline", "operating", "health-audit", "strategy"]),
        "every": st.sampled_from(["week", "2 weeks"]),
        "on": st.sampled_from(["tuesday", "thursday"]),
        "length": st.sampled_from(["30 minutes", "60 minutes", "3 hours"]),
        "attendees": st.lists(st.sampled_from(sorted(_PEOPLE)), min_size=1, max_size=4, unique=True),
    },
    optional={"at": st.sampled_from(["14:00", "15:00", "15:15"])},
)
_ZONES = st.sampled_from(["Europe/Berlin", "America/Detroit", "Asia/Tokyo", "Pacific/Kiritimati", "UTC"])
_HOURS = st.sampled_from(["09:00-17:00", "00:00-23:30", "20:00-04:00"])
_CROWDS = st.lists(_SERIES, min_size=2, max_size=5)


def crowd_of(series: Sequence[dict[str, Any]], zones: Sequence[str], hours: Sequence[str]) -> Partnership:
    sides = {
        key: {**of, "country": None, "region": None, "timezone": zone, "hours": keeps}
        for (key, of), zone, keeps in zip(
            (("acme", ACME), ("globex", GLOBEX), ("x", INITECH)), zones, hours, strict=True
        )
    }
    return a_partnership(
        organisations=sides,
        people=_PEOPLE,
        reviews=only(**{f"s{n}": each for n, each in enumerate(series)}),
        triggers=[],
        kpis={},
    )


def free_of_clashes(review: Review, others: Sequence[Review], partnership: Partnership) -> list[datetime]:
    """Nothing but the rule: the half hours of its day after NOW with all its people free, on no side's own weekend."""
    length = review.end.astimezone(UTC) - review.start.astimezone(UTC)
    midnight = review.start.replace(hour=0, minute=0)
    found = []
    for n in range(48):
        start = (midnight + n * timedelta(minutes=30)).astimezone(UTC)
        works = all(_local(partnership, key, start).weekday() < 5 for key in _attending(review, partnership))
        meets = any(
            other.start < start + length and start < other.end and {*other.attendees} & {*review.attendees}
            for other in others
            if other.id != review.id
        )
        if works and not meets and start > NOW:
            found.append(start)
    return found


def minutes_beyond(review: Review, start: datetime, partnership: Partnership) -> int:
    """The minutes beyond the hours of its sides, in sum, at another start."""
    end = start + (review.end.astimezone(UTC) - review.start.astimezone(UTC))
    found = 0
    for key in _attending(review, partnership):
        first, last = _local(partnership, key, start), _local(partnership, key, end)
        hours = partnership.organisations[key].hours
        beyond = []
        for days in (-1, 0, 1):
            opens = datetime.combine(first.date() + timedelta(days=days), hours.start)
            closes = datetime.combine(opens.date() + timedelta(days=hours.end <= hours.start), hours.end)
            beyond.append(max(opens - first, timedelta()) + max(last - closes, timedelta()))
        found += min(beyond) // timedelta(minutes=1)
    return found


def _attending(review: Review, partnership: Partnership) -> set[str]:
    return {partnership.people[key].of or "" for key in (*review.attendees, review.chair or "")}


def _local(partnership: Partnership, key: str, at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(partnership.organisations[key].timezone)).replace(tzinfo=None)


@settings(max_examples=25, deadline=None)
@given(_CROWDS, st.tuples(_ZONES, _ZONES, _ZONES), st.tuples(_HOURS, _HOURS, _HOURS))
def test_no_two_share_a_person_and_overlap_unless_written_or_without_room_and_then_it_is_said(
    series: list[dict[str, Any]], zones: Sequence[str], hours: Sequence[str]
) -> None:
    partnership = crowd_of(series, zones, hours)
    plan = plan_reviews(partnership, playbooks(), Window.rolling(NOW, 30))
    written = {f"s{n}" for n, each in enumerate(series) if "at" in each}
    said = {(note.review_id, note.text.partition(":")[0]) for note in plan.notes}
    for n, one in enumerate(plan.reviews):
        for other in plan.reviews[n + 1 :]:
            if one.start < other.end and other.start < one.end and {*one.attendees} & {*other.attendees}:
                assert (one.id, f"overlaps with {other.id}") in said
                free = [free_of_clashes(each, plan.reviews, partnership) for each in (one, other)]
                loose = [found for each, found in zip((one, other), free, strict=True) if each.series not in written]
                assert not loose or [] in loose, (one, other)
    for review in plan.reviews:
        if review.gave_way_from and review.gave_way_from > NOW:  # what has begun is the past
            room = free_of_clashes(review, plan.reviews, partnership)
            assert review.start.astimezone(UTC) in room
            assert review.start.date() == review.gave_way_from.date()
            least = min(minutes_beyond(review, each, partnership) for each in room)
            assert minutes_beyond(review, review.start.astimezone(UTC), partnership) == least
            assert ("no half hour within everybody's hours" in (review.moved_because or "")) == (least > 0)


@settings(max_examples=25, deadline=None)
@given(_CROWDS, st.integers(0, 9), st.data())
def test_fixing_some_of_them_where_they_are_put_moves_no_other(
    series: list[dict[str, Any]], days: int, data: st.DataObject
) -> None:
    """Invitations to some go out, the horizon rolls on, and nobody is moved by it."""
    berlin = ("Europe/Berlin", "Europe/Berlin", "UTC")
    partnership = crowd_of(series, berlin, ("06:00-22:00", "06:00-22:00", "06:00-22:00"))
    parts = scopes(partnership, playbooks())
    first = plan_reviews(partnership, playbooks(), Window.rolling(NOW, 30)).reviews
    known_ids = data.draw(st.sets(st.sampled_from([each.id for each in first]))) if first else set()
    then = plan_scopes(parts, partnership.people, Window.rolling(NOW, 30 + days))
    planned = (*then.reviews, *then.beyond)
    standing = fixed(planned, {each.id: known(each) for each in first}, known_ids, NOW - timedelta(days=1))
    later = {each.id: each.start for each in give_way(planned, parts, standing, NOW)}
    assert {each.id: later[each.id] for each in first} == {each.id: each.start for each in first}


def test_the_windows_edge_has_no_say() -> None:
    partnership = a_crowd(pipeline=TUESDAY | {"kind": "pipeline"}, audit=AUDIT | {"kind": "health-audit"})
    for days in range((DAY - NOW.date()).days, (DAY - NOW.date()).days + 4):
        reviews = plan_reviews(partnership, playbooks(), Window(NOW, NOW.date() + timedelta(days=days))).reviews
        day = [each for each in reviews if each.start.date() == DAY]
        assert [each.series for each in day] == ["audit", "pipeline"]
        assert day[1].start == day[0].end


def test_checkpoint_and_formal_review_weigh_alike_between_audit_and_operating() -> None:
    from scheduler.rules.reviews.giving_way import _WEIGHT

    assert (
        _WEIGHT[Kind.HEALTH_AUDIT] < _WEIGHT[Kind.CHECKPOINT] == _WEIGHT[Kind.FORMAL_REVIEW] < _WEIGHT[Kind.OPERATING]
    )
