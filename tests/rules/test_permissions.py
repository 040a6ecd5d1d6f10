"""Who may do what on the pages."""

import pytest

from scheduler.rules import permissions
from scheduler.rules.permissions import NotPermitted
from tests.builders import CELLS_DELIVERED, a_partnership

ACTOR = {**CELLS_DELIVERED, "level": "actor", "of": "acme"}


def test_a_refusal_names_who_may() -> None:
    partnership = a_partnership()
    with pytest.raises(NotPermitted) as refused:
        permissions.check("tom", permissions.managers(partnership), partnership, "move this review")
    assert refused.value.what == "You may not move this review"
    assert refused.value.hint == "Dev Patel or Inès Falk may"


def test_an_operator_may_do_everything() -> None:
    permissions.check(None, frozenset(), a_partnership(), "move this review")


def test_where_nobody_may_an_operator_is_named() -> None:
    with pytest.raises(NotPermitted) as refused:
        permissions.check("tom", frozenset(), a_partnership(), "do it")
    assert refused.value.hint == "an operator of this program may"


def test_a_kpi_is_its_owners_and_deputys_and_of_the_managers_who_may_see_it() -> None:
    partnership = a_partnership(kpis={"cells-delivered": CELLS_DELIVERED, "internal": ACTOR})
    joint, internal = partnership.kpi("acme-globex/cells-delivered"), partnership.kpi("acme-globex/internal")
    assert joint and internal
    assert permissions.who_reports(joint, partnership) >= {"ines", "dev", joint.owner}
    assert "dev" not in permissions.who_reports(internal, partnership) - {internal.owner, internal.deputy}
