"""`cadence checkpoint`: the dossier of a 90-day checkpoint on any day, the verdicts on its criteria, the decision."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.default_command import DefaultGroup
from scheduler.cli.output import as_json, plain, print_json
from scheduler.domain.ids import ScopeId
from scheduler.domain.record.verdict import COURSES, ENDINGS, JUDGED
from scheduler.rules.access import Audience
from scheduler.rules.calendar.working_days import in_words

if TYPE_CHECKING:
    from scheduler.services.cases.course import DecidedCourse

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
@click.argument("decision", type=click.Choice([*dict.fromkeys((*COURSES, *ENDINGS))]))
@click.option("--because", type=params.TextParam(), required=True, help="Why.")
@click.option("--carried-out-by", type=params.NameParam(), metavar="PERSON", help="Who carries it out.")
@click.option("--until", type=params.Day(calendars=True), help="Of a cure: the day on which its action plan is due.")
@click.option("--on", type=params.Day(calendars=True), help="The day on which it was decided; today without it.")
@click.option("--decided-by", "taken_by", type=params.NameParam(), metavar="WORDS", help="Who took it, if not PERSON.")
@click.option("--replace", "--yes", "replace", is_flag=True, help="It replaces the decision on record, which is kept.")
@_by
@click.pass_obj
def decide(context: Context, /, id: str, decision: str, because: str, replace: bool, by: str, **more: Any) -> None:
    """Record the DECISION of the checkpoint ID, and who took it: possible from the evidence call on; or how the formal
    review ID ends, from its day on.

    A checkpoint decides to continue, adjust, relaunch or exit. relaunch starts another 90 days on the day it is
    recorded, with a launch track and a checkpoint of their own.

    A formal review ends in cure, restructure, change-model or exit. cure has an action plan, due in the working days of
    its playbook unless --until names another day: it is tracked like a KPI, with reminders and a ladder.

    exit begins the wind-down: tasks with owners and days, exit reviews, and the end on its day; another decision in its
    place undoes it. The others change nothing by themselves. Where something else was decided before, it asks first.
    """
    from scheduler.domain.errors import AlreadyDecided
    from scheduler.services.cases import course as cases

    said = cases.CourseWord(decision, because, by, **more)
    with context.app(writing=True) as app:
        try:
            decided = cases.decide(app, id, said, context.now, replace=replace)
        except AlreadyDecided as before:
            if not sys.stdin.isatty():
                raise
            click.echo(plain(before.what), err=True)
            if not click.confirm("Does this one take its place?", err=True):
                click.echo("Nothing was changed.", err=True)
                return
            decided = cases.decide(app, id, said, context.now, replace=True)
    for line in (*_announced(decided), *_what_next(decided)):
        click.echo(plain(line))


def _announced(decided: "DecidedCourse") -> Iterator[str]:
    from scheduler.services.views.checkpoint_sheet import decides, named

    taken, definition = decided.taken, decided.partnership
    undone = decided.exit is not None and not decided.exit.is_in_force
    on = f" on {in_words(taken.on)}" if taken.on else ""
    says = named(definition, taken.by)
    taker = f"{plain(taken.taken_by)}{on}, as {says} says" if taken.taken_by else f"{says}{on}"
    yield f"{taken.review}: {taken.decision}, decided by {taker}."
    if before := taken.replaces:
        yield f"It replaces {before.decision}, decided by {named(definition, before.by)}, which is kept."
    if undone:
        yield "The exit is taken back: its open tasks are closed, and what it called off is planned again."
    if who := decides(definition):
        yield f"When the sides disagree, the agreement leaves it to: {who}."


def _what_next(decided: "DecidedCourse") -> Iterator[str]:
    from scheduler.services.views.checkpoint_sheet import named

    partnership, layer, again = decided.partnership.partnership, decided.record.review.layer, decided.following
    match decided.taken.decision:
        case "continue":
            yield "The cadence goes on as planned."
        case "cure" if plan := decided.plan:
            owner, due = named(decided.partnership, plan.owner or ""), plan.due or plan.opened_at.date()
            yield f"Its action plan is due by {in_words(due)}, from {owner}."
            yield f"When it is carried out: cadence action done {plan.id}"
        case "change-model":
            yield f"Nothing changes by itself: write the amendment into {decided.file}; see cadence plan {partnership}."
        case "adjust" | "restructure":
            yield f"Nothing changes by itself: edit {decided.file}, then look at cadence plan {partnership}."
        case "relaunch" if again:
            yield f"It starts anew today. {again.id}: {formats.when(again.review.start)} {again.review.timezone}"
        case "relaunch":
            yield f"No further checkpoint is planned; why not: cadence plan {partnership}"
        case "exit" if leaving := decided.exit:
            scope = ScopeId.of(partnership, layer)
            yield f"It ends on {in_words(leaving.wind_down.ends)}; another day: cadence exit ends {scope} YYYY-MM-DD"
            yield f"Its tasks and exit reviews: cadence exit show {scope}"
