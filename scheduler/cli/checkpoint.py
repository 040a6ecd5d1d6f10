"""`cadence checkpoint`: the dossier of a 90-day checkpoint on any day, the verdicts on its criteria, the decision."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.default_command import DefaultGroup
from scheduler.cli.output import as_json, plain, print_json
from scheduler.domain.ids import ScopeId
from scheduler.domain.record.verdict import COURSES, JUDGED
from scheduler.rules.access import Audience
from scheduler.rules.calendar.working_days import in_words

if TYPE_CHECKING:
    from scheduler.services.cases.checkpoint import DecidedCheckpoint

_by = click.option("--by", required=True, metavar="PERSON", help="Who says so, by key or mail address.")


@click.group(cls=DefaultGroup, epilog="For example: cadence checkpoint acme-globex")
def checkpoint() -> None:
    """Show a 90-day checkpoint, judge its criteria, record the decision.

    ID is a partnership, <partnership>/<layer>, or the checkpoint's own id. `cadence checkpoint ID` shows it.
    """


# Showing -----------------------------------------------------------------------------------------------------------


@checkpoint.command(epilog="For example: cadence checkpoint show acme-globex --for acme")
@click.argument("id")
@params.for_
@as_json
@click.pass_obj
def show(context: Context, id: str, organisation: str | None, as_json: bool) -> None:
    """Show the checkpoint ID as it stands: its day, the launch track, each criterion with its verdict and evidence,
    the verdict over all, the decision.

    It shows what all partners may see; with --for also the figures of that organisation's own KPIs.
    """
    from scheduler.services.views import checkpoint_sheet as sheet

    with context.app() as app:
        found = sheet.checkpoint(app, id, context.now, Audience(organisation))
    if as_json:
        print_json(sheet.as_dict(found))
        return
    for line in sheet.page(found):
        click.echo(plain(line))


# Judging and deciding ----------------------------------------------------------------------------------------------


@checkpoint.command(
    epilog='For example: cadence checkpoint judge acme-globex dashboards --verdict met --evidence "one board" --by dev'
)
@click.argument("id")
@click.argument("criterion")
@click.option("--verdict", type=click.Choice(JUDGED), required=True, help="What the person says of it.")
@click.option("--evidence", type=params.TextParam(), help="What shows it.")
@_by
@click.pass_obj
def judge(context: Context, id: str, criterion: str, verdict: str, evidence: str | None, by: str) -> None:
    """Record what a person says of the CRITERION of the checkpoint ID.

    It counts before any reading; said anew, it takes the place of what was said before, which is kept. All partners see
    the verdict; evidence on an organisation's own KPI stays with that organisation.
    """
    from scheduler.services.cases import checkpoint as cases

    with context.app(writing=True) as app:
        given = cases.judge(app, id, criterion, verdict, evidence, by, context.now)
    click.echo(f"{given.judgement.review}: {plain(criterion)} is judged {verdict}.")
    if given.overrules:
        click.echo(f"This overrules its readings, which say: {given.overrules}.")
    if given.replaces:
        click.echo(f"It replaces {plain(given.replaces[0])}, which is kept.")


@checkpoint.command(
    epilog='For example: cadence checkpoint decide acme-globex continue --because "both would sign again" --by ines'
)
@click.argument("id")
@click.argument("decision", type=click.Choice(COURSES))
@click.option("--because", type=params.TextParam(), required=True, help="Why.")
@click.option("--replace", is_flag=True, help="It takes the place of the decision on record, which is kept.")
@_by
@click.pass_obj
def decide(context: Context, id: str, decision: str, because: str, replace: bool, by: str) -> None:
    """Record the DECISION of the checkpoint ID, and who took it: possible from the evidence call on.

    relaunch starts another 90 days on the day it is recorded, with a launch track and a checkpoint of their own. exit
    begins the wind-down: tasks with owners and days, exit reviews, and the end on its day; another decision with
    --replace undoes it. The other two change nothing by themselves.
    """
    from scheduler.services.cases import checkpoint as cases

    with context.app(writing=True) as app:
        decided = cases.decide(app, id, decision, because, by, context.now, replace=replace)
    for line in (*_announced(decided), *_what_next(decided)):
        click.echo(plain(line))


def _announced(decided: "DecidedCheckpoint") -> Iterator[str]:
    from scheduler.services.views.checkpoint_sheet import decides, named

    taken, definition = decided.taken, decided.partnership
    undone = decided.exit is not None and not decided.exit.is_in_force
    yield f"{taken.review}: {taken.decision}, decided by {named(definition, taken.by)}."
    if before := taken.replaces:
        yield f"It replaces {before.decision}, decided by {named(definition, before.by)}, which is kept."
    if undone:
        yield "The exit is taken back: its open tasks are closed, and what it called off is planned again."
    if who := decides(definition):
        yield f"When the sides disagree, the agreement leaves it to: {who}."


def _what_next(decided: "DecidedCheckpoint") -> Iterator[str]:
    partnership, layer, again = decided.partnership.partnership, decided.checkpoint.review.layer, decided.following
    match decided.taken.decision:
        case "continue":
            yield "The cadence goes on as planned."
        case "adjust":
            yield f"Nothing changes by itself: edit {decided.file}, then look at cadence plan {partnership}."
        case "relaunch" if again:
            yield f"It starts anew today. {again.id}: {formats.when(again.review.start)} {again.review.timezone}"
        case "relaunch":
            yield f"No further checkpoint is planned; why not: cadence plan {partnership}"
        case "exit" if leaving := decided.exit:
            scope = ScopeId.of(partnership, layer)
            yield f"It ends on {in_words(leaving.wind_down.ends)}; another day: cadence exit ends {scope} YYYY-MM-DD"
            yield f"Its tasks and exit reviews: cadence exit show {scope}"
