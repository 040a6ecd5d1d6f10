"""Where competitors meet, nothing comes on an agenda that counsel has not let there: by page, command, form or file.

Acme and Globex are rivals; Léa is counsel. December's operating review is on Friday 18 December 2026, 15:00 in Berlin;
its items close with Wednesday the 16th. Inès owns its agenda, Dev is invited.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from scheduler.domain.errors import NotTheirs, UserError, WrongDay
from scheduler.rules.access import JOINT
from scheduler.rules.reviews.transitions import held
from scheduler.services.cases.agenda_edits import agenda_text, edit
from scheduler.services.cases.agenda_items import add
from scheduler.services.cases.minutes import file_minutes
from scheduler.services.state import state_of
from scheduler.services.views.review_page import review_sheet
from scheduler.store import partnerships, reviews
from tests import builders
from tests.builders import at
from tests.services.town import Town

NOW = at("2026-12-14 09:00")
NEXT = "acme-globex/operating/2026-12"
LAST = "acme-globex/operating/2026-11"
FILE = f"agendas/{NEXT}.md"
LEA = {"name": "Léa Roux", "email": "lea.roux@chambers.example", "role": "counsel", "timezone": "Europe/Berlin"}
PRICE = "competitors may not speak of .prices. unless counsel has looked at it"


@pytest.fixture
def town(build: Callable[..., Town]) -> Town:
    built = build(horizon_days=60)
    people = {**builders.written()["people"], "lea": LEA}
    everybody = ["ines", "dev", "lea"]
    operating = {**builders.written().get("reviews", {}).get("operating", {}), "attendees": everybody}
    built.define(people=people, competition_law={"rivals": True}, reviews={"operating": operating})
    built.cycle(NOW)
    return built


def sheet(town: Town, now: Any = NOW) -> Any:
    with town.database() as db:
        looked = review_sheet(town.app, db, NEXT, now, JOINT)
    assert looked
    return looked.sheet


def test_the_agenda_reminds_of_it_names_the_topics_and_counsel(town: Town) -> None:
    agenda = town.read(FILE)
    assert "**Competition law.** We meet for the purposes of this partnership alone." in agenda
    assert "- Permitted topics: Actions, KPIs, Milestones" in agenda
    assert "there is no other business" in agenda
    assert "- Counsel: Léa Roux" in agenda


def test_an_item_of_a_permitted_topic_stands_there(town: Town) -> None:
    assert add(town.app, NEXT, "Milestones: the second press", None, "dev", NOW).says == "Milestones: the second press"


def test_an_item_of_no_permitted_topic_is_refused_with_the_topics(town: Town) -> None:
    with pytest.raises(UserError, match="names none") as refused:
        add(town.app, NEXT, "The second press", None, "dev", NOW)
    assert 'like "Actions: …"; permitted are Actions, KPIs' in refused.value.hint


def test_what_counsel_looks_at_first_only_counsel_adds(town: Town) -> None:
    with pytest.raises(UserError, match=PRICE) as refused:
        add(town.app, NEXT, "KPIs: prices of cells", None, "dev", NOW)
    assert "ask Léa Roux" in refused.value.hint
    assert add(town.app, NEXT, "KPIs: prices of cells", None, "lea", NOW).by == "lea"


def test_once_the_items_are_closed_not_even_the_agenda_owner_adds_one_but_counsel_may(town: Town) -> None:
    late = at("2026-12-17 09:00")
    with pytest.raises(WrongDay, match="was over") as told:
        add(town.app, NEXT, "Milestones: x", None, "ines", late)
    assert told.value.hint == "ask Léa Roux: counsel adds items until the review begins"
    assert add(town.app, NEXT, "Milestones: x", None, "lea", late).by == "lea"
    for person in ("ines", "lea"):
        with pytest.raises(WrongDay) as told:
            add(town.app, NEXT, "Milestones: y", None, person, at("2026-12-18 15:00"))
        assert told.value.hint == "raise it for the next review", "there is no other business"


def test_who_is_not_invited_is_told_that_first(town: Town) -> None:
    with pytest.raises(NotTheirs):
        add(town.app, NEXT, "KPIs: prices", None, "tom", NOW)


def write(town: Town, line: str, by: str | None, of: str | None = None) -> None:
    with town.database() as db:
        row = partnerships.get(db, "acme-globex")
        assert row
        start = agenda_text(town.app, db, state_of(town.app, db, row, NOW), NEXT, JOINT)
    edit(town.app, NEXT, of, f"{start.text}\n{line}\n", start.version, by, NOW)


@pytest.mark.parametrize("by", ["ines", None])
def test_an_edit_with_such_a_line_is_refused_and_nothing_of_it_is_kept(town: Town, by: str | None) -> None:
    with pytest.raises(UserError, match=PRICE):
        write(town, "- What are your prices for 2028?", by)
    assert sheet(town).agendas[0].version == 0


def test_counsel_writes_it_and_others_edit_around_it(town: Town) -> None:
    write(town, "- How public prices are quoted", "lea")
    write(town, "- Who orders the press?", "ines")
    assert sheet(town).for_counsel == ()
    assert "public prices" in sheet(town).agendas[0].markdown


def test_a_line_that_was_written_into_the_file_is_kept_and_shown_as_one_for_counsel_until_counsel_has_saved_it(
    town: Town,
) -> None:
    later = NOW + timedelta(hours=1)
    path = town.data / FILE
    path.write_text(f"{town.read(FILE)}\n- What are your prices?\n- Who orders it?\n", encoding="utf-8")
    town.cycle(later)
    assert sheet(town, later).for_counsel == ("- What are your prices?",)
    write(town, "- And the date", "dev")
    assert sheet(town, later).for_counsel == ("- What are your prices?",)
    write(town, "Seen by counsel.", "lea")
    assert sheet(town, later).for_counsel == ()


def test_counsel_hears_of_such_lines_once_for_each_version_that_has_some(town: Town) -> None:
    path = town.data / FILE
    path.write_text(f"{town.read(FILE)}\n- What are your prices?\n- Who orders it?\n", encoding="utf-8")
    for hours in (1, 2, 3):
        town.cycle(NOW + timedelta(hours=hours))
    [told] = [each for each in town.rows("notice") if each["rung"] == "for_counsel"]
    assert told["person"] == "lea"
    assert [each["says"] for each in told["facts"]["added"]] == ["- What are your prices?"]
    town.cycle(NOW + timedelta(days=2))
    town.cycle(NOW + timedelta(days=2, hours=6))
    sent = [bytes(row["content"] or b"").decode() for row in town.rows("letter") if row["email"].startswith("lea")]
    assert any("Written into its file: - What are your prices?" in " ".join(each.split()) for each in sent)


def test_once_counsel_has_saved_it_no_letter_is_written(town: Town) -> None:
    path = town.data / FILE
    path.write_text(f"{town.read(FILE)}\n- What are your prices?\n", encoding="utf-8")
    town.cycle(NOW + timedelta(minutes=1))
    write(town, "Seen by counsel.", "lea")
    town.cycle(NOW + timedelta(minutes=2))
    town.cycle(NOW + timedelta(days=2))
    assert all(each["state"] == "dropped" for each in town.rows("notice") if each["rung"] == "for_counsel")


def test_where_nobody_competes_anything_may_stand_there(build: Callable[..., Town]) -> None:
    town = build(horizon_days=60)
    town.define()
    town.cycle(NOW)
    assert "Competition law" not in town.read(FILE)
    assert add(town.app, NEXT, "Prices of cells", None, "dev", NOW).says == "Prices of cells"


def test_counsel_need_not_be_invited_to_add_an_item(build: Callable[..., Town]) -> None:
    town = build(horizon_days=60)
    town.define(people={**builders.written()["people"], "lea": LEA}, competition_law={"rivals": True})
    town.cycle(NOW)
    assert add(town.app, NEXT, "KPIs: prices of cells", None, "lea", NOW).by == "lea"
    with pytest.raises(NotTheirs) as refused:
        add(town.app, NEXT, "KPIs: yield", None, "tom", NOW)
    assert refused.value.hint == "only who is invited, and counsel, add to its agenda"


def test_counsel_of_where_nobody_competes_adds_where_they_are_invited(build: Callable[..., Town]) -> None:
    town = build(horizon_days=60)
    town.define(people={**builders.written()["people"], "lea": LEA})
    town.cycle(NOW)
    with pytest.raises(NotTheirs):
        add(town.app, NEXT, "Yield", None, "lea", NOW)


def test_counsel_is_invited_to_the_health_audit(town: Town) -> None:
    with town.database() as db:
        found = [each for id, each in reviews.recorded(db, "acme-globex").items() if "/health-audit/" in id]
    assert found
    assert all("lea" in each.review.attendees for each in found)


@pytest.fixture
def filed(town: Town) -> Town:
    """November's minutes leave three things of which competitors may not speak; December's agenda is written."""
    minutes = (
        "# Decisions\n- We share bids\n# Actions\n- [ ] Dev: compare margins\n"
        "# Unfinished\n- Prices for 2027\n- The press\n"
    )
    with town.app.store.write() as db:
        row, record = partnerships.get(db, "acme-globex"), reviews.find(db, LAST)
        assert row and record
        after = held(record, minutes, NOW)
        reviews.save_many(db, [after])
        file_minutes(town.app, db, town.app.in_force(row), after, NOW)
    town.cycle(NOW + timedelta(minutes=1))
    return town


FROM_MINUTES = (" We share bids", " compare margins", " Prices for 2027 (unfinished)")


def save(town: Town, change: Callable[[str], str], by: str) -> None:
    with town.database() as db:
        row = partnerships.get(db, "acme-globex")
        assert row
        start = agenda_text(town.app, db, state_of(town.app, db, row, NOW), NEXT, JOINT)
    edit(town.app, NEXT, None, change(start.text), start.version, by, NOW)


def test_what_minutes_leave_with_such_a_word_is_for_counsel_until_counsel_has_saved_it(filed: Town) -> None:
    shown = sheet(filed).for_counsel
    assert len(shown) == 3
    assert all(any(words in line for line in shown) for words in FROM_MINUTES)
    save(filed, lambda text: f"{text}\n- And the date\n", "dev")
    assert sheet(filed).for_counsel == shown
    save(filed, str, "lea")
    assert sheet(filed).for_counsel == ()
    assert sheet(filed).agendas[0].version == 2


def test_counsel_hears_of_them_once_in_a_letter_that_says_whence_they_are(filed: Town) -> None:
    for hours in (1, 2, 24, 48):
        filed.cycle(NOW + timedelta(hours=hours))
    told = [each for each in filed.rows("notice") if each["rung"] == "for_counsel" and each["subject"] == NEXT]
    assert [each["person"] for each in told] == ["lea"]
    assert len(told[0]["facts"]["added"]) == 3
    sent = [bytes(row["content"] or b"").decode() for row in filed.rows("letter") if row["email"].startswith("lea")]
    assert any("From earlier minutes: - [ ] Prices for 2027" in " ".join(each.split()) for each in sent)


def test_what_counsel_took_out_of_them_is_for_counsel_again_where_somebody_writes_it(filed: Town) -> None:
    line = "- [ ] Prices for 2027 (unfinished)"
    save(filed, lambda text: text.replace(f"{line}\n", ""), "lea")
    assert sheet(filed).for_counsel == ()
    filed.cycle(NOW + timedelta(minutes=2))
    path = filed.data / FILE
    path.write_text(f"{filed.read(FILE)}\n{line}\n", encoding="utf-8")
    filed.cycle(NOW + timedelta(minutes=3))
    assert sheet(filed).for_counsel == (line,)
