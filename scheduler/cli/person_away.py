"""`cadence person away`: when somebody is away, by their own word."""

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_table

if TYPE_CHECKING:
    from scheduler.services.cases.absences import StatedAbsences


@click.command("away", epilog="For example: cadence person away tom --from 2026-12-21 --until 2027-01-02")
@click.argument("id")
@click.option("--from", "first", type=params.Day(calendars=True), help="The first day; today, unless it is said.")
@click.option("--until", "last", type=params.Day(calendars=True), help="The last day of the absence.")
@click.option(
    "--take-back", "taken", type=params.Day(calendars=True), help="They are not away: the absence from this day on."
)
@params.by
@params.partnership
@as_json
@click.pass_obj
def away(
    context: Context,
    id: str,
    first: date | None,
    last: date | None,
    taken: date | None,
    by: str | None,
    partnership: str | None,
    as_json: bool,
) -> None:
    """Say when the person ID is away, or list what was said. It counts in all their partnerships, as the `away` of a
    definition does: deputies are asked, and agendas show it.

    ID is their key where only one partnership has it, or their mail address. The dates are those where they live. Each
    letter has a link on which people say so themselves.
    """
    from scheduler.domain.phrases import Days
    from scheduler.services.cases import absences

    if taken and (first or last):
        raise click.UsageError("--take-back stands alone: say the new days by themselves")
    if first and not last:
        raise click.UsageError("name the last day, too: --until")
    with context.app(writing=bool(last or taken)) as app:
        if taken:
            known = absences.take_back(app, id, taken, context.now, partnership=partnership)
        elif last:
            if first is None:
                with app.store.read() as db:
                    first = absences.stated(app, db, id, partnership, context.now).today
            if first > last:
                raise click.UsageError(f"{last} lies before {first}: write the earlier day first")
            known = absences.say(app, id, Days(first, last), by, context.now, partnership=partnership)
        else:
            with app.store.read() as db:
                known = absences.stated(app, db, id, partnership, context.now)
    if as_json:
        print_json(_as_json(known))
        return
    rows = (
        (str(each.days.first), str(each.days.last), each.by or "", formats.when(each.said_at))
        for each in known.absences
    )
    print_table(
        ("from", "until", "said by", "said at"), rows, empty=f"{plain(known.person.name)} has said of no absence."
    )


def _as_json(known: "StatedAbsences") -> dict[str, Any]:
    return {
        "person": known.person.email,
        "partnerships": list(known.partnerships),
        "absences": [
            {
                "from": each.days.first.isoformat(),
                "until": each.days.last.isoformat(),
                "by": each.by,
                "said_at": each.said_at.isoformat(),
            }
            for each in known.absences
        ],
    }
