"""Which agendas people have edited in their files since they were written: by this process, by one before it, or by
another daemon that publishes into the same folder.

A file that this process knows stands as long as its signature does. What it does not know, it reads once and holds
against the digest on record; where another daemon has published, it looks at that partnership's files again.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection

from scheduler.rules.access import Audience
from scheduler.services.app import App
from scheduler.services.pipeline.agendas import agenda_path, digest
from scheduler.store import agendas, partnerships
from scheduler.transports.files import Signature

Edited = Mapping[str, Mapping[str, Signature]]
"""Partnerships by id, and of each the files that somebody has edited, by path, as they were when they were found."""


def edited(app: App, db: Connection, now: datetime) -> Edited:
    """The agendas of reviews to come whose files are others than those on record."""
    found: dict[str, dict[str, Signature]] = {}
    for each in agendas.on_record(db, _to_look_at(app, db), now):
        path = agenda_path(each.review, Audience(each.organisation))
        signature = app.published.signature(path)
        if signature is not None and not app.published.knows(path, signature):
            if _is_ours(app, path, each.digests):
                app.published.know(path, signature)
            else:
                found.setdefault(each.partnership, {})[path] = signature
    return found


def _to_look_at(app: App, db: Connection) -> set[str]:
    """Partnerships with a file that is another than this process wrote, and those that others have published."""
    changed = {path.split("/")[1] for path in app.published.changed("agendas", ".md")}
    return {id for id, number in partnerships.published(db) if id in changed or app.published.is_news(id, number)}


def _is_ours(app: App, path: str, digests: frozenset[str]) -> bool:
    try:
        return digest((app.settings.data / path).read_bytes().decode("utf-8")) in digests
    except (OSError, UnicodeDecodeError):
        return False  # whoever publishes it says what is wrong


def are_seen_to(app: App, found: Mapping[str, Signature]) -> None:
    """The partnership of these files was published. What stayed as it was holds no words to keep: it is nobody's any
    more, says nothing new, or is no text; it is looked at again once it changes."""
    for path, signature in found.items():
        if app.published.signature(path) == signature:
            app.published.know(path, signature)
