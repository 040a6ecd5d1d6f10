"""The arguments that several commands share, read and bounded before a command sees them. What cannot be read is wrong
usage: exit 2."""

from datetime import date
from typing import Any

import click

MOST_CHARACTERS = 2000


class Words(click.ParamType[str]):
    """A few words of a person's own, on as many lines as they like: not empty, at most 2,000 characters."""

    name = "TEXT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        words = str(value).strip()
        if not words:
            self.fail("it is empty; write a few words", param, ctx)
        if len(words) > MOST_CHARACTERS:
            self.fail(f"it has {len(words):,} characters; {MOST_CHARACTERS:,} are the most", param, ctx)
        if not words.isprintable() and any(letter not in "\n\t" and not letter.isprintable() for letter in words):
            self.fail("it holds control characters, or bytes that are no UTF-8", param, ctx)
        return words


class Day(click.ParamType[date]):
    """A civil date, ``2026-12-24``."""

    name = "DATE"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        try:
            return value if isinstance(value, date) else date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{str(value)[:60]!r} is not a date; write year-month-day, like 2026-12-24", param, ctx)


by = click.option("--by", metavar="PERSON", help="Who says so: a person of the partnership, by key or mail address.")
for_ = click.option("--for", "organisation", metavar="ORGANISATION", help="What this organisation may see.")
partnership = click.option("--partnership", metavar="ID", help="Only this partnership.")
