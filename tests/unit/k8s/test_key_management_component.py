"""With the component for a key management service, the services that seal values reach it, and nobody else does."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.unit.k8s.cluster import K8S, Cluster
from tests.unit.k8s.test_network import reaching

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl renders overlays; it is not here")
SEALING = {f"{service}-{kind}" for service in ("quote", "enrollment", "documents") for kind in ("rpc", "worker")}


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    folder = Path(shutil.copytree(K8S, tmp_path / "k8s"))
    overlay = folder / "overlays" / "production"
    with (overlay / "kustomization.yaml").open("a") as file:
        file.write("components: [../../components/key-management]\n")
    command = ["kubectl", "kustomize", str(overlay)]
    rendered = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return Cluster(list(yaml.safe_load_all(rendered)))


def test_the_services_that_seal_reach_it_each_with_its_own_settings(cluster: Cluster) -> None:
    assert reaching(cluster, "key-management") == SEALING
    given = {
        (name, source["secretRef"]["name"])
        for name, pod in cluster.pods().items()
        for container in pod["spec"]["containers"]
        for source in container["envFrom"]
        if source.get("secretRef", {}).get("name", "").endswith("-key-management")
    }
    assert given == {(name, f"{name.partition('-')[0]}-key-management") for name in SEALING}


def test_without_it_nobody_reaches_it(base: Cluster) -> None:
    """The control."""
    assert reaching(base, "key-management") == set()
