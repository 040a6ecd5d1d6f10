"""Edits of a definition in cycles: what ended before one stays as it was; what would rewrite it waits for a word."""

from datetime import datetime
from typing import Any

from scheduler.services.cases.kpis import ReportedValue, report, report_all
from scheduler.services.pipeline.govern import govern_in
from scheduler.services.state import state_of
from scheduler.store import file_states, partnerships, readings, trigger_events, versions
from tests.builders import CELLS_DELIVERED, LANDED_COST, TOM, at, written
from tests.rules.kpis.owed import PEOPLE
from tests.services.town import Town

CELLS = "acme-globex/cells-delivered"
MISSED = [{"when": "missed", "kpi": "any", "times": 3}]
SILENT = [{"when": "unreported", "kpi": "any", "for": "10 working days"}]
APRIL = at("2027-04-07 15:00")
MONTHS = ("2026-10", "2026-11", "2026-12", "2027-01", "2027-02", "2027-03")


def lived(town: Town, value: str = "0.31", **changes: Any) -> None:
    """Half a year, with a figure for each month, reported on 6 April."""
    town.define(**changes)
    town.cycle()
    figures = [ReportedValue(CELLS, value, period) for period in MONTHS]
    figures += [ReportedValue("acme-globex/landed-cost", "90", period) for period in MONTHS]
    report_all(town.app, figures, at("2027-04-06 15:00"))
    town.cycle(at("2027-04-06 15:10"))


def edited(town: Town, now: datetime = APRIL, **changes: Any) -> None:
    town.define(**changes)
    town.cycle(now)


def kpis(**changes: Any) -> dict[str, Any]:
    """The definition's KPIs, with these in their place."""
    return {"cells-delivered": CELLS_DELIVERED, "landed-cost": LANDED_COST, **changes}


def overdue(town: Town) -> set[tuple[str, str]]:
    return {(row["kpi"], row["period"]) for row in town.rows("flag") if row["closed_at"] is None}


def fired(town: Town) -> list[str]:
    with town.database() as db:
        return [each.cause.key for each in trigger_events.of_partnership(db, "acme-globex")]


def notices(town: Town) -> list[dict[str, Any]]:
    """What people are told, but that the definition was edited: that they hear each time."""
    return [row for row in town.rows("notice") if row["about"] != "definition"]


def waiting(town: Town) -> list[str]:
    return [problem["what"] for problem in town.problems()]


# What ended before


def test_a_kpi_added_later_owes_nothing_of_before_and_calls_no_review(town: Town) -> None:
    lived(town, triggers=SILENT)
    edited(town, triggers=SILENT, kpis=kpis(**{"yield": {**CELLS_DELIVERED, "name": "Yield"}}))

    assert (overdue(town), fired(town), waiting(town)) == (set(), [], [])
    owed = [row["period"] for row in town.rows("measure") if row["key"] == "yield"]
    assert min(owed) == "2027-05"


def test_a_raised_target_makes_no_month_missed_and_calls_no_review(town: Town) -> None:
    lived(town, triggers=MISSED)
    edited(town, triggers=MISSED, kpis=kpis(**{"cells-delivered": {**CELLS_DELIVERED, "target": ">= 0.5"}}))

    assert (fired(town), waiting(town)) == ([], [])
    assert "0.31 GWh, missed" not in "".join(text.decode() for text in town.files().values())


def test_an_agenda_holds_the_last_figure_against_the_target_of_its_time(town: Town) -> None:
    lived(town)
    edited(town, kpis=kpis(**{"cells-delivered": {**CELLS_DELIVERED, "target": ">= 0.5"}}))
    (path,) = (path for path in town.files() if path.endswith("/operating/2027-04.md"))

    assert "| met, 3.3% above the target, which then was at least 0.3 GWh |" in town.read(path)


def test_a_changed_frequency_owes_no_day_again(town: Town) -> None:
    lived(town, triggers=SILENT)
    edited(town, triggers=SILENT, kpis=kpis(**{"cells-delivered": {**CELLS_DELIVERED, "every": "quarter"}}))

    assert (overdue(town), fired(town), waiting(town)) == (set(), [], [])
    owed = {row["period"]: row["status"] for row in town.rows("measure") if row["kpi"] == CELLS}
    assert all(owed[month] == "reported" for month in MONTHS)
    assert {period for period in owed if period not in MONTHS} == {"2027-04", "2027-05", "2027-06"}


