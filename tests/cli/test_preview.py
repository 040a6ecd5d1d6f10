"""`cadence preview`: what would go out now. It is Saturday 21 November 2026; Tom owes October's cells."""

import json
from pathlib import Path

from scheduler.store import open_store
from tests.cli.conftest import Cadence
from tests.cli.test_mail import set_mail


def _rows() -> tuple[int, int, int]:
    """How many notices, letters and secrets are on record."""
    with open_store("sqlite:///data/cadence.db") as store, store.read() as db:
        counts = (
            db.exec_driver_sql(f"SELECT count(*) FROM {each}").scalar() for each in ("notice", "letter", "secret")
        )
        first, second, third = (int(each or 0) for each in counts)
        return first, second, third


def test_a_letter_is_shown_and_nothing_is_sent_or_kept(installation: Cadence) -> None:
    before = _rows()
    shown = installation("preview", "letter", "tom")
    assert shown.status == 0, shown.err
    assert shown.out.startswith("To: tom.reyes@globex.example\nSubject: ")
    assert "Cells delivered, 2026-10" in shown.out
    assert "/away/…" in shown.out and ".eJ" not in shown.out, "its links open nothing"
    assert _rows() == before


def test_who_owes_nothing_and_is_told_nothing_gets_none(installation: Cadence) -> None:
    installation("kpi", "report", "acme-globex/cells-delivered", "0.31", "--by", "tom")
    assert "no letter would go out" in installation("preview", "letter", "june").out
    assert json.loads(installation("preview", "letter", "june", "--json").out) is None


def test_an_invitation_is_shown_as_a_person_gets_it(installation: Cadence, home: Path) -> None:
    without = installation("preview", "invitation", "acme-globex/operating/2026-12")
    assert without.status == 1 and "name no sender" in without.err
    set_mail(home, sender="cadence@alliances.acme.example")
    before = _rows()
    shown = installation("preview", "invitation", "acme-globex/operating/2026-12", "--to", "dev")
    assert shown.status == 0, shown.err
    assert "To: dev.patel@globex.example" in shown.out and "Operating review" in shown.out
    assert _rows() == before
    assert installation("preview", "invitation", "acme-globex/operating/2026-12", "--to", "tom").status == 1
    assert installation("preview", "invitation", "acme-globex/operating/2026-10").status == 1
