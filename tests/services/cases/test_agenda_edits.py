"""An agenda is edited on a page, by a command and in its file: what counts is in the database, and no word is lost."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import blake2b

import pytest

from scheduler.domain.errors import UserError, WrongDay
from scheduler.domain.record.agenda_version import AgendaVersion
from scheduler.rules.access import JOINT, Audience
from scheduler.services.cases.agenda_edits import AgendaText, agenda_text, begin_anew, edit
from scheduler.services.cases.pre_reads import give, take_back
from scheduler.services.cases.reviews import skip
from scheduler.services.pipeline.agendas import agenda_as_read
from scheduler.services.state import state_of
from scheduler.services.views.agenda import agenda
from scheduler.store import StoreError, agendas, partnerships, readings
from tests.builders import a_reading, at
from tests.services.town import Town, of_the_next_version

NOW = at("2026-11-16 09:00")
REVIEW = "acme-globex/operating/2026-11"
FILE = f"agendas/{REVIEW}.md"
ASK = "## Decisions and new actions (who: what, by when)"


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    """The agenda of November's operating review lies in its file."""
    found = build(horizon_days=14)
    found.define()
    found.cycle(NOW)
    return found


def handed(town: Town, audience: Audience = JOINT, hours: int = 0) -> AgendaText:
    """What the page gives to whoever edits."""
    with town.database() as db:
        row = partnerships.get(db, "acme-globex")
        assert row
        known = state_of(town.app, db, row, NOW + timedelta(hours=hours))
        return agenda_text(town.app, db, known, REVIEW, audience)


def on_the_page(town: Town, old: str, new: str, upon: AgendaText | None = None, hours: int = 0) -> None:
    start = upon or handed(town, hours=hours)
    assert old in start.text
    edit(town.app, REVIEW, None, start.text.replace(old, new), start.version, "ines", NOW + timedelta(hours=hours))


def in_the_file(town: Town, old: str, new: str) -> None:
    text = town.read(FILE)
    assert old in text
    (town.data / FILE).write_bytes(text.replace(old, new).encode())


def versions(town: Town) -> list[AgendaVersion]:
    with town.database() as db:
        return agendas.versions(db, REVIEW, None)


def test_an_edit_on_the_page_is_in_the_database_and_its_file_is_a_copy_with_fresh_figures(town: Town) -> None:
    on_the_page(town, ASK, f"## The press\n\n- Who orders it?\n\n{ASK}")
    assert "Who orders it?" in agenda(town.app, REVIEW, None, NOW, html=False), "at once"
    with town.app.store.write() as db:
        readings.add(db, a_reading("0.31", "2026-10"))
    town.cycle(NOW + timedelta(hours=1))
    assert "- Who orders it?" in town.read(FILE) and "0.31 GWh" in town.read(FILE)
    assert "Who orders it?" in town.read(FILE.replace(".md", ".html"))
    assert [(each.number, each.way, each.by) for each in versions(town)] == [(1, "page", "ines")]


def test_whoever_edits_sees_a_line_for_each_block_of_figures(town: Town) -> None:
    text = handed(town).text
    assert "<!-- figures: kpis -->" in text and "end figures" not in text and "| Where |" not in text


def test_an_edit_of_the_file_is_read_back_and_the_page_goes_on_with_it(town: Town) -> None:
    in_the_file(town, ASK, f"Bring the drawings.\r\n\n{ASK}")
    assert "Bring the drawings." in handed(town).text, "before any cycle"
    town.cycle(NOW + timedelta(hours=1))
    [version] = versions(town)
    assert (version.way, version.by) == ("file", None) and "drawings.\r\n" in (version.text or "")
    on_the_page(town, "Bring the drawings.", "Bring the drawings, Dev.", hours=2)
    town.cycle(NOW + timedelta(hours=3))
    assert "Bring the drawings, Dev." in town.read(FILE)
    in_the_file(town, "drawings, Dev.", "models, Dev.")
    town.cycle(NOW + timedelta(hours=4))
    assert "Bring the models, Dev." in handed(town).text
    assert [each.way for each in versions(town)] == ["file", "page", "file"]


