"""Agendas as people edit them: figures are one line, and of two edits at once no word is lost."""

import pytest

from scheduler.render.agenda.editing import folded, merged, unfolded, without
from scheduler.render.agenda.markdown import BrokenMarks

FRESH = """# Operating review

<!-- figures: kpis -->
| KPI | 0.27 |
<!-- end figures: kpis -->

## Topics

- What blocks us?

<!-- figures: risks -->
- Nothing warns.
<!-- end figures: risks -->
"""
FOLDED = """# Operating review

<!-- figures: kpis -->

## Topics

- What blocks us?

<!-- figures: risks -->
"""


def test_figures_are_one_line_for_whoever_edits_and_come_back_whole() -> None:
    assert folded(FRESH) == FOLDED
    assert unfolded(FOLDED, FRESH) == FRESH


def test_a_block_comes_from_the_first_agenda_that_has_it_and_one_that_none_has_is_empty() -> None:
    other = "<!-- figures: kpis -->\nother\n<!-- end figures: kpis -->"
    assert "other" in unfolded("<!-- figures: kpis -->", other, FRESH)
    assert unfolded("<!-- figures: ours -->", FRESH) == "<!-- figures: ours -->\n<!-- end figures: ours -->"


def test_a_block_that_was_taken_out_stays_out() -> None:
    assert "0.27" not in unfolded(FOLDED.replace("<!-- figures: kpis -->\n", ""), FRESH)


def test_a_whole_text_is_taken_as_it_is() -> None:
    assert unfolded(FRESH, "") == FRESH


@pytest.mark.parametrize(
    "text", [FOLDED + "<!-- figures: kpis -->\n", FRESH.replace("<!-- end figures: kpis -->\n", "")]
)
def test_marks_that_stand_twice_or_do_not_pair_up_are_refused(text: str) -> None:
    with pytest.raises(BrokenMarks):
        unfolded(text, FRESH)


def test_a_text_whose_marks_are_broken_is_edited_as_it_is() -> None:
    broken = FRESH.replace("<!-- end figures: kpis -->\n", "")
    assert folded(broken) == broken


def test_one_edit_alone_stays_byte_for_byte_with_its_line_ends() -> None:
    edited = FRESH.replace("blocks us?\n", "blocks us?\r\n- The press\r\n")
    assert merged(FRESH, FRESH, edited) == edited
    assert merged(FRESH, edited, FRESH) == edited
    assert merged(FRESH, edited, edited) == edited


def test_two_edits_of_other_lines_are_both_there_with_the_figures() -> None:
    mine = FRESH.replace("# Operating review", "# Our operating review")
    theirs = FRESH.replace("- What blocks us?", "- What blocks us?\n- The press").replace("0.27", "0.31")
    joined = merged(FRESH, mine, theirs)
    assert "# Our operating review" in joined and "- The press" in joined
    assert folded(joined) == FOLDED.replace("# Op", "# Our op").replace("us?", "us?\n- The press")
    assert "| KPI | 0.27 |" in joined


def test_of_two_edits_of_one_line_both_stay_and_what_both_wrote_stands_once() -> None:
    mine = FRESH.replace("- What blocks us?", "- What blocks Globex?\n- Safety")
    theirs = FRESH.replace("- What blocks us?", "- What blocks Acme?\n- Safety")
    joined = merged(FRESH, mine, theirs)
    assert joined.count("- Safety") == 1
    assert "- What blocks Globex?\n- Safety\n- What blocks Acme?" in joined and "blocks us" not in joined


def test_what_one_took_out_and_the_other_left_alone_is_out() -> None:
    mine = FRESH.replace("- What blocks us?\n", "")
    theirs = FRESH + "\nBring the drawings.\n"
    joined = merged(FRESH, mine, theirs)
    assert "blocks us" not in joined and joined.endswith("Bring the drawings.\n")


def test_what_one_took_out_is_out_where_the_other_wrote_beside_it_too() -> None:
    fewer = FRESH.replace("- What blocks us?\n", "")
    more = FRESH.replace("- What blocks us?\n", "- Safety\n- What blocks us?\n- The press\n")
    wanted = FOLDED.replace("- What blocks us?\n", "- Safety\n- The press\n")
    assert folded(merged(FRESH, more, fewer)) == folded(merged(FRESH, fewer, more)) == wanted


def test_a_line_that_one_moved_where_the_other_wrote_beside_it_stays() -> None:
    base = "- First\n- Second\n"
    joined = merged(base, "- First\n- Second\n- Third\n", "- Second\n- First\n")
    assert sorted(joined.splitlines()) == ["- First", "- Second", "- Third"]


def test_a_block_that_both_moved_stands_once() -> None:
    kpis = "<!-- figures: kpis -->\n| KPI | 0.27 |\n<!-- end figures: kpis -->\n\n"
    without = FRESH.replace(kpis, "")
    mine, theirs = without.replace("## Topics", f"Ours\n\n{kpis}## Topics\n\nMine"), without + "\n" + kpis
    assert merged(FRESH, mine, theirs).count("<!-- figures: kpis -->") == 1


def test_blocks_that_are_shown_elsewhere_are_left_out_but_where_marks_are_broken() -> None:
    assert "0.27" not in without(FRESH, "kpis") and "Nothing warns." in without(FRESH, "kpis")
    broken = FRESH.replace("<!-- end figures: kpis -->\n", "")
    assert without(broken, "kpis") == broken
