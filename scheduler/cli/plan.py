"""`cadence plan`: what would change, before it changes."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Literal

import click

from scheduler.cli import params, plan_lines
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json_list
from scheduler.cli.plan_lines import SHOWN
from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from scheduler.services.previews.dry_run import Prospect, UnplannedFile

Form = Literal["text", "json", "markdown"]
_MANY = 50


@click.command(epilog="For example: cadence plan acme-globex --all")
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "every", is_flag=True, help="Show every change and note, not just the first ones.")
@click.option(
    "--allow",
    "--allow-cancellations",
    "allow",
    is_flag=True,
    help="Give your word that the file of this one partnership may do what the plan shows: cancel as many reviews,"
    " start ladders over what has ended, call a review.",
)
@click.option(
    "--take-days-off",
    is_flag=True,
    help="Let this one partnership's reviews follow days off that cadence has learnt of since people were invited.",
)
@click.option(
    "--new-hours",
    is_flag=True,
    help="Let this one partnership's series start as their definition has it, not at the hours that people know.",
)
@click.option("--correct", is_flag=True, help="Declare that this one partnership's file mends a slip, from --since on.")
@click.option("--since", type=params.Day(), help="With --correct: the first day on which it counts.")
@params.by
@click.option("--yes", is_flag=True, help="With --correct: do not ask; needed where nobody can be asked.")
@click.option("--markdown", is_flag=True, help="Print Markdown, as a comment on a change of the definitions.")
@as_json
@click.pass_obj
def plan(
    context: Context,
    ids: tuple[str, ...],
    every: bool,
    allow: bool,
    take_days_off: bool,
    new_hours: bool,
    correct: bool,
    since: date | None,
    by: str | None,
    yes: bool,
    markdown: bool,
    as_json: bool,
) -> int:
    """Show what the next cycle would change: reviews to schedule, move, revise and cancel, and who would hear of it.

    It plans from the definition files as they are now and writes nothing. Exits 1 where a file has errors or differs
    between hosts, or a plan needs approval. With --json each entry says its action: schedule, move, revise, cancel;
    none (notes alone); fires (a trigger); record (what an edit would do to what is on record).

    An edit counts from when it is taken up, and what has ended stays as it was. With --correct --since DATE the file
    counts from that day on: what that changes is shown, and asked for; both versions stay on record.
    """
    from scheduler.cli import plan_correct

    if correct:
        if len(set(ids)) != 1 or since is None:
            raise click.UsageError(
                "--correct needs exactly one ID, and --since: the first day on which its file counts"
            )
        return plan_correct.correct(context, ids[0], since, by, yes=yes, every=every)
    if since or by or yes:
        raise click.UsageError("--since, --by and --yes go with --correct")

    for is_said, option, does in (
        (allow, "--allow", "allows what one partnership's file says"),
        (take_days_off, "--take-days-off", "moves reviews of one partnership"),
        (new_hours, "--new-hours", "moves reviews of one partnership"),
    ):
        if is_said and len(set(ids)) != 1:
            raise click.UsageError(f"{option} needs exactly one ID: it {does}")
    if markdown and (as_json or allow or take_days_off or new_hours):
        raise click.UsageError("--markdown only shows: leave out --json and whatever gives your word")
    form: Form = "json" if as_json else "markdown" if markdown else "text"
    return _show(context, ids, every=every, allow=allow, take_days_off=take_days_off, new_hours=new_hours, form=form)


def _show(
    context: Context,
    ids: tuple[str, ...],
    *,
    every: bool,
    allow: bool,
    take_days_off: bool,
    new_hours: bool,
    form: Form,
) -> int:
    """What the next cycle would change, and the consent to it where that is given. Returns the exit code."""
    from scheduler.cli import plan_json, plan_markdown
    from scheduler.services import folders
    from scheduler.services.previews import dry_run

    tally = _Tally()
    with context.app() as app, app.store.read() as db:
        held = folders.held(app, db)
        files = dry_run.sources(app, db, ids)
        found = dry_run.prospects(app, db, ids, context.now, files)
        if take_days_off:
            found = map(tally.with_days_off, found)
        if new_hours:
            found = map(tally.with_new_hours, found)
        seen = tally.sorted_out(_with_bar(found, len(files)))
        if form == "json":
            print_json_list(each for prospect in seen for each in plan_json.as_dicts(prospect, whole=bool(ids)))
        elif form == "markdown":
            sections = plan_markdown.sections(seen, every=every, whole=bool(ids))
            click.echo(plan_markdown.comment(sections, tally.summary, tally.faults), nl=False)
        else:
            for each in seen:
                _print(each, every=every, whole=bool(ids))
            click.echo(tally.summary)
    concerned = sorted(held.intersection(ids or held))
    hosts_differ = [
        f"{id}: not planned by any daemon: its file differs between hosts; see cadence status" for id in concerned
    ]
    for fault in [*tally.faults, *hosts_differ]:
        click.echo(f"Problem: {plain(fault)}", err=True)
    if allow:
        return _allow(context, tally)
    if take_days_off:
        return _take_days_off(context, ids[0], tally)
    if new_hours:
        return _take_new_hours(context, ids[0], tally)
    return 1 if tally.faults or tally.refused or concerned else 0


@dataclass
class _Tally:
    """What was seen of all partnerships together; of those that need approval, the file's content."""

    verbs: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    kept: int = 0
    better_hours: int = 0
    fires: int = 0
    records: int = 0

    def with_days_off(self, each: "Prospect | UnplannedFile") -> "Prospect | UnplannedFile":
        """What a person's word for the days off would lead to, having counted what stays until then."""
        from scheduler.services.previews.dry_run import UnplannedFile

        if isinstance(each, UnplannedFile):
            return each
        self.kept += sum(kept.is_moved for kept in each.decision.kept)
        return each.with_days_off()

    def with_new_hours(self, each: "Prospect | UnplannedFile") -> "Prospect | UnplannedFile":
        """What a person's word for the better hours would lead to, having counted these."""
        from scheduler.services.previews.dry_run import UnplannedFile

        if isinstance(each, UnplannedFile):
            return each
        self.better_hours += len(each.better_hours)
        return each.with_new_hours()

    def sorted_out(self, outlook: "Iterable[Prospect | UnplannedFile]") -> "Iterator[Prospect]":
        from scheduler.services.previews.dry_run import UnplannedFile

        for each in outlook:
            if isinstance(each, UnplannedFile):
                self.faults.append(f"{each.file}: {each.what}; see cadence check")
                continue
            if each.fault:
                id = each.partnership.partnership
                self.faults.append(f"{id}: {each.fault}, so the definition in force plans on; see cadence check")
            if each.needs_approval:
                self.refused[each.partnership.partnership] = each.content
            self.verbs.update(action.verb for action in each.decision.actions)
            self.fires += len(each.decision.causes.fired)
            self.records += len(each.effects.lines)
            yield each

    @property
    def summary(self) -> str:
        """A line for each kind of change: of reviews, triggers and what is on record."""
        lines = []
        if self.verbs:
            counts = (f"{self.verbs[verb]} to {verb}" for verb in ("schedule", "move", "revise", "cancel"))
            lines.append("Reviews: " + ", ".join(count for count in counts if not count.startswith("0 ")))
        if self.fires:
            lines.append(f"Triggers: {self.fires} to fire")
        if self.records:
            lines.append(f"On record: {self.records} {'change' if self.records == 1 else 'changes'}, as told above")
        return "\n".join(lines) or "Nothing would change."


