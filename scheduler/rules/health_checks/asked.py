"""Who is asked in a round: the same roles on every side."""

from datetime import date

from scheduler.domain.definition.health_check import KPI_OWNER, HealthCheck
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.vocabulary import Role


def asked(terms: HealthCheck, partnership: Partnership, today: date) -> dict[str, tuple[str, ...]]:
    """The people of each organisation whom a round asks on a civil date, by their keys, in the order of the definition.
    Who is of no organisation is of no side."""
    roles = {each for each in terms.asked if isinstance(each, Role)}
    owners = _owners(partnership) if KPI_OWNER in terms.asked else frozenset()
    return {
        side: tuple(
            key
            for key, person in partnership.people.items()
            if person.of == side and not person.has_left(today) and (person.role in roles or key in owners)
        )
        for side in partnership.organisations
    }


def _owners(partnership: Partnership) -> frozenset[str]:
    """Who owns a KPI of whatever level, of the umbrella or a layer, and their deputies."""
    layers = (layer.kpis for layer in partnership.layers.values())
    of_all = (kpi for kpis in (partnership.kpis, *layers) for kpi in kpis.values())
    return frozenset(key for kpi in of_all for key in (kpi.owner, kpi.deputy) if key)
