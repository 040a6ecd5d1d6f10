"""The settings: one file that names the folders, the database and the few numbers of the daemon.

Folders are relative to the settings file itself, so that a set-up can be moved as a whole. What reads and validates all
of it is loaded when it is first asked for: a listing asks for the database alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .settings_file import ENVIRONMENT, SYSTEM_WIDE, SettingsFault, database, find

if TYPE_CHECKING:
    from .block import Part
    from .chats import Chat, EventWebhook, Monitor
    from .parts import TOKEN_LENGTH, Guard, Log, Mail, Replies, Web
    from .retention import Retention
    from .signing_in import OpenIdProvider, SignIn, TrustedHeader
    from .validation import load
    from .whole import Settings, shipped

__all__ = [
    "ENVIRONMENT",
    "SYSTEM_WIDE",
    "TOKEN_LENGTH",
    "Chat",
    "EventWebhook",
    "Guard",
    "Log",
    "Mail",
    "Monitor",
    "OpenIdProvider",
    "Part",
    "Replies",
    "Retention",
    "Settings",
    "SettingsFault",
    "SignIn",
    "TrustedHeader",
    "Web",
    "database",
    "find",
    "load",
    "shipped",
]

_WHEN_ASKED_FOR = {
    **dict.fromkeys(("Chat", "EventWebhook", "Monitor"), "chats"),
    "Part": "block",
    **dict.fromkeys(("TOKEN_LENGTH", "Guard", "Log", "Mail", "Replies", "Web"), "parts"),
    "Retention": "retention",
    **dict.fromkeys(("OpenIdProvider", "SignIn", "TrustedHeader"), "signing_in"),
    "load": "validation",
    **dict.fromkeys(("Settings", "shipped"), "whole"),
}


def __getattr__(name: str) -> Any:
    if name not in _WHEN_ASKED_FOR:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHEN_ASKED_FOR[name]}"), name)
