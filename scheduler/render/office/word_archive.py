"""A Word file as the archive that it is. One of somebody's may say less of itself than it unpacks into, and its XML may
define entities, by which a few bytes become very many: both are looked for before anything is read of it.
"""

import zlib
from copy import copy
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
UNREADABLE = (BadZipFile, RuntimeError, NotImplementedError, OSError, ValueError, EOFError)
"""What is raised over an archive that is damaged or made to do harm."""


def is_too_large(archive: ZipFile, most_bytes: int, most_parts: int) -> bool:
    """Whether it would unpack into more. Raises ValueError for a part that is damaged, or not what it says itself."""
    parts = archive.infolist()
    if len(parts) > most_parts or sum(each.file_size for each in parts) > most_bytes:
        return True
    for each in parts:
        _hold(archive, each)
    return False


def _hold(archive: ZipFile, part: ZipInfo) -> None:
    """Unpack a part as far as it says, and a byte further: read as it is, all that is in it would be unpacked at once,
    and cut off only then."""
    if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # what others are unpacked by knows no bound
        raise ValueError(f"{part.filename} is packed by a way that no Word file is")
    further = copy(part)
    further.file_size += 1
    try:
        with archive.open(further) as stream:
            is_longer = len(stream.read(further.file_size)) > part.file_size
    except (BadZipFile, zlib.error):
        raise ValueError(part.filename) from None
    if is_longer:
        raise ValueError(f"{part.filename} is longer than it says")


def defines_entities(part: bytes) -> bool:
    return b"<!DOCTYPE" in part or b"<!ENTITY" in part or b"<\0!\0D\0O\0C\0T" in part
