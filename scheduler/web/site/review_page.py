"""The page of a review: its clocks, its agenda, who comes and what came of it; and whatever can be done with it now by
whoever looks."""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.ids import ReviewId
from scheduler.domain.record.pre_read import MOST_BYTES
from scheduler.domain.record.review import Recorded, people_of
from scheduler.render.agenda.editing import without
from scheduler.render.agenda.markdown import section_of
from scheduler.render.languages import known, say
from scheduler.render.office.extra import is_installed
from scheduler.render.templating import attributes_of
from scheduler.rules import permissions
from scheduler.rules.access import may_learn
from scheduler.rules.reviews import adding_items
from scheduler.services.briefings import audiences
from scheduler.services.cases import agenda_edits
from scheduler.services.cases.agenda_edits import AgendaText
from scheduler.services.competition import guard_at
from scheduler.services.previews.moving import MovePreview, move_preview
from scheduler.services.viewer import NotThere
from scheduler.services.views.figures import kpi_figures
from scheduler.services.views.health_figure import health_figure
from scheduler.services.views.presence import by_answers
from scheduler.services.views.review_page import Looked, ReviewSheet, review_sheet
from scheduler.store import pre_reads as pre_reads_store
from scheduler.store import presence as presence_store
from scheduler.transports.pdf import can_print
from scheduler.web.forms.topics import Topics, topics_of
from scheduler.web.pages import FormLimits
from scheduler.web.without_a_shell import without_a_shell

from . import review_acts, review_agenda_acts, review_files
from .page import Asked, Download, Page, Shown, of_its_id
from .review_acts import names_of, readers_of_minutes, when_of

_SHOWN_APART = "when", "who"
"""The blocks of an agenda that say what the page says itself."""


def _show(asked: Asked) -> Shown[ReviewSheet] | Download:
    id = asked.params["id"]
    audience = asked.audience(ReviewId(id).partnership)
    looked = review_sheet(asked.app, asked.db, id, asked.now, audience)
    if looked is None:
        raise NotThere
    if "download" in asked.query:
        of_minutes = asked.query["download"].startswith("minutes.")
        return review_files.minutes(asked, looked) if of_minutes else review_files.agenda(asked, looked)
    if "file" in asked.query:
        return _pre_read(asked, looked.sheet)
    acts = _acts(asked, looked)
    return Shown(known(looked.sheet.title), looked.sheet, _more(asked, looked, acts))


def _more(asked: Asked, looked: Looked, acts: frozenset[str]) -> dict[str, object]:
    """What the template shows besides: what can be done, and what the forms that are open begin with."""
    sheet, query = looked.sheet, asked.query
    items = sheet.minutes.items if sheet.minutes else ()
    lines = kpi_figures(looked.state, looked.record, asked.audience(sheet.partnership))
    editable = [
        each.organisation for each in sheet.agendas if "edit" in acts and _edits(asked, looked, each.organisation)
    ]
    editing = _editing(asked, looked, editable) if editable and "edit" in query else None
    return {
        "acts": acts,
        "health_figure": health_figure(looked.state, looked.record.review),
        "kpi_glances": [each.kpi for each in lines],
        "kpi_lines": {each.kpi.id: each.line for each in lines},
        "bodies": {
            each.organisation: section_of(without(each.markdown, *_SHOWN_APART), _said_above(sheet))
            for each in sheet.agendas
        },
        "written_in": {each.organisation: attributes_of(each.language) for each in sheet.agendas},
        "editable": editable,
        "editing": editing,
        "edited": query.get("edit") or None,
        "moving": _moving(asked, looked) if "move" in acts and query.get("to") else None,
        "there": _there(asked, looked) if "hold" in acts else {},
        "person": asked.viewer.person(sheet.partnership),
        "mine": _mine(asked, looked),
        "answered": _answered(looked),
        "words": _words_said(looked) if "move" in acts or "hold" in acts else {},
        "can_print": can_print(),
        "can_write": is_installed("docx"),
        "topics": _topics(asked, looked) if "add" in acts else None,
        "sides": _sides(asked, looked.state.partnership),
        "minutes_items": [("", say("the minutes as a whole")), *((each.id, each.says) for each in items)],
        "sequence": looked.record.sequence,
        "can_run": bool(acts & {"move", "hold", "skip", "reopen", "file"}),
        "runs": names_of(
            looked.state.partnership, permissions.who_runs(looked.record.review, looked.state.partnership)
        ),
    }


def _topics(asked: Asked, looked: Looked) -> Topics | None:
    person = asked.viewer.person(looked.record.review.partnership)
    return topics_of([guard_at(asked.app, looked.state.definition, looked.record)], person)


def _said_above(sheet: ReviewSheet) -> tuple[str, ...]:
    """What an agenda begins with and the page says itself: whose review it is, and the goal."""
    whose = sheet.partnership_name + (f" / {sheet.layer}" if sheet.layer else "")
    return whose, f"{whose}: {sheet.goal}"


def _sides(asked: Asked, partnership: Partnership) -> list[tuple[str, str]]:
    """To whom the reader can give a file: to all, or to a side alone whose own matters they may see."""
    audience = asked.audience(partnership.partnership)
    own = [(key, each) for key, each in partnership.organisations.items() if may_learn(key, audience)]
    return [("", say("everybody")), *((key, say("%(side)s alone", side=each.name)) for key, each in own)]


