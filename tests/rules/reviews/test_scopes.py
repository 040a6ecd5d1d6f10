"""A definition says only where it differs: what it does not say comes from the playbook of its structural model."""

from datetime import date, time, timedelta
from typing import Any

import pytest

from scheduler.domain.definition.vocabulary import Kind, Model
from scheduler.domain.record.review import Series
from scheduler.rules.reviews.scopes import Scope, scopes
from tests.builders import ACME, CELLS_DELIVERED, DEV, GLOBEX, INES, INITECH, JUNE, TOM, a_partnership, playbooks

EQUITY = {"holder": "acme", "in": "globex", "percent": 8.5}


def umbrella(**written: Any) -> Scope:
    return scopes(a_partnership(**written), playbooks())[0]


def series(key: str, **written: Any) -> Series:
    return next(series for series in umbrella(**written).series if series.key == key)


def test_the_playbook_fills_in_what_the_definition_leaves_out() -> None:
    operating = series("operating")
    assert str(operating.every) == "month"
    assert str(operating.on) == "working day 14"
    assert (operating.title, operating.kind, operating.length) == (
        "Operating review",
        Kind.OPERATING,
        timedelta(hours=1),
    )
    assert (operating.timezone, operating.anchor) == ("Europe/Berlin", date(2026, 10, 1))


@pytest.mark.parametrize(
    ("model", "keys"),
    [
        (Model.CONTRACTUAL_ALLIANCE, "pipeline operating health-audit sponsors strategy"),
        (Model.JOINT_VENTURE, "pipeline operating health-audit strategy"),
        (Model.CONSORTIUM, "operating health-audit strategy"),
        (Model.EQUITY_ALLIANCE, "pipeline health-audit board strategy"),
        (Model.REVENUE_SHARING, "pipeline operating health-audit strategy"),
    ],
)
def test_each_model_has_its_own_cadence(model: Model, keys: str) -> None:
    found = umbrella(model=model, agreement={"equity": EQUITY})
    assert " ".join(series.key for series in found.series) == keys
    assert {series.model for series in found.series} == {model}


def test_a_definition_changes_a_series_field_by_field() -> None:
    written = {"operating": {"at": "16:30", "clocks": {"agenda": "8 days"}, "place": "Halden"}}
    operating, standard = series("operating", reviews=written), series("operating")
    assert operating.at.time == time(16, 30)
    assert operating.place == "Halden"
    assert str(operating.clocks.agenda) == "8 days"
    assert operating.clocks.notice == standard.clocks.notice
    assert (operating.every, operating.on, operating.title) == (standard.every, standard.on, standard.title)


def test_another_frequency_without_a_day_takes_the_playbooks_day_for_it() -> None:
    assert str(series("pipeline", reviews={"pipeline": {"every": "month"}}).on) == "working day 14"
    assert str(series("pipeline", reviews={"pipeline": {"every": "2 weeks"}}).on) == "tuesday"
    assert str(series("pipeline", reviews={"pipeline": {"every": "month", "on": "last friday"}}).on) == "last friday"


def test_off_drops_a_review_that_the_playbook_has() -> None:
    found = umbrella(reviews={"sponsors": {"off": True}})
    assert [series.key for series in found.series] == ["pipeline", "operating", "health-audit", "strategy"]


def test_a_series_under_a_new_key_takes_after_those_of_its_kind() -> None:
    safety = series("cell-safety", reviews={"cell-safety": {"every": "month", "on": "day 15"}})
    assert (safety.title, safety.kind, str(safety.on)) == ("Cell safety", Kind.OPERATING, "day 15")
    assert safety.length == series("operating").length
    audit = series("supply-audit", reviews={"supply-audit": {"kind": "health-audit", "title": "Supply audit"}})
    assert (audit.title, str(audit.every), str(audit.on)) == ("Supply audit", "quarter", "third tuesday of month 2")


def test_a_key_that_other_models_have_keeps_its_usual_title() -> None:
    operating = series(
        "operating", model="equity_alliance", agreement={"equity": EQUITY}, reviews={"operating": {"every": "month"}}
    )
    assert (operating.title, str(operating.on)) == ("Operating review", "working day 14")


def test_a_rule_stands_instead_of_frequency_and_day() -> None:
    assert series("pipeline", reviews={"pipeline": {"rule": "FREQ=MONTHLY;BYDAY=2TU"}}).rule == "FREQ=MONTHLY;BYDAY=2TU"


def test_people_come_from_the_roles_of_the_playbook_in_the_order_of_the_definition() -> None:
    assert series("pipeline").attendees == ("ines", "dev")
    assert series("strategy").attendees == ("ines", "marta", "dev", "june")
    assert series("strategy", reviews={"strategy": {"attendees": ["june", "ines"]}}).attendees == ("june", "ines")


def test_the_agendas_owner_is_an_alliance_manager_else_a_sponsor_else_anybody() -> None:
    assert series("operating").agenda_owner == "ines"
    assert series("operating", people={"tom": TOM, "june": JUNE}).agenda_owner == "june"
    assert series("operating", people={"tom": TOM}).agenda_owner == "tom"


def test_whoever_owns_the_agenda_attends() -> None:
    operating = series("operating", reviews={"operating": {"agenda_owner": "tom"}})
    assert operating.attendees == ("ines", "dev", "tom")


def test_the_chair_is_the_playbooks_seat_else_the_alliance_managers() -> None:
    assert series("strategy").chairs == ("marta", "june")
    assert series("strategy", people={"tom": TOM, "ines": INES, "dev": DEV}).chairs == ("ines", "dev")
    assert series("strategy", people={"tom": TOM}).chairs == ("tom",)
    explicit = series("pipeline", reviews={"pipeline": {"chair": ["june", "marta"]}})
    assert (explicit.chairs, explicit.rotates, series("pipeline").rotates) == (("june", "marta"), "each", "monthly")


