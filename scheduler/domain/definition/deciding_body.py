"""Who decides: bodies with members and a rule, and where a matter goes on which they cannot agree.

Each party (an organisation) has one vote in a body, whoever casts it. Where a definition names a body in words alone,
its playbook says by which rule it decides without a meeting, and where a deadlock goes.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    Tag,
    model_validator,
)
from pydantic_core import CoreSchema

from scheduler.domain.base import InvalidValue, Noun, Phrase, Slug, Text
from scheduler.domain.json_schema import JsonSchema, has, is_one_of, lacks, when
from scheduler.domain.phrases import Span

_NAMED = {"half": "1/2", "one third": "1/3", "two thirds": "2/3", "three quarters": "3/4", "all": "1/1"}


@dataclass(frozen=True, slots=True)
class Portion(Phrase):
    """A part of all parties: ``2/3``, ``51%``, ``all``."""

    looks: ClassVar[str] = rf"(?:{'|'.join(_NAMED)}|\d{{1,3}}/0*[1-9]\d{{0,2}}|\d{{1,3}}(?:\.\d{{1,4}})?\s?%)"
    like: ClassVar[tuple[str, ...]] = ("2/3", "51%", "all")

    written: str
    value: Fraction

    @classmethod
    def read(cls, written: object) -> Self:
        text = " ".join(str(written).lower().split())
        number = _NAMED.get(text, text)
        percent = re.fullmatch(r"(\d{1,3}(?:\.\d{1,4})?)\s?%", number)
        found = re.fullmatch(r"(\d{1,3})/(\d{1,3})", number)
        value = Fraction(percent[1]) / 100 if percent else None
        if found and int(found[2]):
            value = Fraction(int(found[1]), int(found[2]))
        if value is None or not 0 < value <= 1:
            raise InvalidValue(f"{str(written)[:60]!r} is no part of a whole", "write it like 2/3, 51% or all")
        return cls(text, value)

    def of(self, whole: int) -> int:
        """The least number of so many that is this part of them."""
        return ceil(self.value * whole)

    def __str__(self) -> str:
        return self.written


class Rule(StrEnum):
    """How a body decides: nobody is against it (`consent`), more parties are for it than against it (`majority`), a
    `share` of all parties is for it, or a majority with the `chair`'s vote in a tie."""

    CONSENT = "consent"
    MAJORITY = "majority"
    SHARE = "share"
    CHAIR = "chair"


def _in_words(rule: Rule, share: Portion | None) -> str:
    if rule is Rule.SHARE:
        return f"{share or 'a share'} of all parties"
    return {Rule.CONSENT: "consent", Rule.MAJORITY: "majority"}.get(rule, "majority, the chair's vote in a tie")


_ROLES = {
    "alliance manager": "alliance_manager",
    "alliance managers": "alliance_manager",
    "sponsors": "sponsor",
    "executive sponsor": "sponsor",
    "executive sponsors": "sponsor",
    "directors": "director",
    "coordinators": "coordinator",
}


def _listed(written: object) -> object:
    return (written,) if isinstance(written, str) else written


Listed = Annotated[tuple[Text, ...], BeforeValidator(_listed, json_schema_input_type=Text | tuple[Text, ...])]
"""Texts; one may stand without a list around it."""


