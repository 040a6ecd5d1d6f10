"""`cadence doctor`: whether the installation is ready for production."""

import os
from typing import TYPE_CHECKING

import click

from scheduler.cli.context import Context
from scheduler.cli.output import as_json, print_json_list, say

if TYPE_CHECKING:
    from scheduler.services.views.installation.doctor import Check


@click.command(epilog="For example: cadence doctor --network")
@click.option("--network", is_flag=True, help="Call the mail server and the public address, too.")
@as_json
@click.pass_obj
def doctor(context: Context, network: bool, as_json: bool) -> int:
    """Look at the machine, the files, the record and the settings, and say of each whether it is ready for production:
    good, to do, or wrong, and what to do.

    Nothing is changed. Exits 1 where something is wrong; what is to do is for you to decide. docs/ready.md goes through
    the same, in the same order.
    """
    from scheduler.services.views.installation.doctor import Verdict, examine

    found = examine(lambda: context.settings_file, context.now, os.environ, over_network=network)
    if as_json:
        print_json_list(each._asdict() for each in found)
    else:
        for each in found:
            _show(each)
        _count(found)
    return 1 if any(each.verdict is Verdict.WRONG for each in found) else 0


def _show(each: "Check") -> None:
    say(f"{each.verdict.value:5}  {each.name:14} {each.says}")
    if each.hint:
        say(f"{'':22}{each.hint}")


def _count(found: "list[Check]") -> None:
    wrong, to_do = (sum(each.verdict.value == name for each in found) for name in ("wrong", "to do"))
    click.echo(f"{len(found)} checks: {wrong} wrong, {to_do} to do.")
