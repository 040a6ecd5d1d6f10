"""What lies ahead over two years: a bar for each term, document, layer, a mark for each day by which somebody has to
act; whoever manages or sponsors a partnership records here what was decided of its term, and that notice was sent."""

from collections.abc import Iterator
from datetime import date
from typing import cast

from scheduler.definitions.problems import quoted
from scheduler.domain.errors import InvalidValue
from scheduler.domain.record.renewal import COURSES, NOTICE_SENT, Word
from scheduler.render.pictures.bars import BarDay, BarKind, Bars, BarSpan, BarSubject, DayKind, bars
from scheduler.rules import permissions
from scheduler.rules.calendar.working_days import plainly
from scheduler.rules.horizon import HorizonLine
from scheduler.services import lookup
from scheduler.services.cases import renewals
from scheduler.services.viewer import NotThere
from scheduler.services.views.horizon import Horizon, PartnershipHorizon, of_these
from scheduler.store import partnerships, portfolio, standings
from scheduler.web.forms.lifecycle import Wrong, day_of, remark

from . import paths
from .page import Acting, Asked, Done, Page, Shown

MOST = 20
"""So many partnerships are shown at a time."""
_BARS: dict[str, BarKind] = {"term": "term", "layer": "term", "document": "document", "obligation": "binds"}
_BARS |= {"exit": "term", "pause": "paused"}
_DAYS: dict[str, DayKind] = {"decide": "decide", "notice": "notice", "checkpoint": "checkpoint"}
_DAYS |= {"amendment": "amendment"}
_WIDE, _NARROW = (1100, 230), (800, 110)
"""How wide the picture is, and the titles on it."""
WHAT = {
    "decide": "decide by",
    "notice": "notice has to leave by",
    "ends": "ends on",
    "expires": "expires on",
    "binds": "binds until",
    "checkpoint": "checkpoint on",
    "amendment": "another model from",
    "milestone": "to be reached by",
    "exit": "last day",
    "resumes": "paused until",
}


