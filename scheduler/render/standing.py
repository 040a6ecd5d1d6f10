"""Why a partnership stands as it does, in words: from the template of signals, an operator's own or the shipped one."""

from collections.abc import Sequence
from pathlib import Path

from scheduler.domain.record.standing import Signal
from scheduler.domain.text import one_line
from scheduler.render.templating import rendered

TEMPLATE = "standing/sentences.txt.j2"


def sentences(signals: Sequence[Signal], folders: Sequence[Path], *, brief: bool = False) -> list[str]:
    """The sentence of each signal, without its full stop; or, `brief`, a phrase. One that an operator's template has no
    word for has none."""
    if not signals:
        return []
    lines = [one_line(line) for line in rendered(TEMPLATE, folders, signals=signals, brief=brief).text.splitlines()]
    told = [line for line in lines if line]
    if len(told) == len(signals):
        return told
    return [one_line(rendered(TEMPLATE, folders, signals=[each], brief=brief).text) for each in signals]
