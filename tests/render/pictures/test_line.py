"""A KPI's line: gaps stay gaps, and each period is held against the target of its own time."""

from decimal import Decimal

from scheduler.domain.definition.target import Target
from scheduler.render.pictures.line import ChartLine, PeriodValue, line

AT_LEAST = Target.read(">= 0.3")


def period(label: str, value: str | None, target: Target | None = AT_LEAST, **known: bool) -> PeriodValue:
    number = None if value is None else Decimal(value)
    met = None if number is None or target is None else target.met(number)
    return PeriodValue(label, number, target, met, words=f"{label}: {value}", **known)


def drawn(*values: str | None, target: Target | None = AT_LEAST, width: int = 720) -> ChartLine:
    return line([period(f"2027-{n:02}", value, target) for n, value in enumerate(values, 1)], width)


def test_a_period_without_a_reading_breaks_the_line_and_is_marked() -> None:
    shown = drawn("0.31", "0.28", None, "0.33", "0.35", "0.36")
    assert [len(run.split()) for run in shown.runs] == [2, 3]
    assert [gap.words for gap in shown.gaps] == ["2027-03: None"]
    assert len(shown.dots) == 5


def test_a_value_between_two_gaps_is_a_dot_without_a_line() -> None:
    shown = drawn(None, "0.3", None)
    assert shown.runs == ()
    assert len(shown.dots) == 1


def test_what_missed_its_target_has_another_mark_than_what_met_it() -> None:
    assert [dot.mark for dot in drawn("0.31", "0.29").dots] == ["met", "missed"]
    assert [dot.mark for dot in drawn("0.31", target=None).dots] == ["unjudged"]


def test_a_corrected_reading_bears_a_ring() -> None:
    shown = line([period("2027-01", "0.31"), period("2027-02", "0.3", is_corrected=True)])
    assert [dot.is_corrected for dot in shown.dots] == [False, True]


def test_the_band_of_at_least_reaches_up_to_the_edge_and_of_at_most_down() -> None:
    plot = drawn("0.31").plot
    (up,) = drawn("0.31", "0.2").band
    assert up.y == plot.y
    assert up.y + up.height < plot.y + plot.height
    (down,) = drawn("95", "90", target=Target.read("<= 92")).band
    assert down.y > plot.y
    assert round(down.y + down.height, 1) == plot.y + plot.height


def test_a_range_is_a_band_between_two_bounds() -> None:
    shown = drawn("2", "4", "6", target=Target.read("3..5"))
    (band,) = shown.band
    _, middle, _ = shown.dots
    assert band.y < middle.y < band.y + band.height
    assert len(shown.bounds) == 2


def test_a_target_of_one_number_is_a_band_that_can_be_seen() -> None:
    (band,) = drawn("4", "5", target=Target.read("= 4")).band
    assert band.height >= 2


def test_a_target_that_changed_has_a_band_for_each_span() -> None:
    later = Target.read(">= 0.4")
    shown = line([period("2027-01", "0.31"), period("2027-02", "0.31"), period("2027-03", "0.42", later)])
    first, second = shown.band
    assert round(first.x + first.width, 1) == second.x
    assert first.width > second.width
    assert second.height < first.height


def test_a_milestone_has_two_heights_in_words() -> None:
    shown = drawn("0", "1", target=Target.read("yes"))
    assert [tick.words for tick in shown.values] == ["missed", "met"]
    missed, met = shown.dots
    assert met.y < missed.y


def test_the_last_period_is_named_and_no_two_names_overlap() -> None:
    shown = drawn(*["0.3"] * 24)
    assert shown.periods[-1].words == "2027-24"
    apart = [after.at - before.at for before, after in zip(shown.periods, shown.periods[1:], strict=False)]
    assert min(apart) >= 7 * 7.2


def test_a_small_picture_names_the_first_and_the_last_period() -> None:
    assert [tick.words for tick in drawn(*["0.3"] * 12, width=280).periods] == ["2027-01", "2027-12"]


def test_of_nothing_there_is_an_empty_plot() -> None:
    shown = line([])
    assert (shown.dots, shown.runs, shown.periods) == ((), (), ())


def test_everything_lies_inside_the_picture() -> None:
    shown = drawn("150000", None, "-149000.5", target=Target.read(">= 0"))
    assert all(shown.plot.x <= dot.x <= shown.plot.x + shown.plot.width for dot in shown.dots)
    assert all(shown.plot.y <= dot.y <= shown.plot.y + shown.plot.height for dot in shown.dots)
    assert shown.plot.x + shown.plot.width <= shown.width