def test_a_fiscal_series_follows_the_organisation_it_names_and_the_board_its_investee() -> None:
    three = {"acme": ACME, "globex": {**GLOBEX, "fiscal_year_starts": "october"}, "initech": INITECH}
    equity = {"model": "equity_alliance", "agreement": {"equity": EQUITY}, "organisations": three}
    assert series("board", **equity).fiscal_start == 10
    assert series("health-audit", **equity).fiscal_start is None
    assert series("board", **equity, reviews={"board": {"fiscal": "initech"}}).fiscal_start == 4


def test_kpis_have_the_playbooks_due_where_they_say_none() -> None:
    silent = {key: value for key, value in CELLS_DELIVERED.items() if key != "due"}
    found = umbrella(kpis={"cells": silent, "own": CELLS_DELIVERED | {"due": "3 days"}})
    assert {key: str(kpi.due) for key, kpi in found.kpis.items()} == {"cells": "8 working days", "own": "3 days"}


LAYER: dict[str, Any] = {"name": "Cell chemistry licence", "model": "revenue_sharing", "effective": "2027-01-15"}


def layer(partnership: dict[str, Any] | None = None, **changes: Any) -> Scope:
    written: dict[str, Any] = {**LAYER, "formula": "net sales", **changes}
    return scopes(a_partnership(layers={"apac": written}, **(partnership or {})), playbooks())[1]


def test_a_layer_inherits_people_organisations_and_zone_but_not_the_cadence() -> None:
    found = layer()
    above = umbrella()
    assert found.id == "acme-globex/apac"
    assert (found.people, found.organisations, found.timezone) == (above.people, above.organisations, above.timezone)
    assert [series.title for series in found.series][1] == "Settlement review"
    assert {series.anchor for series in found.series} == {date(2027, 1, 15)}
    assert (found.kpis, found.success) == ({}, None)
    assert found.series[0].id == "acme-globex/apac/pipeline"


def test_a_layer_of_its_own_organisations_meets_with_their_people_only() -> None:
    found = layer(organisations=["globex"], timezone="America/Detroit")
    assert list(found.organisations) == ["globex"]
    assert found.series[0].attendees == ("dev",)
    assert found.series[0].timezone == "America/Detroit"


def test_a_layer_ends_with_its_umbrella_at_the_latest() -> None:
    assert layer().ends is None
    ending: dict[str, Any] = {"agreement": {"ends": "2029-09-30"}}
    assert layer(ending).ends == date(2029, 9, 30)
    assert layer(ending, ends="2028-01-31").ends == date(2028, 1, 31)
    assert layer(ending, ends="2030-01-31").series[0].ends == date(2029, 9, 30)


def amended(*changes: tuple[str, str], **agreement: Any) -> Scope:
    amendments = [{"effective": day, "model": model, "entity": "Halden Cells GmbH"} for day, model in changes]
    return umbrella(agreement={"amendments": amendments, **agreement})


def test_an_amendment_of_the_model_ends_one_phase_and_starts_the_next() -> None:
    found = amended(("2027-04-01", "joint_venture"), ends="2029-09-30")
    assert [tuple(map(str, phase)) for phase in found.phases] == [
        ("2026-10-01", "2027-03-31", "contractual_alliance"),
        ("2027-04-01", "2029-09-30", "joint_venture"),
    ]
    assert found.model_on(date(2027, 3, 31)) is Model.CONTRACTUAL_ALLIANCE
    assert found.model_on(date(2027, 4, 1)) is Model.JOINT_VENTURE


def test_a_key_in_both_models_goes_on_under_its_id_with_new_terms() -> None:
    found = amended(("2027-04-01", "joint_venture"))
    audits = [series for series in found.series if series.key == "health-audit"]
    assert [series.title for series in audits] == ["Strategic health audit", "Board"]
    assert {series.id for series in audits} == {"acme-globex/health-audit"}
    assert {series.anchor for series in audits} == {date(2026, 10, 1)}
    assert [series.ends for series in found.series if series.key == "sponsors"] == [date(2027, 3, 31)]


def test_the_definitions_own_words_hold_in_every_phase_that_has_the_series() -> None:
    amendments = [{"effective": "2027-04-01", "model": "joint_venture"}]
    reviews = {"pipeline": {"at": "08:15"}, "sponsors": {"at": "08:15"}, "safety": {"every": "month"}}
    found = umbrella(agreement={"amendments": amendments}, reviews=reviews)
    changed = [(series.key, series.model) for series in found.series if str(series.at) == "08:15"]
    contractual, venture = Model.CONTRACTUAL_ALLIANCE, Model.JOINT_VENTURE
    assert changed == [("pipeline", contractual), ("sponsors", contractual), ("pipeline", venture)]
    assert [series.model for series in found.series if series.key == "safety"] == [contractual, venture]


def test_amendments_outside_the_agreements_span_leave_no_phase() -> None:
    early = amended(("2026-09-15", "consortium"))
    assert [phase.model for phase in early.phases] == [Model.CONSORTIUM]
    assert early.phases[0].starts == date(2026, 10, 1)
    late = amended(("2030-01-01", "joint_venture"), ends="2029-09-30")
    assert [phase.model for phase in late.phases] == [Model.CONTRACTUAL_ALLIANCE]


def test_what_a_later_model_requires_is_on_record() -> None:
    entity = amended(("2027-04-01", "joint_venture")).requirements.entity
    assert entity is not None
    assert entity.name == "Halden Cells GmbH"


def test_the_same_definition_gives_equal_scopes() -> None:
    assert scopes(a_partnership(), playbooks()) == scopes(a_partnership(), playbooks())
