"""What the four were sent in the year, all of it: nobody is shown what they cannot use or may not know, nobody is told
a thing twice, and what a letter says of another one is true."""

import re
from collections import Counter

import pytest

from scheduler.cli import COMMANDS

from .installation import Mail
from .year import Year
from .year_definition import PEOPLE, SECRET

OF_ACME = {email for _, email, of, _ in PEOPLE.values() if of == "acme"}
NAMES = {name: email for name, email, _, _ in PEOPLE.values()}
_DAY = r"\w{3} \d{1,2} \w{3} \d{4}"
_TOLD = re.compile(rf"\bto (you|{'|'.join(NAMES)}) on ((?:\d+ days, last on )?{_DAY}(?:(?:, | and ){_DAY})*)")


def test_no_letter_shows_a_command(lived: Year) -> None:
    commands = re.compile(rf"\bcadence ({'|'.join(COMMANDS)})\b")
    assert [each.subject for each in lived.at.letters if commands.search(f"{each.text}{each.html}")] == []


def test_what_is_internal_to_one_side_is_in_letters_to_its_people_alone(lived: Year) -> None:
    found = {
        each.to
        for each in lived.at.letters
        if SECRET in f"{each.subject}{each.text}{each.html}{each.calendar}".casefold()
    }
    assert found and found <= OF_ACME


def test_each_person_is_told_each_step_of_a_matter_once(lived: Year) -> None:
    """By what is on record of letters that left: a step of a ladder is one subject, one rung, one occasion."""
    with lived.reread() as db:
        rows = db.exec_driver_sql(
            "SELECT subject, rung, occasion, email, letter FROM notice WHERE state = 'told'"
        ).all()
    steps = Counter((row.subject, row.rung, row.occasion, row.email) for row in rows if row.rung != "settled")
    assert steps and [each for each, times in steps.items() if times > 1] == []


def test_no_letter_says_again_word_for_word_what_was_news_before(lived: Year) -> None:
    subjects = Counter((each.to, each.subject, each.text) for each in lived.at.letters)
    assert [each[:2] for each, times in subjects.items() if times > 1] == []


def test_who_is_said_to_have_been_told_had_a_letter_on_that_day(lived: Year) -> None:
    """``Its steps were told to you on Thu 15 Oct 2026; to Marta Bauer on 5 days, last on …``"""
    arrived = {(each.to, _day(each)) for each in lived.at.letters}
    said = [(each, *found) for each in lived.at.letters for found in _TOLD.findall(" ".join(each.text.split()))]
    assert said
    for letter, name, days in said:
        to = letter.to if name == "you" else NAMES[name]
        assert {(to, day) for day in re.findall(_DAY, days)} <= arrived, (letter.subject, name, days)


def _day(letter: Mail) -> str:
    return f"{letter.at:%a} {letter.at.day} {letter.at:%b %Y}"


@pytest.mark.parametrize("key", PEOPLE)
def test_at_most_one_letter_of_the_day_comes_on_a_day(lived: Year, key: str) -> None:
    name, email, _, _ = PEOPLE[key]
    days = Counter(
        each.at.date()
        for each in lived.at.letters
        if each.to == email
        and "At most one comes a day." in each.text
        and f"This letter is for {name} alone" in each.text
    )
    assert days and max(days.values()) == 1
