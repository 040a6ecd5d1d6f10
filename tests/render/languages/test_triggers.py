"""What triggers say of themselves is told whole in the reader's language: what is agreed, how near each is, why one
fired, and its evidence. Rules make it in English; none of it stays half so."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

import pytest

from scheduler.domain.definition.trigger import TRIGGERS, HealthFound
from scheduler.domain.definition.vocabulary import Status
from scheduler.domain.manner import Manner
from scheduler.domain.record.review_request import ReviewRequest
from scheduler.render.languages import known, speaking
from scheduler.rules.triggers.evaluate import causes
from scheduler.rules.triggers.forecast import forecast
from scheduler.rules.triggers.kinds import health_found
from scheduler.rules.triggers.situation import Situation
from tests.builders import ACME, CELLS_DELIVERED, GLOBEX, INITECH, Written, at
from tests.render.languages.brackets import in_brackets, outside
from tests.rules.health_checks.test_results import closed
from tests.rules.triggers import test_adherence, test_health_found, test_left_undone
from tests.rules.triggers.situated import BAD, GOOD, MISSED, a_situation, audits, reported, the_checkpoint
from tests.rules.triggers.test_forecast import OFF, SILENT, SKIPPED, SPREAD

LATER = at("2027-06-01 09:00")
NDA = {"when": "expired", "document": "nda"}
PARTNERS = ("acme", "globex", "initech")
DATA = (
    # keys, names, what people wrote, and periods by their labels
    r"\b[a-z]+-[a-z-]+(/\S+)?|Acme Motors SE|Globex Cells Inc|Initech KK|Marta Bauer|June Okafor|Tom Reyes|Uwe Brandt",
    r"Inès Falk|Dev Patel|nobody was (ready|there)|we have to talk|Task \d|Cells delivered|GWh|\bNDA\b|\S*\d\S*",
    r"acme|globex",
)


def counting() -> Iterator[Situation]:
    """Triggers of what is reported."""
    for values in ([], [GOOD, BAD], [BAD, BAD], [BAD] * 3, [BAD] * 7, [BAD, GOOD, BAD, GOOD, BAD]):
        for trigger in (MISSED, SPREAD, OFF, {**MISSED, "times": 1}, {**MISSED, "kpi": "any", "times": 2}):
            yield a_situation(trigger, readings=reported(*values), now=LATER)
    yield a_situation(OFF, readings=reported("0.27"), now=LATER)
    yield a_situation(OFF, kpis={"cells-delivered": {**CELLS_DELIVERED, "target": "yes"}})
    for now in ("2026-10-02", "2026-11-05", "2026-11-20", "2026-12-02", "2027-06-01"):
        yield a_situation(SILENT, now=at(f"{now} 12:00"))
        yield a_situation({**SILENT, "times": 3}, now=at(f"{now} 12:00"))
        yield a_situation(
            {**SILENT, "times": 2}, readings=reported(None, GOOD, None, GOOD, None), now=at(f"{now} 12:00")
        )


def of_reviews() -> Iterator[Situation]:
    """Triggers of what is held, skipped or left open."""
    for number in range(5):
        yield a_situation(SKIPPED, recorded=audits(*[Status.SKIPPED] * number), now=at("2027-09-01 09:00"))
        yield a_situation({**SKIPPED, "times": 1}, recorded=audits(*[Status.SKIPPED] * number), now=LATER)
        silent = test_left_undone.held(*[False] * number)
        for times in (1, 2, 3):
            without = {**test_left_undone.QUORUM, "times": times}
            yield a_situation(without, recorded=silent, now=test_left_undone.A_YEAR_ON)
    for now in ("2026-11-10", "2026-11-18", "2026-11-30"):
        yield a_situation(test_left_undone.NOT_CLOSED, recorded=[test_left_undone.an_audit()], now=at(f"{now} 09:00"))
    held, skipped, planned = Status.HELD, Status.SKIPPED, Status.PLANNED
    for kept in (test_adherence.ANY, test_adherence.PIPELINE):
        for statuses in ([held], [held] * 2, [held] * 4, [skipped] * 12, [held, planned, skipped, skipped]):
            yield test_adherence.situated(kept, *statuses)
    for verdict in ("missed", "partly"):
        judged: Written = {"when": "checkpoint", "verdict": verdict}
        to_come = the_checkpoint(a_situation(judged), planned)
        yield a_situation(judged, recorded=[to_come], now=at("2026-12-01 09:00"))
        yield a_situation(judged, recorded=[to_come], verdicts={to_come.id: "missed"})


def of_the_agreement() -> Iterator[Situation]:
    """Triggers of dates, papers, seats, members and actions."""
    for role in ("sponsor", "alliance_manager", "director"):
        yield a_situation({"when": "vacant", "role": role})
    for written in (
        [],
        [{"kind": "nda"}],
        [{"kind": "nda", "expires": "2027-05-04"}],
        [{"kind": "nda", "expires": "2027-01-18"}],
    ):
        yield a_situation(NDA, agreement={"documents": written})
    for day in ("2027-01-18", "2027-01-20", "2027-02-19", "2026-09-30"):
        yield a_situation({"when": "on", "date": day})
    for asks in ({"members": 1}, {"members": 3}, {"share": "2/3"}, {"share": "majority"}):
        for number in range(4):
            asked = a_situation(
                {"when": "requested", **asks},
                model="consortium",
                organisations={"acme": ACME, "globex": GLOBEX, "initech": INITECH},
            )
            said = at("2027-01-10 09:00")
            requests = tuple(ReviewRequest(each, "tom", "we have to talk", said) for each in PARTNERS[:number])
            yield replace(asked, partnership=asked.partnership.with_requests(requests))
    for now in ("2026-11-10", "2026-12-10", "2027-01-19"):
        for times in (1, 2, 3):
            yield test_left_undone.promised(*test_left_undone.TWO, now=at(f"{now} 09:00"), times=times)


def of_health_checks() -> Iterator[str]:
    rounds = (None, closed([2, 2, 2], [4, 4, 4]), closed([4, 4, 4], [4, 4, 5]), closed([2, 2, 2], [2, 2, 3]))
    bounds = (None, Decimal("1.5")), (Decimal(1), None), (None, None), (Decimal(1), Decimal("2.5"))
    for gap, below in bounds:
        trigger = HealthFound(when="health", gap=gap, below=below)
        for round in rounds:
            situation = test_health_found.situation(round)
            for near in health_found.forecast(trigger, situation):
                yield from (near.trigger, near.says)
            for cause in health_found.causes(trigger, situation):
                yield from (cause.says, *(line.says for line in cause.evidence))


@pytest.fixture(scope="module")
def situations() -> tuple[Situation, ...]:
    return (*counting(), *of_reviews(), *of_the_agreement())


def said(situations: tuple[Situation, ...]) -> Iterator[str]:
    for situation in situations:
        for near in forecast(situation):
            yield from (near.trigger, near.says)
        for cause in causes(situation):
            yield from (cause.trigger, cause.says, *(line.says for line in cause.evidence))
    yield from of_health_checks()


def test_every_kind_is_among_them(situations: tuple[Situation, ...]) -> None:
    kinds = {type(each) for situation in situations for each in situation.triggers}
    assert {*kinds, HealthFound} == {*TRIGGERS.values()}


def test_nothing_that_a_trigger_says_is_half_english(
    situations: tuple[Situation, ...], monkeypatch: pytest.MonkeyPatch, sentences: frozenset[str]
) -> None:
    with in_brackets(monkeypatch, sentences):
        left = {text: outside(known(text), *DATA) for text in dict.fromkeys(said(situations))}
    assert {text: words for text, words in left.items() if words} == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "2 of the last 3 periods missed, 3 of 5 call a review: 2026-10, 2026-12; fires with the next miss",
            "2 der letzten 3 Zeiträume verfehlt, bei 3 von 5 folgt eine Überprüfung: 2026-10, 2026-12; "
            "löst mit der nächsten Verfehlung aus",
        ),
        (
            "2026-10: missed, 66.7% below the target; fires at 20% off the target",
            "2026-10: verfehlt, 66,7\u00a0% unter dem Ziel; löst bei 20\u00a0% Abweichung vom Ziel aus",
        ),
        (
            "5 periods missed in a row, 3 call a review: 2026-10 and 4 more",
            "5 Zeiträume nacheinander verfehlt, bei 3 folgt eine Überprüfung: 2026-10 und 4 weitere",
        ),
        (
            "Strategic value: the sides are 2.00 apart; Trust and candour: Acme says 1.50",
            "Strategischer Nutzen: die Seiten liegen 2 auseinander; Vertrauen und Offenheit: Acme sagt 1,5",
        ),
        ("It is overdue", "It is overdue"),
        ("it was told; it has come", "it was told; it has come"),
    ],
)
def test_a_list_or_a_share_is_told_within_its_sentence_and_what_people_wrote_is_left(text: str, words: str) -> None:
    with speaking(Manner("de")):
        assert known(text) == words
