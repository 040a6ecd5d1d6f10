"""Nothing of a form behind a link is said outside of the catalogues, and what is put on record is the same in whatever
language its form was read.
"""

import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
import yaml

from scheduler.domain.manner import Manner
from scheduler.services.app import App
from scheduler.web import manners
from scheduler.web.forms import health_form
from tests.render.languages.brackets import OnlyKnown, outside
from tests.render.languages.conftest import sentences  # noqa: F401
from tests.web.conftest import AppOf, Site, definition, served
from tests.web.forms import (
    test_action_form,
    test_answer_form,
    test_away_form,
    test_close_form,
    test_dispute_form,
    test_minutes_form,
    test_objection_form,
    test_step_form,
)
from tests.web.forms.test_action_form import filed  # noqa: F401
from tests.web.forms.test_code_step import plain
from tests.web.forms.test_course_form import Decided, held  # noqa: F401
from tests.web.forms.test_health_form import asked  # noqa: F401
from tests.web.forms.test_minutes_form import over  # noqa: F401
from tests.web.forms.test_objection_form import sent  # noqa: F401
from tests.web.forms.test_renewal_form import Term, term  # noqa: F401
from tests.web.forms.test_resolve_form import stuck  # noqa: F401
from tests.web.forms.test_vote_form import SAYS, Ballot, ballot  # noqa: F401
from tests.web.test_links import link as link_of
from tests.web.test_links import toms, toms_definition  # noqa: F401

READ = re.compile(r'(?:aria-label|placeholder)="([^"]*)"')
TYPED = "сказано"
"""What people type, in a script that no sentence is in."""
DATA = ("Cells arrive on time", test_objection_form.MINUTES, "send the samples", SAYS, "who pays for the second line")
"""What is typed, and defined, where the forms themselves are tried."""
CHANCE = ("secret", "letter")
"""Tables of what is made by chance: keys, and letters, whose links are signed by them."""
_BY_CHANCE = re.compile(r"'[0-9a-f]{32}'")
"""An event's own id."""
Answers = Iterator[Any]


