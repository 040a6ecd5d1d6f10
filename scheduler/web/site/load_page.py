"""What reviews ask of sides and of people: hours a quarter, collisions, hours outside working hours, rotations."""

from collections.abc import Collection
from zoneinfo import ZoneInfo

from scheduler.services.viewer import NotThere
from scheduler.services.views import quarterly_load as view
from scheduler.store import partnerships

from . import paths
from .page import Asked, Page, Shown


def _show(asked: Asked) -> Shown[view.QuarterlyLoad]:
    theirs, chosen = _theirs(asked), asked.query.get("partnership") or None
    if chosen and chosen not in theirs:
        raise NotThere
    today = asked.on or asked.now.astimezone(ZoneInfo(asked.viewer.zone)).date()
    first = view.first_of(asked.query.get("quarter"), today)
    facts = view.quarterly_load(asked.app, asked.db, theirs, chosen, first, asked.now)
    return Shown("Load", facts, {"chosen": chosen, "most": view.MOST})


def _theirs(asked: Asked) -> Collection[str]:
    viewer = asked.viewer
    if viewer.sees_all:
        return partnerships.ids(asked.db)
    if viewer.as_organisation is not None:
        return partnerships.of_organisation(asked.db, viewer.as_organisation)
    return viewer.seats


PAGE = Page(paths.LOAD, "load.html.j2", _show)
