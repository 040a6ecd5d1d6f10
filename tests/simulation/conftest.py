"""The year is lived once; what it leaves is looked at by all tests of the folder."""

from collections.abc import Iterator

import pytest

from .chapters import CHAPTERS
from .installation import installed
from .year import BEGIN, Year, begun
from .year_definition import playbook


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    with installed(tmp_path_factory.mktemp("year") / "home", BEGIN, playbook()) as at:
        yield begun(at, tmp_path_factory.mktemp("kept"), CHAPTERS)


@pytest.fixture(scope="session")
def lived(year: Year) -> Year:
    """The year, lived to its end."""
    year.live()
    return year
