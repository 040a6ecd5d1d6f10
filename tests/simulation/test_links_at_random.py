"""Whatever people and mail scanners do with the links of their letters, in whatever order: looking changes nothing, an
act counts once, and a link is dead once its holder has left or handed over what it was for.

The links are those of all letters of the year, at the end of any chapter of it.
"""

import random
import re
from datetime import timedelta
from typing import NamedTuple

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduler.web.app import FORMS
from tests.builders import Written

from .chapters import CHAPTERS
from .forms import Form, forms_of
from .installation import Installation
from .people import Person, links_in
from .worlds import again, database
from .year import Chapter, Year
from .year_definition import ID, PEOPLE

OUTLIVES_DUTY = {
    "action",
    "agendas",
    "answer",
    "away",
    "close",
    "course",
    "dispute",
    "item",
    "minutes",
    "object",
    "resolve",
}
"""What is somebody's for as long as they are of the partnership: their own absence, what they can read, and what
follows from a meeting that is over, whose record names them. All others die when what they are for is handed over."""
NOT_IN_LETTERS = {"mine"}
"""What a chat leads to, and nobody of the year has one."""
CODES = ("confirmation",)
"""The one table in which an act that is refused leaves a trace: codes that were sent, and how often one was tried."""
RANDOM = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Link(NamedTuple):
    person: str
    kind: str
    path: str


Known = dict[str, list[Link]]


def forms_served() -> set[str]:
    """The word in the address of each form that the program serves."""
    return set(FORMS)


@pytest.fixture(scope="session")
def known(lived: Year) -> Known:
    """The links that people have at the end of each chapter."""
    found = {}
    for chapter in CHAPTERS:
        with again(lived, chapter.__name__) as world:
            found[chapter.__name__] = links(world)
    return found


def links(at: Installation) -> list[Link]:
    """Each link that somebody has, in a letter of the last weeks, and on the agendas that it leads to."""
    found: dict[str, Link] = {}
    for letter in at.letters:
        key = next(key for key, (_, email, _, _) in PEOPLE.items() if email == letter.to)
        for kind, path in links_in(f"{letter.text}\n{letter.calendar}"):
            if at.now - letter.at < timedelta(days=45):
                found[path] = Link(key, kind, path)
    for agenda in [each for each in found.values() if each.kind == "agendas"][:3]:
        for kind, path in links_in(at.client.get(agenda.path).text):
            found[path] = Link(agenda.person, kind, path)
    return list(found.values())


class Doing(NamedTuple):
    """Somebody with a browser who fills in what they find, at random."""

    at: Installation
    at_random: random.Random

    def fill(self, form: Form) -> dict[str, str]:
        said: dict[str, str] = {}
        for name, values in sorted(form.choices.items()):
            if self.at_random.random() < 0.7:
                said[name] = self.at_random.choice(sorted(values))
        for name, kind in sorted(form.types.items()):
            if kind == "date" and self.at_random.random() < 0.5:
                said[name] = (self.at.now + timedelta(days=self.at_random.randint(-20, 20))).date().isoformat()
            elif kind in ("text", "textarea", "number") and name != "code":
                said[name] = self.at_random.choice(("3", "as we agreed", "Decisions\n- It is so\n", "3"))
        return said

    def acts(self, link: Link) -> tuple[bool, dict[str, str], Form | None]:
        """Fill in a form to its end; return whether it was taken, and what was sent last."""
        person = Person(link.person, PEOPLE[link.person][1], self.at)
        page = self.at.client.get(link.path)
        forms = [each for each in forms_of(page.text) if each.buttons]
        if page.status_code != 200 or not forms:
            person.posts(link.path, Form(), {"value": "3", "says": "so"})
            return False, {}, None
        form = self.at_random.choice(forms)
        sent = form.posted(self.fill(form), self.at_random.choice(form.buttons)[0])
        answer = person.posts(link.path, form, sent)
        while answer.status_code == 200 and 'name="keep"' not in str(sent):
            [form, *_] = forms_of(answer.text)
            sent = form.posted({"code": person.code()} if "code" in form.fields else {})
            answer = person.posts(link.path, form, sent)
        return answer.status_code == 303, sent, form


