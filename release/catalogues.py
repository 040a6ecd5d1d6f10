"""The catalogues of `scheduler/locale`, held against what the program says: `make translate`.

Sentences are taken from the code and the templates (`say`, `say_count`, `say_as`, `sentence`), and from the shipped
playbooks, whose titles stand in letters and agendas. New ones are added to each language's file without words, those
that nobody says any more are taken out, and what is missing or cannot be said is told. No word is guessed: gettext's
fuzzy matches are off.
"""

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import yaml
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from release import ROOT
from scheduler.domain.languages import LANGUAGES

FOLDER = ROOT / "scheduler" / "locale"
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
_KEYWORDS: dict[str, Any] = {"say": None, "sentence": None, "say_count": (1, 2), "say_as": ((1, "c"), 2)}
_NOTE = "Note to translators:"
_PLACEHOLDER = re.compile(r"%\(([a-z_]+)\)s|(%)")
_WIDTH = 110
_SAID_OF_PLAYBOOKS = ("title", "says", "aim")
"""The keys of a playbook whose words people read."""
_SAID_BESIDE = {"asks": "key", "reminder": "permitted"}
"""Those that are read where another key stands beside them: a question of a health check, what competitors are told."""


def extracted() -> Catalog:
    """Every sentence that the program says, with where it stands."""
    found = Catalog(charset="utf-8")
    for name, context, words, comments in _sentences():
        found.add(words, locations=[(name, 0)], auto_comments=comments, context=context)
    return found


def catalogue(language: str) -> Catalog:
    """The words of a language as they are written."""
    file = FOLDER / f"{language}.po"
    return read_po(BytesIO(file.read_bytes()), locale=language) if file.exists() else Catalog(locale=language)


def brought_up_to_date(language: str, template: Catalog) -> Catalog:
    """The same with the sentences of today."""
    words = catalogue(language)
    words.update(template, no_fuzzy_matching=True)
    words.obsolete.clear()
    return words


def as_text(words: Catalog) -> bytes:
    """A catalogue as its file has it: in the order of its sentences, and without a date, so that the same words are
    the same bytes."""
    written = BytesIO()
    write_po(written, words, width=_WIDTH, sort_output=True, omit_header=True, include_lineno=False)
    return b'msgid ""\nmsgstr ""\n' + _header(words) + b"\n" + written.getvalue().lstrip(b"\n")


def faults(words: Catalog) -> Iterator[str]:
    """What is missing in a catalogue, or cannot be said: a name that the sentence does not have, a form too few."""
    for each in words:
        if each.id and (wrong := _fault(each, words.num_plurals)):
            yield f"{each.id if isinstance(each.id, str) else each.id[0]!s}: {wrong}"


def _fault(message: Message, forms: int) -> str | None:
    said = (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))
    english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    if message.fuzzy:
        return "it is fuzzy: see whether it is right, and take the mark out"
    if not all(said):
        return "it has no words yet"
    if not isinstance(message.id, str) and len(said) != forms:
        return f"it has {len(said)} forms, and the language has {forms}"
    names = {name for each in english for name in _names(each)}
    for each in said:
        if unknown := _names(each) - names:
            return f"its words name {', '.join(sorted(unknown))}, which the sentence does not have"
        if lacking := names - _names(each) - {"number"}:
            return f"its words lack {', '.join(sorted(lacking))}"
    return None


def _names(words: str) -> set[str]:
    """The names of its values; ``%`` for a percent sign that is none of them."""
    return {name or "%" for name, _ in _PLACEHOLDER.findall(words)}


def _sentences() -> Iterator[tuple[str, str | None, Any, list[str]]]:
    methods = [("cli/**.py", "ignore"), ("daemon/**.py", "ignore"), ("**.py", "python"), ("**.j2", "jinja2")]
    options = {"**.j2": {"silent": "false", "trim_blocks": "true"}}
    for folder in ("scheduler", "templates"):
        for name, _, words, comments, context in extract_from_dir(
            ROOT / folder, methods, options, keywords=_KEYWORDS, comment_tags=(_NOTE,), strip_comment_tags=True
        ):
            yield f"{folder}/{name}", context, words, comments
    for folder in ("playbooks", "standards"):
        for file in sorted((ROOT / "config" / folder).glob("*.yaml")):
            for words in sorted(set(_said_by(yaml.safe_load(file.read_text(encoding="utf-8"))))):
                yield f"config/{folder}/{file.name}", None, words, []


def _said_by(tree: Any) -> Iterator[str]:
    """The titles of a playbook's reviews and topics with what these end with, the steps of its launch, the tasks of an
    exit, the questions of its health check, what competitors may speak of."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            is_said = key in _SAID_OF_PLAYBOOKS or _SAID_BESIDE.get(key) in tree
            if is_said and isinstance(value, str):
                yield value
            elif key == "topics" and isinstance(value, dict):  # of a forward agenda, by quarter
                yield from value.values()
            elif key == "permitted" and isinstance(value, list):  # of competitors
                yield from value
            else:
                yield from _said_by(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from _said_by(value)


def _header(words: Catalog) -> bytes:
    lines = {
        "Language": str(words.locale),
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": words.plural_forms,
    }
    return "".join(f'"{name}: {value}\\n"\n' for name, value in lines.items()).encode()


def main() -> int:
    """Bring the files up to date; how many sentences lack words, over all languages."""
    template, wrong = extracted(), 0
    for language in TRANSLATED:
        words = brought_up_to_date(language, template)
        (FOLDER / f"{language}.po").write_bytes(as_text(words))
        found = list(faults(words))
        wrong += len(found)
        sys.stdout.write(f"{language}: {len(words)} sentences, {len(found)} to be seen to\n")
        sys.stdout.writelines(f"  {each}\n" for each in found[:20])
    return wrong


if __name__ == "__main__":
    sys.exit(bool(main()))
