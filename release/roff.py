"""The language of manual pages, man(7): the few requests that the pages use, with every text escaped."""

import re
from collections.abc import Iterable

from release.project import Project


def escaped(text: str) -> str:
    """Text that shows as it is written: a hyphen can be pasted into a shell, and no line is a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^(?=[.'])", r"\\&", text, flags=re.MULTILINE)


def bold(text: str) -> str:
    return f"\\fB{escaped(text)}\\fR"


def title(name: str, section: int, project: Project) -> str:
    """The first lines of a page, dated as the release is; no word is broken, since many are typed into a shell."""
    head = f'.TH {escaped(name.upper())} {section} {project.day.isoformat()} "cadence {project.version}" "cadence"'
    return f".\\\" Made by 'make man' from the command line itself; a change here is lost.\n{head}\n.nh\n.ad l\n"


def section(heading: str, *parts: str) -> str:
    """A part of a page under its heading; nothing where all of it is empty."""
    said = [each for each in parts if each]
    return f".SH {heading}\n" + "".join(said) if said else ""


def paragraphs(text: str) -> str:
    """Paragraphs as click writes them: apart by an empty line, one that begins with \\b as it is."""
    return ".PP\n".join(_paragraph(each) for each in re.split(r"\n\s*\n", text.strip()))


def _paragraph(text: str) -> str:
    if text.startswith("\b"):
        return as_it_is(text.removeprefix("\b").strip("\n"))
    return escaped(" ".join(text.split())) + "\n"


def as_it_is(text: str) -> str:
    """Lines that stay lines."""
    return f".nf\n{escaped(text)}\n.fi\n"


def entries(rows: Iterable[tuple[str, str]]) -> str:
    """A list of terms, each with what it means below it."""
    return "".join(f".TP\n{bold(term)}\n{escaped(meaning)}\n" for term, meaning in rows)


def references(pages: Iterable[tuple[str, int]]) -> str:
    """Other pages, as SEE ALSO has them."""
    return " ,\n".join(f".BR {escaped(name)} ({number})" for name, number in pages) + "\n"
