"""Calendar components and the text in them: whatever people have written, it stays text and never becomes structure.

Line ends, control characters and marks that turn the reading direction are taken out here; escaping and folding is done
where it is written. Every component bears a UID that never changes, and dates of its own history, never those of its
rendering: without a METHOD, DTSTAMP is when its content last changed (RFC 5545 3.8.7.2).
"""

import unicodedata
from datetime import UTC, date, datetime, timedelta

from scheduler.render.wording import one_line

from .serializer import Entry

DAY = timedelta(days=1)
TITLE = 120
"""The most characters of a title or a name within a SUMMARY, which programs show on one line."""
DESCRIPTION = 8000
"""The most characters of a DESCRIPTION; large calendar services refuse or cut more than 8,192."""
_JOINER = "\u200d"


def line(text: str, most: int = TITLE) -> str:
    """The text on one line, in valid Unicode, at most `most` characters."""
    return shortened(one_line(_valid(text)), most)


def paragraphs(*texts: str) -> str:
    """The texts that say something one below the other, each with its own lines."""
    told = ("\n".join(one_line(each) for each in _valid(text).splitlines()).strip() for text in texts)
    return shortened("\n\n".join(filter(None, told)), DESCRIPTION)


def shortened(text: str, most: int) -> str:
    """At most `most` characters: cut between words where there is a blank near the end, never between a letter or an
    emoji and the marks that belong to it."""
    if len(text) <= most:
        return text
    cut = most - 1
    blank = text.rfind(" ", cut - most // 5, cut + 1)
    if blank > 0:
        cut = blank
    while cut and _joined(text[cut - 1], text[cut]):
        cut -= 1
    return text[:cut].rstrip() + "…"


def begun(kind: str, uid: str, sequence: int, created: datetime, modified: datetime) -> Entry:
    """An entry with its identity and its history."""
    entry = Entry(kind)
    entry.add("UID", uid)
    entry.add("SEQUENCE", sequence)
    entry.add("CREATED", created.astimezone(UTC))
    entry.add("DTSTAMP", modified.astimezone(UTC))
    entry.add("LAST-MODIFIED", modified.astimezone(UTC))
    return entry


def on_day(event: Entry, day: date) -> None:
    """Make the event a mark on one whole day that blocks nobody's time. DTEND is the day after: it is not included."""
    event.add("DTSTART", day)
    event.add("DTEND", day + DAY)
    event.add("TRANSP", "TRANSPARENT")


def _valid(text: str) -> str:
    """Half a surrogate pair is no character, and cannot be written in UTF-8."""
    return text if text.isprintable() else text.encode("utf-8", "replace").decode("utf-8")


def _joined(before: str, after: str) -> bool:
    """Whether two characters are drawn as one: an accent, a variation selector, a skin tone, emoji with a joiner."""
    return (
        _JOINER in (before, after)
        or unicodedata.category(after) in ("Mn", "Me")
        or "\U0001f3fb" <= after <= "\U0001f3ff"
    )
