"""The health check of a relationship, as a playbook has it: who is asked what, when, and from which figures on what
they say is a finding."""

from decimal import Decimal
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from scheduler.domain.base import InvalidValue, Noun, Slug, Text
from scheduler.domain.phrases import Every, Span

from .vocabulary import Role

KPI_OWNER = "kpi_owner"
"""Beside the roles: who owns a KPI of the partnership, or is the deputy of one who does."""
_OWNER = Literal["kpi_owner"]
Asked = Role | _OWNER
Score = Annotated[Decimal, Field(ge=1, le=5)]
Occasion = Literal["sponsor", "relaunch"]
LEAST = 3
"""Fewer answers of a side than this are nobody's but theirs: a mean of two tells each what the other has said."""
QUESTIONS = range(8, 13)
"""So many questions fit on a telephone and are answered to the end; fewer do not tell four areas apart."""


class Question(Noun):
    """What is asked, under a key that stays the same when its words are changed."""

    key: Slug
    asks: Text


class Area(Noun):
    """A part of the relationship, and the statements by which each side rates it from 1 to 5."""

    key: Slug
    title: Text
    questions: Annotated[tuple[Question, ...], Field(min_length=1)]


class Extra(Noun):
    """What calls for a round out of turn, and how long after it is asked: whoever is new has to have seen something."""

    after: Occasion
    wait: Span


class HealthCheck(Noun):
    """When both sides are asked how the relationship is, the same roles on each, and how it is read.

    The first round opens so long after the effective date, each later one so much earlier than the health audit that it
    feeds that it is over `before_audit` the audit's day; a round is open for `open`. `fewest` answers of a side are
    needed before anything of it is told. Below `red`, or from a `gap` between the sides on, an area is red; below
    `amber`, amber.
    """

    every: Every
    first: Span
    open: Span
    before_audit: Span
    reminders: tuple[Annotated[int, Field(ge=1, le=60)], ...] = Field(description="days before the last one")
    asked: Annotated[tuple[Asked, ...], Field(min_length=1)]
    fewest: int = Field(ge=LEAST, le=50)
    red: Score
    amber: Score
    gap: Annotated[Decimal, Field(gt=0, le=4)]
    extra: tuple[Extra, ...] = ()
    areas: Annotated[tuple[Area, ...], Field(min_length=1)]
    in_words: tuple[Question, ...] = Field(default=(), description="questions that are answered in words")

    @model_validator(mode="after")
    def _can_be_asked(self) -> "HealthCheck":
        if self.red > self.amber:
            raise InvalidValue(
                f"red below {self.red} is not worse than amber below {self.amber}", "red is the lower one"
            )
        closed = [each for area in self.areas for each in area.questions]
        if len(closed) not in QUESTIONS:
            what = f"{len(closed)} questions are rated; {QUESTIONS.start} to {QUESTIONS.stop - 1} are asked"
            raise InvalidValue(what, "ask what both sides can act on")
        if len(self.in_words) > 2:
            raise InvalidValue("more than two questions want an answer in words", "on a telephone nobody writes more")
        for keys in ([each.key for each in (*closed, *self.in_words)], [each.key for each in self.areas]):
            if twice := next((key for key in keys if keys.count(key) > 1), None):
                raise InvalidValue(f"the key {twice} stands there twice", "give each its own")
        if self.every.unit.months == 0:
            raise InvalidValue(f"every {self.every} is too often", "write quarter, half-year or year")
        return self

    def wait_after(self, occasion: Occasion) -> Span | None:
        """How long after that an extra round is asked; None where none is."""
        return next((each.wait for each in self.extra if each.after == occasion), None)


OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
