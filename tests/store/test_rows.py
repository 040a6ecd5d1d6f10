"""Rows as values: what is read back is what was written, though nothing of it is validated again."""

from sqlmodel import SQLModel

from scheduler.store.tables import row
from tests.store.remembered import a_row


def test_a_row_that_was_read_is_the_one_that_was_written() -> None:
    written = a_row()
    read = row(type(written), written.model_dump())
    assert read == written
    assert read.model_fields_set == set(written.model_dump())
    assert read.model_dump() == written.model_dump()


def test_what_was_not_asked_for_has_its_default_and_what_is_no_column_is_left_out() -> None:
    written = a_row()
    asked = {name: value for name, value in written.model_dump().items() if name not in ("problem", "revision")}
    read = row(type(written), {**asked, "letters": 3})
    assert read == type(written)(**asked) and read.revision == type(written)(**asked).revision
    assert not hasattr(read, "letters") and isinstance(read, SQLModel)


def test_a_row_that_was_read_can_be_changed_and_copied() -> None:
    written = a_row()
    read = row(type(written), written.model_dump())
    read.name = "Another"
    assert read.model_dump()["name"] == "Another" != written.name
    assert read.model_copy(update={"name": written.name}) == written
