"""`cadence playbook`: what each structural model says where a definition is silent."""

import click

from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json, print_table
from scheduler.domain.definition.vocabulary import Model


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
    from scheduler.definitions.playbooks import filled_in, playbook_text, playbooks

    folders = context.playbook_folders()
    if as_json:
        print_json(playbooks(*folders)[Model(model)].model_dump(mode="json"))
        return
    file, text = playbook_text(Model(model), folders)
    click.echo(click.style(f"# In force: {plain(file)}", bold=True))
    for problem in filled_in(Model(model), folders):
        click.echo(click.style(f"# {problem.where}: {problem.what}; {problem.hint}", bold=True))
    click.echo(text, nl=False)
