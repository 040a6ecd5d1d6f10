"""A Markdown file that somebody names: minutes, or an agenda."""

import codecs
from pathlib import Path

from scheduler import named_files
from scheduler.domain.errors import UserError

MOST_BYTES = 1024 * 1024


def markdown(file: Path, noun: str) -> str:
    """Its text: UTF-8, or UTF-16 that says so, as Windows saves "Unicode text". `noun` is what it is to be, "minutes".
    Raises `UserError` for what is no text, or more than a megabyte of it."""
    try:
        raw = named_files.read(file, MOST_BYTES + 1)
        text = raw.decode("utf-16" if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig")
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}", "check that this user may read it") from None
    except UnicodeDecodeError:
        raise UserError(f"{file} is no UTF-8 text", f"save the {noun} as Markdown in UTF-8") from None
    if len(raw) > MOST_BYTES:
        raise UserError(f"{file} is larger than 1 MiB", "a few pages of text are enough; is this another file?")
    if not text.strip():
        raise UserError(f"{file} is empty", f"write the {noun} first")
    return text
