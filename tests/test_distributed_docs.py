"""The manifests for several hosts fit each other and the command line. (No engine is asked to run them.)"""

from __future__ import annotations

import ipaddress
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from chaos.container import DEFAULT_IMAGE
from rehearsal.cli import main
from rehearsal.options import MASTER_PORT
from rehearsal.scenario import load
from tests.commands import COMMANDS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs" / "distributed"
RUNS = "/rehearsal/runs"


def parsed(arguments: list[str], listen: str = "") -> dict[str, Any]:
    """The parameters of a ``rehearse`` command; ``listen``, an address of another machine, becomes ours."""
    name, *rest = [argument.replace(f"--listen={listen}", "--listen=127.0.0.1") for argument in arguments]
    parent = click.Context(main, **main.context_settings)
    return {"command": name, **COMMANDS[name].make_context(name, rest, parent).params}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((DOCS / "compose.yaml").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def kubernetes() -> dict[tuple[str, str], dict[str, Any]]:
    """Manifests by kind and name."""
    found = list(yaml.safe_load_all((DOCS / "kubernetes.yaml").read_text(encoding="utf-8")))
    named = {(each["kind"], each["metadata"]["name"]): each for each in found}
    assert len(named) == len(found)
    return named


def test_compose_starts_as_many_workers_as_the_conductor_expects_where_it_listens(
    compose: dict[str, Any],
) -> None:
    conductor, worker = compose["services"]["conductor"], compose["services"]["worker"]
    address = conductor["networks"]["rehearsal"]["ipv4_address"]
    (subnet,) = compose["networks"]["rehearsal"]["ipam"]["config"]
    assert ipaddress.ip_address(address) in ipaddress.ip_network(subnet["subnet"])
    assert f"--listen={address}" in conductor["command"]
    run, join = parsed(conductor["command"], address), parsed(worker["command"])
    assert (run["command"], join["command"]) == ("run", "join")
    assert (join["master"].host, join["master"].port) == ("conductor", run["port"])
    assert (run["workers"], run["expect_workers"]) == (0, worker["deploy"]["replicas"])
    load(run["scenario"])
    assert set(worker["networks"]) == set(conductor["networks"]) == set(compose["networks"])
    assert compose["networks"]["rehearsal"]["internal"] is True


def test_compose_builds_the_image_that_both_run_and_keeps_the_runs(compose: dict[str, Any]) -> None:
    conductor, worker = compose["services"]["conductor"], compose["services"]["worker"]
    assert conductor["image"] == worker["image"]
    build = (DOCS / conductor["build"]["context"]).resolve()
    assert build == ROOT
    assert (build / conductor["build"]["dockerfile"]).samefile(DOCS / "Dockerfile")
    ((volume, place),) = (mount.split(":") for mount in conductor["volumes"])
    assert volume in compose["volumes"]
    assert place == RUNS


def test_the_jobs_of_kubernetes_fit_each_other_and_the_service(
    kubernetes: dict[tuple[str, str], dict[str, Any]],
) -> None:
    service = kubernetes["Service", "rehearsal-master"]["spec"]
    jobs = [kubernetes["Job", f"rehearsal-{role}"]["spec"] for role in ("conductor", "worker")]
    pods = [job["template"]["spec"] for job in jobs]
    (conductor,), (worker,) = (pod["containers"] for pod in pods)
    assert conductor["image"] == worker["image"]

    assert "--listen=$(POD_IP)" in conductor["args"]
    (address,) = conductor["env"]
    assert (address["name"], address["valueFrom"]["fieldRef"]["fieldPath"]) == ("POD_IP", "status.podIP")
    run, join = parsed(conductor["args"], "$(POD_IP)"), parsed(worker["args"])
    load(run["scenario"])
    assert (run["workers"], run["expect_workers"]) == (0, jobs[1]["parallelism"])
    assert jobs[1]["completions"] == jobs[1]["parallelism"]
    assert jobs[0]["backoffLimit"] == 0

    (port,), (container_port,) = service["ports"], conductor["ports"]
    assert (
        run["port"] == container_port["containerPort"] == port["port"] == join["master"].port == MASTER_PORT
    )
    assert port["targetPort"] == container_port["name"]
    assert join["master"].host == "rehearsal-master"
    assert service["selector"].items() <= jobs[0]["template"]["metadata"]["labels"].items()


def test_volumes_and_policies_of_kubernetes_name_what_there_is(
    kubernetes: dict[tuple[str, str], dict[str, Any]],
) -> None:
    labels = {}
    for role in ("conductor", "worker"):
        template = kubernetes["Job", f"rehearsal-{role}"]["spec"]["template"]
        labels[role] = template["metadata"]["labels"]
        (container,) = template["spec"]["containers"]
        volumes = {volume["name"]: volume for volume in template["spec"]["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} == volumes.keys()
        for volume in volumes.values():
            if claim := volume.get("persistentVolumeClaim"):
                assert ("PersistentVolumeClaim", claim["claimName"]) in kubernetes
        policy = kubernetes["NetworkPolicy", f"rehearsal-{role}"]["spec"]
        assert policy["podSelector"]["matchLabels"] == labels[role]
        assert set(policy["policyTypes"]) == {"Ingress", "Egress"}
    (door,) = kubernetes["NetworkPolicy", "rehearsal-conductor"]["spec"]["ingress"]
    assert door == {"from": [{"podSelector": {"matchLabels": labels["worker"]}}]}
    ways_out = kubernetes["NetworkPolicy", "rehearsal-worker"]["spec"]["egress"]
    assert {"to": [{"podSelector": {"matchLabels": labels["conductor"]}}]} in ways_out


def test_the_image_holds_every_package_and_the_toxiproxy_that_we_know() -> None:
    lines = (DOCS / "Dockerfile").read_text(encoding="utf-8").splitlines()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    copied = {line.split()[1] for line in lines if re.fullmatch(r"COPY (\w+) \1", line)}
    assert copied == set(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    bases = [line.split()[1] for line in lines if line.startswith("FROM ")]
    assert bases[0] == DEFAULT_IMAGE
    version = re.fullmatch(r"python:(3\.\d+)-slim", bases[1])
    assert version is not None
    assert project["project"]["requires-python"] == f">={version[1]}"
    assert 'ENTRYPOINT ["rehearse"]' in lines
    assert f"VOLUME {RUNS}" in lines
    (entry,) = project["project"]["scripts"]
    assert entry == "rehearse"


def test_the_text_names_files_and_commands_that_there_are() -> None:
    text = (DOCS / "README.md").read_text(encoding="utf-8")
    linked = re.findall(r"\]\(([^)]+)\)", text)
    assert {"Dockerfile", "compose.yaml", "kubernetes.yaml"} == set(linked)
    commands = [shlex.split(line)[1:] for line in text.splitlines() if line.startswith("rehearse ")]
    run, join = commands
    address = run[run.index("--listen") + 1]
    run[run.index("--listen") + 1] = "127.0.0.1"
    assert parsed(run)["expect_workers"] == 4
    assert tuple(parsed(join)["master"]) == (address, MASTER_PORT)
    for path in re.findall(r"--file(?:name)? (\S+)", text):
        assert (ROOT / path).exists()
