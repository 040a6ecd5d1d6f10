"""Somebody adds a partnership in steps: what they say is kept until it is written or they let go of it.

Whoever is let in may fill it in and take the file with them; only an operator has it written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scheduler.definitions.authoring.checking import CheckedDraft
from scheduler.definitions.authoring.draft import DefinitionDraft, carried
from scheduler.definitions.authoring.question import Question, understood
from scheduler.definitions.authoring.schema_files import written_beside
from scheduler.definitions.authoring.writer import create
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.rules.permissions import NotPermitted
from scheduler.services.app import App
from scheduler.services.viewer import Viewer
from scheduler.services.views.new_partnership import check, draft_of, not_here
from scheduler.store import drafts
from scheduler.store.holding import take_turn

LONGEST = 2000
"""So many letters an answer may have, as a definition's texts."""


@dataclass(frozen=True)
class KeptDraft:
    """What became of the answers to a step: whether it is done with, and the key of the one after it, None at the
    end. It is not while something in it is wrong, or what was said leads to further questions in it."""

    is_done: bool
    following: str | None


def answer(app: App, viewer: Viewer, step: str, typed: Mapping[str, str], now: datetime) -> KeptDraft:
    """Keep the answers to a step, also those that are wrong: what is wrong is told where they stand. Raises UserError
    for a step that there is not, and for an answer that is too long."""
    with app.store.write() as db:
        take_turn(db, f"draft of {viewer.email}")
        before = draft_of(app, db, viewer, now.date())
        section = next((each for each in before.sections if each.key == step), None)
        if section is None:
            raise UserError("there is no such step", "load the page again")
        asked = {each.field: each for each in section.questions}
        answers = {name: _understood(each, typed[name]) for name, each in asked.items() if name in typed}
        said = carried(before.draft, {**before.draft.said, **answers})
        drafts.keep(db, viewer.email, said, now)
    after = check(app, DefinitionDraft(said, unfolds=True), viewer, now.date())
    return _kept(after, step, answers)


def _kept(after: CheckedDraft, step: str, answers: Mapping[str, str]) -> KeptDraft:
    keys = [each.key for each in after.sections]
    section = after.sections[keys.index(step)]
    new = any(
        each.field not in answers
        for row in section.rows
        for each in row.questions
        if each.is_needed and not (each.optional and each is row.questions[0])
    )
    wrong = any(each.severity == "error" and each.field in answers for each in after.problems)
    following = keys[keys.index(step) + 1 :]
    return KeptDraft(not new and not wrong, following[0] if following else None)


def let_go(app: App, viewer: Viewer) -> None:
    """Forget what this person has said."""
    with app.store.write() as db:
        drafts.forget(db, viewer.email)


def write(app: App, viewer: Viewer, now: datetime) -> Path:
    """Write the definition's file, which the next cycle takes up. Raises Refused for who is no operator, UserError
    where it is not whole, where files are not written here, and where the name is taken."""
    if not viewer.sees_all:
        raise NotPermitted(
            "You may not write definition files", "download it, and send it to an operator of this program"
        )
    if why := not_here(app):
        raise UserError(why, "download the file, and put it where the definitions are")
    with app.store.write() as db:
        take_turn(db, f"draft of {viewer.email}")
        found = draft_of(app, db, viewer, now.date())
        if found.partnership is None:
            raise UserError("There is something to mend before it can be written", "see what is marked")
        file = app.settings.definitions / found.file_name
        create(file, found.text)
        written_beside(file.parent)
        drafts.forget(db, viewer.email)
    app.log.info("definition.written", partnership=found.id, by=viewer.email)
    return file


def _understood(question: Question, typed: str) -> str:
    """The answer in the words of the definition; one that is wrong as it was typed. Raises UserError."""
    if len(typed) > LONGEST:
        raise UserError("An answer is too long", f"write at most {LONGEST} characters")
    try:
        return understood(question, typed)
    except InvalidValue:
        return typed.strip()
