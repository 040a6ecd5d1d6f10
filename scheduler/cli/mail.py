"""`cadence mail`: whether letters leave, and arrive."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

from scheduler.cli import params
from scheduler.cli.context import Context
from scheduler.cli.output import as_json, plain, print_json

if TYPE_CHECKING:
    from scheduler.services.cases.mail_trial import MailTrial


@click.group(epilog="For example: cadence mail test --to you@acme.example")
def mail() -> None:
    """Try the way that letters leave by."""


@mail.command(epilog="For example: cadence mail test --to you@acme.example")
@click.option("--to", type=params.NameParam(), metavar="ADDRESS", help="Who gets it; the sender itself, unless said.")
@as_json
@click.pass_obj
def test(context: Context, to: str | None, as_json: bool) -> None:
    """Send one letter of trial by the mail server of the settings, and say each step; then what SPF, DKIM and DMARC
    want to find in the DNS of the sender's domain. Exit 1 where it was not taken.

    What is published there, and whether the letter arrives, cannot be seen from here: the letter itself says where to
    look.
    """
    from scheduler.services.cases.mail_trial import send_trial

    with context.app() as app:
        found = send_trial(app, to, os.environ, lambda: context.now, context.now)
    if as_json:
        steps = [{"says": each.says, "went_well": each.went_well, "hint": each.hint} for each in found.steps]
        records = [each._asdict() for each in found.records]
        print_json({"to": found.to, "went_well": found.went_well, "steps": steps, "records": records})
    else:
        for line in _page(found):
            click.echo(plain(line))
    if not found.went_well:
        raise click.exceptions.Exit(1)


def _page(trial: "MailTrial") -> Iterator[str]:
    yield f"A letter of trial to {trial.to}:"
    for number, step in enumerate(trial.steps, 1):
        yield f"  {number}. {'ok    ' if step.went_well else 'failed'} {step.says}"
        if step.hint:
            yield f"            {step.hint}"
    yield "What those who take letters want to find in the DNS; that cannot be seen from here:"
    for record in trial.records:
        kind = "MX" if record.kind == "MX" else "TXT"
        yield f"  {record.kind:<6}{record.name}  {kind}  {record.text}"
        yield f"        {record.note}"
    if trial.went_well:
        yield "Whether it arrives: open it, and look in its source for Authentication-Results: spf, dkim, dmarc = pass."
