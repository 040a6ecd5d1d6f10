"""Agendas as text: golden files, templates of an operator's own, names that stay text, edits that are never lost."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from scheduler.domain.definition.vocabulary import Model
from scheduler.render.agenda.markdown import GIST_LENGTH, MOST_OF_A_LOGO, agenda, apart, as_html, gist, refreshed
from scheduler.render.templating import escaped, rendered
from scheduler.render.wording import one_line
from tests.builders import at
from tests.golden import Golden
from tests.render.agendas import FOLDERS, REVIEWS, SHIPPED, VALUES, a_briefing, a_case
from tests.render.golden_agendas import CASES, FOLDER, MINUTES, files

HOSTILE = (
    "# x | <script>alert(1)</script> [a](javascript:alert(1)) {{ 7*7 }} ![p](http://x.example/p)\n"
    "\n<!-- figures: kpis -->"
)


@pytest.mark.parametrize("name", CASES)
def test_agendas_are_the_golden_ones(name: str, golden: Golden) -> None:
    for file, text in files(name).items():
        golden(FOLDER / file, text)


def test_every_golden_file_belongs_to_a_case(golden_folder: Callable[[Path, set[str]], None]) -> None:
    golden_folder(FOLDER, {file for name in CASES for file in files(name)})


@pytest.mark.parametrize(("model", "key"), REVIEWS)
def test_every_review_of_every_model_has_an_agenda_with_an_owner_and_its_own_questions(model: Model, key: str) -> None:
    drafted = agenda(a_briefing(a_case(model), key), FOLDERS)
    assert drafted.fault is None
    assert "- Agenda owner: **Inès Falk**" in drafted.text
    assert drafted.text.count("?") >= 3
    assert "None" not in re.sub("None carried over", "", drafted.text)


@pytest.mark.parametrize("model", [model for model in Model if model is not Model.CONSORTIUM])
def test_a_weekly_pipeline_review_fits_on_one_page(model: Model) -> None:
    assert len(agenda(a_briefing(a_case(model), "pipeline", minutes=MINUTES), FOLDERS).text.splitlines()) <= 60


def test_what_was_never_measured_is_not_said_to_need_no_discussion() -> None:
    """It is 20 October 2026: no period has ended, and nobody has reported anything."""
    early = a_briefing(a_case(), "pipeline", day=date(2026, 10, 20), values={}, now=at("2026-10-19 09:00"))
    told = agenda(early, FOLDERS).text
    assert "no discussion" not in told and "- Not measured yet: Cells delivered" in told


@pytest.mark.parametrize(
    ("form", "asks"),
    [
        ("licensing", "Royalties"),
        ("franchising", "Standards"),
        ("co_marketing", "Campaigns"),
        ("distribution", "Channel"),
        ("supply", "Supply:"),
        (None, "does not name"),
    ],
)
def test_a_contractual_alliance_is_asked_what_its_form_calls_for(form: str | None, asks: str) -> None:
    assert asks in agenda(a_briefing(a_case(form=form)), FOLDERS).text


# Untrusted text


@pytest.mark.parametrize("place", ["{}", "- {}", "1. {}", "# {}", "| a |\n|---|\n| {} |"])
@given(value=st.text(max_size=80) | st.text(alphabet="#-+*_=>|`~[]()<>!&;.0123 \\\n\tab", max_size=40))
@settings(max_examples=60)
def test_an_escaped_value_shows_as_itself_wherever_it_stands(place: str, value: str) -> None:
    """Even a reader of Markdown that takes raw HTML and strikes text through makes nothing of it but its words."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    spans = [token for token in reader.parse(place.format(escaped(value))) if token.type == "inline"]
    shown = spans[-1].children or [] if spans else []
    assert {token.type for token in shown} <= {"text", "text_special"}
    assert "".join(token.content for token in shown) == one_line(value)


def test_a_hostile_name_brings_no_markup_into_the_page() -> None:
    told = a_briefing(a_case(name=HOSTILE, goal=HOSTILE), minutes=f"- [ ] {HOSTILE.splitlines()[0]}")
    text = agenda(told, FOLDERS).text
    page = as_html(text, HOSTILE, FOLDERS).text
    assert not re.search(r"<(script|img|a|iframe)\b", page)
    assert page.count("{{ 7*7 }}") == 5  # the title, the name, the goal, the action, its risk
    assert text.splitlines().count("<!-- figures: kpis -->") == 1


