"""What is asked for a new partnership, as one conversation: the terminal asks a question at a time, the page a section.

The questions follow from what was said so far, and from nothing else: who goes back, or goes on another day, is asked
what is open. KPIs come before the success that they show.
"""

from collections.abc import Callable, Iterable, Iterator

from scheduler.definitions.authoring.asked_of_kpis import of_criteria, of_kpis, of_layers, of_triggers
from scheduler.definitions.authoring.asked_of_sides import (
    of_model,
    of_organisations,
    of_partnership,
    of_people,
    of_terms,
)
from scheduler.definitions.authoring.draft import DefinitionDraft
from scheduler.definitions.authoring.question import Question, QuestionRow, Section
from scheduler.definitions.authoring.recommend import CRITERIA, Needs, Recommendation
from scheduler.domain.definition.vocabulary import Function


def sections(draft: DefinitionDraft, found: Recommendation | None = None) -> Iterator[Section]:
    """All sections, with the questions that what was said so far leads to. `found` is what fits the needs, if asked.
    Where rows unfold, a section whose questions are still to come is there already, without any."""
    for key, title, lead, rows in _SECTIONS:
        asked = () if draft.given.get(key) else tuple(rows(draft, found))
        if asked or (draft.unfolds and key in _WAITING and not draft.given.get(key)):
            yield Section(key, title, lead, asked)


def unanswered(
    draft: DefinitionDraft, found: Recommendation | None = None
) -> tuple[Section, QuestionRow, Question] | None:
    """The next question that a terminal asks; None where all was said."""
    return next(
        (
            (section, row, question)
            for section in sections(draft, found)
            for row in section.rows
            for question in row.questions
            if question.is_needed and question.field not in draft.said
        ),
        None,
    )


def needs(draft: DefinitionDraft) -> Needs | None:
    """What is asked of the structural model; None until all four criteria are answered."""
    said = {criterion.key: draft.text(f"fit.{criterion.key}") for criterion in CRITERIA}
    if not all(said[criterion.key] in criterion.choices for criterion in CRITERIA):
        return None
    members = draft.text("fit.members")
    count = len(draft.organisations) or (int(members) if members.isdecimal() else 2)
    function = draft.given.get("function") or draft.text("function")
    return Needs(**said, members=max(count, 2), function=Function(function) if function in [*Function] else None)  # type: ignore[arg-type]


_WAITING = ("people", "kpis", "criteria")
"""Who and what is asked about here depends on the organisations or the people."""
_SECTIONS: tuple[
    tuple[str, str, str, Callable[[DefinitionDraft, Recommendation | None], Iterable[QuestionRow]]], ...
] = (
    ("partnership", "The partnership", "What it is called, what it is for, and from when it counts.", of_partnership),
    ("model", "Structural model", "How it is governed: who meets how often, and who decides.", of_model),
    ("organisations", "Organisations", "Who takes part. Their days off move the reviews.", of_organisations),
    ("requires", "On record", "What this model must have on record.", of_terms),
    ("people", "People", "An alliance manager and a sponsor of each side, and whoever else takes part.", of_people),
    ("kpis", "KPIs", "What is measured, and who owes the readings.", of_kpis),
    ("criteria", "Success at 90 days", "What success looks like, in writing before anybody signs.", of_criteria),
    ("triggers", "Triggers", "What calls a formal governance review.", of_triggers),
    ("layers", "Layers", "Programmes, regions and agreements with a governance of their own.", of_layers),
)
"""The steps, in their order: key (as in `Answers`, and in the page's address), title, lead, and the rows of questions.
What was given under that key is not asked."""
