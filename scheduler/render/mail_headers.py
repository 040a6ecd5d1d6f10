"""Headers with words that people wrote, folded so that every reader unfolds them to exactly those words.

What is ASCII stays as it is. From the first word that is not to the last it is one run of encoded words (RFC 2047),
its blanks among them: between two of these a reader drops whatever blanks there are, and elsewhere it keeps each. Lines
are folded at the blank that separates two words, which is the only one there (RFC 5322 2.2.3).
"""

import re
from collections.abc import Iterable, Iterator
from email.header import Header
from email.headerregistry import AddressHeader
from email.policy import EmailPolicy
from email.utils import quote
from itertools import takewhile

_LINE = 76
"""The most characters of a line that holds an encoded word (RFC 2047 2)."""
_WORD = 60
"""The most of an encoded word, so that one fits beside any header's name; a longer word of ASCII is encoded too."""
_ASCII = re.compile(rf"[!-~]{{1,{_WORD}}}")
_ATOM = re.compile(rf"[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]{{1,{_WORD}}}")
"""A word that can stand in a name without quotes (RFC 5322 3.2.3)."""


class ExactPolicy(EmailPolicy):
    """The library's own policy, but for the folding of subjects and names: that leaves a blank at the end of a line
    before an encoded word, and two of them are read."""

    def fold_binary(self, name: str, value: object) -> bytes:
        """One header as bytes, with its line end."""
        if isinstance(value, AddressHeader):
            [address] = value.addresses
            return _folded(name, [*phrase(address.display_name), f"<{address.addr_spec}>"])
        if name == "Subject":
            return _folded(name, unstructured(str(value)))
        return super().fold_binary(name, value)  # type: ignore[arg-type]


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
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")
