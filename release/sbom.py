"""The bill of materials in CycloneDX 1.6, from the lock files: what runs when cadence runs, at which version.

Written here and not by a library: it is one document of a fixed shape, and the libraries put a random number and the
time of day into theirs, by which no two builds would be alike. Hashes are left to the lock files: CycloneDX gives a
component those of one file, and a lock file has those of each of its wheels.
"""

import json
from collections.abc import Mapping
from typing import Any

from release.locks import OPTIONAL, Package, locked, needed_at_run_time
from release.project import Project

NAME = "governance-cadence.cdx.json"


def sbom(project: Project) -> str:
    """The document of the program with all of its extras; what only an extra needs is `optional`."""
    required = needed_at_run_time(locked("requirements.lock"))
    every = dict(required)
    for extra in OPTIONAL:
        for name, package in needed_at_run_time(locked(f"requirements-{extra}.lock")).items():
            every[name] = package.joined(every[name]) if name in every else package
    itself = {
        "type": "application",
        "bom-ref": _reference(project.name, project.version),
        "name": project.name,
        "version": project.version,
        "description": project.summary,
        "licenses": [{"license": {"id": project.licence}}],
        "purl": _reference(project.name, project.version),
    }
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"lifecycles": [{"phase": "build"}], "component": itself},
        "components": [_component(each, each.name in required) for each in _in_order(every)],
        "dependencies": [_direct(itself["bom-ref"], every), *(_needs(each, every) for each in _in_order(every))],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _in_order(packages: Mapping[str, Package]) -> list[Package]:
    return [packages[name] for name in sorted(packages)]


def _reference(name: str, version: str) -> str:
    return f"pkg:pypi/{name}@{version}"


def _component(package: Package, is_required: bool) -> dict[str, Any]:
    reference = _reference(package.name, package.version)
    return {
        "type": "library",
        "bom-ref": reference,
        "name": package.name,
        "version": package.version,
        "scope": "required" if is_required else "optional",
        "purl": reference,
    }


def _direct(itself: Any, packages: Mapping[str, Package]) -> dict[str, Any]:
    needs = [_reference(each.name, each.version) for each in _in_order(packages) if each.direct]
    return {"ref": itself, "dependsOn": needs}


def _needs(package: Package, packages: Mapping[str, Package]) -> dict[str, Any]:
    needs = [_reference(each.name, each.version) for each in _in_order(packages) if package.name in each.asked_by]
    return {"ref": _reference(package.name, package.version), "dependsOn": needs}
