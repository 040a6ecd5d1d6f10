"""Agendas: a briefing as Markdown that people edit, as HTML that prints, as a few lines for a calendar.

Figures stand between marks, each on a line of its own: ``<!-- figures: kpis -->`` … ``<!-- end figures: kpis -->``.
Once a person has edited an agenda it is theirs, byte for byte; `refreshed` renews what stands between the marks and
nothing else.
"""

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import zone_of
from scheduler.domain.definition.vocabulary import Kind
from scheduler.domain.record.review import Review
from scheduler.render.languages import known, say
from scheduler.render.templating import Rendered, rendered
from scheduler.render.wording import clock_words, day_words, one_line

from .briefing import Briefing
from .section import with_regions, without_beginning
from .sketch import Sketch

GIST_LENGTH = 1500
"""The most characters of a gist: calendar programs cut longer descriptions, or hide them behind a click."""
MOST_OF_A_LOGO = 256 * 1024
"""Bytes of an operator's logo; it is written into each agenda's page."""
_GAPS = re.compile(r"\n{3,}")
_COMMENT = re.compile(r"^[ \t]*<!--.*-->[ \t]*\r?\n?", re.MULTILINE)
_TASK = re.compile(r"^([ \t]*(?:[-*+]|\d+[.)])[ \t]+)\[( |x|X)\](?=[ \t]|$)", re.MULTILINE)
MARK = re.compile(r"[ \t]*<!--[ \t]*(?P<end>end[ \t]+)?figures:[ \t]*(?P<name>[a-z0-9-]+)[ \t]*-->[ \t]*\r?")
_WARNING = re.compile(r"\A<!-- figures not renewed -->\r?\n(?:>.*\n)*<!-- end figures not renewed -->\r?\n")
_WARNING_LINES = 4
COME_LATER = ("competition-law", "added")
"""The blocks that an agenda may get after somebody edited it: the reminder where competitors meet, items that people
added."""
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
_REACHES_FAR = re.compile(r"```|~~~|\]:")
"""What a code fence begins with, and a link's definition: with these, no piece says the same by itself."""
_BEGINS_ANEW = re.compile(r"(?<=\n)\n(?=[A-Za-z#|])")
"""After a blank line a letter, a heading or a table at the margin ends whatever stood before, a list among it."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """An edited agenda with fresh figures. With a `fault` the text is the edited one, untouched, and the fresh agenda
    belongs beside it, as ``<name>.figures.md``."""

    text: str
    fault: str | None = None


class BrokenMarks(ValueError):
    """The marks of an agenda do not pair up: what is wrong, and where."""


def agenda(briefing: Briefing, folders: Sequence[Path]) -> Rendered:
    """The agenda in Markdown, from the template of the review's kind (``agenda/<kind>.md.j2`` in the first folder
    that has it)."""
    drafted = rendered(f"agenda/{briefing.kind}.md.j2", folders, b=briefing)
    return replace(drafted, text=_GAPS.sub("\n\n", drafted.text).strip() + "\n")


@dataclass(frozen=True, slots=True)
class ReadersTime:
    """When a review is, on the clock of one reader, in words: the day, from when to when, and the IANA zone."""

    name: str
    day: str
    hours: str
    zone: str


def readers_time(partnership: Partnership, review: Review, person: str) -> ReadersTime | None:
    """When the review is on the clock of a person; None for somebody of whom no clock is known."""
    who = partnership.people.get(person)
    if who is None:
        return None
    zone = zone_of(who, partnership.organisations, partnership.zone)
    start, end = review.start.astimezone(zone), review.end.astimezone(zone)
    hours = f"{clock_words(start)}–{clock_words(end)}"
    return ReadersTime(who.name, day_words(start.date()), hours, zone.key)


def as_html(
    markdown: str,
    title: str,
    folders: Sequence[Path],
    reader: ReadersTime | None = None,
    figures: object | None = None,
) -> Rendered:
    """An agenda as one page of HTML that prints well, with page numbers and the operator's own logo, and loads nothing;
    for a `reader` with their own time first, and with the pictures that the template draws of `figures`.

    Raw HTML in the Markdown shows as text, pictures become links' text, and links to scripts stay text.
    """
    known = {"title": one_line(title), "body": body_of(markdown), "reader": reader, "logo": logo_of(folders)}
    return rendered("agenda/page.html.j2", folders, figures=figures, **known)


def logo_of(folders: Sequence[Path]) -> str | None:
    """The operator's logo as a data URL: ``agenda/logo.svg`` or ``agenda/logo.png`` in the folder of their templates.
    None where there is none, or one that is larger than `MOST_OF_A_LOGO`."""
    for folder in folders:
        for name, kind in (("logo.svg", "image/svg+xml"), ("logo.png", "image/png")):
            path = folder / "agenda" / name
            if path.is_file() and path.stat().st_size <= MOST_OF_A_LOGO:
                return f"data:{kind};base64,{b64encode(path.read_bytes()).decode('ascii')}"
    return None


def section_of(markdown: str, besides: Sequence[str] = ()) -> Markup:
    """An agenda as a section of a page that has a title of its own, and says what is `besides`: where the agenda begins
    with these very words it is without them."""
    return without_beginning(with_regions(_html_of(markdown), is_section=True), besides)


def body_of(markdown: str) -> Markup:
    """What an agenda says as HTML, without the frame of a page."""
    return with_regions(_html_of(markdown))


def _html_of(markdown: str) -> Markup:
    return Markup("".join(map(_html, apart(_shown(markdown)))))  # noqa: S704  (markdown-it escapes; raw HTML is off)


def blocks_of(markdown: str) -> list[SyntaxTreeNode]:
    """What an agenda or minutes say, block by block as the page of them shows it: for files that are no page."""
    return SyntaxTreeNode(_MARKDOWN.parse(_shown(markdown))).children


def _shown(markdown: str) -> str:
    """Without the marks of figures, and with boxes for what is to be ticked."""
    return _TASK.sub(lambda task: task[1] + ("☐" if task[2] == " " else "☑"), _COMMENT.sub("", markdown))


def apart(markdown: str) -> list[str]:
    """The text in pieces that say the same one by one as together: of an agenda most are those of the day before, and
    many those of other agendas."""
    return [markdown] if _REACHES_FAR.search(markdown) else _BEGINS_ANEW.split(markdown)


@lru_cache(maxsize=4096)
def _html(piece: str) -> str:
    html: str = _MARKDOWN.render(piece)
    return html


def refreshed(edited: str, fresh: str, above: int = 0) -> Refreshed:
    """The edited agenda with the figures of the fresh one between its marks.

    All that stands outside the marks stays byte for byte, line ends included; a block that a person deleted stays
    deleted, but that of items which people added: where the edited agenda has none it comes at its end, so that none is
    lost, and goes empty where they are dropped. One that the fresh agenda lacks stays as it is. Where the marks do not
    pair up, nothing is touched and `fault` says why, by its line; `above` are the lines that will stand above it.
    """
    try:
        blocks = {name: lines for name, lines in parts(fresh) if name}
        return Refreshed("\n".join(_renewed(edited, blocks, above)) + _added_since(edited, blocks, above))
    except BrokenMarks as broken:
        return Refreshed(edited, str(broken))


def renewed_or_warned(edited: str, fresh: str, beside: str) -> Refreshed:
    """The edited agenda with fresh figures or, where its marks do not pair up, theirs word for word under a warning at
    its head that says so; the warning goes when they are mended. `beside` is the file that has the fresh figures."""
    theirs = without_warning(edited)
    renewed = refreshed(theirs, fresh, above=_WARNING_LINES)
    if renewed.fault is None:
        return renewed
    ending = "\r\n" if "\r\n" in theirs else "\n"
    what = say(
        "**The figures in this agenda are not renewed:** %(why)s. Fresh ones lie beside it, in %(file)s.",
        why=known(renewed.fault),
        file=beside,
    )
    way_out = say(
        "Mend the marks `<!-- figures: … -->` and this goes by itself; or begin anew, on the page of the review."
    )
    said = ("<!-- figures not renewed -->", f"> {what}", f"> {way_out}", "<!-- end figures not renewed -->")
    return Refreshed(ending.join((*said, theirs)), renewed.fault)


def without_warning(edited: str) -> str:
    """An edited agenda without what `renewed_or_warned` put at its head."""
    return _WARNING.sub("", edited, count=1)


def gist(sketch: Sketch) -> str:
    """The agenda in a few plain lines for a calendar's description, at most `GIST_LENGTH` characters.

    Purpose, owner, chair, items with minutes, clocks: no KPI at all, so it is fit for every reader.
    """
    lines = [one_line(line) for line in _gist_lines(sketch)]
    kept, length = [], 0
    for line in lines:
        length += len(line) + 1
        if length > GIST_LENGTH:
            break
        kept.append(line)
    return "\n".join(kept)


def _gist_lines(b: Sketch) -> Iterator[str]:
    within = f" / {_short(b.layer)}" if b.layer else ""
    period = "" if b.kind in (Kind.CHECKPOINT, Kind.EXIT) else f", {b.period}"
    yield f"{_short(known(b.title))}{period}: {_short(b.partnership)}{within}"
    if b.goal:
        yield say("Goal: %(goal)s", goal=_short(b.goal))
    owner = f"{_short(b.owner.name)}, {_short(b.owner_note)}" if b.owner_note else _short(b.owner.name)
    yield say("Agenda owner: %(person)s", person=owner)
    if b.chair:
        yield say("Chair: %(person)s", person=_short(b.chair.name))
    if b.host:
        yield say("Host: %(organisation)s", organisation=_short(b.host))
    if b.minutes_by:
        yield say("Minutes by: %(who)s", who=_short(b.minutes_by))
    yield from (say("%(minutes)s min  %(topic)s", minutes=item.minutes, topic=known(item.title)) for item in b.items)
    yield from (say("%(clock)s: %(day)s", clock=clock.name, day=clock.date) for clock in b.clocks)


def _short(text: str) -> str:
    """No line of a gist may crowd out the others."""
    return text if len(text) <= 160 else text[:159].rstrip() + "…"


def _renewed(edited: str, blocks: dict[str, list[str]], above: int) -> Iterator[str]:
    for name, lines in parts(edited, above):
        if name not in blocks:
            yield from (lines[0], lines[-1]) if name in COME_LATER else lines
            continue
        ending = "\r" if lines[0].endswith("\r") else ""
        yield lines[0]
        yield from (line.removesuffix("\r") + ending for line in blocks[name][1:-1])
        yield lines[-1]


def _added_since(edited: str, blocks: dict[str, list[str]], above: int) -> str:
    """The blocks that came since and that the edited agenda has not, to be put at its end."""
    there = {name for name, _ in parts(edited, above)}
    new = [blocks[name] for name in COME_LATER if name in blocks and name not in there]
    if not new:
        return ""
    ending = "\r\n" if "\r\n" in edited else "\n"
    before = "" if edited.endswith("\n") else ending
    return before + "".join(ending + "".join(f"{line}{ending}" for line in lines) for lines in new)


def parts(text: str, above: int = 0) -> Iterator[tuple[str, list[str]]]:
    """Runs of lines: outside the marks under the name "", and each marked block under its own, its two marks
    included."""
    name, run, seen = "", list[str](), set[str]()
    for number, line in enumerate(text.split("\n"), above + 1):
        mark = MARK.fullmatch(line)
        if mark is None:
            run.append(line)
        elif mark["end"]:
            if mark["name"] != name:
                raise BrokenMarks(f'line {number}: "end figures: {mark["name"]}" ends no block of that name')
            yield name, [*run, line]
            name, run = "", []
        else:
            if name or mark["name"] in seen:
                raise BrokenMarks(f'line {number}: "figures: {mark["name"]}" begins inside a block, or a second time')
            yield "", run
            name, run = mark["name"], [line]
            seen.add(name)
    if name:
        raise BrokenMarks(f'"figures: {name}" has no end mark')
    yield "", run
