"""A partnership: how it stands and why, a year of its reviews, its KPIs, what lies ahead, its people; whoever may adds
an item to an agenda or calls a formal review here."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from scheduler.domain.definition.agreement import after
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.render.languages import known, local_forms, say, sentence
from scheduler.render.office.extra import is_installed
from scheduler.render.pictures import dumbbell, strip
from scheduler.render.standing import sentences
from scheduler.render.wording import in_a_row, listed, plain_words
from scheduler.rules import permissions
from scheduler.rules.access import Audience
from scheduler.rules.competition_law import Guard
from scheduler.rules.horizon import MONTHS_AHEAD
from scheduler.rules.reviews.adding_items import is_open
from scheduler.services.cases import agenda_items, formal_review
from scheduler.services.competition import guard_at
from scheduler.services.viewer import NotThere
from scheduler.services.views.figures import small
from scheduler.services.views.pack import pack
from scheduler.services.views.partnership_overview import (
    PartnershipOverview,
    ReviewGlance,
    partnership_overview,
)
from scheduler.services.views.year_strip import StripReview, YearStrip
from scheduler.store import StoreError, faults, partnerships, reviews
from scheduler.store.tables import PartnershipRow
from scheduler.web.forms.lifecycle import Wrong, remark
from scheduler.web.forms.topics import topic_said, topics_of

from . import evidence_page, horizon_page, paths
from .page import Acting, Asked, Done, Download, Page, Shown, of_its_id

_SIDES = 640
_WIDE, _NARROW = (1100, 190), (800, 110)
"""How wide the strip is, and the titles on it."""
_BEFORE = timedelta(days=31)
"""On a narrow screen the strip begins so long before today: it opens with today in sight."""
_NEAR = 5
"""So many triggers are shown open, the nearest, and all that hold; the others are folded away."""


def _show(asked: Asked) -> Shown[PartnershipOverview]:
    row, audience = _found(asked)
    facts = partnership_overview(asked.app, asked.db, row, asked.now, audience)
    return Shown(facts.name, facts, {**_pictures(facts), **_words(asked, facts), **_acts(asked, facts)})


def _found(asked: Asked) -> tuple[PartnershipRow, Audience]:
    audience = asked.audience(asked.params["id"])
    row = partnerships.get(asked.db, asked.params["id"])
    if row is None or not audience.is_of(asked.app.in_force(row).organisations):
        raise NotThere
    return row, audience


def _pack(asked: Asked) -> Download:
    row, audience = _found(asked)
    content = pack(asked.app, asked.db, row, asked.now, audience)
    return Download(f"{row.id}.zip", "application/zip", content)


# Pictures ----------------------------------------------------------------------------------------------------------


def _pictures(facts: PartnershipOverview) -> Mapping[str, object]:
    rows = [
        dumbbell.Compared(title, {each.side: Decimal(getattr(each, name)) for each in facts.borne})
        for name, title in (("outside_hours", say("Outside its hours")), ("chairs", say("Has the chair")))
    ]
    return {
        "strip": drawn(facts.strip, facts.strip.first, *_WIDE),
        "months": drawn(facts.strip, facts.today - _BEFORE, *_NARROW),
        "lines": {each.id: small(each) for each in facts.kpis},
        "sides": dumbbell.dumbbell(rows, width=_SIDES) if len(facts.borne) > 1 else None,
        "horizon": horizon_page.drawn(facts.ahead, facts.today, after(facts.today, MONTHS_AHEAD)),
        **horizon_page.WORDS,
    }


def drawn(facts: YearStrip, first: date, width: int, words: int) -> strip.Strip:
    """The strip from a day on as a picture."""
    lanes = [strip.Lane(known(each.title), [_cell(review) for review in each.reviews]) for each in facts.lanes]
    sides = [
        (each.name, [strip.DaysOff(off.first, off.last, known(off.because)) for off in each.off])
        for each in facts.sides
    ]
    return strip.strip(lanes, sides, first, facts.last, facts.today, width, words)


def _cell(review: StripReview) -> strip.Cell:
    day = plain_words(review.on) if local_forms.is_local() else f"{review.on}"
    words = in_a_row([known(review.period), day, known(review.state)])
    because = f": {known(review.because)}" if review.because else ""
    return strip.Cell(review.id, review.on, review.state, f"{words}{because}")


# Words, and what may be done ---------------------------------------------------------------------------------------


def _words(asked: Asked, facts: PartnershipOverview) -> Mapping[str, object]:
    """The sentence of each signal, of the whole and of the layers."""
    folders = asked.app.settings.template_folders
    causes = [each.cause for each in facts.standing.layers if each.cause]
    of_layers = dict(zip((each.about for each in causes), sentences(causes, folders), strict=True))
    names = {each.id: each.name for each in facts.kpis}
    near = max(_NEAR, sum(each.holds for each in facts.triggers))
    return {
        "because": sentences(facts.standing.whole.signals, folders),
        "of_layers": of_layers,
        "kpi_names": names,
        "near": facts.triggers[:near],
        "further": facts.triggers[near:],
    }


def _acts(asked: Asked, facts: PartnershipOverview) -> Mapping[str, object]:
    in_force = asked.app.in_force(row) if (row := partnerships.get(asked.db, facts.id)) else None
    definition = in_force.as_of(asked.now) if in_force else None
    person, is_over = asked.viewer.person(facts.id), facts.ended_at is not None
    can_act = definition is not None and not is_over and asked.viewer.as_organisation is None
    open_to = [*_open_to(asked, in_force, facts, person)] if in_force and person and can_act else []
    may_call = can_act and definition and (asked.viewer.sees_all or person in permissions.who_calls(definition))
    may_say = can_act and definition and (asked.viewer.sees_all or person in permissions.who_renews(definition))
    may_have = row is not None and asked.on is None and evidence_page.may_have(asked, row)
    return {
        "open_to": [review for review, _ in open_to],
        "topics": topics_of([guard for _, guard in open_to], person),
        "unreached": listed(_unreached(asked, definition)) if definition and can_act else "",
        "may_call": bool(may_call),
        "may_say": bool(may_say and (facts.ahead.ends or facts.ahead.papers)),
        "may_have_evidence": may_have,
        "can_write": is_installed("xlsxwriter"),
    }


def _unreached(asked: Asked, definition: Partnership) -> tuple[str, ...]:
    """The names of those whose address takes no mail, for who can help: an alliance manager of their own side, and
    operators."""
    reader = asked.viewer.person(definition.partnership)
    if not asked.viewer.sees_all and reader not in permissions.managers(definition):
        return ()
    dead, today = faults.unreached(asked.db), asked.now.date()
    return tuple(
        each.name
        for each in definition.people.values()
        if each.email.casefold() in dead
        and not each.has_left(today)
        and (asked.viewer.sees_all or (reader is not None and each.of == definition.people[reader].of))
    )


def _open_to(
    asked: Asked, definition: Partnership, facts: PartnershipOverview, person: str
) -> Iterator[tuple[ReviewGlance, Guard | None]]:
    """The reviews to whose agenda somebody can add an item, each with what holds there."""
    for each in facts.coming:
        if record := reviews.find(asked.db, each.id):
            guard = guard_at(asked.app, definition, record)
            if is_open(record, person, asked.now, counsel=guard.counsel if guard else None):
                yield each, guard


def _add_item(acting: Acting) -> Done:
    id, person = acting.params["id"], acting.person(acting.params["id"])
    if person is None:
        what = sentence("An item is added by somebody who is invited")
        hint = sentence("you are nobody in this partnership; edit the agenda on the review's page")
        raise permissions.NotPermitted(what, hint)
    says, review = acting.said.get("says", "").strip(), acting.said.get("review", "")
    if not review.startswith(f"{id}/"):
        raise Wrong(
            "review", InvalidValue(sentence("Choose a review"), sentence("those are listed whose agenda is still open"))
        )
    if not says:
        raise Wrong("says", InvalidValue(sentence("Write the item"), sentence("a line of up to 200 characters")))
    minutes = _minutes(acting.said.get("minutes", ""))
    with acting.app.store.read() as db:
        record, row = reviews.find(db, review), partnerships.get(db, id)
    guard = guard_at(acting.app, acting.app.in_force(row), record) if record and row else None
    topic = topic_said(guard, person, acting.said, says)
    try:
        item = agenda_items.add(acting.app, review, says, minutes, person, acting.now, topic=topic)
    except StoreError:
        raise
    except UserError as wrong:
        raise Wrong("says", wrong) from None
    return Done(lambda: say("It stands on the agenda: %(item)s.", item=item.says))


def _minutes(written: str) -> int | None:
    if not written.strip():
        return None
    if not written.strip().isascii() or not written.strip().isdigit() or len(written) > 4:
        raise Wrong("minutes", InvalidValue(sentence("These are no minutes"), sentence("a number, or nothing")))
    return int(written)


def _call(acting: Acting) -> Done:
    id = acting.params["id"]
    audience = acting.viewer.audience(id)
    with acting.app.store.read() as db:
        row = partnerships.get(db, id)
        if row is None or not audience.is_of(acting.app.in_force(row).organisations):
            raise NotThere
        definition = acting.app.in_force(row).as_of(acting.now)
    acting.check(definition, permissions.who_calls(definition), "call a formal review")
    scope, because = acting.said.get("scope") or id, remark(acting.said, "call_because")
    if because is None:
        raise Wrong(
            "call_because",
            InvalidValue(sentence("Say why"), sentence("it stands on the agenda, and in the invitations")),
        )
    if scope != id and not scope.startswith(f"{id}/"):
        raise Wrong(
            "scope", InvalidValue(sentence("Choose what it is of"), sentence("the partnership or one of its layers"))
        )
    called = formal_review.call(acting.app, scope, because, acting.person(id), acting.now)
    if called.joins:
        joins = sentence("The reason stands on the agenda of the formal review that is to come.")
        return Done(lambda: say(joins), paths.review(called.record.id))
    return Done(lambda: say("It is called."), paths.review(called.record.id))


PAGE = Page("/partnerships/{id}", "partnership.html.j2", _show, {"add_item": _add_item, "call": _call}, past=of_its_id)
PACK = Page("/partnerships/{id}/pack", "partnership.html.j2", _pack, has_twin=False, past=of_its_id)
