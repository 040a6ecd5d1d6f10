"""`cadence completion`: the script that lets a shell complete commands."""

import click
from click.shell_completion import get_completion_class

from scheduler.domain.errors import UserError


@click.command(epilog='For bash: eval "$(cadence completion bash)"')
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell."""
    kind = get_completion_class(shell)
    if kind is None:
        raise UserError(f"there is no completion for {shell}", "bash, zsh and fish have one")
    click.echo(kind(ctx.find_root().command, {}, "cadence", "_CADENCE_COMPLETE").source())
