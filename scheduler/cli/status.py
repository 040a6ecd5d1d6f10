"""`cadence status`: how the installation is doing."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json, say
from scheduler.rules.access import asked_for
from scheduler.services.views import status as view

if TYPE_CHECKING:
    from scheduler.services.views.installation.daemons import DaemonStanding
    from scheduler.services.views.installation.upkeep import Running, Upkeep
    from scheduler.services.views.status import GovernedCounts

_SHOWN = 10


@click.command(epilog="For example: cadence status --json")
@params.for_
@as_json
@click.pass_obj
def status(context: Context, organisation: str | None, as_json: bool) -> int:
    """Tell how the installation is doing: settings, database, definitions with problems, plans that need approval,
    reviews to be closed, overdue KPIs and actions, letters, the faults that stand; when the last cycle was completed,
    whether the daemon is alive, how long letters and people have been waiting, and whether the disk is full. With
    --for, what is governed of one organisation's, as far as it may see it.

    Exits 1 where something is wrong.
    """
    with context.app() as app:
        found = view.status(app, context.settings_file, context.now, asked_for(organisation))
    if as_json:
        print_json(view.as_json(found))
    else:
        for line in _page(found):
            say(line)
    return 0 if found.upkeep is None or found.upkeep.is_sound else 1


def _page(found: view.InstallationStanding) -> Iterator[str]:
    kept = found.upkeep
    if kept is None:
        yield from _governed(found.governed)
        return
    yield from _installed(kept)
    yield from _governed(found.governed)
    yield from _on_their_way(kept)
    yield from _running(kept.running)
    yield from _wrong(kept)


def _installed(kept: "Upkeep") -> Iterator[str]:
    database = kept.database
    yield f"settings      {kept.settings}"
    yield f"definitions   {kept.definitions}"
    yield f"database      {database['at']} ({database['kind']} {database['version']})"
    if database["warning"]:
        yield f"              {database['warning']}"
    made = f"{formats.when(kept.last_backup)} UTC" if kept.last_backup else "none is on record: cadence backup FILE"
    yield f"last backup   {made}"
    if kept.restored:
        yield f"              the record is a backup that was laid in place {formats.when(kept.restored)} UTC"
    if kept.scratch_copy:
        yield f"scratch copy  until {formats.when(kept.scratch_copy)} UTC; cadence db discard throws it away"
    for each in kept.exposed:
        yield f"open to all   {each['what']}"
        yield f"              {each['hint']}"


def _governed(found: "GovernedCounts") -> Iterator[str]:
    from scheduler.render.wording import counted

    yield f"partnerships  {found.partnerships}" + (f", {found.ended} ended" if found.ended else "")
    if found.paused:
        yield f"paused        {', '.join(found.paused)}"
    yield f"next week     {_few(found.next_week, _reviews(found.next_week))}"
    are_over = f"{_reviews(found.to_close)} {'is' if len(found.to_close) == 1 else 'are'} over"
    yield f"to be closed  {_few(found.to_close, are_over)}"
    yield f"overdue       {counted(found.overdue, 'KPI period')}" + ("; see cadence overdue" if found.overdue else "")
    if found.vacant:
        yield f"vacant        {_few(found.vacant, 'empty')}"
    if found.actions_open:
        yield f"actions       {found.actions_open} open, {found.actions_overdue} overdue; see cadence action list"


def _on_their_way(kept: "Upkeep") -> Iterator[str]:
    if kept.replies:
        yield "replies       " + ", ".join(f"{letters} {outcome}" for outcome, letters in kept.replies.items())
    if kept.to_read:
        letters = "letter waits" if kept.to_read == 1 else "letters wait"
        yield f"to be read    {kept.to_read} {letters} for a person: cadence replies list"
    if untold := kept.notices.get("waiting"):
        yield f"to be told    {untold} notices wait for the working hours of whom they are for"
    if kept.letters:
        yield "letters       " + _letters(kept.letters, kept.lately_dead)


def _running(run: "Running") -> Iterator[str]:
    cycle = run.last_cycle
    yield "last cycle    " + (f"completed {formats.when(cycle)} UTC" if cycle else "none was completed yet")
    for number, each in enumerate(run.daemons):
        label = ("daemons" if len(run.daemons) > 1 else "daemon") if number == 0 else ""
        yield from _daemon(label, each)
    if run.oldest_due:
        yield f"              the oldest letter that is due was written {formats.when(run.oldest_due)} UTC"
    if run.full:
        yield "Disk full"
        yield from (f"  {each}" for each in run.full)
    if run.late:
        yield "Too late"
        yield from (f"  {each}" for each in run.late)


def _daemon(label: str, each: "DaemonStanding") -> Iterator[str]:
    """``daemon        alpha (process 4711, cadence 0.1.0) plans, delivers and serves; alive at …``"""
    alive = "alive at" if each.is_up else "alive until"
    does = f"{each.does}; {alive} {formats.when(each.seen_at)} UTC"
    where = f"process {each.pid}" + ("" if each.host == each.name else f" on {each.host}")
    yield f"{label:14}{each.name} ({where}, cadence {each.program}) {does}"
    if each.why and each.is_up:
        yield f"              {each.why}"


def _wrong(kept: "Upkeep") -> Iterator[str]:
    if kept.faults:
        yield "Faults"
        for fault in kept.faults:
            yield f"  {fault['what']} (since {formats.when(fault['first_at'])} UTC, {fault['times']}×)"
            yield f"    {fault['hint']}"
    if kept.waiting:
        yield "Plans that need approval"
        yield from (f"  {id}: cadence plan {id}" for id in kept.waiting)
    if kept.problems:
        from scheduler.definitions.problems import Diagnostic, as_text

        yield "Problems"
        yield from (f"  {line}" for each in kept.problems for line in as_text(Diagnostic(**each)).splitlines())
    else:
        yield "No definition file has problems."


def _letters(counts: Mapping[str, int], lately_dead: int) -> str:
    told = [f"{counts[state]} {state}" for state in ("due", "claimed", "sent", "expired", "dead") if counts.get(state)]
    way_out = f"; {lately_dead} refused lately: cadence outbox list --state dead" if lately_dead else ""
    return ", ".join(told) + way_out


def _few(ids: Sequence[str], what: str) -> str:
    shown = ", ".join(ids[:_SHOWN])
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return f"{len(ids)} {what}" + (f": {shown}{more}" if ids else "")


def _reviews(ids: Sequence[str]) -> str:
    return "review" if len(ids) == 1 else "reviews"
