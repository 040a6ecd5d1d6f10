"""What lies in a definitions folder and is not read, though somebody may think that it is; each with the reason.

A link that leads out of the folder, a link to nothing, a pipe or a device under the name of a definition: these are
errors, since a partnership may wait behind them. A name that almost is a definition's, and a folder with definitions in
it, are warnings. What editors and version control leave behind is nothing to speak of.
"""

import stat
from pathlib import Path

from scheduler.definitions.problems import Diagnostic, Severity
from scheduler.definitions.yaml_text.reading import is_definition, looks_like_definition

_SUFFIXES = (".yaml", ".yml")
_LEFT_BEHIND = ("~", ".swp", ".swo", ".swx", ".tmp", ".part", ".bak", ".orig", ".rej", ".old")
_KINDS = ((stat.S_ISFIFO, "a pipe"), (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"))


def passed_over(folder: Path) -> list[Diagnostic]:
    """Everything of a folder that is passed over and should not be in silence, by name. Nothing of it is opened."""
    try:
        entries, home = sorted(folder.iterdir()), folder.resolve()
    except OSError:
        return []
    return [problem for entry in entries if (problem := reason(entry, home))]


def reason(entry: Path, home: Path) -> Diagnostic | None:
    """Why an entry of the folder `home`, a resolved path, is not read; None where it is, or was never meant to be."""
    if is_definition(entry, home):
        return None
    if _is_folder(entry):
        return _below(entry)
    return _error(entry) if looks_like_definition(entry) else _named_almost(entry)


def _is_folder(entry: Path) -> bool:
    try:
        return entry.is_dir()
    except (OSError, RuntimeError):
        return False


def _error(entry: Path) -> Diagnostic | None:
    """What bears a definition's name and is none."""
    try:
        kind = entry.stat().st_mode
    except FileNotFoundError:
        if not entry.is_symlink():
            return None  # gone since it was listed
        return _problem(entry, "error", "this link leads to nothing", "mend the link, or remove it")
    except (OSError, RuntimeError) as error:
        what = f"it cannot be looked at ({getattr(error, 'strerror', None) or 'a link to itself'})"
        return _problem(entry, "error", what, "check the link, and that this user may read what it leads to")
    for is_kind, name in _KINDS:
        if is_kind(kind):
            return _problem(entry, "error", f"this is {name}, and no file", "give it another name, or move it away")
    what = f"this link leads out of the definitions folder, to {entry.resolve()}, so it is not read"
    return _problem(entry, "error", what, "put the file itself here, or a link to it inside the definitions folder")


def _below(folder: Path) -> Diagnostic | None:
    if folder.name.startswith("."):
        return None
    try:
        inside = sorted(entry.name for entry in folder.iterdir() if looks_like_definition(entry))
    except OSError:
        return None
    if not inside:
        what = "this is a folder, and no definition"
        return _problem(folder, "warning", what, "give it another name") if looks_like_definition(folder) else None
    more = f" and {len(inside) - 1} more" if len(inside) > 1 else ""
    what = f"{inside[0]}{more} in this folder: only the definitions folder itself is read, and nothing below it"
    return _problem(folder, "warning", what, "move them up, or away")


def _named_almost(entry: Path) -> Diagnostic | None:
    """A name with a definition's suffix in it, hidden or followed by another."""
    name = entry.name.lower()
    if name.endswith(_LEFT_BEHIND) or name.startswith(("#", "~", ".#", ".~")):
        return None
    if name.startswith(".") and name.endswith(_SUFFIXES):
        return _problem(entry, "warning", "a hidden file is not read", f"rename it to {entry.name.lstrip('.')}")
    if any(f"{suffix}." in name for suffix in _SUFFIXES):
        what = "this is not read: its name does not end in .yaml or .yml"
        return _problem(entry, "warning", what, "rename it where it is a definition, or move it away")
    return None


def _problem(entry: Path, severity: Severity, what: str, hint: str) -> Diagnostic:
    return Diagnostic(str(entry), None, None, severity, "", what, hint)