def read(html: str) -> str:
    """What of a page is read, or read out."""
    said = " ".join(READ.findall(html))
    shown = re.sub(r"<(style|textarea)\b.*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)
    return unescape(f"{shown} {said}")


def by_site(make: Callable[[Site], str], *said: dict[str, str]) -> Callable[[Site], Answers]:
    """The form of a link as it is shown, as it comes back for each that is sent, and after that."""

    def answers(site: Site) -> Answers:
        path = make(site)
        yield site.client.get(path)
        for each in said:
            yield test_step_form.post(site, path, **each)
        yield site.client.get(f"{path}?recorded")

    return answers


def minutes(site: Site) -> Answers:
    path = test_minutes_form.link(site)
    yield site.client.get(path)
    yield test_minutes_form.post(site, path)
    yield test_minutes_form.post(site, path, file=("x.bin", b"\xff\xfe\xfa"))
    yield test_minutes_form.post(site, path, text=f"# Decisions\n- {TYPED}\n\n# Actions\n- {TYPED}\n- Tom: {TYPED}\n")
    yield test_minutes_form.post(site, path, none="yes")
    yield test_minutes_form.post(site, path, text=f"# Decisions\n- {TYPED}\n")
    yield site.client.get(test_minutes_form.link(site, filed=1))


def ballots(ballot: Ballot) -> Answers:  # noqa: F811
    path = ballot.link()
    yield ballot.get(path)
    yield ballot.post(path, choice="")
    yield ballot.post(path, choice="yes")
    yield ballot.post(path, choice="yes", code="12345678")
    ballot.vote(path, choice="no", because=TYPED)
    ballot.vote(path, choice="abstain")
    yield ballot.get(f"{path}?recorded")


def resolved(stuck: Any) -> Answers:  # noqa: F811
    path = stuck.link()
    yield stuck.get(path)
    yield stuck.post(path, says="")
    yield stuck.post(path, says=TYPED)
    stuck.vote(path, says=TYPED)
    yield stuck.post(path, says=f"{TYPED} {TYPED}")
    yield stuck.get(f"{path}?recorded")


def decided(held: Decided) -> Answers:  # noqa: F811
    path = held.link()
    yield held.client.get(path)
    yield held.post(path, course="", because="")
    yield held.post(path, because="")
    yield held.post(path, because=TYPED)
    held.confirmed(path, because=TYPED, taken_by=TYPED, on="2026-11-20")
    yield held.client.get(f"{path}?recorded")


def renewed(term: Any) -> Answers:  # noqa: F811
    path = term.link()
    yield term.client.get(path)
    yield term.post(path, word="", on="")
    yield term.post(path, on="2027-11-20")
    yield term.post(path)
    term.confirmed(path)
    yield term.client.get(f"{path}?recorded")


def health(asked: Any) -> Answers:  # noqa: F811
    path = f"/health/{asked.check.tokens()['marta']}"
    yield asked.client.get(path)
    yield asked.client.post(path, content="x=y", headers={"content-type": "application/x-www-form-urlencoded"})


CASES: dict[str, tuple[str, Callable[[Any], Answers]]] = {
    "report": ("toms", by_site(lambda site: link_of(site.app, "report"), {"value": ""}, {"value": "0.31"})),
    "promise": (
        "toms",
        by_site(
            lambda site: link_of(site.app, "report"),
            {"until": "", "because": ""},
            {"until": "2026-11-30", "because": ""},
            {"until": "2026-11-30", "because": TYPED},
        ),
    ),
    "judge": ("toms", by_site(lambda site: link_of(site.app, "judge"), {"verdict": ""}, {"verdict": "met"})),
    "item": (
        "toms",
        by_site(lambda site: link_of(site.app, "item"), {"says": ""}, {"says": TYPED, "minutes": "x"}, {"says": TYPED}),
    ),
    "step": ("site", by_site(test_step_form.link, {"done_on": ""}, {"done_on": "x"}, {"done_on": "2026-11-20"})),
    "away": (
        "site",
        by_site(
            test_away_form.link,
            {"first": ""},
            {"first": "2026-12-24", "last": "2026-12-20"},
            {"first": "2026-12-20", "last": "2026-12-24"},
        ),
    ),
    "answer": (
        "site",
        by_site(
            test_answer_form.link,
            {"says": ""},
            {"says": "declined", "sequence": "0", "day": "x"},
            {"says": "declined", "sequence": "0", "day": "2026-12-18", "time": "15:00"},
        ),
    ),
    "close": (
        "site",
        by_site(
            test_close_form.link, {"outcome": ""}, {"outcome": "skipped"}, {"outcome": "skipped", "because": TYPED}
        ),
    ),
    "dispute": ("site", by_site(test_dispute_form.link, {"because": ""}, {"because": TYPED}, {"withdraw": "17"})),
    "object": (
        "sent",
        by_site(test_objection_form.link, {"says": ""}, {"whole": "yes", "says": ""}, {"whole": "yes", "says": TYPED}),
    ),
    "action": (
        "filed",
        by_site(
            test_action_form.link, {"act": ""}, {"act": "hand", "to": ""}, {"act": "date", "due": "x"}, {"act": "done"}
        ),
    ),
    "minutes": ("over", minutes),
    "vote": ("ballot", ballots),
    "resolve": ("stuck", resolved),
    "course": ("held", decided),
    "renewal": ("term", renewed),
    "health": ("asked", health),
    "gone": ("site", lambda site: iter([site.client.get("/step/nothing")])),
}


@pytest.mark.parametrize("name", CASES)
def test_no_word_of_a_form_stands_outside_of_the_catalogues(
    name: str,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
    sentences: frozenset[str],  # noqa: F811
) -> None:
    fixture, answers = CASES[name]
    served = request.getfixturevalue(fixture)
    monkeypatch.setattr(manners, "of_link", lambda *_: Manner("ja"))
    monkeypatch.setattr(manners, "of_browser", lambda *_: Manner("ja"))
    monkeypatch.setattr(health_form, "_manner", lambda *_: Manner("ja"))
    monkeypatch.setattr("scheduler.render.languages.speech.catalogue", lambda language: OnlyKnown(sentences))
    data = {*re.findall(r"[A-Za-z]{2,}", " ".join((definition(), *DATA))), "UTC"}
    for answer in answers(served):
        if answer.status_code != 303:
            left = [each for each in outside(read(answer.text)) if each not in data]
            assert left == [], (answer.status_code, read(answer.text))


ACTS: dict[str, tuple[Callable[[Site], str], dict[str, str]]] = {
    "report": (lambda site: link_of(site.app, "report"), {"value": "0.31", "note": TYPED}),
    "promise": (lambda site: link_of(site.app, "report"), {"until": "2026-11-30", "because": TYPED}),
    "judge": (lambda site: link_of(site.app, "judge"), {"verdict": "partly", "evidence": TYPED}),
    "item": (lambda site: link_of(site.app, "item"), {"says": TYPED, "minutes": "10"}),
    "object": (lambda site: link_of(site.app, "object"), {"whole": "yes", "says": TYPED}),
    "action": (lambda site: link_of(site.app, "action"), {"act": "done", "because": TYPED}),
    "step": (test_step_form.link, {"done_on": "2026-11-20", "because": TYPED}),
    "close": (test_close_form.link, {"outcome": "held"}),
}


@pytest.mark.parametrize("act", ACTS)
def test_what_is_put_on_record_is_the_same_whoever_reads_the_form(
    act: str, made: AppOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, said = ACTS[act]
    found = []
    for language in ("en", "de", "ar"):
        monkeypatch.setattr(manners, "of_link", lambda *_, language=language: Manner(language))
        app = made(acme_globex=yaml.safe_dump(toms_definition(), allow_unicode=True))
        for site in served(app):
            path = link(site)
            assert f'lang="{language}"' in site.client.get(path).text
            assert test_step_form.post(site, path, **said).status_code == 303
        found.append(rows(app))
        app.close()
    assert found[0] == found[1] == found[2]


def rows(app: App) -> dict[str, str]:
    """All that is on record, but for what is made by chance."""
    with app.store.read() as db:
        names = [each for (each,) in db.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table'")]
        known = {each: list(db.exec_driver_sql(f'SELECT * FROM "{each}"')) for each in names if each not in CHANCE}
    return {each: _BY_CHANCE.sub("", repr(found)) for each, found in known.items()}


def test_a_code_is_good_for_the_words_that_were_shown_with_it_and_for_no_other_languages(
    ballot: Ballot,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = ballot.link()
    monkeypatch.setattr(manners, "of_link", lambda *_: Manner("de"))
    assert ballot.post(path, choice="yes").status_code == 200
    assert "die Stimme von Acme Motors SE (ja)" in plain(ballot.mailbox.letters[-1])
    monkeypatch.setattr(manners, "of_link", lambda *_: Manner("fr"))
    refused = ballot.post(path, choice="yes", code=ballot.code)
    assert refused.status_code == 422 and "Ce n'est pas le code envoyé" in unescape(refused.text)
    assert ballot.cast == []
    monkeypatch.setattr(manners, "of_link", lambda *_: Manner("de"))
    assert ballot.post(path, choice="yes", code=ballot.code).status_code == 303
    assert ballot.cast == [("acme", "marta", "yes")]


def test_a_code_says_what_becomes_of_the_term_in_the_language_of_its_reader(
    term: Term,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(manners, "of_link", lambda *_: Manner("de"))
    assert term.post(term.link(), "lapse").status_code == 200
    assert "Es endet: auslaufen lassen, am Fr., 20. Nov. 2026 (die Laufzeit bis Do., 30. Sept. 2027)" in plain(
        term.mailbox.letters[-1]
    )
