"""Who has to be there for a review to decide: as a structure, or in words that are read as one.

`{per_side: 1}` so many people of each side · `{share: 2/3}` so many of the sides, each by one person ·
`{seats: majority}` so many of those who are to attend. `of` says whose roles count (by itself: one of each side),
`including` who must be among them. Words that cannot be read are kept as they are: then nobody but people can say
whether there was a quorum.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, GetJsonSchemaHandler, model_serializer, model_validator
from pydantic_core import CoreSchema

from scheduler.domain.base import InvalidValue, Noun, Phrase, Text
from scheduler.domain.json_schema import JsonSchema, has, when

from .vocabulary import Model, Role

_FRACTIONS = {"half": "1/2", "one half": "1/2", "one third": "1/3", "two thirds": "2/3", "three quarters": "3/4"}
_SAID = {"1/2": "half", "1/3": "one third", "2/3": "two thirds", "3/4": "three quarters"}


@dataclass(frozen=True, slots=True)
class Share(Phrase):
    """A part of a number: ``2/3``, ``majority`` (more than half), ``all``, ``any`` (one is enough)."""

    looks: ClassVar[str] = rf"(?:{'|'.join(_FRACTIONS)}|majority|all|any|\d{{1,2}}/\d{{1,2}})"
    like: ClassVar[tuple[str, ...]] = ("2/3", "majority", "all", "any")

    written: str

    @classmethod
    def read(cls, written: object) -> Self:
        text = " ".join(str(written).lower().split())
        text = _FRACTIONS.get(text, text)
        if text in ("majority", "all", "any"):
            return cls(text)
        found = re.fullmatch(r"(\d{1,2})/(\d{1,2})", text)
        if not found or not 0 < int(found[1]) <= int(found[2]):
            raise InvalidValue(f"{str(written)[:60]!r} is no part of a whole", "write 2/3, 1/2, majority, all or any")
        return cls(text)

    def of(self, whole: int) -> int:
        """How many of so many: at least the fraction of them, or more than half."""
        if self.written == "majority":
            return floor(whole / 2) + 1
        if self.written == "any":
            return 1
        return whole if self.written == "all" else ceil(Fraction(self.written) * whole)

    def __str__(self) -> str:
        return self.written

    @property
    def words(self) -> str:
        """``two thirds``"""
        return {"majority": "a majority", "any": "any number"}.get(self.written) or _SAID.get(
            self.written, self.written
        )


class Including(Noun):
    """Somebody of a role who must be there; of the investor's, in an equity alliance, where it says so."""

    role: Role
    of: Literal["investor"] | None = None

    @property
    def words(self) -> str:
        """``the investor's director``"""
        return f"the investor's {self.role.words}" if self.of else f"{_article(self.role.words)} {self.role.words}"


