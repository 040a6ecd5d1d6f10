"""Why a partnership stands as it does, in words: from the template of signals, an operator's own or the shipped one."""

from collections.abc import Sequence
from pathlib import Path

from scheduler.domain.record.standing import Signal
from scheduler.domain.text import one_line
from scheduler.render.templating import rendered

TEMPLATE = "standing/sentences.txt.j2"


def sentences(signals: Sequence[Signal], folders: Sequence[Path]) -> list[str]:
    """The sentence of each signal, without its full stop. One that an operator's template has no word for has none."""
    if not signals:
        return []
    lines = [one_line(line) for line in rendered(TEMPLATE, folders, signals=signals).text.splitlines()]
    told = [line for line in lines if line]
    return told if len(told) == len(signals) else _one_by_one(signals, folders)


def _one_by_one(signals: Sequence[Signal], folders: Sequence[Path]) -> list[str]:
    return [one_line(rendered(TEMPLATE, folders, signals=[each]).text) for each in signals]
