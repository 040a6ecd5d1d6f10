"""The bill of materials names what runs, once, at the locked version, and each reference in it leads somewhere."""

import json
from typing import Any

import pytest

from release.locks import OPTIONAL, locked
from release.project import project
from release.sbom import sbom


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(sbom(project()))
    return made


def scopes(document: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["scope"] for each in document["components"]}


def test_it_says_what_it_is_of(document: dict[str, Any]) -> None:
    assert (document["bomFormat"], document["specVersion"]) == ("CycloneDX", "1.6")
    assert document["metadata"]["component"]["purl"] == f"pkg:pypi/governance-cadence@{project().version}"


def test_what_is_locked_for_running_is_in_it_and_tools_of_the_build_are_not(document: dict[str, Any]) -> None:
    found = scopes(document)
    assert {"click", "sqlalchemy", "anyio"} <= {name for name, scope in found.items() if scope == "required"}
    assert {"psycopg", "authlib", "python-docx", "weasyprint", "xlsxwriter"} <= {
        name for name, scope in found.items() if scope == "optional"
    }
    assert not {"hatchling", "editables", "pytest"} & found.keys()


@pytest.mark.parametrize("extra", OPTIONAL)
def test_every_package_of_an_extra_is_in_it_at_its_version(document: dict[str, Any], extra: str) -> None:
    versions = {each["name"]: each["version"] for each in document["components"]}
    for package in locked(f"requirements-{extra}.lock").values():
        assert versions[package.name] == package.version


def test_every_reference_leads_to_a_component_and_every_component_is_needed(document: dict[str, Any]) -> None:
    itself = document["metadata"]["component"]["bom-ref"]
    needs = {each["ref"]: each["dependsOn"] for each in document["dependencies"]}
    known = [itself, *(each["bom-ref"] for each in document["components"])]
    assert [*needs] == known and len({*known}) == len(known)
    reached, left = {itself}, [itself]
    while left:
        new = {*needs[left.pop()]} - reached
        reached |= new
        left += new
    assert reached == {*known}


def test_nothing_in_it_changes_from_one_build_to_the_next() -> None:
    once = sbom(project())
    assert once == sbom(project())
    assert "serialNumber" not in once and "timestamp" not in once
