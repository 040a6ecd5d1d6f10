"""A new definition is written from answers: YAML, commented for whoever edits it next, and never over another file.

Whatever text the answers hold stays text: it is quoted wherever YAML could read more into it.
"""

import codecs
import json
import os
import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from scheduler.definitions.yaml_text.scalars import meaning
from scheduler.domain.definition.vocabulary import Model
from scheduler.domain.errors import UserError
from scheduler.named_files import belongs_as, make_folder

Entry = Mapping[str, Any]
"""One entry of a definition, as its keys and plain values: texts, numbers, dates, lists, mappings."""


@dataclass(frozen=True)
class Answers:
    """What is asked for a new partnership. Entries bear the keys of a definition: `name`, `country`, `owner`, `target`.

    `requires` is what the model must have on record: an entry under `entity`, `equity` or `formula`.
    """

    id: str
    name: str
    model: Model
    effective: date
    organisations: Mapping[str, Entry]
    people: Mapping[str, Entry]
    criteria: Sequence[Entry]
    kpis: Mapping[str, Entry]
    triggers: Sequence[Entry]
    function: str | None = None
    goal: str | None = None
    requires: Entry = field(default_factory=dict)
    layers: Mapping[str, Entry] = field(default_factory=dict)


SCHEMA = "partnership.schema.json"
"""The file beside the definitions by which editors check them."""


def new_definition(answers: Answers, remark: str = "") -> str:
    """The YAML text of a definition that says what the answers say, below a `remark` of whole lines, if there is one.
    It is not checked: `loading.load` does that."""
    return "\n".join((modeline(SCHEMA), *remark.splitlines(), *_lines(answers))) + "\n"


def modeline(schema: str) -> str:
    """The line by which an editor knows the schema of a file, by the schema's file beside it: that of
    yaml-language-server, which VS Code, Neovim, Helix, Emacs and Zed understand."""
    return f"# yaml-language-server: $schema={schema}"


