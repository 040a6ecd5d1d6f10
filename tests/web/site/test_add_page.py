"""Adding a partnership in the browser: a step at a time, kept meanwhile, looked over before anything is written."""

import re
from typing import Any

import pytest

from scheduler.definitions.loading import load
from scheduler.definitions.playbooks import playbooks
from scheduler.settings import shipped
from tests.definitions.test_conversation import SAID
from tests.web.conftest import DEV, INES, Site
from tests.web.site.conftest import OPERATOR, Browser, SignIn

STEPS = ("partnership", "model", "organisations", "people", "kpis", "criteria", "triggers", "layers")
OF_STEP = {
    "partnership": ("name", "id", "function", "goal", "effective"),
    "model": ("knows_model", "model"),
    "organisations": ("organisations",),
    "people": ("people",),
    "kpis": ("kpis",),
    "criteria": ("criteria",),
    "triggers": ("triggers",),
    "layers": ("layers",),
}
ANSWERS: dict[str, str] = {
    **SAID,
    "organisations.1.region": "03",
    "organisations.2.region": "MI",
    "kpis.1.deputy": "dev",
    "layers.1.name": "",
    "layers.1.model": "contractual_alliance",
}


def fill(browser: Browser, *steps: str, **changes: str) -> Any:
    """Answer these steps, as a browser sends them; return the last answer."""
    answer: Any = None
    for step in steps:
        of_step = {name: text for name, text in ANSWERS.items() if name.split(".")[0] in OF_STEP[step]}
        said = {**of_step, **{name.replace("__", "."): text for name, text in changes.items()}}
        answer = browser.act("/add", "answer", step=step, **said)
        if step == "organisations" and "step=people" not in answer.headers.get("location", ""):
            answer = browser.act("/add", "answer", step=step, **said)  # regions and zones come with the countries
    return answer


def whole(browser: Browser) -> Browser:
    fill(browser, *STEPS)
    return browser


