"""The page of a review: its clocks, its agenda, who comes and what came of it; and whatever can be done with it now by
whoever looks."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.ids import ReviewId
from scheduler.domain.record.pre_read import MOST_BYTES
from scheduler.domain.record.review import Recorded, people_of
from scheduler.domain.record.rsvp import Says
from scheduler.render.agenda.editing import without
from scheduler.render.agenda.markdown import section_of
from scheduler.rules import permissions
from scheduler.rules.access import Audience, may_learn
from scheduler.rules.minutes.filings import circulated_to
from scheduler.rules.reviews import adding_items
from scheduler.services import lookup
from scheduler.services.briefings import audiences
from scheduler.services.cases import agenda_edits, agenda_items, attendance, objections, pre_reads, reviews, undoing
from scheduler.services.cases.agenda_edits import AgendaText
from scheduler.services.cases.presence import Attended
from scheduler.services.pipeline.agendas import page as agenda_page
from scheduler.services.previews.moving import MovePreview, move_preview
from scheduler.services.viewer import NotThere
from scheduler.services.views.figures import agenda_figures, kpi_figures
from scheduler.services.views.presence import by_answers
from scheduler.services.views.review_page import Looked, ReviewSheet, review_sheet
from scheduler.services.views.understood_minutes import UnderstoodPart, has_found_nothing, understood_parts
from scheduler.store import pre_reads as pre_reads_store
from scheduler.store import presence as presence_store
from scheduler.store import reviews as reviews_store
from scheduler.transports.pdf import can_print, pdf_of
from scheduler.web.forms.lifecycle import Wrong, remark
from scheduler.web.pages import FormLimits
from scheduler.web.without_a_shell import without_a_shell

from . import paths
from .page import Acting, Asked, Done, Download, Page, Preview, Shown, of_its_id

MOST_MINUTES = 1024 * 1024
NO_MINUTES = "No minutes were taken: nothing was decided.\n"
_MOST_WORDS = 2000
_KINDS = {"md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8", "pdf": "application/pdf"}
_SHOWN_APART = "when", "who"
"""The blocks of an agenda that say what the page says itself."""


# What is shown -----------------------------------------------------------------------------------------------------


def _show(asked: Asked) -> Shown[ReviewSheet] | Download:
    id = asked.params["id"]
    audience = asked.audience(ReviewId(id).partnership)
    looked = review_sheet(asked.app, asked.db, id, asked.now, audience)
    if looked is None:
        raise NotThere
    if "download" in asked.query:
        return _download(asked, looked, asked.query["download"], asked.query.get("of") or None)
    if "file" in asked.query:
        return _pre_read(asked, looked.sheet)
    acts = _acts(asked, looked)
    return Shown(looked.sheet.title, looked.sheet, _more(asked, looked, acts))


def _more(asked: Asked, looked: Looked, acts: frozenset[str]) -> dict[str, object]:
    """What the template shows besides: what can be done, and what the forms that are open begin with."""
    sheet, query = looked.sheet, asked.query
    items = sheet.minutes.items if sheet.minutes else ()
    lines = kpi_figures(looked.state, looked.record, asked.audience(sheet.partnership))
    editing = _editing(asked, looked) if "edit" in acts and "edit" in query else None
    return {
        "acts": acts,
        "kpi_glances": [each.kpi for each in lines],
        "kpi_lines": {each.kpi.id: each.line for each in lines},
        "bodies": {
            each.organisation: section_of(without(each.markdown, *_SHOWN_APART), _said_above(sheet))
            for each in sheet.agendas
        },
        "editing": editing,
        "edited": query.get("edit") or None,
        "moving": _moving(asked, looked) if "move" in acts and query.get("to") else None,
        "there": _there(asked, looked) if "hold" in acts else {},
        "person": asked.viewer.person(sheet.partnership),
        "mine": _mine(asked, looked),
        "words": _words_said(looked) if "edit" in acts or "hold" in acts else {},
        "can_print": can_print(),
        "sides": _sides(asked, looked.state.partnership),
        "minutes_items": [("", "the minutes as a whole"), *((each.id, each.says) for each in items)],
        "sequence": looked.record.sequence,
        "can_run": bool(acts & {"move", "hold", "skip", "reopen", "file"}),
        "runs": _names(looked.state.partnership, permissions.who_runs(looked.record.review, looked.state.partnership)),
    }


def _said_above(sheet: ReviewSheet) -> tuple[str, ...]:
    """What an agenda begins with and the page says itself: whose review it is, and the goal."""
    whose = sheet.partnership_name + (f" / {sheet.layer}" if sheet.layer else "")
    return whose, f"{whose}: {sheet.goal}"


def _names(partnership: Partnership, people: frozenset[str]) -> list[str]:
    return [partnership.name_of(key) for key in sorted(people) if key in partnership.people]


def _sides(asked: Asked, partnership: Partnership) -> list[tuple[str, str]]:
    """To whom the reader can give a file: to all, or to a side alone whose own matters they may see."""
    audience = asked.audience(partnership.partnership)
    own = [(key, each) for key, each in partnership.organisations.items() if may_learn(key, audience)]
    return [("", "everybody"), *((key, f"{each.name} alone") for key, each in own)]


def _words_said(looked: Looked) -> dict[str, str]:
    """What people said with their answers to whoever owns the agenda, by their keys."""
    given, people = looked.state.answers.get(looked.record.id, {}), looked.state.partnership.people
    said = {key: given.get(person.email.casefold()) for key, person in people.items()}
    return {key: each.answer.comment for key, each in said.items() if each and each.answer.comment}


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
    objects = looked.sheet.minutes and looked.sheet.minutes.is_open and person in _readers(asked.db, record)
    return frozenset((*_possible(record, looked.sheet, person, runs, asked.now), *(["object"] if objects else [])))


def _readers(db: Connection, record: Recorded) -> frozenset[str]:
    """Who may object to the minutes of a review."""
    return circulated_to(record.review, presence_store.of_review(db, record.id))


def _possible(record: Recorded, sheet: ReviewSheet, person: str | None, runs: bool, now: datetime) -> Iterator[str]:
    is_open = record.status is Status.PLANNED
    if is_open and runs:
        yield from ("move", "edit")
    if runs and record.status in (Status.PLANNED, Status.UNRECORDED):
        yield "skip"
    if runs and (record.status in (Status.UNRECORDED, Status.HELD) or (is_open and record.review.start <= now)):
        yield from ("hold", "file")
    if runs and record.settled:
        yield "reopen"
    if person and adding_items.is_open(record, person, now):
        yield "add"
    if is_open and person in people_of(record.review):
        yield "answer"
    if is_open and (runs or person in people_of(record.review)):
        yield "give"
    minutes = sheet.minutes
    if minutes and any(each.state == "open" for each in minutes.objections) and runs:
        yield "settle"


def _editing(asked: Asked, looked: Looked) -> AgendaText | None:
    organisation = asked.query.get("edit") or None
    audience = next(
        (each for each in audiences(looked.state, looked.record.review) if each.organisation == organisation), None
    )
    if audience is None or organisation not in {each.organisation for each in looked.sheet.agendas}:
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
        preview = move_preview(asked.app, asked.db, looked.record.id, _when(to), asked.now, seen)
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


def _download(asked: Asked, looked: Looked, kind: str, organisation: str | None) -> Download:
    """An agenda as a file: Markdown, a page to print, or PDF."""
    sheet = looked.sheet
    found = next((each for each in sheet.agendas if each.organisation == organisation), None)
    if found is None or kind not in _KINDS:
        raise NotThere
    name = "-".join([*sheet.id.split("/"), *([organisation] if organisation else [])])
    if kind == "md":
        return Download(f"{name}.md", _KINDS[kind], found.markdown.encode())
    figures = agenda_figures(looked.state, looked.record, Audience(organisation))
    html = agenda_page(asked.app, looked.record, found.markdown, figures=figures)
    return Download(f"{name}.{kind}", _KINDS[kind], html.encode() if kind == "html" else lambda: pdf_of(html))


def _pre_read(asked: Asked, sheet: ReviewSheet) -> Download:
    """A file as it was given; what is in it nobody knows, so it is saved, never shown."""
    found = next((each for each in sheet.pre_reads if each.id == f"{sheet.id}@{asked.query['file']}"), None)
    content = pre_reads_store.content(asked.db, found.id) if found else None
    if found is None or content is None:
        raise NotThere
    return Download(found.name, "application/octet-stream", content)


# What is done ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Review:
    """A review that something is done with, and by whom: a person's key, None for an operator who is nobody there."""

    record: Recorded
    partnership: Partnership
    person: str | None


