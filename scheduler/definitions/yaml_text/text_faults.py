"""Faults of a text as such: it is no text at all, or no YAML.

Each is said in plain words, at the place where it can be mended, with the way out.
"""

import codecs
import re
import unicodedata
from typing import NamedTuple

from yaml import YAMLError

MOST_BYTES = 1024 * 1024

# What YAML 1.2 calls printable (section 5.1), without what nobody sees: byte order marks and the line separators
# that some tools count as the end of a line and others do not.
UNREADABLE = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_INDENTED_BY_TAB = re.compile(r"[ ]*\t")
_OTHER_ENCODINGS = {
    codecs.BOM_UTF32_LE: "UTF-32",
    codecs.BOM_UTF32_BE: "UTF-32",
    codecs.BOM_UTF16_LE: "UTF-16",
    codecs.BOM_UTF16_BE: "UTF-16",
}
_SAVE_AS_UTF8 = "Save the file as UTF-8; most editors ask for the encoding under “Save as”."


class TextFault(Exception):
    """A text is wrong at this place (line and column count from 1; None means the file as a whole)."""

    def __init__(self, what: str, hint: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__(what)
        self.what, self.hint, self.line, self.column = what, hint, line, column


class TooDeep(TextFault):
    """More lists and mappings stand inside each other than are read."""


FEWER_LEVELS = "Six are usual; is a bracket left open?"


def decoded(raw: bytes | str) -> str:
    """The text in these bytes, without a byte order mark. Raises TextFault for too long a text or no UTF-8."""
    if len(raw) > MOST_BYTES:
        raise TextFault("the file is larger than 1 MiB", "Such a file has a few kilobytes; is this another one?")
    text = raw.removeprefix("\ufeff") if isinstance(raw, str) else _from_utf8(raw.removeprefix(codecs.BOM_UTF8))
    if unreadable := UNREADABLE.search(text):
        character = unreadable.group()
        raise TextFault(f"the file holds {named(character)}", _way_out_of(character), *_spot(text, unreadable.start()))
    if "%" in text and (directive := re.search(r"^%TAG\b", text, re.MULTILINE)):
        # The parser compares each such line with all before it, so thousands of them would hold it for minutes.
        raise TextFault("a %TAG line", "Delete it: tags are not used here.", *_spot(text, directive.start()))
    return text


def named(character: str) -> str:
    """A character that cannot be shown, by its number and its name."""
    name = unicodedata.name(character, "a control character" if character < "\xa0" else "not a character")
    return f"the invisible character U+{ord(character):04X} ({name.lower()})"


def of_syntax(error: YAMLError | ValueError, text: str) -> TextFault:
    """The YAML parser's complaint in the words of whoever wrote the file."""
    mark = getattr(error, "problem_mark", None)
    complaint = str(getattr(error, "problem", None) or error)
    if mark is None:
        return TextFault(f"this is not YAML: {complaint}", "Compare the file with one that works.")
    if _INDENTED_BY_TAB.match(_line(text, mark.line)):
        return TextFault("a tab indents this line", "Indent with spaces: YAML allows no tabs there.", mark.line + 1, 1)
    said = next((said for said in _IN_PLAIN_WORDS if re.search(said.complaint, complaint)), _OTHERWISE)
    opened = getattr(error, "context_mark", None) or mark
    place, noticed = (opened, mark) if said.where_it_opened else (mark, mark)
    later = f" (noticed in line {noticed.line + 1})" if noticed.line > place.line else ""
    character = _line(text, mark.line)[mark.column : mark.column + 1]
    what = said.what.replace("<character>", character).replace("<complaint>", complaint)
    return TextFault(what + later, said.hint, *_within(text, place.line, place.column))


def _within(text: str, line: int, column: int) -> tuple[int, int]:
    """Line and column, from 1; what is noticed only at the end of the text stands behind its last line."""
    lines = text.splitlines()
    return (line + 1, column + 1) if line < len(lines) else (len(lines), len(lines[-1]) + 1)


class _Said(NamedTuple):
    complaint: str
    what: str
    hint: str
    where_it_opened: bool = False


_QUOTE_IT = "If it is meant as text, put it in quotes."

# Both parsers of PyYAML, the one in C and the one in Python, phrase some complaints in their own way.
_IN_PLAIN_WORDS = (
    _Said("nesting depth", "too many lists and mappings inside each other", FEWER_LEVELS),
    _Said(
        "mapping values are not allowed",
        "a `key:` cannot stand here",
        "Compare its indentation with the line above, which may lack a space after its colon. "
        "Text that holds a colon and a space goes into quotes.",
    ),
    _Said(
        "could not find expected ':'",
        "a line without a colon",
        "Write `key: value`, with a space after the colon.",
        where_it_opened=True,
    ),
    _Said(
        "unexpected end of stream|unexpected document",
        "the quote that opens here is never closed",
        "Close it. Inside '…' an apostrophe is written twice.",
        where_it_opened=True,
    ),
    _Said(
        r"',' or '\]'",
        "the list that opens here lacks a comma or its closing ]",
        "Write [one, two]. Text that holds a comma, a bracket or a quote goes into quotes.",
        where_it_opened=True,
    ),
    _Said(
        r"',' or '\}'",
        "the {…} that opens here lacks a comma or its closing }",
        "Write {key: value, key: value}. Text that holds a comma, a bracket or a quote goes into quotes.",
        where_it_opened=True,
    ),
    _Said("cannot start any token", 'a value cannot start with "<character>"', _QUOTE_IT),
    _Said(
        "expected alphabetic or numeric",
        "a value that starts with * or & is read as a reference",
        _QUOTE_IT,
        where_it_opened=True,
    ),
    _Said(
        r"escape c|hexdecimal number|chr\(\)",
        "a backslash that means nothing to YAML",
        "Use '…' instead of \"…\": in single quotes a backslash is only a backslash.",
    ),
    _Said(
        "sequence entries are not allowed",
        "a list cannot start here",
        "Start each item on a line of its own with `- `, or write [one, two].",
    ),
    _Said(
        "expected '-' indicator|block collection",
        "this line is no item of the list above",
        "The items of a list start in the same column with `- `.",
    ),
    _Said("unexpected ':'", "a colon that ends no key", "Write `key: value` with a space, or put the text in quotes."),
    _Said("mapping keys are not allowed", "a value cannot start with a lone ?", _QUOTE_IT),
    _Said("tag", "a value that starts with ! is read as a tag", "Tags are not used here. " + _QUOTE_IT),
    _Said(
        "directive|non-alphabetical",
        "a line that starts with % is read as a directive",
        "Delete it: directives are not used here.",
    ),
    _Said("<document start>", "text after the end of the document", "Put it into a file of its own."),
    _Said("node content", "a value is missing before this", "Write the value, or remove the , ] or } without one."),
    _Said(
        "line break|chomping|indentation indicator",
        "text stands behind | or >",
        "Start the text on the next line, indented.",
    ),
    _Said(
        "expected key|<block end>",
        "this does not fit the lines above it",
        "Entries of one block start in the same column. What starts with a quote ends with that quote; "
        "inside '…' an apostrophe is written twice.",
    ),
)
_OTHERWISE = _Said("", "this is not YAML: <complaint>", "Look at this line and the one above it.")


def _from_utf8(raw: bytes) -> str:
    for mark, encoding in _OTHER_ENCODINGS.items():
        if raw.startswith(mark):
            raise TextFault(f"the file is in {encoding}", _SAVE_AS_UTF8, 1, 1)
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        before = raw[: error.start].decode("utf-8")
        what = f"the byte {raw[error.start]:02X} is not UTF-8 text"
        raise TextFault(what, _SAVE_AS_UTF8, *_spot(before, len(before))) from None


def _way_out_of(character: str) -> str:
    if character == "\0":
        return "This is no text file, or it was damaged while it was written or saved in UTF-16. Save it as UTF-8."
    return "Delete it: it came with a copy and paste, or the file is damaged."


def _spot(text: str, index: int) -> tuple[int, int]:
    """The line and column, from 1, of the character at `index`."""
    breaks = [found.end() for found in _LINE_BREAK.finditer(text, 0, index)]
    return len(breaks) + 1, index - (breaks[-1] if breaks else 0) + 1


def _line(text: str, number: int) -> str:
    lines = text.splitlines()
    return lines[number] if number < len(lines) else ""
