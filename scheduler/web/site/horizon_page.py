"""What lies ahead over two years: a bar for each term, document, layer, a mark for each day by which somebody has to
act; whoever manages or sponsors a partnership records here what was decided of its term, that notice was sent, and
what was signed."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import cast

from scheduler.definitions.problems import quoted
from scheduler.domain.definition.document import paper_words
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import InvalidValue
from scheduler.domain.record.renewal import COURSES, LAPSE, NOTICE_SENT, SIGNED, RenewalWord, Word
from scheduler.render.languages import known, say, sentence
from scheduler.render.pictures.bars import BarDay, BarKind, Bars, BarSpan, BarSubject, DayKind, bars
from scheduler.render.renewal_words import renewal_words
from scheduler.render.wording import day_words, plain_words
from scheduler.rules import permissions
from scheduler.rules.horizon import HorizonLine, HorizonWord
from scheduler.services import lookup
from scheduler.services.cases import renewals
from scheduler.services.viewer import NotThere
from scheduler.services.views.horizon import Horizon, PartnershipHorizon, of_these
from scheduler.store import partnerships, portfolio, standings
from scheduler.web.forms.lifecycle import NO_LAST_DAY, Wrong, day_of, days_at, remark
from scheduler.web.forms.renewal_form import OF_PAPER

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
_WHAT = {
    "decide": sentence("decide by %(day)s"),
    "notice": sentence("notice has to leave by %(day)s"),
    "ends": sentence("ends on %(day)s"),
    "expires": sentence("expires on %(day)s"),
    "binds": sentence("binds until %(day)s"),
    "checkpoint": sentence("checkpoint on %(day)s"),
    "amendment": sentence("another model from %(day)s"),
    "milestone": sentence("to be reached by %(day)s"),
    "exit": sentence("last day %(day)s"),
    "resumes": sentence("paused until %(day)s"),
}
_KINDS = {
    "term": sentence("agreement"),
    "document": sentence("document"),
    "obligation": sentence("obligation"),
    "checkpoint": sentence("checkpoint"),
    "amendment": sentence("amendment"),
    "milestone": sentence("milestone"),
    "layer": sentence("layer"),
    "exit": sentence("exit"),
    "pause": sentence("pause"),
}


def _show(asked: Asked) -> Shown[Horizon]:
    one = asked.query.get("partnership")
    ids = [_one(asked, one)] if one else _ids(asked)
    page = _page_of(asked.query.get("page", "1"))
    facts = of_these(asked.app, asked.db, ids[(page - 1) * MOST : page * MOST], asked.now)
    if one and not facts.partnerships:
        raise NotThere
    pictures = {each.id: drawn(each, facts.today, facts.until) for each in facts.partnerships}
    may = {each.id for each in facts.partnerships if (each.ends or each.papers) and _may_say(asked, each.id)}
    more = {
        "pictures": pictures,
        **WORDS,
        "may_say": may,
        "one": one,
        "page": page,
        "pages": -(-len(ids) // MOST),
        "of": len(ids),
    }
    return Shown(say("Horizon"), facts, more)


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
        yield BarSubject(say("Agreement"), spans, [day for each in terms for day in _days(each)])
    for each in found.lines:
        if each.kind != "term":
            yield BarSubject(title_of(each), [*_spans(each)], [*_days(each)])


def title_of(line: HorizonLine) -> str:
    """What a line is called: ``Agreement``, ``Document: NDA``."""
    kind = _kind(line)
    name = say("%(kind)s: %(name)s", kind=kind, name=line.of) if line.of else kind
    return name[:1].upper() + name[1:]


def _kind(line: HorizonLine) -> str:
    return say(_KINDS[line.kind]) if line.kind in _KINDS else line.kind


def on_a_day(what: str, day: str) -> str:
    """``decide by Tue 8 Dec 2026``, of a day in words."""
    return say(_WHAT[what], day=day)


def next_act(found: PartnershipHorizon) -> str:
    """By when somebody has to act next, and of what: ``Next: document (NDA), expires on Tue 8 Dec 2026.``"""
    line, on = found.next_line, found.next_open
    if line is None or on is None:
        return ""
    day = day_words(on)
    what = say("%(kind)s (%(name)s)", kind=_kind(line), name=line.of) if line.of else _kind(line)
    acts = [each.what for each in line.dates if each.on == on and each.is_open]
    if not acts:
        return say("Next: %(what)s %(day)s.", what=what, day=day)
    if acts[0] == line.kind:
        return say("Next: %(what)s on %(day)s.", what=what, day=day)
    return say("Next: %(what)s, %(act)s.", what=what, act=on_a_day(acts[0], day))


def said_words(said: HorizonWord) -> str:
    """``signed anew on Mon 3 May 2027, until Thu 3 May 2029 (Inès Falk)``."""
    words = _words(said, day_words)
    return say("%(words)s (%(who)s)", words=words, who=said.by) if said.by else words


def _words(said: HorizonWord | RenewalWord, in_words: Callable[[date], str]) -> str:
    return renewal_words(said.says, in_words(said.on), in_words(said.until) if said.until else None)


def paper_choices() -> list[tuple[str, str]]:
    """What can become of a document, as it is chosen, and in words."""
    return [(becomes, say(words)) for becomes, words in OF_PAPER.items()]


WORDS = {"line_title": title_of, "on_a_day": on_a_day, "next_act": next_act, "said_words": said_words}
WORDS |= {"paper_choices": paper_choices}
"""What the template of the horizon says by a function."""


def _spans(line: HorizonLine) -> Iterator[BarSpan]:
    if line.kind not in _BARS:
        return
    kind: BarKind = "follows" if line.follows else _BARS[line.kind]
    yield BarSpan(kind, line.first, line.last, _span_words(line))
    on = {each.what: each for each in line.dates}
    decide, notice = on.get("decide"), on.get("notice")
    if decide and notice and notice.is_open:
        days = {"decide": plain_words(decide.on), "notice": plain_words(notice.on)}
        words = say("notice: decide by %(decide)s, it has to leave by %(notice)s", **days)
        yield BarSpan("window", decide.on, notice.on, words)


def _span_words(line: HorizonLine) -> str:
    title = title_of(line)
    if line.last is None:
        said = say("%(what)s without end", what=title)
    else:
        said = say("%(what)s until %(day)s", what=title, day=plain_words(line.last))
    return say("%(span)s, if nobody gives notice", span=said) if line.follows else said


def _days(line: HorizonLine) -> Iterator[BarDay]:
    for each in line.dates:
        if each.what in ("decide", "notice") and not each.is_open:
            continue
        if each.what not in ("ends", "binds", "exit", "resumes"):
            day = plain_words(each.on)
            act = say("on %(day)s", day=day) if each.what == line.kind else on_a_day(each.what, day)
            words = say("%(what)s: %(act)s", what=title_of(line), act=act)
            yield BarDay(_DAYS.get(each.what, "other"), each.on, words)


# What is done ------------------------------------------------------------------------------------------------------


def _say(acting: Acting, word: Word, day: str, why: str, until: date | None = None) -> Done:
    definition = _definition(acting)
    with days_at(day, "until"):
        said = renewals.say(
            acting.app,
            definition.partnership,
            word,
            acting.now,
            on=_day(acting, day),
            by=acting.person(definition.partnership),
            because=remark(acting.said, why),
            ends=day_of(acting.said, "ends"),
            until=until,
        )
    return Done(
        lambda: say(
            "%(partnership)s, the term until %(day)s: %(words)s.",
            partnership=definition.name,
            day=plain_words(said.ends),
            words=_words(said, plain_words),
        )
    )


def _definition(acting: Acting) -> Partnership:
    """The partnership that is spoken of. Raises NotThere, and Refused for whoever may say nothing of its agreement."""
    id = acting.said.get("partnership", "")
    acting.viewer.audience(id)
    with acting.app.store.read() as db:
        row = partnerships.get(db, id)
        if row is None:
            raise NotThere
        definition = acting.app.in_force(row).as_of(acting.now)
    acting.check(definition, permissions.who_renews(definition), "say what becomes of this agreement")
    return definition


def _day(acting: Acting, field: str) -> date | None:
    return day_of(acting.said, field) if acting.said.get(field, "").strip() else None


def _decided(acting: Acting) -> Done:
    course = acting.said.get("course", "")
    if course not in COURSES:
        told = InvalidValue(f"{quoted(course[:40])} is no decision" if course else sentence("Choose what was decided"))
        raise Wrong("course", told)
    return _say(acting, cast(Word, course), "decided_on", "because")


def _notice(acting: Acting) -> Done:
    return _say(acting, NOTICE_SENT, "sent_on", "notice_because")


def _signed(acting: Acting) -> Done:
    return _say(acting, SIGNED, "signed_on", "signed_because", day_of(acting.said, "until"))


def _paper(acting: Acting) -> Done:
    """What becomes of a document that expires: another was signed, until a day or without end, or it lapses."""
    definition, becomes = _definition(acting), acting.said.get("becomes", "")
    if becomes not in OF_PAPER:
        raise Wrong("becomes", InvalidValue(sentence("Choose what becomes of it")))
    kind, _, expires = acting.said.get("paper", "").partition("/")
    if not kind:
        raise Wrong("paper", InvalidValue(sentence("Choose one")))
    with days_at("paper_on", "paper_until"):
        said = renewals.say_of_paper(
            acting.app,
            definition.partnership,
            kind,
            LAPSE if becomes == LAPSE else SIGNED,
            acting.now,
            on=_day(acting, "paper_on"),
            by=acting.person(definition.partnership),
            because=remark(acting.said, "paper_because"),
            ends=day_of({"paper": expires}, "paper"),
            until=day_of(acting.said, "paper_until", NO_LAST_DAY) if becomes == SIGNED else None,
        )
    return Done(
        lambda: say(
            "%(partnership)s, %(document)s until %(day)s: %(words)s.",
            partnership=definition.name,
            document=known(paper_words(kind)),
            day=plain_words(said.ends),
            words=_words(said, plain_words),
        )
    )


ACTS = {"decided": _decided, "notice_sent": _notice, "signed": _signed, "paper": _paper}
PAGE = Page(paths.HORIZON, "horizon.html.j2", _show, ACTS)
