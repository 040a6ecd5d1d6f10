"""What is internal to one organisation reaches nobody of another, by any way out, in a year of a consortium of three.

Who reads what is said in `collected`; the marks are in `partnership`. The last tests show that these can fail.
"""

import re
import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from scheduler.render.signed_links import report_link
from scheduler.web import site
from scheduler.web.site import PAGES
from tests.builders import at
from tests.confidential import collected
from tests.confidential.outputs import Output, in_folder, leaks, of_mail, output, reaches, side_of
from tests.confidential.partnership import CHAIR, MARKS, manager, person
from tests.confidential.site_pages import named_site
from tests.confidential.year import Program

ALL = set(MARKS)
SITE = Path(site.__file__).parent


def test_nothing_that_leaves_bears_the_mark_of_an_organisation_whose_people_do_not_read_it(
    outputs: list[Output],
) -> None:
    assert leaks(outputs) == []


@pytest.mark.parametrize(
    "kind",
    ["mail", "chat", "post", "file.md", "file.html", "file.ics", "file.eml", "export.md", "export.html", "export.ics",
     "feed", "command", "evidence", "sheets", "word", "page", "site", "api", "event", "twin"],
)  # fmt: skip
def test_its_own_people_read_it_by_every_way_out(outputs: list[Output], kind: str) -> None:
    """Or the other tests would find nothing because nothing was there."""
    assert reaches(outputs, kind) == ALL


def test_in_the_year_everything_happened_that_can_be_told(year: Program) -> None:
    """Every rung up to the sponsor, what fires, what is asked, settled, promised: about each organisation's own."""
    with year.app.store.read() as db:
        rows = db.exec_driver_sql("SELECT about, rung, of FROM notice WHERE state = 'told'").all()
    for of in MARKS:
        told = {(row.about, row.rung) for row in rows if row.of == of}
        ladder = {("kpi", each) for each in ("heads_up", "due", "overdue", "deputy", "sponsor", "weekly", "settled")}
        assert told >= {*ladder, ("trigger", "fired")}
    assert {row.of for row in rows if row.about == "criterion"} == {None, "globex", "initech"}
    everything = {"kpi", "criterion", "checkpoint", "review", "action", "document", "trigger", "proposal", "deadlock"}
    everything |= {"course", "seal"}
    assert {row.about for row in rows} == everything


@pytest.mark.parametrize("fires", ["missed", "unreported", "off_target"])
def test_what_fires_of_an_organisations_own_calls_no_joint_review(year: Program, fires: str) -> None:
    with year.app.store.read() as db:
        rows = db.exec_driver_sql(f"SELECT of, review FROM cause WHERE key LIKE '{fires}/%' AND of <> ''").all()
    assert {row.of for row in rows} == ALL
    assert {row.review for row in rows} == {None}


def test_no_action_of_an_organisations_own_brief_came_back_with_the_minutes(year: Program) -> None:
    said = year.call("action", "list", "--all", "--json")
    assert "send the drawings" in said and MARKS["acme"].secret not in said
    decided = year.call("decisions", "--json")
    assert "Share the berths" in decided and MARKS["acme"].secret not in decided


def test_no_value_and_no_word_that_people_wrote_is_in_the_log(year: Program, outputs: list[Output]) -> None:
    """It is the operator's, who may read which KPI is late, and no more."""
    assert outputs  # what they were asked for is in the log by now
    log = output("log", "of the year", None, "\n".join((*map(repr, year.log.said), *year.said)))
    assert "kpi.overdue" in log.text
    for mark in MARKS.values():
        assert mark.word in log.text
        assert mark.figure not in log.text and mark.secret not in log.text


# What the operator's own templates can reach -------------------------------------------------------------------------

PRINTS_ALL = {
    "agenda/health-audit.md.j2": "PRINTED {{ b }}",
    "agenda/operating.md.j2": "PRINTED {{ b }}",
    "agenda/checkpoint.md.j2": "PRINTED {{ b }}",
    "mail/matters.txt.j2": "PRINTED {{ letter }}",
    "mail/matters.html.j2": "PRINTED {{ letter }}",
    "mail/invitation.txt.j2": "PRINTED {{ letter }}",
    "mail/minutes.txt.j2": "PRINTED {{ letter }}",
    "mail/minutes.html.j2": "PRINTED {{ letter }}",
    "web/action.html.j2": "PRINTED {{ form }}",
    "web/item.html.j2": "PRINTED {{ form }}",
    "web/minutes.html.j2": "PRINTED {{ form }}",
    "web/objection.html.j2": "PRINTED {{ form }}",
    "web/report.html.j2": "PRINTED {{ form }}",
    "web/judge.html.j2": "PRINTED {{ form }}",
    "web/step.html.j2": "PRINTED {{ form }}",
    "web/close.html.j2": "PRINTED {{ form }}",
    "web/away.html.j2": "PRINTED {{ form }}",
    "web/dispute.html.j2": "PRINTED {{ form }}",
    "web/renewal.html.j2": "PRINTED {{ form }}",
    "web/vote.html.j2": "PRINTED {{ form }}",
    "web/resolve.html.j2": "PRINTED {{ form }}",
    "mail/code.txt.j2": "PRINTED {{ says }}",
    "web/course.html.j2": "PRINTED {{ form }}",
    "web/request.html.j2": "PRINTED {{ form }}",
    "web/answer.html.j2": "PRINTED {{ form }}",
    "web/mine.html.j2": "PRINTED {{ form }}",
    "web/gone.html.j2": "PRINTED {{ self }}",
}


