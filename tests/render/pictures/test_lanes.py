"""Lanes over days: the year strip and the bars of the horizon; and the dumbbell."""

from datetime import date
from decimal import Decimal

from scheduler.render.pictures.bars import BarDay, BarSpan, BarSubject, bars
from scheduler.render.pictures.dumbbell import Compared, dumbbell
from scheduler.render.pictures.strip import Cell, DaysOff, Lane, strip

FIRST, LAST, TODAY = date(2026, 7, 1), date(2027, 6, 30), date(2027, 1, 12)


def test_a_lane_has_a_mark_for_each_of_its_reviews_and_none_from_another_year() -> None:
    cells = [
        Cell("a/operating/2026-06", date(2026, 6, 30), "held", ""),
        Cell("a/operating/2026-07", date(2026, 7, 1), "held", ""),
        Cell("a/operating/2027-06", date(2027, 6, 30), "planned", ""),
        Cell("a/operating/2027-07", date(2027, 7, 1), "planned", ""),
    ]
    (lane,) = strip([Lane("Operating review", cells)], [], FIRST, LAST, TODAY).lanes
    assert [mark.cell.id for mark in lane.marks] == ["a/operating/2026-07", "a/operating/2027-06"]
    assert lane.marks[0].x < lane.marks[1].x


def test_days_off_of_a_side_are_as_wide_as_they_last_and_one_day_can_be_seen() -> None:
    closed = DaysOff(date(2026, 12, 24), date(2027, 1, 3), "closed")
    holiday = DaysOff(date(2027, 5, 1), date(2027, 5, 1), "Labour Day")
    shown = strip([], [("Acme", [closed, holiday]), ("Globex", [])], FIRST, LAST, TODAY)
    acme, globex = shown.sides
    assert acme.off[0].width > 20
    assert acme.off[1].width >= 3
    assert globex.off == ()
    assert acme.y < globex.y


def test_days_off_that_begin_before_the_strip_are_cut_at_its_edge() -> None:
    closed = DaysOff(date(2026, 6, 20), date(2026, 7, 5), "closed")
    shown = strip([], [("Acme", [closed])], FIRST, LAST, TODAY)
    assert shown.sides[0].off[0].x == shown.plot.x


def test_a_long_title_is_cut_where_the_room_ends_and_kept_in_whole() -> None:
    title = "Quarterly strategic health audit of the joint steering committee"
    (lane,) = strip([Lane(title, [])], [], FIRST, LAST, TODAY).lanes
    assert lane.title == title
    assert lane.short.endswith("…")
    assert len(lane.short) <= 27


def test_where_there_is_less_room_titles_are_shorter_and_today_is_in_sight() -> None:
    lanes = [Lane("Operating review of the battery cells", [])]
    shown = strip(lanes, [], date(2026, 12, 12), LAST, TODAY, 800, 110)
    assert shown.lanes[0].short == "Operating revi…"
    assert shown.today is not None and shown.today < 270


def test_today_is_marked_where_it_lies_on_the_picture() -> None:
    assert strip([], [], FIRST, LAST, TODAY).today is not None
    assert strip([], [], FIRST, LAST, date(2027, 7, 1)).today is None


def test_a_bar_without_end_goes_on_beyond_the_picture_and_one_from_before_begins_at_its_edge() -> None:
    spans = [BarSpan("term", date(2020, 1, 1), None, ""), BarSpan("window", date(2027, 1, 1), date(2027, 1, 31), "")]
    shown = bars([BarSubject("Agreement", spans)], FIRST, LAST, TODAY)
    term, window = shown.rows[0].bars
    assert term.box.x == shown.plot.x
    assert term.goes_on
    assert not window.goes_on
    assert shown.plot.x < window.box.x < term.box.x + term.box.width


def test_what_is_over_before_the_picture_begins_is_not_drawn() -> None:
    row = BarSubject(
        "NDA", [BarSpan("document", date(2020, 1, 1), date(2026, 6, 30), "")], [BarDay("other", date(2026, 6, 30), "")]
    )
    (shown,) = bars([row], FIRST, LAST, TODAY).rows
    assert (shown.bars, shown.days) == ((), ())


def test_a_row_of_a_dumbbell_has_a_mark_for_each_side_and_the_gap_between_the_outermost() -> None:
    rows = [Compared("Outside hours", {"Acme": Decimal(1), "Globex": Decimal(7), "Initech": Decimal(3)})]
    (row,) = dumbbell(rows).rows
    assert row.gap == (min(each.x for each in row.weights), max(each.x for each in row.weights))
    assert [each.number for each in row.weights] == [0, 1, 2]


def test_one_side_alone_has_no_gap_and_keeps_its_own_mark() -> None:
    rows = [
        Compared("2026-Q4", {"Acme": Decimal(1), "Globex": Decimal(2)}),
        Compared("2027-Q1", {"Globex": Decimal(2)}),
    ]
    shown = dumbbell(rows, "h")
    assert shown.rows[1].gap is None
    assert shown.rows[1].weights[0].number == 1
    assert shown.rows[1].weights[0].words == "Globex: 2 h"


def test_sides_that_are_alike_lie_above_one_another_so_that_both_are_seen() -> None:
    (row,) = dumbbell([Compared("Q1", {"Acme": Decimal(4), "Globex": Decimal(4)})]).rows
    assert len({(each.x, each.y) for each in row.weights}) == 2


def test_a_dumbbell_begins_at_nothing_so_that_a_small_gap_looks_small() -> None:
    (row,) = dumbbell([Compared("Mean", {"Acme": Decimal("4.1"), "Globex": Decimal("4.2")})]).rows
    assert row.gap is not None
    assert row.gap[1] - row.gap[0] < 20


def test_what_is_counted_has_no_halves_on_its_axis() -> None:
    shown = dumbbell([Compared("Has the chair", {"Acme": Decimal(1), "Globex": Decimal(2)})])
    assert [tick.words for tick in shown.values] == ["0", "1", "2"]
    shares = dumbbell([Compared("Share", {"Acme": Decimal("0.5"), "Globex": Decimal(2)})])
    assert "0.5" in [tick.words for tick in shares.values]