def _acted_on(acting: Acting, what: str | None) -> _Review:
    """The review, for whoever may do `what` with it; None: for whoever may see it. Raises NotThere, Refused."""
    id = acting.params["id"]
    audience = acting.viewer.audience(ReviewId(id).partnership)
    with acting.app.store.read() as db:
        record = reviews_store.find(db, id)
        if record is None:
            raise NotThere
        partnership = acting.app.in_force(lookup.partnership(db, record.review.partnership)).as_of(acting.now)
    if not audience.is_of(partnership.organisations):
        raise NotThere
    if what is not None:
        acting.check(partnership, permissions.who_runs(record.review, partnership), what)
    return _Review(record, partnership, acting.person(partnership.partnership))


def _words(acting: Acting, name: str, what: str, most: int = _MOST_WORDS) -> str:
    """What stands in a field that has to be filled in. Raises Wrong."""
    said = remark(acting.said, name)
    if said is None:
        raise Wrong(name, InvalidValue(what, "all partners read it"))
    if len(said) > most:
        raise Wrong(name, InvalidValue("This is too long", f"at most {most:,} characters"))
    return said


def _when(written: str) -> date | datetime:
    """A date, or a date and a time of day on the clocks of the review. Raises InvalidValue."""
    text = written.strip().replace(" ", "T")
    try:
        found = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        raise InvalidValue("This is no day and time", "write year-month-day, and the time as 15:30") from None
    if isinstance(found, datetime) and (found.second or found.microsecond):
        raise InvalidValue("A review begins at a full minute", "write the time as 15:30")
    return found


