"""The forms behind the links of letters. A place is ``KIND NUMBER``, a link of that kind by its place among all of
them, or ``KIND NUMBER DAMAGE``, the same link after some damage."""

import random
from pathlib import Path

from tests.simulation.forms import Form

from ..kept_year import KeptYear, Standing, forms_on
from .requests import Requests, Sent, body_of, odd_headers


class LinkedForms(Requests):
    name = "forms"

    def __init__(self, folder: Path, year: KeptYear | None = None) -> None:
        super().__init__(folder, year)
        self._forms: list[tuple[str, str, Form]] = []
        self._by_kind: dict[str, list[int]] = {}
        for chapter in self.year.chapters:
            standing = self.year.at(chapter)
            for kind, of_kind in standing.links.items():
                for number, link in enumerate(of_kind):
                    for form in forms_on(standing.at.client.get(link.path).text):
                        self._by_kind.setdefault(kind, []).append(len(self._forms))
                        self._forms.append((chapter, f"{kind} {number}", form))
            self.year.put_back()

    def make(self, rng: random.Random) -> bytes:
        chapter, where, form = self._forms[rng.choice(self._by_kind[rng.choice(sorted(self._by_kind))])]
        if rng.random() < 0.03:
            where = f"{where} {rng.randrange(1000)}"
        kind, body = body_of(form, rng, ())
        method = "POST" if rng.random() < 0.96 else rng.choice(("GET", "HEAD", "PUT", "DELETE", "OPTIONS"))
        return Sent(chapter, method, where, odd_headers(rng, kind), body if method == "POST" else b"").written

    def path(self, standing: Standing, where: str) -> str | None:
        kind, *numbers = where.split(" ")
        found = standing.links.get(kind, [])
        if not numbers or not all(each.isdigit() for each in numbers) or int(numbers[0]) >= len(found):
            return None
        path = found[int(numbers[0])].path
        return _damaged(path, int(numbers[1])) if len(numbers) > 1 else path

    def filled(self, standing: Standing, sent: Sent) -> tuple[dict[str, str], bytes]:
        return dict(sent.headers), sent.body

    def code(self, standing: Standing, sent: Sent) -> str:
        kind, number, *_ = sent.where.split(" ")
        return standing.code(standing.links[kind][int(number)].person)

    def _counts_once(self, standing: Standing, sent: Sent, path: str, headers: dict[str, str], body: bytes) -> None:
        before = self.year.record(("confirmation",))
        super()._counts_once(standing, sent, path, headers, body)
        after = self.year.record(("confirmation",))
        changed = [name for name in before if before[name] != after[name]]
        assert not changed, f"sent twice it counts twice: {changed}"


def _damaged(path: str, seed: int) -> str:
    rng = random.Random(seed)
    at = rng.randrange(path.index("/", 1) + 1, len(path))
    return path[:at] + rng.choice(("", "A", ".", "%00", "%ff", "/", "~", "x" * 3000)) + path[at + rng.randint(0, 2) :]
