"""The languages in which there are words; how somebody says which is theirs, and how they write numbers and dates."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from .errors import InvalidValue
from .user_input import CONVENTIONS, as_convention

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "ja": "Japanese",
    "ar": "Arabic",
}
"""The languages in which there are words, by their ISO 639 codes: each but English has a catalogue in
``scheduler/locale``."""
_TAG = re.compile(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|[0-9]{3}))?", re.IGNORECASE)


def language_tag(written: str) -> str:
    """A language with its script and region as BCP 47 writes it: ``de``, ``de-CH``. Raises `InvalidValue` for one in
    which there are no words."""
    found = _TAG.fullmatch(written.strip())
    language, script, region = found.groups() if found else ("", None, None)
    if language.lower() not in LANGUAGES:
        offered = ", ".join(f"{code} ({name})" for code, name in LANGUAGES.items())
        raise InvalidValue(
            f"there are no words in the language {written[:40]!r}",
            f"write one of {offered}, with a region where it matters: de-CH",
        )
    return "-".join(filter(None, (language.lower(), script and script.title(), region and region.upper())))


def _in_any_case() -> str:
    """The same as a pattern of JSON Schema, which knows no flags."""
    codes = "|".join("".join(f"[{letter}{letter.upper()}]" for letter in code) for code in LANGUAGES)
    return rf"^\s*({codes})([-_][A-Za-z]{{4}})?([-_]([A-Za-z]{{2}}|[0-9]{{3}}))?\s*$"


def _as_text(written: object) -> object:
    """What YAML reads as a date is the form that it shows."""
    return written.isoformat() if isinstance(written, date) else written


Language = Annotated[str, AfterValidator(language_tag), WithJsonSchema({"type": "string", "pattern": _in_any_case()})]
"""A BCP 47 tag of one of `LANGUAGES`."""
Numbers = Annotated[
    Literal["1,234.5", "1.234,5", "1 234,5", "1'234.5"],
    BeforeValidator(as_convention),
    WithJsonSchema(
        {"anyOf": [{"enum": [*CONVENTIONS]}, {"type": "string", "pattern": "^1[\u00a0\u202f\u2009\u2007’]234[.,]5$"}]}
    ),
]
"""How somebody writes numbers, by one that shows it: what stands between thousands, and before the decimals."""
DateForm = Literal["31 Dec 2026", "2026-12-31", "31.12.2026", "31/12/2026", "12/31/2026"]
DATE_FORMS: tuple[DateForm, ...] = get_args(DateForm)
Dates = Annotated[DateForm, BeforeValidator(_as_text)]
"""How somebody writes dates, by one that shows it."""