def _move(acting: Acting) -> Done:
    review = _acted_on(acting, "move this review")
    try:
        to = _when(acting.said.get("to", ""))
    except InvalidValue as fault:
        raise Wrong("to", fault) from None
    because = _words(acting, "why_moved", "Say why it is moved")
    moved = reviews.move(acting.app, review.record.id, to, because, review.person, acting.now)
    return Done(
        f"{moved.after.review.title} is moved. Everybody who is invited is told.", paths.review(review.record.id)
    )


def _skip(acting: Acting) -> Done:
    review = _acted_on(acting, "skip this review")
    because = _words(acting, "why_skipped", "Say why it is not held")
    reviews.skip(acting.app, review.record.id, because, review.person, acting.now)
    return Done("The review is skipped. Its period keeps its place; the next one stays as it is.")


def _reopen(acting: Acting) -> Done:
    review = _acted_on(acting, "open this review again")
    because = _words(acting, "why_reopened", "Say why it is open again")
    undoing.reopen(acting.app, review.record.id, because, review.person, acting.now)
    return Done("The review is open again.")


def _hold(acting: Acting) -> Done:
    review = _acted_on(acting, "close this review")
    on = acting.said.get("on", "").strip()
    try:
        day = date.fromisoformat(on) if on else None
    except ValueError:
        raise Wrong("on", InvalidValue("This is no day", "write year-month-day")) from None
    attended = _attended(review, acting.said, day)
    closed = reviews.hold(acting.app, review.record.id, None, review.person, acting.now, attended)
    told = "" if closed.after.quorate is not False else " There was no quorum."
    again = f" It is convened again: {closed.again.review.full_title}." if closed.again else ""
    return Done(f"It is on record that the review was held.{told}{again}")


def _attended(review: _Review, said: Mapping[str, str], on: date | None) -> Attended:
    present, absent = [], []
    for key in dict.fromkeys(review.record.review.attendees):
        was, instead = said.get(f"was-{key}", ""), " ".join(said.get(f"instead-{key}", "").split())
        if instead and was != "absent":
            present.append(f"{key}={instead}")
        elif was == "there":
            present.append(key)
        elif was == "absent":
            absent.append(key)
    return Attended(tuple(present), tuple(absent), on)


class Understood(NamedTuple):
    """What was read out of minutes that are not kept yet; `seen` is a digest of them."""

    text: str
    parts: tuple[UnderstoodPart, ...]
    is_empty: bool
    seen: str


