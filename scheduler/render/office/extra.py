"""The libraries of office files are an extra: python-docx and XlsxWriter, imported when a file is written or read."""

from importlib.util import find_spec

from scheduler.domain.errors import UserError

_LIBRARIES = {"docx": "python-docx", "xlsxwriter": "XlsxWriter"}


def is_installed(module: str) -> bool:
    return find_spec(module) is not None


def needed(module: str, what: str) -> None:
    """Raises UserError where the library that `what` is written with is not installed."""
    if not is_installed(module):
        library = _LIBRARIES[module]
        raise UserError(f"{what} needs {library}, which is not installed", "pip install 'governance-cadence[office]'")
