"""The pictures as SVG: files that one can open, without a style of their own."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree

import pytest

from scheduler.domain.definition.target import Target
from scheduler.render.pictures.bars import BarDay, BarSpan, BarSubject, bars
from scheduler.render.pictures.clock_line import ClockStep, clock_line
from scheduler.render.pictures.dumbbell import Compared, dumbbell
from scheduler.render.pictures.line import PeriodValue, line
from scheduler.render.pictures.strip import Cell, CellState, DaysOff, Lane, strip
from scheduler.render.templating import environment_of
from tests.golden import Golden

ROOT = Path(__file__).parents[3]
GOLDEN = ROOT / "tests/render/golden/pictures"
HOSTILE = '<script>alert(1)</script>"&'
STATES: tuple[CellState, ...] = ("planned", "moved", "held", "late", "without quorum", "skipped", "not closed")


def drawn(macro: str, shown: object, *more: str) -> str:
    """What a macro makes of a picture, under a hostile label."""
    environment = environment_of("x.html.j2", (ROOT / "templates",))
    said = ", ".join(["shown", "label", *more])
    template = f"{{% import 'web/site/_pictures.html.j2' as pictures %}}{{{{ pictures.{macro}({said}) }}}}"
    return environment.from_string(template).render(shown=shown, label=f"As told {HOSTILE}").strip() + "\n"


def a_line(width: int = 720) -> str:
    values = ["0.31", "0.28", None, "0.33", "0.35", "0.24"]
    target = Target.read(">= 0.3")
    periods = [
        PeriodValue(
            f"2027-0{n}",
            None if value is None else Decimal(value),
            target,
            None if value is None else target.met(Decimal(value)),
            is_corrected=n == 4,
            words=f"2027-0{n}: {value} {HOSTILE}",
        )
        for n, value in enumerate(values, 1)
    ]
    return drawn("line", line(periods, width, 120 if width < 400 else 260))


def a_clock_line(*, upright: bool) -> str:
    steps = [
        ClockStep("Notice", date(2027, 1, 4), "done"),
        ClockStep("Agenda out", date(2027, 2, 5), "late", f"2 days late {HOSTILE}"),
        ClockStep("Items until", date(2027, 2, 9), "due"),
        ClockStep("Review", date(2027, 2, 16), "ahead", is_review=True),
        ClockStep("Minutes", date(2027, 2, 23), "past"),
        ClockStep("Objections", date(2027, 3, 9)),
    ]
    return drawn("clock_line", clock_line(steps, date(2027, 2, 9), upright=upright))


def a_strip() -> str:
    cells = [Cell(f"a/operating/{n}", date(2026, 8 + n // 2, 1 + n), state, HOSTILE) for n, state in enumerate(STATES)]
    weekly = [
        Cell(f"a/pipeline/{n}", date.fromordinal(date(2026, 7, 7).toordinal() + 7 * n), "held", "") for n in range(28)
    ]
    off = [DaysOff(date(2026, 12, 24), date(2027, 1, 3), HOSTILE)]
    lanes = [Lane(f"Operating {HOSTILE}", cells), Lane("Pipeline review", weekly)]
    sides = [(f"Acme {HOSTILE}", off), ("Globex", [DaysOff(date(2026, 11, 26), date(2026, 11, 27), "Thanksgiving")])]
    return drawn("strip", strip(lanes, sides, date(2026, 7, 1), date(2027, 6, 30), date(2027, 1, 12)), "'s'")


def some_bars() -> str:
    agreement = BarSubject(
        f"Agreement {HOSTILE}",
        [
            BarSpan("term", date(2025, 1, 1), date(2028, 3, 31), "term"),
            BarSpan("window", date(2027, 9, 1), date(2027, 12, 1), ""),
        ],
        [BarDay("decide", date(2027, 9, 1), HOSTILE), BarDay("notice", date(2027, 12, 1), "cancel by")],
    )
    more = [
        BarSubject("NDA", [BarSpan("document", None, None, "")]),
        BarSubject(
            "Checkpoint", [], [BarDay("checkpoint", date(2027, 4, 1), ""), BarDay("amendment", date(2027, 6, 1), "")]
        ),
    ]
    return drawn("bars", bars([agreement, *more], date(2027, 1, 1), date(2028, 12, 31), date(2027, 1, 12)))


def a_dumbbell() -> str:
    rows = [
        Compared(f"Q4 {HOSTILE}", {"Acme": Decimal("1.5"), "Globex": Decimal(7)}),
        Compared("Q1", {"Acme": Decimal(4), "Globex": Decimal(4)}),
    ]
    return drawn("dumbbell", dumbbell(rows, "h"))


PICTURES: dict[str, Callable[[], str]] = {
    "line": a_line,
    "line-small": lambda: a_line(280),
    "clock-line": lambda: a_clock_line(upright=False),
    "clock-line-upright": lambda: a_clock_line(upright=True),
    "strip": a_strip,
    "bars": some_bars,
    "dumbbell": a_dumbbell,
}


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_are_the_golden_ones(name: str, golden: Golden) -> None:
    golden(GOLDEN / f"{name}.html", PICTURES[name]())


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_well_formed_is_labelled_and_bears_no_style_of_its_own(name: str) -> None:
    """A style attribute is blocked by the content security policy of pages, and a hostile name stays text."""
    root = ElementTree.fromstring(f"<p>{PICTURES[name]()}</p>")
    pictures = [each for each in root.iter() if each.get("role") == "img"]
    assert [each.get("aria-label") for each in pictures] == [f"As told {HOSTILE}"]
    assert not [each for each in root.iter() if "style" in each.attrib or each.tag.endswith("script")]


def test_each_state_of_a_review_has_a_shape_of_its_own_without_any_colour() -> None:
    environment = environment_of("x.html.j2", (ROOT / "templates",))
    template = "{% import 'web/site/_pictures.html.j2' as pictures %}{{ pictures.cell(state, 8, 8) }}"
    shapes = [environment.from_string(template).render(state=state).split('class="', 1)[-1] for state in STATES]
    assert len({shape.partition('"')[2] for shape in shapes}) == len(STATES)