def test_raw_html_and_pictures_that_a_person_writes_stay_text_and_links_to_scripts_do_too() -> None:
    page = as_html("<b onclick=x>hi</b> ![p](http://x.example/p) [a](javascript:b)", "t", FOLDERS).text
    assert "&lt;b onclick=x&gt;hi&lt;/b&gt;" in page
    assert "<img" not in page
    assert 'href="javascript' not in page


BLOCKS = ["# H", "Text *a*", "**bold", "**", "- a", "* b", "1. c", "2) c", "  - deep", "    code", "\tcode", "> q"]
BLOCKS += ["-", "|", "> - q", "| a | b |", "|---|---|", "a|b", "===", "---", "* * *", "[a](b)", "[a]", "[a]: b", "```"]
BLOCKS += ["~~~", "`x", "- [ ]", "x`", "<b>", "\\", "a  ", "\r", "\x0b", "\u2028x", "&amp;", "<!-- x", *[""] * 20]


@settings(max_examples=500)
@given(st.lists(st.sampled_from(BLOCKS), max_size=20).map("\n".join))
def test_the_pieces_of_an_agenda_are_the_same_page_as_the_whole(text: str) -> None:
    plain = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    assert "".join(plain.render(piece) for piece in apart(text)) == plain.render(text)


@pytest.mark.parametrize(("model", "key"), REVIEWS)
def test_an_agenda_as_it_is_shipped_comes_in_pieces(model: Model, key: str) -> None:
    assert len(apart(agenda(a_briefing(a_case(model), key), FOLDERS).text)) > 5


def test_the_page_loads_nothing_and_shows_tasks_as_boxes_and_no_marks() -> None:
    page = as_html("<!-- figures: kpis -->\n- [ ] one\n- [x] two\n<!-- end figures: kpis -->\n", "t", FOLDERS).text
    assert "<li>☐ one</li>\n<li>☑ two</li>" in page
    assert "figures" not in page
    assert "default-src 'none'" in page
    assert not re.search(r"src=|@import|url\(|<script|<link", page)


# Templates of an operator's own


def own(folder: Path, name: str, text: str) -> tuple[Path, Path]:
    (folder / "agenda").mkdir(exist_ok=True)
    (folder / "agenda" / name).write_text(text, encoding="utf-8")
    return folder, SHIPPED


def test_an_operators_template_is_used_before_the_shipped_one(tmp_path: Path) -> None:
    folders = own(tmp_path, "operating.md.j2", "# Ours: {{ b.title }}\n")
    assert agenda(a_briefing(), folders).text == "# Ours: Operating review\n"
    assert "# Pipeline review" in agenda(a_briefing(key="pipeline"), folders).text


def test_an_operator_may_replace_a_single_part(tmp_path: Path) -> None:
    folders = own(tmp_path, "_outcome.md.j2", "## What we agreed\n")
    text = agenda(a_briefing(), folders).text
    assert "## What we agreed" in text and "# Operating review" in text


def test_an_edited_template_is_used_without_a_restart(tmp_path: Path) -> None:
    agenda(a_briefing(), own(tmp_path, "operating.md.j2", "first"))
    assert agenda(a_briefing(), own(tmp_path, "operating.md.j2", "the second one")).text == "the second one\n"


@pytest.mark.parametrize(
    ("template", "where"),
    [
        ("# ok\n{% if %}", "operating.md.j2, line 2: "),
        ("# ok\n\n{{ b.nonsense }}", "operating.md.j2, line 3: "),
        ("{{ nonsense }}", "operating.md.j2, line 1: 'nonsense' is undefined"),
        ('{% include "agenda/_lost.md.j2" %}', "the template agenda/_lost.md.j2 is missing"),
        ("{{ 1 // 0 }}", "operating.md.j2, line 1: "),
    ],
)
def test_a_template_that_fails_gives_way_to_the_shipped_one_and_says_where(
    template: str, where: str, tmp_path: Path
) -> None:
    drafted = agenda(a_briefing(), own(tmp_path, "operating.md.j2", template))
    assert drafted.text == agenda(a_briefing(), FOLDERS).text
    assert drafted.fault and where in drafted.fault
    assert drafted.fault.endswith("; the shipped template was used instead")


