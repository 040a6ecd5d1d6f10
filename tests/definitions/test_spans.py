"""Every span that a definition or a playbook can say is honoured in its own unit, or refused with the way out: all keys
and all units.

Acme is in Bavaria and Globex in Michigan; what a span should come to is counted here day by day.
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from scheduler.definitions.loading import load
from scheduler.definitions.playbooks import playbooks
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Organisation
from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.errors import UserError
from scheduler.domain.phrases import SpanUnit
from scheduler.domain.record.review import Window
from scheduler.rules.kpis.measurements import measurements
from scheduler.rules.reminders.agreement import decide_by
from scheduler.rules.reviews.checkpoint import checkpoint
from scheduler.rules.reviews.formal_review import called
from scheduler.rules.reviews.planner import plan_reviews
from scheduler.rules.reviews.scopes import scopes
from scheduler.rules.triggers.kinds.unreported import silent_from
from scheduler.settings import shipped
from tests.builders import CELLS_DELIVERED, at, written

BOOKS = playbooks(shipped("playbooks"))
UNITS = get_args(SpanUnit)
NOW = at("2026-10-01 09:00")
ENDS = date(2029, 9, 30)
ALL = written()
SIDES = {key: Organisation.model_validate(said) for key, said in ALL["organisations"].items()}


def count_of(unit: str) -> int:
    """Seven, which shows every unit by itself; of years, fewer than anything that is agreed."""
    return 2 if unit == "year" else 7


def counted(day: date, count: int, unit: str, sides: tuple[str, ...] = ("acme", "globex")) -> date:
    """`count` units on from a day, or back where it is negative; working days are those of all of these sides."""
    step = 1 if count > 0 else -1
    if unit in ("month", "year"):
        months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
        first = date(months // 12, months % 12 + 1, 1)
        length = (date(first.year + first.month // 12, first.month % 12 + 1, 1) - first).days
        is_last = step > 0 and (day + timedelta(days=1)).month != day.month
        return first.replace(day=length if is_last else min(day.day, length))
    left = abs(count)
    while left:
        day += timedelta(days=step * (7 if unit == "week" else 1))
        left -= unit != "working day" or not any(SIDES[side].is_off(day) for side in sides)
    return day


def on_a_working_day(day: date, step: int) -> date:
    """The day itself, else the next one or the one before on which both sides work."""
    while any(side.is_off(day) for side in SIDES.values()):
        day += timedelta(days=step)
    return day


def with_value(path: tuple[Any, ...], value: str) -> tuple[Partnership | None, list[str]]:
    """The definition with this value under a path, and where its errors are."""
    tree: Any = deepcopy(ALL)
    tree["agreement"] |= {
        "ends": ENDS.isoformat(),
        "renewal": {"kind": "tacit", "for": "24 months", "notice": "5 days"},
    }
    tree["kpis"]["cells-delivered"] = {**CELLS_DELIVERED}
    tree["triggers"] = [{"when": "unreported", "kpi": "any", "for": "10 days"}]
    tree["reviews"] = {"operating": {"every": "month", "on": "day 15", "clocks": {"minutes": "2 days"}}}
    into = tree
    for step in path[:-1]:
        into = into.setdefault(step, {}) if isinstance(into, dict) else into[step]
    into[path[-1]] = value
    loaded = load(yaml.safe_dump(tree, allow_unicode=True), "<test>", BOOKS)
    return loaded.partnership, [each.where for each in loaded.problems if each.severity == "error"]


def cells(partnership: Partnership) -> Any:
    """November's measurement of cells delivered."""
    [scope, *_] = scopes(partnership, BOOKS)
    owed = measurements(scope, {}, {}, NOW, date(2036, 12, 31))
    return next(each for each in owed if each.key == "cells-delivered" and each.period.label == "2026-11")


