"""Signed papers: what they are, until when they run, where they lie; and the milestones of a memorandum."""

import re
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, ConfigDict, WithJsonSchema, model_validator

from scheduler.domain.base import InvalidValue, Noun, Slug, Text, Word
from scheduler.domain.json_schema import has, when

_LINK = re.compile(r"https://[A-Za-z0-9][A-Za-z0-9.-]*(:[0-9]{1,5})?(/[^\s<>\"\\]*)?")
"""Without a name or a password before the host: a definition is read by all partners."""


def _link(text: str) -> str:
    if not _LINK.fullmatch(text):
        way_out = "write https:// and where the paper lies"
        raise InvalidValue(f"{text[:80]!r} is no link that people can follow", way_out)
    return text


def _sha256(text: str) -> str:
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text.strip()):
        raise InvalidValue("this is no SHA-256: 64 of 0-9 and a-f", "sha256sum FILE prints it")
    return text.strip().lower()


Link = Annotated[
    Text, AfterValidator(_link), WithJsonSchema({"type": "string", "pattern": rf"^\s*{_LINK.pattern}\s*$"})
]
"""An https address."""
Sha256 = Annotated[
    Text, AfterValidator(_sha256), WithJsonSchema({"type": "string", "pattern": r"^\s*[0-9a-fA-F]{64}\s*$"})
]
"""A hash of a file, in hexadecimal digits."""


def paper_words(kind: str) -> str:
    """``NDA``, ``partnership agreement``."""
    return kind.upper() if len(kind) <= 3 else kind.replace("_", " ")


class PaperMilestone(Noun):
    """What a memorandum says is to be reached by a day, and the person (key) who answers for it. Its key is what the
    record knows it by: by default its words, so that those may be changed where a key is written."""

    key: Slug | None = None
    says: Text
    by: date
    owner: Slug

    @property
    def id(self) -> str:
        """Its key, else its words as one."""
        return self.key or re.sub(r"[^a-z0-9]+", "-", self.says.lower()).strip("-")[:40].strip("-") or "milestone"


class Document(Noun):
    """A signed paper: MOU, NDA, partnership agreement, articles of incorporation; where it lies, as a link or as a file
    beside the definition, and the hash by which that file is known. A memorandum may have milestones."""

    model_config = ConfigDict(json_schema_extra=when(has("file"), has("sha256")))

    kind: Word
    signed: date | None = None
    expires: date | None = None
    link: Link | None = None
    file: Text | None = None
    sha256: Sha256 | None = None
    milestones: tuple[PaperMilestone, ...] = ()

    @model_validator(mode="after")
    def _file_with_its_hash(self) -> Self:
        if self.file is not None and self.sha256 is None:
            raise InvalidValue("a file is named, and not the hash by which it is known", "add sha256: (sha256sum FILE)")
        return self

    @property
    def words(self) -> str:
        """``NDA``, ``partnership agreement``."""
        return paper_words(self.kind)
