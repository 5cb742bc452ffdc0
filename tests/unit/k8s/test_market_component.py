"""With an operator's own states every container finds the files that its settings name."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.k8s.cluster import K8S, Manifest, containers_of

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl renders overlays; it is not here")


@pytest.fixture(params=["local", "production"])
def pods(request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Manifest]:
    """The pod templates of an overlay into which the component was written, as add-a-state.md says."""
    folder = Path(shutil.copytree(K8S, tmp_path / "k8s"))
    overlay = folder / "overlays" / request.param
    with (overlay / "kustomization.yaml").open("a") as file:
        file.write("components: [../../components/market]\n")
    command = ["kubectl", "kustomize", str(overlay)]
    rendered = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    manifests: list[Manifest] = list(yaml.safe_load_all(rendered))
    [settings] = [one["data"] for one in manifests if one["metadata"]["name"] == "suite-settings"]
    assert settings["SUITE_MARKETS"] == "/market/markets.yaml"
    assert settings["ENROLLMENT_RULES_FOLDER"] == "/rules"
    assert settings["PCP_DIRECTORY"] == "/directory/cms-data-index.json"
    owners = [one for one in manifests if one["kind"] in ("Deployment", "Job")]
    return {one["metadata"]["name"]: one["spec"]["template"] for one in owners}


def mounts(container: dict[str, Any], pod: Manifest) -> dict[str, str]:
    """Path -> ConfigMap."""
    maps = {one["name"]: one["configMap"]["name"] for one in pod["spec"]["volumes"] if "configMap" in one}
    return {one["mountPath"]: maps[one["name"]] for one in container["volumeMounts"] if one["name"] in maps}


def test_every_container_of_ours_has_the_registry(pods: dict[str, Manifest]) -> None:
    missing = {
        (name, container["name"])
        for name, pod in pods.items()
        for container in containers_of(pod)
        if "producer-portal/" in container["image"] and mounts(container, pod).get("/market") != "suite-market"
    }
    assert not missing


def test_rules_are_enrollments_and_the_directory_is_the_seed_of_pcp(pods: dict[str, Manifest]) -> None:
    rules, directory = set(), set()
    for name, pod in pods.items():
        for container in containers_of(pod):
            mounted = mounts(container, pod)
            if mounted.get("/rules/parts") == "suite-rules":
                rules.add((name, container["name"]))
            if mounted.get("/directory") == "suite-directory":
                directory.add((name, container["name"]))
    of_enrollment = {name: pod for name, pod in pods.items() if name.startswith("enrollment-")}
    assert rules == {(name, one["name"]) for name, pod in of_enrollment.items() for one in containers_of(pod)}
    assert directory == {("pcp-migrate", "seed")}
