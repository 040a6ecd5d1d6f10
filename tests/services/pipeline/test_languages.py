"""Everybody is written to in their language; what is put on record is the same whoever reads it."""

from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import pytest

from tests.builders import ACME, DEV, GLOBEX, TOM
from tests.services.pipeline.test_digests import PEOPLE, defined, in_detroit, letters, lived, remembered
from tests.services.town import Town

GERMAN: dict[str, Any] = {"people": {**PEOPLE, "tom": {**TOM, "language": "de"}}}
FIRST, LAST = in_detroit("2026-12-02 10:00"), in_detroit("2026-12-15 17:00")


def test_a_letter_is_in_the_language_of_its_reader_and_another_in_that_of_theirs(town: Town) -> None:
    defined(town, **GERMAN)
    told = lived(town, FIRST, LAST)
    first = told[0]
    assert first.to == TOM["email"]
    assert first.subject == "Bald fällig: Cells delivered, 2026-11 (Acme × Globex battery cells)"
    assert "Sie sollen den Wert melden." in first.text
    assert "Fällig am Do., 10. Dez. 2026, Ende des Tages." in first.text
    assert (
        "Als Nächstes, am Mi., 9. Dez. 2026: werden Sie benachrichtigt, sofern vorher nicht gemeldet wird."
        in first.text
    )
    assert "Ziel: mindestens 0,3 GWh." in first.text
    dev = next(each for each in told if each.to == DEV["email"])
    assert "Tom Reyes is asked to report it." in dev.text
    assert "Target: at least 0.3 GWh." in dev.text


@pytest.mark.parametrize("where", ["organisation", "settings"])
def test_where_a_person_says_none_that_of_the_organisation_counts_and_then_that_of_the_settings(
    build: Callable[..., Town], where: str
) -> None:
    is_settings = where == "settings"
    town = build("town", **({"language": "fr"} if is_settings else {}))
    organisations = {"acme": ACME, "globex": GLOBEX if is_settings else {**GLOBEX, "language": "fr"}}
    defined(town, organisations=organisations)
    first = lived(town, FIRST, LAST)[0]
    assert "Vous êtes prié d'en communiquer le relevé." in first.text
    assert "À rendre le jeu. 10 déc. 2026, en fin de journée." in first.text


def test_the_record_is_the_same_in_whatever_language_people_are_told(build: Callable[..., Town]) -> None:
    english, german = build("english"), build("german")
    defined(english)
    defined(german, **GERMAN)
    for town in (english, german):
        lived(town, FIRST, LAST)
    told = [[(each.to, each.at) for each in letters(town)] for town in (english, german)]
    assert told[0] == told[1]
    kept = [remembered(town) for town in (english, german)]
    assert [name for name, rows in kept[1].items() if "fällig" in str(rows)] == ["letter"]
    told_of = [[(each["subject"], each["rung"], each["facts"]) for each in of["notice"]] for of in kept]
    assert told_of[0] == told_of[1]


def test_a_letter_is_html_in_that_language_too(town: Town) -> None:
    from scheduler.store import outbox

    defined(town, people={**PEOPLE, "tom": {**TOM, "language": "ar"}})
    lived(town, FIRST, in_detroit("2026-12-03 12:00"))
    with town.database() as db:
        [letter] = [outbox.get(db, row.id or 0) for row in outbox.listing(db)]
    assert letter is not None
    html = message_from_bytes(letter.content, policy=policy.default).get_body(("html",))
    assert html is not None
    assert '<html lang="ar" dir="rtl">' in html.get_content()