def _allow(context: Context, tally: _Tally) -> int:
    """Keep a person's word for the file as it is now, and have the next cycle take it up."""
    from scheduler.services.cases import partnerships

    if tally.faults:
        return 1
    if not tally.refused:
        raise UserError("no plan needs approval: there is nothing to allow", "the next cycle applies it as it is")
    [(id, content)] = tally.refused.items()
    with context.app(writing=True) as app:
        partnerships.approve(app, id, content, context.now)
    click.echo(f"Allowed, for the file of {id} as it is now. The next cycle applies it; at once: cadence once")
    return 0


def _take_days_off(context: Context, id: str, tally: _Tally) -> int:
    """Keep a person's word that nothing stays where days off would move it, and have the next cycle take it up."""
    from scheduler.services.cases import partnerships

    if tally.faults:
        return 1
    if not tally.kept:
        raise UserError(f"no review of {id} stays where days off would move it", "there is nothing to take")
    with context.app(writing=True) as app:
        partnerships.take_days_off(app, id, context.now)
    reviews = "review follows" if tally.kept == 1 else "reviews follow"
    click.echo(f"{tally.kept} {reviews} the days off from the next cycle on; at once: cadence once")
    return 0


def _take_new_hours(context: Context, id: str, tally: _Tally) -> int:
    """Keep a person's word that series start as their definition has it, and have the next cycle take it up."""
    from scheduler.services.cases import partnerships

    if tally.faults:
        return 1
    if not tally.better_hours:
        raise UserError(f"no series of {id} stays at an hour since people know it", "there is nothing to take")
    with context.app(writing=True) as app:
        partnerships.take_new_hours(app, id, context.now)
    series = "series takes its" if tally.better_hours == 1 else "series take their"
    click.echo(
        f"{tally.better_hours} {series} new hour from the next cycle on, but for reviews on notice; "
        "at once: cadence once"
    )
    return 0


