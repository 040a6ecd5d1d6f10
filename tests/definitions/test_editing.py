"""A definition's text is changed at a few values and nowhere else: comments, order and layout stay."""

from datetime import date
from difflib import ndiff
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduler.definitions.authoring.writer import replace
from scheduler.definitions.problems import Trail
from scheduler.definitions.yaml_text.editing import edited
from scheduler.definitions.yaml_text.reading import read
from scheduler.domain.definition.succession import changed
from scheduler.domain.errors import UserError

EXAMPLES = Path(__file__).parent.parent / "examples"
SHIPPED = Path(__file__).parents[2] / "config" / "partnerships"
FILES = sorted([*(EXAMPLES / "good").glob("*.yaml"), *SHIPPED.glob("*.yaml")])
TEXTS = {file.stem: file.read_text(encoding="utf-8") for file in FILES}


def values(tree: Any, path: Trail = ()) -> list[Trail]:
    """Where a text stands that is neither a mapping nor a list."""
    if isinstance(tree, dict):
        return [each for key, value in tree.items() for each in values(value, (*path, key))]
    if isinstance(tree, list):
        return [each for index, value in enumerate(tree) for each in values(value, (*path, index))]
    return [path] if isinstance(tree, str) else []


PLACES = [(name, path) for name, text in TEXTS.items() for path in values(read(text, name).tree)]


def lines_changed(before: str, after: str) -> tuple[list[str], list[str]]:
    """The lines that went and those that came."""
    difference = list(ndiff(before.splitlines(), after.splitlines()))
    return [x[2:] for x in difference if x[:2] == "- "], [x[2:] for x in difference if x[:2] == "+ "]


def edit(text: str, *changes: tuple[Trail, str | date | None]) -> str:
    return edited(text, "acme.yaml", changes)


# Any value of any example ------------------------------------------------------------------------------------------

NAMES = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,12}[a-z0-9])?", fullmatch=True)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLACES), NAMES)
def test_a_value_that_is_changed_changes_nothing_else_or_nothing_at_all(place: tuple[str, Trail], new: str) -> None:
    name, path = place
    before = read(TEXTS[name], name).tree
    after = edited(TEXTS[name], name, [(path, new)])
    assert read(after, name).tree == changed(before, [(path, new)])
    assert read(after, name).problems == ()
    comments = [line.partition("#")[2] for line in TEXTS[name].splitlines() if line.lstrip().startswith("#")]
    assert [line.partition("#")[2] for line in after.splitlines() if line.lstrip().startswith("#")] == comments


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([place for place in PLACES if len(TEXTS[place[0]].splitlines()) > 20]), NAMES)
def test_no_line_is_touched_but_those_of_the_value(place: tuple[str, Trail], new: str) -> None:
    name, path = place
    before = read(TEXTS[name], name)
    went, came = lines_changed(TEXTS[name], edited(TEXTS[name], name, [(path, new)]))
    assert len(came) <= 1
    assert len(went) <= 3, f"a value stands on one line, a folded text on a few: {before.position(path)}"


# The layouts -------------------------------------------------------------------------------------------------------

BLOCK = """\
# Acme
kpis:
  cells:          # the one that counts
    owner: tom    # one named person
    deputy: dev   # asked where the owner is away
  scrap: {owner: "tom", deputy: 'dev',   target: "<= 2"}   # internal
reviews:
  audit:
    chair:
      - marta     # in odd years
      - june
    attendees: [ines, dev,
                tom]  # all of them
people:
  tom: {name: Tom Reyes}
  dev:
    name: Dev Patel
"""


def test_a_value_is_replaced_in_its_place_and_in_its_quotes() -> None:
    changes = ((("kpis", "cells", "owner"), "ines"), (("kpis", "scrap", "owner"), "ines"))
    assert edit(BLOCK, *changes) == BLOCK.replace("owner: tom ", "owner: ines ").replace('"tom"', '"ines"')


def test_a_name_that_reads_as_something_else_goes_into_quotes() -> None:
    assert 'owner: "2026"    # one named person' in edit(BLOCK, (("kpis", "cells", "owner"), "2026"))


def test_an_entry_is_added_behind_the_last_one() -> None:
    leaves = (("people", "tom", "leaves"), date(2026, 11, 30))
    assert "  tom: {name: Tom Reyes, leaves: 2026-11-30}\n" in edit(BLOCK, leaves)
    leaves = (("people", "dev", "leaves"), date(2026, 11, 30))
    assert edit(BLOCK, leaves) == BLOCK + "    leaves: 2026-11-30\n"
    assert edit(BLOCK.rstrip("\n"), leaves) == BLOCK + "    leaves: 2026-11-30"


