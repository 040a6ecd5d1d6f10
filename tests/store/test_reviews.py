"""A review comes back as it went in, and every change of it is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import StatementError

from scheduler.domain.definition.vocabulary import Kind, Model, Status
from scheduler.domain.record.review import Recorded, Review
from scheduler.store import Store, open_store, partnerships, reviews
from scheduler.store.reviews import Revision
from tests.builders import a_recorded, a_review, at
from tests.store.remembered import ACME_GLOBEX, OCTOBER_1, a_row

TUESDAY = date(2026, 12, 8)

# Half an hour, three quarters, both sides of the date line, a change of half an hour, one of two hours, none at all.
ZONES = [
    "Europe/Berlin",
    "America/Detroit",
    "Australia/Lord_Howe",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Antarctica/Troll",
    "Asia/Kolkata",
    "UTC",
]
# The hours around changes of the clock: each of these shows one wall clock time twice, or leaves one out, in some zone.
CHANGES = [
    datetime(2026, 10, 25, 1, tzinfo=UTC),
    datetime(2027, 3, 28, 1, tzinfo=UTC),
    datetime(2026, 11, 1, 6, tzinfo=UTC),
    datetime(2027, 4, 3, 15, tzinfo=UTC),
    datetime(2027, 4, 3, 14, tzinfo=UTC),
]
minutes = st.integers(-180, 180).map(lambda count: timedelta(minutes=count))
moments = st.one_of(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),
    st.builds(lambda change, near: change + near, st.sampled_from(CHANGES), minutes),
)
words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
maybe = st.none() | words


@st.composite
def anything_recorded(draw: st.DrawFn) -> Recorded:
    zone, start = draw(st.sampled_from(ZONES)), draw(moments)
    review = a_review(
        layer=draw(maybe),
        model=draw(st.sampled_from(Model)),
        kind=draw(st.sampled_from(Kind)),
        title=draw(words),
        nominal_date=draw(st.dates()),
        start=start.astimezone(ZoneInfo(zone)),
        end=(start + draw(minutes)).astimezone(ZoneInfo(zone)),
        timezone=zone,
        moved_because=draw(maybe),
        deputy=draw(maybe),
        chair=draw(maybe),
        attendees=tuple(draw(st.lists(words, max_size=4))),
        place=draw(maybe),
        clocks=tuple(draw(st.lists(st.tuples(words, st.dates()), max_size=4))),
    )
    return Recorded(
        review,
        status=draw(st.sampled_from(Status)),
        sequence=draw(st.integers(0, 10_000)),
        moved_by_person=draw(st.booleans()),
        because=draw(maybe),
        created_at=draw(moments),
        modified_at=draw(moments),
        minutes=draw(maybe),
    )


def clock(review: Review) -> list[object]:
    """What equality of two moments in one zone does not look at: the fold, and so the instant."""
    return [(each.fold, each.utcoffset(), each.tzinfo) for each in (review.start, review.end)]


@pytest.fixture(scope="module")
def any_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    path: Path = tmp_path_factory.mktemp("reviews") / "cadence.db"
    with open_store(f"sqlite:///{path}", create=True) as store:
        with store.write() as db:
            partnerships.save(db, a_row())
        yield store


@settings(max_examples=100, deadline=None)
@given(anything_recorded())
def test_what_is_recorded_comes_back_equal(any_store: Store, recorded: Recorded) -> None:
    """New or changed, in any zone, in the hour that comes twice: the same noun, instant and wall clock."""
    with any_store.write() as db:
        reviews.save_many(db, [recorded])
        found = reviews.find(db, recorded.id)
    assert found == recorded
    assert clock(found.review) == clock(recorded.review)


@pytest.mark.parametrize("fold", [0, 1])
def test_both_halves_of_the_hour_that_comes_twice_are_told_apart(store: Store, fold: int) -> None:
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=fold)
    with store.write() as db:
        reviews.save_many(db, [a_recorded(a_review(start=twice))])
        found = reviews.find(db, "acme-globex/pipeline/2026-W50")
    assert found is not None
    assert found.review.start.utcoffset() == timedelta(hours=2 - fold)


def test_a_moment_without_a_zone_is_never_kept(store: Store) -> None:
    """It would be read as some zone or other, and be hours off."""
    naive = a_recorded(a_review(start=datetime(2026, 12, 8, 15)))
    with pytest.raises(TypeError), store.write() as db:
        reviews.save_many(db, [naive])
    with pytest.raises(StatementError, match="offset-naive"), store.read() as db:
        list(reviews.listing(db, since=datetime(2026, 12, 8)))


def test_an_unknown_review_is_none(store: Store) -> None:
    with store.read() as db:
        assert reviews.find(db, "acme-globex/pipeline/2026-W50") is None


def test_new_and_changed_reviews_are_saved_in_one_go(store: Store) -> None:
    first, second = a_recorded(), a_recorded(a_review(date(2026, 12, 15)))
    held = replace(first, status=Status.HELD, minutes="# Decided: more cells", sequence=1)
    with store.write() as db:
        reviews.save_many(db, [first])
        reviews.save_many(db, [second, held])
        assert reviews.recorded(db, ACME_GLOBEX) == {held.id: held, second.id: second}


def test_of_a_review_saved_twice_in_one_go_the_last_word_counts(store: Store) -> None:
    first = a_recorded()
    with store.write() as db:
        reviews.save_many(db, [first, replace(first, sequence=1)])
        assert reviews.find(db, first.id) == replace(first, sequence=1)


def test_saving_nothing_is_nothing(store: Store) -> None:
    with store.write() as db:
        reviews.save_many(db, [])
        reviews.append_revisions(db, [])
        assert reviews.recorded(db, ACME_GLOBEX) == {}


# Listing -----------------------------------------------------------------------------------------------------------


def five_weeks(partnership: str = ACME_GLOBEX) -> list[Recorded]:
    days = [TUESDAY + timedelta(weeks=week) for week in range(5)]
    made = [a_review(day, partnership=partnership) for day in days]
    return [a_recorded(replace(each, id=f"{partnership}/pipeline/{each.period}")) for each in made]


def periods(found: Iterator[Recorded]) -> list[str]:
    return [each.review.period for each in found]


def test_listing_is_by_start_then_id_over_all_partnerships(store: Store) -> None:
    with store.write() as db:
        partnerships.save(db, a_row("acme2"))
        reviews.save_many(db, [*reversed(five_weeks("acme2")), *five_weeks()])
        found = [(each.review.start, each.id) for each in reviews.listing(db)]
    assert len(found) == 10
    assert found == sorted(found)  # "acme-globex" before "acme2", on every engine


def test_listing_by_partnership_and_status(store: Store) -> None:
    mine, theirs = five_weeks(), five_weeks("halden")
    skipped = replace(mine[1], status=Status.SKIPPED, because="June is ill")
    with store.write() as db:
        partnerships.save(db, a_row("halden"))
        reviews.save_many(db, [*mine, *theirs, skipped])
        assert list(reviews.listing(db, status=Status.SKIPPED)) == [skipped]
        assert list(reviews.listing(db, partnership="halden")) == theirs
        assert list(reviews.listing(db, partnership="halden", status=Status.SKIPPED)) == []


def test_each_partnership_has_its_own_next_planned_review_in_its_zone(store: Store) -> None:
    mine, theirs = five_weeks(), five_weeks("halden")
    skipped = replace(mine[0], status=Status.SKIPPED, because="June is ill")
    with store.write() as db:
        for id in ("halden", "without-any"):
            partnerships.save(db, a_row(id))
        reviews.save_many(db, [*mine, *theirs, skipped])
        found = reviews.next_planned(db, mine[0].review.start)
    assert found == {each.review.partnership: (each.id, each.review.start) for each in (mine[1], theirs[0])}
    assert {start.tzinfo for _, start in found.values()} == {mine[0].review.start.tzinfo}


@pytest.mark.parametrize(
    ("since", "until", "weeks"),
    [
        ("2026-12-15 14:59", "2026-12-22 15:00", ["2026-W51"]),
        ("2026-12-15 15:00", "2026-12-22 15:01", ["2026-W51", "2026-W52"]),
        ("2026-12-15 15:01", "2026-12-22 15:01", ["2026-W52"]),
    ],
)
def test_listing_takes_in_the_first_moment_and_leaves_out_the_last(
    store: Store, since: str, until: str, weeks: list[str]
) -> None:
    detroit = ZoneInfo("America/Detroit")  # the reviews are in Berlin; a moment is a moment
    with store.write() as db:
        reviews.save_many(db, five_weeks())
        found = reviews.listing(db, since=at(since).astimezone(detroit), until=at(until).astimezone(detroit))
        assert periods(found) == weeks


def test_listing_does_not_read_ahead_of_who_asks(store: Store) -> None:
    many = [
        replace(each, review=replace(each.review, id=f"{each.id}-{n}")) for each in five_weeks() for n in range(300)
    ]
    with store.write() as db:
        reviews.save_many(db, many)
        found = reviews.listing(db)
        assert next(found).review.period == "2026-W50"
        assert sum(1 for _ in found) == len(many) - 1


# History -----------------------------------------------------------------------------------------------------------


def test_every_change_is_kept_in_its_order(store: Store) -> None:
    scheduled = Revision("acme-globex/pipeline/2026-W50", 0, "schedule", OCTOBER_1)
    moved = Revision(
        "acme-globex/pipeline/2026-W50", 1, "move", OCTOBER_1 + timedelta(days=3), "Marta travels", "ines",
        before={"start": "2026-12-08T15:00:00+01:00"}, after={"start": "2026-12-09T15:00:00+01:00"},
    )  # fmt: skip
    other = Revision("acme-globex/pipeline/2026-W51", 0, "schedule", OCTOBER_1)
    with store.write() as db:
        reviews.save_many(db, five_weeks())
        reviews.append_revisions(db, [scheduled, other])
        reviews.append_revisions(db, [moved])
        assert reviews.history(db, scheduled.review) == [scheduled, moved]


def test_a_revision_takes_the_values_of_a_review_as_they_are(store: Store) -> None:
    review = a_review()
    fields = ("start", "nominal_date", "attendees", "kind", "clocks", "deputy")
    with store.write() as db:
        reviews.save_many(db, [a_recorded(review)])
        reviews.append_revisions(
            db, [Revision(review.id, 1, "revise", OCTOBER_1, after={name: getattr(review, name) for name in fields})]
        )
        (found,) = reviews.history(db, review.id)
    assert found.after == {
        "start": "2026-12-08T15:00:00+01:00",
        "nominal_date": "2026-12-08",
        "attendees": ["ines", "dev"],
        "kind": "pipeline",
        "clocks": [["agenda_by", "2026-12-07"]],
        "deputy": None,
    }


def test_saving_a_review_leaves_its_history_alone(store: Store) -> None:
    recorded = a_recorded()
    first = Revision(recorded.id, 0, "schedule", OCTOBER_1)
    with store.write() as db:
        reviews.save_many(db, [recorded])
        reviews.append_revisions(db, [first])
    with store.write() as db:
        reviews.save_many(db, [replace(recorded, sequence=4, status=Status.CANCELLED)])
        assert reviews.history(db, recorded.id) == [first]
