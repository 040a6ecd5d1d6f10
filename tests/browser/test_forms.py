"""Tom reports from his phone in ten seconds, by keyboard alone where he likes; Dev judges a criterion."""

import re
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from scheduler.store import readings, verdicts
from tests.browser.conftest import CRITERION, OCTOBER, READY, WIDE, Visit
from tests.web.conftest import CELLS

_DARK: dict[str, Any] = {"color_scheme": "dark"}


def focused(page: Page) -> str:
    """What has the focus, by its name or its kind."""
    found = page.locator(":focus")
    return (
        (found.get_attribute("name") or found.evaluate("each => each.tagName.toLowerCase()")) if found.count() else ""
    )


def tab_to(page: Page, name: str) -> None:
    for _ in range(12):
        page.keyboard.press("Tab")
        if focused(page) == name:
            return
    raise AssertionError(f"the keyboard does not reach {name}")


@pytest.mark.parametrize("visit", [{}, {"viewport": WIDE}, {"viewport": {"width": 280, "height": 600}}], indirect=True)
def test_a_value_is_reported_by_keyboard_alone(visit: Visit) -> None:
    page = visit.open("report", *OCTOBER)
    tab_to(page, "value")
    page.keyboard.type("0,31")
    page.keyboard.press("Tab")
    assert focused(page) == "note"
    page.keyboard.type("two lines")
    page.keyboard.press("Tab")
    assert focused(page) == "button"
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Recorded. Thank you")
    expect(page.get_by_text("0.31 GWh, target met")).to_be_visible()
    [reading] = visit.on_record(OCTOBER[0])
    assert (str(reading.value), reading.note, reading.by) == ("0.31", "two lines", "tom")


@pytest.mark.parametrize("visit", [{}, _DARK], indirect=True)
def test_a_value_that_will_be_later_is_promised_and_promised_anew_by_keyboard_alone(visit: Visit) -> None:
    page = visit.open("report", *OCTOBER)
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    tab_to(page, "until")
    page.keyboard.type("11272026")
    tab_to(page, "because")
    page.keyboard.type(" ")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    reason = page.get_by_label("Why it is later")
    expect(reason).to_have_accessible_description(re.compile("Say why"))
    expect(reason).to_be_focused()
    expect(page.get_by_label("Reported by the end of")).to_have_value("2026-11-27")
    page.keyboard.type("being counted")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It is promised for Fri 27 Nov 2026")
    expect(page.get_by_text(re.compile("^for Fri 27 Nov 2026, by Tom .*: being counted$"))).to_be_visible()
    tab_to(page, "summary")
    page.keyboard.press("Enter")
    tab_to(page, "until")
    page.keyboard.type("12012026")
    page.get_by_role("button", name="Change the promise").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("It is promised for Tue 1 Dec 2026")
    assert visit.on_record(OCTOBER[0]) == []
    with visit.app.store.read() as db:
        [promise] = readings.excuses(db, CELLS).values()
    assert (promise.until, promise.because, promise.by) == (date(2026, 12, 1), "being counted", "tom")


@pytest.mark.parametrize("visit", [{}, {"viewport": {"width": 280, "height": 600}}], indirect=True)
def test_on_a_phone_nothing_is_cut_off_and_everything_can_be_hit_with_a_thumb(visit: Visit) -> None:
    """Targets of 24 CSS pixels are the least (WCAG 2.2, 2.5.8); 44 are good (2.5.5)."""
    for link in (OCTOBER, READY):
        page = visit.open("report", *link)
        page.get_by_text("It will be later").click()
        size = page.viewport_size
        assert size and page.locator("main").bounding_box()
        for each in page.locator("input[type=text], input[type=date], textarea, button, summary, label.choice").all():
            box = each.bounding_box()
            assert box and box["height"] >= 44 and box["x"] >= 0 and box["x"] + box["width"] <= size["width"]


def test_the_phone_offers_its_keyboard_for_numbers(visit: Visit) -> None:
    field = visit.open("report", *OCTOBER).get_by_label("Value in GWh")
    expect(field).to_have_attribute("inputmode", "decimal")
    expect(field).to_have_attribute("type", "text")


def test_a_wrong_value_is_told_by_its_field_and_what_was_typed_stays(visit: Visit) -> None:
    page = visit.open("report", *OCTOBER)
    page.get_by_label("Value in GWh").fill("150,000")
    page.get_by_label("Note").fill("as counted")
    page.get_by_role("button").click()
    field = page.get_by_label("Value in GWh")
    expect(field).to_have_value("150,000")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(re.compile("can be read in two ways"))
    expect(field).to_be_focused()
    expect(page.get_by_label("Note")).to_have_value("as counted")
    expect(page).to_have_title(re.compile("^Error: "))
    assert visit.on_record(OCTOBER[0]) == []
    field.fill("0.31")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    assert len(visit.on_record(OCTOBER[0])) == 1


