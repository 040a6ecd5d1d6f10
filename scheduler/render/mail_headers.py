"""Headers with words that people wrote, folded so that every reader unfolds them to exactly those words.

What is ASCII stays as it is. From the first word that is not to the last it is one run of encoded words (RFC 2047),
its blanks among them: between two of these a reader drops whatever blanks there are, and elsewhere it keeps each. Lines
are folded at the blank that separates two words, which is the only one there (RFC 5322 2.2.3).
"""

import re
from collections.abc import Iterable, Iterator
from email.header import Header, decode_header, make_header
from email.utils import parseaddr, quote
from functools import lru_cache
from itertools import takewhile

_END = "\r\n"
_LONGEST = 78
"""The most characters of a line of any kind (RFC 5322 2.1.1)."""
_REFUSED = re.compile(r"[\x00-\x1f\x7f]")
_LINE = 76
"""The most characters of a line that holds an encoded word (RFC 2047 2)."""
_WORD = 60
"""The most of an encoded word, so that one fits beside any header's name; a longer word of ASCII is encoded too."""
_ASCII = re.compile(rf"[!-~]{{1,{_WORD}}}")
_ATOM = re.compile(rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]{{1,{_WORD}}}")
"""A word that can stand in a name without quotes (RFC 5322 3.2.3)."""


def words_header(name: str, text: str) -> bytes:
    """A header whose value is a text, such as a Subject. Raises ValueError where it does not read as it was meant."""
    header = _folded(name, unstructured(text))
    return _checked(header, name, [text], [_decoded(_unfolded(header))])


@lru_cache(maxsize=512)
def address_header(name: str, shown: str, address: str) -> bytes:
    """A header whose value is one person or program: how they are called, and their addr-spec. Raises ValueError as
    above. The last few are kept: most letters have one sender."""
    header = _folded(name, [*phrase(shown), f"<{address}>"])
    read, spec = parseaddr(_unfolded(header))
    return _checked(header, name, [shown, address], [_decoded(read), spec])


def plain_header(name: str, value: str) -> bytes:
    """A header whose value is of ASCII and not to be folded: a date, a Message-ID. Raises ValueError as above."""
    fits = len(name) + len(value) + 2 <= _LONGEST
    header = f"{name}:{'' if fits else _END} {value}{_END}".encode("ascii")
    return _checked(header, name, [value], [_unfolded(header)])


def _checked(header: bytes, name: str, meant: list[str], read: list[str]) -> bytes:
    """The header, if it is one, of that name, and what is read from its bytes is what was meant; blanks aside, which
    folding may add."""
    first, *more = header.decode("ascii").removesuffix(_END).split(_END)
    is_one = first.startswith(f"{name}:") and all(line.startswith(" ") and line.strip() for line in more)
    if not is_one or _REFUSED.search("".join((first, *more))) or [*map(_dense, meant)] != [*map(_dense, read)]:
        raise ValueError(f"{meant[0][:80]!r} does not read as it was written")
    return header


def _unfolded(header: bytes) -> str:
    """The value as RFC 5322 2.2.3 reads it."""
    return header.decode("ascii").replace(_END + " ", " ").partition(":")[2].strip()


def _decoded(value: str) -> str:
    """As RFC 2047 reads it."""
    return str(make_header(decode_header(value))) if "=?" in value else value


def _dense(text: str) -> str:
    return "".join(text.split())


def unstructured(text: str) -> list[str]:
    """The parts of a text between which its header can be folded."""
    return list(_parts(text, _ASCII))


def phrase(name: str) -> list[str]:
    """The same for the name of a person, which is quoted where ASCII that is no word of a name makes that needful."""
    if not name:
        return []
    if name.isascii() and len(name) < _WORD and not all(map(_ATOM.fullmatch, name.split(" "))):
        return [f'"{quote(name)}"']
    return list(_parts(name, _ATOM))


def _parts(text: str, plain: re.Pattern[str]) -> Iterator[str]:
    words = text.split(" ")
    before = len(list(takewhile(plain.fullmatch, words)))
    after = len(list(takewhile(plain.fullmatch, reversed(words[before:]))))
    end = len(words) - after
    yield from words[:before]
    if before < end:
        run = " ".join(words[before:end])
        yield from Header(run, "utf-8", maxlinelen=_WORD).encode(linesep="\n").split()
    yield from words[end:]


def _folded(name: str, parts: Iterable[str]) -> bytes:
    lines = [f"{name}:"]
    for count, part in enumerate(parts):
        if count and len(lines[-1]) + 1 + len(part) > _LINE:
            lines.append("")
        lines[-1] += f" {part}"
    return "".join(f"{line}{_END}" for line in lines).encode("ascii")
