"""The libraries that write office files are an extra: python-docx and XlsxWriter, imported when a file is written."""

from importlib.util import find_spec

from scheduler.domain.errors import UserError

_LIBRARIES = {"docx": "python-docx", "xlsxwriter": "XlsxWriter"}


def can_write(module: str = "") -> bool:
    """Whether the library of that module is installed; both, where none is named."""
    return all(find_spec(each) is not None for each in ([module] if module else _LIBRARIES))


def needed(module: str, what: str) -> None:
    """Raises UserError where the library that `what` is written with is not installed."""
    if not can_write(module):
        library = _LIBRARIES[module]
        raise UserError(f"{what} needs {library}, which is not installed", "pip install 'governance-cadence[office]'")
