"""An actor-level KPI reaches the people of its own organisation, and nobody else, by any way out."""

from datetime import date

import pytest

from scheduler.domain.definition.kpi import Kpi
from scheduler.domain.definition.vocabulary import Level, Model
from scheduler.domain.record.measurement import Measurement, Period
from scheduler.render.agenda.markdown import agenda, as_html, gist
from scheduler.rules.access import JOINT, Audience, audience_of, may_be_said, may_see, visible
from tests.builders import DEV, INES, TOM, a_kpi, a_partnership
from tests.render.agendas import FOLDERS, KEYS, KPIS, REVIEWS, a_briefing, a_case

ACME, GLOBEX = Audience("acme"), Audience("globex")
INTERNAL_TO_ACME = a_kpi(level="actor", of="acme")
MARKED = ("SECRET", "92.77", "93.11", "94.22", "landed")
"""Words and figures of Acme's landed cost that stand nowhere else."""


def measured(kpi: Kpi) -> Measurement:
    november = Period("2026-11", date(2026, 11, 1), date(2026, 11, 30))
    due = date(2026, 12, 10)
    return Measurement("acme-globex/x", "acme-globex", None, "x", kpi, november, "tom", None, due, due, "open", None)


@pytest.mark.parametrize("audience", [JOINT, ACME, GLOBEX])
def test_a_network_level_kpi_is_for_everybody(audience: Audience) -> None:
    assert may_see(a_kpi(), audience)


def test_an_actor_level_kpi_is_for_its_own_organisation_alone() -> None:
    assert may_see(INTERNAL_TO_ACME, ACME)
    assert not may_see(INTERNAL_TO_ACME, GLOBEX)
    assert not may_see(INTERNAL_TO_ACME, JOINT)


def test_an_actor_level_kpi_of_no_organisation_reaches_nobody() -> None:
    """A definition cannot say this; should it ever come about, silence is the safe side."""
    stray = a_kpi().model_copy(update={"level": Level.ACTOR})
    assert not any(may_see(stray, audience) for audience in (JOINT, ACME, GLOBEX))


def test_what_is_visible_keeps_its_order() -> None:
    shared, own = measured(a_kpi()), measured(INTERNAL_TO_ACME)
    assert visible([own, shared, own], ACME) == (own, shared, own)
    assert visible([own, shared, own], GLOBEX) == (shared,)


def test_a_person_sees_what_their_organisation_sees_and_a_neutral_chair_the_network_level() -> None:
    chair = {"name": "Ada Quist", "email": "ada@quist.example"}
    partnership = a_partnership(people={"ines": INES, "dev": DEV, "tom": TOM, "uwe": INES, "marta": INES, "ada": chair})
    assert audience_of("ines", partnership) == ACME
    assert audience_of("dev", partnership) == GLOBEX
    assert audience_of("ada", partnership) == JOINT
    assert audience_of("somebody-who-left", partnership) == JOINT


def test_what_is_internal_is_said_where_only_the_organisations_own_people_read_along() -> None:
    """Ada, of no organisation, has an address at Quist's; nobody has one at nobody.example."""
    chair = {"name": "Ada Quist", "email": "ada@Quist.example"}
    partnership = a_partnership(people={"ines": INES, "dev": DEV, "tom": TOM, "uwe": INES, "marta": INES, "ada": chair})
    assert may_be_said("acme", "acme.example", partnership)
    for elsewhere in ("globex.example", "quist.example", "nobody.example", "mail.acme.example", None):
        assert not may_be_said("acme", elsewhere, partnership)
        assert may_be_said(None, elsewhere, partnership)


@pytest.mark.parametrize(("model", "key"), REVIEWS)
def test_no_agenda_page_or_gist_for_others_bears_a_word_or_figure_of_an_actor_level_kpi(model: Model, key: str) -> None:
    for audience in (JOINT, GLOBEX):
        told = a_briefing(a_case(model), key, audience=audience)
        text = agenda(told, FOLDERS).text
        everything = (repr(told), text, as_html(text, told.title, FOLDERS).text, gist(told))
        assert [mark for mark in MARKED for out in everything if mark.lower() in out.lower()] == []


@pytest.mark.parametrize("key", KEYS)
def test_an_internal_brief_is_the_joint_agenda_and_a_section_of_its_own(key: str) -> None:
    joint = agenda(a_briefing(key=key), FOLDERS).text
    brief = agenda(a_briefing(key=key, audience=ACME), FOLDERS).text
    before, section, own = brief.partition("\n## Internal: Acme Motors SE\n")
    assert before == joint
    assert section and "SECRET-COST per kWh" in own


def test_the_gist_for_calendars_bears_no_kpi_even_for_its_own_organisation() -> None:
    told = a_briefing(audience=ACME)
    assert told.internal and told.internal.figures.kpis
    assert not any(mark.lower() in gist(told).lower() for mark in MARKED)


def test_a_brief_for_an_organisation_that_does_not_meet_has_no_internal_section() -> None:
    assert a_briefing(audience=Audience("initech")).internal is None


def test_a_criterion_measured_by_an_actor_level_kpi_is_judged_by_that_side_and_shows_no_figure() -> None:
    criteria = [{"id": "cost", "says": "Acme's cost falls as planned", "kpi": "landed-cost", "target": "<= 92.77"}]
    partnership = a_case(success_at_90_days={"criteria": criteria})
    joint = a_briefing(partnership, "checkpoint").criteria[0]
    assert (joint.verdict, joint.judge, joint.target, joint.evidence) == ("to be judged", "Acme Motors SE", None, "")
    own = a_briefing(partnership, "checkpoint", audience=ACME).internal
    assert own and own.criteria[0].verdict == "missed"
    assert a_briefing(partnership, "checkpoint", audience=ACME).criteria[0] == joint


def test_a_layers_figures_are_not_mixed_with_the_umbrellas_of_the_same_key() -> None:
    """The umbrella's `cells-delivered` is Acme's own here, and the layer's is shared."""
    umbrella = {**KPIS, "cells-delivered": {**KPIS["landed-cost"], "name": "SECRET cells"}}
    shared = {"cells-delivered": KPIS["cells-delivered"]}
    layer = {"name": "Licence", "model": "contractual_alliance", "effective": "2026-10-01", "kpis": shared}
    partnership = a_case(kpis=umbrella, layers={"licence": layer})
    told = a_briefing(partnership, layer="licence", values={"cells-delivered": ("0.31",)})
    assert [line.name for line in told.figures.kpis] == ["Cells delivered"]
    assert "SECRET" not in repr(told)