def test_a_partnership_of_years_ago_tells_its_owners_alone_on_the_first_day(town: Town) -> None:
    town.define(written(effective="2024-10-01", triggers=[*MISSED, *SILENT]))
    town.cycle(at("2026-11-27 15:30"))

    told = {(row["email"], row["rung"]) for row in town.rows("notice") if row["about"] == "kpi"}
    assert told == {("tom.reyes@globex.example", "due"), ("uwe.brandt@acme.example", "due")}
    town.cycle(at("2026-12-20 15:30"))
    assert not [key for key in fired(town) if key.startswith("unreported/") and "2026-0" in key]


# Names


def test_a_renamed_kpi_takes_its_readings_flags_and_letters_along(town: Town) -> None:
    town.define()
    town.cycle()
    report(town.app, CELLS, "2026-10", "0.31", None, "tom", at("2026-11-10 15:00"))
    town.cycle(at("2026-12-16 15:00"))
    told = len(notices(town))
    renamed = {**CELLS_DELIVERED, "renamed_from": "cells-delivered"}
    criteria = [{"id": "cells", "says": "Cells arrive", "kpi": "cells"}]
    edited(
        town,
        at("2026-12-16 16:00"),
        kpis={"cells": renamed, "landed-cost": LANDED_COST},
        success_at_90_days={"criteria": criteria},
    )

    new = "acme-globex/cells"
    assert (waiting(town), len(notices(town))) == ([], told), "nobody is told anew"
    assert [row["kpi"] for row in town.rows("reading")] == [new]
    assert (new, "2026-11") in overdue(town) and (CELLS, "2026-11") not in overdue(town)
    assert {row["status"] for row in town.rows("measure") if row["kpi"] in (new, CELLS)} <= {
        "reported",
        "overdue",
        "open",
    }


def test_a_program_or_a_letter_that_has_the_old_name_reports_for_the_new_one(town: Town) -> None:
    criteria = {"criteria": [{"id": "dashboards", "says": "One dashboard", "owner": "dev"}]}
    town.define(success_at_90_days=criteria)
    town.cycle()
    renamed = {"cells": {**CELLS_DELIVERED, "renamed_from": "cells-delivered"}, "landed-cost": LANDED_COST}
    edited(town, at("2026-11-09 15:00"), kpis=renamed, success_at_90_days=criteria)
    done = report(town.app, CELLS, "2026-10", "0.31", None, None, at("2026-11-10 15:00"))
    assert done.reading.kpi == "acme-globex/cells"


def test_a_name_taken_back_goes_on_as_one_history(town: Town) -> None:
    criteria = {"criteria": [{"id": "dashboards", "says": "One dashboard", "owner": "dev"}]}
    lived(town, success_at_90_days=criteria)
    for old, new in (("cells-delivered", "cells"), ("cells", "cells-delivered")):
        edited(
            town,
            kpis={new: {**CELLS_DELIVERED, "renamed_from": old}, "landed-cost": LANDED_COST},
            success_at_90_days=criteria,
        )

    assert {row["period"] for row in town.rows("reading") if row["kpi"] == CELLS} == set(MONTHS)
    assert overdue(town) == set()


def test_a_renamed_person_keeps_what_they_did_and_moves_no_review(town: Town) -> None:
    lived(town, people=PEOPLE)
    before = {id: record.sequence for id, record in town.reviews().items()}
    people = {key: person for key, person in PEOPLE.items() if key != "tom"}
    edited(
        town,
        people={**people, "treyes": {**TOM, "renamed_from": "tom"}},
        kpis=kpis(**{"cells-delivered": {**CELLS_DELIVERED, "owner": "treyes"}}),
    )

    assert waiting(town) == []
    assert {id: record.sequence for id, record in town.reviews().items() if id in before} == before
    assert not [row for row in town.rows("measure") if row["asked"] == "tom"]


