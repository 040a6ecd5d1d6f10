"""What README and docs show is so: their commands can be called, their settings are there, their links lead somewhere,
and the letter to a KPI owner is the one that Tom Reyes of Globex gets about cells that nobody reported."""

import itertools
import re
import shlex
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
import yaml
from markdown_it import MarkdownIt

from scheduler.cli import cadence as program
from scheduler.definitions.playbooks import playbooks
from scheduler.domain.definition.agreement import Agreement
from scheduler.domain.definition.partnership import Partnership
from scheduler.domain.definition.people import Organisation, Person
from scheduler.domain.definition.playbook import Rung, Terms
from scheduler.domain.definition.vocabulary import Kind
from scheduler.settings import Settings
from scheduler.settings.whole import shipped
from tests.builders import CELLS_DELIVERED
from tests.cli.conftest import REPOSITORY, Cadence, define

PAGES = (
    *(REPOSITORY / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted(REPOSITORY.glob("docs/**/*.md")),
    REPOSITORY / "systemd" / "README.md",
    REPOSITORY / "templates" / "agenda" / "README.md",
)
KPI_OWNERS = REPOSITORY / "docs" / "kpi-owners.md"
_SETTING = re.compile(r"(?:log|guard|web|replies|mail)\.[a-z_]+(?:: .*)?")


class Shown(NamedTuple):
    """Something that a page shows, and where; `is_whole` where it can be pasted as it stands."""

    page: str
    text: str
    is_whole: bool


def named(path: Path) -> str:
    return str(path.relative_to(REPOSITORY))


def tokens(path: Path) -> Iterator[Any]:
    for token in MarkdownIt().enable("table").parse(path.read_text(encoding="utf-8")):
        yield token
        yield from token.children or ()


def blocks(path: Path, language: str) -> list[str]:
    return [each.content for each in tokens(path) if each.type == "fence" and each.info == language]


def spans(path: Path) -> list[str]:
    return [each.content for each in tokens(path) if each.type == "code_inline"]


# Commands -----------------------------------------------------------------------------------------------------------


def calls(text: str) -> Iterator[list[str]]:
    """The arguments of each call of cadence in some lines of shell."""
    for line in text.replace("\\\n", " ").splitlines():
        words = shlex.shlex(line, posix=True, punctuation_chars=True)
        words.whitespace_split = True
        for is_operator, piece in itertools.groupby(words, lambda word: not word.strip("();<>|&")):
            name, *arguments = piece
            if not is_operator and Path(name).name == "cadence" and arguments:
                yield arguments


def shown_calls() -> list[Shown]:
    found = [Shown(named(page), text, True) for page in PAGES for text in blocks(page, "sh")]
    found += [Shown(named(page), text, False) for page in PAGES for text in spans(page)]
    return [
        Shown(page, shlex.join(words), is_whole) for page, text, is_whole in found for words in calls(text) if words
    ]


def wrong_with(words: list[str], is_whole: bool) -> str | None:
    """What is wrong with a call, as click tells it without running anything; None for nothing.

    A call in running text may leave out what it needs, and name in capitals what has to be chosen.
    """
    if {"--help", "--version"} & {*words}:  # each ends the call by itself
        return None
    command: click.Command = program
    context = click.Context(program, info_name="cadence")
    try:
        while isinstance(command, click.Group):
            if words:
                command.parse_args(context, words)
            if not (rest := [*context._protected_args, *context.args]):
                return "no command is named" if is_whole else None
            name, found, words = command.resolve_command(context, rest)
            assert found is not None
            command, context = found, click.Context(found, parent=context, info_name=name)
        said, left, _ = command.make_parser(context).parse_args(words)
    except click.UsageError as error:
        return error.format_message()
    faults = [f"too much: {each}" for each in left]
    faults += [f"no choice: {each}" for each in _not_offered(command, said) if is_whole or not each.isupper()]
    if is_whole:
        needed = (each for each in command.params if each.required)
        faults += [f"without {each.name}" for each in needed if each.value_is_missing(said.get(each.name or ""))]
    return "; ".join(faults) or None


def _not_offered(command: click.Command, said: dict[str, Any]) -> Iterator[str]:
    for each in command.params:
        value = said.get(each.name or "")
        if isinstance(each.type, click.Choice) and isinstance(value, str) and value not in each.type.choices:
            yield value


@pytest.mark.parametrize("shown", shown_calls(), ids=lambda shown: f"{shown.page}: cadence {shown.text}"[:100])
def test_every_command_on_a_page_can_be_called(shown: Shown) -> None:
    assert wrong_with(shlex.split(shown.text), shown.is_whole) is None


@pytest.mark.parametrize(
    "call",
    [
        "remind tom",
        "kpi remind",
        "kpi report --value 3",
        "kpi report a/b",
        "once now",
        "checkpoint decide a perhaps",
        "",
    ],
)
def test_a_command_that_is_not_there_would_be_found(call: str) -> None:
    assert wrong_with(shlex.split(call), is_whole=True)


# The letter ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def letter(here: Path, cadence: Cadence) -> EmailMessage:
    """What Tom gets on Friday 11 December 2026, a working day after November's cells were due."""
    define(here, kpis={"cells-delivered": {**CELLS_DELIVERED, "from": "2026-11-01"}})
    settings = here / "config" / "cadence.yaml"
    settings.write_text(
        "data: ../data\n"
        "horizon_days: 30\n"
        "web: {public_url: https://cadence.acme.example}\n"
        "mail: {sender: cadence@acme.example}\n",
        encoding="utf-8",
    )
    assert cadence("db", "create").status == 0
    for day in ("03", "09", "10", "11"):
        assert cadence("--now", f"2026-12-{day}T10:00-05:00", "once").status == 0
    letters = (message_from_bytes(file.read_bytes(), policy=policy.default) for file in here.glob("data/outbox/*.eml"))
    [found] = [each for each in letters if "tom" in each["To"] and str(each["Date"]).startswith("Fri, 11 Dec 2026")]
    return found


def readable(letter: EmailMessage) -> str:
    """The letter as a page shows it: to whom, what about, its words, with what no two links share left out."""
    body = letter.get_body(("plain",))
    assert body is not None
    words = re.sub(r"/(report|away)/\S+", r"/\1/…", body.get_content().replace("\r\n", "\n"))
    return f"To: {letter['To']}\nSubject: {letter['Subject']}\n\n{words}"


def test_the_letter_to_a_kpi_owner_is_the_one_that_the_program_writes(letter: EmailMessage) -> None:
    [shown] = blocks(KPI_OWNERS, "text")
    assert shown.rstrip() == readable(letter).rstrip()


WHO = {
    "owner": "you",
    "deputy": "your deputy",
    "alliance_manager": "the alliance manager of your side",
    "sponsor": "the sponsor of your side",
}


def row(rung: Rung) -> tuple[str, str]:
    """The first two columns of a rung: its working day, whom it tells."""
    day = f"{rung.at:+d}".replace("-", "−") if rung.at else "0"
    repeated = f", then every {rung.repeat}" if rung.repeat else ""
    return f"{day}{repeated}", ", ".join(WHO[each] for each in rung.tell) or "nobody by letter"


def test_the_ladder_that_a_kpi_owner_reads_is_that_of_every_shipped_playbook() -> None:
    cells = [each.content for each in tokens(KPI_OWNERS) if each.type == "inline"]
    start = cells.index("working day") + 3
    for playbook in playbooks(shipped("playbooks")).values():
        ladder = playbook.kpis.ladder
        shown = cells[start : start + 3 * len(ladder)]
        assert [*zip(shown[::3], shown[1::3], strict=True)] == [row(rung) for rung in ladder]
        assert {rung.agenda for rung in ladder if rung.agenda} == {Kind.HEALTH_AUDIT}


# Settings and definitions -------------------------------------------------------------------------------------------


def settings_in_words() -> list[tuple[str, str]]:
    return [(named(page), span) for page in PAGES for span in spans(page) if _SETTING.fullmatch(span)]


@pytest.mark.parametrize(("page", "span"), settings_in_words())
def test_every_setting_that_a_page_names_stands_in_the_commented_settings(page: str, span: str) -> None:
    said = yaml.safe_load(shipped("cadence.yaml").read_text(encoding="utf-8"))
    block, _, key = span.partition(":")[0].partition(".")
    assert key in said[block], f"{page}: {span}"


def yaml_blocks() -> list[tuple[str, dict[str, Any]]]:
    return [(named(page), yaml.safe_load(text)) for page in PAGES for text in blocks(page, "yaml")]


@pytest.mark.parametrize(("page", "said"), yaml_blocks())
def test_every_example_in_yaml_is_good_as_settings_or_as_a_definition(page: str, said: dict[str, Any]) -> None:
    if "partnership" in said:
        assert Partnership.model_validate(said)
    elif "agreement" in said:
        assert Agreement.model_validate({"effective": "2026-10-01", **said["agreement"]})
    elif "reviews" in said:
        assert [Terms.model_validate(each) for each in said["reviews"].values()]
    elif "people" in said:
        assert [Organisation.model_validate(each) for each in said["organisations"].values()]
        assert [Person.model_validate(each) for each in said["people"].values()]
    else:
        assert Settings.model_validate(said), page


# Links --------------------------------------------------------------------------------------------------------------


def links() -> list[tuple[str, str]]:
    found = ((named(page), str(each.attrs["href"])) for page in PAGES for each in tokens(page) if "href" in each.attrs)
    return [(page, target) for page, target in found if "://" not in target]


@pytest.mark.parametrize(("page", "target"), links())
def test_every_link_leads_to_a_file_and_to_a_heading_of_it(page: str, target: str) -> None:
    name, _, heading = target.partition("#")
    file = (REPOSITORY / page).parent / name if name else REPOSITORY / page
    assert file.exists()
    if heading:
        titles = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert heading in [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]


def test_every_page_of_the_docs_can_be_reached_from_the_readme() -> None:
    reached, ahead = set[Path](), [REPOSITORY / "README.md"]
    while ahead:
        page = ahead.pop()
        reached.add(page)
        targets = (page.parent / target.partition("#")[0] for name, target in links() if name == named(page))
        ahead += [each.resolve() for each in targets if each.resolve() in PAGES and each.resolve() not in reached]
    assert {page for page in PAGES if REPOSITORY / "docs" in page.parents} <= reached
