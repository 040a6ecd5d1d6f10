"""From a file to a partnership, or to all that is wrong with it.

A text is read, fitted to the nouns, and checked. Where it does not fit, whatever of it does is checked all the same, so
that one report tells of every problem. A partnership comes out only where there is no error; warnings do not hold it
back.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from scheduler.definitions.checks import advice_on_the_cadence, findings
from scheduler.definitions.checks.subject import CheckedDefinition, Finding
from scheduler.definitions.papers import changed_papers
from scheduler.definitions.problems import Diagnostic, quoted
from scheduler.definitions.salvage import Salvage, salvage
from scheduler.definitions.shape import MOST, Misfit, misfits
from scheduler.definitions.yaml_text.reading import ParsedText, files, read, read_file
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.playbook import Playbook
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.record.series_hour import SeriesHours

Playbooks = Mapping[Model, Playbook]
NONE_KEPT: Mapping[str, SeriesHours] = MappingProxyType({})
_NOBODY_KNOWS: SeriesHours = MappingProxyType({})


@dataclass(frozen=True)
class Loaded:
    """What became of a file: its partnership, None where there is an error, and every problem in the order of lines."""

    partnership: Partnership | None
    problems: tuple[Diagnostic, ...]


def load(text: bytes | str, file: str, playbooks: Playbooks, today: date | None = None) -> Loaded:
    """The partnership in a text. `file` is its name in problems; where it ends in .yaml, it bears the partnership's id.

    With `today` (a civil date), a start in the past is remarked upon. Nothing that a text may hold raises.
    """
    return _loaded(read(text, file), playbooks, today)


def load_file(path: Path, playbooks: Playbooks, today: date | None = None) -> Loaded:
    """The partnership in a file, as `load`. A file that cannot be read is a problem like any other."""
    return _loaded(read_file(path), playbooks, today)


def check(
    paths: Iterable[Path], playbooks: Playbooks, today: date | None = None, kept: Mapping[str, SeriesHours] = NONE_KEPT
) -> Iterator[Diagnostic]:
    """Every problem of these files and of the definitions in these folders, file by file.

    A partnership that two files define is a problem of the second. `paths` is walked as the problems are asked for.
    With `today` (a civil date), a start in the past is remarked upon, but for the ids in `kept`: their cadence runs,
    at the hours that people know of it.
    """
    first_with: dict[str, Path] = {}
    for file in _each_once(paths):
        reading = read_file(file)
        key = reading.tree.get("partnership")
        known = kept.get(key) if isinstance(key, str) else None
        loaded = _loaded(reading, playbooks, today if known is None else None, known or {})
        yield from loaded.problems
        if loaded.partnership is not None:
            yield from changed_papers(reading, loaded.partnership)
        if isinstance(key, str) and (other := first_with.setdefault(key, file)) != file:
            if _is_said_already(key, file, other):
                continue
            what = f"{quoted(key)} is defined in {other} as well, so neither can be trusted"
            way = "compare the two and move one away, or give one another id"
            yield reading.problem(("partnership",), what, way)


def _is_said_already(id: str, file: Path, other: Path) -> bool:
    """Whether a file beside both bears the partnership's name: it stays, and of each other one that is said."""
    return file.parent == other.parent and (id in (file.stem, other.stem) or _good_one(id, file) is not None)


def _each_once(paths: Iterable[Path]) -> Iterator[Path]:
    seen = set[Path]()
    for file in (file for path in paths for file in files([path])):
        if file not in seen:
            seen.add(file)
            yield file


def _loaded(
    reading: ParsedText, playbooks: Playbooks, today: date | None, hours: SeriesHours = _NOBODY_KNOWS
) -> Loaded:
    if not reading.readable:
        return Loaded(None, reading.problems)
    wrong: list[Misfit] = []
    try:
        rest: Salvage | None = Salvage(Partnership.model_validate(reading.tree))
    except ValidationError as error:
        wrong, rest = misfits(error, reading.tree), salvage(reading.tree)
    told = {problem.where for problem in reading.problems}
    misfitting = (reading.problem(misfit.path, misfit.what, misfit.hint, of=misfit.of) for misfit in wrong)
    problems = [*reading.problems, *(problem for problem in misfitting if problem.where not in told)]
    if rest is not None:
        known = replace(rest, partnership=rest.partnership.keeping_hours(hours))
        problems += _checked(reading, known, playbooks, today, sound=not problems)
    if any(problem.severity == "error" for problem in problems) or rest is None:
        return Loaded(None, tuple(sorted(problems)))
    return Loaded(rest.partnership, tuple(sorted(problems)))


def _checked(
    reading: ParsedText, rest: Salvage, playbooks: Playbooks, today: date | None, *, sound: bool
) -> Iterator[Diagnostic]:
    """What the checks find in what could be read. A sound partnership is also asked how its cadence would go."""
    subject = CheckedDefinition(rest.partnership, reading.tree, playbooks, today)
    found = [*_file_bears_the_id(reading, rest.partnership), *findings(subject)]
    if sound and all(finding.severity == "warning" for finding in found):
        found += advice_on_the_cadence(subject)
    for finding in found[:MOST]:
        path = rest.in_file(finding.path)
        if all(rest.says_all(basis) for basis in (path, *finding.rests_on)):
            yield reading.problem(path, finding.what, finding.hint, finding.severity, finding.of)


def _file_bears_the_id(reading: ParsedText, partnership: Partnership) -> Iterator[Finding]:
    """So that whoever knows the partnership finds its file, and no two files define one."""
    file = Path(reading.file)
    if file.suffix.lower() not in (".yaml", ".yml") or file.stem == partnership.partnership:
        return
    good = _good_one(partnership.partnership, file)
    if good is None:
        what = f'the file bears another name than the partnership, "{file.stem}"'
        yield Finding(("partnership",), what, f"rename the file to {partnership.partnership}{file.suffix}")
        return
    is_copy = _CONFLICT.search(file.stem)
    copy = "looks like a conflict copy, as synchronised folders make it" if is_copy else "is another file"
    what = f'"{file.name}" {copy}: {good.name} defines {partnership.partnership}, and stays as it is'
    way = f"compare the two, take over into {good.name} what it lacks, and move this one away"
    yield Finding(("partnership",), what, way)


def _good_one(id: str, file: Path) -> Path | None:
    """The file beside this one that bears the partnership's name; None where there is none, or it is this one."""
    beside = (file.with_name(f"{id}{suffix}") for suffix in dict.fromkeys((".yaml", ".yml", file.suffix)))
    return next((each for each in beside if each.is_file() and not (file.exists() and each.samefile(file))), None)


_CONFLICT = re.compile(
    r"conflict|\(\d+\)$| \d+$| copy( \d+)?$|^copy of |_(BASE|LOCAL|REMOTE|BACKUP)_\d+$", re.IGNORECASE
)
"""What Dropbox, Nextcloud, Syncthing, OneDrive, iCloud, browsers and git call a second copy of a file."""