def test_a_persons_key_that_is_taken_back_takes_back_what_they_have(town: Town) -> None:
    """Also with another address than the one that they had in between; and nobody is told anew."""
    town.define(people=PEOPLE, triggers=SILENT)
    town.cycle()
    for day in ("2026-11-16", "2026-11-19"):
        town.cycle(at(f"{day} 15:00"))
    before, told = {id: each.review for id, each in town.reviews().items()}, len(notices(town))
    others = {key: person for key, person in PEOPLE.items() if key != "tom"}
    owned = kpis(**{"cells-delivered": {**CELLS_DELIVERED, "owner": "treyes"}})
    renamed = {**TOM, "renamed_from": "tom", "email": "t.reyes@globex.example"}
    edited(town, at("2026-11-19 16:00"), people={**others, "treyes": renamed}, kpis=owned, triggers=SILENT)
    assert {row["person"] for row in town.rows("notice")} >= {"treyes"}
    edited(town, at("2026-11-19 17:00"), people=PEOPLE, triggers=SILENT)

    assert {id: each.review for id, each in town.reviews().items()} == before
    assert len(notices(town)) == told
    assert "treyes" not in {row["person"] for row in town.rows("notice")} | {row["owner"] for row in town.rows("flag")}
    assert not [row for row in town.rows("revision") if row["action"] in ("revise", "move")]


def test_somebody_else_under_a_former_key_takes_nothing_of_whoever_bore_it(town: Town) -> None:
    town.define(people=PEOPLE, triggers=SILENT)
    town.cycle()
    town.cycle(at("2026-11-16 15:00"))
    others = {key: person for key, person in PEOPLE.items() if key != "tom"}
    owned = kpis(**{"cells-delivered": {**CELLS_DELIVERED, "owner": "treyes"}})
    renamed = {**TOM, "renamed_from": "tom"}
    edited(town, at("2026-11-19 16:00"), people={**others, "treyes": renamed}, kpis=owned, triggers=SILENT)
    somebody = {**TOM, "name": "Tom Arnold", "email": "tom.arnold@globex.example"}
    edited(town, at("2026-11-19 17:00"), people={**others, "tom": somebody}, triggers=SILENT)

    by_email = {row["email"]: row["person"] for row in town.rows("notice")}
    assert by_email[TOM["email"]] == "treyes"


def test_a_letter_names_whoever_was_told_also_when_they_are_gone_from_the_definition(town: Town) -> None:
    town.define(people=PEOPLE)
    town.cycle()
    for day in ("2026-11-13", "2026-11-16", "2026-11-18"):
        town.cycle(at(f"{day} 15:00"))
    gone = {key: person for key, person in PEOPLE.items() if key != "tom"}
    dev = {**CELLS_DELIVERED, "owner": "dev", "deputy": None}
    edited(town, at("2026-11-19 15:00"), people=gone, kpis=kpis(**{"cells-delivered": dev}))
    with town.app.store.read() as db:
        row = partnerships.get(db, "acme-globex")
        assert row
        known = state_of(town.app, db, row, at("2026-11-19 15:00"))
    assert (known.partnership.name_of("tom"), known.partnership.name_of("dev")) == ("Tom Reyes", "Dev Patel")


# A person's word


def test_from_written_backwards_waits_for_a_word_and_the_definition_in_force_stays(town: Town) -> None:
    lived(town)
    new = {**CELLS_DELIVERED, "name": "Yield", "from": "2027-01-01"}
    edited(town, kpis=kpis(**{"yield": new}))

    (what,) = waiting(town)
    assert "acme-globex/yield would owe 2027-01, 2027-02, 2027-03" in what and "it needs approval" in what
    assert overdue(town) == set()
    with town.app.store.write() as db:
        row = partnerships.get(db, "acme-globex")
        assert row and "Yield" not in row.definition and len(versions.listing(db, row.id)) == 1


def test_by_a_persons_word_it_is_taken_up_and_the_owner_is_asked_first(town: Town) -> None:
    lived(town)
    new = {**CELLS_DELIVERED, "name": "Yield", "from": "2027-01-01"}
    edited(town, kpis=kpis(**{"yield": new}))
    with town.app.store.write() as db:
        state = file_states.faulty(db)[0]
        partnerships.approve(db, "acme-globex", state.content_hash)
    town.cycle(at("2027-04-07 16:00"))

    assert waiting(town) == []
    told = {(row["email"], row["rung"]) for row in town.rows("notice") if row["subject"] == "acme-globex/yield"}
    assert told == {("tom.reyes@globex.example", "due"), ("tom.reyes@globex.example", "heads_up")}


