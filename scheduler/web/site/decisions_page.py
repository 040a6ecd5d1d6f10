"""Decisions and actions over all reviews: found by words, partnership and state; ticked, handed on and superseded where
they stand. And the minutes and decisions of a span of days as one file."""

from datetime import date, timedelta
from typing import cast

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.ids import FromMinutesId
from scheduler.domain.record.decision import Decision
from scheduler.render.languages import say, sentence
from scheduler.rules.permissions import managers, sponsors, who_owns
from scheduler.services.cases import decisions as cases
from scheduler.services.viewer import NotThere
from scheduler.services.views import minutes_span
from scheduler.services.views import register as view
from scheduler.services.views.register import RegisterFilter, RegisterPage, Shows
from scheduler.store import decisions as store
from scheduler.store import partnerships
from scheduler.web.forms.lifecycle import Wrong, remark

from . import duties, paths
from .page import Acting, Asked, Done, Download, Page, Shown

_LONGEST, _MOST_PAGES = 100, 200
_QUARTER = timedelta(days=92)
MOST_IN_A_FILE = 40
"""So many partnerships stand in one file; who has more names one."""


def _show(asked: Asked) -> Shown[RegisterPage]:
    if asked.on:
        raise UserError(
            sentence("How the register stood on a past day is not shown"),
            sentence("each decision says since when it stands so"),
        )
    wanted = _wanted(asked)
    facts = view.register(asked.app, asked.db, asked.viewer, wanted, asked.now)
    known = {each.partnership for each in facts.decisions} | {each.partnership for each in facts.actions}
    definitions = {id: definition for id in known if (definition := _definition(asked, id))}
    today = asked.now.date()
    more = {
        "states": view.STATES[wanted.shows],
        "names": _names(asked),
        "people": {id: _people(each, today) for id, each in definitions.items()},
        "may": _may(asked, facts, definitions),
        "may_supersede": {id for id, each in definitions.items() if _may_supersede(asked, each)},
        "span": (today - _QUARTER, today),
    }
    return Shown(say("Decisions and actions"), facts, more)


def _wanted(asked: Asked) -> RegisterFilter:
    query = asked.query
    shows = cast(Shows, query.get("shows") if query.get("shows") in view.STATES else "decisions")
    state = query.get("state") if query.get("state") in view.STATES[shows] else None
    page = query.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 4 else 1
    words = " ".join(query.get("q", "").split())[:_LONGEST]
    mine = query.get("mine") == "yes"
    return RegisterFilter(shows, words, query.get("partnership") or None, state, mine, min(max(number, 1), _MOST_PAGES))


def _names(asked: Asked) -> list[tuple[str, str]]:
    """The partnerships to choose from, by id and name; of whoever sees very many none: they search by words."""
    if asked.viewer.is_operator:
        return []
    rows = partnerships.in_force(asked.db, list(asked.viewer.seats)[:MOST_IN_A_FILE])
    return sorted(((row.id, asked.app.in_force(row).name) for row in rows), key=lambda each: each[1].casefold())


def _definition(asked: Asked, id: str) -> Partnership | None:
    row = partnerships.get(asked.db, id)
    return asked.app.in_force(row).as_of(asked.now) if row else None


def _people(partnership: Partnership, today: date) -> list[tuple[str, str]]:
    return [(key, each.name) for key, each in partnership.people.items() if not each.has_left(today)]


def _may(asked: Asked, facts: RegisterPage, definitions: dict[str, Partnership]) -> set[str]:
    """What of the page its reader may speak of, by id."""
    owners = [(each.id, each.partnership, each.carried_out_by) for each in facts.decisions]
    owners += [(each.id, each.partnership, each.owner) for each in facts.actions]
    return {
        id
        for id, of, owner in owners
        if asked.viewer.sees_all or (of in definitions and asked.viewer.person(of) in who_owns(owner, definitions[of]))
    }


def _may_supersede(asked: Asked, partnership: Partnership) -> bool:
    person = asked.viewer.person(partnership.partnership)
    return asked.viewer.sees_all or person in managers(partnership) | sponsors(partnership)


