"""Measure what a flood of wrong requests costs those who ask rightly: wrong tokens, wrong answers to invitations."""

import asyncio
import secrets
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.__main__ import NOW, an_app, say, timed
from scheduler.services.pipeline import rsvp_intake
from scheduler.transports.mailbox import MailboxMessage

WRONG_TOKENS = 10_000
"""A minute."""
WRONG_REPLIES = 10_000
PACE = 0.02
"""Seconds between one right request and the next: fifty a second, far from what the server can do."""
SECONDS = 6.0


def wrong_tokens(port: int, path: str) -> None:
    """How long a right request takes alone, and while others try tokens; taken in turns, three times each."""
    rounds = [(asyncio.run(_asked(port, path, 0)), asyncio.run(_asked(port, path, WRONG_TOKENS))) for _ in range(3)]
    alone, among = (statistics.median(each[0] * 1000 for each in turns) for turns in zip(*rounds, strict=True))
    tried = statistics.median(among[1] for _, among in rounds)
    say("304, fifty a second, one after another: median", f"{alone:.2f} ms")
    say(f"the same among {tried:,.0f} wrong tokens a minute", f"{among:.2f} ms")
    say("ratio among wrong tokens : alone", f"{among / alone:.2f}")


async def _asked(port: int, path: str, wrong_a_minute: int) -> tuple[float, float]:
    """The median time of the right requests, in seconds, and how many wrong ones a minute there really were."""
    until = time.perf_counter() + SECONDS
    flood = asyncio.create_task(_flood(port, wrong_a_minute, until)) if wrong_a_minute else None
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    taken = []
    while (begun := time.perf_counter()) < until:
        writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: *\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 304"), head
        taken.append(time.perf_counter() - begun)
        await asyncio.sleep(PACE)
    writer.close()
    tried = await flood if flood else 0
    return statistics.median(taken), tried * 60 / SECONDS


async def _flood(port: int, a_minute: int, until: float) -> int:
    """How many wrong tokens were tried, at an even pace."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    begun, tried = time.perf_counter(), 0
    while time.perf_counter() < until:
        await asyncio.sleep(max(0.0, begun + tried * 60 / a_minute - time.perf_counter()))
        writer.write(f"GET /calendars/{secrets.token_urlsafe(32)}.ics HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 404"), head
        await reader.readexactly(int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]))
        tried += 1
    writer.close()
    return tried


def wrong_replies(folder: Path) -> None:
    """Answers with tokens that nobody was given: counted and left alone."""
    (folder / "partnerships").mkdir(parents=True)
    app = an_app(folder)
    tally: rsvp_intake.Tally = Counter()
    seconds = timed(lambda: tally.update(rsvp_intake.take_in(app, _letters(), NOW)))
    app.close()
    assert sum(tally.values()) == WRONG_REPLIES, tally
    say(
        f"{WRONG_REPLIES:,} wrong answers looked at, counted, ignored",
        f"{seconds:.1f} s  {WRONG_REPLIES / seconds:,.0f}/s",
    )


def _letters() -> Iterator[MailboxMessage]:
    for number in range(WRONG_REPLIES):
        said = (
            "From: dev.patel@globex.example\r\n"
            f"To: cadence+{number:032x}@alliances.acme.example\r\nMessage-ID: <{number}@globex.example>\r\n"
            "Content-Type: text/calendar; charset=utf-8; method=REPLY\r\n\r\n"
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n"
            f"UID:{number:032x}\r\nDTSTAMP:20261121T080000Z\r\nSEQUENCE:0\r\n"
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:dev.patel@globex.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
        yield MailboxMessage(said.encode(), lambda: None)
