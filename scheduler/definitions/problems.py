"""A problem: one fault in one file, with its place, what is wrong in plain words, and the way out.

Problems are collected, never raised past this package: whoever checks a folder hears of every fault of every file
at once. They read like a compiler's (`file:line:column: error: where: what`), so that editors can jump to them.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, Literal

Severity = Literal["error", "warning"]
Trail = tuple[str | int, ...]

_LONGEST_WORD = 60  # no name is longer; comparing longer ones would only cost time
_LONGEST_PATH = 200
_LIKENESS = 0.65  # one wrong letter in three is still a near miss: "tam" is "tom"


@dataclass(frozen=True)
class Diagnostic:
    """One fault. `line` and `column` count from 1 and are None where the whole file is meant; `hint` is the way out."""

    file: str
    line: int | None
    column: int | None
    severity: Severity
    where: str
    what: str
    hint: str

    def __lt__(self, other: "Diagnostic") -> bool:
        return _place(self) < _place(other)


def as_text(problem: Diagnostic) -> str:
    """The problem as a compiler would print it, its hint indented below; nothing in it can steer a terminal."""
    place = ":".join(str(part) for part in (problem.file, problem.line, problem.column) if part is not None)
    said = ": ".join(part for part in (place, problem.severity, problem.where, problem.what) if part)
    return "\n    ".join(_printable(part) for part in (said, problem.hint) if part)


def as_workflow_command(problem: Diagnostic, root: Path) -> str:
    """The problem as an annotation of a change, at its line: a command of GitHub's workflows, which Gitea and Forgejo
    know as well. Files are named from the folder `root`, where the repository lies.

    Escapes: https://github.com/actions/toolkit/blob/main/packages/core/src/command.ts
    """
    file = Path(problem.file)
    named = file.relative_to(root) if file.is_absolute() and file.is_relative_to(root) else file
    said = {"file": named, "line": problem.line, "col": problem.column, "title": problem.where or None}
    properties = ",".join(f"{key}={_in_property(value)}" for key, value in said.items() if value is not None)
    words = "\n".join(_printable(part) for part in (problem.what, problem.hint) if part)
    return f"::{problem.severity} {properties}::{_in_data(words)}"


def _in_data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _in_property(value: object) -> str:
    return _in_data(_printable(str(value))).replace(":", "%3A").replace(",", "%2C")


def as_dict(problem: Diagnostic) -> dict[str, Any]:
    """The problem as JSON has it: file, line, column, severity, where, what, hint."""
    return asdict(problem)


def as_report(problems: Iterable[Diagnostic]) -> dict[str, list[dict[str, Any]]]:
    """All problems, in the order of their files and lines, as the one JSON object that every reader of ours knows."""
    return {"problems": [as_dict(problem) for problem in sorted(problems)]}


def dotted(path: Trail) -> str:
    """A path of keys and list indices as people write it: `triggers[2].kpi`."""
    steps = (f"[{step}]" if isinstance(step, int) else f".{_shortened(step)}" for step in path)
    path_in_words = "".join(steps).removeprefix(".")
    return path_in_words if len(path_in_words) <= _LONGEST_PATH else path_in_words[: _LONGEST_PATH - 1] + "…"


def quoted(value: object) -> str:
    """Somebody's own text as a problem repeats it: in quotes, on one line, and no longer than a line has room for."""
    return f'"{_printable(_shortened(str(value)))}"'


def near_miss(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate that `word` was probably meant to be, or None where none is close.

    Case, `_` for `-` and a plural `s` count for nothing; swapped letters count for little. Of equally close
    candidates the first one wins.
    """
    if not word or len(word) > _LONGEST_WORD:
        return None
    others = [candidate for candidate in candidates if candidate != word and len(candidate) <= _LONGEST_WORD]
    best = max(others, key=lambda candidate: _likeness(word, candidate), default=None)
    return best if best is not None and _likeness(word, best) >= _LIKENESS else None


def _place(problem: Diagnostic) -> tuple[str, int, int, str, str, str]:
    return problem.file, problem.line or 0, problem.column or 0, problem.severity, problem.where, problem.what


def _likeness(one: str, other: str) -> float:
    """From 0 (nothing in common) to 1 (the same but for case, separators and number)."""
    one, other = _bare(one), _bare(other)
    if len(one) > 2 and sorted(one) == sorted(other):
        return 1.0 if one == other else 0.9
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _bare(word: str) -> str:
    joined = "-".join(word.casefold().replace("_", "-").split())
    return joined[:-1] if len(joined) > 3 and joined.endswith("s") else joined


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_WORD else text[: _LONGEST_WORD - 1] + "…"


def _printable(text: str) -> str:
    """The text on one line, with escapes for whatever is no visible character: no colour code, no forged line."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in text)
