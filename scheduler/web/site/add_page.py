"""Adding a partnership: the questions of `cadence add`, a step at a time, and the year that the answers would give."""

from typing import Any

from scheduler.domain.errors import UserError
from scheduler.render.pictures.strip import Cell, DaysOff, Lane, strip
from scheduler.services.cases import new_partnership as case
from scheduler.services.previews.new_partnership import FirstYear
from scheduler.services.views.new_partnership import NewPartnership, new_partnership
from scheduler.web.pages import FormLimits

from . import paths
from .page import Acting, Asked, Done, Download, Page, Shown

LAST = "overview"
"""The step at which it is looked over and written."""


def _show(asked: Asked) -> Shown[NewPartnership] | Download:
    facts = new_partnership(asked.app, asked.db, asked.viewer, asked.now)
    if asked.query.get("file"):
        if not facts.is_begun:
            raise UserError("There is no file yet", "answer the first questions")
        return Download(facts.file, "application/yaml; charset=utf-8", facts.text.encode())
    keys = [each.key for each in facts.steps]
    open_ = next((each.key for each in facts.steps if each.state in ("open", "wrong")), LAST)
    step = asked.query.get("step") or (open_ if facts.is_begun else keys[0])
    at = step if step in keys else LAST
    more: dict[str, Any] = {"step": next((each for each in facts.steps if each.key == at), None), "last": LAST}
    if at == LAST and facts.year:
        more["strip"] = _strip(facts.year)
    return Shown("Add a partnership", facts, more)


def _strip(year: FirstYear) -> object:
    lanes = [
        Lane(series.title, [Cell(each.id, each.starts.date(), "moved" if each.moved_because else "planned", each.title)
                            for each in series.reviews])
        for series in year.series
    ]  # fmt: skip
    sides: dict[str, list[DaysOff]] = {}
    for off in year.days_off:
        sides.setdefault(off.organisation, []).append(DaysOff(off.first, off.last, off.why))
    return strip(lanes, list(sides.items()), year.first, year.until, year.first, width=840)


def _answer(acting: Acting) -> Done:
    step = acting.said.get("step", "")
    kept = case.answer(acting.app, acting.viewer, step, acting.said, acting.now)
    if acting.said.get("go") == "another":
        return Done("Kept. There is room for another one at the end.", to=_at(step))
    if not kept.is_done:
        return Done("", to=_at(step))
    return Done("", to=_at(kept.following or LAST))


def _let_go(acting: Acting) -> Done:
    case.let_go(acting.app, acting.viewer)
    return Done("What you had begun is gone.", to=paths.ADD)


def _write(acting: Acting) -> Done:
    file = case.write(acting.app, acting.viewer, acting.now)
    return Done(f"{file.name} is written. The next cycle takes it up, within a minute or so.", to=paths.ADD)


def _at(step: str) -> str:
    return paths.with_query(paths.ADD, step=step)


PAGE = Page(
    paths.ADD,
    "add.html.j2",
    _show,
    {"answer": _answer, "let_go": _let_go, "write": _write},
    limits=FormLimits(most_bytes=200_000, most_fields=600),
)
