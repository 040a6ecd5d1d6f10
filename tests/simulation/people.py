"""People who have a mailbox and a browser, and no access to the server: they read their letters, open the links in
them, and fill in what they find there."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from .forms import Form, forms_of, text_of
from .installation import URL, Installation, Mail

_LINK = re.compile(re.escape(URL) + r"/([a-z]+)/[A-Za-z0-9_.-]+")
_CODE = re.compile(r"Your code: (\d{4}) (\d{4})")
_ORIGIN = {"origin": URL, "sec-fetch-site": "same-origin"}
_TYPED = {"content-type": "application/x-www-form-urlencoded"}


def links_in(text: str) -> list[tuple[str, str]]:
    """The word and the path of each link to a form, in their order."""
    return [(each[1], each[0].removeprefix(URL)) for each in _LINK.finditer(text)]


@dataclass
class Person:
    """Somebody by their key in the definition, with their mail address."""

    key: str
    email: str
    at: Installation
    _seen: int = 0

    @property
    def letters(self) -> list[Mail]:
        return [each for each in self.at.letters if each.to == self.email]

    def new_letters(self) -> list[Mail]:
        """What has arrived since this was asked last."""
        mine = self.letters
        new, self._seen = mine[self._seen :], len(mine)
        return new

    def letter(self, words: str) -> Mail:
        """The last letter whose subject or text holds these words."""
        found = [each for each in self.letters if words in f"{each.subject}\n{' '.join(each.text.split())}"]
        assert found, (self.key, words, [each.subject for each in self.letters][-8:])
        return found[-1]

    def link(self, kind: str, words: str = "") -> str:
        """The path of the link of a kind in the last letter that has one; with `words`, in that matter of a letter, or
        that letter of a single one, in which they stand: the first one after them, where one is."""
        for letter in reversed(self.letters):
            matters = [" ".join(each.split()) for each in letter.text.split("\n* ")]
            parts = matters[1:] if words and matters[1:] else [f"{letter.subject} {letter.text}"]
            found = [part for part in parts if words in part]
            after = [part[part.index(words) :] for part in found]
            paths = [path for part in (*after, *found) for each, path in links_in(part) if each == kind]
            if paths:
                return paths[0]
        kinds = {each for letter in self.letters for each, _ in links_in(letter.text)}
        raise AssertionError(f"no letter to {self.key} has a link to {kind!r} and {words!r}; there are {kinds}")

    def link_on(self, page: str, kind: str) -> str:
        """The path of the first link of a kind on a page."""
        return next(path for each, path in links_in(self.at.client.get(page).text) if each == kind)

    def agenda(self, day: str) -> str:
        """The path of the agenda that the calendar of the last invitation shows on a day, such as ``20261117``."""
        for letter in reversed(self.letters):
            for event in letter.calendar.split("BEGIN:VEVENT"):
                found = [path for kind, path in links_in(event) if kind == "agendas"]
                if re.search(rf"^(DTSTART|RECURRENCE-ID)[^\r\n]*:{day}T", event, re.M) and found:
                    return found[0]
        raise AssertionError(f"no calendar of {self.key} has an agenda on {day}")

    def opens(self, path: str) -> str:
        """The page behind a link, in words. It has to be there."""
        answer = self.at.client.get(path)
        assert answer.status_code == 200, (self.key, path[:20], answer.status_code, text_of(answer.text))
        return text_of(answer.text)

    def form(self, path: str, button: str | None = None, fields: Collection[str] = ()) -> Form:
        """The form behind a link that has this button, and these fields."""
        answer = self.at.client.get(path)
        assert answer.status_code == 200, (self.key, path[:20], answer.status_code, text_of(answer.text))
        return _with(button, answer.text, fields)

    def fills_in(self, path: str, said: Mapping[str, str], button: str | None = None) -> str:
        """Open a form, fill it in, press a button; type the code where one is asked for, and confirm what is shown
        before it is kept. Return the words of the page that says it is recorded."""
        form = self.form(path, button, said)
        answer = self.posts(path, form, form.posted(said, button))
        for _ in range(2):
            if answer.status_code != 200:
                break
            code = {"code": self.code()} if 'name="code"' in answer.text else {}
            form = next(each for each in forms_of(answer.text) if each.fields >= set(code))
            answer = self.posts(path, form, form.posted(code))
        assert answer.status_code == 303, (self.key, path[:20], answer.status_code, text_of(answer.text))
        return text_of(self.at.client.get(f"{path}?recorded").text)

    def can(self, path: str, button: str) -> bool:
        """Whether a link still opens a form that has this button."""
        page = self.at.client.get(path)
        return page.status_code == 200 and any(
            each[0] == button for form in forms_of(page.text) for each in form.buttons
        )

    def is_refused(self, path: str) -> bool:
        """Whether a link opens nothing any more, and takes nothing."""
        return {self.at.client.get(path).status_code, self.posts(path, Form(), {}).status_code} == {410}

    def code(self) -> str:
        """The last code that was sent."""
        return "".join(_CODE.findall(self.letter("Your code: ").text)[-1])

    def posts(self, path: str, form: Form, said: Mapping[str, str]) -> Any:
        """Send a form as a browser does, one with a file in parts, of which none was chosen."""
        if form.is_multipart:
            parts = {name: (None, value.encode()) for name, value in said.items() if name not in form.files}
            files = {name: ("", said.get(name, "").encode()) for name in form.files}
            answer = self.at.client.post(path, files={**parts, **files}, headers=_ORIGIN)
        else:
            answer = self.at.client.post(path, content=urlencode(said), headers={**_ORIGIN, **_TYPED})
        self.at.answered()
        return answer


def _with(button: str | None, page: str, fields: Collection[str]) -> Form:
    forms = forms_of(page)
    named = [form for form in forms if button is None or any(each[0] == button for each in form.buttons)]
    found = [form for form in named if form.buttons and form.fields >= set(fields)]
    assert found, (button, fields, [(form.buttons, form.fields) for form in forms], text_of(page))
    return found[-1]