def test_a_second_use_shows_what_was_reported_and_corrects_it(visit: Visit) -> None:
    page = visit.open("report", *OCTOBER)
    page.get_by_label("Value in GWh").fill("0.31")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    page = visit.open("report", *OCTOBER)
    expect(page.get_by_role("heading", name="On record")).to_be_visible()
    expect(page.get_by_text("Sat 21 Nov 2026, 03:00 (UTC-5)")).to_be_visible()
    expect(page.get_by_label("Value in GWh")).to_have_value("0.31")
    page.get_by_label("Value in GWh").fill("0.28")
    page.get_by_role("button", name="Correct it").click()
    expect(page.get_by_text("0.28 GWh, target missed")).to_be_visible()
    expect(page.get_by_text("before: 0.31 GWh")).to_be_visible()
    assert [str(each.value) for each in visit.on_record(OCTOBER[0])] == ["0.31", "0.28"]


def test_to_load_the_page_anew_reports_nothing_twice(visit: Visit) -> None:
    page = visit.open("report", *OCTOBER)
    page.get_by_label("Value in GWh").fill("0.31")
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_be_visible()
    page.reload()
    expect(page.get_by_role("status")).to_be_visible()
    assert len(visit.on_record(OCTOBER[0])) == 1


def test_a_milestone_is_met_or_not_by_keyboard(visit: Visit) -> None:
    page = visit.open("report", *READY)
    page.get_by_role("button").click()
    expect(page.get_by_role("group", name="Is it met?")).to_have_accessible_description(re.compile("Say whether"))
    tab_to(page, "value")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Not met")).to_be_checked()
    page.get_by_label("Met", exact=True).check()
    page.get_by_role("button").press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    assert [each.met for each in visit.on_record(READY[0])] == [True]


def test_a_criterion_is_judged(visit: Visit) -> None:
    page = visit.open("judge", *CRITERION)
    expect(page.get_by_role("heading", level=1)).to_have_text("Both sides report from one KPI dashboard")
    page.get_by_role("button").click()
    expect(page.get_by_role("group", name="Your verdict")).to_have_accessible_description(re.compile("Choose one"))
    page.get_by_label("Partly").check()
    page.get_by_label("Evidence").fill("Globex's figures are still mailed")
    page.get_by_role("button").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded. Thank you, Dev Patel")
    expect(page.get_by_label("Partly")).to_be_checked()
    with visit.app.store.read() as db:
        [said] = verdicts.judgements(db, CELLS).values()
    assert (said.verdict, said.evidence, said.by) == ("partly", "Globex's figures are still mailed", "dev")


@pytest.mark.parametrize("visit", [{"java_script_enabled": True}], indirect=True)
def test_a_name_with_a_script_stays_text_also_where_scripts_may_run(visit: Visit) -> None:
    page = visit.open("report", *OCTOBER)
    expect(page.get_by_text("Tom <script>document.title='broken'</script> Reyes")).to_be_visible()
    expect(page).to_have_title("Cells delivered")


@pytest.mark.parametrize("visit", [{}, _DARK], indirect=True)
def test_words_stand_out_from_their_ground_in_light_and_dark(visit: Visit) -> None:
    """A contrast of 4.5 to 1 is the least for words (WCAG 2.2, 1.4.3)."""
    page = visit.open("report", *OCTOBER)
    page.get_by_label("Value in GWh").fill("lots")
    page.get_by_role("button").click()
    ground = _colour(page, "body", "background-color")
    for words in (
        "h1",
        "dt",
        "dd.late",
        ".error",
        "label",
        ".soft",
        "input",
        "textarea",
        "summary",
        ".quiet",
        "#until",
    ):
        assert _contrast(_colour(page, words, "color"), ground) >= 4.5, words
    button = _colour(page, "button", "color"), _colour(page, "button", "background-color")
    assert _contrast(*button) >= 4.5


def test_what_has_the_focus_can_be_seen(visit: Visit) -> None:
    page = visit.open("report", *OCTOBER)
    tab_to(page, "button")
    shown = page.locator("button").first.evaluate(
        "each => getComputedStyle(each).outlineStyle + getComputedStyle(each).outlineWidth"
    )
    assert shown == "solid3px"


def test_a_link_that_opens_nothing_says_what_to_do(visit: Visit) -> None:
    page = visit.page
    answer = page.goto(f"{visit.site}/report/{'x' * 60}")
    assert answer and answer.status == 404
    expect(page.get_by_role("heading")).to_have_text("This link opens nothing")
    expect(page.get_by_text("link of the latest letter")).to_be_visible()


def _colour(page: Page, where: str, which: str) -> tuple[float, ...]:
    said = page.locator(where).first.evaluate("(each, which) => getComputedStyle(each).getPropertyValue(which)", which)
    return tuple(float(number) for number in re.findall(r"[\d.]+", said)[:3])


def _contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """The ratio of two colours' luminance (WCAG 2.2, contrast ratio)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: tuple[float, ...]) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in (each / 255 for each in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
