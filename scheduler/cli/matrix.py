"""`cadence matrix`: a cadence on one page: who meets whom, how often, on what, who owns the agenda."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.formats import Object, when
from scheduler.cli.output import as_json, plain, print_grid, print_json, print_table

if TYPE_CHECKING:
    from scheduler.domain.definition.kpi import Kpi
    from scheduler.domain.definition.playbook import Clocks
    from scheduler.domain.record.review import Review, Series
    from scheduler.rules.access import Audience
    from scheduler.rules.reviews.scopes import Scope

_COLUMNS = (
    ("review", 18), ("how often", 22), ("length", 7), ("who meets", 28), ("asks", 26), ("agenda owner", 16),
    ("chair", 16), ("quorum", 14), ("outside hours", 20), ("clocks", 28)
)  # fmt: skip
_ROTATING = {"host": "host", "minutes_by": "minutes"}
"""What sides take in turn besides the chair, in words."""
_KPI_HEADS = ("KPI", "name", "level", "owner", "deputy", "target", "every", "due", "decides")


@click.command(epilog="For example: cadence matrix acme-globex --for acme")
@click.argument("id")
@params.for_
@as_json
@click.pass_obj
def matrix(context: Context, id: str, organisation: str | None, as_json: bool) -> None:
    """Print the cadence of the partnership ID on one page, with its KPIs: network level and, with --for, those of one
    organisation."""
    from scheduler.services.views.cadence import cadence

    with context.app() as app:
        parts, audience = cadence(app, id, organisation, context.now)
    if as_json:
        print_json([_as_dict(scope, audience) for scope in parts])
        return
    for scope in parts:
        _print(scope, audience)


def _print(scope: "Scope", audience: "Audience") -> None:
    ends = f" until {scope.ends}" if scope.ends else ""
    models = ", then ".join(f"{phase.model.words} from {phase.starts}" for phase in scope.phases)
    click.echo(click.style(plain(f"{scope.name}  ({scope.id})"), bold=True))
    click.echo(f"{models}{ends}\n")
    print_grid(_COLUMNS, _rows(scope))
    print_table(_KPI_HEADS, (_kpi_row(key, kpi, scope) for key, kpi in _seen(scope, audience)), empty="No KPIs.")
    click.echo()


def _rows(scope: "Scope") -> Iterator[tuple[str, ...]]:
    from scheduler.rules.reviews.burdens import outside_hours
    from scheduler.rules.reviews.checkpoint import checkpoint

    for series in scope.series:
        yield (
            f"{series.title} ({series.key})",
            often(series),
            _minutes(series),
            ", ".join(_with_role(scope, key) for key in series.attendees),
            _asks(scope, series),
            _owner(scope, series),
            _chair(scope, series),
            series.quorum,
            "; ".join(f"{each.organisation}: {each.words}" for each in outside_hours(scope, series)),
            clocks_in_words(series.clocks),
        )
    if success := checkpoint(scope):
        yield _checkpoint_row(scope, success)


def _asks(scope: "Scope", of: "Series | Review") -> str:
    return scope.agendas[of.model][of.kind].asks


def often(series: "Series") -> str:
    """``every month, working day 14, at 15:00 Europe/Berlin``; with the span where it does not run from first to
    last."""
    day = f"rule {series.rule}" if series.rule else f"every {series.every}, {series.on}"
    since = f", from {series.starts}" if series.starts > series.anchor else ""
    at = ", ".join(map(str, series.slots)) + " in turn" if series.slots else series.at
    return f"{day}, at {at} {series.timezone}{since}"


def _minutes(series: "Series") -> str:
    return f"{int(series.length.total_seconds() // 60)} min"


def _name(scope: "Scope", key: str | None) -> str:
    return scope.people[key].name if key in scope.people else str(key)


def _with_role(scope: "Scope", key: str) -> str:
    person = scope.people.get(key)
    said = [part for part in (person.role.words if person.role else None, person.of) if part] if person else []
    return f"{_name(scope, key)} ({', '.join(said)})" if said else _name(scope, key)


def _owner(scope: "Scope", series: "Series") -> str:
    deputy = f" (deputy {_name(scope, series.deputy)})" if series.deputy else " (no deputy)"
    return _name(scope, series.agenda_owner) + deputy


def _chair(scope: "Scope", series: "Series") -> str:
    names = ", ".join(_name(scope, key) for key in series.chairs)
    turns = {"each": "in turn", "monthly": "in turn, monthly", "yearly": "in turn, yearly"}[series.rotates]
    said = f"{names} {turns}" if len(series.chairs) > 1 else names
    others = [_ROTATING[each] for each in series.rotate if each in _ROTATING]
    return f"{said}; {' and '.join(others)} in turn by {', '.join(series.sides)}" if others else said


def clocks_in_words(clocks: "Clocks") -> str:
    """``notice 10 days before, items until the start, minutes 5 working days after, objections 10 days later``."""
    said = [(name, getattr(clocks, name)) for name in ("notice", "agenda", "items")]
    words = [f"{name} {span} before" if span.count else f"{name} until the start" for name, span in said if span]
    words += [f"minutes {clocks.minutes} after"] if clocks.minutes else []
    words += [f"objections {clocks.objections} later"] if clocks.objections else []
    return ", ".join(words)


def _checkpoint_row(scope: "Scope", review: "Review") -> tuple[str, ...]:
    from scheduler.rules.reviews.burdens import burdens

    special = scope.playbook.checkpoint
    deputy = f" (deputy {_name(scope, review.deputy)})" if review.deputy else " (no deputy)"
    return (
        f"{review.title} (checkpoint)",
        f"once, {when(review.start)} {review.timezone}",
        f"{int(special.length.duration.total_seconds() // 60)} min",
        ", ".join(_with_role(scope, key) for key in review.attendees),
        _asks(scope, review),
        _name(scope, review.agenda_owner) + deputy,
        _name(scope, review.chair),
        review.quorum,
        "; ".join(f"{each.organisation}: {each.minutes} min" for each in burdens(scope, review) if each.minutes),
        clocks_in_words(special.clocks),
    )


def _seen(scope: "Scope", audience: "Audience") -> "Iterator[tuple[str, Kpi]]":
    from scheduler.rules.access import may_see

    return ((key, kpi) for key, kpi in scope.kpis.items() if may_see(kpi, audience))


def _kpi_row(key: str, kpi: "Kpi", scope: "Scope") -> tuple[object, ...]:
    level = f"internal to {kpi.of}" if kpi.of else kpi.level
    target = f"{kpi.target} {kpi.unit}" if kpi.unit else kpi.target
    owner, deputy = _name(scope, kpi.owner), _name(scope, kpi.deputy) if kpi.deputy else "nobody"
    return key, kpi.name, level, owner, deputy, target, kpi.every, kpi.due, _name(scope, kpi.decides)


def _as_dict(scope: "Scope", audience: "Audience") -> Object:
    return {
        "id": scope.id,
        "partnership": scope.partnership,
        "layer": scope.layer,
        "name": scope.name,
        "effective": scope.effective,
        "ends": scope.ends,
        "timezone": scope.timezone,
        "phases": [{"from": starts, "until": ends, "model": model} for starts, ends, model in scope.phases],
        "series": [_series(series, scope) for series in scope.series],
        "kpis": [_kpi(scope, key, kpi) for key, kpi in _seen(scope, audience)],
    }


def _series(series: "Series", scope: "Scope") -> Object:
    from scheduler.rules.reviews.burdens import outside_hours

    return {
        "id": series.id,
        "series": series.key,
        "title": series.title,
        "kind": series.kind,
        "model": series.model,
        "asks": _asks(scope, series),
        "every": None if series.rule else str(series.every),
        "on": None if series.rule else str(series.on),
        "rule": series.rule,
        "at": str(series.at),
        "slots": [str(each) for each in series.slots],
        "timezone": series.timezone,
        "minutes": int(series.length.total_seconds() // 60),
        "outside_hours": [each._asdict() for each in outside_hours(scope, series)],
        "from": series.starts,
        "until": series.ends,
        "day_off": series.day_off,
        "agenda_owner": series.agenda_owner,
        "deputy": series.deputy,
        "chairs": series.chairs,
        "rotate": series.rotate,
        "sides": series.sides,
        "attendees": series.attendees,
        "quorum": series.quorum,
        "clocks": {name: str(span) for name, span in series.clocks if span is not None},
    }


def _kpi(scope: "Scope", key: str, kpi: "Kpi") -> Object:
    return {
        "id": scope.id.kpi(key),
        "kpi": key,
        "name": kpi.name,
        "level": kpi.level,
        "organisation": kpi.of,
        "owner": kpi.owner,
        "deputy": kpi.deputy,
        "target": str(kpi.target),
        "unit": kpi.unit,
        "every": kpi.every,
        "due": str(kpi.due),
        "decides": kpi.decides,
    }
