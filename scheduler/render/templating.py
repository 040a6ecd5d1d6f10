"""Templates: an operator's own first, then those that are shipped; whatever a template prints is escaped for its
format.

In ``*.html.j2`` Jinja2's own autoescape holds; in ``*.txt.j2`` a value only stays on its line. In ``*.md.j2`` every
printed value passes `escaped`, so that a name such as ``# x``, ``a | b``, ``[a](javascript:b)`` or ``<script>`` shows
as itself; the template's own text is Markdown. What a template says by `say`, `say_count` and `say_as` it says in the
reader's language (`scheduler.render.languages`), the values within escaped in the same way. A name that is not defined
is a fault, never an empty space. An operator's template that fails gives way to the shipped one, and says so.
"""

import hashlib
import re
import textwrap
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError
from markupsafe import Markup, escape

from scheduler.domain.manner import Manner

from . import languages
from .changed_fields import field_value, field_words, what_differs
from .renewal_words import renewal_words, what_runs_out
from .wording import clock_words, day_words, end_of_day_words, figure, in_a_row, listed, one_line, span_words

_ANYWHERE = re.compile(r"([\\`*_\[\]<|~]|&(?=#?\w{1,32};))")
_AT_THE_START = re.compile(r"^( ?\d{0,9})([#>=]|[-+](?=[\s-]|$)|[.)](?=\s|$))")
"""What would make a heading, a quotation, a list or a rule of a line that starts with it."""
_WIDTH = 120
"""Characters of a line of plain text that is laid out."""
_AT_THE_END = re.compile(r"(?<=\s)(#+\s*)$")
"""What a heading would swallow as its closing sequence (CommonMark 4.2)."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text, and the fault of an operator's template that the shipped one stood in for; None where there was none."""

    text: str
    fault: str | None = None


def rendered(template: str, folders: Sequence[Path], **values: object) -> Rendered:
    """`template` from the first of the folders that has it, with everything it includes looked up in the same order.

    Where that fails, the last folder (the shipped templates) is used alone and the fault names file and line. A fault
    of the shipped templates themselves is a defect of the program and is raised.
    """
    try:
        return Rendered(_render(template, tuple(folders), values))
    except Exception as error:
        if len(folders) < 2:
            raise
        shipped = _render(template, (folders[-1],), values)
        return Rendered(shipped, f"{_told(error, template)}; the shipped template was used instead")


def templates_digest(folders: Sequence[Path]) -> bytes:
    """A digest of the templates of all these folders as they lie there: their names, sizes and times of change."""
    found = (path for folder in folders for path in sorted(folder.rglob("*.j2")))
    stats = ((str(path), path.stat()) for path in found)
    said = [(name, each.st_ino, each.st_size, each.st_mtime_ns) for name, each in stats]
    return hashlib.blake2b(repr((folders, said)).encode(), digest_size=16).digest()


def escaped(value: object) -> str:
    """Any value as Markdown that shows exactly its text, on one line (CommonMark 2.4: a backslash before punctuation).

    A blank at either end is kept, since templates print values such as `" / " ~ layer`.
    """
    return _AT_THE_START.sub(r"\1\\\2", _within(value))


def _within(value: object) -> str:
    """A value as it stands within a line of Markdown, behind other words."""
    text = str(value)
    words = one_line(text) and f"{text[:1].isspace() * ' '}{one_line(text)}{text[-1:].isspace() * ' '}"
    return _AT_THE_END.sub(r"\\\1", _ANYWHERE.sub(r"\\\1", words))


def _render(template: str, folders: tuple[Path, ...], values: dict[str, object]) -> str:
    return environment_of(template, folders).get_template(template).render(values)


def environment_of(template: str, folders: tuple[Path, ...]) -> Environment:
    """What a template of that name is compiled and rendered with: its filters, and how values are escaped."""
    kinds = {".md.j2": _markdown, ".txt.j2": _plain}
    return next((made for ending, made in kinds.items() if template.endswith(ending)), _html)(folders)


@lru_cache(maxsize=8)
def _plain(folders: tuple[Path, ...]) -> Environment:
    """Text that nothing reads but people: a value stays on its line, and that is all. The filter `day` makes ``Fri 18
    Dec 2026`` of an ISO date, `span` ``12 Monate`` of ``12 months``, `listed` ``a and b`` of a list, `lines` the lines
    of a long text, `clock` the time in a zone of an ISO moment, and `end_of_day` when an ISO date ends in a zone, on
    the reader's clock."""
    environment = Environment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701  (in plain text there is nothing to escape)
        finalize=_on_its_line,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["day"] = lambda iso: day_words(date.fromisoformat(iso))
    environment.filters["clock"] = _on_the_clock
    environment.filters["end_of_day"] = _end_of_day
    environment.filters["lines"] = partial(textwrap.wrap, width=_WIDTH)
    environment.filters["listed"] = listed
    environment.filters["span"] = span_words
    return _speaking(environment, str, _unescaped)


