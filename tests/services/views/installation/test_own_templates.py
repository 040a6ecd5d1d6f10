"""What is wrong with an operator's own templates is said by `cadence check`, with file, line and the near miss."""

import shutil
from pathlib import Path

import pytest

from scheduler.services.views.installation.own_templates import own_templates

SHIPPED = Path(__file__).parents[4] / "templates"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """An operator's folder with a copy of every template."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "templates"))


def said(own: Path) -> list[tuple[str, int | None, str, str]]:
    found = own_templates(own, SHIPPED)
    return [(str(Path(each.file).relative_to(own)), each.line, each.severity, each.what) for each in found]


def written(own: Path, name: str, text: str) -> Path:
    file = own / name
    file.write_text(text, encoding="utf-8")
    return file


def test_copies_of_all_shipped_templates_are_good(own: Path) -> None:
    assert own_templates(own, SHIPPED) == []


def test_without_a_folder_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert own_templates(tmp_path / "none", SHIPPED) == []


def test_a_slip_in_the_language_of_templates_has_its_line(own: Path) -> None:
    written(own, "agenda/operating.md.j2", "# {{ b.title }}\n{% if b.goal %}\n")
    ((file, line, severity, what),) = said(own)
    assert (file, line, severity) == ("agenda/operating.md.j2", 2, "error")
    assert "endif" in what


@pytest.mark.parametrize(
    ("name", "text", "what", "meant"),
    [
        ("agenda/operating.md.j2", "\n{{ b.attendes }}", '"b.attendes" is nothing', "attendees"),
        ("mail/matters.txt.j2", "\n{{ letter.has_link }}", '"letter.has_link" is nothing', "has_links"),
        ("mail/invitation.txt.j2", "\n{{ letter.headlin }}", '"letter.headlin" is nothing', "headline"),
        ("mail/matters.txt.j2", "\n{{ headlne }}", '"headlne" is no name', "headline"),
        ("notifications/review.txt.j2", "\n{{ reviw }}", '"reviw" is no name', "review"),
        ("notifications/review.txt.j2", "\n{{ reader.has_shel }}", '"reader.has_shel" is nothing', "has_shell"),
        ("notifications/kpi.txt.j2", "\n{{ owed.targt }}", '"owed.targt" is nothing', "target"),
        ("notifications/review.txt.j2", "\n{{ on | dya }}", 'there is no filter "dya"', "day"),
        ("agenda/operating.md.j2", "\n{% if b is mapping %}{{ b.title | titel }}{% endif %}", "there is no", "title"),
        ("mail/matters.html.j2", "\n{{ 'x' if letter is strin }}", 'there is no test "strin"', "string"),
    ],
)
def test_a_name_that_a_template_is_not_given_is_told_with_the_one_that_was_meant(
    own: Path, name: str, text: str, what: str, meant: str
) -> None:
    file = written(own, name, text)
    (found,) = own_templates(own, SHIPPED)
    assert (found.file, found.line, found.severity) == (str(file), 2, "error")
    assert found.what.startswith(what)
    assert f"did you mean {meant}?" in found.hint


def test_each_kind_of_what_is_told_has_facts_of_its_own(own: Path) -> None:
    """A verdict is no fact of a review, though it is one of how a matter ended."""
    written(own, "notifications/review.txt.j2", "{{ review }} of {{ scope }} ({{ subject }})\n{{ verdict }}\n")
    ((file, line, severity, what),) = said(own)
    assert (file, line, severity) == ("notifications/review.txt.j2", 2, "error")
    assert what == '"verdict" is no name that this template is given'


def test_what_only_shows_when_a_template_is_compiled_has_its_line(own: Path) -> None:
    written(own, "mail/matters.txt.j2", "{% block a %}{% endblock %}\n{% block a %}{% endblock %}\n")
    ((file, line, severity, what),) = said(own)
    assert (file, line, severity) == ("mail/matters.txt.j2", 2, "error")
    assert "block 'a' defined twice" in what


def test_a_template_that_nothing_reads_is_a_warning_with_the_name_that_was_meant(own: Path) -> None:
    written(own, "agenda/operatng.md.j2", "# {{ b.title }}\n")
    (found,) = own_templates(own, SHIPPED)
    assert (found.severity, found.hint) == ("warning", "did you mean agenda/operating.md.j2?")


def test_of_what_is_never_read_nothing_else_is_said(own: Path) -> None:
    written(own, "notifications/kpj.txt.j2", "{{ owed.title }} {{ nonsense }} {{ x | dya }}")
    assert [each.severity for each in own_templates(own, SHIPPED)] == ["warning"]


@pytest.mark.parametrize("text", ["", " \n", "{# nothing yet #}\n"])
def test_an_empty_copy_would_leave_the_letter_empty(own: Path, text: str) -> None:
    written(own, "notifications/kpi.txt.j2", text)
    (found,) = own_templates(own, SHIPPED)
    assert (found.severity, found.what) == ("error", "it is empty, and so is what it is to say")


def test_a_part_of_ones_own_is_read_where_a_template_names_it_with_what_that_one_sets(own: Path) -> None:
    written(own, "agenda/operating.md.j2", '{% set motto = "x" %}{% include "agenda/_motto.md.j2" %}')
    written(own, "agenda/_motto.md.j2", "{{ motto }} {{ b.title }}")
    assert own_templates(own, SHIPPED) == []


def test_a_part_that_is_not_there_is_named(own: Path) -> None:
    written(own, "agenda/operating.md.j2", '{% include "agenda/_gone.md.j2" %}')
    ((_, _, severity, what),) = said(own)
    assert (severity, what) == ("error", 'there is no template "agenda/_gone.md.j2"')
