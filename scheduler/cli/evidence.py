"""`cadence evidence`: what is on record of a partnership, under seal, for an assessor."""

from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from scheduler.cli import formats, params
from scheduler.cli.context import Context
from scheduler.cli.default_command import DefaultGroup
from scheduler.cli.output import as_json, print_json, print_json_list, print_table, say
from scheduler.domain.errors import UserError
from scheduler.domain.languages import LANGUAGES

if TYPE_CHECKING:
    from scheduler.services.evidence.checking import SealStanding
    from scheduler.services.evidence.pack import EvidenceFacts

_HEADS = ("partnership", "seals", "the last one", "rows", "not sealed yet", "head")


@click.group("evidence", cls=DefaultGroup, default="pack")
def evidence() -> None:
    """Make a pack of what is on record of a partnership, which an assessor can verify by themselves; verify one; hold
    the record against its seals.

    Each day what came to the record is sealed; each month both sides are sent the head of the chain. What that proves
    stands in docs/evidence.md.
    """


@evidence.command(epilog="For example: cadence evidence acme-globex --from 2026-10-01 --out evidence.zip")
@click.argument("id")
@click.option(
    "--from", "first", type=params.Day(calendars=True), help="Its first day; since it is governed, unless said."
)
@click.option("--until", type=params.Day(calendars=True), help="Its last day, today at the latest; today, unless said.")
@click.option(
    "--for",
    "organisation",
    type=params.NameParam(),
    metavar="ORGANISATION",
    help="What this organisation may see. Without it everything: for nobody who may not see what is one side's own.",
)
@click.option(
    "--standard",
    "named",
    type=params.NameParam(),
    default="iso-44001",
    show_default=True,
    metavar="NAME|FILE",
    help="The standard by whose stages it is ordered, or a file that says one.",
)
@click.option(
    "--language", type=click.Choice(tuple(LANGUAGES)), help="Of its index.html, and of the gaps; English, unless said."
)
@click.option("--out", type=params.PathParam(dir_okay=False), required=True, metavar="FILE", help="Where to write it.")
@click.option("--replace", is_flag=True, help="Write over a file that is there.")
@as_json
@click.pass_obj
def pack(
    context: Context,
    id: str,
    first: date | None,
    until: date | None,
    organisation: str | None,
    named: str,
    language: str | None,
    out: Path,
    replace: bool,
    as_json: bool,
) -> None:
    """Write what is on record of the partnership ID into a ZIP file: by the stages of a standard, what is missing
    first, with every row under its seal and a script that verifies it.

    The same record makes the same bytes in the same language. What came to the record since its last seal is sealed
    before.
    """
    from scheduler.definitions.standards import standard
    from scheduler.rules.access import asked_for
    from scheduler.services.evidence.pack import Asked, make
    from scheduler.settings.whole import shipped

    if out.exists() and not replace:
        raise UserError(f"{out} is there already, and stays", "name another file, or add --replace")
    wanted = Asked(asked_for(organisation), standard(named, shipped("standards")), first, until, language)
    with context.app(writing=True) as app:
        made = make(app, id, context.now, wanted)
    _write(out, made.content)
    if as_json:
        print_json({"file": str(out), "manifest": made.manifest, "rows": made.rows, **_told(made.facts)})
        return
    for fault in made.facts.faults:
        say(f"WRONG: {fault.says}")
    for gap in made.facts.gaps:
        say(f"stage {gap.stage}: {gap.says}")
    say(f"{out}: {made.rows} rows, {made.facts.seals} seals, {len(made.facts.gaps)} gaps.")
    say(f"The SHA-256 of its manifest: {made.manifest}")


def _write(out: Path, content: bytes) -> None:
    try:
        out.write_bytes(content)
    except OSError as error:
        raise UserError(f"{out} cannot be written: {error.strerror or error}", "name a file that can") from None


def _told(facts: "EvidenceFacts") -> dict[str, Any]:
    return {
        "gaps": [asdict(each) for each in facts.gaps],
        "faults": [each.says for each in facts.faults],
        "seals": facts.seals,
        "head": facts.head,
    }


@evidence.command(epilog="For example: cadence evidence verify evidence.zip --head 5d1c…")
@click.argument("file", type=params.PathParam(exists=True))
@click.option("--head", type=params.NameParam(), metavar="HEAD", help="The head that a monthly statement told.")
def verify(file: Path, head: str | None) -> int:
    """Verify the pack FILE, or the folder where one was unpacked: its files, its chain of seals, each row.

    It needs no settings and no record. The pack has the same as a script, verify.py. Exits 1 where anything is wrong.
    """
    from scheduler.services.evidence.verify import in_words
    from scheduler.services.evidence.verify import verify as verified

    found = verified(file, head)
    if found.manifest is None:
        way_out = "name a ZIP file that cadence evidence made, or the folder where one was unpacked"
        raise UserError(f"{file}: {found.faults[0]}", way_out)
    for line in in_words(found, head):
        say(line)
    return 1 if found.faults else 0


@evidence.command(epilog="For example: cadence evidence seal acme-globex --check")
@click.argument("id", required=False, type=params.NameParam())
@click.option("--check", is_flag=True, help="Exit 1 where anything is not as it was sealed.")
@as_json
@click.pass_obj
def seal(context: Context, id: str | None, check: bool, as_json: bool) -> int:
    """List how far the chain of seals of the partnership ID, or of each, reaches, and what on record is not as it was
    sealed.

    The first cycle of a day (UTC) seals. Nothing is changed by looking.
    """
    from scheduler.services.views import seals

    with context.app() as app:
        found = [*seals.standings(app, id)]
    if as_json:
        print_json_list(map(seals.as_json, found))
    else:
        print_table(_HEADS, map(_cells, found), empty="Nothing is governed yet.", may_go=("not sealed yet",))
        for fault in (each for standing in found for each in standing.faults):
            say(fault.says)
    return 1 if check and any(each.faults for each in found) else 0


def _cells(each: "SealStanding") -> tuple[str, ...]:
    last = formats.minute(each.sealed_at) if each.sealed_at else "none yet"
    return each.partnership, str(each.seals), last, str(each.sealed), str(each.unsealed), each.head or ""
