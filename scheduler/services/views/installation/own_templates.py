"""What is wrong with an operator's own templates, said before a letter or an agenda is to be written from one.

A copy that fails gives way to the shipped template, so nothing stands still meanwhile. Each is compiled, and held
against what cadence gives to the template of its name; nothing of it is run.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from jinja2 import TemplateSyntaxError, meta, nodes

from scheduler.definitions.problems import Diagnostic, Severity, near_miss, quoted
from scheduler.domain.record.notification_facts import OF_KIND
from scheduler.render.agenda.briefing import Briefing
from scheduler.render.invitations.body import InvitationWords
from scheduler.render.minutes_letter import MinutesLetter
from scheduler.render.notifications.digest import Digest
from scheduler.render.notifications.owed import Owed
from scheduler.render.notifications.sentences import FOLDER, Means
from scheduler.render.office.extra import is_installed
from scheduler.render.office.word_template import NAME, word_template
from scheduler.render.templating import environment_of

_FACTS: Mapping[str, tuple[str, type[Any]]] = {
    "agenda/": ("b", Briefing),
    "mail/matters": ("letter", Digest),
    "mail/invitation": ("letter", InvitationWords),
    "mail/minutes": ("letter", MinutesLetter),
    "notifications/": ("reader", Means),
    "notifications/kpi": ("owed", Owed),
}
"""By the beginning of a template's name: the value that it is given, and what that holds."""
_MEANWHILE = "until it is mended, the shipped template is used"


def own_templates(own: Path, shipped: Path) -> list[Diagnostic]:
    """All faults of the templates in an operator's folder, in the order of their files and lines."""
    known, found = _names(shipped), []
    trees: dict[str, nodes.Template] = {}
    used: dict[str, set[str]] = {}
    for name in _names(own):
        try:
            trees[name] = _parsed(own, name)
        except TemplateSyntaxError as error:
            found.append(_fault(own / name, error.lineno, error.message or "it cannot be read", _MEANWHILE))
        except (OSError, UnicodeDecodeError) as error:
            found.append(_fault(own / name, None, f"it cannot be read: {error}", _MEANWHILE))
    named = {other for tree in trees.values() for other in meta.find_referenced_templates(tree) if other}
    for name, tree in trees.items():
        if name not in known and name not in named:
            found.append(_never_read(own / name, name, known))
            continue
        if name in known and _is_empty(tree):
            found.append(
                _fault(own / name, None, "it is empty, and so is what it is to say", "write it, or take it away")
            )
        uncompiled = list(_uncompiled(own / name, tree))
        found += uncompiled or _unknown_names(own / name, tree, _offered(shipped, name, trees, used))
        found += _unknown_facts(own / name, name, tree)
        missing = sorted(set(meta.find_referenced_templates(tree)) - {None, *known, *trees}, key=str)
        found += [_fault(own / name, None, f"there is no template {quoted(other)}", _MEANWHILE) for other in missing]
    return sorted([*found, *_of_word(own)])


def _of_word(own: Path) -> Iterator[Diagnostic]:
    """What is wrong with the operator's Word file."""
    template = word_template([own])
    if template.fault:
        yield _fault(own / NAME, None, template.fault, "until it is mended, files for Word are written without it")
    elif template.content is not None and not is_installed("docx"):
        what = "no file for Word can be written: python-docx is not installed"
        yield _fault(own / NAME, None, what, "pip install 'governance-cadence[office]'", "warning")
    for file in sorted(own.rglob("*.do[ct]*")):
        name = file.relative_to(own).as_posix()
        if file.is_file() and name != NAME and not file.name.startswith("~$"):
            yield _fault(file, None, "it is never read", f"the name of the Word template is {NAME}", "warning")


def _names(folder: Path) -> list[str]:
    return sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.j2") if file.is_file())


def _parsed(folder: Path, name: str) -> nodes.Template:
    return environment_of(name, ()).parse((folder / name).read_text(encoding="utf-8"))


def _fault(file: Path, line: int | None, what: str, hint: str, severity: Severity = "error") -> Diagnostic:
    return Diagnostic(str(file), line, None, severity, "", what, hint)


