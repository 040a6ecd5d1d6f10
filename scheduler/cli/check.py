"""`cadence check`: all problems of all definitions at once, each with its place and the way out."""

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scheduler.cli import output, params
from scheduler.cli.context import Context
from scheduler.domain.errors import UserError

if TYPE_CHECKING:
    from scheduler.definitions.authoring.schema_files import Made
    from scheduler.definitions.problems import Diagnostic
    from scheduler.domain.record.series_hour import SeriesHours
    from scheduler.store.tables import PartnershipRow

_MANY = 50  # files; fewer are checked before a bar could be seen


@click.command(epilog="For example: cadence check config/partnerships/acme-globex.yaml")
@click.argument("paths", nargs=-1, type=params.PathParam(), metavar="[FILE or FOLDER]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    help="How problems are printed; github: as annotations of a change.",
)
@output.as_json
@click.pass_context
def check(ctx: click.Context, paths: tuple[Path, ...], form: str, as_json: bool) -> None:
    """Report all problems of the definitions: in these files and folders, or in the folder that the settings name.

    Exits 1 where there is an error, 0 on warnings alone. Given paths, it needs no settings file.
    """
    from scheduler.definitions import loading, passed_over, playbooks
    from scheduler.definitions.authoring.schema_files import OF_PARTNERSHIPS
    from scheduler.definitions.schemas import partnership_schema
    from scheduler.definitions.yaml_text import reading

    context: Context = ctx.obj or Context()
    standards = playbooks.playbooks(*context.playbook_folders())
    files = reading.files(paths or (context.settings.definitions,))
    hidden = len(files) < _MANY or not sys.stderr.isatty()
    with click.progressbar(files, label="checking", file=sys.stderr, hidden=hidden) as bar:
        problems = [*loading.check(bar, standards, context.now.date(), _kept(context))]
    folders = [path for path in paths or (context.settings.definitions,) if path.is_dir()]
    problems += (problem for folder in folders for problem in passed_over.passed_over(folder))
    problems += (problem for folder in folders for problem in _outdated(folder / OF_PARTNERSHIPS, partnership_schema))
    if not paths:
        problems += _filled_in(context)
        problems += _outdated_schemas(context)
        problems += _own_templates(context)
        problems += _exposed(context)
        problems += _sign_in(context)
        problems += _operators(context, files)
        problems += _on_record(context)
        problems += _effects(context)
    looked_at = {*map(str, files), *(problem.file for problem in problems if Path(problem.file).is_file())}
    _print(sorted(problems), len(looked_at), "json" if as_json else form)
    ctx.exit(1 if any(problem.severity == "error" for problem in problems) else 0)


def _kept(context: Context) -> "dict[str, SeriesHours]":
    """The partnerships whose cadence is being kept, those that are on record or have a calendar, each with the hours
    that people know. None where there are no settings."""
    from scheduler.domain.record.series_hour import from_rows
    from scheduler.settings import SettingsFault

    try:
        calendars = context.settings.data / "calendars"
    except SettingsFault:
        return {}
    kept: dict[str, SeriesHours] = {calendar.stem: {} for calendar in calendars.glob("*.ics")}
    try:
        return kept | {row.id: from_rows(row.series_hours or ()) for row in _in_force(context)}
    except UserError:  # a record that cannot be read is told where it is asked for
        return kept


def _in_force(context: Context) -> "list[PartnershipRow]":
    """The partnerships in force. Without a database there is none."""
    address = context.settings.database
    if address.startswith("sqlite:///") and not Path(address.removeprefix("sqlite:///")).is_file():
        return []
    from scheduler.store import open_store, partnerships

    with open_store(address) as store, store.read() as db:
        return [row for row in partnerships.listing(db) if row.ended_at is None]


def _on_record(context: Context) -> "list[Diagnostic]":
    """What the record of the partnerships in force has to say: files that are gone, plans that need approval."""
    from scheduler.definitions.problems import Diagnostic

    rows = _in_force(context)
    what = "the file has vanished; its reviews stay as they are"
    ways = {row.file: f"put it back, or end the partnership: cadence partnership end {row.id}" for row in rows}
    gone = [
        Diagnostic(file, None, None, "error", "", what, way) for file, way in ways.items() if not Path(file).is_file()
    ]
    staying = "reviews that people were invited to stay on days off that cadence has learnt of since"
    see = "cadence plan {id} shows them; cadence plan {id} --take-days-off moves them"
    waiting = [row for row in rows if row.keeps_invited and row.days_off_from is not None]
    return gone + [Diagnostic(row.file, None, None, "warning", "", staying, see.format(id=row.id)) for row in waiting]


def _filled_in(context: Context) -> "list[Diagnostic]":
    """The keys that the operator's playbooks lack, and that the shipped ones say; quorums that cannot be counted."""
    from scheduler.definitions.playbooks import filled_in, uncounted_quorums
    from scheduler.domain.definition.vocabulary import Model

    folders = context.playbook_folders()
    return [problem for model in Model for problem in (*filled_in(model, folders), *uncounted_quorums(model, folders))]


def _outdated_schemas(context: Context) -> "list[Diagnostic]":
    """The schemas of playbooks and settings that were written by another version, if they are there."""
    from scheduler.definitions.authoring.schema_files import OF_PLAYBOOKS, OF_SETTINGS
    from scheduler.definitions.schemas import playbook_schema
    from scheduler.settings.schema import settings_schema

    playbooks, settings = context.settings.playbooks / OF_PLAYBOOKS, context.settings_file.parent / OF_SETTINGS
    return [*_outdated(playbooks, playbook_schema), *_outdated(settings, settings_schema)]


