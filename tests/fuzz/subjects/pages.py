"""The pages that people sign in to, and what is done on them. A place is the mail address of whoever is signed in, and
a path with its query; ``{csrf}`` in a body is what their pages put into their forms."""

import random
from pathlib import Path
from urllib.parse import quote

from scheduler.web.site import gate
from tests.simulation.forms import Form
from tests.simulation.year_definition import ID

from .. import odd_words
from ..damage import encoded
from ..kept_year import READERS, KeptYear, Standing, forms_on
from .requests import Requests, Sent, body_of, odd_headers

PATHS = (
    "/", "/portfolio", "/decisions", "/calendar", "/horizon", "/load", "/history", "/add", "/status", "/me", "/me/data",
    "/me/sessions", "/search", "/decisions/minutes.md", "/sign-in", f"/partnerships/{ID}", f"/partnerships/{ID}/pack",
    f"/partnerships/{ID}/evidence", f"/partnerships/{ID}/evidence/pack",
    f"/partnerships/{ID}/sheets",
    "/now.json", "/portfolio.json", f"/partnerships/{ID}.json", f"/kpis/{ID}/stations", f"/kpis/{ID}/quokka-cost",
)  # fmt: skip
ASKED = (
    "q",
    "on",
    "as",
    "step",
    "first",
    "last",
    "partnership",
    "page",
    "from",
    "to",
    "until",
    "kind",
    "next",
    "signed_out",
    "side",
)
CSRF = b"{csrf}"


class Pages(Requests):
    name = "pages"

    def __init__(self, folder: Path, year: KeptYear | None = None) -> None:
        super().__init__(folder, year)
        self._paths: dict[str, list[str]] = {}
        self._forms: list[tuple[str, str, Form]] = []
        for chapter in self.year.chapters:
            standing = self.year.at(chapter)
            ids = [row["id"] for row in self.year.record()["review"]]
            around = [f"/reviews/{quote(each)}" for each in ids[:: max(1, len(ids) // 12)]]
            checkpoints = [f"/checkpoints/{quote(each)}" for each in ids if each.endswith("/checkpoint")]
            self._paths[chapter] = [*PATHS, *around, *checkpoints]
            for email in READERS:
                headers = self._signed_in(standing, email)
                for path in self._paths[chapter]:
                    answer = standing.at.client.get(path, headers=headers)
                    is_page = answer.status_code == 200 and "html" in answer.headers["content-type"]
                    for form in forms_on(answer.text) if is_page else []:
                        if "act" in form.filled:
                            form.filled["csrf"] = CSRF.decode()
                            self._forms.append((chapter, f"{email} {path}", form))
            self.year.put_back()

    def _signed_in(self, standing: Standing, email: str) -> dict[str, str]:
        name = gate.cookie_name(standing.at.app.settings)
        return {"cookie": f"{name}={standing.sessions[email].token}"}

    def make(self, rng: random.Random) -> bytes:
        if rng.random() < 0.25:
            chapter = rng.choice(self.year.chapters)
            where = f"{rng.choice(READERS)} {self._address(rng.choice(self._paths[chapter]), rng)}"
            return Sent(chapter, rng.choice(("GET", "GET", "GET", "HEAD", "POST")), where, (), b"").written
        chapter, where, form = rng.choice(self._forms)
        kind, body = body_of(form, rng, ())
        if rng.random() < 0.05:
            where = self._address(where, rng)
        return Sent(chapter, "POST", where, odd_headers(rng, kind), body.replace(b"%7Bcsrf%7D", CSRF)).written

    def _address(self, path: str, rng: random.Random) -> str:
        if rng.random() < 0.3:
            path = path.rpartition("/")[0] + "/" + _quoted(rng.choice(odd_words.ALL))
        for _ in range(rng.randint(0, 3)):
            mark = "&" if "?" in path else "?"
            path += f"{mark}{rng.choice(ASKED)}={_quoted(odd_words.like('2026-12-01', rng))}"
        return path

    def path(self, standing: Standing, where: str) -> str | None:
        email, _, path = where.partition(" ")
        return (
            path
            if email in standing.sessions and path.startswith("/") and path.isascii() and path.isprintable()
            else None
        )

    def filled(self, standing: Standing, sent: Sent) -> tuple[dict[str, str], bytes]:
        email = sent.where.partition(" ")[0]
        headers = {**dict(sent.headers), **self._signed_in(standing, email)}
        return headers, sent.body.replace(CSRF, standing.sessions[email].csrf.encode())


def _quoted(word: str) -> str:
    return quote(encoded(word), safe="")
