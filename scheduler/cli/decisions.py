"""`cadence decisions`: the register of what was decided, and whether it counts."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, get_args

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.default_command import DefaultGroup
from scheduler.cli.output import as_json, plain, print_json_list, print_table, write_file
from scheduler.domain.record.decision import DecisionState
from scheduler.rules.access import asked_for

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from scheduler.services.views.decisions import DecisionStanding

_HEADS = ("decision", "decided", "body", "state", "says", "remarks")


@click.group(
    cls=DefaultGroup, default="list", lists=True, epilog='For example: cadence decisions --search "two shifts"'
)
def decisions() -> None:
    """List what was decided, say what replaced it, who carries it out, and that it is done.

    A decision's ID is its review's and a number: <review>!<n>. `cadence decisions` lists them.
    """


@decisions.command("list", epilog='For example: cadence decisions list --search "two shifts"')
@click.option("--search", type=params.TextParam(), help="Only those in which all of these words stand.")
@params.partnership
@click.option("--state", type=click.Choice(get_args(DecisionState)), help="Only those that stand so.")
@params.for_
@as_json
@click.pass_obj
def list_(
    context: Context,
    search: str | None,
    partnership: str | None,
    state: DecisionState | None,
    organisation: str | None,
    as_json: bool,
) -> None:
    """List the decisions of minutes, checkpoints and formal reviews, in the order in which they were taken.

    A decision of minutes is a draft until objections to them have run out; then it binds, until another one takes its
    place. Those that corrected minutes no longer hold are withdrawn, and listed by --state withdrawn. The words of
    --search are found whatever case and accents they have. With --for, those of the partnerships in which that
    organisation is a partner.
    """
    from scheduler.services.views import decisions as view

    with context.app() as app:
        found = view.decisions(
            app, context.now, asked_for(organisation), partnership=partnership, search=search, state=state
        )
    if as_json:
        print_json_list(map(view.as_json, found))
        return
    print_table(_HEADS, [_row(each) for each in found], empty="No decision is found." if search else "No decisions.")


def _row(each: "DecisionStanding") -> tuple[object, ...]:
    decision = each.decision
    says = f"{decision.course}: {decision.says}" if decision.course else decision.says
    return decision.id, decision.decided_on, each.body, each.state, says, "; ".join(remarks(each))


def remarks(each: "DecisionStanding") -> Iterator[str]:
    """What is to be said of how a decision stands."""
    decision = each.decision
    if decision.withdrawn_because:
        yield decision.withdrawn_because
    if each.state == "draft":
        yield each.draft_because or f"binds from {each.binding_from}"
    if decision.superseded_by:
        yield f"{'superseded' if each.replaced_by else 'to be superseded'} by {decision.superseded_by}"
    if each.quorate is False:
        yield "taken without a quorum"
    if each.plan:
        yield f"its action plan is {each.plan.status}, due {each.plan.action.due}"
    if decision.taken_by:
        yield f"decided by {decision.taken_by}"
    if decision.decided_by:
        yield f"{'reported' if decision.taken_by else 'decided'} by {each.name(decision.decided_by)}"
    if decision.carried_out_at:
        yield "carried out"
    elif decision.carried_out_by:
        yield f"{each.name(decision.carried_out_by)} carries it out"


@decisions.command(epilog="For example: cadence decisions export --from 2026-10-01 --until 2026-12-31 --out q4.md")
@click.option("--from", "first", type=params.Day(calendars=True), required=True, help="The first day.")
@click.option("--until", "last", type=params.Day(calendars=True), required=True, help="The last day.")
@params.partnership
@params.for_
@click.option("--out", type=params.PathParam(dir_okay=False), metavar="FILE", help="Write it there, not to the screen.")
@click.pass_obj
def export(
    context: Context, first: "date", last: "date", partnership: str | None, organisation: str | None, out: "Path | None"
) -> None:
    """The decisions and the minutes of a span of days as one Markdown text.

    With --for as that organisation may read them: without what minutes hold that is internal to others.
    """
    from scheduler.services import lookup
    from scheduler.services.views import minutes_span as view

    if first > last:
        raise click.UsageError(f"{last} lies before {first}: write the earlier day first")
    audience = asked_for(organisation)
    with context.app() as app, app.store.read() as db:
        rows = lookup.partnerships_of(app, db, partnership, organisation)
        text = view.page(app, view.minutes_span(app, db, ((row, audience) for row in rows), first, last, context.now))
    if out is None:
        click.echo(text)
    else:
        write_file(out, text.encode())
        click.echo(f"Wrote {out}")


@decisions.command(
    epilog='For example: cadence decisions supersede "acme-globex/board/2026-Q3!2" "acme-globex/board/2026-Q4!1"'
)
@click.argument("id")
@click.argument("other")
@params.by
@click.pass_obj
def supersede(context: Context, id: str, other: str, by: str | None) -> None:
    """The decision OTHER takes the place of ID, which is kept.

    ID counts until OTHER binds. Minutes say the same by the words "replaces <id>" in the decision itself.
    """
    from scheduler.services.cases import decisions as cases

    with context.app(writing=True) as app:
        earlier, successor = cases.supersede(app, id, other, by, context.now)
    click.echo(f"{successor.id} takes the place of {earlier.id}: {plain(earlier.says)}")


@decisions.command(epilog='For example: cadence decisions assign "acme-globex/operating/2026-12!1" dev')
@click.argument("id")
@click.argument("person", type=params.NameParam())
@params.by
@click.pass_obj
def assign(context: Context, id: str, person: str, by: str | None) -> None:
    """Have PERSON carry out the decision ID: it stands on the next agendas until that is done."""
    from scheduler.services.cases import decisions as cases

    with context.app(writing=True) as app:
        decision = cases.assign(app, id, person, by, context.now)
    click.echo(f"{decision.carried_out_by} carries out {decision.id}: {plain(decision.says)}")


@decisions.command(epilog='For example: cadence decisions done "acme-globex/operating/2026-12!1" --because "signed"')
@click.argument("id")
@click.option("--because", type=params.TextParam(), help="What should be known about how it was done.")
@params.by
@click.pass_obj
def done(context: Context, id: str, because: str | None, by: str | None) -> None:
    """Record that the decision ID was carried out: it stands on no agenda as still open."""
    from scheduler.services.cases import decisions as cases

    with context.app(writing=True) as app:
        decision = cases.carry_out(app, id, because, by, context.now)
    click.echo(f"{decision.id} was carried out: {plain(decision.says)}")
