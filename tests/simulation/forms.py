"""The forms of a page as a browser reads them: their fields with what stands in them, and their buttons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

_UNTYPED = ("submit", "button", "reset", "image")


@dataclass
class Form:
    """What would be posted as it stands is `filled`; `choices` are the values that a field may have besides, `labels`
    what the page calls a choice, by field and value."""

    filled: dict[str, str] = field(default_factory=dict)
    choices: dict[str, set[str]] = field(default_factory=dict)
    labels: dict[tuple[str, str], str] = field(default_factory=dict)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)
    """Of each its words, its name, its value."""
    types: dict[str, str] = field(default_factory=dict)
    """Of each field that is typed: ``text``, ``date``, ``number``, ``hidden``, ``textarea``."""
    files: set[str] = field(default_factory=set)
    is_multipart: bool = False

    @property
    def fields(self) -> set[str]:
        return {*self.filled, *self.choices, *self.files}

    def choice(self, words: str) -> tuple[str, str]:
        """Field and value of the one choice whose label holds these words."""
        found = [each for each, label in self.labels.items() if words.casefold() in label.casefold()]
        assert len(found) == 1, (words, self.labels)
        return found[0]

    def posted(self, said: Mapping[str, str], button: str | None = None) -> dict[str, str]:
        """What a browser sends where `said` was filled in. Fails where the page has no such field, choice or button."""
        assert set(said) <= self.fields, (set(said) - self.fields, self.fields)
        pressed = [each for each in self.buttons if button is None or each[0] == button]
        assert pressed, (button, self.buttons)
        _, name, value = pressed[0]
        return {**self.filled, **said, **({name: value} if name else {})}


def forms_of(page: str) -> list[Form]:
    """The forms of an HTML page, in its order."""
    parser = _Forms()
    parser.feed(page)
    return parser.found


def text_of(page: str) -> str:
    """The words of an HTML page, without its style, in one line."""
    parser = _Words()
    parser.feed(page)
    return " ".join(" ".join(parser.found).split())


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Form] = []
        self._open: Form | None = None
        self._area: str | None = None
        self._select: str | None = None
        self._label: list[tuple[str, str]] | None = None
        self._words = ""
        self._button: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(is_multipart=said.get("enctype") == "multipart/form-data")
            self.found.append(self._open)
        if self._open is None:
            return
        if tag == "label":
            self._label, self._words = [], ""
        elif tag == "input" and said.get("type") == "file":
            self._open.files.add(said["name"])
        elif tag == "input" and said.get("type", "text") not in _UNTYPED and "name" in said:
            self._input(self._open, said)
        elif tag == "textarea":
            self._area = said["name"]
            self._open.filled[self._area] = ""
            self._open.types[self._area] = "hidden" if "hidden" in said else "textarea"
            self._words = ""
        elif tag == "select":
            self._select = said["name"]
            self._open.choices[self._select] = set()
        elif tag == "option" and self._select:
            value = said.get("value", "")
            self._open.choices[self._select].add(value)
            if "selected" in said or self._select not in self._open.filled:
                self._open.filled[self._select] = value
            self._label, self._words = [(self._select, value)], ""
        elif tag == "button":
            self._button, self._words = (said.get("name", ""), said.get("value", "")), ""

    def _input(self, form: Form, said: Mapping[str, str]) -> None:
        name, value = said["name"], said.get("value", "")
        if said.get("type") in ("checkbox", "radio"):
            form.choices.setdefault(name, set()).add(value)
            if self._label is not None:
                self._label.append((name, value))
            if "checked" not in said:
                return
        else:
            form.types[name] = said.get("type", "text")
        form.filled[name] = value

    def handle_endtag(self, tag: str) -> None:
        form = self._open
        if form is None:
            return
        if tag == "form":
            self._open = None
        elif tag in ("label", "option"):
            form.labels |= {each: " ".join(self._words.split()) for each in self._label or ()}
            self._label = None
        elif tag == "textarea" and self._area:
            form.filled[self._area] = self._words.removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "button" and self._button:
            form.buttons.append((" ".join(self._words.split()), *self._button))
            self._button = None

    def handle_data(self, data: str) -> None:
        self._words += data


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag == "style"

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)