def test_a_template_that_prints_all_it_can_reach_reaches_nothing_of_others(later: Program) -> None:
    for name, text in PRINTS_ALL.items():
        file = later.folder / "templates" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    before = len(later.letters())
    live_on(later)
    told = list(collected.letters(later))[before:]
    found = [*told, *in_folder("file", later.data), *collected.foreign_pages(later), *collected.pages(later)]
    assert leaks(found) == []
    for kind in ("mail", "file.md", "page"):
        printed = [each for each in found if each.kind == kind and "printed" in each.text]
        assert reaches(printed, kind) == ALL


def test_nor_does_a_template_of_a_page_that_people_sign_in_to(later: Program) -> None:
    """Beside the facts, which its twin shows as well, a page has whatever its module and the frame hand over."""
    handed_over = {name for module in SITE.glob("*.py") for name in re.findall(r'"(\w+)":', module.read_text())}
    assert handed_over >= {"facts", "kpi_lines", "people", "viewer"}
    prints_all = "PRINTED " + " ".join(f'{{{{ {name} | default("") }}}}' for name in sorted(handed_over))
    for page in PAGES:
        file = later.folder / "templates" / "web" / "site" / page.template
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(prints_all, encoding="utf-8")
    found = [*named_site(later, collected.REVIEWS)]
    assert leaks(found) == []
    assert reaches([each for each in found if "printed" in each.text], "site") == ALL


def live_on(program: Program) -> None:
    """Two weeks more, in which silence goes on."""
    for _ in range(4):
        program.now += timedelta(days=4)
        program.cycle()


# That it can fail ----------------------------------------------------------------------------------------------------


def everywhere(monkeypatch: pytest.MonkeyPatch, name: str, lets: Callable[..., bool] = lambda *_: True) -> None:
    """Break a rule of the one filter, wherever it is used."""
    for module in [each for key, each in sys.modules.items() if key.startswith("scheduler.")]:
        if hasattr(module, name):
            monkeypatch.setattr(module, name, lets)


def kinds(found: Iterable[Output]) -> set[str]:
    return {leak.partition(" ")[0] for leak in leaks(found)}


def test_were_the_filter_open_for_kpis_every_way_out_would_leak(
    later: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    everywhere(monkeypatch, "may_see")
    assert kinds(collected.feeds(later)) == {"feed"}
    assert kinds(collected.exported(later)) == {"export.md", "export.html", "export.ics"}
    assert kinds(collected.commands(later)) == {"command"}
    assert kinds(collected.office_files(later)) == {"sheets", "word"}
    assert kinds(collected.foreign_pages(later)) == {"foreign"}


@pytest.mark.parametrize("rule", ["may_learn", "may_hear"])
def test_were_it_open_for_matters_the_lists_and_forms_would_leak(
    later: Program, monkeypatch: pytest.MonkeyPatch, rule: str
) -> None:
    everywhere(monkeypatch, rule)
    found = collected.commands(later) if rule == "may_learn" else collected.foreign_pages(later)
    assert leaks(found)


def test_were_every_chat_taken_for_everybodys_own_the_shared_one_would_leak(
    later: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    everywhere(monkeypatch, "may_be_said")
    before = len(later.letters())
    live_on(later)
    assert kinds(list(collected.letters(later))[before:]) == {"chat"}


def a_mail(words: str) -> bytes:
    message = EmailMessage()
    message.set_content(words, cte="base64")
    return bytes(message)


HIDDEN = {
    "in base64": of_mail(a_mail("Zanzibar is closed")),
    "between thousands": "471,147.1 EUR",
    "in a folded line": "DESCRIPTION:Reported: 4711\r\n 47",
    "in character references": "&#x51;uokka",
    "in a link": report_link("", "key", "three-rivers/quokka-margin", "2027-01", "uwe", at("2027-02-01 09:00")),
}


@pytest.mark.parametrize("how", HIDDEN)
def test_a_mark_is_found_however_it_is_written(how: str) -> None:
    [leak] = leaks([output("mail", "to Tom", "globex", HIDDEN[how])])
    assert "of acme" in leak
    assert leaks([output("mail", "to Uwe", "acme", HIDDEN[how])]) == []


def test_everybodys_side_is_known() -> None:
    assert {side_of(person(manager(of))) for of in MARKS} == ALL
    assert side_of(CHAIR) is None
