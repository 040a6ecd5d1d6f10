"""The search at the head of every page: what each side may see, by words that stand in names."""

import pytest

from tests.web.conftest import CHIPS, DEV, INES, Site
from tests.web.site.conftest import OPERATOR, SignIn


def test_all_words_have_to_stand_in_the_name(sign_in: SignIn) -> None:
    ines = sign_in(INES)
    assert ines.get("/search.json?q=GLOBEX battery").json()["partnerships"] == [
        {"id": "acme-globex", "name": "Acme × Globex battery cells"}
    ]
    assert ines.get("/search.json?q=battery wafers").json()["partnerships"] == []
    assert "Nothing that you may see" in ines.text("/search?q=battery wafers")
    assert "Nothing that you may see" not in ines.text("/search")


@pytest.mark.parametrize("words", ["wafers", CHIPS, "yuki", "globex-initech"])
def test_nothing_of_another_partnership_is_found(sign_in: SignIn, words: str) -> None:
    assert "Nothing that you may see" in sign_in(INES).text(f"/search?q={words}")
    for reader in (DEV, OPERATOR):
        assert "Nothing that you may see" not in sign_in(reader).text(f"/search?q={words}")


def test_an_operator_who_looks_as_a_side_finds_what_that_side_does(sign_in: SignIn) -> None:
    assert "Nothing that you may see" in sign_in(OPERATOR).text("/search?q=wafers&as=acme")


def test_a_review_to_come_stands_before_one_that_is_past(sign_in: SignIn, pages: Site) -> None:
    found = sign_in(INES).get("/search.json?q=operating").json()["reviews"]
    starts = [each["start_utc"] for each in found]
    coming = [each for each in starts if each >= pages.clock.now.isoformat()]
    assert coming and starts[: len(coming)] == sorted(coming)


def test_what_stands_for_anything_in_a_database_stands_for_itself(sign_in: SignIn) -> None:
    assert "Nothing that you may see" in sign_in(INES).text("/search?q=%25")
    assert "Nothing that you may see" in sign_in(INES).text("/search?q=___")
    page = sign_in(INES).get("/search?q=<script>").text
    assert "<script>" not in page and "&lt;script&gt;" in page


def test_a_kpi_is_found_by_its_name_and_an_internal_one_by_its_own_side_alone(sign_in: SignIn) -> None:
    assert "Cells delivered" in sign_in(DEV).text("/search?q=cells deliv")
    assert "Landed cost per kWh" in sign_in(INES).text("/search?q=landed kwh")
    assert "Nothing that you may see" in sign_in(DEV).text("/search?q=landed kwh")
