"""The agenda of a review to come is edited, on a page or by a command, or begun anew from its template.

Edits that were made at once are joined: whoever edits says on which version they began.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError, WrongDay
from scheduler.domain.record.agenda_version import AgendaVersion, EditedBy
from scheduler.render.agenda.editing import folded, merged, unfolded
from scheduler.render.agenda.markdown import BrokenMarks
from scheduler.rules.access import Audience
from scheduler.rules.competition_law import Guard
from scheduler.services import lookup
from scheduler.services.app import App
from scheduler.services.briefings import manner_of_agenda
from scheduler.services.competition import LineForCounsel, guard_at, rouse_for_counsel, whom_to_ask
from scheduler.services.pipeline.agendas import Draft, Edited, edited_agenda, read_back, written
from scheduler.services.pipeline.counsel_letters import lines_for_counsel
from scheduler.services.state import PartnershipState, state_of
from scheduler.store import agendas, partnerships

MOST_CHARACTERS = 200_000
"""A whole agenda has some 6,000."""
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class AgendaText:
    """An agenda as somebody edits it, a line for each block of figures, and the version that it is."""

    text: str
    version: int


@dataclass(frozen=True, slots=True)
class AgendaEdit:
    """The version that an agenda has now, whether that is a new one, and whether it was joined with what somebody else
    had written meanwhile."""

    version: int
    is_new: bool
    was_joined: bool = False


def agenda_text(app: App, db: Connection, known: PartnershipState, id: str, audience: Audience) -> AgendaText:
    """The agenda as it is handed to whoever edits it. Raises `UserError` where it cannot be edited any more."""
    draft = _draft(app, db, known, id, audience)
    edited = edited_agenda(app, db, draft)
    return AgendaText(folded(edited.text or draft.text).replace("\r\n", "\n"), edited.version)


def edit(
    app: App,
    id: str,
    organisation: str | None,
    text: str,
    upon: int | None,
    by: str | None,
    now: datetime,
    way: EditedBy = "page",
) -> AgendaEdit:
    """The agenda of a review reads so from now on: the joint one, or the internal brief of an organisation. `text` is
    Markdown, with a line for each block of figures or with each whole; it was made of the version `upon` (None: of the
    newest). `by` is a person's key or mail address.

    Raises `UserError` for marks that do not pair up, a text that is too long or holds control characters, a review that
    is over.
    """
    lines = text.replace("\r\n", "\n").strip("\n") + "\n"
    if _CONTROL.search(lines):
        raise UserError("this is no text: it holds control characters", "paste the agenda as plain text")
    if len(lines) > MOST_CHARACTERS:
        raise UserError(f"an agenda has at most {MOST_CHARACTERS:,} characters", "what is longer belongs into a paper")
    with app.store.write(id) as db:
        known, draft, edited, person = _opened(app, db, id, organisation, by, now)
        standing = (edited.text or draft.text).replace("\r\n", "\n")
        versions = agendas.versions(db, *draft.of)
        texts = {each.number: each.text for each in versions}
        base = (texts.get(edited.version if upon is None else upon) or draft.text).replace("\r\n", "\n")
        try:
            theirs = unfolded(lines, draft.text, standing)
        except BrokenMarks as broken:
            what = f"the figures of this agenda would not find their place: {broken}"
            raise UserError(what, "leave each line that begins with <!-- figures as it is, or take it out") from None
        if organisation is None:
            _check_competition(app, db, draft, theirs, standing, person)
        joined = merged(base, standing, theirs)
        guard = _guard_of_counsel(app, db, draft, person)
        lets_stay = guard is not None and _lets_lines_stay(
            lines_for_counsel(app, known, draft.record, versions), theirs
        )
        if folded(joined) == folded(standing) and not lets_stay:
            return AgendaEdit(edited.version, is_new=False)
        if guard is not None and folded(joined) != folded(theirs):
            # Counsel has seen what they sent, and nothing that is joined with it: each is a version of its own.
            sent = _kept(app, db, draft, edited, theirs, way, person, now)
            edited, person = edited._replace(version=sent.number), None
        made = _kept(app, db, draft, edited, joined, way, person, now)
    return AgendaEdit(made.number, is_new=True, was_joined=folded(joined) != folded(theirs))


def _check_competition(app: App, db: Connection, draft: Draft, text: str, standing: str, by: str | None) -> None:
    """Where competitors meet, a line that counsel looks at first comes into the joint agenda by counsel alone. Raises
    UserError with the first."""
    definition, guard = _guard(app, db, draft)
    if guard is None or by in guard.counsel:
        return
    for line, word in guard.lines_for_counsel(text, standing):
        what = f'competitors may not speak of "{word}" unless counsel has looked at it: {line[:80]}'
        raise UserError(what, f"ask {whom_to_ask(guard, definition)}: counsel writes it, where it may stand there")


def _guard_of_counsel(app: App, db: Connection, draft: Draft, by: str | None) -> Guard | None:
    """What holds where counsel edits the joint agenda of competitors; None for anybody else, and any other agenda."""
    guard = _guard(app, db, draft)[1] if draft.of[1] is None else None
    return guard if guard and by in guard.counsel else None


def _lets_lines_stay(unseen: Iterable[LineForCounsel], text: str) -> bool:
    """Whether the text that counsel sends has lines of a joint agenda that they had not seen before."""
    lines = {line.strip() for line in text.splitlines()}
    return any(each.says in lines for each in unseen)


def _guard(app: App, db: Connection, draft: Draft) -> tuple[Partnership, Guard | None]:
    """The definition in force, and what holds where competitors meet."""
    definition = app.in_force(lookup.partnership(db, draft.record.review.partnership))
    return definition, guard_at(app, definition, draft.record)


def begin_anew(
    app: App, id: str, organisation: str | None, by: str | None, now: datetime, way: EditedBy = "page"
) -> AgendaEdit:
    """The agenda is as its template has it again; what people had made of it stays on record. Raises `UserError` as
    `edit`."""
    with app.store.write(id) as db:
        _, draft, edited, person = _opened(app, db, id, organisation, by, now)
        if edited.text is None:
            return AgendaEdit(edited.version, is_new=False)
        return AgendaEdit(_kept(app, db, draft, edited, None, way, person, now).number, is_new=True)


def _opened(
    app: App, db: Connection, id: str, organisation: str | None, by: str | None, now: datetime
) -> tuple[PartnershipState, Draft, Edited, str | None]:
    """The partnership, its agenda as it stands, its file read back, and the key of who edits it."""
    row = lookup.not_ended(lookup.partnership(db, lookup.review(db, id).review.partnership))
    known = state_of(app, db, row, now)
    whose = lookup.organisation(known.partnership, organisation) if organisation else None
    draft = _draft(app, db, known, id, Audience(whose))
    return known, draft, read_back(app, db, draft, now), lookup.person(known.partnership, by)


def _draft(app: App, db: Connection, known: PartnershipState, id: str, audience: Audience) -> Draft:
    record = lookup.review(db, id)
    if record.status is not Status.PLANNED or record.is_past(known.now):
        said = record.status.value if record.status is not Status.PLANNED else "over"
        raise WrongDay(f"{record.id} is {said}", "what was said there belongs into its minutes")
    fresh = written(app, known, record, audience)
    if fresh is None:
        raise UserError(f"the definition no longer has the layer {record.review.layer}", "so there is no agenda for it")
    return Draft(record, audience, fresh, manner_of_agenda(known, audience))


def _kept(
    app: App,
    db: Connection,
    draft: Draft,
    edited: Edited,
    text: str | None,
    way: EditedBy,
    by: str | None,
    now: datetime,
) -> AgendaVersion:
    review, organisation = draft.of
    number = edited.version + 1
    made = AgendaVersion(review=review, audience=organisation, number=number, text=text, way=way, by=by, at=now)
    agendas.add(db, made)
    partnerships.touch(db, [draft.record.review.partnership])
    if organisation is None:
        rouse_for_counsel(app, db, draft.record, now)
    return made
