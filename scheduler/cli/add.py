"""`cadence add`: the definition of a new partnership, from flags or from answers on a terminal."""

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import add_flags
from scheduler.cli.add_flags import Entry, FlagValue
from scheduler.cli.context import Context
from scheduler.definitions.authoring import short_forms
from scheduler.domain.definition.vocabulary import Function, Model

if TYPE_CHECKING:
    from scheduler.definitions.authoring.writer import Answers
    from scheduler.domain.definition.partnership import Partnership

_NEEDED = {
    "id": "--id",
    "name": "--name",
    "model": "--model",
    "effective": "--effective",
    "organisations": "--organisation",
    "people": "--person",
    "criteria": "--success",
    "kpis": "--kpi",
    "triggers": "--trigger",
}
_REQUIRES = {
    Model.EQUITY_ALLIANCE: "equity",
    Model.JOINT_VENTURE: "entity",
    Model.REVENUE_SHARING: "formula",
}
_KEYED = {"organisations": "--organisation", "people": "--person", "kpis": "--kpi", "layers": "--layer"}
_NOTES = 8
"""So many notes on the year are shown before it is written."""
_EFFECTIVE = FlagValue("DATE", short_forms.day)
_Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _several(flag: str, name: str, form: str, read: Callable[[str], Any]) -> _Decorator:
    """A flag that can be repeated; its help is the form that it takes."""
    return click.option(flag, name, multiple=True, type=FlagValue("TEXT", read), help=form)


def _one(flag: str, form: str, read: Callable[[str], Any], words: str) -> _Decorator:
    return click.option(flag, type=FlagValue("TEXT", read), help=f"{words} {form}")


@click.command(
    epilog="For example: cadence add --id acme-globex --name 'Acme × Globex' --model contractual_alliance"
    " --effective 2026-10-01 --organisation 'acme=Acme GmbH,DE,Europe/Berlin' --organisation 'globex=Globex KK,JP'"
    " --person 'ines=Inès Falk,ines.falk@acme.example,acme,alliance_manager'"
    " --person 'dev=Dev Patel,dev.patel@globex.example,globex,sponsor'"
    " --success 'dashboard: One agreed dashboard (owner dev)' --kpi 'sales=Sales,ines/dev,>= 100,month'"
    " --trigger 'missed any 3'"
)
@click.option("--id", help="Its id: a-z, 0-9 and '-'. The file bears it.")
@click.option("--name", help="Its name, for people.")
@click.option("--model", type=click.Choice([model.value for model in Model]), help="Its structural model.")
@click.option("--function", type=click.Choice([function.value for function in Function]), help="What it is for.")
@click.option("--goal", help="The goal that neither side could reach alone.")
@click.option("--effective", type=_EFFECTIVE, help="Day 0, such as 2026-10-01.")
@_several("--organisation", "organisations", add_flags.ORGANISATION, add_flags.organisation)
@_several("--person", "people", add_flags.PERSON, add_flags.person)
@_several("--success", "criteria", add_flags.SUCCESS, add_flags.success)
@_several("--kpi", "kpis", add_flags.KPI, add_flags.kpi)
@_several("--trigger", "triggers", short_forms.TRIGGER, short_forms.trigger)
@_several("--layer", "layers", add_flags.LAYER, add_flags.layer)
@_one("--entity", add_flags.ENTITY, add_flags.entity, "A joint venture's new company.")
@_one("--equity", add_flags.EQUITY, add_flags.equity, "An equity alliance's stake.")
@_one("--formula", add_flags.FORMULA, add_flags.formula, "How revenue is shared.")
@click.pass_obj
def add(context: Context, /, entity: Entry | None, equity: Entry | None, formula: Entry | None, **given: Any) -> int:
    """Write the definition of a new partnership: valid, commented, and never over another file.

    On a terminal cadence asks for what no flag gives, shows the year that it would plan and what collides in it, and
    then writes. An interrupted run goes on where it was. Options that name several things can be repeated.
    """
    from scheduler.definitions.authoring.draft import DefinitionDraft

    requires = {"entity": entity, "equity": equity, "formula": formula}
    given["requires"] = {key: value for key, value in requires.items() if value}
    missing = _missing(given)
    if missing and not sys.stdin.isatty():
        raise click.UsageError(
            f"without a terminal to ask on, these are needed: {', '.join(missing)}", click.get_current_context()
        )
    _ = context.settings  # no settings, no place to write to: told before the first question
    given |= {key: _by_key(given[key], flag) for key, flag in _KEYED.items()}
    given = {key: value for key, value in given.items() if value}
    return (
        _asked(context, given) if missing else _write(context, DefinitionDraft({}, given).answers(context.now.date()))
    )


