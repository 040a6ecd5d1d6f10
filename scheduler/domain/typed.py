"""What people type, tidied before it is judged: words of their own, and numbers with either decimal mark."""

import re

from .trouble import Fault

MOST_CHARACTERS = 2000
_BLANKS = re.compile(r"[\s'’]+")
"""What people write between thousands, besides the mark that is not the decimal one: Swiss people an apostrophe."""


def words(written: str) -> str:
    """A few words of a person's own, on as many lines as they like. Raises `Fault` for none, for more than 2,000
    characters, and for control characters."""
    text = written.replace("\r\n", "\n").strip()
    if not text:
        raise Fault("it is empty", "write a few words")
    if len(text) > MOST_CHARACTERS:
        raise Fault(f"it has {len(text):,} characters", f"{MOST_CHARACTERS:,} are the most")
    if any(letter not in "\n\t" and not letter.isprintable() for letter in text):
        raise Fault("it holds control characters, or bytes that are no UTF-8", "type it again as plain text")
    return text


def pointed(written: str, mark: str = ".") -> str:
    """A number with a decimal point and no marks between thousands: ``0,31`` as ``0.31``, ``1.234,5`` as ``1234.5``.

    `mark` is the decimal mark that is expected, "." or ","; the other one is understood where it can mean but one
    thing. Raises `Fault` for ``150,000``, which is one number in Detroit and another in Berlin. What is no number is
    given back as it is.
    """
    text, other = _BLANKS.sub("", written), "," if mark == "." else "."
    if not re.fullmatch(r"[+-]?[\d.,]+", text):
        return written
    if mark not in text and re.fullmatch(rf"[+-]?[1-9]\d{{0,2}}\{other}\d{{3}}", text):
        raise Fault(
            f'"{text}" can be read in two ways', f"write {text.replace(other, '')} or {text.replace(other, mark)}"
        )
    return _plain(text, mark, other) or _plain(text, other, mark) or text


def _plain(text: str, mark: str, thousands: str) -> str | None:
    """The text read with these two marks; None where it cannot be."""
    if not re.fullmatch(rf"[+-]?(\d+|[1-9]\d{{0,2}}(\{thousands}\d{{3}})+)(\{mark}\d+)?", text):
        return None
    return text.replace(thousands, "").replace(mark, ".")