def test_a_trigger_added_over_what_has_happened_waits_for_a_word(town: Town) -> None:
    lived(town, value="0.1", triggers=[{"when": "vacant", "role": "sponsor"}])
    edited(town, triggers=MISSED)

    (what,) = waiting(town)
    assert "a trigger would fire: Cells delivered missed its target 3 periods in a row" in what
    assert fired(town) == []


def test_an_edit_that_is_mended_is_taken_up_by_itself(town: Town) -> None:
    lived(town, value="0.1", triggers=[{"when": "vacant", "role": "sponsor"}])
    edited(town, triggers=MISSED)
    edited(town, at("2027-04-07 16:00"), triggers=[{"when": "missed", "kpi": "any", "times": 7}])

    assert (waiting(town), fired(town)) == ([], [])


def test_a_seat_that_an_edit_empties_calls_its_review_at_once(town: Town) -> None:
    """It is a fact of today, and none of the past."""
    vacant = [{"when": "vacant", "role": "sponsor"}]
    lived(town, people=PEOPLE, triggers=vacant)
    june = {key: value for key, value in PEOPLE["june"].items() if key != "role"}
    edited(town, people={**PEOPLE, "june": june}, triggers=vacant)

    assert (waiting(town), fired(town)) == ([], ["vacant/sponsor/globex"])


# Repeating


def test_every_version_is_kept_once_however_often_the_cycle_runs(town: Town) -> None:
    lived(town)
    edited(town, goal="Another goal")
    for hour in (16, 17):
        town.cycle(at(f"2027-04-07 {hour}:00"))

    with town.database() as db:
        known = versions.listing(db, "acme-globex")
    assert [each.kind for each in known] == ["first", "edit"]
    assert known[0].part == known[1].part, "a goal is nothing that KPIs rest on"


def test_a_handover_asks_the_new_owner_first_and_nobody_above(town: Town) -> None:
    town.define()
    town.cycle()
    town.cycle(at("2027-01-20 15:00"))
    before = {(row["subject"], row["period"], row["rung"], row["email"]) for row in town.rows("notice")}
    edited(
        town,
        at("2027-01-21 15:00"),
        kpis=kpis(**{"cells-delivered": {**CELLS_DELIVERED, "owner": "dev", "deputy": "tom"}}),
    )

    told = {(row["subject"], row["period"], row["rung"], row["email"]) for row in town.rows("notice")} - before
    assert {each[2:] for each in told if each[0] == CELLS} == {("due", "dev.patel@globex.example")}


def test_what_is_reported_after_an_edit_belongs_to_the_version_of_its_period(town: Town) -> None:
    town.define()
    town.cycle()
    edited(town, at("2026-11-03 15:00"), kpis=kpis(**{"cells-delivered": {**CELLS_DELIVERED, "target": ">= 0.5"}}))
    report(town.app, CELLS, "2026-10", "0.31", None, None, at("2026-11-10 15:00"))
    with town.app.store.write() as db:
        govern_in(town.app, db, "acme-globex", at("2026-11-10 15:00"))
        assert readings.current(db, "acme-globex")[CELLS, "2026-10"].met


def test_a_rename_taken_back_takes_flags_and_told_steps_back(town: Town) -> None:
    """The file is restored as it was, without a `renamed_from` for the way back."""
    criteria = {"criteria": [{"id": "dashboards", "says": "One dashboard", "owner": "dev"}]}
    town.define(success_at_90_days=criteria)
    town.cycle()
    for day in ("2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"):
        town.cycle(at(f"{day} 15:00"))
    told = {(row["period"], row["rung"], row["email"]) for row in town.rows("notice") if row["subject"] == CELLS}
    for key, before in (("cells", "cells-delivered"), ("cells-out", "cells")):
        renamed = {**CELLS_DELIVERED, "renamed_from": before}
        edited(
            town, at("2026-11-19 16:00"), kpis={key: renamed, "landed-cost": LANDED_COST}, success_at_90_days=criteria
        )
    assert {kpi for kpi, _ in overdue(town)} >= {"acme-globex/cells-out"}
    edited(town, at("2026-11-19 17:00"), success_at_90_days=criteria)

    assert waiting(town) == [] and (CELLS, "2026-10") in overdue(town)
    assert {
        (row["period"], row["rung"], row["email"]) for row in town.rows("notice") if row["subject"] == CELLS
    } == told
    assert not [row for row in town.rows("notice") if row["subject"].startswith("acme-globex/cells-out")]
    assert [row["opened_at"] for row in town.rows("flag") if row["kpi"] == CELLS and row["closed_at"] is None]


