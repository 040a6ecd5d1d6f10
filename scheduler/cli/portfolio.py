"""`cadence portfolio`: how the partnerships stand, the worst first, with the reason."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json, print_table
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.record.standing import State
from scheduler.rules.access import asked_for
from scheduler.services.views import standings as view

if TYPE_CHECKING:
    from datetime import date

    from scheduler.services.views.standings import Portfolio, PortfolioRow

_HEADS = ("id", "standing", "because", "trend", "next review", "overdue", "agreement", "adherence")
_STATES = [state.value.replace("_", "-") for state in State]


@click.command(epilog="For example: cadence portfolio --state at-risk --for globex")
@click.option("--state", type=click.Choice(_STATES), help="Only those that stand so.")
@click.option("--model", type=click.Choice([model.value for model in Model]), help="Only of this structural model.")
@click.option("--sponsor", type=params.NameParam(), metavar="TEXT", help="Only with this in a sponsor's name.")
@click.option("--search", type=params.NameParam(), metavar="TEXT", help="Only with this in the name or the id.")
@click.option("--sort", type=click.Choice(view.SORTS), default="worst", show_default=True, help="In which order.")
@click.option("--group", type=click.Choice(view.GROUPS), help="Count those of each model, sponsor or layer too.")
@click.option("--layers", is_flag=True, help="The layers of partnerships instead.")
@click.option("--on", type=params.Day(), metavar="DATE", help="As they stood on this past day.")
@params.for_
@as_json
@click.pass_obj
def portfolio(
    context: Context, /, organisation: str | None, as_json: bool, state: str | None, on: "date | None", **said: Any
) -> None:
    """Tell how the partnerships stand as of the last cycle: on course, in need of attention, or at risk, and why.

    The worst of six signals decides: value, reporting, rhythm, relationship, dates, people. Their thresholds stand
    under `standing:` in the playbooks. What --for names sees nothing of another organisation's own KPIs.
    """
    from scheduler.domain.errors import UserError
    from scheduler.services import lookup

    if on is not None and on > context.now.date():
        raise UserError("nobody knows yet how they will stand", "name a day that is past")
    past = on if on != context.now.date() else None
    stands = State(state.replace("-", "_")) if state else None
    wanted = view.PortfolioFilter(state=stands, on=past, **said)
    with context.app() as app, app.store.read() as db:
        if organisation is not None:
            next(lookup.partnerships_of(app, db, None, organisation), None)
        found = view.portfolio(app, db, wanted, view.readers_for(asked_for(organisation)), context.now)
        folders = app.settings.template_folders
    if as_json:
        print_json(_as_json(found))
        return
    click.echo(_totals(found, wanted))
    for group in found.groups:
        click.echo(f"  {group.name or 'without a sponsor'}: {_counted(group.totals)}")
    if found.rows:
        click.echo()
        print_table(_HEADS, _rows(found, list(folders)), empty="")


def _as_json(found: "Portfolio") -> Any:
    from pydantic import TypeAdapter

    return TypeAdapter(type(found)).dump_python(found, mode="json")


def _totals(found: "Portfolio", wanted: view.PortfolioFilter) -> str:
    if not found.total and wanted.on:
        return f"None that is asked for was on record on {wanted.on}: how they stand is kept since the first cycle"
    if not found.total and (wanted.state or wanted.model or wanted.sponsor or wanted.search):
        return "There are none such."
    if not found.total:
        return "There are none. Partnerships are taken up, and how they stand is put on record, by: cadence once"
    return f"{found.on_course} of {found.total} on course" + (
        f" ({_counted({**found.totals, State.ON_COURSE: 0})})" if found.on_course < found.total else ""
    )


def _counted(totals: Any) -> str:
    return ", ".join(f"{totals[state]} {state.words}" for state in State if totals.get(state))


def _rows(found: "Portfolio", folders: Any) -> Iterator[tuple[object, ...]]:
    from scheduler.render.standing import sentences

    causes = [each.cause for each in found.rows if each.cause]
    because = dict(zip(map(id, causes), sentences(causes, folders, brief=True), strict=True))
    for each in found.rows:
        told = because.get(id(each.cause), "")
        yield (
            each.id,
            each.state.words,
            told,
            each.trend,
            formats.in_zone(each.next_start),
            each.overdue or "",
            _date(each),
            _adherence(each),
        )


def _date(each: "PortfolioRow") -> str:
    words = {"decide": "decide by", "notice": "notice by", "ends": "ends", "expires": "expires"}
    return f"{words[each.next_date_is]} {each.next_date}" if each.next_date and each.next_date_is in words else ""


def _adherence(each: "PortfolioRow") -> str:
    """``11 of 13, 85%``."""
    return f"{each.kept} of {each.counted}, {each.adherence}%" if each.counted else ""
