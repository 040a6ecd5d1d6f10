"""The catalogues: of each language a file of gettext's, ``scheduler/locale/<language>.po``, with the words for every
sentence that is written in English. They are read as they are written, at the first word that somebody is written in
that language: nothing has to be compiled, and nothing can lag behind."""

from functools import cache
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Protocol

FOLDER = Path(__file__).parents[2] / "locale"


class Catalogue(Protocol):
    """Words for sentences, by the English ones; the English ones themselves where there are none."""

    def gettext(self, message: str, /) -> str: ...

    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str: ...

    def pgettext(self, context: str, message: str, /) -> str: ...


@cache
def catalogue(language: str) -> Catalogue | None:
    """The words of a language, by its ISO 639 code; None for English, which has none but its own."""
    file = FOLDER / f"{language}.po"
    if not file.exists():
        return None
    from babel.messages.mofile import write_mo  # loads much that nobody needs who writes English
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with file.open("rb") as written:
        write_mo(compiled, read_po(written, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)
