"""Each catalogue has words for all that is said, in as many forms as its language has, with the same values."""

import ast
import re
from collections import Counter

import pytest
from babel.messages.catalog import Catalog

from release import ROOT
from release.catalogues import FOLDER, TRANSLATED, brought_up_to_date, catalogue, extracted, faults
from scheduler.domain.manner import Manner
from scheduler.render.languages import say, say_count, speaking
from scheduler.render.languages.of_triggers import OF_TRIGGERS
from scheduler.render.languages.on_record import _SENTENCES
from scheduler.render.languages.refusals import REFUSALS
from scheduler.render.languages.vocabulary import WORDS


@pytest.fixture(scope="module")
def template() -> Catalog:
    return extracted()


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_has_words_for_every_sentence_and_for_no_other(language: str, template: Catalog) -> None:
    """Where this fails: `make translate`, and write what it names (docs/translating.md)."""
    words = brought_up_to_date(language, template)
    assert list(faults(words)) == []
    assert {(each.context, each.id) for each in catalogue(language)} == {(each.context, each.id) for each in words}


def test_a_sentence_of_the_record_stands_in_one_list_and_once() -> None:
    said = [*WORDS, *_SENTENCES, *OF_TRIGGERS, *REFUSALS]
    assert [each for each, times in Counter(said).items() if times > 1] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_words_of_a_sentence_that_is_no_markup_hold_none(language: str) -> None:
    """They stand in pages as they are."""
    found = [each for each in catalogue(language) if each.id and re.search(r"[<>]|&\w", str(each.string))]
    assert [each.id for each in found if not re.search(r"[<>]|&\w", str(each.id))] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_words_are_english_by_oversight(language: str) -> None:
    """A sentence of four words and more is another one in any other language."""
    same = (str(each.id) for each in catalogue(language) if each.id and each.id == each.string)
    assert [each for each in same if len(re.findall(r"[A-Za-z]{2,}", each)) > 6] == []


@pytest.mark.parametrize(
    ("id", "string", "fault"),
    [
        ("Due on %(day)s.", "Fällig am %(tag)s.", "its words name tag, which the sentence does not have"),
        ("Due on %(day)s.", "Fällig.", "its words lack day"),
        ("Due on %(day)s.", "", "it has no words yet"),
        ("Due on %(day)s.", "Am %(day)s zu 100%.", "its words name %, which the sentence does not have"),
        (("%(number)s day", "%(number)s days"), ("%(number)s Tag",), "it has 1 forms, and the language has 2"),
        (("%(number)s day", "%(number)s days"), ("ein Tag", "%(number)s Tage"), None),
        ("Due on %(day)s.", "%(day)s: fällig.", None),
    ],
)
def test_what_cannot_be_said_is_told(id: str, string: str, fault: str | None) -> None:
    words = Catalog(locale="de")
    words.add(id, string)
    assert list(faults(words)) == ([f"{id if isinstance(id, str) else id[0]}: {fault}"] if fault else [])


def test_a_guess_of_an_editor_is_no_translation() -> None:
    words = Catalog(locale="de")
    words.add("Due", "Fällig", flags=["fuzzy"])
    assert list(faults(words)) == ["Due: it is fuzzy: see whether it is right, and take the mark out"]


def test_a_sentence_is_said_with_the_forms_of_each_language() -> None:
    one, several = "%(number)s partnership", "%(number)s partnerships"
    said = {}
    for language in TRANSLATED:
        with speaking(Manner(language)):
            said[language] = [say_count(one, several, each) for each in (0, 1, 2, 3, 11)]
    assert said["de"] == ["0 Partnerschaften", "1 Partnerschaft", *(f"{each} Partnerschaften" for each in (2, 3, 11))]
    assert said["fr"][:3] == ["0 partenariat", "1 partenariat", "2 partenariats"]
    assert len(set(said["ar"])) == 5
    assert len({each.replace(f"{number}", "") for each, number in zip(said["ja"], (0, 1, 2, 3, 11), strict=True)}) == 1


def test_a_region_has_the_words_of_its_language() -> None:
    with speaking(Manner("de-AT")):
        assert say("You are asked to report it.") == "Sie sollen den Wert melden."


_LATIN = ("de", "es", "fr")
_OTHER_SCRIPTS = re.compile("[\u0600-\u06ff\u3040-\u30ff\u4e00-\u9fff]")


@pytest.mark.parametrize("language", _LATIN)
def test_no_word_of_one_language_stands_in_the_file_of_another(language: str) -> None:
    assert _OTHER_SCRIPTS.findall((FOLDER / f"{language}.po").read_text(encoding="utf-8")) == []


_SAYING = ("say", "say_count", "say_as", "sentence")


def said_within_a_string(code: str) -> list[str]:
    """The sentences that are said between the braces of an f-string."""
    strings = (each for each in ast.walk(ast.parse(code)) if isinstance(each, ast.JoinedStr))
    calls = (part for each in strings for part in ast.walk(each) if isinstance(part, ast.Call))
    return [ast.unparse(call) for call in calls if getattr(call.func, "id", getattr(call.func, "attr", "")) in _SAYING]


def test_no_sentence_is_said_within_an_f_string() -> None:
    """What takes the sentences from the code does not see it there on Python 3.11: it would be in no catalogue."""
    assert said_within_a_string("f'{one} {languages.say(\"Due\")}'") == ["languages.say('Due')"]
    files = (each for each in (ROOT / "scheduler").rglob("*.py"))
    found = {each.name: said_within_a_string(each.read_text(encoding="utf-8")) for each in files}
    assert {name: said for name, said in found.items() if said} == {}
