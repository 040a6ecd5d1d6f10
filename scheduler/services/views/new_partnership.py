"""A partnership that somebody is adding: the questions with what was said, what is wrong with it, the model that fits,
the file as it stands, and the year that it would plan."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from scheduler.definitions.authoring.checking import CheckedDraft, DraftProblem, checked
from scheduler.definitions.authoring.draft import DefinitionDraft
from scheduler.definitions.authoring.question import Question, Section
from scheduler.domain.errors import InvalidValue
from scheduler.services.app import App
from scheduler.services.previews.new_partnership import FirstYear, first_year
from scheduler.services.viewer import Viewer
from scheduler.store import drafts

StepState = Literal["open", "optional", "wrong", "answered"]
"""Optional is a step in which nothing has to be said, and nothing was."""


@dataclass(frozen=True, slots=True)
class AskedField:
    """A question: what was said or is taken for an answer (`value`), and what is wrong with it, where it was answered.
    `choices` are pairs of an answer and what it means."""

    field: str
    asks: str
    help: str
    form: str
    value: str
    choices: tuple[tuple[str, str], ...]
    suggestions: tuple[str, ...]
    optional: bool
    problems: tuple[DraftProblem, ...]


@dataclass(frozen=True, slots=True)
class AskedRow:
    title: str
    fields: tuple[AskedField, ...]


@dataclass(frozen=True, slots=True)
class QuestionStep:
    """A section of the questions. `problems` are those of its fields that were answered."""

    key: str
    title: str
    lead: str
    state: StepState
    rows: tuple[AskedRow, ...]

    @property
    def problems(self) -> Iterator[DraftProblem]:
        return (problem for row in self.rows for each in row.fields for problem in each.problems)


@dataclass(frozen=True, slots=True)
class FittingModel:
    """A structural model held against what is needed: what speaks for it and what against it; the best comes first."""

    model: str
    name: str
    is_possible: bool
    reasons: tuple[str, ...]
    against: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NewPartnership:
    """`fits` is empty until the needs were said. `problems` are all that hold it back or are remarked upon, where every
    step was answered. `year` is there where it could be written; `unplannable` says why it cannot be planned.
    `may_write` is whether its reader may have it written here; `not_here` why nobody may."""

    name: str
    file: str
    is_begun: bool
    is_whole: bool
    steps: tuple[QuestionStep, ...]
    problems: tuple[DraftProblem, ...]
    fits: tuple[FittingModel, ...]
    text: str
    year: FirstYear | None
    unplannable: str | None
    may_write: bool
    not_here: str | None


def new_partnership(app: App, db: Connection, viewer: Viewer, now: datetime) -> NewPartnership:
    """What this person has begun. Collisions are looked for in what they may see of others' meetings."""
    found = draft_of(app, db, viewer, now.date())
    draft, seen = found.draft, None if viewer.sees_all else frozenset(viewer.seats)
    steps = tuple(_step(each, found) for each in found.sections)
    year, unplannable = None, None
    if found.partnership is not None:
        try:
            year = first_year(found.partnership, app.playbooks, now, db, seen)
        except InvalidValue as fault:
            unplannable = f"{fault.what}; {fault.hint}"
    is_answered = bool(draft.said) and all(each.state != "open" for each in steps)
    return NewPartnership(
        name=draft.text("name"),
        file=found.file_name,
        is_begun=bool(draft.said),
        is_whole=found.is_whole and is_answered,
        steps=steps,
        problems=found.problems if is_answered else (),
        fits=tuple(_fitting(found)),
        text=found.text,
        year=year if is_answered else None,
        unplannable=unplannable,
        may_write=viewer.sees_all,
        not_here=not_here(app),
    )


def draft_of(app: App, db: Connection, viewer: Viewer, today: date) -> CheckedDraft:
    """What this person has said so far, checked. Who may not write files is not told which there are."""
    draft = DefinitionDraft(drafts.of_person(db, viewer.email), unfolds=True)
    return check(app, draft, viewer, today)


def check(app: App, draft: DefinitionDraft, viewer: Viewer, today: date) -> CheckedDraft:
    return checked(draft, app.playbooks, today, app.settings.definitions if viewer.sees_all else None)


def not_here(app: App) -> str | None:
    """Why the program does not write definition files where it runs; None where it does: the folder is writable, and no
    other host has one of its own."""
    folder = app.settings.definitions
    if app.store.url.get_backend_name() != "sqlite":
        return "Several hosts may share this database, each with a folder of its own"
    if not _is_writable(folder):
        return f"The program may not write into {folder}"
    return None


def _is_writable(folder: Path) -> bool:
    there = next((each for each in (folder, *folder.parents) if each.exists()), folder)
    return os.access(there, os.W_OK | os.X_OK)


def _step(section: Section, found: CheckedDraft) -> QuestionStep:
    rows = tuple(
        AskedRow(row.title, tuple(_field(question, found) for question in row.questions)) for row in section.rows
    )
    said = found.draft.said
    required = [each.field for each in section.questions if each.is_needed and not each.optional]
    answered = all(name in said for name in required) and any(each.field in said for each in section.questions)
    unsaid: StepState = "open" if required or not section.rows else "optional"
    wrong = any(p.severity == "error" for row in rows for each in row.fields for p in each.problems)
    state: StepState = "wrong" if wrong else "answered" if answered else unsaid
    return QuestionStep(section.key, section.title, section.lead, state, rows)


def _field(question: Question, found: CheckedDraft) -> AskedField:
    draft = found.draft
    value = draft.said.get(question.field) or question.default
    told = found.of(question.field) if question.field in draft.said else ()
    choices = dict(question.choices)
    if choices and value not in choices:
        choices = {value: value or "choose one", **choices}
    return AskedField(
        field=question.field,
        asks=question.asks,
        help=question.help,
        form=question.form,
        value=value,
        choices=tuple(choices.items()),
        suggestions=question.suggestions,
        optional=question.optional,
        problems=told,
    )


def _fitting(found: CheckedDraft) -> Iterator[FittingModel]:
    for each in found.found.ranking if found.found else ():
        yield FittingModel(each.model.value, each.model.words, each.possible, each.reasons, each.against)
