"""A new set-up: commented settings and one worked example, written without touching any file that is there."""

from datetime import date
from pathlib import Path

from scheduler.definitions.authoring.example import EXAMPLE, HEAD, example
from scheduler.definitions.authoring.writer import create, new_definition


def set_up(folder: Path, settings: str, today: date) -> list[Path]:
    """Write `settings` and a worked example under `folder`/config, and return what was written.

    A file that exists is left as it is. Raises UserError where nothing can be written.
    """
    wanted = {
        folder / "config" / "cadence.yaml": settings,
        folder / "config" / "partnerships" / f"{EXAMPLE}.yaml": HEAD + new_definition(example(today)),
    }
    missing = [file for file in wanted if not file.exists()]
    for file in missing:
        create(file, wanted[file])
    return missing