def _words_said(looked: Looked) -> dict[str, str]:
    """What people said with their answers to whoever owns the agenda, by their keys."""
    given, people = looked.state.answers.get(looked.record.id, {}), looked.state.partnership.people
    said = {key: given.get(person.email.casefold()) for key, person in people.items()}
    return {key: each.answer.comment for key, each in said.items() if each and each.answer.comment}


def _answered(looked: Looked) -> dict[str, str]:
    """What each has answered to the invitation as it is now, by their keys: a word of `Says`."""
    given, people = looked.state.answers.get(looked.record.id, {}), looked.state.partnership.people
    said = {key: given.get(person.email.casefold()) for key, person in people.items()}
    return {key: str(each.says) for key, each in said.items() if each and not each.is_void}


def _mine(asked: Asked, looked: Looked) -> str | None:
    """What the reader has answered to the invitation, in short."""
    person = asked.viewer.person(looked.sheet.partnership)
    return next((each.answer for each in looked.sheet.seats if each.person == person), None)


def _acts(asked: Asked, looked: Looked) -> frozenset[str]:
    """What the reader can do with the review now. Who tries something else is told why not."""
    viewer, record, partnership = asked.viewer, looked.record, looked.state.partnership
    if looked.is_ended or viewer.as_organisation:
        return frozenset()
    person = viewer.person(partnership.partnership)
    runs = viewer.is_operator or person in permissions.who_runs(record.review, partnership)
    objects = looked.sheet.minutes and looked.sheet.minutes.is_open and person in readers_of_minutes(asked.db, record)
    counsel = looked.state.counsel_at(record)
    adds = person is not None and adding_items.is_open(record, person, asked.now, counsel=counsel)
    possible = {*_possible(record, looked.sheet, person, runs, asked.now)}
    if record.status is Status.PLANNED and _edits(asked, looked, None):
        possible.add("edit")
    return frozenset((*possible, *(["object"] if objects else []), *(["add"] if adds else [])))


def _edits(asked: Asked, looked: Looked, organisation: str | None) -> bool:
    """Whether the reader may edit the joint agenda, or the internal brief of an organisation."""
    state, review = looked.state, looked.record.review
    counsel = state.counsel_at(looked.record)
    may = permissions.who_edits(review, state.partnership, organisation, counsel)
    return asked.viewer.is_operator or asked.viewer.person(review.partnership) in may


def _possible(record: Recorded, sheet: ReviewSheet, person: str | None, runs: bool, now: datetime) -> Iterator[str]:
    is_open = record.status is Status.PLANNED
    if is_open and runs:
        yield "move"
    if runs and record.status in (Status.PLANNED, Status.UNRECORDED):
        yield "skip"
    if runs and (record.status in (Status.UNRECORDED, Status.HELD) or (is_open and record.review.start <= now)):
        yield from ("hold", "file")
    if runs and record.settled:
        yield "reopen"
    if is_open and person in people_of(record.review):
        yield "answer"
    if is_open and (runs or person in people_of(record.review)):
        yield "give"
    minutes = sheet.minutes
    if minutes and any(each.state == "open" for each in minutes.objections) and runs:
        yield "settle"


def _editing(asked: Asked, looked: Looked, editable: Collection[str | None]) -> AgendaText:
    organisation = asked.query.get("edit") or None
    audience = next(
        (each for each in audiences(looked.state, looked.record.review) if each.organisation == organisation), None
    )
    if audience is None or organisation not in editable:
        raise NotThere
    return agenda_edits.agenda_text(asked.app, asked.db, looked.state, looked.record.id, audience)


class _Moving(NamedTuple):
    """A move as it would be, or why it cannot be."""

    to: str
    preview: MovePreview | None
    fault: UserError | InvalidValue | None


def _moving(asked: Asked, looked: Looked) -> _Moving:
    to, seen = asked.query["to"], None if asked.viewer.sees_all else frozenset(asked.viewer.seats)
    try:
        preview = move_preview(asked.app, asked.db, looked.record.id, when_of(to), asked.now, seen)
    except (UserError, InvalidValue) as fault:
        return _Moving(to, None, without_a_shell(fault, is_operator=asked.viewer.is_operator))
    return _Moving(to, preview, None)


def _there(asked: Asked, looked: Looked) -> Mapping[str, tuple[str, str]]:
    """Whether each who was to attend was there, and who stood in: as it was said, else as the invitation was
    answered."""
    known = presence_store.of_review(asked.db, looked.record.id)
    if known:
        name = looked.state.partnership.name_of
        return {
            key: ("there" if each.was_present else "absent", name(each.stand_in) if each.stand_in else "")
            for key, each in known.items()
        }
    proposed = by_answers(asked.db, looked.record, looked.state.partnership)
    found = dict.fromkeys(proposed.absent, ("absent", ""))
    for each in proposed.there:
        key, _, instead = each.partition("=")
        found[key] = "there", looked.state.partnership.name_of(instead) if instead else ""
    return found


def _pre_read(asked: Asked, sheet: ReviewSheet) -> Download:
    """A file as it was given; what is in it nobody knows, so it is saved, never shown."""
    found = next((each for each in sheet.pre_reads if each.id == f"{sheet.id}@{asked.query['file']}"), None)
    content = pre_reads_store.content(asked.db, found.id) if found else None
    if found is None or content is None:
        raise NotThere
    return Download(found.name, "application/octet-stream", content)


PAGE = Page(
    "/reviews/{id:path}",
    "review.html.j2",
    _show,
    {**review_acts.ACTS, **review_agenda_acts.ACTS},
    FormLimits(MOST_BYTES + 64 * 1024, most_fields=400, has_file=True, as_bytes="pre_read"),
    past=of_its_id,
)
