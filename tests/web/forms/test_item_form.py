"""The form on which anybody who is invited adds an item: Dev (Globex), to December's operating review.

It is Saturday 21 November 2026; Dev owns its agenda, and Inès is invited.
"""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from scheduler.domain.record.agenda_item import AddedItem
from scheduler.render.signed_links import Holder, agenda_link, item_link
from scheduler.services.state import state_of
from scheduler.settings import Web
from scheduler.store import agenda_items, partnerships, secrets
from tests.builders import at
from tests.web.conftest import CELLS, NOW, AppOf, Site, served
from tests.web.forms.test_report_form import FORM, text

NEXT = f"{CELLS}/operating/2026-12"


def whose(site: Site, person: str) -> tuple[str, Holder]:
    with site.app.store.write() as db:
        key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
        assert row
        return key, Holder(person, state_of(site.app, db, row, NOW).seal(person))


def link(site: Site, person: str = "dev") -> str:
    key, holder = whose(site, person)
    return item_link("", key, NEXT, holder)


def post(site: Site, path: str, **said: str) -> Any:
    return site.client.post(path, content=urlencode(said), headers=FORM)


def items(site: Site) -> list[AddedItem]:
    with site.app.store.read() as db:
        return [each for each in agenda_items.of_review(db, NEXT) if each.is_open]


def test_an_item_is_added_once_and_taken_back(site: Site) -> None:
    path = link(site)
    assert "Items until" in text(site.client.get(path)) and items(site) == []
    for _ in range(2):
        assert post(site, path, says="A <b>second</b> press", minutes="15").status_code == 303
    [item] = items(site)
    assert (item.says, item.minutes, item.by, item.at) == ("A <b>second</b> press", 15, "dev", NOW)
    shown = site.client.get(path)
    assert "A <b>second</b> press" in text(shown) and "15 minutes" in text(shown) and "<b>second" not in shown.text
    for _ in range(2):
        assert post(site, path, drop=item.id).status_code == 303
    assert items(site) == []


@pytest.mark.parametrize(
    ("said", "field"),
    [({"says": " "}, "says"), ({"says": "x" * 201}, "says"), ({"says": "x", "minutes": "soon"}, "minutes")],
)
def test_what_cannot_be_meant_is_told_beside_it(site: Site, said: dict[str, str], field: str) -> None:
    answer = post(site, link(site), **said)
    assert answer.status_code == 422 and f'id="{field}-error"' in answer.text
    assert items(site) == []


def test_the_link_dies_with_the_items_clock_but_not_that_of_who_owns_the_agenda(site: Site) -> None:
    ines, dev = link(site, "ines"), link(site)
    site.clock.now = at("2026-12-16 23:59")
    assert site.client.get(ines).status_code == 200
    site.clock.now += timedelta(minutes=1)
    assert site.client.get(ines).status_code == post(site, ines, says="Late").status_code == 410
    assert post(site, dev, says="Mine").status_code == 303
    site.clock.now = at("2026-12-18 15:00")
    assert site.client.get(dev).status_code == 410


def test_it_opens_nothing_for_who_is_not_invited_and_after_the_end(site: Site) -> None:
    assert site.client.get(link(site, "tom")).status_code == 410
    with site.app.store.write() as db:
        partnerships.end(db, CELLS, NOW)
    assert site.client.get(link(site)).status_code == 410


def test_the_page_of_the_agenda_leads_there_as_long_as_one_can_add(made: AppOf) -> None:
    app = made(web=Web(public_url="https://cadence.acme.example"))
    for site in served(app):
        key, holder = whose(site, "dev")
        page = agenda_link("", key, NEXT, holder)
        found = re.search(r'href="https://cadence.acme.example(/item/[^"]+)"', site.client.get(page).text)
        assert found and post(site, found[1], says="From the agenda").status_code == 303
        site.clock.now = at("2026-12-18 15:00")
        assert "/item/" not in site.client.get(page).text
    app.close()
