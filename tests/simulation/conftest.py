"""The year is lived once; what it leaves is looked at by all tests of the folder."""

from collections.abc import Iterator

import pytest

pytest.register_assert_rewrite("tests.simulation.chapters", "tests.simulation.people")

from .chapters import CHAPTERS  # noqa: E402
from .installation import installed  # noqa: E402
from .year import BEGIN, Year, begun  # noqa: E402
from .year_definition import playbook  # noqa: E402


@pytest.fixture(scope="session")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    with installed(tmp_path_factory.mktemp("year") / "home", BEGIN, playbook()) as at:
        yield begun(at, tmp_path_factory.mktemp("kept"), CHAPTERS)


@pytest.fixture(scope="session")
def lived(year: Year) -> Year:
    """The year, lived to its end."""
    year.live()
    return year
