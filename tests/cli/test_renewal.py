"""`cadence renewal`: what was signed anew, and what lapses, by command."""

from pathlib import Path

from tests.cli.conftest import Cadence, define

PAPERS = {"ends": "2028-09-30", "documents": [{"kind": "nda", "expires": "2027-06-03"}]}


def test_what_was_signed_is_on_record_and_taken_back(installation: Cadence, home: Path) -> None:
    define(home, agreement=PAPERS)
    installation("once")
    nda = ("--document", "nda", "--by", "ines")
    signed = installation("renewal", "signed", "acme-globex", "--until", "2029-06-03", *nda)
    assert "the NDA that expires on 2027-06-03: signed anew on" in signed.out
    assert "NDA, expires 2029-06-03" in installation("show", "acme-globex").out
    undone = installation("renewal", "undo", "acme-globex", "document", "--because", "a slip", *nda)
    assert "taken back that it was signed anew" in undone.out
    lapses = installation("renewal", "lapses", "acme-globex", "nda", "--by", "ines")
    assert "to let it end" in lapses.out
    term = installation("renewal", "signed", "acme-globex", "--without-end", "--by", "ines")
    assert "the term until 2028-09-30: signed anew on" in term.out
    assert "2028-09-30" not in installation("show", "acme-globex").out


def test_a_call_that_does_not_say_until_when_or_of_which_document_is_wrong(installation: Cadence, home: Path) -> None:
    define(home, agreement=PAPERS)
    installation("once")
    both = ("--until", "2029-06-03", "--without-end")
    for wrong in (
        ("signed", "acme-globex"),
        ("signed", "acme-globex", *both),
        ("undo", "acme-globex", "document", "--because", "x"),
    ):
        told = installation("renewal", *wrong, "--by", "ines")
        assert told.status == 2 and "Usage" in told.err
