"""The settings: one file that names the folders, the database and the few numbers of the daemon.

Folders are relative to the settings file itself, so that a set-up can be moved as a whole.
"""

from .chats import Chat
from .parts import TOKEN_LENGTH, Guard, Log, Mail, Part, Replies, Web
from .settings_file import ENVIRONMENT, SYSTEM_WIDE, SettingsFault, find, load
from .whole import Settings, shipped

__all__ = [
    "ENVIRONMENT",
    "SYSTEM_WIDE",
    "TOKEN_LENGTH",
    "Chat",
    "Guard",
    "Log",
    "Mail",
    "Part",
    "Replies",
    "Settings",
    "SettingsFault",
    "Web",
    "find",
    "load",
    "shipped",
]
