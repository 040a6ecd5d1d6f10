"""Every way in, by its name."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ..subject import Subject
from .answers import Answers
from .api import Api
from .definitions import Definitions
from .forms import LinkedForms
from .mcp import Mcp
from .minutes import MinutesText
from .pages import Pages
from .playbooks import Playbooks
from .replies import Replies
from .settings import SettingsFile
from .spreadsheets import Spreadsheets

SUBJECTS: Mapping[str, Callable[[Path], Subject]] = {
    each.name: each
    for each in (
        Definitions,
        SettingsFile,
        Playbooks,
        MinutesText,
        Spreadsheets,
        Replies,
        Answers,
        LinkedForms,
        Pages,
        Api,
        Mcp,
    )
}
"""Of each a class: made with a folder, it is ready to be tried."""
