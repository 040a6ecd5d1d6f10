"""A bad file stops nothing: the last good definition stays in force, and the fault is told with its place until it is
mended. What vanished cancels nothing."""

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml

from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.errors import UserError
from scheduler.domain.record.renewal import RenewalWord
from scheduler.store import partnerships
from tests.builders import LANDED_COST, written
from tests.services.town import DAY_ONE, Town, under

SOON = DAY_ONE + timedelta(hours=1)
LATER = DAY_ONE + timedelta(hours=2)


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    return build(horizon_days=14)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_a_bad_edit_leaves_the_last_good_definition_in_force_and_is_told_with_its_line(town: Town) -> None:
    path = town.define()
    town.cycle()
    before = town.reviews()
    edit(path, "owner: tom", "owner: tim")
    report = town.cycle(SOON)
    assert report.problems == 1
    assert town.reviews() == before
    (problem,) = town.problems()
    lines = path.read_text().splitlines()
    assert problem["file"] == str(path)
    assert "owner: tim" in lines[problem["line"] - 1]
    assert "tom" in problem["hint"]
    (event,) = town.log.of("definition.refused")
    assert (event["line"], event["what"]) == (problem["line"], problem["what"])


def test_a_standing_fault_is_counted_in_each_cycle_and_logged_once(town: Town) -> None:
    path = town.define()
    edit(path, "owner: tom", "owner: tim")
    assert [town.cycle(DAY_ONE + timedelta(minutes=15 * n)).problems for n in range(3)] == [1, 1, 1]
    assert len(town.log.of("definition.refused")) == 1
    edit(path, "owner: tim", "owner: kim")
    town.cycle(LATER)
    assert len(town.log.of("definition.refused")) == 2


def test_a_mended_file_is_taken_over(town: Town) -> None:
    path = town.define()
    town.cycle()
    path.write_text("partnership: acme-globex\nname: half wri")
    assert town.cycle(SOON).problems > 0
    town.define(name="Acme × Globex, second format")
    assert town.cycle(LATER).problems == 0
    assert town.problems() == []
    (row,) = town.rows("partnership")
    assert row["name"] == "Acme × Globex, second format"


@pytest.mark.parametrize("left", [None, b"", b"\x00\xff\xfe" * 1000, b"a: " * 20_000, b"[" * 50_000, b"\n" * 2_000_000])
def test_a_vanished_emptied_or_ruined_file_cancels_nothing_and_is_told(town: Town, left: bytes | None) -> None:
    path = town.define()
    town.cycle()
    before = town.reviews()
    if left is None:
        path.unlink()
    else:
        path.write_bytes(left)
    assert town.cycle(SOON).problems == 1
    assert town.cycle(LATER).problems == 1
    assert town.reviews() == before
    assert {problem["severity"] for problem in town.problems()} == {"error"}


def test_a_file_that_is_back_is_no_problem_any_more(town: Town) -> None:
    path = town.define()
    town.cycle()
    path.unlink()
    assert town.cycle(SOON).problems == 1
    (vanished,) = town.log.of("definition.vanished")
    assert vanished["partnership"] == "acme-globex"
    town.define()
    assert town.cycle(LATER).problems == 0
    assert town.problems() == []


def test_a_file_that_vanished_before_it_was_ever_good_is_forgotten(town: Town) -> None:
    path = town.definitions / "noise.yaml"
    path.write_text("noise")
    assert town.cycle().problems == 1
    path.unlink()
    assert town.cycle(SOON).problems == 0


def test_an_emptied_folder_cancels_nothing(town: Town) -> None:
    town.define()
    town.define(partnership="halden-line")
    town.cycle()
    before = town.rows("review")
    for path in town.definitions.iterdir():
        path.unlink()
    assert town.cycle(SOON).problems == 2
    assert town.rows("review") == before


def test_a_missing_folder_is_trouble_and_changes_nothing(town: Town) -> None:
    town.define()
    town.cycle()
    before = town.remembered()
    town.definitions.rename(town.folder / "elsewhere")
    with pytest.raises(UserError) as told:
        town.cycle(SOON)
    assert str(town.definitions) in told.value.what
    assert told.value.hint
    assert town.remembered() == before
    (town.folder / "elsewhere").rename(town.definitions)
    assert town.cycle(LATER).problems == 0