def test_the_letters_of_the_year_have_a_link_to_each_kind_of_form(known: Known) -> None:
    """So that a new kind of form is in these tests by itself, or has a chapter written for it."""
    assert {each.kind for of_chapter in known.values() for each in of_chapter} >= forms_served() - NOT_IN_LETTERS


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda each: each.__name__)
def test_looking_changes_nothing(lived: Year, known: Known, chapter: Chapter) -> None:
    with again(lived, chapter.__name__) as world:
        before = database(world)
        for link in known[chapter.__name__]:
            assert world.client.get(link.path).status_code in (200, 410)
            assert world.client.head(link.path).status_code in (200, 405, 410)
        assert database(world) == before


def test_an_act_counts_once_and_one_that_is_refused_not_at_all(lived: Year, known: Known) -> None:
    @RANDOM
    @given(chapter=st.sampled_from(CHAPTERS), seed=st.integers(0, 10**6))
    def holds(chapter: Chapter, seed: int) -> None:
        with again(lived, chapter.__name__) as world:
            world.is_still = True
            doing, theirs = Doing(world, random.Random(seed)), known[chapter.__name__]
            for link in doing.at_random.sample(theirs, min(4, len(theirs))):
                before = database(world, CODES)
                was_taken, sent, form = doing.acts(link)
                after = database(world, CODES)
                assert was_taken or after == before, link.kind
                if form:
                    Person(link.person, PEOPLE[link.person][1], world).posts(link.path, form, sent)
                    assert database(world, CODES) == after, (link.kind, sent)

    holds()


def test_a_link_of_somebody_who_has_left_is_dead(lived: Year, known: Known) -> None:
    @RANDOM
    @given(chapter=st.sampled_from(CHAPTERS), key=st.sampled_from(sorted(PEOPLE)))
    def holds(chapter: Chapter, key: str) -> None:
        with again(lived, chapter.__name__) as world:
            written = as_it_stands(world)
            written["people"][key]["leaves"] = world.now.date().isoformat()
            _all_are_dead(world, key, written, known[chapter.__name__])

    holds()


def test_a_link_is_dead_once_its_duty_is_handed_over(lived: Year, known: Known) -> None:
    """To somebody new of the same side, who has the role and the tasks from now on."""

    @RANDOM
    @given(chapter=st.sampled_from(CHAPTERS), key=st.sampled_from(sorted(PEOPLE)))
    def holds(chapter: Chapter, key: str) -> None:
        with again(lived, chapter.__name__) as world:
            theirs = [each for each in known[chapter.__name__] if each.kind not in OUTLIVES_DUTY]
            _all_are_dead(world, key, handed_over(as_it_stands(world), key), theirs)

    holds()


def as_it_stands(at: Installation) -> Written:
    """What the definition file says now."""
    said: Written = yaml.safe_load((at.app.settings.definitions / f"{ID}.yaml").read_text("utf-8"))
    return said


def handed_over(written: Written, key: str) -> Written:
    """The definition in which somebody new has all that one of the four had, who stays without a role."""
    text = yaml.safe_dump({each: said for each, said in written.items() if each != "people"})
    handed: Written = yaml.safe_load(re.sub(rf": {key}$", ": kim", text, flags=re.M))
    _, _, of, role = PEOPLE[key]
    kim = {"name": "Kim Berg", "email": "kim.berg@new.example", "of": of, "role": role}
    return {**handed, "people": {**written["people"], key: {**written["people"][key], "role": None}, "kim": kim}}


def _all_are_dead(world: Installation, key: str, written: Written, theirs: list[Link]) -> None:
    """Under a definition that has just been changed the links of somebody show nothing and take nothing."""
    world.define(written)
    person, before = Person(key, PEOPLE[key][1], world), database(world, CODES)
    for link in theirs:
        if link.person == key:
            assert world.client.get(link.path).status_code == 410, link.kind
            assert person.posts(link.path, Form(), {"value": "3", "says": "so"}).status_code in (405, 410), link.kind
    assert database(world, CODES) == before
