"""A person has another mail address or another key: written into every definition that names them, and nowhere else.

Comments and layout stay. Under the new address or key they go on as they were: what is on record follows once the
files are taken up, and nobody is told anything anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scheduler.definitions.authoring.writer import replace as replace_file
from scheduler.definitions.yaml_text.editing import edited, with_key
from scheduler.definitions.yaml_text.text_faults import decoded
from scheduler.domain.base import is_slug
from scheduler.domain.definition.people import is_email
from scheduler.domain.definition.succession import Change, duties_of
from scheduler.domain.errors import UserError
from scheduler.services.cases.definition_files import NO_OTHER_DAY, bytes_of, definition_of, with_local_files, worse
from scheduler.services.folders import local
from scheduler.services.views.duties import Membership, places

if TYPE_CHECKING:
    from scheduler.domain.definition.partnership import Partnership
    from scheduler.services.app import App


@dataclass(frozen=True)
class PersonChange:
    """The change in one file, not written yet: its bytes before, its text before and after, and the warnings that it
    brings."""

    place: Membership
    before: bytes
    text: str
    after: str
    notes: Sequence[str]

    @property
    def file(self) -> Path:
        return Path(self.place.row.file)


def prepare(
    app: "App", id: str, partnership: str | None, *, email: str | None = None, key: str | None = None
) -> list[PersonChange]:
    """What their new mail address or key changes in each definition that names them, or in that of one partnership;
    nothing is written. Their files are looked at as they are, taken up or not.

    `id` is their key where only one partnership has it, or their mail address for all. Raises `UserError`: for nobody
    and for several, for what is no address or key, for one that is another's, and for a file with errors.
    """
    if email is not None and not is_email(email):
        raise UserError(
            f"{email[:80]!r} is not one e-mail address", "write one plain address, like ines.falk@acme.example"
        )
    if key is not None and not is_slug(key):
        raise UserError(f"{key[:80]!r} is no key", "write lower-case letters, digits and hyphens, like ines-falk")
    with app.store.read() as db:
        theirs = places(db, id, partnership, lambda row: _definition_in(app, local(app, row.file)))
        found = with_local_files(app, theirs)
    if email is None and key is None:
        raise UserError("nothing would change", "name a new --email or --key")
    return [change for place in found if (change := _prepared(app, place, email, key))]


def write(app: "App", planned: Sequence[PersonChange]) -> None:
    """Write each file; the next cycle takes them up. Raises `UserError` where one has changed meanwhile, or the app is
    that of a scratch copy. Called again after that, it writes those that were left."""
    if app.is_scratch:
        raise UserError(*NO_OTHER_DAY)
    for one in planned:
        replace_file(one.file, one.before, one.after)


def _prepared(app: "App", place: Membership, email: str | None, key: str | None) -> PersonChange | None:
    """None where the file says so already."""
    before = bytes_of(Path(place.row.file))
    definition, person, file = place.definition, place.person, place.row.file
    _free(place, email, key)
    text = after = decoded(before)
    if email is not None and definition.people[person].email != email:
        after = edited(after, file, [(("people", person, "email"), email)])
    if key is not None and key != person:
        after = _under_key(after, place, key)
    if after == text:
        return None
    return PersonChange(place, before, text, after, [*worse(app, file, text, after)])


def _under_key(text: str, place: Membership, key: str) -> str:
    """The text with another key of the person, wherever it stands; below it which one they bore before."""
    file, person = place.row.file, place.person
    named: list[Change] = [(duty.path, key) for duty in duties_of(place.definition, person) if duty.path]
    renamed = with_key(edited(text, file, named), file, ("people", person), key)
    return edited(renamed, file, [(("people", key, "renamed_from"), person)])


def _free(place: Membership, email: str | None, key: str | None) -> None:
    """Raises `UserError` where the address or the key is somebody else's."""
    for other, who in place.definition.people.items():
        if other == place.person:
            continue
        if key == other:
            raise UserError(f"{place.row.id}: {key} is the key of {who.name}", "name another key")
        if email is not None and who.writes_from(email):
            raise UserError(
                f"{place.row.id}: {email} is the address of {who.name}", "give each person one of their own"
            )


def _definition_in(app: "App", file: Path) -> "Partnership":
    return definition_of(app, file, bytes_of(file))