def _asked(context: Context, given: Entry) -> int:
    """The definition with what a terminal answers to the rest; written once it was seen what it plans."""
    from scheduler.cli.add_prompts import Conversation
    from scheduler.definitions.authoring.checking import checked
    from scheduler.definitions.playbooks import playbooks

    folder, known = context.settings.definitions, playbooks(*context.settings.playbook_folders)
    today = context.now.date()
    talk = Conversation(given, lambda draft: checked(draft, known, today, folder), folder / ".add.draft.json")
    while True:
        found = talk.completed()
        if found.partnership is None:
            break
        _show_year(context, found.partnership)
        said = click.prompt("\nWrite it? (yes, no, or < to go back)", default="yes", err=True).strip().casefold()
        if said in ("y", "yes"):
            break
        if said != "<":
            talk.keep()
            click.echo("Nothing was written.", err=True)
            return 1
        talk.back()
    status = _write(context, found.draft.answers(today))
    if status == 0:
        talk.forget()
    return status


def _show_year(context: Context, partnership: "Partnership") -> None:
    """The first year that it would plan, a line a series, and what is to be known of it, before anything is written."""
    from scheduler.cli.output import plain
    from scheduler.definitions.playbooks import playbooks
    from scheduler.domain.errors import InvalidValue, UserError
    from scheduler.services.previews.new_partnership import first_year

    known = playbooks(*context.settings.playbook_folders)
    try:
        with context.app() as app, app.store.read() as db:
            year = first_year(partnership, known, context.now, db)
    except InvalidValue as fault:
        click.echo(f"It cannot be planned: {plain(fault.what)}; {plain(fault.hint)}", err=True)
        return
    except UserError:  # no database yet, so that nobody is expected anywhere else
        year = first_year(partnership, known, context.now)
    click.secho(f"\nWhat it would plan until {year.until:%-d %B %Y}: {year.count} reviews", bold=True, err=True)
    for series in year.series:
        first, moved = series.reviews[0].starts, sum(1 for each in series.reviews if each.moved_because)
        shifted = f", {moved} of them moved by days off" if moved else ""
        times = f"{len(series.reviews)} times, first" if len(series.reviews) > 1 else "once,"
        click.echo(f"  {plain(series.title)}: {times} {first:%a %-d %b %Y %H:%M}{shifted}", err=True)
    if year.notes:
        click.secho("To know before:", err=True)
    for note in year.notes[:_NOTES]:
        when = f" on {note.starts:%-d %b %Y}" if note.starts else ""
        click.echo(f"  {plain(note.title)}{when} {plain(note.says)}", err=True)
    if len(year.notes) > _NOTES:
        click.echo(f"  and {len(year.notes) - _NOTES} more: cadence plan {partnership.partnership} shows all", err=True)


def _missing(given: Entry) -> list[str]:
    """The flags without which no definition is whole, what the model requires among them."""
    flags = [flag for key, flag in _NEEDED.items() if not given[key]]
    required = _REQUIRES.get(Model(given["model"])) if given["model"] else None
    return flags + ([f"--{required}"] if required and required not in given["requires"] else [])


def _by_key(entries: Iterable[tuple[str, Entry]], flag: str) -> dict[str, Entry]:
    entries = list(entries)
    twice = [key for key, count in Counter(key for key, _ in entries).items() if count > 1]
    if twice:
        raise click.UsageError(f"{flag} names {twice[0]!r} twice", click.get_current_context())
    return dict(entries)


def _write(context: Context, answers: "Answers") -> int:
    """Check the definition as `cadence check` would; write it only where that finds no error."""
    from scheduler.definitions.authoring.schema_files import written_beside
    from scheduler.definitions.authoring.writer import create, new_definition
    from scheduler.definitions.loading import load
    from scheduler.definitions.playbooks import playbooks
    from scheduler.definitions.problems import as_text

    text, file = new_definition(answers), context.settings.definitions / f"{answers.id}.yaml"
    loaded = load(text, str(file), playbooks(*context.settings.playbook_folders), context.now.date())
    for problem in loaded.problems:
        click.echo(as_text(problem), err=True)
    if loaded.partnership is None:
        click.echo("Nothing was written. Mend what is said above and call again.", err=True)
        return 1
    create(file, text)
    click.echo(f"Wrote {file}")
    if beside := written_beside(file.parent):
        click.echo(f"Wrote {beside}, by which editors check it")
    click.echo("See what it plans:  cadence plan")
    click.echo(f"Take it up:         cadence once && cadence reviews --partnership {answers.id}")
    return 0