def clock(name: str) -> Callable[[Partnership], tuple[date, date]]:
    """The date of November's operating review and that of one of its clocks."""

    def found(partnership: Partnership) -> tuple[date, date]:
        reviews = plan_reviews(partnership, BOOKS, Window.rolling(NOW, 90)).reviews
        review = next(each for each in reviews if each.id == "acme-globex/operating/2026-11")
        return review.start.date(), dict(review.clocks)[name]

    return found


def silence(partnership: Partnership) -> date:
    """The day from which November counts as unreported for so long."""
    [scope, *_] = scopes(partnership, BOOKS)
    return silent_from(cells(partnership), partnership.triggers[0].for_, scope, date(2026, 10, 1))  # type: ignore[union-attr]


def is_right(key: str, unit: str, partnership: Partnership) -> bool:
    agreement = partnership.agreement
    match key:
        case "notice":
            return partnership.cancel_by == counted(ENDS, -count_of(unit), unit)
        case "buffer":
            return partnership.cancel_by == counted(ENDS - timedelta(days=5), -count_of(unit), unit)
        case "for":
            rolled = agreement.as_of(ENDS, partnership.works)
            return rolled.ends == counted(ENDS, count_of(unit), unit)
        case "due":
            return bool(cells(partnership).due == counted(date(2026, 11, 30), count_of(unit), unit, ("globex",)))
        case "grace":
            owed = cells(partnership)
            return bool(owed.overdue_since == counted(owed.due, count_of(unit), unit, ("globex",)) + timedelta(days=1))
        case "silence":
            return silence(partnership) == counted(cells(partnership).due, count_of(unit), unit, ("globex",))
        case "length":
            [first, *_] = [
                each
                for each in plan_reviews(partnership, BOOKS, Window.rolling(NOW, 90)).reviews
                if each.series == "operating"
            ]
            return first.end - first.start == timedelta(**{f"{unit}s": count_of(unit)})
        case "minutes" | "objections":
            day, on = clock(f"{key}_{'by' if key == 'minutes' else 'until'}")(partnership)
            start = day if key == "minutes" else day + timedelta(days=2)
            return on == on_a_working_day(counted(start, count_of(unit), unit), 1)
        case _:
            names = {"review notice": "notice_by", "agenda": "agenda_by", "items": "items_until"}
            day, on = clock(names[key])(partnership)
            return on == on_a_working_day(counted(day, -count_of(unit), unit), -1)


_CLOCKS = ("reviews", "operating", "clocks")
KEYS: dict[str, tuple[tuple[Any, ...], str]] = {
    "notice": (("agreement", "renewal", "notice"), "agreement.renewal.notice"),
    "buffer": (("agreement", "renewal", "buffer"), "agreement.renewal.buffer"),
    "for": (("agreement", "renewal", "for"), "agreement.renewal.for"),
    "due": (("kpis", "cells-delivered", "due"), "kpis.cells-delivered"),
    "grace": (("kpis", "cells-delivered", "grace"), "kpis.cells-delivered"),
    "silence": (("triggers", 0, "for"), "triggers[0].for"),
    "length": (("reviews", "operating", "length"), "reviews.operating"),
    "review notice": ((*_CLOCKS, "notice"), "reviews.operating.clocks.notice"),
    "agenda": ((*_CLOCKS, "agenda"), "reviews.operating.clocks.agenda"),
    "items": ((*_CLOCKS, "items"), "reviews.operating.clocks.items"),
    "minutes": ((*_CLOCKS, "minutes"), "reviews.operating.clocks.minutes"),
    "objections": ((*_CLOCKS, "objections"), "reviews.operating.clocks.objections"),
}
HONOURED = {
    **{key: {"day", "working day", "week", "month", "year"} for key in ("notice", "buffer", "for", "silence")},
    "due": {"day", "working day"},
    "grace": {"working day"},
    "length": {"minute", "hour"},
    **{key: {"day", "working day", "week"} for key in ("review notice", "agenda", "items", "minutes", "objections")},
}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("key", KEYS)
def test_a_span_of_a_definition_is_honoured_in_its_unit_or_refused_where_it_stands(key: str, unit: str) -> None:
    path, where = KEYS[key]
    partnership, errors = with_value(path, f"{count_of(unit)} {unit}s")
    if partnership is None:
        assert errors and all(each.startswith(where) for each in errors)
        assert unit not in HONOURED[key]
    else:
        assert unit in HONOURED[key]
        assert is_right(key, unit, partnership)


