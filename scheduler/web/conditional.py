"""What the headers of a request ask for: a compressed body, or a body only where something has changed (RFC 9110)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_TAG = re.compile(r'(?:W/)?("[^"]*")')
_MOST = 8000


def takes_gzip(accept_encoding: str | None) -> bool:
    """Whether gzip is asked for by name and not refused by a weight of nought; "*" asks for nothing in particular."""
    for each in (accept_encoding or "").lower().split(","):
        coding, *parameters = (word.strip() for word in each.split(";"))
        if coding in ("gzip", "x-gzip"):
            return not any(re.fullmatch(r"q\s*=\s*0(\.0*)?", word) for word in parameters)
    return False


def is_unchanged(etag: str, since: datetime, if_none_match: str | None, if_modified_since: str | None) -> bool:
    """Whether the asker has these very bytes already: by their tag or, where no tag was sent, by their date.

    Tags are compared weakly (13.1.2), as a proxy may have weakened ours. A date that is none is ignored (13.1.3).
    """
    if if_none_match is not None:
        return if_none_match.strip() == "*" or etag in _TAG.findall(if_none_match[:_MOST])
    asked = _moment(if_modified_since)
    return asked is not None and since <= asked


def _moment(written: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written or "")
    except (ValueError, TypeError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