def test_a_template_that_is_not_utf_8_is_a_fault_like_any_other(tmp_path: Path) -> None:
    folders = own(tmp_path, "operating.md.j2", "")
    (tmp_path / "agenda" / "operating.md.j2").write_bytes(b"\xff\xfe#")
    drafted = agenda(a_briefing(), folders)
    assert drafted.fault and "# Operating review" in drafted.text


def test_a_failing_page_template_gives_way_too(tmp_path: Path) -> None:
    page = as_html("# hi", "t", own(tmp_path, "page.html.j2", "{{ nothing }}"))
    assert page.fault and "<h1>hi</h1>" in page.text


def test_an_operators_template_cannot_forget_to_escape(tmp_path: Path) -> None:
    folders = own(
        tmp_path, "mine.md.j2", "{% macro m(x) %}*{{ x }}*{% endmacro %}{{ x }} {{ m(x) }} {{ [x, x]|join(', ') }}"
    )
    assert rendered("agenda/mine.md.j2", folders, x="a*b").text == r"a\*b *a\*b* a\*b, a\*b"


# A person's edits


def block(name: str, inside: str) -> str:
    return f"<!-- figures: {name} -->\n{inside}\n<!-- end figures: {name} -->\n"


FRESH = f"# T\n{block('kpis', 'new')}between\n{block('risks', 'newer')}end\n"


def test_fresh_figures_reach_an_edited_agenda_and_all_else_stays() -> None:
    edited = f"# Ours\n\nnote  \n{block('kpis', 'old')}my words\n{block('risks', 'older')}- [x] done"
    assert refreshed(edited, FRESH).text == edited.replace("older", "newer").replace("old", "new")


def test_a_block_that_a_person_deleted_stays_deleted() -> None:
    edited = f"# Ours\n{block('risks', 'old')}"
    assert refreshed(edited, FRESH).text == f"# Ours\n{block('risks', 'newer')}"


def test_a_block_that_the_fresh_agenda_lacks_stays_as_it_is() -> None:
    edited = block("own", "mine")
    assert refreshed(edited, FRESH).text == edited


def test_items_that_people_added_reach_an_edited_agenda_that_has_no_place_for_them_and_go_again() -> None:
    fresh, edited = f"{FRESH}{block('added', '- a press')}", f"# Ours\n{block('kpis', 'old')}"
    with_item = refreshed(edited, fresh).text
    assert with_item == f"# Ours\n{block('kpis', 'new')}\n{block('added', '- a press')}"
    assert refreshed(with_item, fresh).text == with_item
    assert refreshed(with_item, FRESH).text == with_item.replace("- a press\n", "")
    dos = refreshed(edited.replace("\n", "\r\n"), fresh).text
    assert dos == with_item.replace("\n", "\r\n")


def test_blocks_may_be_moved_about() -> None:
    edited = block("risks", "old") + block("kpis", "old")
    assert refreshed(edited, FRESH).text == block("risks", "newer") + block("kpis", "new")


def test_windows_line_ends_stay() -> None:
    edited = f"# Ours\n{block('kpis', 'old')}".replace("\n", "\r\n")
    assert refreshed(edited, FRESH).text == f"# Ours\n{block('kpis', 'new')}".replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("edited", "why"),
    [
        ("<!-- figures: kpis -->\nno end", '"figures: kpis" has no end mark'),
        ("text\n<!-- end figures: kpis -->", 'line 2: "end figures: kpis" ends no block'),
        ("<!-- figures: kpis -->\n<!-- end figures: risks -->", 'line 2: "end figures: risks" ends no block'),
        ("<!-- figures: kpis -->\n<!-- figures: risks -->", "line 2"),
        (block("kpis", "a") * 2, "line 4"),
    ],
)
def test_where_a_mark_is_broken_nothing_is_touched_and_the_fault_says_where(edited: str, why: str) -> None:
    result = refreshed(edited, FRESH)
    assert result.text == edited
    assert result.fault and why in result.fault


