"""Ids say of what they are, and are the text that they were made of."""

import json

import pytest

from scheduler.domain.ids import FromMinutesId, KpiId, ReviewId, ScopeId, SeriesId

UMBRELLA, LAYER = ScopeId.of("acme-globex", None), ScopeId.of("acme-globex", "emea")


def test_a_scope_is_the_partnership_or_a_layer_of_it() -> None:
    assert (UMBRELLA, UMBRELLA.partnership, UMBRELLA.layer) == ("acme-globex", "acme-globex", None)
    assert (LAYER, LAYER.partnership, LAYER.layer) == ("acme-globex/emea", "acme-globex", "emea")


@pytest.mark.parametrize("scope", [UMBRELLA, LAYER])
def test_what_lies_in_a_scope_names_it_again(scope: ScopeId) -> None:
    kpi, series = scope.kpi("cells"), scope.series("operating")
    assert (kpi.scope, kpi.key, kpi.partnership) == (scope, "cells", "acme-globex")
    assert (series.scope, series.key, series.partnership) == (scope, "operating", "acme-globex")
    review = series.review("2026-12")
    assert (review.parent, review.key, review.partnership) == (series, "2026-12", "acme-globex")
    assert SeriesId(review.parent).scope == scope


def test_a_checkpoint_lies_in_its_scope() -> None:
    assert ReviewId("acme-globex/emea/checkpoint-2").parent == LAYER


@pytest.mark.parametrize("id", ["acme-globex/operating/2026-12#12", "acme-globex/operating/2026-12#P12"])
def test_what_minutes_left_has_its_number_and_its_partnership(id: str) -> None:
    assert (FromMinutesId(id).number, FromMinutesId(id).partnership) == (12, "acme-globex")


def test_an_id_is_text_wherever_text_goes() -> None:
    kpi = KpiId("acme-globex/cells")
    assert json.dumps([kpi, f"{kpi}"]) == '["acme-globex/cells", "acme-globex/cells"]'
    assert kpi in {"acme-globex/cells"}
