"""Standards by which an evidence pack is ordered: one YAML file each, shipped or an operator's own."""

from pathlib import Path

from pydantic import ValidationError

from scheduler.definitions.problems import as_text
from scheduler.definitions.shape import misfits
from scheduler.definitions.yaml_text.reading import read_file
from scheduler.domain.definition.standard import Standard
from scheduler.domain.errors import UserError


def shipped(folder: Path) -> list[str]:
    """The names of the standards in a folder."""
    return sorted(file.stem for file in folder.glob("*.yaml"))


def standard(named: str, folder: Path) -> Standard:
    """The standard of that name in the folder, or in the file of that path. Raises UserError."""
    known = shipped(folder)
    file = folder / f"{named}.yaml" if named in known else Path(named)
    if not file.is_file():
        raise UserError(f"there is no standard {named[:80]!r}", f"name {' or '.join(known)}, or a file of your own")
    reading = read_file(file)
    problems = list(reading.problems)
    if not problems:
        try:
            return Standard.model_validate(reading.tree)
        except ValidationError as error:
            wrong = misfits(error, reading.tree, Standard)
            problems = [reading.problem(each.path, each.what, each.hint, of=each.of) for each in wrong]
    raise UserError(
        "the standard cannot be read:\n" + "\n".join(map(as_text, problems)), f"compare with {folder / known[0]}.yaml"
    )