def _is_empty(tree: nodes.Template) -> bool:
    """Whether nothing but blanks can come out of it."""
    said = (node for output in tree.body for node in (output.nodes if isinstance(output, nodes.Output) else [output]))
    return all(isinstance(each, nodes.TemplateData) and not each.data.strip() for each in said)


def _never_read(file: Path, name: str, known: list[str]) -> Diagnostic:
    beside = [other for other in known if other.partition("/")[0] == name.partition("/")[0]] or known
    meant = near_miss(name, beside)
    way = f"did you mean {meant}?" if meant else f"the names are {', '.join(beside)}"
    return _fault(file, None, "no template of cadence bears this name, so it is never read", way, "warning")


def _offered(shipped: Path, name: str, trees: Mapping[str, nodes.Template], used: dict[str, set[str]]) -> set[str]:
    """The names that a template may use: of what is told the facts of its kind, of others those that the shipped ones
    of its folder use; and what the operator's own set. `used` keeps what each folder uses, so that it is read once."""
    folder = name.partition("/")[0]
    if folder == FOLDER:
        kinds = [kind for each, kind in OF_KIND.items() if name == f"{FOLDER}/{each}.txt.j2"] or OF_KIND.values()
        facts = {fact for kind in kinds for fact in kind.__annotations__}
        return {"subject", "reader"} | facts | _set_by(trees, folder)
    if folder not in used:
        beside = (_parsed(shipped, each) for each in _names(shipped) if each.partition("/")[0] == folder)
        used[folder] = {name for tree in beside for name in meta.find_undeclared_variables(tree)}
    return used[folder] | _set_by(trees, folder)


def _set_by(trees: Mapping[str, nodes.Template], folder: str) -> set[str]:
    """The names that the operator's templates of a folder set."""
    own = (tree for each, tree in trees.items() if each.partition("/")[0] == folder)
    return {each.name for tree in own for each in tree.find_all(nodes.Name) if each.ctx == "store"}


def _uncompiled(file: Path, tree: nodes.Template) -> Iterator[Diagnostic]:
    """Filters and tests that there are none of; where all are there, what else only shows when it is compiled."""
    environment, unknown = environment_of(file.name, ()), False
    for node in tree.find_all((nodes.Filter, nodes.Test)):
        word, there = ("filter", environment.filters) if isinstance(node, nodes.Filter) else ("test", environment.tests)
        if node.name not in there:
            unknown = True
            meant = near_miss(node.name, sorted(there))
            way = f"did you mean {meant}?" if meant else f"there are the {word}s of Jinja2"
            yield _fault(file, node.lineno, f"there is no {word} {quoted(node.name)}", f"{way}; {_MEANWHILE}")
    try:
        environment.compile(tree)
    except TemplateSyntaxError as error:
        if not unknown:
            yield _fault(file, error.lineno, error.message or "it cannot be compiled", _MEANWHILE)


def _unknown_names(file: Path, tree: nodes.Template, offered: set[str]) -> Iterator[Diagnostic]:
    unknown = meta.find_undeclared_variables(tree) - offered
    for name in sorted(unknown):
        line = min(each.lineno for each in tree.find_all(nodes.Name) if each.name == name)
        yield _unknown(file, line, name, f"{quoted(name)} is no name that this template is given", sorted(offered))


def _unknown_facts(file: Path, name: str, tree: nodes.Template) -> Iterator[Diagnostic]:
    """`b.programme`, where a briefing has no such thing."""
    facts = dict(fact for begins, fact in _FACTS.items() if name.startswith(begins))
    for node in tree.find_all(nodes.Getattr):
        if not isinstance(node.node, nodes.Name) or node.node.name not in facts:
            continue
        given, holds = node.node.name, facts[node.node.name]
        there = sorted({*dir(holds), *(each.name for each in fields(holds))})
        if node.attr not in there:
            what = f"{quoted(f'{given}.{node.attr}')} is nothing that this template is given"
            yield _unknown(file, node.lineno, node.attr, what, [each for each in there if not each.startswith("_")])


def _unknown(file: Path, line: int, word: str, what: str, choices: list[str]) -> Diagnostic:
    meant = near_miss(word, choices)
    way = f"did you mean {meant}?" if meant else f"there is {', '.join(choices)}"
    return _fault(file, line, what, f"{way}; {_MEANWHILE}")
