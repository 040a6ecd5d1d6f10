"""Which agendas people have edited in their files since they were written: by this process, by one before it, or by
another daemon that publishes into the same folder.

A file that this process knows stands as long as its signature does. What it does not know, it reads once and holds
against the digest on record; where another daemon has published, it looks at that partnership's files again.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection

from scheduler.rules.access import Audience
from scheduler.services.app import App
from scheduler.services.pipeline.agendas import agenda_path, digest
from scheduler.store import agendas, partnerships
from scheduler.transports.files import Signature


class Edited(NamedTuple):
    """A partnership of which somebody has edited `files`, each by path with its signature when it was found, and the
    `revision` that was published last by then."""

    revision: int
    files: Mapping[str, Signature]


def edited(app: App, db: Connection, now: datetime) -> Mapping[str, Edited]:
    """The partnerships, by id, with agendas of reviews to come whose files are others than those on record. They are
    found again until they are seen to."""
    to_look_at = _to_look_at(app, db)
    found: dict[str, dict[str, Signature]] = {}
    for each in agendas.on_record(db, to_look_at, now):
        path = agenda_path(each.review, Audience(each.organisation))
        signature = app.published.signature(path)
        if signature is not None and not app.published.knows(path, signature):
            if _is_ours(app, path, each.digests):
                app.published.know(path, signature)
            else:
                found.setdefault(each.partnership, {})[path] = signature
    for id, revision in to_look_at.items():
        if id not in found:
            app.published.are_looked_at(id, revision)
    return {id: Edited(to_look_at[id], files) for id, files in found.items()}


def _to_look_at(app: App, db: Connection) -> dict[str, int]:
    """Partnerships with a file that is another than this process wrote, and those that others have published, each with
    its revision that was published last."""
    changed = {path.split("/")[1] for path in app.published.changed("agendas", ".md")}
    return {
        id: number for id, number in partnerships.published(db) if id in changed or app.published.is_news(id, number)
    }


def _is_ours(app: App, path: str, digests: frozenset[str]) -> bool:
    try:
        return digest((app.settings.data / path).read_bytes().decode("utf-8")) in digests
    except (OSError, UnicodeDecodeError):
        return False  # whoever publishes it says what is wrong


def is_seen_to(app: App, id: str, found: Edited) -> None:
    """The partnership was published. What of its files stayed as it was holds no words to keep: it is nobody's any
    more, says nothing new, or is no text; it is looked at again once it changes."""
    for path, signature in found.files.items():
        if app.published.signature(path) == signature:
            app.published.know(path, signature)
    app.published.are_looked_at(id, found.revision)