def test_of_two_files_that_claim_a_partnership_the_first_governs_and_the_second_is_told(town: Town) -> None:
    first = town.define()
    town.cycle()
    second = town.definitions / "acme-globex.yml"
    shutil.copyfile(first, second)
    edit(second, "Acme × Globex battery cells", "Another partnership")
    assert town.cycle(SOON).problems == 1
    (problem,) = town.problems()
    assert problem["file"].endswith("acme-globex.yml")
    assert str(first) in problem["what"]
    (row,) = town.rows("partnership")
    assert row["name"] == "Acme × Globex battery cells"


def test_once_the_first_of_two_claims_is_removed_the_second_governs(town: Town) -> None:
    """The second has not changed by then, and is looked at all the same."""
    first = town.define()
    second = town.definitions / "acme-globex.yml"
    shutil.copyfile(first, second)
    edit(second, "Acme × Globex battery cells", "Another partnership")
    assert town.cycle().problems == 1
    first.unlink()
    assert town.cycle(SOON, only=[first]).problems == 0
    (row,) = town.rows("partnership")
    assert row["name"] == "Another partnership"


def test_a_partnership_whose_file_was_renamed_goes_on_under_the_new_one(town: Town) -> None:
    first = town.define()
    town.cycle()
    before = town.reviews()
    first.unlink()
    assert town.cycle(SOON).problems == 1
    town.define().rename(town.definitions / "acme-globex.yml")
    assert town.cycle(LATER).problems == 0
    assert town.reviews() == before


def test_a_folder_that_the_settings_name_anew_takes_the_place_of_the_old_one(town: Town) -> None:
    town.define()
    town.cycle()
    shutil.copytree(town.definitions, town.folder / "moved")
    settings = town.app.settings.model_copy(update={"definitions": town.folder / "moved"})
    assert replace(town, app=under(town.app, settings)).cycle(SOON).problems == 0
    (row,) = town.rows("partnership")
    assert row["file"] == "/moved/acme-globex.yaml"


def test_only_the_named_files_are_looked_at_where_the_folder_is_watched(town: Town) -> None:
    town.cycle()
    town.define(partnership="halden-line")
    path = town.define()
    assert town.cycle(SOON, only=[path]).governed == 1
    assert town.reviews("halden-line") == {}
    assert town.cycle(LATER).governed == 1
    assert town.reviews("halden-line") != {}


@pytest.mark.parametrize(
    "name", [".acme-globex.yaml", "~acme-globex.yaml", "#acme-globex.yaml", "acme-globex.yaml.swp"]
)
def test_what_an_editor_leaves_behind_is_no_definition(town: Town, name: str) -> None:
    path = town.define().rename(town.definitions / name)
    assert town.cycle(only=[path]).problems == 0
    assert town.cycle(SOON).problems == 0
    assert town.rows("partnership") == []


def test_a_file_touched_but_not_changed_is_not_planned_anew(town: Town) -> None:
    path = town.define()
    town.cycle()
    os.utime(path, (0, 0))
    assert town.cycle(SOON).governed == 0


def test_a_name_that_is_no_text_is_told_and_stops_nothing(town: Town) -> None:
    town.define()
    Path(os.fsdecode(bytes(town.definitions) + b"/\xff.yaml")).write_text("partnership: x\n")
    assert town.cycle().problems == 1
    assert town.cycle(SOON).problems == 1
    (problem,) = {each["file"]: each for each in town.problems()}
    assert problem.endswith("\\xff.yaml")
    assert town.reviews() != {}


def test_a_link_out_of_the_folder_is_no_definition(town: Town) -> None:
    elsewhere = town.define().rename(town.folder / "acme-globex.yaml")
    (town.definitions / "acme-globex.yaml").symlink_to(elsewhere)
    assert town.cycle().governed == 0


