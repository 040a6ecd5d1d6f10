"""The form on which Inès (Acme) says that Globex's reading is not right. It is Saturday 21 November 2026."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from scheduler.render.signed_links import Holder, dispute_link
from scheduler.services.cases.kpis import report
from scheduler.services.state import state_of
from scheduler.store import disputes, partnerships, readings, secrets
from tests.web.conftest import CELLS, NOW, Site
from tests.web.forms.test_report_form import FORM, text

KPI = f"{CELLS}/cells-delivered"


def whose(site: Site, person: str) -> tuple[str, Holder]:
    with site.app.store.write() as db:
        key, row = secrets.signing_key(db), partnerships.get(db, CELLS)
        assert row
        return key, Holder(person, state_of(site.app, db, row, NOW).seal(person))


def link(site: Site, person: str = "ines") -> str:
    report(site.app, KPI, "2026-10", "0.31", None, "tom", NOW - timedelta(hours=1))
    key, holder = whose(site, person)
    with site.app.store.read() as db:
        version = readings.current(db, CELLS)[KPI, "2026-10"].reported_at.isoformat()
    return dispute_link("", key, CELLS, "reading", f"{KPI}:2026-10", version, holder, NOW + timedelta(days=30))


def post(site: Site, path: str, **said: str) -> Any:
    return site.client.post(path, content=urlencode(said), headers=FORM)


def on_record(site: Site) -> list[tuple[str, str]]:
    with site.app.store.read() as db:
        return [(each.by, each.says) for each in disputes.of_partnership(db, CELLS)]


def test_it_says_what_is_contested_and_changes_nothing(site: Site) -> None:
    shown = text(site.client.get(link(site)))
    for words in ("Cells delivered, 2026-10", "0.31 GWh by Tom Reyes", "at least 0.3 GWh", "Inès Falk"):
        assert words in shown
    assert not on_record(site)


def test_the_words_are_on_record_once_and_shown(site: Site) -> None:
    path = link(site)
    assert post(site, path, because=" ").status_code == 422
    for _ in range(2):
        assert post(site, path, because="two pallets <b>came back</b>").status_code == 303
    assert on_record(site) == [("ines", "two pallets <b>came back</b>")]
    assert "&lt;b&gt;came back" in site.client.get(path).text


def test_once_the_reading_is_corrected_the_link_is_closed(site: Site) -> None:
    path = link(site)
    report(site.app, KPI, "2026-10", "0.29", None, "tom", NOW)
    assert site.client.get(path).status_code == post(site, path, because="x").status_code == 410
    assert not on_record(site)


def test_the_owners_side_is_told_to_correct_it_instead(site: Site) -> None:
    assert "correct it" in text(post(site, link(site, "dev"), because="x"))
    assert not on_record(site)


def test_what_they_said_is_withdrawn_there_and_nothing_of_anothers(site: Site) -> None:
    path = link(site)
    post(site, path, because="two pallets came back")
    with site.app.store.read() as db:
        [said] = disputes.of_partnership(db, CELLS)
    assert post(site, path, withdraw=str(said.number + 1)).status_code == 422
    assert post(site, path, withdraw=str(said.number)).status_code == 303
    assert post(site, path, withdraw=str(said.number)).status_code == 422
    with site.app.store.read() as db:
        assert [each.how for each in disputes.of_partnership(db, CELLS)] == ["withdrawn"]


def test_an_alliance_manager_settles_it_once_by_a_link_of_their_own(site: Site) -> None:
    post(site, link(site), because="two pallets came back")
    with site.app.store.read() as db:
        [said] = disputes.of_partnership(db, CELLS)
    paths = {}
    for person in ("dev", "tom"):
        key, holder = whose(site, person)
        until = NOW + timedelta(days=30)
        paths[person] = dispute_link("", key, CELLS, "settle", str(said.number), "", holder, until)
    assert site.client.get(paths["tom"]).status_code == 410, "Tom looks after nothing"
    assert "two pallets came back" in text(site.client.get(paths["dev"]))
    assert post(site, paths["dev"], because="0.31 stands").status_code == 303
    assert post(site, paths["dev"], because="0.31 stands").status_code == 303, "sent twice"
    told = post(site, paths["dev"], because="something else")
    assert told.status_code == 409 and "What you sent now was not kept" in text(told), "the first word stands"
    assert "On record since" in text(told)
    shown = site.client.get(paths["dev"])
    assert "0.31 stands" in text(shown) and "<form" not in shown.text
    with site.app.store.read() as db:
        [ended] = disputes.of_partnership(db, CELLS)
    assert (ended.how, ended.because, ended.settled_by) == ("settled", "0.31 stands", "dev")
