"""Keys for what has a name only: `a-z`, `0-9` and `-`, and never one that is taken."""

import re
import unicodedata
from collections.abc import Container, Iterator

from scheduler.domain.errors import InvalidValue

_TITLES = {
    "dame", "dipl", "dr", "doc", "don", "dona", "dott", "eng", "frau", "fru", "haji", "herr", "hr", "hon",
    "ing", "lady", "lic", "lord", "madame", "mag", "mba", "me", "miss", "mlle", "mme", "mr", "mrs", "ms", "mx",
    "phd", "prof", "professor", "rev", "san", "senor", "senora", "shri", "sig", "signor", "signora", "sir",
    "smt", "sr", "sra", "sri", "tan", "tun",
}  # fmt: skip
"""What stands before a name and is none: titles, degrees and forms of address, without their points."""
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "ø": "o", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_LONGEST = 40


def short(text: str, taken: Container[str] = ()) -> str:
    """An id from a name, not among those taken: `Inès Falk` → `ines-falk`."""
    return _free(_plain(text) or "x", taken)


def gives_key(name: str) -> bool:
    """Whether a name has letters that a key can be made of; one in another script has none."""
    return bool(_plain(name.split()[0]))


def a_key(text: str) -> str:
    """A key as somebody writes it. Raises InvalidValue."""
    if _plain(text) != text:
        raise InvalidValue(f'"{text[:60]}" is no key', "write a-z, 0-9 and '-', at most 40, such as kobe-pumps")
    return text


def person_key(name: str, email: str = "", taken: Container[str] = ()) -> str:
    """A person's key: the given name, and where that is taken the family name behind it; never a title.

    `Dr. Inès Falk` → `ines`, a second one `ines-falk`; `Falk, Inès` → `ines`. A name in another script has the key of
    its address: `田中 太郎`, taro.tanaka@sud.example → `taro`.
    """
    family, comma, given = name.partition(",")
    ordered = f"{given} {family}" if comma and not _is_title(given) else name
    words = [plain for word in ordered.split() if not _is_title(word) and (plain := _plain(word))]
    words = words or [plain for part in email.partition("@")[0].split(".") if (plain := _plain(part))] or ["x"]
    return next((key for key in _candidates(words) if key not in taken), "") or _free("-".join(words), taken)


def _candidates(words: list[str]) -> Iterator[str]:
    yield words[0][:_LONGEST]
    if len(words) > 1:
        yield f"{words[0]}-{words[-1]}"[:_LONGEST].strip("-")


def _is_title(word: str) -> bool:
    parts = [part for part in re.split(r"[.\s]+", word.casefold()) if part]
    return not parts or all(_plain(part) in _TITLES for part in parts)


def _plain(text: str) -> str:
    """Its letters without accents and its digits, joined by a hyphen; nothing where the script is another."""
    bare = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")[:_LONGEST].strip("-")


def _free(stem: str, taken: Container[str]) -> str:
    return next(name for name in (stem, *(f"{stem}-{n}" for n in range(2, 10_000))) if name not in taken)
