"""Damage to bytes, as disks, editors, mail servers and people who copy and paste do it."""

import random
from collections.abc import Callable, Sequence

from .odd_words import ALL, a_text

Damage = Callable[[bytes, random.Random], bytes]
LONG_LINE = 1_000_000


def damaged(content: bytes, rng: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """The same after one to four faults, none of which makes it much longer but a very long line. `others` are texts of
    the same kind, of which a piece may slip in."""
    for _ in range(rng.randint(1, 4)):
        content = rng.choice(_OF_BYTES if rng.random() < 0.4 else _OF_LINES)(content, rng)
    if others and rng.random() < 0.15:
        content = _spliced(content, rng.choice(others), rng)
    return rng.choice(_OF_THE_WHOLE)(content, rng) if rng.random() < 0.06 else content


def encoded(text: str, rng: random.Random | None = None) -> bytes:
    """UTF-8, in which a lone surrogate stands as what would be its three bytes."""
    return text.encode("utf-8", "surrogatepass")


def _place(content: bytes, rng: random.Random) -> int:
    return rng.randint(0, len(content))


def _flip(content: bytes, rng: random.Random) -> bytes:
    if not content:
        return b"\xff"
    at = rng.randrange(len(content))
    return content[:at] + bytes([content[at] ^ (1 << rng.randrange(8))]) + content[at + 1 :]


def _overwrite(content: bytes, rng: random.Random) -> bytes:
    at = _place(content, rng)
    return content[:at] + rng.randbytes(rng.randint(1, 4)) + content[at + rng.randint(0, 4) :]


def _cut_out(content: bytes, rng: random.Random) -> bytes:
    at = _place(content, rng)
    return content[:at] + content[at + rng.randint(1, 60) :]


def _cut_off(content: bytes, rng: random.Random) -> bytes:
    return content[: _place(content, rng)]


def _insert(content: bytes, rng: random.Random) -> bytes:
    at = _place(content, rng)
    word = rng.choice(ALL) if rng.random() < 0.7 else a_text(rng)
    return content[:at] + encoded(word) + content[at:]


def _double(content: bytes, rng: random.Random) -> bytes:
    at = _place(content, rng)
    piece = content[at : at + rng.randint(1, 200)]
    return content[:at] + piece * rng.choice((2, 2, 3, 50)) + content[at + len(piece) :]


def _number(content: bytes, rng: random.Random) -> bytes:
    digits = [at for at, byte in enumerate(content) if 48 <= byte <= 57]
    if not digits:
        return content
    at = rng.choice(digits)
    return content[:at] + rng.choice((b"9" * 30, b"-1", b"0", b"1e999", b"9", b"", b"00")) + content[at + 1 :]


def _line_away(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    del lines[rng.randrange(len(lines))]
    return b"\n".join(lines)


def _lines_doubled(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    block = lines[at : at + rng.randint(1, 8)]
    return b"\n".join(lines[:at] + block * rng.choice((2, 2, 30)) + lines[at + len(block) :])


def _lines_swapped(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    one, other = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def _line_moved_in(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    lines[at] = (
        rng.choice((b" ", b"  ", b"\t", b"- ", b"> ", b"# ", b"")) * rng.choice((1, 1, 2, 60)) + lines[at].lstrip()
    )
    return b"\n".join(lines)


def _value_put(content: bytes, rng: random.Random) -> bytes:
    """What stands behind a colon or a comma of a line is another."""
    lines = content.split(b"\n")
    at = rng.randrange(len(lines))
    for mark in rng.sample((b":", b",", b";", b"="), 4):
        head, found, _ = lines[at].partition(mark)
        if found:
            lines[at] = head + mark + rng.choice((b" ", b"")) + encoded(rng.choice(ALL))
            break
    return b"\n".join(lines)


def _spliced(content: bytes, other: bytes, rng: random.Random) -> bytes:
    start = _place(other, rng)
    at = _place(content, rng)
    return content[:at] + other[start : start + rng.randint(1, 400)] + content[at:]


def _other_ends(content: bytes, rng: random.Random) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", rng.choice((b"\r\n", b"\r", b"\n\n", b"\r\r\n", b"\n\r")))


def _other_encoding(content: bytes, rng: random.Random) -> bytes:
    text = content.decode("utf-8", "replace")
    return text.encode(
        rng.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp037", "utf-7", "utf-8-sig", "cp1252")), "replace"
    )


def _a_long_line(content: bytes, rng: random.Random) -> bytes:
    at = _place(content, rng)
    filler = encoded(
        rng.choice(("x", "[", "{", "- ", " ", "é", "9", "a,", "a: ", "> ", "&a ", "*", "|", "=", "\t", "\ufeff"))
    )
    return content[:at] + (filler * LONG_LINE)[:LONG_LINE] + content[at:]


def _empty(content: bytes, rng: random.Random) -> bytes:
    return rng.choice((b"", b"\n", b"\0", b"\xef\xbb\xbf", rng.randbytes(200), b" " * 2000, b"\n" * 20_000))


_OF_BYTES: tuple[Damage, ...] = (_flip, _overwrite, _cut_out, _insert, _double, _number)
_OF_LINES: tuple[Damage, ...] = (
    _line_away,
    _lines_doubled,
    _lines_swapped,
    _line_moved_in,
    _value_put,
    _value_put,
    _insert,
    _cut_out,
)
_OF_THE_WHOLE: tuple[Damage, ...] = (_cut_off, _cut_off, _other_ends, _other_encoding, _a_long_line, _empty)
