"""Measure feeds: built, built again after one change, and sent, each beside the plainest way to do it.

Absolute times are this machine's; the ratios, taken in one run, are what to compare.
"""

import argparse
import asyncio
import base64
import getpass
import multiprocessing
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import uvicorn
from icalendar import Calendar, Component

from benchmarks.__main__ import NOW, an_app, plan_and_watch, say, timed
from benchmarks.floods import wrong_replies, wrong_tokens
from benchmarks.generator import write
from scheduler.services.app import App, Basis
from scheduler.settings import Web as WebSettings
from scheduler.store import partnerships, reviews, subscriptions
from scheduler.store.tables import SubscriptionRow
from scheduler.web.feeds import Feeds
from scheduler.web.serving import WebServer
from tests.interop.radicale_server import NAME, PASSWORD, Radicale

DAY = NOW.date()
CONNECTIONS = 16
SECONDS = 2.0
EVENTS_A_PARTNERSHIP = 370


def a_portfolio(folder: Path, events: int) -> App:
    """A planned app whose portfolio shows about so many events."""
    write(folder / "partnerships", max(1, round(events / EVENTS_A_PARTNERSHIP)), date(2026, 9, 1))
    app = an_app(folder)
    plan_and_watch(app)
    return app


def subscribed(app: App) -> tuple[str, SubscriptionRow]:
    token = subscriptions.new_token()
    with app.store.write() as db:
        subscriptions.add(db, token, NOW, clocks="all")
    with app.store.read() as db:
        row = subscriptions.opened_by(db, subscriptions.hashed(token))
    assert row is not None
    return token, row


# Building ----------------------------------------------------------------------------------------------------------


def building(folder: Path, events: int) -> None:
    app = a_portfolio(folder, events)
    _, row = subscribed(app)
    feeds = Feeds(app)
    first = timed(lambda: feeds.build(row, DAY))
    _, ics = feeds.build(row, DAY)
    say("events in the portfolio's feed", f"{ics.count(b'BEGIN:VEVENT'):,} in {len(ics) / 1e6:.1f} MB")
    say("first build", f"{first:.2f} s")
    components = list(_components(ics))
    plain = min(timed(lambda: as_icalendar(components)) for _ in range(3))
    strings = min(timed(lambda: as_strings(components)) for _ in range(3))
    say("icalendar: Event, add, to_ical, the same components", f"{plain:.2f} s")
    say("ratio first build : icalendar", f"{first / plain:.2f}")
    say("the same bytes written as strings", f"{strings * 1000:.0f} ms")
    say("ratio first build : strings", f"{first / strings:.1f}")
    times = sorted(timed(lambda: feeds.build(row, DAY)) for _ in edits(app))
    say("one review moved, new bytes: median", f"{statistics.median(times) * 1000:.1f} ms")
    say("one review moved, new bytes: worst of 15", f"{times[-1] * 1000:.1f} ms")
    times = sorted(timed(lambda: feeds.build(row, DAY)) for _ in renames(app))
    say(
        f"one partnership renamed (about {EVENTS_A_PARTNERSHIP} events): median",
        f"{statistics.median(times) * 1000:.1f} ms",
    )
    say("one partnership renamed, new bytes: worst of 9", f"{times[-1] * 1000:.1f} ms")
    say("nothing changed, the same bytes again", f"{timed(lambda: feeds.build(row, DAY)) * 1000:.1f} ms")
    app.close()


def edits(app: App, count: int = 15) -> Iterator[None]:
    """Move a review by a quarter of an hour, each time one of another partnership."""
    with app.store.read() as db:
        ids = [row.id for row in partnerships.listing(db)]
    for turn in range(count):
        with app.store.write() as db:
            record = list(reviews.recorded(db, ids[turn % len(ids)]).values())[turn]
            later = timedelta(minutes=15)
            moved = replace(record.review, start=record.review.start + later, end=record.review.end + later)
            reviews.save_many(db, [replace(record, review=moved, sequence=record.sequence + 1, modified_at=NOW)])
        yield


def renames(app: App, count: int = 9) -> Iterator[None]:
    """Give a partnership another name, each time another one: every entry of its calendar says it."""
    paths = sorted(app.settings.definitions.glob("*.yaml"))
    for turn in range(count):
        path = paths[turn % len(paths)]
        text = re.sub(r"^name: .*$", f"name: Renamed in turn {turn}", path.read_text("utf-8"), count=1, flags=re.M)
        path.write_text(text, "utf-8")
        plan_and_watch(app, [path])
        yield


