"""Those who look at a world by HTTP: calendar programs at their addresses, and programs of each organisation, and of
none, that read the JSON of every page that there is for them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from starlette.testclient import TestClient

from scheduler.services.cases import credentials
from scheduler.store import core_tables, subscriptions
from scheduler.web.app import application
from scheduler.web.feed_cache import FeedCache
from scheduler.web.site import PAGES
from scheduler.web.site.paths import twin
from scheduler.web.site.programs import is_for_programs
from scheduler.web.unit_of_work import UnitOfWork
from tests.confidential.outputs import Output, output, side_of

from .people import rows
from .world import URL, World

_EACH = 6
"""So many reviews and KPIs of a partnership are opened, the last ones: what is internal stands on all."""


def seen_by_http(world: World) -> Iterator[Output]:
    """What each of them is answered."""
    copies, work = FeedCache(world.app, world.clocks), UnitOfWork(world.app, world.clocks, lambda: None)
    made = application(lambda: copies, lambda: work, lambda: True)
    with world.undisturbed(), TestClient(made, base_url=URL, follow_redirects=False) as client:
        for id in world.partnerships():
            yield from _feeds(world, client, id)
        yield from _read_by_programs(world, client)


def _sides(world: World, id: str) -> list[str]:
    return sorted(world.definition(id)["organisations"])


def _feeds(world: World, client: TestClient, id: str) -> Iterator[Output]:
    """Of everybody who is in a partnership, of each side, and of all partners."""
    people = [each["email"] for each in world.definition(id)["people"].values()]
    wanted: list[tuple[str | None, dict[str, Any]]] = [(side_of(each), {"email": each}) for each in people]
    wanted += [(of, {"partnership": id, "organisation": of}) for of in _sides(world, id)]
    wanted += [(None, {"partnership": id})]
    for reader, whose in wanted:
        for reports in ("own", "all"):
            token = subscriptions.new_token()
            with world.app.store.write() as db:
                subscriptions.add(db, token, world.clocks(), **whose, reports=reports)
            answer = client.get(f"/calendars/{token}.ics")
            assert answer.status_code == 200, answer.text
            yield output("feed", f"of {whose}, {reports} reports", reader, answer.text)


def _read_by_programs(world: World, client: TestClient) -> Iterator[Output]:
    there = _there(world)
    addresses = [
        re.sub(r"{[^}]*}", id, twin(each.path))
        for each in PAGES
        if is_for_programs(each)
        for id in there.get(each.path.split("/")[1], [""])
    ]
    sides = sorted({of for id in world.partnerships() for of in _sides(world, id)})
    for reader in (None, *sides):
        made = credentials.create_token(world.app, "a reader", None, reader, world.clocks(), reports=False, reads=True)
        for path in addresses:
            answer = client.get(path, headers={"authorization": f"Bearer {made.secret}"})
            assert answer.status_code in (200, 404), (reader, path, answer.text)
            if answer.status_code == 200:
                yield output("twin", f"{path} for {reader or 'no organisation'}", reader, answer.text)


def _there(world: World) -> Mapping[str, Sequence[str]]:
    """What pages there are of, by the first word of their addresses."""
    ids = world.partnerships()
    reviews = [each.id for id in ids for each in rows(world, core_tables.review, id)[-_EACH:]]
    kpis = [each for id in ids for each in sorted({row.kpi for row in rows(world, core_tables.measure, id)})[-_EACH:]]
    checkpoints = [f"{id}/checkpoint" for id in ids]
    return {"partnerships": ids, "reviews": reviews, "kpis": kpis, "checkpoints": checkpoints}
