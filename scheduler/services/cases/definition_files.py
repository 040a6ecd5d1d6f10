"""A definition's file, read to be written anew: its bytes, what it defines, and what a change of it would bring."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.definitions.loading import load
from scheduler.domain.errors import UserError
from scheduler.services.folders import local

if TYPE_CHECKING:
    from scheduler.definitions.problems import Diagnostic
    from scheduler.domain.definition.partnership import Partnership
    from scheduler.services.app import App
    from scheduler.services.views.duties import Membership

NO_OTHER_DAY = (
    "this is written into the definition files, and of them there is no scratch copy",
    "call it without --now",
)
"""Why nothing is written on a scratch copy, and the way out."""


def bytes_of(file: Path) -> bytes:
    """Raises `UserError` where the file cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}", "put it back; this is written into it") from None


def with_local_files(app: "App", found: "Sequence[Membership]") -> "list[Membership]":
    """Memberships whose rows name the files of this host: another one may have taken them up from its own folder."""
    return [each._replace(row=each.row.model_copy(update={"file": str(local(app, each.row.file))})) for each in found]


def definition_of(app: "App", file: Path, raw: bytes) -> "Partnership":
    """What a file of these bytes defines. Raises `UserError` where it has errors."""
    partnership = load(raw, str(file), app.playbooks).partnership
    if partnership is None:
        raise UserError(f"{file} has errors, so nothing is written into it", f"see them with cadence check {file}")
    return partnership


def worse(app: "App", file: str, before: str, after: str) -> Iterator[str]:
    """The warnings that a change of the text brings with it. Raises `UserError` where it brings an error."""
    known = {(each.where, each.what) for each in load(before, file, app.playbooks).problems}
    for problem in load(after, file, app.playbooks).problems:
        if problem.severity == "error":
            raise UserError(f"nothing was written, since then {_said(problem)}", problem.hint)
        if (problem.where, problem.what) not in known:
            yield _said(problem)


def _said(problem: "Diagnostic") -> str:
    return f"{problem.where}: {problem.what}"
