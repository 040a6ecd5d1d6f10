"""The portfolio: how the partnerships stand, the worst first, with the reason; filtered, in any order, as a table for
spreadsheets."""

from collections.abc import Mapping
from typing import Any, get_args

from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.errors import UserError
from scheduler.domain.manner import AS_EVER
from scheduler.domain.record.standing import State
from scheduler.render.languages import known, say, say_as, speaking
from scheduler.render.office.csv_text import CSV, csv_bytes
from scheduler.render.office.extra import is_installed
from scheduler.render.standing import sentences
from scheduler.render.wording import plain_words
from scheduler.services import folders
from scheduler.services.views import standings as view
from scheduler.services.views.standings import Group, Portfolio, PortfolioFilter, Sort

from . import paths, sheets_page
from .page import Asked, Download, Page, Shown

_SEARCH = 100
MOST = 100
"""So many partnerships stand in a file that a page gives: some three seconds of the daemon's."""
_COLUMNS = (
    "id", "name", "model", "sponsor", "standing", "since", "because", "trend", "next review", "starts", "overdue",
    "date of the agreement", "which", "held in time", "past reviews", "adherence %",
)  # fmt: skip
_KEPT = ("q", "state", "model", "sponsor", "layer", "sort", "group", "of")
"""What is asked for, and stays so from one page to the next."""


def _show(asked: Asked) -> "Shown[Portfolio] | Download":
    query, wanted = asked.query, _wanted(asked)
    readers = view.readers_of(asked.viewer)
    page = None if query.get("export") else _page(query.get("page"))
    found = view.portfolio(asked.app, asked.db, wanted, readers, asked.now, page)
    if export := query.get("export"):
        if export != "csv":
            return _sheets(asked, found)
        with speaking(AS_EVER):
            return Download("portfolio.csv", CSV, _as_csv(found, _because(asked, found)))
    because = _because(asked, found)
    return Shown(
        say("Portfolio"),
        found,
        {
            "wanted": wanted,
            "because": because,
            "choices": _choices(),
            "can_write": is_installed("xlsxwriter"),
            "has_layers": view.has_layers(asked.db, readers),
            "states": tuple(State),
            "models": {model.value: known(model.words) for model in Model},
            "plain_day": plain_words,
            "held": sorted(folders.held(asked.app, asked.db)) if asked.viewer.sees_all else (),
            "asks": {key: query[key] for key in _KEPT if query.get(key)},
        },
    )


def _sheets(asked: Asked, found: Portfolio) -> Download:
    """What was measured, is to be done and was decided in those that are found."""
    ids = dict.fromkeys(each.id.partition("/")[0] for each in found.rows)
    if len(ids) > MOST:
        what = f"These are {len(ids)} partnerships, and one file of a page has those of {MOST} at the most"
        raise UserError(what, "choose fewer; those of all: cadence sheets --out FILE.xlsx")
    if asked.on:
        raise UserError("These are not written as of a past day", "each partnership's page writes its own of that day")
    of = asked.query["export"].removeprefix("xlsx")
    return sheets_page.download(asked, "partnerships", [(id, asked.audience(id)) for id in ids], of, later=True)


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in each field, with what it is called."""
    any_of_them = ("", say("any"))
    return {
        "state": [any_of_them, *((state.value, known(state.words)) for state in State)],
        "model": [any_of_them, *((model.value, known(model.words)) for model in Model)],
        "group": [("", say_as("to group by", "nothing")), *((group, known(group)) for group in view.GROUPS)],
    }


def _wanted(asked: Asked) -> PortfolioFilter:
    query = asked.query
    return PortfolioFilter(
        state=State(state) if (state := _one_of(query, "state", [each.value for each in State])) else None,
        model=_one_of(query, "model", [model.value for model in Model]),
        sponsor=_words(query, "sponsor"),
        layer=_words(query, "layer"),
        search=_words(query, "q"),
        sort=_sort(query),
        group=_group(query),
        layers=query.get("of") == "layers",
        on=asked.on,
    )


def _sort(query: Mapping[str, str]) -> Sort:
    return next((each for each in get_args(Sort) if each == _one_of(query, "sort", view.SORTS)), "worst")


def _group(query: Mapping[str, str]) -> Group | None:
    return next((each for each in get_args(Group) if each == _one_of(query, "group", view.GROUPS)), None)


def _one_of(query: Mapping[str, str], name: str, known: "tuple[str, ...] | list[str]") -> str | None:
    said = query.get(name, "").replace("-", "_") or None  # as the command line writes them, too
    if said is not None and said not in known:
        raise UserError(f"{said[:40]!r} is no {name}", f"it is one of {', '.join(known)}")
    return said


def _words(query: Mapping[str, str], name: str) -> str | None:
    return query.get(name, "").strip()[:_SEARCH] or None


def _page(said: str | None) -> int:
    if not said:
        return 1
    if not (said.isascii() and said.isdigit() and 0 < len(said) <= 6 and int(said)):
        raise UserError(f"{said[:40]!r} is no page", "pages are numbered from 1 on")
    return int(said)


def _because(asked: Asked, found: Portfolio) -> dict[str, str]:
    """The reason of each row, in words, by its id."""
    told = [(each.id, each.cause) for each in found.rows if each.cause]
    words = sentences([cause for _, cause in told], asked.app.settings.template_folders, brief=True)
    return {id: f"{said[:1].upper()}{said[1:]}" for (id, _), said in zip(told, words, strict=True)}


def _as_csv(found: Portfolio, because: Mapping[str, str]) -> bytes:
    rows = list[tuple[Any, ...]]()
    for each in found.rows:
        cells = (
            each.id, each.name, each.model.replace("_", " "), each.sponsor, each.state.words, each.since,
            because.get(each.id), each.trend, each.next_review,
            each.next_start, each.overdue, each.next_date, each.next_date_is,
            each.kept, each.counted, each.adherence,
        )  # fmt: skip
        rows.append(cells)
    return csv_bytes(_COLUMNS, rows)


PAGE = Page(paths.PORTFOLIO, "portfolio.html.j2", _show)