LINES = st.lists(
    st.sampled_from(
        [
            "<!-- figures: kpis -->",
            "<!-- end figures: kpis -->",
            "<!-- figures: risks -->",
            "<!-- end figures: risks -->",
        ]
    )
    | st.text(max_size=8)
    | st.sampled_from(["\r", "- [ ] x", ""]),
    max_size=12,
).map("\n".join)


@given(LINES)
def test_refreshing_twice_is_refreshing_once(edited: str) -> None:
    once = refreshed(edited, FRESH)
    assert refreshed(once.text, FRESH) == once


@given(st.text(), st.text(), st.text())
def test_every_byte_outside_the_marks_survives(before: str, between: str, after: str) -> None:
    edited = f"{before}\n{block('kpis', 'old')}{between}\n{block('risks', 'old')}{after}"
    assert refreshed(edited, FRESH).text == (
        f"{before}\n{block('kpis', 'new')}{between}\n{block('risks', 'newer')}{after}"
    )


def test_an_agenda_nobody_edited_becomes_the_fresh_one_where_only_figures_changed() -> None:
    before, after = (agenda(a_briefing(values={"cells-delivered": v}), FOLDERS).text for v in (("0.2",), ("0.4",)))
    assert before != after
    assert refreshed(before, after).text == after


# The gist


def test_the_gist_says_purpose_owner_chair_items_and_clocks_in_plain_lines() -> None:
    assert gist(a_briefing(key="pipeline")).splitlines() == [
        "Pipeline review, 2027-W03: Acme × Globex battery cells",
        "Goal: 4 GWh of cells a year for the Halden line from 2027.",
        "Agenda owner: Inès Falk",
        "Chair: Inès Falk",
        "5 min Actions from last time",
        "10 min Pipeline: what moved, what stalled",
        "10 min Blockers: what each side needs of the other",
        "5 min Next actions",
        "Agenda out by: Wed 20 Jan 2027",
        "Items until: Thu 21 Jan 2027",
        "Draft minutes by: Fri 22 Jan 2027",
    ]


def test_a_gist_stays_short_and_on_its_lines_whatever_the_names() -> None:
    told = a_briefing(a_case(name="n\r\n" * 500 + "x", goal="g" * 2000), agenda_owner="gone\nBEGIN:VALARM" * 100)
    text = gist(told)
    assert len(text) <= GIST_LENGTH
    assert "Objections until:" in text
    assert not any(line.startswith("BEGIN") for line in text.splitlines())


def test_that_nobody_is_overdue_is_said_without_a_backslash() -> None:
    """Dev has reported December too; the line is our own, and no text that somebody wrote."""
    text = agenda(a_briefing(values={**VALUES, "formats-qualified": ("1", "1", "1")}), FOLDERS).text
    assert "\n- Nobody is overdue.\n" in text and "\\-" not in text


def test_an_agenda_says_of_whom_no_letter_was_accepted() -> None:
    late = "overdue since Thu 14 Jan 2027 (3 working days, rung T+3)"
    text = agenda(a_briefing(became={"dev": "dead"}), FOLDERS).text
    assert f"{late}; nobody told yet; the letter to Dev Patel could not be delivered; next:" in text


def test_an_operators_logo_stands_on_the_page_and_one_that_is_too_large_does_not(tmp_path: Path) -> None:
    (tmp_path / "agenda").mkdir()
    logo = tmp_path / "agenda" / "logo.svg"
    logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    shown = as_html("# X\n", "X", [tmp_path, *FOLDERS]).text
    assert '<img class="logo" src="data:image/svg+xml;base64,' in shown and 'alt=""' in shown
    logo.write_bytes(b" " * (MOST_OF_A_LOGO + 1))
    assert "<img" not in as_html("# X\n", "X", [tmp_path, *FOLDERS]).text


def test_pages_are_numbered_in_print() -> None:
    assert 'counter(page) " / " counter(pages)' in as_html("# X\n", "X", FOLDERS).text