def _show(asked: Asked) -> Shown[Horizon]:
    one = asked.query.get("partnership")
    ids = [_one(asked, one)] if one else _ids(asked)
    page = _page_of(asked.query.get("page", "1"))
    facts = of_these(asked.app, asked.db, ids[(page - 1) * MOST : page * MOST], asked.now)
    if one and not facts.partnerships:
        raise NotThere
    pictures = {each.id: drawn(each, facts.today, facts.until) for each in facts.partnerships}
    may = {each.id for each in facts.partnerships if each.ends and _may_say(asked, each.id)}
    more = {
        "pictures": pictures,
        "what": WHAT,
        "may_say": may,
        "one": one,
        "page": page,
        "pages": -(-len(ids) // MOST),
        "of": len(ids),
    }
    return Shown("Horizon", facts, more)


def _one(asked: Asked, id: str) -> str:
    """The same id. Raises NotThere where there is no such partnership, and where whoever looks has no part in it."""
    row = partnerships.get(asked.db, id)
    if row is None or not asked.audience(id).is_of(asked.app.in_force(row).organisations):
        raise NotThere
    return id


def _ids(asked: Asked) -> list[str]:
    """The partnerships that go on and concern the reader; an operator, who may look at all, has those first whose next
    date on record comes soonest."""
    if asked.viewer.sees_all:
        soonest = portfolio.rows(asked.db, portfolio.PortfolioFilter({standings.OPERATOR: None}), "date")
        return [each.partnership for each in soonest]
    going_on = [each.id for each in partnerships.briefs(asked.db) if not each.ended_at]
    if asked.viewer.as_organisation:
        rows = lookup.partnerships_of(asked.app, asked.db, None, asked.viewer.as_organisation)
        return [row.id for row in rows if not row.ended_at]
    return [id for id in going_on if id in asked.viewer.seats]


def _page_of(written: str) -> int:
    return max(int(written), 1) if written.isascii() and written.isdigit() and len(written) < 6 else 1


def _may_say(asked: Asked, id: str) -> bool:
    if asked.viewer.sees_all:
        return True
    row, person = partnerships.get(asked.db, id), asked.viewer.person(id)
    return row is not None and person in permissions.who_renews(asked.app.in_force(row).as_of(asked.now))


# The picture -------------------------------------------------------------------------------------------------------


def drawn(found: PartnershipHorizon, today: date, until: date) -> tuple[Bars, Bars]:
    """The bars of a partnership: the terms of its agreement on one lane, everything else on its own; where there is
    room and, with titles that leave some for the days, where there is little."""
    rows, first = [*_rows(found)], today.replace(day=1)
    return bars(rows, first, until, today, *_WIDE), bars(rows, first, until, today, *_NARROW)


def _rows(found: PartnershipHorizon) -> Iterator[BarSubject]:
    terms = [each for each in found.lines if each.kind == "term"]
    if terms:
        spans = [span for each in terms for span in _spans(each)]
        yield BarSubject("Agreement", spans, [day for each in terms for day in _days(each)])
    for each in found.lines:
        if each.kind != "term":
            yield BarSubject(title_of(each), [*_spans(each)], [*_days(each)])


def title_of(line: HorizonLine) -> str:
    """What a line is called: ``Agreement``, ``Document: NDA``."""
    kind = "agreement" if line.kind == "term" else line.kind
    name = f"{kind}: {line.of}" if line.of else kind
    return name[:1].upper() + name[1:]


def _spans(line: HorizonLine) -> Iterator[BarSpan]:
    if line.kind not in _BARS:
        return
    ends = f"until {plainly(line.last)}" if line.last else "without end"
    follows = ", if nobody gives notice" if line.follows else ""
    kind: BarKind = "follows" if line.follows else _BARS[line.kind]
    yield BarSpan(kind, line.first, line.last, f"{title_of(line)} {ends}{follows}")
    on = {each.what: each for each in line.dates}
    decide, notice = on.get("decide"), on.get("notice")
    if decide and notice and notice.is_open:
        words = f"notice: decide by {plainly(decide.on)}, it has to leave by {plainly(notice.on)}"
        yield BarSpan("window", decide.on, notice.on, words)


def _days(line: HorizonLine) -> Iterator[BarDay]:
    for each in line.dates:
        if each.what in ("decide", "notice") and not each.is_open:
            continue
        if each.what not in ("ends", "binds", "exit", "resumes"):
            what = "on" if each.what == line.kind else WHAT[each.what]
            yield BarDay(_DAYS.get(each.what, "other"), each.on, f"{title_of(line)}: {what} {plainly(each.on)}")


# What is done ------------------------------------------------------------------------------------------------------


def _say(acting: Acting, word: Word, day: str, why: str) -> Done:
    id = acting.said.get("partnership", "")
    acting.viewer.audience(id)
    with acting.app.store.read() as db:
        row = partnerships.get(db, id)
        if row is None:
            raise NotThere
        definition = acting.app.in_force(row).as_of(acting.now)
    acting.check(definition, permissions.who_renews(definition), "say what becomes of this agreement")
    on = day_of(acting.said, day) if acting.said.get(day, "").strip() else None
    said = renewals.say(
        acting.app,
        id,
        word,
        acting.now,
        on=on,
        by=acting.person(id),
        because=remark(acting.said, why),
        ends=day_of(acting.said, "ends"),
    )
    return Done(f"{definition.name}, the term until {plainly(said.ends)}: {said.words}.")


def _decided(acting: Acting) -> Done:
    course = acting.said.get("course", "")
    if course not in COURSES:
        told = InvalidValue(f"{quoted(course[:40])} is no decision" if course else "Choose what was decided")
        raise Wrong("course", told)
    return _say(acting, cast(Word, course), "decided_on", "because")


def _notice(acting: Acting) -> Done:
    return _say(acting, NOTICE_SENT, "sent_on", "notice_because")


PAGE = Page(paths.HORIZON, "horizon.html.j2", _show, {"decided": _decided, "notice_sent": _notice})
