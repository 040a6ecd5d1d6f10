"""Tom (Globex, Detroit) says how he wishes to be told: his word counts before the file's, in all his partnerships.

The file of Acme × Globex says nothing, so he is told by mail; it names no chat for him, and one for Dev.
"""

from dataclasses import replace
from typing import Any

import pytest

from scheduler.domain.definition.people import manner_of
from scheduler.domain.errors import UserError
from scheduler.domain.manner import Manner
from scheduler.services.app import Basis
from scheduler.services.cases.own_settings import HowTold, NoSuchManner, how_told, say, say_manner
from scheduler.services.pipeline.sending.routing import reach
from scheduler.services.viewer import manner, viewer
from scheduler.settings import Settings
from scheduler.store import outbox, own_settings, partnerships, reviews
from tests.builders import DEV, INES, MARTA, TOM, UWE, at
from tests.services.town import Town

NOW = at("2026-11-21 09:00")
TOMS, DEVS = TOM["email"], DEV["email"]
CHATS = {"globex-teams": {"url": "https://chat.globex.example/hook", "shape": "teams", "of": "globex.example"}}
PEOPLE = {"ines": INES, "marta": MARTA, "uwe": UWE, "tom": TOM, "dev": {**DEV, "chat": "globex-teams"}}


@pytest.fixture
def governed(town: Town) -> Town:
    town.define(people=PEOPLE)
    town.cycle(NOW)
    return town


def counts(town: Town, key: str = "tom") -> str:
    with town.database() as db:
        row = partnerships.get(db, "acme-globex")
        assert row is not None
        return town.app.in_force(row).people[key].tell


def known(town: Town, email: str = TOMS) -> HowTold:
    with town.database() as db:
        return how_told(town.app, db, email)


def test_nobody_has_said_anything_until_they_do(governed: Town) -> None:
    assert (known(governed).says, counts(governed)) == (None, "mail")


def test_their_word_counts_before_the_file(governed: Town) -> None:
    say(governed.app, TOMS.upper(), "digest", NOW)
    assert (known(governed).says, counts(governed)) == ("digest", "digest")
    assert [(each.file, each.counts) for each in known(governed).partnerships] == [("mail", "digest")]


def test_a_partnership_that_is_taken_up_later_knows_it_too(governed: Town) -> None:
    say(governed.app, TOMS, "digest", NOW)
    governed.define(people=PEOPLE, goal="Two cells an hour")
    governed.cycle(NOW)
    assert counts(governed) == "digest"


def test_taken_back_the_file_counts_again(governed: Town) -> None:
    say(governed.app, TOMS, "digest", NOW)
    say(governed.app, TOMS, None, NOW)
    assert (known(governed).says, counts(governed)) == (None, "mail")


def test_the_same_once_more_changes_nothing(governed: Town) -> None:
    say(governed.app, TOMS, "digest", NOW)
    before = governed.remembered()
    say(governed.app, TOMS, "digest", at("2026-11-22 09:00"))
    assert governed.remembered() == before


def test_a_chat_is_offered_to_nobody_for_whom_none_is_named(governed: Town) -> None:
    assert known(governed).offered == ("mail", "digest")
    with pytest.raises(UserError, match="is no way"):
        say(governed.app, TOMS, "chat", NOW)


def test_nor_to_whom_the_settings_do_not_have_it_for(governed: Town) -> None:
    assert known(governed, DEVS).offered == ("mail", "digest")


def test_a_chat_that_the_settings_have_is_offered_and_reaches(build: Any) -> None:
    town = build("chatty", chats=CHATS)
    assert isinstance(town.app.settings, Settings)
    town.define(people=PEOPLE)
    town.cycle(NOW)
    assert known(town, DEVS).offered == ("mail", "chat", "both", "digest")
    say(town.app, DEVS, "both", NOW)
    with town.app.store.write() as db:
        row = partnerships.get(db, "acme-globex")
        assert row is not None
        who = town.app.in_force(row).people["dev"]
        assert reach(town.app, db, "acme-globex", "dev", who, NOW).channels == ("mail", "globex-teams")


def test_where_their_chat_is_taken_out_of_the_file_they_are_told_by_mail(build: Any) -> None:
    town = build("chatty", chats=CHATS)
    town.define(people=PEOPLE)
    town.cycle(NOW)
    say(town.app, DEVS, "chat", NOW)
    town.define(people={**PEOPLE, "dev": DEV})
    town.cycle(NOW)
    assert (counts(town, "dev"), known(town, DEVS).offered) == ("mail", ("mail", "digest"))