Line = tuple[str, Any, str, str]
"""A property: its name, its value as Python knows it, its parameters and its words as they are written."""


def _components(ics: bytes) -> Iterator[tuple[type[Component], list[Line]]]:
    for component in Calendar.from_ical(ics).walk():
        if component.name in ("VEVENT", "VTODO"):
            yield type(component), list(_lines(component))


def _lines(component: Component) -> Iterator[Line]:
    value: Any
    for name, value in component.property_items(recursive=False):
        if name in ("BEGIN", "END"):
            continue
        native = component.decoded(name) if name not in ("CATEGORIES", "RELATED-TO") else value
        parameters = "".join(f";{key}={value.params[key]}" for key in getattr(value, "params", {}))
        yield name, native.decode() if isinstance(native, bytes) else native, parameters, value.to_ical().decode()


def as_icalendar(components: list[tuple[type[Component], list[Line]]]) -> bytes:
    """What a program does that knows the library and caches nothing."""
    calendar = Calendar()
    for kind, lines in components:
        made = kind()
        for name, native, _, _ in lines:
            made.add(name, native)
        calendar.add_component(made)
    ics: bytes = calendar.to_ical()
    return ics


def as_strings(components: list[tuple[type[Component], list[Line]]]) -> bytes:
    """The least that can be done: lines put together, folded, encoded."""
    written = []
    for kind, lines in components:
        written.append(f"BEGIN:{kind.name}")
        written += [_folded(f"{name}{parameters}:{words}") for name, _, parameters, words in lines]
        written.append(f"END:{kind.name}")
    return "\r\n".join(written).encode()


def _folded(line: str) -> str:
    if len(line) <= 75:
        return line
    return "\r\n ".join([line[:75], *(line[start : start + 74] for start in range(75, len(line), 74))])


# Sending -----------------------------------------------------------------------------------------------------------


def serve_feed(folder: Path, pipe: Connection) -> None:
    """Our server with a feed of about 1,000 events, until the other end of the pipe closes."""
    app = a_portfolio(folder, 1000)
    its = app.settings.model_copy(update={"web": WebSettings(listen="127.0.0.1:0")})
    served = replace(app, basis=Basis(lambda: its))
    token, row = subscribed(app)
    web = WebServer(served, lambda: NOW, lambda: True)
    web.keep_listening()
    pipe.send((web.port, f"/calendars/{token}.ics", Feeds(app).build(row, DAY)[1]))
    pipe.recv()
    web.close()
    app.close()


def serve_bare(content: bytes, pipe: Connection) -> None:
    """The least an ASGI application can do: the same bytes with the headers that a feed needs."""
    etag = b'"bare"'
    headers = [(b"content-type", b"text/calendar; charset=utf-8"), (b"etag", etag)]

    async def app(scope: Any, receive: Any, send: Callable[[Any], Awaitable[None]]) -> None:
        if dict(scope["headers"]).get(b"if-none-match") == etag:
            await send({"type": "http.response.start", "status": 304, "headers": headers})
            await send({"type": "http.response.body", "body": b""})
            return
        length = (b"content-length", str(len(content)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [*headers, length]})
        await send({"type": "http.response.body", "body": content})

    config = uvicorn.Config(app, port=0, lifespan="off", ws="none", access_log=False, log_config=None)
    listener = config.bind_socket()
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as ours has it
    pipe.send((listener.getsockname()[1], "/", content))
    uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def nginx(content: bytes, folder: Path) -> Iterator[int]:
    """nginx sending the same bytes from a file: as fast as this machine gets. Gives its port."""
    (folder / "site").mkdir(parents=True)
    (folder / "site" / "feed.ics").write_bytes(content)
    folder.chmod(0o755)
    (folder / "site").chmod(0o755)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder}/pid; error_log stderr crit; worker_processes 1; user {getpass.getuser()};"
        f"events {{}} http {{ access_log off; keepalive_requests 1000000; types {{ text/calendar ics; }}"
        f" server {{ listen 127.0.0.1:{port}; root {folder}/site; }} }}"
    )
    process = subprocess.Popen(["nginx", "-c", str(config)], stderr=subprocess.DEVNULL)
    time.sleep(1)
    try:
        yield port
    finally:
        process.terminate()
        process.wait()


