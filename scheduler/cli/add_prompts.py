"""What `cadence add` asks on a terminal: a question at a time, back and forth, and on from where it was interrupted."""

import json
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from scheduler.cli.output import plain
from scheduler.definitions.authoring.checking import CheckedDraft
from scheduler.definitions.authoring.draft import DefinitionDraft, carried
from scheduler.definitions.authoring.question import Question, understood
from scheduler.definitions.authoring.sections import unanswered
from scheduler.domain.errors import InvalidValue

BACK, HELP = "<", "?"
_HOW = f"{HELP} explains a question, {BACK} goes back to the one before; Ctrl-C keeps what was said for another time."
_FEW = 6
"""So many choices without a meaning of their own stand behind a question; else they are listed."""
_MANY = 20
"""More choices than this are listed only where somebody asks for help."""
Check = Callable[[DefinitionDraft], CheckedDraft]


class Conversation:
    """A draft on a terminal: what was said, in which order, and where it is kept meanwhile."""

    def __init__(self, given: Mapping[str, Any], check: Check, kept: Path) -> None:
        self._given, self._check, self._kept = given, check, kept
        self.draft = DefinitionDraft(_resumed(kept), given)
        self._asked = list(self.draft.said)
        self._before: dict[str, str] = {}
        self._heading = ""

    def completed(self) -> CheckedDraft:
        """Ask until nothing is open and no answer is wrong. Raises click.Abort where somebody breaks off: what was said
        is kept."""
        click.echo(_HOW, err=True)
        try:
            while True:
                checked = self._check(self.draft)
                if found := unanswered(self.draft, checked.found):
                    self._ask(checked, *found)
                elif not self._takes_back(checked):
                    return checked
        except click.Abort:
            self.keep()
            raise

    def keep(self) -> None:
        """What was said stays in a file that nobody else reads; where none can be written, it is lost."""
        if self._save():
            click.echo(f"\nKept in {self._kept}. It goes on from here with: cadence add", err=True)

    def forget(self) -> None:
        with suppress(OSError):
            self._kept.unlink(missing_ok=True)

    def back(self) -> None:
        """Take the last answer back; it is offered when the question comes again."""
        if self._asked:
            field = self._asked.pop()
            self._before[field] = self.draft.said.get(field, "")
            self.draft = DefinitionDraft(
                {name: text for name, text in self.draft.said.items() if name != field}, self._given
            )

    def _ask(self, checked: CheckedDraft, section: Any, row: Any, question: Question) -> None:
        heading = f"{section.title}. {section.lead}"
        if heading != self._heading:
            self._heading = heading
            click.secho(f"\n{heading}", bold=True, err=True)
        if row.title and question is row.questions[0]:
            click.secho(f"\n{plain(row.title)}", err=True)
        if question.field == "model" and checked.found:
            _show_fit(checked)
        said = _answer(question, self._before.get(question.field, question.default))
        if said is None:
            self.back()
            return
        after = DefinitionDraft(carried(self.draft, {**self.draft.said, question.field: said}), self._given)
        faults = [each for each in self._check(after).of(question.field) if each.severity == "error"]
        if faults:
            _complain(faults)
            return
        self.draft = after
        self._asked.append(question.field)
        self._save()

    def _takes_back(self, checked: CheckedDraft) -> bool:
        """Whether an answer that has turned out wrong is asked again, and it was told why."""
        faults = [each for each in checked.problems if each.severity == "error" and each.field in self._asked]
        if not faults:
            return False
        _complain(faults[:1])
        self._asked.remove(faults[0].field)
        self._asked.append(faults[0].field)
        self.back()
        return True

    def _save(self) -> bool:
        if not self.draft.said:
            return False
        with suppress(OSError):
            self._kept.touch(mode=0o600)
            self._kept.write_text(json.dumps(dict(self.draft.said), ensure_ascii=False), encoding="utf-8")
            return True
        return False


def _answer(question: Question, default: str) -> str | None:
    """What was answered, in the words of the definition; None to go back. A wrong answer is asked again at once."""
    shown = list(question.choices)
    listed = any(meaning and meaning != choice for choice, meaning in question.choices.items()) or len(shown) > _FEW
    if listed and len(shown) <= _MANY:
        _list_choices(question)
    few = f" ({', '.join(shown)})" if shown and not listed else ""
    while True:
        typed = click.prompt(
            f"{plain(question.asks)}{few}", default=default, show_default=bool(default), type=str, err=True
        ).strip()
        if typed == BACK:
            return None
        if typed == HELP:
            click.echo(plain(question.help) or "There is nothing to add.", err=True)
            _list_choices(question)
            continue
        try:
            return understood(question, typed)
        except InvalidValue as fault:
            click.echo(f"Error: {plain(fault.what)}; {plain(fault.hint)}", err=True)


def _list_choices(question: Question) -> None:
    width = max((len(choice) for choice in question.choices), default=0)
    for choice, meaning in question.choices.items():
        click.echo(
            f"  {plain(choice or '(nothing)'):<{width}}  {plain(meaning) if meaning != choice else ''}".rstrip(),
            err=True,
        )


def _show_fit(checked: CheckedDraft) -> None:
    found = checked.found
    if found is None:
        return
    click.echo(f"\n{found.best.model.words} fits best: {'; '.join(found.best.reasons[:2])}.", err=True)
    if found.best.against:
        click.echo(f"Against it: {'; '.join(found.best.against[:2])}.", err=True)


def _complain(faults: Iterable[Any]) -> None:
    for each in faults:
        click.echo(f"Error: {plain(each.what)}; {plain(each.hint)}", err=True)


def _resumed(kept: Path) -> dict[str, str]:
    """What an interrupted run left, if somebody wants to go on with it; what cannot be read is nothing."""
    try:
        found = json.loads(kept.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    said = {str(key): text for key, text in found.items() if isinstance(text, str)} if isinstance(found, dict) else {}
    name = said.get("name") or "a partnership"
    if said and click.confirm(f"Go on with {plain(name)}, which was begun and not written?", default=True, err=True):
        return said
    with suppress(OSError):
        kept.unlink()
    return {}