def test_whoever_has_another_address_goes_on_being_told_so(governed: Town) -> None:
    say(governed.app, TOMS, "digest", NOW)
    governed.define(people={**PEOPLE, "tom": {**TOM, "email": "t.reyes@globex.example"}})
    governed.cycle(NOW)
    assert counts(governed) == "digest"


def test_a_stranger_is_told_so(governed: Town) -> None:
    with pytest.raises(UserError, match="is nobody of a partnership"):
        say(governed.app, "nobody@example.com", "mail", NOW)


def test_what_they_said_can_be_forgotten(governed: Town) -> None:
    say(governed.app, TOMS, "digest", NOW)
    with governed.app.store.write() as db:
        assert own_settings.forget(db, TOMS) == 1
        assert own_settings.of_person(db, TOMS) is None


def written(town: Town, key: str = "tom") -> Manner:
    with town.database() as db:
        row = partnerships.get(db, "acme-globex")
        assert row is not None
        known = town.app.in_force(row)
        return manner_of(known.people[key], known.organisations, town.app.settings.manner)


def test_the_language_that_somebody_chose_counts_before_the_file_each_part_by_itself(town: Town) -> None:
    people = {**PEOPLE, "tom": {**TOM, "language": "fr", "dates": "31/12/2026"}}
    town.define(people=people)
    town.cycle(NOW)
    assert written(town) == Manner("fr", None, "31/12/2026")
    assert say_manner(town.app, TOMS.upper(), {"language": "es", "numbers": "1.234,5"}, NOW) == written(town)
    assert written(town) == Manner("es", "1.234,5", "31/12/2026")
    assert written(town, "dev") == Manner()
    say_manner(town.app, TOMS, {}, NOW)
    assert written(town) == Manner("fr", None, "31/12/2026")


def test_the_language_and_the_way_are_two_words_of_which_none_takes_back_the_other(governed: Town) -> None:
    say(governed.app, TOMS, "digest", NOW)
    say_manner(governed.app, TOMS, {"language": "ja"}, NOW)
    say(governed.app, TOMS, None, NOW)
    assert (counts(governed), written(governed)) == ("mail", Manner("ja"))
    say(governed.app, TOMS, "digest", NOW)
    say_manner(governed.app, TOMS, {}, NOW)
    assert (counts(governed), written(governed)) == ("digest", Manner())


def test_the_language_follows_whoever_has_another_address_and_is_forgotten_with_them(governed: Town) -> None:
    say_manner(governed.app, TOMS, {"language": "de"}, NOW)
    governed.define(people={**PEOPLE, "tom": {**TOM, "email": "t.reyes@globex.example"}})
    governed.cycle(NOW)
    assert written(governed) == Manner("de")
    with governed.app.store.write() as db:
        own_settings.forget(db, "t.reyes@globex.example")
        own_settings.keep(db, "acme-globex")
    assert written(governed) == Manner()


@pytest.mark.parametrize(
    "chosen", [{"language": "klingon"}, {"numbers": "1;234"}, {"dates": "tomorrow"}, {"language": "de\0"}], ids=str
)
def test_what_nobody_can_be_written_to_in_is_refused_with_what_is_offered(
    governed: Town, chosen: dict[str, str]
) -> None:
    with pytest.raises(NoSuchManner) as refused:
        say_manner(governed.app, TOMS, chosen, NOW)
    assert [refused.value.part] == list(chosen) and refused.value.hint
    assert written(governed) == Manner()


def test_an_invitation_is_not_sent_anew_for_a_language_and_calendars_say_it(governed: Town) -> None:
    with governed.database() as db:
        before = [(each.id, each.sequence) for each in reviews.recorded(db, "acme-globex").values()]
        letters, row = len(outbox.listing(db)), partnerships.get(db, "acme-globex")
    say_manner(governed.app, TOMS, {"language": "de"}, NOW)
    with governed.database() as db:
        changed = partnerships.get(db, "acme-globex")
    assert row and changed and changed.revision > row.revision, "his calendar is written anew"
    governed.cycle(NOW)
    with governed.database() as db:
        assert [(each.id, each.sequence) for each in reviews.recorded(db, "acme-globex").values()] == before
        assert len(outbox.listing(db)) == letters


def test_an_operator_of_no_partnership_chooses_a_language_for_pages(governed: Town) -> None:
    settings = governed.app.settings.model_copy(update={"operators": ("root@acme.example",)})
    app = replace(governed.app, basis=Basis(lambda: settings))
    assert say_manner(app, "root@acme.example", {"language": "ar"}, NOW) == Manner("ar")
    with app.store.read() as db:
        assert manner(app, db, viewer(app, db, "root@acme.example", NOW)) == Manner("ar")
