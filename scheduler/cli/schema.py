"""`cadence schema`: what may stand in a file, as JSON Schema, so that an editor completes and marks as one writes."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from scheduler.cli.context import Context
from scheduler.cli.output import plain

_OF = ("partnership", "playbook", "settings")


@click.command(epilog="For example: cadence schema --write")
@click.argument("of", type=click.Choice(_OF), required=False, metavar="[partnership|playbook|settings]")
@click.option("--write", is_flag=True, help="Write each beside the files that it is of.")
@click.pass_obj
def schema(context: Context, of: str | None, write: bool) -> None:
    """Print the JSON Schema (draft 7) of a partnership's definition, of a playbook, or of the settings.

    Editors that know yaml-language-server find it by the first line that 'cadence add' and 'cadence init' write. With
    --write the schemas lie beside the files, so that no network is needed; commit them with the definitions, and write
    them again after an upgrade: 'cadence check' says when.
    """
    from scheduler.definitions.authoring import schema_files
    from scheduler.definitions.authoring.writer import modeline
    from scheduler.definitions.schemas import partnership_schema, playbook_schema
    from scheduler.settings.schema import settings_schema

    made: Mapping[str, Callable[[], Mapping[str, Any]]] = dict(
        zip(_OF, (partnership_schema, playbook_schema, settings_schema), strict=True)
    )
    if not write:
        click.echo(schema_files.as_text(made[of or "partnership"]()), nl=False)
        return
    if of:
        raise click.UsageError("--write writes each of them: leave the name out", click.get_current_context())
    for file, name in _places(context).items():
        done = "Wrote" if schema_files.renewed(file, made[name]()) else "Kept "
        click.echo(f"{done} {plain(str(file))}")
        click.echo(f"       first line: {modeline(file.name)}")
    if not context.settings.playbooks.is_dir():
        where = plain(str(context.settings.playbooks))
        click.echo(
            f"None for playbooks: there is no folder {where}; make it for playbooks of your own, and write again"
        )


def _places(context: Context) -> dict[Path, str]:
    """Where each schema belongs; that of playbooks only where the operator has a folder for them."""
    from scheduler.definitions.authoring.schema_files import OF_PARTNERSHIPS, OF_PLAYBOOKS, OF_SETTINGS

    settings = context.settings
    playbooks = {settings.playbooks / OF_PLAYBOOKS: "playbook"} if settings.playbooks.is_dir() else {}
    return {
        settings.definitions / OF_PARTNERSHIPS: "partnership",
        **playbooks,
        context.settings_file.parent / OF_SETTINGS: "settings",
    }