def create(file: Path, text: str) -> None:
    """Write a new file, whole or not at all. Raises UserError where the name is taken or nothing can be written."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.new")
    try:
        make_folder(file.parent)
        draft.write_text(text, encoding="utf-8")
        belongs_as(draft, file.parent)
        try:
            os.link(draft, file)  # unlike a rename, this fails where the name is taken
        finally:
            draft.unlink()
    except FileExistsError:
        raise UserError(f"{file} exists already", "choose another id, or edit that file") from None
    except OSError as error:
        raise UserError(f"{file} cannot be written: {error.strerror}", "check the folder and its permissions") from None


def replace(file: Path, before: bytes, text: str) -> None:
    """Put the text in the place of a file that still holds the bytes `before`, whole or not at all.

    The file keeps its permissions, and a byte order mark if it has one; a link goes on leading to it. Raises UserError
    where it has changed meanwhile, or nothing can be written.
    """
    target = file.resolve()
    draft = target.with_name(f".{target.name}.{os.getpid()}.new")
    mark = codecs.BOM_UTF8 if before.startswith(codecs.BOM_UTF8) else b""
    try:
        if target.read_bytes() != before:
            raise UserError(f"{file} has changed meanwhile, so it was left alone", "look at it, and call again")
        try:
            draft.write_bytes(mark + text.encode())
            shutil.copymode(target, draft)
            belongs_as(draft, target)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise UserError(f"{file} cannot be written: {error.strerror}", "check the folder and its permissions") from None


def _lines(answers: Answers) -> Iterator[str]:
    yield "# A partnership. After an edit: cadence check"
    yield f"# Whatever is not said here comes from the playbook of its model: cadence playbook show {answers.model}"
    yield ""
    yield f"partnership: {flow(answers.id)}"
    yield f"name: {flow(answers.name)}"
    yield f"model: {answers.model}"
    if answers.function is not None:
        yield f"function: {flow(answers.function)}"
    if answers.goal is not None:
        yield f"goal: {flow(answers.goal)}"
    yield from _block(
        "organisations", answers.organisations, "Their public holidays, weekends and closed days move the reviews."
    )
    yield from _block(
        "people",
        answers.people,
        "role: sponsor | alliance_manager | …; away: [2026-12-21/2027-01-02]; tell: mail | chat | both | digest;\n"
        "# also: [further addresses that their answers may come from].\n"
        "# Whoever leaves hands over with: cadence person leave KEY --on DATE --to ANOTHER",
    )
    yield from _agreement(answers)
    yield from ("", "# 1. What success looks like at 90 days, each judged by a KPI's readings or by an owner")
    yield "success_at_90_days:"
    if stand_in := _stand_in(answers.people):
        yield f"  deputy: {flow(stand_in)}  # stands in for whoever owns the agendas: by itself an alliance manager"
    yield "  criteria:"
    yield from (f"    - {flow(criterion)}" for criterion in answers.criteria)
    yield from _block(
        "kpis", answers.kpis, "2. Who owns each KPI; level: actor with of: ORGANISATION keeps one internal"
    )
    yield from ("", "# 3. What triggers a formal governance review", "triggers:")
    yield from (f"  - {flow(trigger)}" for trigger in answers.triggers)
    yield from _CADENCE
    if answers.layers:
        yield from ("", f"# {_LAYERS}", "layers:")
        yield from (f"  {flow(key)}: {flow(layer)}" for key, layer in answers.layers.items())
    else:
        yield from (f"# {_LAYERS}", "# layers:", _A_LAYER)


def _block(key: str, entries: Mapping[str, Entry], comment: str) -> Iterator[str]:
    yield from ("", f"# {comment}", f"{key}:")
    yield from (f"  {flow(name)}: {flow(entry)}" for name, entry in entries.items())


def _stand_in(people: Mapping[str, Entry]) -> str | None:
    """Who is nearest to the alliance manager whom the playbook lets own the agenda: somebody of the same side."""
    owner = next((key for key, person in people.items() if person.get("role") == "alliance_manager"), None)
    of = people[owner].get("of") if owner else None
    return next((key for key, person in people.items() if of and key != owner and person.get("of") == of), None)


def _agreement(answers: Answers) -> Iterator[str]:
    yield from ("", "agreement:")
    yield f"  effective: {answers.effective.isoformat()}  # day 0: the 90 days and the cadence count from here"
    yield from (f"  {flow(key)}: {flow(entry)}" for key, entry in answers.requires.items())
    yield "  # ends: 2029-09-30"
    yield "  # renewal: {kind: tacit, for: 12 months, notice: 120 days, buffer: 10 days}"
    yield "  # decides: joint steering committee      (who decides when the sides disagree)"
    yield "  # documents: [{kind: nda, signed: 2026-05-04, expires: 2028-05-04}]"
    yield "  # ip: Each side keeps what it brings in; what is found together belongs to both"
    yield "  # confidentiality: {says: What each side learns of the other stays with it, survives: 5 years}"
    yield "  # dispute_resolution: Sponsors, then mediation, then arbitration"
    yield "  # termination: For cause on 60 days' notice"
    yield "  # exit: Either side on 180 days' notice; each takes back what is its own"
    yield "  # survives: [{says: Spare parts, survives: 3 years}]      (obligations that outlast the agreement)"


_CADENCE = (
    "",
    "# The cadence is the playbook's; say here where this partnership differs, for example:",
    "# reviews:",
    "#   operating: {on: working day 14, at: 15:00, agenda_owner: a person, deputy: another}",
)
_LAYERS = "Programmes, geographies or agreements with a governance of their own are layers:"
_A_LAYER = "#   a-licence: {name: A licence, model: contractual_alliance, form: licensing, effective: 2027-01-15}"

_PLAIN = re.compile(r"\w(?:[\w ./@×-]*\w)?")


def flow(value: object) -> str:
    """A value as YAML on one line. A text goes bare only where it can be nothing else than that text."""
    match value:
        case dict():
            return "{" + ", ".join(f"{flow(key)}: {flow(each)}" for key, each in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(flow, value)) + "]"
        case bool():
            return "true" if value else "false"
        case int() | Decimal() | date():
            return str(value)
        case _:
            text = str(value)
            return text if _PLAIN.fullmatch(text) and meaning(text) == text else json.dumps(text, ensure_ascii=False)
