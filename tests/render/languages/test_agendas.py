"""An agenda is in the language of those whom it is written for; minutes that are written into it are read as ever."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from release.catalogues import TRANSLATED
from scheduler.domain.manner import Manner
from scheduler.domain.record.minutes import LineNotRead, Minutes
from scheduler.render.agenda.action_items import day_to_read_back
from scheduler.render.agenda.markdown import agenda
from scheduler.render.languages import say, speaking
from scheduler.rules.minutes.action_lines import assigned
from scheduler.rules.minutes.audience import readable_by
from scheduler.rules.minutes.lines import mended
from scheduler.rules.minutes.parser import read
from tests.render.agendas import FOLDERS, a_case
from tests.render.golden_agendas import CASES, files
from tests.render.languages.brackets import in_brackets, outside

DATA = (
    r"<!-- (?:end )?figures: [a-z-]+ -->", r"UTC[+-]\d+", r"CES?T\b", r"T\+\d+", r"G?[kM]?Wh", r"M?EUR|MUSD",
    r"Acme × Globex battery cells", r"Acme Motors SE", r"Globex Cells Inc", r"Initech KK", r"Halden Cells GmbH",
    r"\bDE\b|\bUS\b",
    r"Inès Falk|Dev Patel|June Okafor|Marta Bauer|Uwe Brandt|Tom Reyes|Nora Kimura", r"Berlin|Detroit|Tokyo",
    r"Cells delivered|Formats qualified|SECRET-COST( per)?|Royalties reported|NDA",
    r"4\s+of cells a year for the Halden line from 2027", r"joint steering committee", r"top line revenue",
    r"the Halden line and two process engineers", r"cell chemistry, 40\s+of tooling",
    r"Prismatic cells for passenger cars", r"European Union, Norway",
    r"Globex sells to no other car maker there until 2028",
    r"Cell chemistry licence, Asia-Pacific", r"budget above", r"new shareholders",
    r"Either side on 180 days' notice; tooling returns to its owner",
    r"drawings of the 4680 format", r"name a deputy for", r"Joint forecast for 2028",
    r"Cells arrive at the rate agreed", r"A first format is qualified", r"Acme's cost falls as planned",
    r"Both sides report from one dashboard", r"the line started two months late", r"One board since 1 February",
    r"the rate is right, the format comes later", r"Annual strategy review|Audit window, 2027-06",
)  # fmt: skip
"""What the builders' partnership says of itself, and what stands in every language."""
HOSTILE = "formal-review-contractual-hostile-names"


@pytest.mark.parametrize("name", [each for each in CASES if each != HOSTILE])
def test_no_word_of_an_agenda_stands_outside_of_the_catalogues(
    name: str, monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]
) -> None:
    with in_brackets(monkeypatch, sentences):
        texts = {file: text for file, text in files(name).items() if file.endswith(".md")}
    assert [(file, word) for file, text in texts.items() for word in outside(text, *DATA)] == []


def written_into(text: str) -> str:
    """An agenda as somebody filled it in: beside its own labels, and with the first of its actions ticked."""
    lines = text.replace("- [ ] ", "- [x] ", 1).split("\n")
    at = lines.index("- [ ]")
    lines[at - 1] += " the second line is bought"
    lines[at] += " Dev: order the tooling (2027-03-05)"
    lines[at + 1] += " who pays for the mould"
    return "\n".join(lines)


def without_lines(minutes: Minutes) -> Minutes:
    return replace(minutes, not_understood=tuple(LineNotRead(None, "") for _ in minutes.not_understood))


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("name", CASES)
def test_minutes_that_are_written_into_an_agenda_are_read_as_in_english(name: str, language: str) -> None:
    people, day = a_case().people, date(2027, 1, 21)

    def filed() -> Minutes:
        joint = agenda(CASES[name](), FOLDERS).text
        return without_lines(read(written_into(joint), people, day))

    in_english = filed()
    with speaking(Manner(language)):
        assert filed() == in_english
    assert in_english.decisions == ("the second line is bought",)


@pytest.mark.parametrize("language", TRANSLATED)
def test_what_is_one_sides_own_goes_to_no_other_side_in_any_language(language: str) -> None:
    with speaking(Manner(language)):
        brief = agenda(CASES["operating-contractual-licensing.acme"](), FOLDERS).text
    assert "SECRET-COST" in readable_by(brief, ["Acme Motors SE"])
    assert "SECRET-COST" not in readable_by(brief, ["Globex Cells Inc"])
    assert "Formats qualified" in readable_by(brief, ["Globex Cells Inc"])


@pytest.mark.parametrize("language", [*TRANSLATED, "en", "de-AT", "fr-CH", "es-MX", "ar-EG", "en-US"])
def test_each_day_of_a_year_is_read_back_as_an_agenda_prints_it(language: str) -> None:
    days = [date(2028, 1, 1) + timedelta(days=each) for each in range(366)]
    with speaking(Manner(language, None, "31/12/2026")):
        printed = [say("due %(day)s", day=day_to_read_back(each)) for each in days]
    found = [assigned(mended(f"Dev: x ({each})"), {"dev": "dev"}, date(2027, 1, 1)) for each in printed]
    assert [(each.says, each.owner, each.due) for each in found] == [("x", "dev", day) for day in days]
