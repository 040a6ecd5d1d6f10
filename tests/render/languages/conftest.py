"""What the catalogues know of."""

import pytest

from release.catalogues import extracted


@pytest.fixture(scope="session")
def sentences() -> frozenset[str]:
    """Every English sentence that the program says, of each that counts both forms."""
    found = (each.id for each in extracted() if each.id)
    return frozenset(form for each in found for form in ((each,) if isinstance(each, str) else each))
