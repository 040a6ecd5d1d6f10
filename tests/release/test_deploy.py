"""What is stated of the image, of compose.yaml and of the manifests of Kubernetes is in them."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from release import ROOT
from release.project import project
from scheduler.settings import Settings

DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
DAEMONS = ("daemon-1", "daemon-2")
IMAGE = f"cadence:{project().version}"


def manifests() -> Iterator[dict[str, Any]]:
    for file in sorted((DEPLOY / "kubernetes").glob("*.yaml")):
        yield from yaml.safe_load_all(file.read_text("utf-8"))


def manifest(kind: str) -> dict[str, Any]:
    (found,) = [each for each in manifests() if each["kind"] == kind]
    return found


def test_the_image_is_built_of_two_stages_on_one_system() -> None:
    systems = re.findall(r"^FROM (\S+)", CONTAINERFILE, re.MULTILINE)
    assert len(systems) == 2 and len({*systems}) == 1


def test_whatever_pip_installs_into_the_image_is_held_to_the_hashes_of_a_lock_file() -> None:
    installs = re.findall(r"pip install ([^&]*)", CONTAINERFILE)
    assert len(installs) == 3
    for words in installs:
        assert ("--require-hashes" in words and ".lock" in words) or "--no-deps /dist/*.whl" in words


def test_the_image_runs_as_a_user_without_rights_and_looks_after_its_health() -> None:
    last = CONTAINERFILE.rpartition("\nFROM ")[2]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)
    assert "HEALTHCHECK" in last and "/healthz" in last
    assert "share/sbom" in CONTAINERFILE


def test_whatever_the_build_takes_from_the_checkout_is_there() -> None:
    taken = [words.split()[:-1] for words in re.findall(r"^COPY (?!--from)(.+)$", CONTAINERFILE, re.MULTILINE)]
    assert taken and all((ROOT / each).exists() for words in taken for each in words)


@pytest.mark.parametrize("name", [*DAEMONS, "schema"])
def test_a_daemon_of_compose_writes_to_its_data_alone_and_may_do_nothing_else(name: str) -> None:
    service = COMPOSE["services"][name]
    assert (service["image"], service["user"], service["read_only"]) == (IMAGE, "10001:10001", True)
    assert service["cap_drop"] == ["ALL"] and service["security_opt"] == ["no-new-privileges:true"]
    assert [each for each in service["volumes"] if not each.endswith(":ro")] == ["data:/data"]


def test_the_daemons_of_compose_wait_for_the_tables_and_are_asked_how_they_are() -> None:
    for name in DAEMONS:
        service = COMPOSE["services"][name]
        assert service["depends_on"]["schema"] == {"condition": "service_completed_successfully"}
        assert "/healthz" in service["healthcheck"]["test"][-1]


def test_tables_are_made_and_brought_up_to_date_by_one_command_after_a_backup() -> None:
    """By a client that is no older than the server: pg_dump refuses a newer one."""
    command = ["db", "upgrade", "--create"]
    (container,) = manifest("Job")["spec"]["template"]["spec"]["containers"]
    assert COMPOSE["services"]["schema"]["command"] == container["args"] == command
    assert "entrypoint" not in COMPOSE["services"]["schema"] and "command" not in container
    last = CONTAINERFILE.rpartition("\nFROM ")[2]
    assert last.startswith("debian:bookworm-") and " postgresql-client " in last
    assert COMPOSE["services"]["database"]["image"] == "postgres:15-bookworm"


def test_nothing_but_the_proxy_can_be_reached_from_outside() -> None:
    assert [name for name, service in COMPOSE["services"].items() if "ports" in service] == ["proxy"]
    settings = yaml.safe_load((DEPLOY / "cadence.yaml").read_text("utf-8"))
    (network,) = settings["web"]["sign_in"]["header"]["networks"]
    assert network == COMPOSE["services"]["proxy"]["networks"]["inside"]["ipv4_address"]


def test_the_proxy_asks_the_daemons_where_they_are() -> None:
    asked = re.findall(
        r"^    server ([\d.]+):8377 ", (DEPLOY / "nginx" / "cadence.conf").read_text("utf-8"), re.MULTILINE
    )
    assert asked == [COMPOSE["services"][name]["networks"]["inside"]["ipv4_address"] for name in DAEMONS]


def test_every_file_that_compose_hands_in_is_there_or_made_by_prepare() -> None:
    made = (DEPLOY / "prepare").read_text("utf-8")
    for service in COMPOSE["services"].values():
        given = [each.partition(":")[0] for each in service["volumes"] if each.startswith(".")]
        for each in [*given, *([f"./{service['env_file']}"] if "env_file" in service else [])]:
            assert (DEPLOY / each).exists() or Path(each).name in made, each


def test_who_is_prepared_again_has_the_new_password_alone_and_the_others_keep_theirs(tmp_path: Path) -> None:
    prepare, made = tmp_path / "prepare", tmp_path / "secrets"
    shutil.copy(DEPLOY / "prepare", prepare)
    made.mkdir()
    for name in ("database.env", "proxy.secret", "tls.key"):  # those are there already
        (made / name).touch()
    for who in ("owen@kestrel.example:old one", "xowen@kestrel.example:hers", "owen@kestrel.example:new: one"):
        subprocess.run([prepare, who], check=True, capture_output=True)
    names, kept = zip(*(each.split(":") for each in (made / "people").read_text("utf-8").splitlines()), strict=True)
    assert names == ("xowen@kestrel.example", "owen@kestrel.example")
    assert [each for each in made.iterdir() if each.name.startswith("people")] == [made / "people"]
    salt = kept[1].split("$")[2]
    new = subprocess.run(["openssl", "passwd", "-6", "-salt", salt, "new: one"], check=True, capture_output=True)
    assert new.stdout.decode().strip() == kept[1]


@pytest.mark.parametrize(
    "text", [(DEPLOY / "cadence.yaml").read_text("utf-8"), manifest("ConfigMap")["data"]["cadence.yaml"]]
)
def test_the_settings_of_the_samples_are_settings(text: str) -> None:
    assert Settings.model_validate(yaml.safe_load(text)).database.startswith("postgresql+psycopg://cadence@")


@pytest.mark.parametrize("kind", ["Deployment", "Job"])
def test_a_pod_runs_as_a_user_without_rights_and_writes_to_its_data_alone(kind: str) -> None:
    pod = manifest(kind)["spec"]["template"]["spec"]
    assert pod["automountServiceAccountToken"] is False
    secured = pod["securityContext"]
    assert secured["runAsNonRoot"] is True and secured["runAsUser"] == 10001
    assert secured["seccompProfile"] == {"type": "RuntimeDefault"}
    (container,) = pod["containers"]
    assert container["image"] == IMAGE
    assert container["securityContext"] == {
        "readOnlyRootFilesystem": True,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
    }
    assert {each["mountPath"] for each in container["volumeMounts"] if not each.get("readOnly")} == {"/data", "/tmp"}
    assert {each["name"] for each in container["volumeMounts"]} == {each["name"] for each in pod["volumes"]}


def test_two_pods_are_asked_how_they_are_and_one_at_least_stays() -> None:
    deployment = manifest("Deployment")
    assert deployment["spec"]["replicas"] == 2
    (container,) = deployment["spec"]["template"]["spec"]["containers"]
    for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
        assert container[probe]["httpGet"]["path"] == "/healthz"
    assert manifest("PodDisruptionBudget")["spec"]["maxUnavailable"] == 1


def test_whatever_is_applied_is_named() -> None:
    named = manifest("Kustomization")["resources"]
    assert {*named} == {each.name for each in (DEPLOY / "kubernetes").glob("*.yaml")} - {"kustomization.yaml"}


def test_the_proxy_lets_the_same_links_through_as_the_sample_of_the_documents() -> None:
    links = re.compile(r'location ~ "\^/\(([a-z|]+)\)/')
    samples = [(DEPLOY / "nginx" / "cadence.conf").read_text("utf-8"), (ROOT / "docs" / "nginx.md").read_text("utf-8")]
    first, second = (links.findall(each) for each in samples)
    assert first and first == second
