"""`cadence playbook`: what each structural model says where a definition is silent."""

from typing import TYPE_CHECKING, Any

import click

from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_table
from scheduler.domain.definition.vocabulary import Model

if TYPE_CHECKING:
    from scheduler.domain.definition.playbook import Playbook


@click.group(epilog="For example: cadence playbook show joint_venture")
def playbook() -> None:
    """Show the governance playbooks: meetings, clocks, checkpoint and ladder of each structural model.

    Every number stands in a file of yours to change, its source beside it.
    """


@playbook.command("list", epilog="For example: cadence playbook list --json")
@as_json
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:
    """List the playbooks in force, their reviews and their files."""
    from scheduler.definitions.playbooks import playbook_file, playbooks

    folders = context.playbook_folders()
    found = playbooks(*folders)
    files = {model: playbook_file(model, folders) for model in found}
    if as_json:
        print_json([{"model": model, "series": list(found[model].series), "file": files[model]} for model in found])
        return
    rows = [(model, ", ".join(found[model].series), files[model]) for model in found]
    print_table(("model", "reviews", "file"), rows, empty="There is no playbook.")


@playbook.command(epilog="For example: cadence playbook show contractual_alliance")
@click.argument("model", type=click.Choice([*(model.value for model in Model), "non_equity_alliance"]), metavar="MODEL")
@as_json
@click.pass_obj
def show(context: Context, model: str, as_json: bool) -> None:
    """Print the playbook of a structural model as it is written, every number with its source.

    MODEL is one of contractual_alliance, revenue_sharing, equity_alliance, consortium, joint_venture.
    """
    from scheduler.definitions.playbooks import filled_in, playbook_text, playbooks, uncounted_quorums

    folders = context.playbook_folders()
    if as_json:
        print_json(_as_json(playbooks(*folders)[Model(model)]))
        return
    file, text = playbook_text(Model(model), folders)
    click.echo(click.style(f"# In force: {plain(file)}", bold=True))
    for problem in (*filled_in(Model(model), folders), *uncounted_quorums(Model(model), folders)):
        click.echo(click.style(f"# {problem.where}: {problem.what}; {problem.hint}", bold=True))
    click.echo(text, nl=False)


def _as_json(playbook: "Playbook") -> dict[str, Any]:
    """A playbook as it is, each quorum in words, and beside them as the structure that is counted by (null: none)."""
    found = playbook.model_dump(mode="json", by_alias=True)
    for path, meeting in playbook.meetings():
        told, rule = found[path[0]], meeting.quorum.rule
        for key in path[1:]:
            told = told[key]
        told["quorum"], told["quorum_rule"] = meeting.quorum.said(playbook.model), rule and rule.model_dump(mode="json")
    return found