def _outdated(file: Path, made: "Made") -> "list[Diagnostic]":
    from scheduler.definitions.authoring.schema_files import is_outdated
    from scheduler.definitions.problems import Diagnostic

    what = "this schema is of another version of cadence, so editors mark what is right, or let pass what is wrong"
    way = "write it anew: cadence schema --write"
    return [Diagnostic(str(file), None, None, "warning", "", what, way)] if is_outdated(file, made) else []


def _own_templates(context: Context) -> "list[Diagnostic]":
    """What is wrong with the operator's own templates."""
    from scheduler.services.views.installation.own_templates import own_templates

    return own_templates(*context.settings.template_folders)


def _exposed(context: Context) -> "list[Diagnostic]":
    """Files with secrets that everybody on this machine can read."""
    from scheduler import settings
    from scheduler.definitions.problems import Diagnostic
    from scheduler.services.views.installation.exposed_files import exposed

    file = settings.find(context.config, os.environ, Path.cwd())
    found = exposed(context.settings, file)
    return [Diagnostic(str(each.path), None, None, "warning", "", each.what, each.hint) for each in found]


def _sign_in(context: Context) -> "list[Diagnostic]":
    """What is lacking for a way in that the settings open: the daemon does not start without it."""
    from scheduler import settings
    from scheduler.definitions.problems import Diagnostic
    from scheduler.services.views.installation.sign_in_faults import sign_in_faults

    file = str(settings.find(context.config, os.environ, Path.cwd()))
    found = sign_in_faults(context.settings)
    return [Diagnostic(file, None, None, "error", "web.sign_in", each.what, each.hint) for each in found]


def _operators(context: Context, definitions: Sequence[Path]) -> "list[Diagnostic]":
    """Operators whose mail address is that of one of the people, but for a slip: they would never be told a command.
    Who runs the program without being one of the people is nothing to warn of."""
    from scheduler import settings
    from scheduler.definitions.problems import Diagnostic, quoted

    operators = {each.casefold(): each for each in context.settings.operators}
    known: set[str] = set()
    for definition in definitions if operators else ():
        known |= {*_ADDRESS.findall(definition.read_text(encoding="utf-8", errors="replace").casefold())}
    file = str(settings.find(context.config, os.environ, Path.cwd()))
    slips = ((each, _meant(folded, known)) for folded, each in operators.items() if folded not in known)
    way = "correct it, if that is who is meant; an operator need not be one of the people"
    return [
        Diagnostic(
            file, None, None, "warning", "operators", f"{quoted(each)} is nearly {quoted(meant)}, of a person", way
        )
        for each, meant in slips
        if meant
    ]


_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+\w")


def _meant(address: str, known: Iterable[str]) -> str | None:
    """Whose address it was probably meant to be: another name at the same domain, or the same name at another."""
    from scheduler.definitions.problems import near_miss

    name, _, domain = address.rpartition("@")
    parted = [each.rpartition("@") for each in sorted(known)]
    near = near_miss(name, (of for of, _, at in parted if at == domain))
    if near:
        return f"{near}@{domain}"
    near = near_miss(domain, (at for of, _, at in parted if of == name))
    return f"{name}@{near}" if near else None


def _effects(context: Context) -> "list[Diagnostic]":
    """What files that have been edited would do to what is on record, hours that wait for a word, and whom reviews on
    record expect in two partnerships at once. Without a database nothing is on record."""
    address = context.settings.database
    if address.startswith("sqlite:///") and not Path(address.removeprefix("sqlite:///")).is_file():
        return []
    from scheduler.definitions.problems import Diagnostic
    from scheduler.services.pipeline import renaming
    from scheduler.services.previews import double_booking, dry_run

    with context.app() as app, app.store.read() as db:
        edits = [*dry_run.edits(app, db, context.now)]
        kept = [*dry_run.kept_hours(app, db, context.now)]
        clashes = [*double_booking.clashes(app, db, context.now)]
    way = "cadence plan {} shows all that it does"
    refused = [
        Diagnostic(str(each.file), None, None, "error", "", line, renaming.OTHER_KEY)
        for each in edits
        for line in each.taken
    ]
    take = "cadence plan {} --new-hours"
    hours = [
        Diagnostic(str(each.file), None, None, "warning", "", each.says, take.format(each.partnership)) for each in kept
    ]
    at_once = [Diagnostic(str(each.file), None, None, "warning", "", each.says, each.way_out) for each in clashes]
    return [*refused, *hours, *at_once] + [
        Diagnostic(str(each.file), None, None, "warning", "", line, way.format(each.partnership))
        for each in edits
        for line in each.effects.lines
    ]


def _print(problems: "list[Diagnostic]", files: int, form: str) -> None:
    from scheduler.definitions.problems import as_report, as_text, as_workflow_command

    if form == "json":
        click.echo(json.dumps(as_report(problems), indent=2))  # in ASCII: a file's name need not be UTF-8
        return
    for problem in problems:
        if form == "github":
            click.echo(as_workflow_command(problem, Path.cwd()))
            continue
        colour = "red" if problem.severity == "error" else "yellow"
        severity = click.style(problem.severity, fg=colour, bold=True)
        click.echo(as_text(problem).replace(f": {problem.severity}:", f": {severity}:", 1))
    click.echo(_summary([problem.severity for problem in problems], files))


def _summary(severities: Sequence[str], files: int) -> str:
    found = [
        _counted(severities.count(severity), severity) for severity in ("error", "warning") if severity in severities
    ]
    return f"{', '.join(found) or 'no problems'} in {_counted(files, 'file')}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"