def _with_bar(outlook: "Iterable[Prospect | UnplannedFile]", of: int) -> "Iterator[Prospect | UnplannedFile]":
    """Progress for whoever sends the answer elsewhere and watches; on a terminal the answer itself is progress."""
    hidden = of < _MANY or sys.stdout.isatty() or not sys.stderr.isatty()
    with click.progressbar(outlook, length=of, label="planning", file=sys.stderr, hidden=hidden) as bar:
        yield from bar


def _print(prospect: "Prospect", *, every: bool, whole: bool) -> None:
    """One partnership: its changes, who would hear of them, what to know, and whether it needs approval."""
    actions, id = prospect.decision.actions, prospect.partnership.partnership
    notes = [f"note      {note.review_id} {note.text}" for note in prospect.notes(whole=whole)]
    fires, told = prospect.decision.causes.fired, prospect.effects.lines
    if not actions and not notes and not fires and not told and not whole:
        return
    click.echo(click.style(f"{id}  {plain(prospect.partnership.name)}", bold=True))
    if not actions:
        click.echo("  no review would change" if fires or told else "  nothing would change")
    _print_first([plan_lines.line(action) for action in actions], "changes", every=every)
    _print_first([plan_lines.fires(each) for each in fires], "triggers", every=every)
    _print_first([f"record    {line}" for line in told], "effects on what is on record", every=every)
    if hearers := plan_lines.hearers(actions, prospect.partnership):
        click.echo(f"  who would hear of it: {plain(hearers)}")
    _print_first(notes, "notes", every=every)
    if prospect.decision.refused:
        click.echo(
            click.style("  This needs approval", fg="red")
            + f": it would cancel {prospect.decision.cancelled} reviews.\n"
            f"  If that is meant: cadence plan {id} --allow-cancellations"
        )
    if prospect.waits:
        click.echo(
            click.style("  This needs approval", fg="red")
            + f": it would start ladders over what has ended, or call a review.\n"
            f"  If that is meant: cadence plan {id} --allow"
        )
    click.echo()


def _print_first(lines: list[str], what: str, *, every: bool) -> None:
    shown = lines if every else lines[:SHOWN]
    for line in shown:
        click.echo(f"  {plain(line)}")
    if len(shown) < len(lines):
        click.echo(f"  … and {len(lines) - len(shown)} more {what}; --all shows them")
