"""An agenda inside a page: no title of its own, tables in regions with a name, nothing that a strict policy blocks."""

from scheduler.render.agenda.markdown import section_of


def test_its_title_is_the_pages_and_its_headings_begin_at_the_third_level() -> None:
    made = section_of("# Operating review\n\n## KPIs\n\n### Cells\n\n# By somebody\n")
    assert "Operating review" not in made
    assert made.count("<h3>") == 2 and "<h4>Cells</h4>" in made and "<h3>By somebody</h3>" in made


def test_each_table_scrolls_in_a_region_that_bears_the_name_of_its_heading_once() -> None:
    table = "| KPI | Value |\n|---|---:|\n| Cells | 3 |\n\n"
    made = section_of(f"# X\n\n## KPIs & *more*\n\n{table}text\n\n{table}")
    assert 'aria-label="KPIs &amp; more"' in made and 'aria-label="KPIs &amp; more, 2"' in made
    assert made.count("</table></div>") == 2 and '<th scope="col" class="num">' in made and "style" not in made


def test_what_people_write_stays_text() -> None:
    made = section_of('# X\n\n## a" onclick="x\n\n<table> <h1>no</h1>\n\n| a |\n|---|\n| <th style="x"> |\n')
    assert "<h1>" not in made and "&lt;table&gt;" in made and "&lt;th" in made
    assert 'onclick="x"' not in made


def test_what_the_page_says_above_it_is_not_said_twice_and_a_word_of_peoples_stays() -> None:
    said = ("Acme & Globex", "Acme & Globex: To lead")
    assert "To lead" not in section_of("# X\n\n**Acme & Globex**: To lead\n\nHere.\n", said)
    assert "and more" in section_of("# X\n\n**Acme & Globex**: To lead and more\n\nHere.\n", said)
