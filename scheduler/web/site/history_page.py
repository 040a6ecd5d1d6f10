"""What happened, the latest first, as far as its reader may see it: filtered, and a page at a time."""

from datetime import datetime, time, timedelta
from itertools import groupby
from typing import get_args
from zoneinfo import ZoneInfo

from scheduler.domain.errors import UserError
from scheduler.render.languages import say
from scheduler.rules.access import Audience
from scheduler.services.viewer import NotThere
from scheduler.services.views import history as view
from scheduler.store import members, partnerships

from . import paths
from .page import Asked, Page, Shown


def _show(asked: Asked) -> Shown[view.HistoryPage]:
    wanted = view.HistoryFilter(
        until=_until(asked),
        kinds=_kinds(asked.query.get("kind")),
        partnership=asked.query.get("partnership") or None,
        older=asked.query.get("older"),
        by_people=asked.query.get("by") == "people",
    )
    audiences = _audiences(asked)
    if wanted.partnership:
        asked.audience(wanted.partnership)
        known = partnerships.is_there(asked.db, wanted.partnership)
        if not known or (audiences is not None and wanted.partnership not in audiences):
            raise NotThere
    facts = view.history(asked.app, asked.db, wanted, audiences)
    there = ZoneInfo(asked.viewer.zone)
    days = [(day, [*some]) for day, some in groupby(facts.entries, key=lambda each: each.at.astimezone(there).date())]
    return Shown(say("History"), facts, {"kinds": view.KINDS, "days": days})


def _audiences(asked: Asked) -> dict[str, Audience] | None:
    viewer = asked.viewer
    if viewer.sees_all:
        return None
    ids = list(viewer.seats)
    if viewer.as_organisation is not None:
        ids = members.partnerships_of_organisation(asked.db, viewer.as_organisation)
    return {id: viewer.audience(id) for id in ids}


def _kinds(written: str | None) -> tuple[view.Kind, ...]:
    if not written:
        return view.KINDS
    chosen = tuple(each for each in get_args(view.Kind) if each == written)
    if not chosen:
        raise UserError(f"{written[:40]!r} is nothing that is kept here", f"choose one of {', '.join(view.KINDS)}")
    return chosen


def _until(asked: Asked) -> datetime:
    """The end of the past day as of which it is shown, on the reader's clock; else the end of all that happened."""
    if asked.on is None:
        return asked.now + timedelta(days=2)
    return datetime.combine(asked.on + timedelta(days=1), time(), ZoneInfo(asked.viewer.zone))


PAGE = Page(paths.HISTORY, "history.html.j2", _show)