def _file(acting: Acting) -> Done:
    """File minutes that were pasted or uploaded: what is understood of them is shown before they are kept."""
    review = _acted_on(acting, "file the minutes of this review")
    if "minutes_file_fault" in acting.said:
        raise Wrong("minutes_file", InvalidValue("This file is no text", "save the minutes as text in UTF-8"))
    text = acting.said.get("minutes_file") or acting.said.get("minutes", "")
    text = NO_MINUTES if "none" in acting.said else text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise Wrong("minutes", InvalidValue("There are no minutes yet", "paste them, or choose a file"))
    if len(text) > MOST_MINUTES or "\0" in text:
        raise Wrong("minutes", InvalidValue("This is no text of a few pages", "paste the minutes as plain text"))
    seen = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
    if "none" not in acting.said and acting.said.get("seen") != seen:
        found = reviews.holding(acting.app, review.record.id, text, review.person, acting.now).filed
        assert found is not None
        names = {key: person.name for key, person in review.partnership.people.items()}
        raise Preview(Understood(text, understood_parts(found, names), has_found_nothing(found), seen))
    closed = reviews.hold(acting.app, review.record.id, text, review.person, acting.now)
    told = " They go out to everybody who was to attend or was there." if closed.goes_out else ""
    return Done(f"The minutes are filed.{told}")


def _answer(acting: Acting) -> Done:
    review = _acted_on(acting, None)
    if review.person is None:
        raise permissions.NotPermitted("You are not invited to this review", "who is invited answers for themselves")
    says = acting.said.get("says", "")
    if says not in (Says.ACCEPTED, Says.TENTATIVE, Says.DECLINED):
        raise Wrong("says", InvalidValue("Say whether you come", "choose one of the three"))
    sequence = acting.said.get("sequence", "")
    attendance.answer(
        acting.app,
        review.record.id,
        review.person,
        Says(says),
        acting.now,
        sequence=int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 10 else None,
        because=acting.said.get("word", "").strip()[:_MOST_WORDS] or None,
    )
    return Done("Your answer is on record.")


def _object(acting: Acting) -> Done:
    review = _acted_on(acting, None)
    with acting.app.store.read() as db:
        may = _readers(db, review.record)
    if review.person is None or review.person not in may:
        names = " or ".join(_names(review.partnership, may))
        raise permissions.NotPermitted("You may not object to these minutes", f"{names} may: they were to attend")
    says = _words(acting, "objection", "Say what is not right")
    item = acting.said.get("item", "")
    objections.object_to(acting.app, review.record.id, [item] if item else [], says, review.person, acting.now)
    return Done("Your objection is on record. The agenda owner and the chair are told of it.")


def _settle(acting: Acting) -> Done:
    objection = acting.said.get("objection_id", "")
    review = _acted_on(acting, "settle what is objected to these minutes")
    if not objection.startswith(f"{review.record.id}~"):
        raise NotThere
    because = _words(acting, "settled", "Say how it is settled")
    by = review.person
    if by is None:
        raise permissions.NotPermitted("An objection is settled by somebody of the partnership", "its chair, say")
    objections.settle(acting.app, objection, because, by, acting.now)
    return Done("The objection is settled.")


def _add(acting: Acting) -> Done:
    review = _acted_on(acting, None)
    acting.check(review.partnership, people_of(review.record.review), "add to the agenda of this review")
    if review.person is None:
        raise permissions.NotPermitted("An item stands under the name of who adds it", "only who is invited adds one")
    minutes = acting.said.get("length", "").strip()
    if minutes and not (minutes.isascii() and minutes.isdigit() and len(minutes) < 4):
        raise Wrong("length", InvalidValue("This is no number of minutes", "write 15, or leave it out"))
    says, length = acting.said.get("item", ""), int(minutes) if minutes else None
    try:
        agenda_items.add(acting.app, review.record.id, says, length, review.person, acting.now)
    except UserError as fault:
        raise Wrong("item", fault) from None
    return Done("Your item is on the agenda.")


