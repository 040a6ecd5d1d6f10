"""What pip-audit says becomes a verdict; where the index does not answer, that is no good one."""

from typing import Any

from release.audit import Audit

GOOD: dict[str, Any] = {"name": "click", "version": "8.5.1", "vulns": []}
BAD: dict[str, Any] = {
    "name": "jinja2",
    "version": "3.1.5",
    "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["3.1.6"]}, {"id": "PYSEC-2026-2", "fix_versions": []}],
}
SILENT = {"name": "starlette", "skip_reason": "Dependency not found on PyPI and could not be audited"}


def audited(*packages: dict[str, Any]) -> Audit:
    audit = Audit()
    audit.takes({"dependencies": packages})
    return audit


def test_where_nothing_is_known_against_any_package_all_is_well() -> None:
    assert audited(GOOD).exit_code == 0
    assert [*audited(GOOD).lines()] == ["Locked packages that were looked up: 1. Known vulnerabilities: 0."]


def test_a_vulnerability_is_named_with_the_way_out() -> None:
    assert audited(GOOD, BAD).exit_code == 1
    assert [*audited(GOOD, BAD).lines()][:2] == [
        "jinja2 3.1.5: PYSEC-2026-1, mended in 3.1.6: make upgrade",
        "jinja2 3.1.5: PYSEC-2026-2, mended in no release yet",
    ]


def test_what_the_index_does_not_answer_is_no_good_news() -> None:
    assert audited(GOOD, SILENT).exit_code == 2
    assert "Of 1 the package index does not say what is known" in [*audited(GOOD, SILENT).lines()][-1]
    assert audited().exit_code == 2


def test_a_vulnerability_counts_more_than_silence() -> None:
    assert audited(SILENT, BAD).exit_code == 1
