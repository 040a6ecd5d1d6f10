"""How long is kept what need not be kept for ever. What happened, when, and by whom, stays in any case."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from scheduler.domain.errors import InvalidValue

from .block import Part

NEVER = "never"


def _number_or_never(said: object) -> object:
    if said == NEVER or isinstance(said, int):
        return said
    if isinstance(said, str) and said.isdigit():
        return int(said)
    raise InvalidValue(f"{str(said)[:40]!r} is no number", f"write a whole number, or {NEVER}")


Days = Annotated[Annotated[int, Field(ge=30, le=36_600)] | Literal["never"], BeforeValidator(_number_or_never)]
Years = Annotated[Annotated[int, Field(ge=1, le=100)] | Literal["never"], BeforeValidator(_number_or_never)]


class Retention(Part):
    """After how many calendar days the personal data of people who left goes (`people_days`), after how many years the
    text of minutes and the files to be read before a review (`minutes_years`), after how many days a session of a
    browser that has ended (`session_days`). The bytes of letters have `letter_days`."""

    people_days: Days = 730
    minutes_years: Years = 10
    session_days: Annotated[int, Field(ge=1, le=3660)] = 30