class EscalationLevel(Noun):
    """A level of a deadlock: whom it is told, roles of all sides (``alliance managers``, ``sponsors``) or people by
    their keys, and for how long it is theirs; then it is the next level's. The last may have no `for`."""

    tell: Listed = Field(min_length=1)
    for_: Span | None = Field(default=None, alias="for")
    level: Text | None = Field(default=None, description="what the level is called; whom it tells, unless it is said")

    @classmethod
    def __get_pydantic_json_schema__(cls, source: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        made = handler.resolve_ref_schema(handler(source))
        made.pop("required", None)
        return made | {"anyOf": [has("tell"), {"required": ["level"], "properties": {"level": {"type": "string"}}}]}

    @model_validator(mode="before")
    @classmethod
    def _is_told_by_its_name(cls, written: Any) -> Any:
        """`level: sponsors` says whom it tells, where `tell` does not."""
        if isinstance(written, dict) and "tell" not in written and isinstance(written.get("level"), str):
            return {**written, "tell": [written["level"]]}
        return written

    @property
    def told(self) -> tuple[str, ...]:
        """Roles and keys of people."""
        return tuple(_ROLES.get(each.casefold().replace("_", " "), each) for each in self.tell)

    @property
    def words(self) -> str:
        return self.level or " and ".join(each.replace("_", " ") for each in self.tell)


class Body(Noun):
    """A body that decides; its `members` are people, by key. `matters` is what it decides, `thresholds` up to where,
    both in words."""

    model_config = ConfigDict(
        json_schema_extra={
            "allOf": [
                when(is_one_of("rule", "share"), has("share"), lacks("share")),
                when(is_one_of("rule", "chair"), has("chair")),
            ]
        }
    )

    body: Text
    members: tuple[Slug, ...] = ()
    rule: Rule | None = None
    share: Portion | None = None
    quorum: Portion | None = Field(default=None, description="of all parties, that must have voted")
    chair: Slug | None = None
    matters: Listed = ()
    thresholds: Annotated[
        tuple[Text, ...], BeforeValidator(_listed, json_schema_input_type=Text | tuple[Text, ...])
    ] = ()
    deadlock: tuple[EscalationLevel, ...] = ()

    @model_validator(mode="after")
    def _has_what_its_rule_wants(self) -> "Body":
        if self.rule is Rule.SHARE and self.share is None:
            raise InvalidValue("a share decides, and how large it is is not said", "add share: 2/3")
        if self.share is not None and self.rule is not Rule.SHARE:
            raise InvalidValue("a share is named, and the rule is another", "write rule: share, or leave share out")
        if self.rule is Rule.CHAIR and self.chair is None:
            raise InvalidValue("the chair's vote decides, and there is no chair", "add chair: a person")
        return self

    @property
    def rule_words(self) -> str | None:
        """``2/3 of all parties``; None where its rule is the playbook's."""
        return _in_words(self.rule, self.share) if self.rule else None


def _of_one(written: object) -> object:
    """A single body may stand without a list around it."""
    return [written] if isinstance(written, dict) else written


Decides = Annotated[
    Annotated[Text, Tag("words")] | Annotated[tuple[Body, ...], Tag("bodies")],
    Discriminator(lambda written: "bodies" if isinstance(written, list | tuple) else "words"),
    BeforeValidator(_of_one, json_schema_input_type=Text | Body | tuple[Body, ...]),
]
"""Who decides when the sides disagree: a person's key or words, or bodies."""
BODIES = "bodies"
"""The tag by which pydantic tells bodies from words."""


class WithoutMeeting(Noun):
    """How a body decides without a meeting, where the definition does not say: votes are asked for at least until
    `deadline` from the proposal, the result is put to the parties and any of them may veto it for so long. `quorum` of
    all parties must have voted. `reminder` is how long before the deadline who has not voted is asked again."""

    deadline: Span
    rule: Rule
    share: Portion | None = None
    quorum: Portion | None = None
    veto: Span | None = None
    reminder: Span

    @model_validator(mode="after")
    def _has_its_share(self) -> "WithoutMeeting":
        if (self.rule is Rule.SHARE) != (self.share is not None):
            raise InvalidValue("a share decides where, and only where, the rule is share", "write share: 51% beside it")
        for each in (self.deadline, self.reminder, *([self.veto] if self.veto else [])):
            if each.unit not in ("day", "week"):
                raise InvalidValue(f"{each} are no calendar days", 'write it like "10 days"')
        return self


class DecisionStandards(Noun):
    """How decisions are taken, and where they go when the sides disagree, unless a body says otherwise."""

    without_meeting: WithoutMeeting
    deadlock: tuple[EscalationLevel, ...]