def _drop(acting: Acting) -> Done:
    review, item = _acted_on(acting, None), acting.said.get("item_id", "")
    if not item.startswith(f"{review.record.id}+"):
        raise NotThere
    if review.person is None:
        raise permissions.NotPermitted("An item is dropped by who added it", "or by the chair, or who owns the agenda")
    agenda_items.drop(acting.app, item, None, review.person, acting.now)
    return Done("The item is on the agenda no more.")


def _give(acting: Acting) -> Done:
    review = _acted_on(acting, None)
    may = permissions.who_answers(review.record.review, review.partnership)
    acting.check(review.partnership, may, "give a file to this review")
    organisation = _own_side(acting, review, acting.said.get("for_side", ""))
    content = acting.said.get("pre_read", "")
    if "pre_read_name" not in acting.said:
        raise Wrong("pre_read", InvalidValue("There is no file yet", "choose one"))
    name = acting.said["pre_read_name"]
    try:
        file = pre_reads.give(
            acting.app, review.record.id, organisation, name, content.encode("latin-1"), review.person, acting.now
        )
    except UserError as fault:
        raise Wrong("pre_read", fault) from None
    return Done(f"{file.name} is there to be read before.")


def _take_back(acting: Acting) -> Done:
    review, id = _acted_on(acting, None), acting.said.get("file_id", "")
    with acting.app.store.read() as db:
        found = next((each for each in pre_reads_store.of_review(db, review.record.id) if each.id == id), None)
    if found is None or not may_learn(found.audience, acting.viewer.audience(review.partnership.partnership)):
        raise NotThere
    if found.by is None or found.by != review.person:
        acting.check(review.partnership, permissions.who_runs(review.record.review, review.partnership), "take it back")
    pre_reads.take_back(acting.app, id, acting.now)
    return Done(f"{found.name} is there no more.")


def _own_side(acting: Acting, review: _Review, asked: str) -> str | None:
    """The organisation that alone may read what is given, where that is asked for: one's own; of an operator any."""
    audience = acting.viewer.audience(review.partnership.partnership)
    if not asked:
        return None
    if asked not in review.partnership.organisations or not may_learn(asked, audience):
        raise NotThere
    return asked


def _edit(acting: Acting) -> Done:
    review, organisation = _edited(acting)
    upon = acting.said.get("version", "")
    if not (upon.isascii() and upon.isdigit() and len(upon) < 9):
        raise Wrong("text", InvalidValue("The form does not say which agenda it was made of", "load the page again"))
    number = int(upon)
    try:
        made = agenda_edits.edit(
            acting.app, review.record.id, organisation, acting.said.get("text", ""), number, review.person, acting.now
        )
    except UserError as fault:
        raise Wrong("text", fault) from None
    told = "The agenda is kept." if made.is_new else "Nothing was changed."
    joined = (
        " Somebody else had edited it meanwhile: both edits are in it, so look it through." if made.was_joined else ""
    )
    return Done(told + joined, f"{paths.review(review.record.id)}#agenda")


def _begin_anew(acting: Acting) -> Done:
    review, organisation = _edited(acting)
    agenda_edits.begin_anew(acting.app, review.record.id, organisation, review.person, acting.now)
    return Done(
        "The agenda is as its template has it. What it was before is kept.", f"{paths.review(review.record.id)}#agenda"
    )


def _edited(acting: Acting) -> tuple[_Review, str | None]:
    """The review, and whose agenda of it is edited: only a side itself and operators edit its internal brief."""
    review = _acted_on(acting, "edit the agenda of this review")
    organisation = acting.said.get("of") or None
    audience = acting.viewer.audience(review.partnership.partnership)
    if organisation is not None and not audience.sees_all and audience != Audience(organisation):
        raise NotThere
    return review, organisation


ACTS: Mapping[str, Callable[[Acting], Done]] = {
    "move": _move,
    "skip": _skip,
    "reopen": _reopen,
    "hold": _hold,
    "file": _file,
    "answer": _answer,
    "object": _object,
    "settle": _settle,
    "add": _add,
    "drop": _drop,
    "give": _give,
    "take_back": _take_back,
    "edit": _edit,
    "begin_anew": _begin_anew,
}
PAGE = Page(
    "/reviews/{id:path}",
    "review.html.j2",
    _show,
    ACTS,
    FormLimits(MOST_BYTES + 64 * 1024, most_fields=400, has_file=True, as_bytes="pre_read"),
    past=of_its_id,
)
