"""The evidence of a partnership: for its alliance managers what their side may see, for the operator everything, for
nobody else anything."""

import json
from io import BytesIO
from zipfile import ZipFile

import pytest

from scheduler.services.cases.own_settings import say_manner
from scheduler.services.evidence.verify import verify
from scheduler.web.site import paths
from tests.web.conftest import CELLS, CHIPS, DEV, INES, NOW, UWE, Site
from tests.web.site.conftest import OPERATOR, SignIn

PAGE, PACK = paths.evidence(CELLS), paths.evidence_pack(CELLS)


def files(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_an_alliance_manager_finds_it_on_the_partnerships_page(sign_in: SignIn) -> None:
    assert f'href="{PAGE}"' in sign_in(INES).get(paths.partnership(CELLS)).text
    assert f'href="{PAGE}"' not in sign_in(UWE).get(paths.partnership(CELLS)).text


def test_what_is_missing_comes_before_the_stages(sign_in: SignIn) -> None:
    page = sign_in(INES).text(PAGE)
    assert "missing by ISO 44001:2017" in page
    assert page.index("missing by") < page.index("8. Exit strategy")


def test_the_pack_of_a_manager_has_their_sides_part_and_is_whole(
    sign_in: SignIn, tmp_path_factory: pytest.TempPathFactory
) -> None:
    for email, side, other in ((INES, "acme", "globex"), (DEV, "globex", "acme")):
        answer = sign_in(email).get(PACK)
        assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
        file = tmp_path_factory.mktemp(side) / "pack.zip"
        file.write_bytes(answer.content)
        found = verify(file)
        assert found.faults == [] and found.manifest is not None and found.manifest["for"] == side
        assert (b"landed-cost" in files(answer.content)["records.jsonl"]) is (side == "acme" and other == "globex")


def test_the_operator_has_everything_or_what_a_side_sees(sign_in: SignIn) -> None:
    root = sign_in(OPERATOR)
    assert any(name.startswith("definitions/") for name in files(root.get(PACK).content))
    as_side = files(root.get(paths.with_query(PACK, **{"as": "globex"})).content)
    assert not any(name.startswith("definitions/") for name in as_side)
    assert b"landed-cost" not in as_side["records.jsonl"] + as_side["index.html"] + as_side["seals.jsonl"]


@pytest.mark.parametrize(("language", "element"), [("de", b'<html lang="de">'), ("ar", b'<html lang="ar" dir="rtl">')])
def test_the_index_of_a_pack_is_in_its_readers_language_and_the_rows_are_as_they_are(
    pages: Site, sign_in: SignIn, language: str, element: bytes
) -> None:
    ines = sign_in(INES)
    english = files(ines.get(PACK).content)
    say_manner(pages.app, INES, {"language": language, "dates": "31 Dec 2026"}, NOW)
    pack = ines.get(PACK).content
    said = files(pack)
    assert pack == ines.get(PACK).content
    assert element in said["index.html"] and b'<html lang="en">' in english["index.html"]
    assert b"Exit strategy" in english["index.html"] and b"Exit strategy" not in said["index.html"]
    assert json.loads(said["manifest.json"])["language"] == language
    assert {name for name in said if said[name] != english[name]} == {"index.html", "manifest.json"}


def test_nobody_else_has_it(sign_in: SignIn) -> None:
    for path in (PAGE, PACK):
        assert sign_in(UWE).get(path).status_code == 404  # no manager
        assert sign_in(INES).get(path.replace(CELLS, CHIPS)).status_code == 404
        assert sign_in(OPERATOR).get(path.replace(CELLS, "no-such")).status_code == 404


def test_of_days_that_are_none_it_says_so(sign_in: SignIn) -> None:
    for said in ({"from": "soon"}, {"from": "2027-01-01", "until": "2026-12-31"}):
        answer = sign_in(INES).get(paths.with_query(PAGE, **said))
        assert answer.status_code == 422, answer.status_code


def test_a_pack_that_is_made_twice_is_the_same(pages: Site, sign_in: SignIn) -> None:
    ines = sign_in(INES)
    assert ines.get(PACK).content == ines.get(PACK).content