def test_a_notice_of_45_working_days_is_that_many_days_on_which_all_parties_work() -> None:
    """Bavaria is off on the Assumption, 15 August, and Michigan on Labor Day, 3 September 2029."""
    partnership, _ = with_value(("agreement", "renewal", "notice"), "45 working days")
    assert partnership is not None
    assert partnership.cancel_by == date(2029, 7, 27)


# Playbooks ---------------------------------------------------------------------------------------------------------


def a_book(tmp_path: Path, path: tuple[str, ...], value: str) -> Playbook | None:
    """The playbook of a contractual alliance with this value under a path; None where it is refused."""
    tree: dict[Any, Any] = yaml.safe_load(
        (shipped("playbooks") / "contractual_alliance.yaml").read_text(encoding="utf-8")
    )
    tree["on"] = tree.pop(True, tree.get("on"))  # PyYAML takes the word `on` for true
    into: Any = tree
    for step in path[:-1]:
        into = into[step]
    into[path[-1]] = value
    text = yaml.safe_dump(tree, allow_unicode=True).replace("true:", "on:").replace("'on':", "on:")
    (tmp_path / "contractual_alliance.yaml").write_text(text, encoding="utf-8")
    try:
        return playbooks(tmp_path, shipped("playbooks"))[Model.CONTRACTUAL_ALLIANCE]
    except UserError as trouble:
        assert path[-1] in str(trouble) or path[-1] in trouble.hint
        return None


IN_PLAYBOOKS: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "due": (("kpis", "due", "month"), {"day", "working day"}),
    "decide": (("agreement", "decide"), {"day", "working day", "week", "month", "year"}),
    "checkpoint_after": (("checkpoint_after",), {"day", "week"}),
    "called": (("formal_review", "clocks", "notice"), {"day", "working day"}),
}


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("key", IN_PLAYBOOKS)
def test_a_span_of_a_playbook_is_honoured_in_its_unit_or_refused(key: str, unit: str, tmp_path: Path) -> None:
    path, honoured = IN_PLAYBOOKS[key]
    book = a_book(tmp_path, path, f"{count_of(unit)} {unit}s")
    assert (book is not None) is (unit in honoured)
    if book is None:
        return
    agreement = {"ends": ENDS.isoformat(), "renewal": {"kind": "tacit", "notice": "5 days"}}
    kpi = {name: said for name, said in CELLS_DELIVERED.items() if name != "due"}
    tree = written(agreement=agreement, kpis={"cells-delivered": kpi})
    partnership = Partnership.model_validate(tree)
    [scope, *_] = scopes(partnership, {book.model: book})
    if key == "due":
        owed = measurements(scope, {}, {}, NOW, date(2027, 12, 31))[1]
        assert owed.due == counted(date(2026, 11, 30), count_of(unit), unit, ("globex",))
    elif key == "decide":
        decide = decide_by(partnership.agreement, book.agreement, partnership.works)
        assert decide == counted(ENDS - timedelta(days=5), -count_of(unit), unit)
    elif key == "checkpoint_after":
        review = checkpoint(scope)
        assert review is not None and review.nominal_date == counted(date(2026, 10, 1), count_of(unit), unit)
    else:
        review = called(scope, date(2026, 11, 2))
        assert review is not None and review.nominal_date == counted(date(2026, 11, 2), count_of(unit), unit)
