"""What reviews ask of sides and of people: hours a quarter, collisions, hours outside working hours, rotations."""

from collections.abc import Collection
from decimal import Decimal
from zoneinfo import ZoneInfo

from scheduler.render.languages import local_forms, say, say_as
from scheduler.services.viewer import NotThere
from scheduler.services.views import quarterly_load as view
from scheduler.store import members, partnerships

from . import paths
from .page import Asked, Page, Shown


def _show(asked: Asked) -> Shown[view.QuarterlyLoad]:
    theirs, chosen = _theirs(asked), asked.query.get("partnership") or None
    if chosen and chosen not in theirs:
        raise NotThere
    today = asked.on or asked.now.astimezone(ZoneInfo(asked.viewer.zone)).date()
    first = view.first_of(asked.query.get("quarter"), today)
    facts = view.quarterly_load(asked.app, asked.db, theirs, chosen, first, asked.now)
    more = {"chosen": chosen, "most": view.MOST, "much": _hours, "tenths": _tenths}
    return Shown(say_as("the work that reviews make", "Load"), facts, more)


def _hours(minutes: int) -> str:
    """``2 h``, ``2 h 30 min``."""
    if minutes % 60:
        return say("%(hours)s h %(minutes)s min", hours=minutes // 60, minutes=minutes % 60)
    return say("%(hours)s h", hours=minutes // 60)


def _tenths(hours: float) -> str:
    """``12.5``, ``12.0``."""
    if local_forms.numbers_are_local():
        return local_forms.number(Decimal(f"{hours:.1f}"))
    return f"{hours:.1f}"


def _theirs(asked: Asked) -> Collection[str]:
    viewer = asked.viewer
    if viewer.sees_all:
        return partnerships.ids(asked.db)
    if viewer.as_organisation is not None:
        return members.partnerships_of_organisation(asked.db, viewer.as_organisation)
    return viewer.seats


PAGE = Page(paths.LOAD, "load.html.j2", _show)
