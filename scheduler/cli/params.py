"""The arguments that several commands share, read and bounded before a command sees them. What cannot be read is wrong
usage: exit 2."""

from datetime import date
from typing import Any

import click

from scheduler.domain.trouble import Fault
from scheduler.domain.typed import words


class Words(click.ParamType[str]):
    """A few words of a person's own, on as many lines as they like: not empty, at most 2,000 characters."""

    name = "TEXT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return words(str(value))
        except Fault as fault:
            self.fail(f"{fault.what}; {fault.hint}", param, ctx)


class Day(click.ParamType[date]):
    """A civil date, ``2026-12-24``."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{str(value)[:60]!r} is not a date; write year-month-day, like 2026-12-24", param, ctx)


class ClockNames(click.ParamType[str]):
    """Clocks of reviews, as one spelling of the choice: ``none``, ``all``, ``agenda,minutes``."""

    name = "CLOCKS"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from scheduler.publish.choice import clocks_in_words, clocks_of

        try:
            return clocks_in_words(clocks_of(str(value)))
        except Fault as fault:
            self.fail(f"{fault.what}; {fault.hint}", param, ctx)


by = click.option("--by", metavar="PERSON", help="Who says so: a person of the partnership, by key or mail address.")
for_ = click.option("--for", "organisation", metavar="ORGANISATION", help="What this organisation may see.")
partnership = click.option("--partnership", metavar="ID", help="Only this partnership.")
clocks = click.option(
    "--clocks",
    type=ClockNames(),
    default="none",
    show_default=True,
    help="Days to mark around standing reviews: none, all, or some of notice,agenda,items,minutes,objections.",
)
