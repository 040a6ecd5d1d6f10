"""The playbooks: one YAML file for each structural model, from an operator's folder or else from those shipped.

An operator's file replaces the shipped one of its model. A key that it must have and lacks comes from the shipped one
(`playbook_defaults`), and `cadence check` names it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import get_args

from pydantic import ValidationError

from scheduler import named_files
from scheduler.definitions.playbook_defaults import completed, lacking
from scheduler.definitions.problems import Diagnostic, Trail, as_text
from scheduler.definitions.shape import misfits
from scheduler.definitions.uncounted import uncounted
from scheduler.definitions.yaml_text.reading import ParsedText, read, read_file
from scheduler.domain.definition.partnership import RESERVED
from scheduler.domain.definition.playbook import ExitPlan, Need, Playbook
from scheduler.domain.definition.standing_terms import StandingTerms
from scheduler.domain.definition.vocabulary import Kind, Model, Unit
from scheduler.domain.errors import InvalidValue, UserError
from scheduler.domain.phrases import Every, On, Span
from scheduler.rules.reviews.recurrence import check_fit

_CLOCK_UNITS = ("day", "working day")
_A_DAY = {
    Unit.WEEK: "wednesday",
    Unit.MONTH: "working day 14",
    Unit.QUARTER: "third tuesday of month 2",
    Unit.HALF_YEAR: "third thursday of month 3",
    Unit.YEAR: "second tuesday of may",
}
"""A day for the hint where one is missing."""


class BadPlaybooks(UserError):
    """Playbooks that cannot be read. `problems` are all of them, of every file at once."""

    def __init__(self, problems: Iterable[Diagnostic]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(
            "the playbooks cannot be read:\n" + "\n".join(as_text(problem) for problem in self.problems),
            "compare with a shipped one: cadence playbook show MODEL",
        )


def playbooks(*folders: Path) -> dict[Model, Playbook]:
    """The playbook of every structural model, each from the first of the folders that has its file.

    Raises BadPlaybooks with the problems of all files at once, or UserError where no folder has a model's file.
    """
    read = {model: _playbook(_reading(model, folders)[0], model) for model in Model}
    problems = [problem for playbook in read.values() if not isinstance(playbook, Playbook) for problem in playbook]
    if problems:
        raise BadPlaybooks(problems)
    return {model: playbook for model, playbook in read.items() if isinstance(playbook, Playbook)}


def filled_in(model: Model, folders: Sequence[Path]) -> list[Diagnostic]:
    """A warning for each key that an operator's playbook lacks and that the shipped one says in its stead."""
    reading, shipped, taken = _reading(model, folders)
    if shipped is None:
        return []
    what = "`{}` is missing, and what the shipped playbook says holds"
    way = "copy it from line {} of {}, or write your own"
    return [
        reading.problem(
            path, what.format(path[-1]), way.format(shipped.position(path, "key")[0], shipped.file), "warning"
        )
        for path in taken
    ]


def uncounted_quorums(model: Model, folders: Sequence[Path]) -> list[Diagnostic]:
    """A warning for each quorum of a model's playbook whose words cannot be counted by."""
    reading = _reading(model, folders)[0]
    playbook = _playbook(reading, model)
    if not isinstance(playbook, Playbook):
        return []
    return [
        reading.problem((*path, "quorum"), *uncounted(str(meeting.quorum.words)), severity="warning")
        for path, meeting in playbook.meetings()
        if meeting.quorum.rule is None
    ]


def _reading(model: Model, folders: Sequence[Path]) -> tuple[ParsedText, ParsedText | None, tuple[Trail, ...]]:
    """The file of a model's playbook; the next folder's, from which it was completed; the places of what it lacked."""
    file = playbook_file(model, folders)
    reading = read_file(file, _read)
    if reading.problems or not lacking(reading.tree):
        return reading, None, ()
    others = (read_file(folder / file.name, _read) for folder in folders if folder != file.parent)
    shipped = next((other for other in others if other.readable and not other.problems), None)
    if shipped is None:
        return reading, None, ()
    tree, taken = completed(reading.tree, shipped.tree)
    return replace(reading, tree=tree), shipped, taken


@lru_cache(maxsize=2 * len(Model))
def _read(text: bytes, file: str) -> ParsedText:
    """A playbook that has not changed says what it said: its text is taken apart once in a process. Nobody changes
    what it says."""
    return read(text, file)


def playbook_file(model: Model, folders: Iterable[Path]) -> Path:
    """Where the playbook of a model stands: `<model>.yaml` in the first folder that has it. Raises UserError."""
    places = [folder / f"{model}.yaml" for folder in folders]
    found = next((place for place in places if place.exists()), None)
    if found is None:
        raise UserError(
            f"there is no playbook for the {model.words}",
            f"looked for {' and '.join(map(str, places)) or 'nothing'}; `playbooks:` in the settings names the folder",
        )
    return found


def playbook_text(model: Model, folders: Iterable[Path]) -> tuple[Path, str]:
    """The file of a model's playbook as it is written, with its sources. Raises UserError where it is none."""
    file = playbook_file(model, folders)
    try:
        return file, named_files.read(file).decode("utf-8")
    except (OSError, ValueError) as error:
        raise UserError(f"{file} cannot be read: {error}", "check that it is a text file this user may read") from None


