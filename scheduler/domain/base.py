"""What every noun shares: frozen, refusing unknown keys, faults that say the way out."""

import re
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, core_schema

from .errors import InvalidValue, UserError
from .json_schema import for_editors


class Noun(BaseModel):
    """A frozen noun read from a mapping; a key it does not know is an error, so that a misspelling is never ignored."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Phrase:
    """A value written as a few words: `read` turns them into the value or raises `InvalidValue`, `str` writes them
    back. `looks` is the pattern of such words in small letters, `like` some of them, and `or_else` what is read that is
    no text, as JSON Schema says it: editors are told of them."""

    looks: ClassVar[str] = ".*"
    like: ClassVar[tuple[str, ...]] = ()
    or_else: ClassVar[dict[str, Any] | None] = None

    @classmethod
    def read(cls, written: object) -> Self:
        raise InvalidValue(f"{written!r} cannot be read as {cls.__name__.lower()}")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            lambda value: value if isinstance(value, cls) else cls.read(value),
            serialization=core_schema.to_string_ser_schema(),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, source: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        words = {"type": "string", "pattern": for_editors(cls.looks)}
        return {**({"anyOf": [words, cls.or_else]} if cls.or_else else words), "examples": list(cls.like)}


_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


def is_slug(text: str) -> bool:
    """Whether a text can be an id."""
    return len(text) <= 64 and bool(_SLUG.fullmatch(text))


def _slug(text: str) -> str:
    if not is_slug(text):
        tidy = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:64]
        raise InvalidValue(
            f"{text[:80]!r} is not an id: ids are a-z, 0-9 and '-', at most 64 characters",
            f'write "{tidy}"' if tidy else "choose a short name such as acme-globex",
        )
    return text


def _line(text: str) -> str:
    if not text.strip():
        raise InvalidValue("is empty", "write a few words, or leave the key out")
    if len(text) > 2000:
        raise InvalidValue(f"has {len(text):,} characters; 2,000 are the most", "shorten it")
    return text.strip()


def _words(value: object) -> object:
    """Numbers and plain words both stand where a text is asked for: `name: 2026` is the text "2026"."""
    return str(value) if isinstance(value, int | float | Decimal) and not isinstance(value, bool) else value


Slug = Annotated[
    str,
    BeforeValidator(_words),
    AfterValidator(_slug),
    WithJsonSchema({"type": ["string", "integer"], "pattern": f"^{_SLUG.pattern}$", "maxLength": 64}),
]
"""An id: a-z, 0-9 and '-'. Ids end up in file names, calendar UIDs and links, so nothing else is let in."""

Text = Annotated[
    str,
    BeforeValidator(_words),
    AfterValidator(_line),
    WithJsonSchema({"type": ["string", "number"], "pattern": r"\S", "maxLength": 2000}),
]
"""Words for people: not empty, at most 2,000 characters. Whatever is in them stays text."""

Written = Annotated[str, WithJsonSchema({"type": "string", "pattern": r"\S", "maxLength": 2000})]
"""A text that stands for a noun, as editors are told of it."""

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,63}$")]
"""One plain word: the kind of a document, such as mou, nda or partnership_agreement."""

__all__ = ["InvalidValue", "Noun", "Phrase", "Slug", "Text", "UserError", "Word", "Written"]
