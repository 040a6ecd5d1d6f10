"""`cadence adherence`: of the past reviews, how many were held in time, and what became of the others."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json_list, print_table
from scheduler.rules.access import asked_for

if TYPE_CHECKING:
    from scheduler.services.views.adherence import AdherenceTable, By

_HEADS = ("partnership", "of", "held in time", "", "the others", "minutes")


@click.command(epilog="For example: cadence adherence acme-globex --by series")
@click.argument("id", required=False)
@click.option("--by", type=click.Choice(("series", "side", "quarter")), help="Of each series, side or quarter apart.")
@params.for_
@as_json
@click.pass_obj
def adherence(context: Context, id: str | None, by: "By | None", organisation: str | None, as_json: bool) -> None:
    """Count how many past reviews were held in time, of the partnership ID or of each that goes on.

    Late is what a person moved after its notice was due, or too far from its day; what a holiday shifted is not. One
    that nobody closed counts as not held. A side's are those whose agendas its people own. There is no share of fewer
    than four; window and limits stand under `standing:` in the playbook.
    """
    from scheduler.services.views import adherence as view

    with context.app() as app:
        found = list(view.adherence(app, id, by, context.now, asked_for(organisation)))
    if as_json:
        print_json_list(map(_as_json, found))
    else:
        print_table(_HEADS, _rows(found), empty="There is no past review yet.")


def _as_json(each: "AdherenceTable") -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(type(each)).dump_python(each, mode="json")


def _rows(found: "list[AdherenceTable]") -> Iterator[tuple[object, ...]]:
    for each in found:
        count, percent = each.count, f"{each.percent}%" if each.percent is not None else ""
        held = f"{count.held} of {count.counted}"
        yield each.partnership, each.name if each.part else "all series", held, percent, _others(each), _minutes(each)


def _others(each: "AdherenceTable") -> str:
    """``1 late, 1 skipped (fair week)``."""
    count = each.count
    why = next((one.because for one in reversed(each.reviews) if one.outcome == "skipped" and one.because), None)
    parts = (
        (count.late, "late"),
        (count.no_quorum, "without quorum"),
        (count.skipped, f"skipped ({why})" if why else "skipped"),
        (count.not_closed, "not closed"),
    )
    return ", ".join(f"{number} {words}" for number, words in parts if number)


def _minutes(each: "AdherenceTable") -> str:
    """``9 in time, 1 late, 1 missing``."""
    count = each.count
    parts = ((count.minutes_in_time, "in time"), (count.minutes_late, "late"), (count.minutes_missing, "missing"))
    return ", ".join(f"{number} {words}" for number, words in parts if number)
