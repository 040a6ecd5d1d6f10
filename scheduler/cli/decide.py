"""`cadence decide`: decisions without a meeting, the votes on them, and what the sides cannot agree on."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_table
from scheduler.domain.record.proposal import CHOICES, VETO
from scheduler.rules.access import asked_for
from scheduler.rules.calendar.working_days import in_words
from scheduler.services.views import proposals as view

if TYPE_CHECKING:
    from scheduler.services.views.proposals import DeadlockLine, ProposalLine

_HEADS = ("id", "body", "state", "until", "votes", "says")
_by = click.option("--by", required=True, metavar="PERSON", help="Who says so, by key or mail address.")
_body = click.option("--body", type=params.TextParam(), help="Which body: by itself the first that decides: names.")


@click.group(epilog="For example: cadence decide list --partnership acme-globex")
def decide() -> None:
    """Put a decision to those who decide, without a meeting; vote on it; record what the sides cannot agree on.

    Who decides stands under `agreement: decides:` of the definition, and how without a meeting in the playbook of its
    model. A proposal is <partnership>[/<layer>]/proposal/<n>.
    """


@decide.command(epilog='For example: cadence decide propose acme-globex --says "Halden buys the second line" --by ines')
@click.argument("id")
@click.option("--says", type=params.TextParam(), required=True, help="What is to be decided, in its own words.")
@_body
@click.option("--until", type=params.Day(calendars=True), help="The last day for votes; by itself the first possible.")
@_by
@click.pass_obj
def propose(context: Context, id: str, says: str, body: str | None, until: date | None, by: str) -> None:
    """Put a decision to the body of the partnership ID, or of <partnership>/<layer>, that decides.

    Whoever votes for a party is asked by letter, with a link where one can be opened, and again before the last day.
    At its end the result is put on record by itself and told to all; one that is adopted stands in the register.
    """
    from scheduler.services.cases import proposals

    with context.app(writing=True) as app:
        proposal = proposals.propose(app, id, says, body, until, by, context.now).proposal
        line = view.proposal(app, proposal.id, context.now, asked_for(None))
    click.echo(f"{proposal.id}: votes are asked for until the end of {in_words(proposal.closes_on)}.")
    click.echo(plain(f"{line.needed[:1].upper()}{line.needed[1:]}."))
    for each in line.votes:
        click.echo(plain(f"  {each.name}: {each.asked or 'nobody who is there can vote for it'}"))


@decide.command(epilog="For example: cadence decide vote acme-globex/proposal/1 yes --by marta")
@click.argument("id")
@click.argument("says", type=click.Choice((*CHOICES, VETO)))
@click.option("--because", type=params.TextParam(), help="Why; a veto wants it. All parties read it.")
@_by
@click.pass_obj
def vote(context: Context, id: str, says: str, because: str | None, by: str) -> None:
    """Record what a person says of the proposal ID for their party: yes, no or abstain until its last day is over.

    Said anew, it takes the place of what was said before, which is kept. What was adopted can be vetoed for as long as
    the playbook allows.
    """
    from scheduler.services.cases import proposals

    with context.app(writing=True) as app:
        put = proposals.vote(app, id, says, by, context.now, because)
        line = view.proposal(app, id, context.now, asked_for(None))
    last = next(each for each in reversed(put.proposal.votes) if each.says == says)
    click.echo(plain(f"{id}: {put.partnership.name_of(last.person)} says {says}."))
    click.echo(plain(_counted(line)))


@decide.command("list", epilog="For example: cadence decide list --partnership acme-globex --all")
@params.partnership
@click.option("--open/--all", "only_open", default=True, help="Only what is open (the default), or everything.")
@params.for_
@as_json
@click.pass_obj
def list_(context: Context, partnership: str | None, only_open: bool, organisation: str | None, as_json: bool) -> None:
    """List what is decided without a meeting, and the deadlocks. All parties of a partnership share them."""
    with context.app() as app:
        found, stuck = view.proposals(app, partnership, context.now, asked_for(organisation), only_open=only_open)
    if as_json:
        known = {"proposals": [*map(view.as_json, found)], "deadlocks": [*map(view.deadlock_as_json, stuck)]}
        print_json(known)
        return
    rows = [*map(_row, found), *map(_deadlock_row, stuck)]
    print_table(_HEADS, rows, empty="Nothing is open." if only_open else "Nothing was proposed.")


def _row(line: "ProposalLine") -> tuple[object, ...]:
    of = line.proposal
    voted = sum(each.says in CHOICES for each in line.votes)
    return of.id, of.body, line.state, line.veto_until or of.closes_on, f"{voted} of {len(line.votes)}", of.says


def _deadlock_row(line: "DeadlockLine") -> tuple[object, ...]:
    state = f"deadlock, {line.level}" if line.level else f"deadlock {line.state}"
    return line.deadlock.id, line.deadlock.body or "", state, line.until or "", "", line.deadlock.says


@decide.command(epilog="For example: cadence decide show acme-globex/proposal/1")
@click.argument("id")
@as_json
@click.pass_obj
def show(context: Context, id: str, as_json: bool) -> None:
    """Show the proposal ID: its words, who has voted how, what it needs and what it came to. All parties share it."""
    with context.app() as app:
        line = view.proposal(app, id, context.now, asked_for(None))
    if as_json:
        print_json(view.as_json(line))
        return
    for each in _page(line):
        click.echo(plain(each))


def _page(line: "ProposalLine") -> Iterator[str]:
    of = line.proposal
    yield f"{of.says}  ({of.id})"
    yield f"  {line.state}; put to {of.body} by {line.proposed_by} on {in_words(of.asked_on)}"
    yield f"  votes count until the end of {in_words(of.closes_on)} ({of.timezone}): {line.needed}"
    for each in line.votes:
        because = f": {each.because}" if each.because else ""
        if each.says and each.on:
            yield f"  {each.name:<24} {each.says}, {each.by} on {in_words(each.on)}{because}"
        else:
            yield f"  {each.name:<24} silent; {each.asked or 'nobody who is there'} votes for it"
    if of.withdrawn_because:
        yield f"  withdrawn: {of.withdrawn_because}"
    if line.veto_until:
        yield f"  it can be vetoed until the end of {in_words(line.veto_until)}"
    if line.decision:
        yield f"  in the register: {line.decision}"


def _counted(line: "ProposalLine") -> str:
    said = [each.says for each in line.votes]
    counts = ", ".join(f"{said.count(each)} {each}" for each in (*CHOICES, VETO) if each in said)
    silent = said.count(None)
    return f"So far: {counts}{f', {silent} silent' if silent else ''}; {line.needed}."


@decide.command(epilog='For example: cadence decide withdraw acme-globex/proposal/1 --because "we meet" --by ines')
@click.argument("id")
@click.option("--because", type=params.TextParam(), required=True, help="Why. All parties read it.")
@_by
@click.pass_obj
def withdraw(context: Context, id: str, because: str, by: str) -> None:
    """Take the proposal ID back before its last day is over: those who were asked hear so."""
    from scheduler.services.cases import proposals

    with context.app(writing=True) as app:
        proposals.withdraw(app, id, because, by, context.now)
    click.echo(f"{id} is withdrawn.")


@decide.command(
    epilog='For example: cadence decide deadlock acme-globex --says "who pays for the second line" --by ines'
)
@click.argument("id")
@click.option("--says", type=params.TextParam(), required=True, help="What the sides cannot agree on.")
@_body
@_by
@click.pass_obj
def deadlock(context: Context, id: str, says: str, body: str | None, by: str) -> None:
    """Record that the sides of ID, a partnership or <partnership>/<layer>, cannot agree.

    It goes to the first level of the ladder that the body has, or the playbook, and to each further one when the days
    of the one before are over: each is told once. `cadence decide resolve` ends it.
    """
    from scheduler.services.cases import deadlocks

    with context.app(writing=True) as app:
        found = deadlocks.record(app, id, says, body, by, context.now)
    click.echo(f"{found.id}: recorded.")
    for each in found.levels:
        click.echo(plain(f"  {each.words}{f', for {each.span}' if each.span else ''}"))


@decide.command(
    epilog='For example: cadence decide resolve acme-globex/deadlock/1 --says "each side pays half" --by marta'
)
@click.argument("id")
@click.option("--says", type=params.TextParam(), required=True, help="What was decided; it stands in the register.")
@_by
@click.pass_obj
def resolve(context: Context, id: str, says: str, by: str) -> None:
    """End the deadlock ID by what was decided: nobody further is told, and those whose it was hear so."""
    from scheduler.services.cases import deadlocks

    with context.app(writing=True) as app:
        found = deadlocks.resolve(app, id, says, by, context.now)
    click.echo(f"{found.id} has ended; in the register: {found.id}!1.")
