"""The schemas beside the files that they are of, so that editors find them without a network, in every checkout."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from scheduler.definitions.authoring.writer import SCHEMA, create, replace
from scheduler.definitions.schemas import partnership_schema
from scheduler.domain.draft7 import NAME_LISTS
from scheduler.domain.errors import UserError

OF_PARTNERSHIPS, OF_PLAYBOOKS, OF_SETTINGS = SCHEMA, "playbook.schema.json", "cadence.schema.json"

Made = Callable[[], Mapping[str, Any]]


def as_text(schema: Mapping[str, Any]) -> str:
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


def written_beside(folder: Path) -> Path | None:
    """The schema of partnerships, written into the definitions folder where there is none yet; None where there is one.
    Raises UserError where it cannot be written."""
    file = folder / OF_PARTNERSHIPS
    if file.exists():
        return None
    create(file, as_text(partnership_schema()))
    return file


def renewed(file: Path, schema: Mapping[str, Any]) -> bool:
    """Write a schema, over an earlier one; whether that changed anything. Raises UserError."""
    text = as_text(schema)
    try:
        before = file.read_bytes()
    except FileNotFoundError:
        create(file, text)
        return True
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}", "check the folder and its permissions") from None
    if before == text.encode():
        return False
    replace(file, before, text)
    return True


def is_outdated(file: Path, made: Made) -> bool:
    """Whether a schema that was written says something else than this program: then an editor marks what is right, or
    lets pass what is wrong. The names of zones and countries are those of the machine that wrote it."""
    try:
        said = json.loads(file.read_bytes())
    except FileNotFoundError:
        return False
    except (OSError, ValueError):
        return True
    return not isinstance(said, dict) or _without_names(said) != _without_names(made())


def _without_names(schema: Mapping[str, Any]) -> dict[str, Any]:
    definitions = schema.get("definitions")
    known = definitions if isinstance(definitions, dict) else {}
    return {**schema, "definitions": {name: each for name, each in known.items() if name not in NAME_LISTS}}
