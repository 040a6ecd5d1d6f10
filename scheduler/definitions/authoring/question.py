"""A question of the conversation, what it takes for an answer, and the rows and sections in which questions stand."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from dataclasses import field as made
from difflib import get_close_matches

from scheduler.definitions.authoring.draft import DefinitionDraft
from scheduler.domain.errors import InvalidValue

MOST_ROWS = 60
"""So many rows of a kind are asked for; whoever has more writes them into the file."""


@dataclass(frozen=True, slots=True)
class Question:
    """One field. `choices` are its answers, each with what it means; `suggestions` are some of many. `default` is what
    an empty answer means; where it may stay empty, it is `optional`. `is_needed` is False where the terminal does not
    ask, since the answer is known and only a page has room to change it. `reads` raises InvalidValue for what is wrong.
    """

    field: str
    asks: str
    help: str = ""
    choices: Mapping[str, str] = made(default_factory=dict)
    suggestions: tuple[str, ...] = ()
    default: str = ""
    optional: bool = False
    is_needed: bool = True
    reads: Callable[[str], object] = str
    form: str = "text"


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """The questions about one thing; `title` says which, and is empty where the section says it."""

    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A step of the conversation. `key` is that of the page's address."""

    key: str
    title: str
    lead: str
    rows: tuple[QuestionRow, ...]

    @property
    def questions(self) -> Iterator[Question]:
        return (question for row in self.rows for question in row.questions)


def understood(question: Question, typed: str) -> str:
    """What an answer says, in the words of the definition. Raises InvalidValue, with the way out."""
    text = typed.strip()
    if not text:
        if question.default or question.optional:
            return question.default
        raise InvalidValue("an answer is needed here", question.help)
    if question.choices:
        return _chosen(question.choices, text)
    question.reads(text)
    return text


def _chosen(choices: Mapping[str, str], text: str) -> str:
    """The choice that was meant: by its word, what it means, or the beginning of one alone."""
    word = text.casefold()
    for choice, meaning in choices.items():
        if word in (choice.casefold(), meaning.casefold(), choice.casefold().replace("_", " ")):
            return choice
    begins = [
        choice
        for choice, meaning in choices.items()
        if choice.casefold().rpartition(" ")[2].startswith(word) or meaning.casefold().startswith(word)
    ]
    if len(begins) == 1:
        return begins[0]
    near = get_close_matches(word, [*choices, *choices.values()], 1)
    few = ", ".join([each for each in choices if each][:8]) + (", …" if len(choices) > 8 else "")
    way = f'did you mean "{near[0]}"?' if near else f"write one of {few}"
    raise InvalidValue(f'"{text[:60]}" is none of the answers', way)


def begun(lead: Question, rest: Iterable[Question], draft: DefinitionDraft) -> tuple[Question, ...]:
    """The questions of a row: of one that may stay empty, and is, the first alone; where rows unfold, the rest as well,
    which may stay empty then."""
    if not lead.optional or draft.text(lead.field):
        return (lead, *rest)
    if not draft.unfolds:
        return (lead,)
    return (lead, *(replace(each, optional=True, is_needed=False) for each in rest))


def one_row(questions: Iterable[Question]) -> Iterator[QuestionRow]:
    if asked := tuple(questions):
        yield QuestionRow("", asked)


def rows_of(draft: DefinitionDraft, group: str, fewest: int) -> range:
    """The rows to ask about: those that are said, as many as there must be, and one more until it was left empty."""
    if draft.given.get(group):
        return range(0)
    last = max(draft.last(group), fewest)
    return range(1, min(last + 1, MOST_ROWS) + 1)
