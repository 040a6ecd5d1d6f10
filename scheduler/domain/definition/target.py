"""A KPI's target, and how a reported value is held against it: exactly, in decimals."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Literal, Self

from scheduler.domain.base import InvalidValue, Phrase
from scheduler.domain.user_input import too_long

_HINT = 'write ">= 0.3", "<= 92", "= 4", "3..5" (both ends count) or yes (a milestone)'
_NUMBER = r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,10})?"
_EXPONENT = re.compile(r"[+-]?[0-9]+(?:[.,][0-9]+)?[eE][+-]?[0-9]+")
_PLAIN = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_COMPARED = re.compile(rf"(>=|<=|=|==)\s*({_NUMBER})")
_RANGE = re.compile(rf"({_NUMBER})\s*\.\.\s*({_NUMBER})")
_MET = {
    "yes": Decimal(1),
    "met": Decimal(1),
    "true": Decimal(1),
    "no": Decimal(0),
    "missed": Decimal(0),
    "false": Decimal(0),
}


def number(text: str) -> Decimal:
    """Read a reported number exactly: ``0.31``, ``150000``, ``-2.5``; -0 is 0.

    Not-a-number, infinities, exponents and more than 15 digits before or 10 after the point raise `InvalidValue`.
    """
    tidy = text.strip()
    why, way_out = "", "write digits with a decimal point, like 0.31"
    if _PLAIN.fullmatch(tidy) and (told := too_long(tidy)):
        why, way_out = f": {told[0]}", told[1]
    elif _EXPONENT.fullmatch(tidy):
        way_out = "write it out, without an exponent, like 0.31"
    elif re.fullmatch(_NUMBER, tidy):
        exact = Decimal(tidy)
        return abs(exact) if exact.is_zero() else exact
    raise InvalidValue(f"{text[:60]!r} is not a number cadence can keep{why}", way_out)


@dataclass(frozen=True, slots=True)
class Target(Phrase):
    """``>= 0.3``, ``<= 92``, ``= 4``, ``3..5`` (both ends count) or ``yes`` (a milestone: 1 is met, 0 is not)."""

    looks: ClassVar[str] = rf"{_COMPARED.pattern}|{_RANGE.pattern}|yes|true"
    like: ClassVar[tuple[str, ...]] = (">= 0.3", "<= 92", "= 4", "3..5", "yes")
    or_else: ClassVar[dict[str, Any] | None] = {"const": True}

    kind: Literal[">=", "<=", "=", "range", "yes"]
    low: Decimal = Decimal(1)
    high: Decimal = Decimal(1)

    @classmethod
    def read(cls, written: object) -> Self:
        text = " ".join(str(written).split())
        if text.lower() in ("yes", "true"):
            return cls("yes")
        if found := _COMPARED.fullmatch(text):
            bound = number(found[2])
            return cls("=" if found[1] == "==" else found[1], bound, bound)  # type: ignore[arg-type]
        if found := _RANGE.fullmatch(text):
            low, high = number(found[1]), number(found[2])
            if low > high:
                raise InvalidValue(f'the range "{text}" ends below its start', f'write "{high}..{low}"')
            return cls("range", low, high)
        raise InvalidValue(f"{text[:60]!r} is not a target", _HINT)

    def value(self, written: str) -> Decimal:
        """Read what an owner reports: a number; for a milestone ``met`` or ``missed``. Raises `InvalidValue`."""
        word = written.strip().lower()
        if self.kind == "yes":
            if word not in _MET:
                raise InvalidValue(
                    f"{written[:60]!r} does not say whether the milestone is met", 'report "met" or "missed"'
                )
            return _MET[word]
        if word in _MET:
            raise InvalidValue(f'"{written}" is no number', f"the target is {self}: report the number reached")
        return number(written)

    def met(self, value: Decimal) -> bool:
        """Whether the value reaches the target, compared exactly."""
        match self.kind:
            case ">=":
                return value >= self.low
            case "<=":
                return value <= self.high
            case _:
                return self.low <= value <= self.high

    def __str__(self) -> str:
        match self.kind:
            case "yes":
                return "yes"
            case "range":
                return f"{self.low}..{self.high}"
            case _:
                return f"{self.kind} {self.low}"
