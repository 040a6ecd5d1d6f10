"""Clauses of an agreement, and how long what they say binds after its end."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from scheduler.domain.definition.agreement import Agreement


def an_agreement(**clauses: Any) -> Agreement:
    return Agreement.model_validate({"effective": "2026-10-01", **clauses})


def test_a_clause_is_a_sentence_or_says_until_when_it_binds() -> None:
    found = an_agreement(ip="Each keeps its own", confidentiality={"says": "All of it", "survives": "5 years"})
    assert [(key, clause.says) for key, clause in found.clauses()] == [
        ("ip", "Each keeps its own"),
        ("confidentiality", "All of it"),
    ]


@pytest.mark.parametrize(
    ("written", "until", "lasts"),
    [
        ({"says": "x", "survives": "5 years"}, date(2034, 9, 30), "until 2034-09-30"),
        ({"says": "x", "survives": "18 months"}, date(2031, 3, 31), "until 2031-03-31"),
        ({"says": "x", "until": "2040-12-31"}, date(2040, 12, 31), "until 2040-12-31"),
        ("x", None, "without an end"),
    ],
)
def test_what_survives_is_counted_from_the_end(written: Any, until: date | None, lasts: str) -> None:
    [found] = an_agreement(ends="2029-09-30", survives=[written]).obligations()
    assert (found.until, found.lasts) == (until, lasts)


def test_where_the_end_may_still_be_put_off_the_span_alone_is_said() -> None:
    terms = {"ends": "2029-09-30", "renewal": {"kind": "tacit"}, "survives": [{"says": "x", "survives": "5 years"}]}
    [found] = an_agreement(**terms).obligations()
    assert (found.until, found.lasts) == (None, "for 5 years after the end")
    [ended] = an_agreement(**terms).obligations(date(2027, 3, 28))
    assert ended.until == date(2032, 3, 28)


def test_what_ends_soonest_comes_first_and_a_clause_that_ends_with_the_agreement_is_no_obligation() -> None:
    found = an_agreement(
        ends="2029-09-30",
        ip="Each keeps its own",
        confidentiality={"says": "All of it", "survives": "5 years"},
        survives=["For ever", {"says": "Parts", "survives": "3 years"}],
    ).obligations()
    assert [(each.clause, each.says) for each in found] == [
        ("survives", "Parts"),
        ("confidentiality", "All of it"),
        ("survives", "For ever"),
    ]


def test_a_clause_that_is_a_sentence_is_written_as_one() -> None:
    dumped = an_agreement(survives=["For ever", {"says": "Parts", "survives": "3 years"}]).model_dump(
        mode="json", exclude_none=True
    )
    assert dumped["survives"] == ["For ever", {"says": "Parts", "survives": "3 years"}]


def test_a_span_and_a_day_at_once_are_refused() -> None:
    with pytest.raises(ValidationError, match="both a span and a day"):
        an_agreement(ip={"says": "x", "survives": "5 years", "until": "2030-01-01"})


@pytest.mark.parametrize(
    "link", ["http://papers.example/mou.pdf", "javascript:alert(1)", "https://a:b@papers.example/", "https://x y", "/x"]
)
def test_a_paper_is_linked_by_https_alone(link: str) -> None:
    with pytest.raises(ValidationError, match="no link that people can follow"):
        an_agreement(documents=[{"kind": "mou", "link": link}])
    [paper] = an_agreement(documents=[{"kind": "mou", "link": "https://papers.example/a/mou.pdf?v=2"}]).documents
    assert paper.link == "https://papers.example/a/mou.pdf?v=2"


def test_a_file_is_known_by_its_hash() -> None:
    with pytest.raises(ValidationError, match="not the hash"):
        an_agreement(documents=[{"kind": "mou", "file": "mou.pdf"}])
    with pytest.raises(ValidationError, match="no SHA-256"):
        an_agreement(documents=[{"kind": "mou", "file": "mou.pdf", "sha256": "abc"}])
    [paper] = an_agreement(documents=[{"kind": "mou", "file": "mou.pdf", "sha256": "AB" * 32}]).documents
    assert paper.sha256 == "ab" * 32