def _playbook(reading: ParsedText, model: Model) -> Playbook | list[Diagnostic]:
    """The playbook that a file says, or all that is wrong with it."""
    if reading.problems:
        return list(reading.problems)
    try:
        playbook = Playbook.model_validate(reading.tree)
    except ValidationError as error:
        wrong = misfits(error, reading.tree, Playbook)
        return [reading.problem(misfit.path, misfit.what, misfit.hint, of=misfit.of) for misfit in wrong]
    return [reading.problem(*fault) for fault in _faults(playbook, model)] or playbook


def _faults(playbook: Playbook, model: Model) -> Iterator[tuple[Trail, str, str]]:
    """What a playbook says that cannot be planned by: where, what, and the way out."""
    if playbook.model is not model:
        yield (
            ("model",),
            f"this file bears the name of another model than {playbook.model}",
            f"write model: {model}, or rename the file to {playbook.model}.yaml",
        )
    for reserved in RESERVED:
        if reserved in playbook.series:
            yield (
                ("series", reserved),
                f"{reserved} is no series: it stands outside the cadence",
                f"write it as {reserved.replace('-', '_')}: beside series",
            )
    if not playbook.series:
        yield ("series",), "it has no review series", "copy what another playbook has"
    yield from _gaps(playbook)
    yield from _odd_days(playbook)
    yield from _odd_spans(playbook)


def _odd_days(playbook: Playbook) -> Iterator[tuple[Trail, str, str]]:
    """Days that the periods of their frequency do not have."""
    found: list[tuple[Trail, Every, On]] = [
        *((("series", key, "on"), each.every, each.on) for key, each in playbook.series.items()),
        *((("on", unit), Every(1, unit), on) for unit, on in playbook.on.items()),
    ]
    for path, every, on in found:
        try:
            check_fit(every, on)
        except InvalidValue as fault:
            yield path, fault.what, fault.hint


def _gaps(playbook: Playbook) -> Iterator[tuple[Trail, str, str]]:
    """Every frequency that a definition may choose needs its day, every KPI period its due day, every kind of review
    its agenda, and every criterion that the models are chosen by its trait."""
    copy = "copy what another playbook has"
    yield from (
        (("agendas",), f"a review of the kind {kind} has none", copy) for kind in Kind if kind not in playbook.agendas
    )
    yield from ((("traits",), f"{need} has none", copy) for need in get_args(Need) if need not in playbook.traits)
    for unit in Unit:
        if unit not in playbook.on:
            yield ("on",), f"no day is named for a review of every {unit}", f"add a line such as {unit}: {_A_DAY[unit]}"
        if unit not in playbook.kpis.due:
            yield (
                ("kpis", "due"),
                f"a KPI of every {unit} has no due day",
                f"add a line such as {unit}: 10 working days",
            )


def _odd_spans(playbook: Playbook) -> Iterator[tuple[Trail, str, str]]:
    """Spans whose unit does not fit what they measure."""
    for path, meeting in playbook.meetings():
        if (
            meeting.length.unit not in ("minute", "hour")
            or not 5 <= meeting.length.duration.total_seconds() / 60 <= 1440
        ):
            yield (*path, "length"), f'"{meeting.length}" is no length of a review', "write 5 minutes to 24 hours"
        for clock, span in meeting.clocks:
            if span is not None and span.unit not in _CLOCK_UNITS:
                yield (*path, "clocks", clock), f'"{span}" cannot be counted in days', "write 5 working days or 10 days"
    for unit, span in playbook.kpis.due.items():
        if span.unit not in _CLOCK_UNITS:
            yield ("kpis", "due", unit), f'"{span}" cannot be counted to a due day', "write 8 working days or 20 days"
    decide = playbook.agreement.decide
    if decide.unit in ("minute", "hour"):
        yield ("agreement", "decide"), f'"{decide}" is shorter than a day, and here days are counted', "write 30 days"
    yield from _odd_spans_of_exits(playbook.exit)
    yield from _odd_spans_of_standing(playbook.standing)
    if playbook.checkpoint_after.unit not in ("day", "week") or not playbook.checkpoint_after.count:
        yield ("checkpoint_after",), f'"{playbook.checkpoint_after}" is not a number of days', "write 90 days"


def _odd_spans_of_standing(terms: StandingTerms) -> Iterator[tuple[Trail, str, str]]:
    spans: list[tuple[Trail, Span]] = [(("late",), terms.late), (("window",), terms.window)]
    for key in ("reporting", "relationship", "dates", "people"):
        bounds = getattr(terms, key)
        spans += [((key, "attention"), bounds.attention), ((key, "at_risk"), bounds.at_risk)]
    for path, span in spans:
        if span.unit in ("minute", "hour"):
            yield ("standing", *path), f'"{span}" is shorter than a day, and here days are counted', "write 30 days"
    if not terms.window.count:
        yield ("standing", "window"), f'"{terms.window}" holds no review', "write 12 months"


def _odd_spans_of_exits(plan: ExitPlan) -> Iterator[tuple[Trail, str, str]]:
    spans: list[tuple[Trail, Span | None]] = [(("exit", "ends"), plan.ends)]
    for key, counted in (("tasks", plan.tasks), ("reviews", plan.reviews)):
        for index, each in enumerate(counted):
            spans += [(("exit", key, index, "by"), each.by), (("exit", key, index, "before"), each.before)]
    for path, span in spans:
        if span is not None and span.unit in ("minute", "hour"):
            yield path, f'"{span}" is shorter than a day, and here days are counted', "write 30 days"