def test_an_edit_of_the_file_while_the_program_is_stopped_is_read_back_by_its_next_cycle(town: Town) -> None:
    in_the_file(town, ASK, f"Bring the drawings.\n\n{ASK}")
    later = town.reopened()
    assert later.cycle(NOW + timedelta(hours=1)).published == 1
    assert [each.way for each in versions(later)] == ["file"]
    assert later.cycle(NOW + timedelta(hours=2)).published == 0, "once it is read back there is nothing to do"


def test_an_edit_of_a_file_that_another_daemon_wrote_is_read_back_by_whichever_looks_first(town: Town) -> None:
    beside = town.reopened()
    beside.app = replace(beside.app, by="the other one")
    beside.cycle(NOW)
    on_the_page(town, ASK, f"Bring the drawings.\n\n{ASK}")
    assert beside.cycle(NOW + timedelta(hours=1)).published == 1
    assert town.cycle(NOW + timedelta(hours=1)).published == 0, "what the other one wrote is nobody's edit"
    in_the_file(town, "Bring the drawings.", "Bring the models.")
    assert town.cycle(NOW + timedelta(hours=2)).published == 1
    assert "Bring the models." in (versions(town)[-1].text or "")


def test_an_edit_is_looked_for_again_until_its_file_could_be_published(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_file(town, ASK, f"Bring the drawings.\n\n{ASK}")
    with monkeypatch.context() as patched, pytest.raises(StoreError):
        patched.setattr(agendas, "add", no_room)
        town.cycle(NOW + timedelta(hours=1))
    assert versions(town) == []
    town.cycle(NOW + timedelta(hours=2))
    assert [each.way for each in versions(town)] == ["file"]


def test_so_it_is_where_the_daemon_was_stopped_as_the_file_was_edited(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_the_file(town, ASK, f"Bring the drawings.\n\n{ASK}")
    later = town.reopened()
    with monkeypatch.context() as patched, pytest.raises(StoreError):
        patched.setattr(agendas, "add", no_room)
        later.cycle(NOW + timedelta(hours=1))
    assert versions(later) == []
    later.cycle(NOW + timedelta(hours=2))
    assert [each.way for each in versions(later)] == ["file"]


def test_an_edit_of_a_file_that_only_another_daemon_has_ever_written_is_read_back(town: Town) -> None:
    beside, soon = town.reopened(), NOW + timedelta(days=30)
    beside.app = replace(beside.app, by="the other one")
    town.cycle(NOW + timedelta(hours=1))
    before = set(town.data.glob("agendas/acme-globex/*/*.md"))
    beside.cycle(soon)
    new = next(each for each in {*town.data.glob("agendas/acme-globex/*/*.md")} - before if each.stem.count(".") == 0)
    new.write_text(f"Bring the drawings.\n\n{new.read_text('utf-8')}", "utf-8")
    assert town.cycle(soon).published == 1
    with town.database() as db:
        kept = agendas.versions(db, f"acme-globex/{new.parent.name}/{new.stem}", None)
    assert "Bring the drawings." in (kept[-1].text or "")


def no_room(*_: object) -> None:
    raise StoreError("the disk is full", "free some space")


def test_what_is_taken_back_in_the_file_is_taken_back(town: Town) -> None:
    before = town.read(FILE)
    in_the_file(town, ASK, f"Bring the drawings.\n\n{ASK}")
    town.cycle(NOW + timedelta(hours=1))
    (town.data / FILE).write_text(before, "utf-8")
    town.cycle(NOW + timedelta(hours=2))
    assert "drawings" not in town.read(FILE) and "drawings" not in handed(town).text
    assert len(versions(town)) == 2


def test_an_edit_on_the_page_and_one_of_the_file_at_once_are_joined(town: Town) -> None:
    on_the_page(town, ASK, f"From the page.\n\n{ASK}")
    in_the_file(town, "# Operating review", "# Our operating review")
    for read in (handed(town).text, agenda(town.app, REVIEW, None, NOW, html=False)):
        assert "From the page." in read and "# Our operating review" in read
    town.cycle(NOW + timedelta(hours=1))
    assert "From the page." in town.read(FILE) and town.read(FILE).startswith("<!-- Figures")
    assert "# Our operating review" in town.read(FILE)
    assert [each.way for each in versions(town)] == ["page", "file"]


def test_the_page_saved_over_a_file_that_was_edited_meanwhile_loses_nothing(town: Town) -> None:
    start = handed(town)
    in_the_file(town, "# Operating review", "# Our operating review")
    made = edit(town.app, REVIEW, None, start.text + "\nFrom the page.\n", start.version, "ines", NOW)
    assert made.was_joined and made.version == 2
    town.cycle(NOW + timedelta(hours=1))
    assert "# Our operating review" in town.read(FILE) and "From the page." in town.read(FILE)
    assert [each.way for each in versions(town)] == ["file", "page"]


def test_two_who_edit_the_page_at_once_are_joined_and_the_second_is_told(town: Town) -> None:
    start = handed(town)
    on_the_page(town, ASK, f"Ines asks.\n\n{ASK}", start)
    made = edit(town.app, REVIEW, None, start.text + "\nDev asks.\n", start.version, "dev", NOW)
    assert made.was_joined
    assert "Ines asks." in handed(town).text and "Dev asks." in handed(town).text


def test_the_same_text_once_more_is_no_edit(town: Town) -> None:
    start = handed(town)
    assert not edit(town.app, REVIEW, None, start.text.replace("\n", "\r\n"), start.version, "ines", NOW).is_new
    on_the_page(town, ASK, f"Ines asks.\n\n{ASK}", start)
    town.cycle(NOW + timedelta(hours=1))
    assert not edit(town.app, REVIEW, None, town.read(FILE), None, "ines", NOW).is_new
    assert len(versions(town)) == 1


def test_a_cycle_that_is_cut_off_after_it_read_a_file_back_reads_it_once(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    from scheduler.transports import files

    def full(*_: object) -> object:
        raise OSError("cut off")

    in_the_file(town, ASK, f"Bring the drawings.\n\n{ASK}")
    with monkeypatch.context() as patched:
        patched.setattr(files, "put", full)
        town.cycle(NOW + timedelta(hours=1))
    assert len(versions(town)) == 1
    town.cycle(NOW + timedelta(hours=2))
    assert len(versions(town)) == 1 and "Bring the drawings." in town.read(FILE)


def test_an_edit_that_cannot_be_kept_leaves_file_and_record_as_they_were(town: Town) -> None:
    in_the_file(town, ASK, f"Bring the drawings.\n\n{ASK}")
    with town.app.store.write() as db:
        db.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON agenda_version WHEN NEW.way = 'page'"
            " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        )
    with pytest.raises(Exception, match="the disk is full"):
        on_the_page(town, ASK, f"From the page.\n\n{ASK}")
    assert versions(town) == [] and "Bring the drawings." in town.read(FILE)


def test_a_file_that_is_gone_comes_back_as_people_had_made_it(town: Town) -> None:
    in_the_file(town, ASK, f"Bring the drawings.\n\n{ASK}")
    town.cycle(NOW + timedelta(hours=1))
    (town.data / FILE).unlink()
    assert "Bring the drawings." in handed(town).text
    with town.app.store.write() as db:
        readings.add(db, a_reading("0.31", "2026-10"))
    town.cycle(NOW + timedelta(hours=2))
    assert "Bring the drawings." in town.read(FILE)


def test_a_file_that_is_given_to_be_read_before_is_named_in_the_agendas_file_until_it_is_taken_back(
    town: Town,
) -> None:
    file = give(town.app, REVIEW, None, "offer [x](y).pdf", b"x" * 2000, "dev", NOW)
    give(town.app, REVIEW, "acme", "ours.pdf", b"x", "ines", NOW)
    town.cycle(NOW + timedelta(hours=1))
    assert r"- To read: offer \[x\](y).pdf (2 KB, from Dev Patel)" in town.read(FILE) and "ours.pdf" not in town.read(
        FILE
    )
    assert "ours.pdf" in town.read(FILE.replace(".md", ".acme.md"))
    assert "ours.pdf" not in "".join(text.decode() for path, text in town.files().items() if ".acme." not in path)
    take_back(town.app, file.id, NOW + timedelta(hours=2))
    town.cycle(NOW + timedelta(hours=2))
    assert "offer" not in town.read(FILE)


def test_a_file_with_bytes_that_no_text_has_stays_and_is_told_and_the_agenda_goes_on(town: Town) -> None:
    (town.data / FILE).write_bytes(b"# Agenda\0\n")
    town.cycle(NOW + timedelta(hours=1))
    assert (town.data / FILE).read_bytes() == b"# Agenda\0\n" and versions(town) == []
    assert town.cycle(NOW + timedelta(hours=2)).published == 0, "it is looked at once"
    assert "Operating review" in handed(town).text


@pytest.mark.parametrize("is_edited", [False, True])
def test_a_file_of_an_earlier_template_is_written_anew_and_one_that_somebody_edited_keeps_their_words(
    town: Town, is_edited: bool
) -> None:
    """An earlier version of the program wrote it, and remembered its digest."""
    earlier = town.read(FILE).replace("# Operating review", "# The operating review")
    with town.app.store.write() as db:
        agendas.remember(db, REVIEW, None, blake2b(earlier.encode(), digest_size=16).hexdigest(), NOW)
    (town.data / FILE).write_text(earlier + ("Bring the drawings.\n" if is_edited else ""), "utf-8")
    upgraded = replace(town, app=of_the_next_version(town.reopened().app))
    upgraded.cycle(NOW + timedelta(hours=1))
    text = upgraded.read(FILE)
    assert ("# The operating review" in text, "Bring the drawings." in text) == (is_edited, is_edited)
    assert len(versions(upgraded)) == is_edited


def test_begun_anew_it_is_as_the_template_has_it_and_follows_the_definition_again(town: Town) -> None:
    fresh = town.read(FILE)
    on_the_page(town, ASK, f"From the page.\n\n{ASK}")
    town.cycle(NOW + timedelta(hours=1))
    assert begin_anew(town.app, REVIEW, None, "ines", NOW + timedelta(hours=2)).is_new
    assert not begin_anew(town.app, REVIEW, None, "ines", NOW + timedelta(hours=2)).is_new
    town.cycle(NOW + timedelta(hours=3))
    assert town.read(FILE) == fresh
    assert [each.text is None for each in versions(town)] == [False, True]
    town.define(goal="5 GWh of cells a year.")
    town.cycle(NOW + timedelta(hours=4))
    assert "5 GWh of cells a year" in town.read(FILE)


def test_the_brief_of_an_organisation_is_edited_apart_from_the_joint_agenda(town: Town) -> None:
    edit(town.app, REVIEW, "acme", handed(town, Audience("acme")).text + "\nOurs alone.\n", 0, "ines", NOW)
    town.cycle(NOW + timedelta(hours=1))
    assert "Ours alone." in town.read(FILE.replace(".md", ".acme.md"))
    assert "Ours alone." not in town.read(FILE) and "Ours alone." not in handed(town).text


def test_broken_marks_are_refused_on_the_page(town: Town) -> None:
    with pytest.raises(UserError, match="would not find their place"):
        on_the_page(town, "<!-- figures: kpis -->", "<!-- figures: kpis -->\n<!-- figures: kpis -->")


def test_of_a_review_that_is_over_or_skipped_no_agenda_is_edited(town: Town) -> None:
    start = handed(town)
    with pytest.raises(WrongDay, match="is over"):
        edit(town.app, REVIEW, None, start.text + "\nx\n", 0, "ines", NOW + timedelta(days=30))
    skip(town.app, REVIEW, "fair week", "ines", NOW)
    with pytest.raises(WrongDay, match="is skipped"):
        edit(town.app, REVIEW, None, start.text + "\nx\n", 0, "ines", NOW)


def test_once_the_review_is_over_the_agenda_is_that_of_the_table(town: Town) -> None:
    on_the_page(town, ASK, f"From the page.\n\n{ASK}")
    town.cycle(NOW + timedelta(hours=1))
    in_the_file(town, "From the page.", "From the page, noted at the table.")
    later = NOW + timedelta(days=30)
    with town.database() as db:
        row = partnerships.get(db, "acme-globex")
        assert row
        known = state_of(town.app, db, row, later)
        shown = agenda_as_read(town.app, db, known, known.recorded[REVIEW], JOINT)
    assert shown and "noted at the table" in shown.text