def test_an_entry_is_taken_out_with_its_comma_or_its_line_and_the_lines_comment_stays() -> None:
    deputy = (("kpis", "scrap", "deputy"), None)
    assert '  scrap: {owner: "tom", target: "<= 2"}   # internal' in edit(BLOCK, deputy)
    went, came = lines_changed(BLOCK, edit(BLOCK, (("kpis", "cells", "deputy"), None)))
    assert went == ["    deputy: dev   # asked where the owner is away"]
    assert came == ["    # asked where the owner is away"]


def test_an_item_is_taken_out_of_its_list() -> None:
    assert "chair:\n      # in odd years\n      - june\n" in edit(BLOCK, (("reviews", "audit", "chair", 0), None))
    attendees = ("reviews", "audit", "attendees")
    assert "attendees: [dev,\n                tom]  # all" in edit(BLOCK, ((*attendees, 0), None))
    assert "attendees: [ines, dev]  # all" in edit(BLOCK, ((*attendees, 2), None))
    assert "attendees: [dev]  # all" in edit(BLOCK, ((*attendees, 0), None), ((*attendees, 2), None))


def test_one_person_may_stand_in_the_place_of_a_list() -> None:
    text = "reviews:\n  audit: {chair: marta}\n"
    assert edit(text, (("reviews", "audit", "chair", 0), "june")) == text.replace("marta", "june")


@pytest.mark.parametrize("break_", ["\r\n", "\r", "\n"])
def test_line_breaks_stay_as_they_are(break_: str) -> None:
    text = BLOCK.replace("\n", break_)
    changes = ((("people", "dev", "leaves"), date(2026, 11, 30)), (("kpis", "cells", "deputy"), None))
    assert edit(text, *changes) == edit(BLOCK, *changes).replace("\n", break_)


def test_letters_beyond_ascii_before_a_value_do_not_shift_it() -> None:
    text = "people:\n  tom: {name: Inès 漢字 🚢 Ångström, role: sponsor}\n"
    assert edit(text, (("people", "tom", "role"), "member")) == text.replace("sponsor", "member")


# What is not safe is not done --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "kpis:\n  cells: {owner: &who tom, deputy: *who}\n",
        "who: &who {owner: tom}\nkpis:\n  cells: *who\n  scrap: *who\n",
        "kpis:\n  cells:\n    owner: [tom, dev]\n",
        "kpis:\n  cells:\n    ? owner\n    : tom\n  cells: {owner: dev}\n",
    ],
)
def test_what_would_change_more_than_is_meant_is_refused(text: str) -> None:
    with pytest.raises(UserError, match=r"cannot be changed at kpis\.cells\.owner"):
        edit(text, (("kpis", "cells", "owner"), "ines"))


def test_a_mapping_that_would_be_left_empty_is_refused() -> None:
    with pytest.raises(UserError, match="without changing more than that"):
        edit("reviews:\n  audit:\n    deputy: dev\n", (("reviews", "audit", "deputy"), None))


# Onto the disk -----------------------------------------------------------------------------------------------------


def test_a_file_keeps_its_mark_its_permissions_and_its_link(tmp_path: Path) -> None:
    file, link = tmp_path / "real.yaml", tmp_path / "acme.yaml"
    before = b"\xef\xbb\xbfname: In\xc3\xa8s\r\n"
    file.write_bytes(before)
    file.chmod(0o640)
    link.symlink_to(file)
    replace(link, before, "name: Uwe\r\n")
    assert (link.is_symlink(), file.read_bytes()) == (True, b"\xef\xbb\xbfname: Uwe\r\n")
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(tmp_path.iterdir()) == [link, file]


def test_a_file_that_somebody_has_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "acme.yaml"
    file.write_bytes(b"name: Dev\n")
    with pytest.raises(UserError, match="has changed meanwhile"):
        replace(file, b"name: Tom\n", "name: Uwe\n")
    assert file.read_bytes() == b"name: Dev\n"
    assert [*tmp_path.iterdir()] == [file]


def test_a_folder_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written"):
        replace(tmp_path / "gone" / "acme.yaml", b"", "name: Uwe\n")