def _on_its_line(value: object) -> object:
    """A text on one line. The blank with which a template begins or ends a text of its own is a part of the sentence:
    ``{{ " of " ~ body if body else "" }}``."""
    if not isinstance(value, str):
        return value
    line = one_line(value)
    return f"{' ' * value.startswith(' ')}{line}{' ' * value.endswith(' ')}" if line else line


def _on_the_clock(iso: str, zone: str) -> str:
    """``Tue 2 Feb 2027, 14:00 Europe/Berlin`` of an ISO moment with its offset."""
    moment = datetime.fromisoformat(iso).astimezone(ZoneInfo(zone))
    return languages.say(
        "%(day)s, %(time)s %(zone)s", day=day_words(moment.date()), time=clock_words(moment), zone=zone
    )


def _end_of_day(iso: str, zone: str | None, here: str | None = None) -> str:
    """Where a record of before names no `zone`, the day alone."""
    day = date.fromisoformat(iso)
    return end_of_day_words(day, zone, here) if zone else languages.say("the end of %(day)s", day=day_words(day))


@lru_cache(maxsize=8)
def _markdown(folders: tuple[Path, ...]) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=True,  # so that what a macro or a block gives back is known as Markdown already
        finalize=_as_markdown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["said"] = languages.known
    environment.filters["commas"] = _in_a_row
    environment.filters["inline"] = _within_a_line
    environment.filters["time"] = clock_words
    environment.filters["apart"] = languages.isolated
    return _speaking(environment, Markup, _as_markdown)


@lru_cache(maxsize=8)
def _html(folders: tuple[Path, ...]) -> Environment:
    environment = Environment(loader=FileSystemLoader(folders), undefined=StrictUndefined, autoescape=True)
    environment.filters["commas"] = _in_a_page
    return _speaking(environment, Markup, escape)


def _speaking(environment: Environment, kept: type[str], escaping: Callable[[object], object]) -> Environment:
    """With the words of `scheduler.render.languages`: a sentence is `kept` as the template's own text is, and its
    values pass `escaping`, as what is printed does."""

    def in_it(values: dict[str, object]) -> dict[str, object]:
        return {name: each if isinstance(each, int) else escaping(_as_read(each)) for name, each in values.items()}

    def say(english: str, /, **values: object) -> str:
        return kept(languages.say(english, **in_it(values)))

    def say_count(one: str, several: str, number: int, /, **values: object) -> str:
        return kept(languages.say_count(one, several, number, **in_it(values)))

    def say_as(context: str, english: str, /, **values: object) -> str:
        return kept(languages.say_as(context, english, **in_it(values)))

    environment.globals |= {"say": say, "say_count": say_count, "say_as": say_as}

    def percentage(value: int) -> str:
        return kept(languages.local_forms.percentage(f"{value}"))

    environment.globals |= {
        "percentage": percentage,
        "known": languages.known,
        "full_stop": lambda: kept(languages.full_stop()),
    }
    environment.globals |= {"renewal_words": renewal_words, "what_runs_out": what_runs_out}
    environment.globals |= {"what_differs": what_differs, "field_words": field_words, "field_value": field_value}
    environment.globals |= {"in_language": _in_language, "is_right_to_left": languages.is_right_to_left}
    return environment


def attributes_of(language: str | None) -> Markup:
    """Those of an element within a page of another language, with a blank before them; none of one that is in none in
    particular."""
    if language is None:
        return Markup("")
    with languages.speaking(Manner(language)):
        return Markup(" ") + _in_language()


def _in_language() -> Markup:
    """The attributes of an element whose text is in the language that is spoken: ``lang="de"``, ``lang="ar"
    dir="rtl"``."""
    language = languages.spoken().language or "en"
    direction = ' dir="rtl"' if languages.is_right_to_left() else ""
    return Markup(f'lang="{language}"{direction}')  # noqa: S704  (a tag of a closed list)


def _unescaped(value: object) -> object:
    return value


def _as_markdown(value: object) -> object:
    if isinstance(value, Markup | Undefined):
        return value
    return Markup(escaped(value))  # noqa: S704  (escaped for Markdown on this very line)


def _within_a_line(value: object) -> Markup:
    return Markup(_within(value))  # noqa: S704  (escaped for Markdown)


def _in_a_row(words: Iterable[object]) -> Markup:
    return Markup(in_a_row(_within(each) for each in words))  # noqa: S704  (each is escaped for Markdown)


def _as_read(value: object) -> object:
    """A figure with the marks of its reader."""
    return figure(value) if isinstance(value, Decimal) and languages.local_forms.numbers_are_local() else value


def _in_a_page(words: Iterable[object]) -> Markup:
    return Markup(in_a_row(escape(each) for each in words))  # noqa: S704  (each is escaped)


def _told(error: Exception, template: str) -> str:
    """What an operator needs in order to mend a template: file, line, what is wrong."""
    if isinstance(error, TemplateNotFound):
        return f"the template {error.name} is missing"
    if isinstance(error, TemplateSyntaxError):
        return f"{error.filename or template}, line {error.lineno}: {error.message}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
    where = f"{frames[-1].filename}, line {frames[-1].lineno}" if frames else template
    return f"{where}: {error}"
