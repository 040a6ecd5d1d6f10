"""One partnership's year, lived by four people of two companies who never touch the server.

Inès and Marta are of Acme, in Munich; Dev and June of Globex, in Helsinki. All that they know came by mail, and
all that they say is said on the pages behind the links in it.
"""

import pytest

from .chapters import CHAPTERS
from .year import Chapter, Year


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda each: each.__name__)
def test_a_chapter_of_the_year(year: Year, chapter: Chapter) -> None:
    year.live(until=chapter)
