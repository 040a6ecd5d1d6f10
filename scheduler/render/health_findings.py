"""What a round of the health check found, in words: from the template of findings, an operator's own or the shipped
one."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from scheduler.domain.record.health import HealthRound
from scheduler.domain.text import one_line
from scheduler.render.templating import rendered
from scheduler.rules.health_checks.results import Finding, findings

TEMPLATE = "standing/findings.txt.j2"


def sentences(round: HealthRound, sides: Mapping[str, str], folders: Sequence[Path]) -> list[tuple[Finding, str]]:
    """Each finding of a closed round with its sentence, without its full stop; `sides` are what the organisations are
    called, by key."""
    return [(each, sentence(each, round, sides, folders)) for each in findings(round)]


def sentence(finding: Finding, round: HealthRound, sides: Mapping[str, str], folders: Sequence[Path]) -> str:
    names = {each.side: sides.get(each.side, each.side) for each in round.results}
    said = rendered(TEMPLATE, folders, findings=[finding], sides=names, fewest=round.terms.fewest)
    return one_line(said.text)
