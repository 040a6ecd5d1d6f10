"""Each of the five who look does on the pages what is theirs to do, without JavaScript, after a quarter."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from scheduler.services.app import App
from scheduler.store import readings
from scheduler.web.site import paths
from tests.browser import quarter
from tests.browser.quarter import READERS, TWO
from tests.browser.screenshots import served, signed_in

HOURS = f"{TWO[0]}/track-hours"


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[App, str]]:
    app = quarter.lived(tmp_path_factory.mktemp("walk") / "quarter")
    with served(app) as site:
        yield app, site
    app.close()


def test_the_owner_of_a_kpi_reports_what_is_late_on_its_page(browser: Browser, lived: tuple[App, str]) -> None:
    app, site = lived
    with signed_in(browser, app, site, READERS["KPI owner"]) as page:
        page.goto(f"{site}{paths.kpi(HOURS)}")
        page.get_by_label("Value in h").fill("44")
        page.get_by_role("button", name="Report it").click()
        expect(page.get_by_role("status")).to_be_visible()
    with app.store.read() as db:
        [found] = [each for each in readings.history(db, HOURS) if each.period == "2026-10"]
    assert (str(found.value), found.by) == ("44", "selim")


def test_the_alliance_manager_adds_an_item_to_an_agenda(browser: Browser, lived: tuple[App, str]) -> None:
    app, site = lived
    with signed_in(browser, app, site, READERS["alliance manager"]) as page:
        page.goto(f"{site}{paths.partnership(TWO[0])}")
        page.get_by_text("Add an item to an agenda").click()
        form = page.locator("form", has=page.get_by_role("button", name="Add it"))
        form.locator("input[type=text], textarea").first.fill("Spare stacks for the winter")
        form.get_by_role("button", name="Add it").click()
        expect(page.get_by_role("status")).to_be_visible()
    with app.store.read() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM agenda_item WHERE says LIKE 'Spare stacks%'").scalar() == 1


def test_the_counterpart_answers_an_invitation(browser: Browser, lived: tuple[App, str]) -> None:
    app, site = lived
    with signed_in(browser, app, site, READERS["counterpart"]) as page:
        page.goto(f"{site}{paths.NOW}")
        page.get_by_role("button", name="Yes").first.click()
        expect(page.get_by_role("status")).to_be_visible()
        expect(page.locator("button[aria-pressed=true]").first).to_contain_text("Yes")


def test_the_sponsor_sees_in_a_minute_what_to_attend_to_and_why(browser: Browser, lived: tuple[App, str]) -> None:
    app, site = lived
    with signed_in(browser, app, site, READERS["sponsor"]) as page:
        page.goto(f"{site}{paths.PORTFOLIO}")
        page.get_by_role("link", name="Havelwerk × Lakemont fuel cells").first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Havelwerk × Lakemont")
        expect(page.get_by_role("heading", name="How it stands")).to_be_visible()
        page.get_by_role("link", name="What changed, and who changed it").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("History")


def test_an_operator_adds_a_partnership_and_runs_a_cycle(browser: Browser, lived: tuple[App, str]) -> None:
    app, site = lived
    with signed_in(browser, app, site, READERS["operator"]) as page:
        page.goto(f"{site}{paths.ADD}")
        _step(page, **{"Name of the partnership": "Nord × Süd", "Effective date": "2027-02-01"})
        page.locator("#model").select_option("contractual_alliance")
        _step(page)
        for number, name, country in ((1, "Nord AS", "NO"), (2, "Sud GmbH", "AT")):
            page.locator(f"#organisations-{number}-name").fill(name)
            page.locator(f"#organisations-{number}-country").select_option(country)
        _step(page)  # their regions come with their countries
        _step(page)
        for number, name in enumerate(("Inès Falk", "Marta Bauer", "Dev Patel", "June Okafor"), 1):
            page.locator(f"#people-{number}-name").fill(name)
            page.locator(f"#people-{number}-email").fill(f"{name.split()[0].lower()}@north.example".replace("è", "e"))
        _step(page)
        page.locator("#kpis-1-name").fill("Sales")
        page.locator("#kpis-1-target").fill(">= 100")
        page.locator("#kpis-1-every").select_option("month")
        page.locator("#kpis-1-owner").select_option("ines")
        _step(page)
        page.locator("#criteria-1-says").fill("Hundred are sold")
        page.locator("#criteria-1-by").select_option("kpi sales")
        _step(page)
        _step(page)
        _step(page)
        expect(page.get_by_text("Nothing is written yet, and nobody was told")).to_be_visible()
        page.get_by_role("button", name="Write nord-sud.yaml").click()
        expect(page.get_by_role("status")).to_contain_text("nord-sud.yaml is written")
        page.goto(f"{site}{paths.STATUS}")
        page.get_by_role("button", name="Run a cycle now").click()
        expect(page.get_by_role("status")).to_be_visible()
    assert (app.settings.definitions / "nord-sud.yaml").is_file()


def _step(page: Page, **said: str) -> None:
    for label, text in said.items():
        page.get_by_label(label).first.fill(text)
    page.get_by_role("button", name="Keep and go on").click()
