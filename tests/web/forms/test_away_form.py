"""The form on which Dev (Globex), who is of two partnerships, says when he is away.

It is Saturday 21 November 2026, 09:00 in Berlin.
"""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from scheduler.domain.phrases import Days
from scheduler.render.signed_links import Holder, away_link
from scheduler.services.cases.absences import stated
from scheduler.services.state import state_of
from scheduler.store import partnerships, secrets
from tests.web.conftest import CELLS, CHIPS, DEV, NOW, Site
from tests.web.forms.test_report_form import FORM, text


def link(site: Site, person: str = "dev") -> str:
    with site.app.store.write() as db:
        key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
        assert row
        seal = state_of(site.app, db, row, NOW).seal(person)
    return away_link("", key, CELLS, Holder(person, seal), NOW + timedelta(days=30))


def post(site: Site, path: str, **said: str) -> Any:
    return site.client.post(path, content=urlencode(said), headers=FORM)


def days(site: Site) -> list[Days]:
    with site.app.store.read() as db:
        return [each.days for each in stated(site.app, db, DEV, None, NOW).absences]


def test_it_says_what_it_is_for_and_changes_nothing(still: Site) -> None:
    shown = text(still.client.get(link(still)))
    for words in ("All your partnerships", "When you are away", "Dev Patel", "I am away"):
        assert words in shown
    assert not days(still)


def test_the_days_are_on_record_in_all_partnerships_and_can_be_taken_back(site: Site) -> None:
    path = link(site)
    for _ in range(2):
        assert post(site, path, first="2026-12-21", last="2027-01-02").status_code == 303
    assert days(site) == [Days(date(2026, 12, 21), date(2027, 1, 2))]
    with site.app.store.read() as db:
        for id in (CELLS, CHIPS):
            row = partnerships.get(db, id)
            assert row and row.absences == {DEV: ["2026-12-21/2027-01-02"]}
    assert "Mon 21 Dec 2026 to Sat 2 Jan 2027" in text(site.client.get(path))
    for status in (303, 422):
        assert post(site, path, take_back="2026-12-21").status_code == status
    assert not days(site)


def test_what_is_no_day_to_come_is_told_beside_it_and_nothing_is_recorded(still: Site) -> None:
    path = link(still)
    for first, last, field in (
        ("", "2026-12-24", "first"),
        ("tomorrow", "2026-12-24", "first"),
        ("2026-11-19", "2026-12-24", "first"),
        ("2026-12-24", "", "last"),
        ("2026-12-24", "2026-12-23", "last"),
        ("2026-12-24", "2037-01-01", "first"),
        ("2026-12-24", "9999-12-31", "first"),
        ("9999-12-31", "9999-12-31", "first"),
    ):
        answer = post(still, path, first=first, last=last)
        assert answer.status_code == 422 and f'id="{field}-error"' in answer.text, (first, last)
    assert not days(still)


def test_after_the_partnerships_end_it_opens_nothing(site: Site) -> None:
    path = link(site)
    with site.app.store.write() as db:
        partnerships.end(db, CELLS, NOW)
    assert (
        site.client.get(path).status_code == post(site, path, first="2026-12-21", last="2026-12-22").status_code == 410
    )
    assert not days(site)
