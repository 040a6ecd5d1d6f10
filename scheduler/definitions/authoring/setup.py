"""A new set-up: commented settings and one worked example, written without touching any file that is there."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from scheduler.definitions.authoring.example import EXAMPLE, HEAD, example
from scheduler.definitions.authoring.schema_files import OF_PARTNERSHIPS, OF_SETTINGS, as_text
from scheduler.definitions.authoring.writer import create, modeline, new_definition
from scheduler.definitions.schemas import partnership_schema


def set_up(folder: Path, settings: str, today: date, schema: Mapping[str, Any]) -> list[Path]:
    """Write `settings` and a worked example under `folder`/config, each with its schema beside it (`schema` is that of
    the settings), and return what was written.

    A file that exists is left as it is. Raises UserError where nothing can be written.
    """
    config, partnerships = folder / "config", folder / "config" / "partnerships"
    wanted = {
        config / "cadence.yaml": f"{modeline(OF_SETTINGS)}\n{settings}",
        partnerships / f"{EXAMPLE}.yaml": new_definition(example(today), HEAD),
        config / OF_SETTINGS: as_text(schema),
        partnerships / OF_PARTNERSHIPS: as_text(partnership_schema()),
    }
    missing = [file for file in wanted if not file.exists()]
    for file in missing:
        create(file, wanted[file])
    return missing
