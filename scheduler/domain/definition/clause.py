"""Clauses of an agreement in short, and what of them binds after its end."""

from datetime import date
from typing import Annotated, NamedTuple, Self

from pydantic import BeforeValidator, ConfigDict, SerializerFunctionWrapHandler, model_serializer, model_validator

from scheduler.domain.base import InvalidValue, Noun, Text, Written
from scheduler.domain.json_schema import has, lacks, when
from scheduler.domain.phrases import Span


class Clause(Noun):
    """What a clause of the agreement says, in short, and how long it binds after the end: for a span from then on, or
    until a day. One that says neither of both ends with the agreement or, where it is listed as surviving, never."""

    model_config = ConfigDict(json_schema_extra=when(has("survives"), lacks("until")))

    says: Text
    survives: Span | None = None
    until: date | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if self.survives is not None and self.until is not None:
            raise InvalidValue("both a span and a day say until when this binds", "leave out `survives` or `until`")
        return self

    @model_serializer(mode="wrap")
    def _as_written(self, handler: SerializerFunctionWrapHandler) -> object:
        """One that is a sentence and nothing more is written as one."""
        return self.says if self.survives is None and self.until is None else handler(self)


class Obligation(NamedTuple):
    """What binds after the end: the `clause` that says so (a key of the agreement), its words, and the last day of it:
    None where that is not known (`span` counts from an end that is not set), or where it never ends."""

    clause: str
    says: str
    until: date | None
    span: Span | None

    @property
    def lasts(self) -> str:
        """``until 2034-09-30``, ``for 5 years after the end``, ``without an end``."""
        if self.until:
            return f"until {self.until}"
        return f"for {self.span} after the end" if self.span else "without an end"


Said = Annotated[
    Clause,
    BeforeValidator(
        lambda written: {"says": written} if isinstance(written, str) else written,
        json_schema_input_type=Written | Clause,
    ),
]
"""A clause, or a bare text for its words."""