async def load(port: int, request: bytes) -> tuple[float, float]:
    """Requests a second over kept connections, and the 99th percentile of their times in milliseconds."""
    until = time.perf_counter() + SECONDS
    taken: list[float] = []

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4 * 1024 * 1024)
        while (begun := time.perf_counter()) < until:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            if length := re.search(rb"(?i)content-length: (\d+)", head):
                await reader.readexactly(int(length[1]))
            taken.append(time.perf_counter() - begun)
        writer.close()

    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    return len(taken) / SECONDS, statistics.quantiles(taken, n=100)[98] * 1000


def get(path: str, etag: str = "") -> bytes:
    condition = f"If-None-Match: {etag}\r\n" if etag else ""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{condition}\r\n".encode()


def sending(folder: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    feed = spawn.Process(target=serve_feed, args=(folder, theirs), daemon=True)
    feed.start()
    port, path, content = ours.recv()
    bare_ours, bare_theirs = spawn.Pipe()
    bare = spawn.Process(target=serve_bare, args=(content, bare_theirs), daemon=True)
    bare.start()
    bare_port, bare_path, _ = bare_ours.recv()
    etag = asyncio.run(_etag(port, path))
    say("a feed to send", f"{content.count(b'BEGIN:VEVENT'):,} events, {len(content) / 1e6:.2f} MB")
    for what, request, bare_request in (
        ("200", get(path), get(bare_path)),
        ("304", get(path, etag), get(bare_path, '"bare"')),
    ):
        rounds = [(asyncio.run(load(port, request)), asyncio.run(load(bare_port, bare_request))) for _ in range(3)]
        (rate, worst), (bare_rate, bare_worst) = (max(each) for each in zip(*rounds, strict=True))
        say(f"{what} over {CONNECTIONS} connections", f"{rate:,.0f}/s  p99 {worst:.1f} ms")
        say(f"{what}, a bare ASGI application", f"{bare_rate:,.0f}/s  p99 {bare_worst:.1f} ms")
        say(f"ratio bare : feed, {what}", f"{bare_rate / rate:.2f}")
    wrong_tokens(port, path)
    once = min(alone(f"http://127.0.0.1:{port}{path}") for _ in range(20))
    ours.send("enough")
    feed.join(10)
    bare.terminate()
    by_radicale(content, folder / "radicale", once)
    if shutil.which("nginx"):
        with nginx(content, folder / "nginx") as static:
            for what, etag in (("200", ""), ("304", asyncio.run(_etag(static, "/feed.ics")))):
                rate, worst = asyncio.run(load(static, get("/feed.ics", etag)))
                say(f"{what}, nginx with the same bytes in a file", f"{rate:,.0f}/s  p99 {worst:.1f} ms")


def by_radicale(content: bytes, folder: Path, ours: float) -> None:
    """A calendar server's GET of the same events: the peer. It is asked one request at a time, as the feed was for
    `ours`, the seconds that one took."""
    folder.mkdir(parents=True)
    with Radicale(folder) as radicale:
        url = radicale.put(content)
        theirs = min(alone(url, (NAME, PASSWORD)) for _ in range(5))
    say("one 200, the feed, nobody else asking", f"{ours * 1000:.1f} ms")
    say("one 200, Radicale with the same events", f"{theirs * 1000:.1f} ms")
    say("ratio Radicale : feed, one 200", f"{theirs / ours:.0f}")


def alone(url: str, login: tuple[str, str] | None = None) -> float:
    """Seconds that one request takes from asking to the last byte."""
    request = Request(url)
    if login:
        request.add_header("Authorization", f"Basic {base64.b64encode(':'.join(login).encode()).decode()}")

    def read() -> None:
        with urlopen(request) as answer:
            assert answer.read().count(b"BEGIN:VEVENT") > 500

    return timed(read)


async def _etag(port: int, path: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4 * 1024 * 1024)
    writer.write(get(path))
    head = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    found = re.search(rb"(?i)etag: (.*)\r\n", head)
    assert found, head
    return found[1].decode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=10_000, help="how many events to build (default 10,000)")
    events = parser.parse_args().events
    with tempfile.TemporaryDirectory() as name:
        building(Path(name) / "building", events)
        sending(Path(name) / "sending")
        wrong_replies(Path(name) / "replies")


if __name__ == "__main__":
    main()
