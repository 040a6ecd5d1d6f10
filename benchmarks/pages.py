"""Measure the pages that people sign in to: CPU a request, the slowest in a hundred, and how they grow with the
portfolio, each beside a bare Starlette that answers with the same bytes and headers.

Absolute times are this machine's; the ratios, taken in one run, are what to compare. Rows of many partnerships are
filled in, not planned.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Scope

from benchmarks.__main__ import NOW, an_app, peak, plan_and_watch, say
from benchmarks.filled import fill
from benchmarks.generator import write
from scheduler.domain.definition.vocabulary import Role
from scheduler.services.app import App, Basis
from scheduler.services.cases.sessions import open_session
from scheduler.store import partnerships, reviews
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.site import gate, paths
from scheduler.web.unit_of_work import UnitOfWork

OPERATOR = "root@operator.example"
WARM = 5


@dataclass(frozen=True)
class Cost:
    """CPU seconds a request, the wall-clock seconds of the slowest in a hundred, and how many bytes were answered."""

    cpu: float
    p99: float
    size: int


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="partnerships of the large portfolio")
    parser.add_argument("--requests", type=int, default=100, help="requests for each figure")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        app = _a_portfolio(Path(folder))
        try:
            _measure(app, chosen.count, chosen.requests)
        finally:
            app.close()


def _measure(app: App, count: int, requests: int) -> None:
    like = _like(app)
    with app.store.write() as db:
        fill(db, like, 100)
    small = {name: asyncio.run(_cost(app, path, requests)) for name, path in _portfolio().items()}
    with app.store.write() as db:
        fill_more(db, like, count)
    for name, path in {**_of_one(app, like), **_portfolio()}.items():
        reader = _manager(app, like) if path == paths.NOW else OPERATOR
        cost = asyncio.run(_cost(app, path, requests, reader))
        say(f"{name}: CPU a request, {cost.size / 1000:.0f} kB", f"{cost.cpu * 1000:.1f} ms")
        say(f"{name}: slowest in a hundred", f"{cost.p99 * 1000:.1f} ms")
        bare = asyncio.run(_bare(app, path, requests, reader))
        say(f"{name}: bare Starlette, the same bytes and headers", f"{bare.cpu * 1000:.2f} ms")
        say(f"{name}: ratio page : bare", f"{cost.cpu / bare.cpu:.0f}")
        if name in small:
            say(f"{name}: ratio {count:,} : 100 partnerships", f"{cost.cpu / small[name].cpu:.2f}")
    say("peak memory", f"{peak()} MB")


def fill_more(db: Any, like: str, count: int) -> None:
    """The rest of the large portfolio: those that are there already are taken out first, so that no id comes twice."""
    for table in ("past_standing", "standing", "member", "partnership"):
        column = "id" if table == "partnership" else "partnership"
        db.exec_driver_sql(f"DELETE FROM {table} WHERE {column} LIKE 'filled-%%'")
    fill(db, like, count)


def _a_portfolio(folder: Path) -> App:
    write(folder / "partnerships", 1, date(2026, 9, 1))
    app = an_app(folder)
    plan_and_watch(app)
    settings = app.settings.model_copy(update={"operators": (OPERATOR,)})
    return replace(app, basis=Basis(lambda: settings))


def _like(app: App) -> str:
    with app.store.read() as db:
        return next(row.id for row in partnerships.listing(db))


def _manager(app: App, id: str) -> str:
    """The mail address of one of its alliance managers."""
    with app.store.read() as db:
        row = next(each for each in partnerships.listing(db) if each.id == id)
    people = app.in_force(row).people.values()
    return next(each.email for each in people if each.role is Role.ALLIANCE_MANAGER)


def _portfolio() -> dict[str, str]:
    return {
        "portfolio, first page": paths.PORTFOLIO,
        "portfolio, a word in names": f"{paths.PORTFOLIO}?q=Zeeland",
        "portfolio, the last page of one standing": f"{paths.PORTFOLIO}?standing=on_course&page=30",
    }


def _of_one(app: App, id: str) -> dict[str, str]:
    with app.store.read() as db:
        row = next(each for each in partnerships.listing(db) if each.id == id)
        coming = [each.review for each in reviews.recorded(db, id).values() if each.review.start > NOW]
    review = min(coming, key=lambda each: each.start)
    kpi = next(iter(app.in_force(row).kpis))
    return {
        "Now": paths.NOW,
        "partnership": paths.partnership(id),
        "review": paths.review(review.id),
        "KPI": paths.kpi(f"{id}/{kpi}"),
    }


# Asking ------------------------------------------------------------------------------------------------------------


async def _cost(app: App, path: str, requests: int, reader: str = OPERATOR) -> Cost:
    pages, cookie = _pages(app, reader)
    return await _asked(pages, path, cookie, requests)


def _pages(app: App, reader: str) -> tuple[ASGIApp, str]:
    copies, work = FeedCache(app, lambda: NOW), UnitOfWork(app, lambda: NOW, lambda: None)
    token = open_session(app, reader, "mail", "a benchmark", NOW).token
    made = application(lambda: copies, lambda: work, lambda: True)
    return made, f"{gate.cookie_name(app.settings)}={token}"


async def _bare(app: App, path: str, requests: int, reader: str = OPERATOR) -> Cost:
    """The same answer from memory."""
    pages, cookie = _pages(app, reader)
    status, headers, body = await _answer(pages, path, cookie)

    async def same(_request: Request) -> Response:
        answer = Response(body, status)
        answer.raw_headers = list(headers)
        return answer

    return await _asked(Starlette(routes=[Route(urlsplit(path).path, same)]), path, cookie, requests)


async def _asked(app: ASGIApp, path: str, cookie: str, requests: int) -> Cost:
    for _ in range(WARM):
        status, _headers, body = await _answer(app, path, cookie)
        assert status == 200, (path, status)
    walls, begun = [], time.process_time()
    for _ in range(requests):
        start = time.perf_counter()
        await _answer(app, path, cookie)
        walls.append(time.perf_counter() - start)
    cpu = (time.process_time() - begun) / requests
    return Cost(cpu, sorted(walls)[max(0, round(requests * 0.99) - 1)], len(body))


async def _answer(app: ASGIApp, path: str, cookie: str) -> tuple[int, Sequence[tuple[bytes, bytes]], bytes]:
    """What the application answers, without a server between."""
    asked, heard = urlsplit(path), list[Message]()
    headers = [(b"host", b"127.0.0.1"), (b"cookie", cookie.encode())]
    scope: Scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": asked.path, "raw_path": asked.path.encode(), "query_string": asked.query.encode(), "root_path": "",
        "headers": headers, "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        heard.append(message)

    await app(scope, receive, send)
    body = b"".join(each.get("body", b"") for each in heard[1:])
    return heard[0]["status"], heard[0]["headers"], body


if __name__ == "__main__":
    main()
