"""The arguments that several commands share, read and bounded before a command sees them. What cannot be read is wrong
usage: exit 2."""

from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import click

from scheduler.domain.errors import InvalidValue, WrongDay
from scheduler.domain.user_input import check_year, words


class TextParam(click.ParamType[str]):
    """A few words of a person's own, on as many lines as they like: not empty, at most 2,000 characters."""

    name = "TEXT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return words(str(value))
        except InvalidValue as fault:
            self.fail(f"{fault.what}; {fault.hint}", param, ctx)


class Day(click.ParamType[date]):
    """A civil date, ``2026-12-24``; with `calendars` only of the years that those know."""

    name = "DATE"

    def __init__(self, *, calendars: bool = False) -> None:
        self._calendars = calendars

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            day = value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{str(value)[:60]!r} is not a date; write year-month-day, like 2026-12-24", param, ctx)
        if self._calendars:
            try:
                check_year(day)
            except WrongDay as fault:
                self.fail(f"{fault.what}; {fault.hint}", param, ctx)
        return day


class NameParam(click.ParamType[str]):
    """What something is called: an id, a key, an address. An empty one is a variable of the shell that was not set, and
    taking it for "all of them" would show or open more than anybody asked for."""

    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not str(value).strip():
            self.fail("it is empty; name one, or leave the option out", param, ctx)
        return str(value)


class Number(click.ParamType[int]):
    """The number by which a list shows something: 1 and above, as far as a database counts (PostgreSQL: 31 bits)."""

    name = "integer"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        said = str(value)
        if not (said.isascii() and said.isdigit() and len(said) <= 10 and 0 < int(said) < 2**31):
            self.fail(f"{said[:60]!r} is none of the numbers in the list; they begin with 1", param, ctx)
        return int(said)


class PathParam(click.Path):
    """A file or a folder by its path, as a `Path`."""

    def __init__(self, **more: Any) -> None:
        super().__init__(path_type=Path, **more)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            with suppress(FileNotFoundError, NotADirectoryError, PermissionError):
                Path(value).stat()
        except (OSError, ValueError) as error:  # too long a name, a link that leads to itself; a NUL
            why = getattr(error, "strerror", None) or "it holds a character that no path has"
            self.fail(f"{str(value)[:60]!a} is no path: {why[0].lower()}{why[1:]}", param, ctx)
        return super().convert(value, param, ctx)


class Target(NamedTuple):
    """Where something goes: `is_folder` where a / at its end says so, or a folder is there."""

    path: Path
    is_folder: bool


class TargetParam(PathParam):
    """A file, or a folder that may not be there yet, as a `Target`."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = super().convert(value, param, ctx)
        return Target(path, str(value).endswith("/") or path.is_dir())


class ClockNames(click.ParamType[str]):
    """Clocks of reviews, as one spelling of the choice: ``none``, ``all``, ``agenda,minutes``."""

    name = "CLOCKS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from scheduler.render.ics.options import clocks_in_words, clocks_of

        try:
            return clocks_in_words(clocks_of(str(value)))
        except InvalidValue as fault:
            self.fail(f"{fault.what}; {fault.hint}", param, ctx)


by = click.option(
    "--by", type=NameParam(), metavar="PERSON", help="Who says so: a person of the partnership, by key or mail address."
)
for_ = click.option(
    "--for", "organisation", type=NameParam(), metavar="ORGANISATION", help="What this organisation may see."
)
partnership = click.option("--partnership", type=NameParam(), metavar="ID", help="Only this partnership.")
clocks = click.option(
    "--clocks",
    type=ClockNames(),
    default="none",
    show_default=True,
    help="Days to mark around standing reviews: none, all, or some of notice,agenda,items,minutes,objections.",
)
