"""The portfolio: how partnerships stand, filtered, in order, a page at a time; answered by the indexes of `standing`,
or, of a past day, of `past_standing`."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, func, literal, null, or_, select

from scheduler.domain.record.standing import State

from . import core_tables
from .standings import SPONSORS, KeptStanding, kept

Sort = Literal["worst", "name", "next", "overdue", "date", "adherence"]
Group = Literal["model", "sponsor", "layer"]
_of = core_tables.standing.c
_past = core_tables.past_standing


@dataclass(frozen=True, slots=True)
class PortfolioFilter:
    """Which rows: those of each reader, in all partnerships (None) or in some; of partnerships, or of their `layers`.
    `sponsor` is a part of the sponsors' names, `search` of a name or an id. `on` is a past civil date, None for now."""

    readers: Mapping[str, frozenset[str] | None]
    layers: bool = False
    state: State | None = None
    model: str | None = None
    sponsor: str | None = None
    layer: str | None = None
    search: str | None = None
    on: date | None = None


def rows(
    db: Connection, wanted: PortfolioFilter, sort: Sort, first: int = 0, most: int | None = None
) -> list[KeptStanding]:
    """From the `first` on, at the `most` so many. Of a past day nothing is known but how each stood."""
    source = _source(wanted)
    order, found = _order(source.c, sort), select(source)
    if most is None:
        found = found.where(*_filters(source.c, wanted))
    else:  # what is not on the page is passed over in the index, and no row of it is read
        key = (source.c.scope, source.c.reader)
        shown = select(*key).where(*_filters(source.c, wanted)).order_by(*order).limit(most).offset(first).subquery()
        found = found.join(shown, and_(*(column == shown.c[column.name] for column in key)))
    return [kept(each) for each in db.execute(found.order_by(*order)).mappings()]


def has_layers(db: Connection, wanted: PortfolioFilter) -> bool:
    """Whether any of them has a layer."""
    theirs = replace(wanted, layers=True, on=None, state=None, model=None, sponsor=None, layer=None, search=None)
    return db.execute(select(literal(1)).where(*_filters(_of, theirs)).limit(1)).first() is not None


def totals(db: Connection, wanted: PortfolioFilter) -> dict[State, int]:
    """How many stand how."""
    of = _source(wanted).c
    found = db.execute(select(of.state, func.count()).where(*_filters(of, wanted)).group_by(of.state))
    return {State(state): count for state, count in found}


def groups(db: Connection, wanted: PortfolioFilter, by: Group) -> list[tuple[str, dict[State, int]]]:
    """The same of each model, sponsor or layer, by name; what has several sponsors counts with each of them."""
    of = _source(wanted).c
    column = of[by]
    asked = select(column, of.state, func.count()).where(*_filters(of, wanted)).group_by(column, of.state)
    found: dict[str, Counter[State]] = {}
    for written, state, count in db.execute(asked):
        for name in dict.fromkeys(written.split(SPONSORS)) if by == "sponsor" else (written,):
            found.setdefault(name, Counter())[State(state)] += count
    return sorted((name, dict(totals)) for name, totals in found.items())


def _source(wanted: PortfolioFilter) -> Any:
    """The rows of now, or those that stood on a past day with what a partnership is called and governed by now."""
    return core_tables.standing if wanted.on is None else _stood(wanted.on).subquery()


def _stood(on: date) -> Select[Any]:
    then = _past.alias("then")
    newest = select(func.max(_past.c.on)).where(
        _past.c.scope == then.c.scope, _past.c.reader == then.c.reader, _past.c.on <= on
    )
    known = core_tables.standing
    same = and_(known.c.scope == then.c.scope, known.c.reader == then.c.reader)
    told: dict[str, ColumnElement[Any]] = {column.name: column for column in then.c}
    told |= {name: known.c[name] for name in ("name", "model", "sponsor")}
    told |= {
        "before": null(),
        "noted_on": then.c.on,
        "since": then.c.on,
        "next_review": null(),
        "next_start": null(),
        "next_date": null(),
        "next_date_is": null(),
    }
    columns = [told[column.name].label(column.name) for column in known.columns]
    return select(*columns).select_from(known.join(then, same)).where(then.c.on == newest.scalar_subquery())


def _filters(of: Any, wanted: PortfolioFilter) -> Iterable[ColumnElement[bool]]:
    yield (
        or_(*(_reads(of, of.partnership if wanted.layers else of.scope, *each) for each in wanted.readers.items()))
        if wanted.readers
        else literal(1) == 0
    )
    yield of.layer != "" if wanted.layers else of.layer == ""
    for name in ("state", "model", "layer"):
        if value := getattr(wanted, name):
            yield of[name] == str(value)
    if wanted.sponsor:
        yield _has(of.sponsor, wanted.sponsor)
    if wanted.search:
        yield or_(_has(of.name, wanted.search), _has(of.scope, wanted.search))


def _has(column: Any, part: str) -> ColumnElement[bool]:
    """Whether a text has that in it, however it is written; ``%`` and ``_`` are letters like any other."""
    found: ColumnElement[bool] = func.lower(column).contains(part.lower(), autoescape=True)
    return found


def _reads(of: Any, partnership: Any, reader: str, ids: frozenset[str] | None) -> ColumnElement[bool]:
    mine: ColumnElement[bool] = of.reader == reader
    return mine if ids is None else and_(mine, partnership.in_(sorted(ids)))


def _order(of: Any, sort: Sort) -> tuple[Any, ...]:
    by: dict[Sort, tuple[Any, ...]] = {
        "worst": (of.weight,),
        "name": (),
        "next": (of.next_start.is_(None), of.next_start),
        "overdue": (of.overdue.desc(),),
        "date": (of.next_date.is_(None), of.next_date),
        "adherence": (of.adherence.is_(None), of.adherence),
    }
    return (*by[sort], of.name, of.scope)
