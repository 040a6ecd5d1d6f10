"""`cadence triggers`: how near each trigger is to firing, what has fired, and which review it called."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json, print_table
from scheduler.services import lookup

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from scheduler.domain.record.review import Recorded
    from scheduler.domain.record.trigger_event import TriggerEvent
    from scheduler.services.app import App
    from scheduler.services.pipeline.decide import Memory
    from scheduler.store.tables import PartnershipRow

_HEADS = ("scope", "trigger", "watches", "holds", "how near", "fires on", "internal to")
_FIRED = ("scope", "fired on", "what", "review", "state", "internal to")


@click.command(epilog="For example: cadence triggers acme-globex")
@click.argument("partnership", required=False)
@params.for_
@as_json
@click.pass_obj
def triggers(context: Context, partnership: str | None, organisation: str | None, as_json: bool) -> None:
    """Tell how near each trigger is to calling a formal governance review, and what has fired.

    This is the operator's list and shows KPIs of every level; --for shows what one organisation may see.
    """
    from scheduler.rules.access import Audience, may_learn

    near: list[formats.Object] = []
    fired: list[formats.Object] = []
    with context.app() as app, app.store.read() as db:
        for row in lookup.partnerships_of(app, db, partnership, organisation):
            found, causes = _of(app, db, row, context.now)
            near += found
            fired += causes
    if organisation is not None:
        near, fired = (
            [each for each in every if may_learn(each["organisation"], Audience(organisation))]
            for every in (near, fired)
        )
    if as_json:
        print_json({"triggers": near, "fired": fired})
        return
    print_table(_HEADS, (_row(each) for each in near), empty="No trigger is in force.")
    click.echo()
    print_table(_FIRED, (_fired_row(each) for each in fired), empty="Nothing has fired.")


def _of(
    app: "App", db: "Connection", row: "PartnershipRow", now: "datetime"
) -> "tuple[list[formats.Object], list[formats.Object]]":
    """The triggers of a partnership as they stand, none of one that was ended; and what ever fired."""
    from scheduler.services.pipeline.govern import remembered

    memory = remembered(app, db, row)
    fired = [_fired(each, memory.recorded, now) for each in memory.causes]
    return ([] if row.ended_at else list(_near(app, row, memory, now))), fired


def _near(app: "App", row: "PartnershipRow", memory: "Memory", now: "datetime") -> Iterator[formats.Object]:
    from scheduler.domain.record.review import Window
    from scheduler.rules.kpis.definition_in_force import timelines
    from scheduler.rules.kpis.measurements import measurements
    from scheduler.rules.reviews.scopes import scopes
    from scheduler.rules.triggers.forecast import forecast
    from scheduler.rules.triggers.situation import situations

    partnership = app.in_force(row).as_of(now)
    until = Window.rolling(now, app.settings.horizon_days).until
    parts = scopes(partnership, app.playbooks)
    past = timelines(memory.versions, parts, app.playbooks, now, memory.dues)
    owed = {part.id: measurements(part, memory.readings, memory.excuses, now, until, past) for part in parts}
    for situation in situations(
        partnership, parts, owed, memory.recorded, memory.judgements, memory.causes, memory.seen, now
    ):
        for near in forecast(situation):
            known = asdict(near)
            yield {"partnership": row.id, "organisation": known.pop("of"), **known}


def _fired(fired: "TriggerEvent", recorded: "Mapping[str, Recorded]", now: "datetime") -> formats.Object:
    cause, record = fired.cause, recorded.get(fired.review or "")
    return {
        "partnership": cause.partnership,
        "scope": cause.scope,
        "key": cause.key,
        "trigger": cause.trigger,
        "says": cause.says,
        "evidence": [{"on": line.on, "says": line.says} for line in cause.evidence],
        "organisation": cause.of,
        "fired_on": cause.fired_on,
        "fired_at": fired.fired_at,
        "review": fired.review,
        "review_start": record.review.start if record else None,
        "review_status": record.as_of(now).status if record else None,
        "ended_at": fired.ended_at,
    }


def _row(each: formats.Object) -> tuple[object, ...]:
    holds = "yes" if each["holds"] else ""
    about = each["about"].removeprefix(f"{each['scope']}/")
    return each["scope"], each["trigger"], about, holds, each["says"], each["fires_on"], each["organisation"]


def _fired_row(each: formats.Object) -> tuple[object, ...]:
    ended = f"ended {each['ended_at'].date()}" if each["ended_at"] else "open"
    review = f"{each['review']} ({each['review_status']})" if each["review"] else "none"
    return each["scope"], each["fired_on"], each["says"], review, ended, each["organisation"]
