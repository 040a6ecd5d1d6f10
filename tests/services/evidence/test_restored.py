"""A record that was restored: the next seal says so, and names the seals that are not in it any more."""

from datetime import datetime
from pathlib import Path

from scheduler.definitions.standards import standard
from scheduler.domain.record.seal import Seal
from scheduler.rules.access import asked_for
from scheduler.services.app import App, Silent, open_app
from scheduler.services.cases.backups import back_up, restore
from scheduler.services.evidence.checking import standing
from scheduler.services.evidence.pack import Asked, make
from scheduler.services.evidence.sealing import seal_all
from scheduler.services.evidence.verify import LOST_HEAD, in_words, verify
from scheduler.settings import Settings
from scheduler.settings.whole import shipped
from scheduler.store import partnerships, seals
from tests.recorded import NEXT_DAY
from tests.services.cases.test_backups import DAY, lived_on, record, settings, upgraded  # noqa: F401  (fixtures)


def chains(app: App) -> dict[str, list[Seal]]:
    with app.store.read() as db:
        return {id: seals.chain(db, id) for id in partnerships.ids(db)}


def test_the_next_seal_names_those_that_were_lost(settings: Settings, tmp_path: Path) -> None:  # noqa: F811
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    lived_on(settings)
    before = open_app(settings, Silent())
    lost = {id: chain[-1].head for id, chain in chains(before).items()}
    before.close()
    restore(settings.database, settings.data, made.file, NEXT_DAY)
    app = open_app(settings, Silent())
    seal_all(app, NEXT_DAY + DAY)
    for id, chain in chains(app).items():
        assert chain[0].note is not None and datetime.fromisoformat(chain[0].note["restored_at"]) == NEXT_DAY
        assert [each["head"] for each in chain[0].note["lost"]] == [lost[id]]
        with app.store.read() as db:
            assert standing(db, id).faults == () and seals.lost(db, id) == []
    [id, *_] = lost
    pack = make(app, id, NEXT_DAY + DAY, Asked(asked_for(None), standard("iso-44001", shipped("standards"))))
    app.close()
    file = tmp_path / "pack.zip"
    file.write_bytes(pack.content)
    found = verify(file, lost[id])
    assert found.faults == [] and any(each.startswith(LOST_HEAD) for each in found.notes)
    assert "It is not the head that was named." in list(in_words(found, lost[id]))
    assert verify(file, "0" * 64).faults


def test_a_restore_is_told_once(settings: Settings, tmp_path: Path) -> None:  # noqa: F811
    made = back_up(settings.database, tmp_path / "kept.db", NEXT_DAY)
    restore(settings.database, settings.data, made.file, NEXT_DAY)
    app = open_app(settings, Silent())
    seal_all(app, NEXT_DAY + DAY)
    seal_all(app, NEXT_DAY + 40 * DAY)
    notes = {id: [bool(each.note) for each in chain] for id, chain in chains(app).items()}
    app.close()
    assert all(each == [True, False] for each in notes.values())