def test_a_step_leads_to_the_next_and_what_was_said_stays(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    assert fill(ines, "partnership").headers["location"] == "/add?step=model"
    assert 'value="Nord × Süd"' in ines.get("/add?step=partnership").text
    again = sign_in(INES)
    assert "Structural model" in again.text("/add")


def test_what_is_wrong_stands_at_its_field_and_the_step_stays(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    answer = fill(ines, "partnership", effective="soon")
    assert answer.headers["location"] == "/add?step=partnership"
    page = ines.get("/add?step=partnership").text
    field = re.search(r'<input id="effective"[^>]*>', page)
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    assert "is not a date: write year-month-day" in page
    assert 'href="#effective"' in page


def test_a_step_that_nobody_has_answered_yet_complains_of_nothing(sign_in: SignIn) -> None:
    page = sign_in(INES).get("/add").text
    assert "aria-invalid" not in page
    assert "an answer is needed" not in page


def test_a_country_with_several_zones_is_asked_for_one_before_it_goes_on(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    fill(ines, "partnership", "model")
    said = {f"organisations.{n}.{key}": text for n, name, country in ((1, "Nord AS", "NO"), (2, "Sud Inc", "US"))
            for key, text in (("name", name), ("country", country))}  # fmt: skip
    assert ines.act("/add", "answer", step="organisations", **said).headers["location"] == "/add?step=organisations"
    assert 'name="organisations.2.timezone"' in ines.get("/add?step=organisations").text
    assert 'name="organisations.1.timezone"' not in ines.get("/add?step=organisations").text


def test_four_answers_name_the_model_that_fits(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    needs = {"fit.integration": "deep", "fit.speed": "year", "fit.capital": "much", "fit.control": "joint"}
    ines.act("/add", "answer", step="model", knows_model="no", model="")
    assert "an answer is needed" not in ines.text("/add?step=model"), "the questions come now, and the model after them"
    told = ines.act("/add", "answer", step="model", knows_model="no", **{"fit.members": "2"}, **needs)
    assert told.headers["location"] == "/add?step=model", "what fits is seen before one goes on"
    assert "Joint venture fits best:" in ines.text("/add?step=model")
    assert ines.get("/add.json").json()["fits"][0]["model"] == "joint_venture"


def test_an_organisation_whose_name_is_in_another_script_is_asked_for_its_key(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    fill(ines, "partnership", "model")
    said = {f"organisations.{n}.{key}": text for n, name, country in ((1, "神戸ポンプ", "JP"), (2, "Sud GmbH", "AT"))
            for key, text in (("name", name), ("country", country))}  # fmt: skip
    assert ines.act("/add", "answer", step="organisations", **said).headers["location"] == "/add?step=organisations"
    page = ines.get("/add?step=organisations").text
    assert 'name="organisations.1.key"' in page and 'name="organisations.2.key"' not in page
    said |= {"organisations.1.region": "28", "organisations.1.key": "Kobe!"}
    assert ines.act("/add", "answer", step="organisations", **said).headers["location"] == "/add?step=organisations"
    assert "is no key" in ines.text("/add?step=organisations")
    ines.act("/add", "answer", step="organisations", **(said | {"organisations.1.key": "kobe-pumps"}))
    assert "kobe-pumps:" in ines.get("/add.json").json()["text"]


def test_the_year_and_its_collisions_are_shown_before_anything_is_written(sign_in: SignIn, pages: Site) -> None:
    browser = whole(sign_in(OPERATOR))
    page = browser.text("/add?step=overview")
    assert "Nord × Süd would have" in page
    assert "Nothing is written yet, and nobody was told" in page
    known = page.count("worth a look") + len(browser.get("/add.json").json()["year"]["notes"])
    assert f"; {known} things are worth knowing before" in page
    assert "no half hour lies within the hours of all sides" in page
    assert browser.get("/add?step=overview").text.count("<svg") >= 1
    facts = browser.get("/add.json").json()
    assert facts["is_whole"]
    assert {each["title"] for each in facts["year"]["series"]}
    assert not (pages.app.settings.definitions / "nord-sud.yaml").exists()


def test_an_operator_has_the_commented_file_written_and_never_over_another(sign_in: SignIn, pages: Site) -> None:
    browser = whole(sign_in(OPERATOR))
    assert "nord-sud.yaml is written" in browser.done("/add", "write")
    file = pages.app.settings.definitions / "nord-sud.yaml"
    assert file.read_text("utf-8").partition("\n")[2].startswith("# A partnership. After an edit: cadence check")
    assert load(file.read_bytes(), str(file), playbooks(shipped("playbooks"))).partnership
    assert not browser.get("/add.json").json()["is_begun"]
    before = file.read_bytes()
    whole(browser)
    assert browser.act("/add", "write").status_code == 422
    assert "is there already" in browser.text("/add?step=partnership")
    assert file.read_bytes() == before


def test_whoever_is_no_operator_fills_in_and_downloads_and_writes_nothing(sign_in: SignIn, pages: Site) -> None:
    browser = whole(sign_in(INES))
    page = browser.text("/add?step=overview")
    assert "Only an operator of this program has it written" in page
    assert "Write nord-sud.yaml" not in page
    refused = browser.act("/add", "write")
    assert refused.status_code == 403
    assert "download it, and send it to an operator" in refused.text
    file = browser.get("/add?file=1")
    assert file.headers["content-disposition"].endswith("nord-sud.yaml")
    assert load(file.content, "nord-sud.yaml", playbooks(shipped("playbooks"))).partnership
    assert not (pages.app.settings.definitions / "nord-sud.yaml").exists()


def test_who_may_not_write_files_is_not_told_which_there_are(sign_in: SignIn) -> None:
    ines, operator = whole(sign_in(INES)), whole(sign_in(OPERATOR))
    fill(ines, "partnership", id="globex-initech")
    fill(operator, "partnership", id="globex-initech")
    assert "is there already" not in ines.text("/add?step=partnership")
    assert "is there already" in operator.text("/add?step=partnership")


def test_each_sees_their_own_draft_alone(sign_in: SignIn) -> None:
    fill(sign_in(INES), "partnership")
    assert not sign_in(OPERATOR).get("/add.json").json()["is_begun"]


def test_where_the_folder_cannot_be_written_the_file_is_offered_for_download(sign_in: SignIn, pages: Site) -> None:
    browser = whole(sign_in(OPERATOR))
    folder = pages.app.settings.definitions
    moved = folder.with_name("elsewhere")
    folder.rename(moved)
    folder.write_text("no folder")
    try:
        page = browser.text("/add?step=overview")
        assert "The program may not write into" in page
        assert "Download nord-sud.yaml" in page
        assert browser.act("/add", "write").status_code == 422
    finally:
        folder.unlink()
        moved.rename(folder)


def test_what_was_begun_can_be_let_go_of(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    fill(ines, "partnership")
    assert "is gone" in ines.done("/add", "let_go")
    assert not ines.get("/add.json").json()["is_begun"]


@pytest.mark.parametrize(
    ("step", "field"), [("nothing", "name"), ("partnership", "name")], ids=["no such step", "a novel for an answer"]
)
def test_what_no_form_of_ours_sends_is_refused(sign_in: SignIn, step: str, field: str) -> None:
    assert sign_in(INES).act("/add", "answer", step=step, **{field: "x" * 3000}).status_code == 422


def test_a_field_of_another_step_is_left_alone(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    ines.act("/add", "answer", step="partnership", name="Nord", **{"people.1.name": "Mallory", "nonsense": "x"})
    assert "Mallory" not in ines.get("/add.json").text


def test_what_somebody_writes_stays_text(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    fill(ines, "partnership", name="<script>alert(1)</script>", goal="</textarea><img src=x>")
    page = ines.get("/add?step=partnership").text
    assert "<script>" not in page
    assert "<img" not in page


def test_a_collision_with_a_partnership_that_the_reader_has_nothing_to_do_with_is_told_to_operators_alone(
    sign_in: SignIn,
) -> None:
    ines, operator = whole(sign_in(INES)), whole(sign_in(OPERATOR))
    for browser in (ines, operator):  # at the hours at which Globex and Initech meet
        fill(browser, "organisations", organisations__1__country="JP", organisations__1__region="")
        fill(browser, "people", people__3__email=DEV)
    assert "overlaps with globex-initech/" in operator.text("/add?step=overview")
    assert "globex-initech" not in ines.text("/add?step=overview")
