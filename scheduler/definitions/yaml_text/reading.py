"""A definition's text becomes a tree of plain values, and every value can still say where it stands.

The language is YAML 1.2 with what a definition has no use for left out: tags, merge keys, several documents in one
file, keys that are not text. What could hold a daemon up is bounded: the text by 1 MiB, its values by 50,000, their
depth by 50. Whatever is wrong comes back as a Problem; nothing that a file may hold raises.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from scheduler.definitions.problems import Diagnostic, Severity, Trail, dotted
from scheduler.definitions.yaml_text.text_faults import MOST_BYTES, TextFault, decoded
from scheduler.definitions.yaml_text.tree import LOADER, Walk, place
from scheduler.named_files import read as files_read

Of = Literal["key", "value"]


@dataclass(frozen=True)
class ParsedText:
    """What a text says, what is wrong with it as a text, and where everything stands.

    `tree` holds dicts with text keys, lists, str, int, Decimal, bool, date and None. Where the text breaks off
    (`readable` is False) the tree is empty and the problems say why; looking for what it lacks would only mislead.
    A readable text can have problems too, such as a key that stands twice: the tree then keeps the first.
    """

    file: str
    tree: dict[str, Any]
    problems: tuple[Diagnostic, ...]
    readable: bool
    _text: str = field(default="", repr=False, compare=False)

    def position(self, path: Trail, of: Of = "value") -> tuple[int, int]:
        """Line and column, from 1, of the value at this path of keys and list indices, or of its key.

        For a path that does not exist: the key of its nearest ancestor that does, at last the start of the text.
        """
        if self._root is None:
            return 1, 1
        key = value = self._root
        for step in path:
            below = child(value, step)
            if below is None:
                return place(key)
            key, value = below
        return place(key if of == "key" else value)

    def problem(self, path: Trail, what: str, hint: str, severity: Severity = "error", of: Of = "value") -> Diagnostic:
        """A problem of this file at the path, its place looked up."""
        return Diagnostic(self.file, *self.position(path, of), severity, dotted(path), what, hint)

    @cached_property
    def _root(self) -> Node | None:
        # A second parse, only once somebody asks. It recurses, but a readable text is known to be shallow.
        return yaml.compose(self._text, Loader=LOADER) if self.readable else None


def read(text: bytes | str, file: str) -> ParsedText:
    """Read one definition; `file` is its name in problems. Whatever the text may hold, this does not raise."""
    walk = Walk(file)
    try:
        source = decoded(text)
        tree = walk.through(source)
    except TextFault as fault:
        walk.note(fault)
        return ParsedText(file, {}, tuple(sorted(walk.problems)), readable=False)
    return ParsedText(file, tree, tuple(sorted(walk.problems)), readable=True, _text=source)


def read_file(path: Path, read: Callable[[bytes, str], ParsedText] = read) -> ParsedText:
    """Read the definition in a file, by `read`. A file that cannot be opened is a problem like any other."""
    try:
        raw = files_read(path, MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        what = f"the file cannot be read: {getattr(error, 'strerror', None) or error}"
        hint = "Check its name, and that it is a file which this user may read."
        return ParsedText(str(path), {}, (Diagnostic(str(path), None, None, "error", "", what, hint),), readable=False)
    return read(raw, str(path))


def files(paths: Iterable[Path]) -> list[Path]:
    """The definitions that these files and folders stand for, in the order given, each once.

    A file is taken as it is named. A folder gives its `*.yaml` and `*.yml` files by name, without hidden files, what
    editors leave behind, and links that lead out of it. What does not exist or cannot be listed is handed on, so
    that reading it tells.
    """
    found = (file for path in paths for file in (_in_folder(path) if path.is_dir() else [path]))
    return list(dict.fromkeys(found))


def looks_like_definition(file: Path) -> bool:
    """Whether a file bears the name of a definition: `*.yaml` or `*.yml`, not hidden and not what an editor left."""
    return file.suffix.lower() in (".yaml", ".yml") and not file.name.startswith((".", "#", "~"))


def is_definition(file: Path, home: Path) -> bool:
    """Whether a file is one of the definitions of the folder `home`, a resolved path; a link may not lead out of it."""
    return looks_like_definition(file) and file.is_file() and file.resolve().is_relative_to(home)


def _in_folder(folder: Path) -> list[Path]:
    try:
        home = folder.resolve()
        return sorted(file for file in folder.iterdir() if is_definition(file, home))
    except OSError:
        return [folder]


def child(node: Node, step: str | int) -> tuple[Node, Node] | None:
    """The key and the value one step below a node; an item of a list is both."""
    if isinstance(node, MappingNode):
        pairs = (pair for pair in node.value if isinstance(pair[0], ScalarNode) and pair[0].value == step)
        return next(pairs, None)
    if isinstance(node, SequenceNode) and isinstance(step, int) and 0 <= step < len(node.value):
        return node.value[step], node.value[step]
    return None
