"""What is told is kept as facts, and worded for its reader when the letter is written; what was recorded as a sentence
is told in it."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from scheduler.domain.record.notification import SETTLED
from scheduler.services.pipeline.govern import govern_in
from scheduler.store import faults, tables
from scheduler.store.tables import NotificationRow
from tests.builders import INES
from tests.services.pipeline.test_digests import (
    FROM_NOVEMBER,
    PEOPLE,
    Mail,
    defined,
    in_detroit,
    letters,
    lived,
    report,
)
from tests.services.town import Town

Build = Callable[..., Town]
NOBODY_CLOSES = {"people": PEOPLE, "kpis": {"cells-delivered": {**FROM_NOVEMBER, "from": "2027-06-01"}}, "reviews": {}}


def _asked_whether_held(town: Town, to: str) -> Mail:
    """The first letter to somebody that asks whether a review was held."""
    defined(town, **NOBODY_CLOSES)
    told = lived(town, in_detroit("2026-11-02 10:00"), in_detroit("2026-12-24 12:00"))
    return next(each for each in told if each.to == to and "was it held?" in each.text)


def test_a_command_is_told_to_an_operator_where_no_form_settles_the_matter(build: Build) -> None:
    settings = {"mail": {"sender": "cadence@acme.example"}, "operators": [INES["email"]]}
    told = _asked_whether_held(build(**settings), INES["email"])
    assert "/close/" in told.text and "cadence review" not in told.text
    told = _asked_whether_held(build("unserved", **settings, web={"listen": "off"}), INES["email"])
    assert "cadence review hold acme-globex/" in told.text


def test_whoever_else_is_told_no_command_but_given_a_form_or_told_whom_to_ask(build: Build) -> None:
    town = build(mail={"sender": "cadence@alliances.example"})
    told = _asked_whether_held(town, INES["email"])
    assert "and nobody has closed it: say whether it was held, and who was there" in told.text
    assert "cadence review" not in told.text and "/close/" in told.text
    unserved = build("unserved", mail={"sender": "cadence@alliances.example"}, web={"listen": "off"})
    told = _asked_whether_held(unserved, INES["email"])
    assert "and nobody has closed it: send its minutes to " in told.text
    assert "cadence review" not in told.text and "/close/" not in told.text


def _first_reminder(build: Build, **settings: Any) -> str:
    """What Tom of Globex is told first of Cells delivered."""
    town = build(**settings)
    defined(town)
    [told] = lived(town, in_detroit("2026-12-03 09:00"), in_detroit("2026-12-03 10:00"))
    return told.text


COMMAND = "On the server: cadence kpi report acme-globex/cells-delivered VALUE --period 2026-11 --by tom"


def test_a_kpi_is_reported_by_command_by_an_operator(build: Build) -> None:
    operators = [PEOPLE["tom"]["email"]]
    assert COMMAND in _first_reminder(build, mail={"sender": "cadence@acme.example"}, operators=operators)


def test_whoever_else_reports_it_by_the_form_though_letters_come_from_their_own_domain(build: Build) -> None:
    text = _first_reminder(build, mail={"sender": "cadence@globex.example"}, web={"listen": "127.0.0.1:8377"})
    assert "Report it now: http" in text
    assert "cadence kpi report" not in text and "Tell " not in text


def test_without_a_form_they_tell_the_figure_to_whoever_can_report_it(build: Build) -> None:
    text = _first_reminder(build, mail={"sender": "cadence@acme.example"}, web={"listen": "off"})
    assert "Tell Dev Patel the figure." in text
    assert "cadence kpi report" not in text and "Report it now" not in text


def test_an_operators_own_words_are_told_until_their_template_fails(town: Town) -> None:
    folder = town.folder / "templates" / "notifications"
    folder.mkdir(parents=True)
    own = folder / "review.txt.j2"
    own.write_text("{{ review }} ({{ period }}) of {{ scope }}: was it held?\nTell us of {{ on | day }}\n")
    told = _asked_whether_held(town, INES["email"])
    assert re.search(r"Tell us of \w{3} \d+ \w{3} 2026\.", told.text)
    own.write_text("{{ nothing_of_the_kind }}")
    later = lived(town, in_detroit("2026-12-24 13:00"), in_detroit("2027-01-29 12:00"))
    assert any("and nobody has closed it: say whether it was held" in each.text for each in later)
    with town.database() as db:
        [fault] = faults.listing(db)
    assert fault.key == "template:notifications/review" and "nothing_of_the_kind" in fault.what
    own.unlink()
    lived(town, in_detroit("2027-02-01 09:00"), in_detroit("2027-03-05 10:00"))
    with town.database() as db:
        assert faults.listing(db) == []


def _as_before(town: Town, ending: str = "") -> None:
    """Put on record what was told of Cells delivered as a program did that knew no facts."""
    row = tables.table(NotificationRow)
    with town.app.store.write() as db:
        db.execute(update(row).values(facts=None, title="Cells delivered, 2026-11"))
        db.execute(update(row).where(row.c.rung == SETTLED).values(detail=ending))


@pytest.mark.parametrize(
    ("detail", "letters_written"),
    [("reported by Tom Reyes: the target is met", 1), ("reported by Tom Reyes: the target is missed", 2)],
)
def test_an_ending_that_was_recorded_as_a_sentence_is_told_anew_where_it_says_otherwise_alone(
    town: Town, detail: str, letters_written: int
) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 12:00"))
    report(town, in_detroit("2026-12-16 10:00"))
    town.cycle(in_detroit("2026-12-16 10:00"))
    _as_before(town, detail)
    with town.app.store.write() as db:
        govern_in(town.app, db, "acme-globex", in_detroit("2026-12-16 10:10"))
    lived(town, in_detroit("2026-12-16 10:20"), in_detroit("2026-12-22 12:00"))
    settled = [each for each in letters(town) if "Settled" in each.subject]
    assert len(settled) == letters_written
    assert settled[-1].state == "sent" and "Reported by Tom Reyes: the target is met." in settled[-1].text


def test_what_was_recorded_as_a_sentence_is_told_in_it(town: Town) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 12:00"))
    report(town, in_detroit("2026-12-16 20:00"))
    town.cycle(in_detroit("2026-12-16 20:00"))
    _as_before(town, "reported by Tom Reyes: the target is met")
    [told] = lived(town, in_detroit("2026-12-17 09:00"), in_detroit("2026-12-22 12:00"))
    assert told.subject == "Settled: Cells delivered, 2026-11 (Acme × Globex battery cells)"
    assert "Reported by Tom Reyes: the target is met." in told.text


def test_what_was_told_as_a_sentence_is_settled_under_its_title(town: Town) -> None:
    defined(town)
    lived(town, in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 12:00"))
    _as_before(town)
    report(town, in_detroit("2026-12-16 20:00"))
    [told] = lived(town, in_detroit("2026-12-17 09:00"), in_detroit("2026-12-22 12:00"))
    assert told.subject == "Settled: Cells delivered, 2026-11 (Acme × Globex battery cells)"
    assert "Reported by Tom Reyes: the target is met." in told.text
