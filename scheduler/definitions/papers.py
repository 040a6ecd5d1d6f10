"""Signed papers that lie beside a definition: whether each is the one whose hash is on record."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from scheduler import named_files
from scheduler.definitions.problems import Diagnostic
from scheduler.definitions.yaml_text.reading import ParsedText
from scheduler.domain.definition.partnership import Partnership

MOST_BYTES = 64 * 1024 * 1024
"""A larger file is not read."""


def changed_papers(reading: ParsedText, partnership: Partnership) -> Iterator[Diagnostic]:
    """A fault for each file that can be read here and is another than the one that was signed. A path is meant from the
    folder of the definition; what cannot be read lies elsewhere, and nothing is said of it."""
    for index, document in enumerate(partnership.agreement.documents):
        found = _hash(Path(reading.file).parent / document.file) if document.file else None
        if found is not None and found != document.sha256:
            what = f"{document.file} is not the {document.words} that was signed: its hash is {found}"
            hint = "put the signed one back, or record the hash of a new one with its date"
            yield reading.problem(("agreement", "documents", index, "sha256"), what, hint)


def _hash(file: Path) -> str | None:
    """None where there is no such file that this user may read, or it is too large."""
    try:
        if not file.is_file() or file.stat().st_size > MOST_BYTES:
            return None
        return hashlib.sha256(named_files.read(file, MOST_BYTES)).hexdigest()
    except (OSError, ValueError):
        return None
