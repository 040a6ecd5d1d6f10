"""What is wrong with a draft, as it is made: each problem at the field that it is about.

The definition is written and read again as `cadence check` would read it. Of a draft that is not whole, only what was
said is looked at: nobody is told of a question that is still to come.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from scheduler.definitions.authoring.draft import DefinitionDraft
from scheduler.definitions.authoring.question import Section, understood
from scheduler.definitions.authoring.recommend import Recommendation, recommend
from scheduler.definitions.authoring.sections import needs, sections
from scheduler.definitions.authoring.short_forms import USUAL_TRIGGERS
from scheduler.definitions.authoring.writer import new_definition
from scheduler.definitions.loading import load
from scheduler.definitions.problems import Severity
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.errors import InvalidValue


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """One problem: at which field, empty where it is about the whole; what is wrong, and the way out."""

    field: str
    severity: Severity
    what: str
    hint: str


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """A draft with the questions that it leads to, and what is wrong with it. `partnership` is there where it could be
    written as it is; `text` is the file so far."""

    draft: DefinitionDraft
    found: Recommendation | None
    sections: tuple[Section, ...]
    problems: tuple[DraftProblem, ...]
    partnership: Partnership | None
    text: str

    @property
    def file_name(self) -> str:
        return f"{self.id}.yaml"

    @property
    def id(self) -> str:
        return self.draft.answers(date.min).id

    @property
    def is_whole(self) -> bool:
        return self.partnership is not None

    def of(self, field: str) -> tuple[DraftProblem, ...]:
        return tuple(problem for problem in self.problems if problem.field == field)


def checked(
    draft: DefinitionDraft, playbooks: Mapping[Model, Playbook], today: date, folder: Path | None = None
) -> CheckedDraft:
    """The draft, held against its questions and, as far as it goes, against the rules of definitions.

    `folder` is where the file would stand: what stands there already is a problem of the id. Reads no database.
    """
    wanted = needs(draft)
    found = recommend(wanted, playbooks) if wanted else None
    asked = tuple(sections(draft, found))
    open_ = (*_unanswered(draft, asked), *_nameless(draft, asked))
    answers = draft.answers(today)
    text = new_definition(answers)
    name = f"{answers.id}.yaml"
    loaded = load(text, name, playbooks, today)
    told = {problem.field for problem in open_}
    rows = {_row(field) for field in told} - {""}
    diagnosed = [(_field(each.where, draft), each) for each in loaded.problems]
    problems = [
        *open_,
        *(_taken(draft, folder / name) if folder else ()),
        *(
            DraftProblem(field, each.severity, each.what, each.hint)
            for field, each in diagnosed
            if field not in told and _row(field) not in rows and (not open_ or draft.text(field))
        ),
    ]
    sound = not any(problem.severity == "error" for problem in problems)
    return CheckedDraft(draft, found, asked, tuple(problems), loaded.partnership if sound else None, text)


def _unanswered(draft: DefinitionDraft, asked: tuple[Section, ...]) -> Iterator[DraftProblem]:
    """What a question cannot read, and what is still to be said."""
    for question in (question for section in asked for question in section.questions):
        try:
            if question.is_needed or question.field in draft.said:
                understood(question, draft.text(question.field))
        except InvalidValue as fault:
            yield DraftProblem(question.field, "error", fault.what, fault.hint)


def _nameless(draft: DefinitionDraft, asked: tuple[Section, ...]) -> Iterator[DraftProblem]:
    """Rows in which something was typed, and not their first field, without which they are none."""
    for row in (row for section in asked for row in section.rows):
        lead, *rest = row.questions
        is_none = lead.optional and lead.field.count(".") == 2 and not draft.text(lead.field)
        if is_none and any(draft.text(each.field) for each in rest if not each.choices and not each.default):
            yield DraftProblem(lead.field, "error", "an answer is needed here", "or empty the rest of it")


def _row(field: str) -> str:
    """The row that a field stands in, `kpis.2`; empty where it stands in none."""
    return field.rpartition(".")[0] if field.count(".") == 2 else ""


def _taken(draft: DefinitionDraft, file: Path) -> Iterator[DraftProblem]:
    if file.exists() and (draft.text("id") or draft.text("name") or "id" in draft.given):
        yield DraftProblem("id", "error", f"{file.name} is there already", "choose another id")


_IN_ROWS = re.compile(r"(organisations|people|kpis|layers)\.([^.\[]+)(?:\.([^.\[]+))?")
_IN_LISTS = re.compile(r"(?:success_at_90_days\.(criteria)|(triggers))\[(\d+)\](?:\.([^.\[]+))?")
_SHARE = re.compile(r"agreement\.(?:entity|formula)\.shares\.([^.\[]+)")
_TERM = re.compile(r"agreement\.(?:equity|entity|formula)(?:\.(\w+))?")
_PLAIN = {"partnership": "id", "agreement.effective": "effective"}
_JUDGED = {"kpi": "by", "owner": "by", "id": "says"}
_FIRST = {Model.EQUITY_ALLIANCE: "holder", Model.JOINT_VENTURE: "name", Model.REVENUE_SHARING: "basis"}


def _field(where: str, draft: DefinitionDraft) -> str:
    """The field that said what stands at a place of the definition; empty where none did."""
    if found := _IN_ROWS.match(where):
        group, key, name = found.groups()
        number = {each: number for number, each in draft.keys(group).items()}.get(key)
        return f"{group}.{number}.{name or 'name'}" if number else ""
    if found := _IN_LISTS.match(where):
        return _in_list(found[1] or found[2], int(found[3]), found[4] or "says", draft)
    if found := _SHARE.match(where):
        sides = list(draft.organisations)
        return f"terms.share.{sides.index(found[1]) + 1}" if found[1] in sides else ""
    if found := _TERM.match(where):
        return f"terms.{found[1] or _FIRST.get(draft.model or Model.CONSORTIUM, '')}".replace("shares", "share.1")
    return _PLAIN.get(where, where if where in ("name", "model", "function", "goal") else "")


def _in_list(group: str, index: int, name: str, draft: DefinitionDraft) -> str:
    rows = draft.rows(group)
    if group == "triggers":
        usual = 0 if draft.text("triggers.usual") == "no" else len(USUAL_TRIGGERS)
        if index < usual:
            return "triggers.usual"
        index, name = index - usual, "says"
    return f"{group}.{rows[index]}.{_JUDGED.get(name, name)}" if index < len(rows) else ""
