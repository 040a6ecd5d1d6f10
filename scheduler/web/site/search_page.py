"""What the field at the head of every page finds."""

from scheduler.render.languages import say
from scheduler.services.views import search as view

from . import paths
from .page import Asked, Page, Shown

_LONGEST = 100


def _show(asked: Asked) -> Shown[view.SearchResult]:
    words = " ".join(asked.query.get("q", "").split())[:_LONGEST]
    facts = view.found(asked.app, asked.db, asked.viewer, words, asked.now)
    return Shown(say("Search: %(words)s", words=words) if words else say("Search"), facts)


PAGE = Page(paths.SEARCH, "search.html.j2", _show)