class Quorum(Noun):
    """Who has to be there. `words` are those of a definition that says it in words; then nothing else is said."""

    words: Text | None = None
    per_side: int | None = Field(default=None, ge=1, le=50)
    share: Share | None = None
    seats: Share | None = None
    of: tuple[Role, ...] = ()
    including: Including | None = None

    @classmethod
    def __get_pydantic_json_schema__(cls, source: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchema:
        made = handler.resolve_ref_schema(handler(source))
        counts = [has("per_side"), has("share"), has("seats")]
        some_of = {"required": ["of"], "properties": {"of": {"minItems": 1}}}
        rest = {"anyOf": [*counts, some_of, has("including")]}
        rules = [
            when(has("words"), {"not": rest}, {"anyOf": [*counts, some_of]}),
            when(has("seats"), {"not": some_of}),
            *({"not": {"allOf": list(pair)}} for pair in combinations(counts, 2)),
        ]
        words = {"type": ["string", "number"], "pattern": r"\S", "maxLength": 2000}
        return {"anyOf": [words, {**made, "allOf": rules}]}

    @model_validator(mode="before")
    @classmethod
    def _said_in_words(cls, written: Any) -> Any:
        return written if isinstance(written, dict | cls) else {"words": written}

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        counted = [name for name in ("per_side", "share", "seats") if getattr(self, name) is not None]
        if self.words is not None and (counted or self.of or self.including):
            raise InvalidValue("a quorum is said in words and in numbers", "leave out `words`, or the rest")
        if len(counted) > 1:
            raise InvalidValue(f"a quorum counts {' and '.join(counted)}", f"leave out all but {counted[0]}")
        if self.words is None and not counted and not self.of:
            raise InvalidValue("nothing says how many have to be there", "write {per_side: 1}, or {share: 2/3}")
        if self.seats is not None and self.of:
            raise InvalidValue("`of` counts people of each side, `seats` those of all", "leave one of them out")
        return self

    @model_serializer
    def _as_written(self) -> Any:
        if self.words is not None:
            return self.words
        counts = {name: str(each) for name in ("share", "seats") if (each := getattr(self, name))}
        including = {"including": self.including.model_dump(exclude_none=True)} if self.including else {}
        per_side = {} if self.per_side is None else {"per_side": self.per_side}
        return {**per_side, **counts, **({"of": [role.value for role in self.of]} if self.of else {}), **including}

    @property
    def rule(self) -> "Quorum | None":
        """What can be counted by; None where it is said in words that cannot be read."""
        return self if self.words is None else read(self.words)

    def said(self, model: Model) -> str:
        """In the words of a structural model, which `read` reads: ``one of each owner``."""
        if self.words is not None:
            return self.words
        many = "majority" if self.seats and self.seats.written == "majority" else None
        if self.including is None:
            return self._count(model)
        return f"{'a majority' if many else self._count(model)}, {self.including.words} among them"

    def _count(self, model: Model) -> str:
        side, are_two = _SIDES.get(model, "side"), model in _OF_TWO
        roles = " or ".join(role.words for role in self.of)
        if self.per_side is not None:
            count = _NUMBERS[self.per_side] if self.per_side < len(_NUMBERS) else str(self.per_side)
            return f"{count}{' ' + roles if roles else ''} of each {side}"
        if self.seats is not None:
            return f"{self.seats.words} of those invited"
        if self.share is None:
            return f"{'both' if are_two else 'all'} {' or '.join(f'{role.words}s' for role in self.of)}"
        each = f", each by {_article(roles)} {roles}" if roles else ""
        if self.share.written == "all":
            return f"{'both' if are_two else 'all'} {side}s{each}"
        # The committee of a joint venture is its owners': playbooks say "two thirds", and no more.
        bare = model is Model.JOINT_VENTURE and self.share.written not in ("majority", "any") and not each
        return self.share.words if bare else f"{self.share.words} of the {side}s{each}"


_NUMBERS = ("no", "one", "two", "three", "four", "five")
_SIDES = {Model.JOINT_VENTURE: "owner", Model.CONSORTIUM: "member"}
_OF_TWO = (Model.CONTRACTUAL_ALLIANCE, Model.EQUITY_ALLIANCE, Model.REVENUE_SHARING)
_SIDE = "(?:side|owner|partner|member|party|organisation)"
_PLURAL = "(?:sides|owners|partners|members|parties|organisations)"
_EACH = re.compile(rf"(\d{{1,2}}|{'|'.join(_NUMBERS[1:])})(?: ([a-z ]+?))? (?:of each|from each|of every|per) {_SIDE}")
_ALL = re.compile(rf"(?:both|all)(?: {_PLURAL})?")
_ALL_OF_A_ROLE = re.compile(r"(?:both|all) ([a-z ]+)")
_MAJORITY = re.compile(rf"(?:(?:a |the )?(majority)|(any) number) of (?:the )?{_PLURAL}")
_PART = re.compile(rf"({'|'.join(_FRACTIONS)}|\d{{1,2}}/\d{{1,2}})\b")
_OF_SEATS = re.compile(r"(.+) of those (?:invited|who are to attend)")
_AMONG_THEM = re.compile(r"(.+), (the investor's|an?|the) ([a-z ]+) among them")
_EACH_BY = re.compile(r"([^,]+), each by an? ([a-z ]+)")


def read(words: str) -> Quorum | None:
    """The quorum that words say: "one of each side", "2 per side", "one director of each owner", "both", "all owners",
    "both sponsors", "two thirds of the members", "a majority of the owners"; None for any others, which are left to
    people."""
    text = " ".join(words.lower().split())
    if found := _AMONG_THEM.fullmatch(text):
        count = {"seats": "majority"} if found[1] == "a majority" else _parts(found[1])
        role = _role(found[3])
        if count is None or role is None:
            return None
        whose = "investor" if found[2] == "the investor's" else None
        return _made({**count, "including": {"role": role, "of": whose}})
    parts = _parts(text)
    return None if parts is None else _made(parts)


def _made(parts: dict[str, Any]) -> Quorum | None:
    try:
        return Quorum(**parts)
    except ValueError:
        return None


def _parts(text: str) -> dict[str, Any] | None:
    if found := _EACH.fullmatch(text):
        count = int(found[1]) if found[1].isdigit() else _NUMBERS.index(found[1])
        roles = _roles(found[2] or "")
        return None if roles is None else {"per_side": count, "of": roles}
    if found := _OF_SEATS.fullmatch(text):
        part = _part(found[1])
        return None if part is None else {"seats": part}
    if found := _EACH_BY.fullmatch(text):
        part, roles = _of_sides(found[1]), _roles(found[2])
        return None if part is None or not roles else {"share": part, "of": roles}
    if part := _of_sides(text):
        return {"share": part}
    if found := _ALL_OF_A_ROLE.fullmatch(text):
        roles = _roles(found[1])
        return {"of": roles} if roles and all(each.endswith("s") for each in found[1].split(" or ")) else None
    return None


def _of_sides(text: str) -> str | None:
    if _ALL.fullmatch(text):
        return "all"
    if found := _MAJORITY.fullmatch(text):
        return found[1] or found[2]
    return _part(found[1]) if "," not in text and (found := _PART.match(text)) else None


def _part(text: str) -> str | None:
    text = text.removeprefix("a ").removesuffix(" number")
    try:
        return Share.read(text).written
    except InvalidValue:
        return None


def _roles(text: str) -> tuple[Role, ...] | None:
    """The roles of "sponsors or directors"; none of "", None where a word is no role."""
    found = [_role(each.removesuffix("s")) for each in text.split(" or ") if each]
    roles = tuple(role for role in found if role is not None)
    return roles if len(roles) == len(found) else None


def _role(words: str) -> Role | None:
    return next((role for role in Role if role.words == words), None)


def _article(words: str) -> str:
    return "an" if words[:1] in "aeio" else "a"