def _carry_out(acting: Acting) -> Done:
    decision, known = _decision(acting)
    acting.check(known, who_owns(decision.carried_out_by, known), "say that this decision was carried out")
    by, because = acting.person(known.partnership), remark(acting.said, "because")
    done = cases.carry_out(acting.app, decision.id, because, by, acting.now)
    return Done(lambda: say("Carried out: %(decision)s", decision=done.says))


def _assign(acting: Acting) -> Done:
    decision, known = _decision(acting)
    acting.check(known, who_owns(decision.carried_out_by, known), "say who carries this decision out")
    to = acting.said.get("to", "")
    if to not in known.people:
        raise Wrong("to", InvalidValue(sentence("Name who carries it out"), sentence("choose somebody of the list")))
    cases.assign(acting.app, decision.id, to, acting.person(known.partnership), acting.now)
    return Done(
        lambda: say("%(person)s carries it out: %(decision)s", person=known.people[to].name, decision=decision.says)
    )


def _supersede(acting: Acting) -> Done:
    decision, known = _decision(acting)
    acting.check(known, managers(known) | sponsors(known), "say that another decision takes the place of this one")
    other = acting.said.get("other", "").strip()
    if FromMinutesId(other).partnership != known.partnership:
        raise Wrong(
            "other",
            InvalidValue(
                sentence("Name the decision in its place by its id"), sentence("it stands beside each decision")
            ),
        )
    by = acting.person(known.partnership)
    earlier, successor = cases.supersede(acting.app, decision.id, other, by, acting.now)
    return Done(lambda: say("%(one)s takes the place of %(other)s.", one=successor.id, other=earlier.id))


def _decision(acting: Acting) -> tuple[Decision, Partnership]:
    """Raises NotThere."""
    id = acting.said.get("subject", "")
    known = duties.partnership(acting, FromMinutesId(id).partnership)
    with acting.app.store.read() as db:
        decision = store.find(db, id)
    if decision is None:
        raise NotThere
    return decision, known


def _file(asked: Asked) -> Download:
    """Minutes and decisions of a span, of one of the reader's partnerships or of all."""
    first, last = _day(asked, "from"), _day(asked, "until")
    if first > last:
        raise UserError(f"{last} lies before {first}", "write the earlier day first")
    wanted, viewer = asked.query.get("partnership"), asked.viewer
    if wanted:
        viewer.audience(wanted)
    ids = [wanted] if wanted else list(viewer.seats)
    if not ids or len(ids) > MOST_IN_A_FILE:
        what = "Name the partnership" if not ids else f"These are {len(ids)} partnerships"
        raise UserError(what, f"a file holds those of one, or of up to {MOST_IN_A_FILE}: add &partnership=ID")
    rows = [row for id in ids if (row := partnerships.get(asked.db, id))]
    whose = [(row, viewer.audience(row.id)) for row in rows]
    if wanted and not any(audience.is_of(asked.app.in_force(row).organisations) for row, audience in whose):
        raise NotThere
    span = minutes_span.minutes_span(asked.app, asked.db, whose, first, last, asked.now)
    text = minutes_span.page(asked.app, span)
    return Download(f"minutes-{first}-{last}.md", "text/markdown; charset=utf-8", text.encode())


def _day(asked: Asked, name: str) -> date:
    try:
        return date.fromisoformat(asked.query.get(name, ""))
    except ValueError:
        raise UserError(f"The day {name!r} is missing, or none", "write year-month-day, like 2026-12-31") from None


PAGE = Page(
    paths.DECISIONS,
    "decisions.html.j2",
    _show,
    {
        "finish": duties.finish,
        "hand_on": duties.hand_on,
        "give_date": duties.give_date,
        "carry_out": _carry_out,
        "assign": _assign,
        "supersede": _supersede,
    },
)
FILE = Page(paths.MINUTES_FILE, "decisions.html.j2", _file, has_twin=False)
