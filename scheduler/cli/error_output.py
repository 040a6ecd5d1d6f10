"""How a mistake looks: two lines on standard error, never a traceback."""

import io
import os
import sys
from collections.abc import Callable

import click

from scheduler.domain.errors import UserError


def shown(run: Callable[[], object]) -> int:
    """Run a command and return its exit status: 0, 1 for a problem, 2 for wrong usage, 130 where it was interrupted."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # names of files need not be text
    try:
        result = run()
        return result if isinstance(result, int) else 0
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except click.Abort:
        click.echo("Aborted.", err=True)
        return 130
    except UserError as trouble:
        click.echo(f"Error: {trouble.what}" + (f"\n  {trouble.hint}" if trouble.hint else ""), err=True)
        return 1
    except BrokenPipeError:
        # The reader (head, less) has seen enough. Python would complain again while flushing at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"Error: {where}{error.strerror or error}\n  check this path, and its disk", err=True)
        return 1