def test_a_kpi_put_back_within_the_hour_goes_on_as_if_it_had_not_been_dropped(town: Town) -> None:
    criteria = {"criteria": [{"id": "dashboards", "says": "One dashboard", "owner": "dev"}]}
    town.define(success_at_90_days=criteria, triggers=SILENT)
    town.cycle()
    for day in ("2026-11-16", "2026-11-19"):
        town.cycle(at(f"{day} 15:00"))
    before = overdue(town), len(notices(town))
    now = at("2026-11-19 16:00")
    edited(town, now, kpis={"landed-cost": LANDED_COST}, success_at_90_days=criteria, triggers=SILENT)
    assert (CELLS, "2026-10") not in overdue(town)
    edited(town, at("2026-11-19 17:00"), success_at_90_days=criteria, triggers=SILENT)

    assert waiting(town) == []
    assert (overdue(town), len(notices(town))) == before, "nobody is told anew"


# Layers -------------------------------------------------------------------------------------------------------------


LOTS = {**CELLS_DELIVERED, "name": "Lots"}
SUPPLY = {"name": "Supply", "model": "contractual_alliance", "effective": "2026-10-01", "kpis": {"lots": LOTS}}


def owed(town: Town, kpi: str) -> set[str]:
    return {row["period"] for row in town.rows("measure") if row["kpi"] == kpi}


def test_a_layer_whose_rename_is_taken_back_owes_what_it_owed(town: Town) -> None:
    town.define(triggers=SILENT, layers={"supply": SUPPLY})
    town.cycle()
    for day in ("2026-11-16", "2026-11-19"):
        town.cycle(at(f"{day} 15:00"))
    before = overdue(town), owed(town, "acme-globex/supply/lots"), len(notices(town))
    assert ("acme-globex/supply/lots", "2026-10") in before[0]
    renamed = {**SUPPLY, "renamed_from": "supply"}
    edited(town, at("2026-11-19 16:00"), triggers=SILENT, layers={"deliveries": renamed})
    assert ("acme-globex/deliveries/lots", "2026-10") in overdue(town)
    edited(town, at("2026-11-19 17:00"), triggers=SILENT, layers={"supply": SUPPLY})

    assert waiting(town) == []
    assert (overdue(town), owed(town, "acme-globex/supply/lots"), len(notices(town))) == before


def test_a_new_layers_kpi_takes_no_history_from_the_umbrellas_of_the_same_key(town: Town) -> None:
    town.define(triggers=SILENT)
    town.cycle()
    town.cycle(at("2026-11-19 15:00"))
    layer = {**SUPPLY, "kpis": {"cells-delivered": LOTS}}
    edited(town, at("2026-11-19 16:00"), triggers=SILENT, layers={"supply": layer})

    assert waiting(town) == []
    assert min(owed(town, "acme-globex/supply/cells-delivered")) == "2026-12"


def test_an_edit_of_kpis_that_would_cancel_most_reviews_lets_no_kpi_go_either(town: Town) -> None:
    town.define(triggers=SILENT, layers={"supply": SUPPLY})
    town.cycle()
    for day in ("2026-11-16", "2026-11-19"):
        town.cycle(at(f"{day} 15:00"))
    before, versions_before = overdue(town), len(town.rows("definition_version"))
    off = {key: {"off": True} for key in ("pipeline", "operating", "health-audit", "sponsors", "strategy")}
    edited(town, at("2026-11-19 16:00"), triggers=SILENT, reviews=off)
    (what,) = waiting(town)
    assert "it would cancel" in what and overdue(town) == before
    assert len(town.rows("definition_version")) == versions_before
    edited(town, at("2026-11-19 17:00"), triggers=SILENT, layers={"supply": SUPPLY})

    assert waiting(town) == [] and overdue(town) == before
    assert ("acme-globex/supply/lots", "2026-10") in before
