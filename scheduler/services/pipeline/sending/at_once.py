"""A letter that somebody waits for: handed to the mail server at once, over a connection of its own, whatever the hours
of its reader and their chat or digest say. It stands in no outbox and no folder."""

import os
from collections.abc import Mapping
from dataclasses import replace

from scheduler.services.app import App
from scheduler.transports.delivery_errors import Cut
from scheduler.transports.smtp import connected

from .transports import server

PATIENCE = 10.0
"""Seconds that the mail server has for each answer: somebody waits for the page."""


def is_possible(app: App) -> bool:
    """Whether a letter can leave from here."""
    return app.settings.mail.host is not None and not app.is_scratch


def hand_over(app: App, email: str, content: bytes, environ: Mapping[str, str] = os.environ) -> None:
    """Hand a letter to the mail server, now; one that may have arrived counts as taken. Raises UserError."""
    mail = app.settings.mail
    try:
        with connected(replace(server(mail, environ), seconds=PATIENCE)) as connection:
            connection.send(mail.sender or "", email, content, lambda: True)
    except Cut as cut:
        if not cut.may_have_arrived:
            raise
