"""One's own calendar: a month, what is to come, and the subscriptions by which programs follow both."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypedDict
from zoneinfo import ZoneInfo

from scheduler.domain.errors import InvalidValue, UserError
from scheduler.render.ics.options import CLOCKS, Reports, clocks_in_words
from scheduler.render.languages import say, sentence
from scheduler.render.wording import day_and_month, in_a_row, month_words, short_weekday
from scheduler.rules.permissions import NotPermitted
from scheduler.services.cases import credentials
from scheduler.services.cases.credentials import Subscription
from scheduler.services.views import calendar as view
from scheduler.store import subscriptions
from scheduler.web.forms.lifecycle import Wrong

from . import paths
from .page import Acting, Asked, Done, Page, Shown

_CLOCKS = {
    "notice": sentence("notice to go out"),
    "agenda": sentence("agenda due"),
    "items": sentence("last day for items"),
    "minutes": sentence("draft minutes due"),
    "objections": sentence("last day for objections"),
}
MOST = 10
"""So many open subscriptions one may have: a program needs one."""


class _Chosen(TypedDict):
    """What a subscription is to show, as it is on record."""

    reports: str
    clocks: str
    invited: bool


def _show(asked: Asked) -> Shown[view.Calendar]:
    today = asked.on or asked.now.astimezone(ZoneInfo(asked.viewer.zone)).date()
    month = view.month_of(asked.query.get("month"), today)
    facts = view.calendar(asked.app, asked.db, asked.viewer, month, asked.now)
    more = {
        "before": (month - timedelta(days=1)).replace(day=1),
        "after": (month + timedelta(days=31)).replace(day=1),
        "clock_names": tuple(CLOCKS),
        "most": MOST,
        "month_words": month_words,
        "weekdays": [short_weekday(number) for number in range(7)],
        "day_and_month": day_and_month,
        "clock_list": _clock_list,
    }
    return Shown(say("Calendar"), facts, more)


def _clock_list(clocks: str) -> str:
    """``notice, agenda``, of what is on record of a subscription."""
    return in_a_row(say(_CLOCKS[each]) if each in _CLOCKS else each for each in clocks.split(","))


def _subscribe(acting: Acting) -> Done:
    shows = _chosen(acting)
    with acting.app.store.read() as db:
        has = len(subscriptions.open_of(db, acting.viewer.email))
    if has >= MOST:
        raise UserError(f"You have {has} subscriptions", sentence("revoke one that no program reads any more"))
    opened = credentials.subscribe(acting.app, acting.viewer.email, None, None, acting.now, **shows)
    return _told(lambda: say("Your subscription is open."), acting, opened)


def _change(acting: Acting) -> Done:
    row = credentials.change_subscription(acting.app, _number(acting), owner=acting.viewer.email, **_chosen(acting))
    return Done(
        lambda: say(
            "Subscription %(number)s shows what you chose, from the next time that a program reads it.", number=row.id
        )
    )


def _rotate(acting: Acting) -> Done:
    renewed = credentials.renew_subscription(acting.app, _number(acting), owner=acting.viewer.email)
    words = sentence("Subscription %(number)s has a new address; the old one leads nowhere.")
    return _told(lambda: say(words, number=renewed.row.id), acting, renewed)


def _revoke(acting: Acting) -> Done:
    """One's own; an operator ends anybody's."""
    owner = None if acting.viewer.is_operator else acting.viewer.email
    row = credentials.end_subscription(acting.app, _number(acting), acting.now, owner=owner)
    words = sentence("Subscription %(number)s has ended. Programs keep what they have read until it is removed there.")
    return Done(lambda: say(words, number=row.id))


def _share(acting: Acting) -> Done:
    """A calendar that is nobody's own: of a partnership as a side or as all partners see it, or of the portfolio."""
    if not acting.viewer.is_operator:
        raise NotPermitted("You may not open a calendar that is nobody's own", "an operator of this program may")
    partnership, organisation = (acting.said.get(name, "").strip() or None for name in ("partnership", "organisation"))
    if organisation and not partnership:
        raise Wrong(
            "organisation", InvalidValue(sentence("A side looks at one partnership"), sentence("name that, too"))
        )
    shows = _chosen(acting)
    opened = credentials.subscribe(
        acting.app, None, partnership, organisation, acting.now, clocks=shows["clocks"], reports=shows["reports"]
    )
    return _told(lambda: say("Subscription %(number)s is open.", number=opened.row.id), acting, opened)


def _told(words: Callable[[], str], acting: Acting, opened: Subscription) -> Done:
    return Done(words, once=f"{acting.app.settings.web.url}/calendars/{opened.token}.ics")


def _chosen(acting: Acting) -> _Chosen:
    reports = acting.said.get("reports", Reports.OWN)
    if reports not in list(Reports):
        raise UserError("This is none of the choices", "choose one of those that are shown")
    clocks = frozenset(key for name, key in CLOCKS.items() if acting.said.get(f"clock_{name}"))
    return {"reports": reports, "clocks": clocks_in_words(clocks), "invited": bool(acting.said.get("invited"))}


def _number(acting: Acting) -> int:
    number = acting.said.get("id", "")
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        raise UserError("There is no such subscription", "load the page again")
    return int(number)


PAGE = Page(
    paths.CALENDAR,
    "calendar.html.j2",
    _show,
    {"subscribe": _subscribe, "change": _change, "rotate": _rotate, "revoke": _revoke, "share": _share},
)