def test_a_link_out_of_the_folder_is_a_problem_until_it_is_gone_and_the_log_says_so_once(town: Town) -> None:
    elsewhere = town.define().rename(town.folder / "acme-globex.yaml")
    link = town.definitions / "acme-globex.yaml"
    link.symlink_to(elsewhere)
    assert town.cycle().problems == 1
    assert town.cycle(SOON, only=[link]).problems == 1
    assert town.cycle(SOON, only=[]).problems == 1
    [said] = town.log.of("definition.overlooked")
    assert "leads out of the definitions folder" in str(said["what"])
    link.unlink()
    assert town.cycle(LATER).problems == 0
    elsewhere.rename(link)
    assert town.cycle(LATER).governed == 1


def test_a_definition_in_force_whose_file_became_a_link_is_named_for_what_it_is(town: Town) -> None:
    file = town.define()
    town.cycle()
    before = town.reviews()
    file.symlink_to(file.rename(town.folder / "acme-globex.yaml"))
    assert town.cycle(SOON).problems == 1
    [problem] = town.problems()
    assert "leads out of the definitions folder" in problem["what"]
    assert town.reviews() == before


def test_the_good_files_of_a_folder_are_planned_whatever_lies_beside_them(town: Town) -> None:
    (town.definitions / "a-bomb.yaml").write_text(
        "a: &a [x, x]\n" + "".join(f"b{n}: &b{n} [*a, *a]\n" for n in range(99))
    )
    (town.definitions / "b-folder.yaml").mkdir()
    (town.definitions / "c-words.yaml").write_text("words")
    (town.definitions / "d-path.yaml").write_text(yaml.safe_dump(written(partnership="../../etc/passwd")))
    town.define()
    report = town.cycle()
    assert report.problems == 3
    assert {record.status for record in town.reviews().values()} == {Status.PLANNED}
    assert not (town.folder.parent / "etc").exists()


def test_a_file_that_the_program_fails_on_is_told_and_keeps_no_other_from_being_taken_over(town: Town) -> None:
    """A day that no calendar knows came onto the record before days were bounded; the confidentiality that an edit adds
    is counted from it."""
    term = {"ends": "2027-09-30"}
    town.define(agreement=term)
    town.define(partnership="acme-initech", name="Acme × Initech")
    town.cycle()
    with town.app.store.write() as db:
        signed = RenewalWord(date(2027, 9, 30), "signed", DAY_ONE.date(), DAY_ONE, until=date(9998, 6, 1))
        partnerships.keep_renewals(db, "acme-globex", [signed])
    bad = town.define(agreement={**term, "confidentiality": {"says": "x", "survives": "5 years"}})
    town.define(partnership="acme-initech", name="Acme × Initech, second format")
    assert [town.cycle(when).problems for when in (SOON, LATER)] == [1, 1]
    [problem] = town.problems()
    assert (problem["file"], "(ValueError); it is not taken up" in problem["what"]) == (str(bad), True)
    assert len(town.log.of("definition.failed")) == 1
    known = {row["id"]: row for row in town.rows("partnership")}
    assert known["acme-initech"]["name"] == "Acme × Initech, second format"
    assert "survives" not in known["acme-globex"]["definition"]
    town.define(agreement=term)
    assert town.cycle(LATER + timedelta(hours=1)).problems == 0


def test_the_file_of_an_ended_partnership_may_go(town: Town) -> None:
    path = town.define()
    town.cycle()
    with town.app.store.write() as db:
        partnerships.end(db, "acme-globex", SOON)
    path.unlink()
    assert town.cycle(LATER).problems == 0


def test_people_who_are_in_no_definition_any_more_keep_no_calendar(town: Town) -> None:
    town.define()
    town.cycle()
    assert "calendars/people/uwe.brandt@acme.example.ics" in town.files()
    said = written()
    people = {key: person for key, person in said["people"].items() if key != "uwe"}
    landed_cost = {**LANDED_COST, "owner": "ines", "deputy": "marta"}
    town.define(people=people, kpis={**said["kpis"], "landed-cost": landed_cost})
    assert town.cycle(SOON).problems == 0
    assert "calendars/people/uwe.brandt@acme.example.ics" not in town.files()
    assert "calendars/people/ines.falk@acme.example.ics" in town.files()
