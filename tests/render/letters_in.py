"""Answers as mail programs send them, for tests that need one of their own: Dev's, to the operating review of December.

Those of real programs' shapes lie in `golden/replies/`.
"""

from datetime import datetime
from typing import Any

from scheduler.domain.record.review import uid
from tests.builders import at

TOKEN = "5f0c2e9a7b41d8836c1f4e2a90b7d563"
OPERATING = uid("acme-globex/operating/2026-12")
DEV, INES, JUNE = "dev.patel@globex.example", "ines.falk@acme.example", "june.okafor@globex.example"
SAID = at("2026-12-02 09:00", "America/Detroit")


def a_calendar(
    partstat: str = "ACCEPTED",
    *,
    who: str = DEV,
    uid: str = OPERATING,
    sequence: int | str = 0,
    stamp: datetime | str = SAID,
    method: str = "REPLY",
    more: str = "",
) -> str:
    """The calendar of an answer; `more` are further lines of the event."""
    dtstamp = stamp if isinstance(stamp, str) else f"{(stamp - stamp.utcoffset()):%Y%m%dT%H%M%SZ}"  # type: ignore[operator]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"DTSTAMP:{dtstamp}",
        f"SEQUENCE:{sequence}",
        f"ATTENDEE;PARTSTAT={partstat}:mailto:{who}",
        *more.splitlines(),
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(lines)


def a_letter(
    partstat: str = "ACCEPTED",
    *,
    sender: str | None = None,
    token: str = TOKEN,
    calendar: str | bytes | None = None,
    type: str = "text/calendar; charset=utf-8; method=REPLY",
    headers: str = "",
    **said: Any,
) -> bytes:
    """A letter whose only part is a calendar; `said` is for `a_calendar`."""
    body = a_calendar(partstat, **said) if calendar is None else calendar
    head = (
        f"From: {sender or said.get('who', DEV)}\r\n"
        f"To: cadence+{token}@alliances.acme.example\r\n"
        f"{headers}Content-Type: {type}\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    )
    return head.encode() + (body if isinstance(body, bytes) else body.encode())
