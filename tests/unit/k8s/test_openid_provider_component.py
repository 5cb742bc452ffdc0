"""With the component for an OpenID provider, the gateway reaches it, and nobody else does."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.unit.k8s.cluster import K8S, Cluster
from tests.unit.k8s.test_network import labels_of, policies_for, reaching

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl renders overlays; it is not here")


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    folder = Path(shutil.copytree(K8S, tmp_path / "k8s"))
    overlay = folder / "overlays" / "production"
    with (overlay / "kustomization.yaml").open("a") as file:
        file.write("components: [../../components/openid-provider]\n")
    command = ["kubectl", "kustomize", str(overlay)]
    rendered = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return Cluster(list(yaml.safe_load_all(rendered)))


def outward(cluster: Cluster) -> set[int]:
    """Ports outside the cluster that the gateway may open."""
    return {
        port["port"]
        for policy in policies_for(cluster, labels_of(cluster, "gateway"), "Egress")
        for rule in policy["spec"].get("egress", [])
        if any("ipBlock" in peer for peer in rule["to"])
        for port in rule["ports"]
    }


def test_gateway_alone_reaches_the_provider_over_tls_and_has_its_settings(cluster: Cluster) -> None:
    assert (reaching(cluster, "openid-provider"), outward(cluster)) == ({"gateway"}, {443})
    given = {
        name
        for name, pod in cluster.pods().items()
        for container in pod["spec"]["containers"]
        if {"secretRef": {"name": "gateway-openid"}} in container["envFrom"]
    }
    assert given == {"gateway"}


def test_without_it_the_gateway_reaches_nothing_outside(base: Cluster) -> None:
    """The control."""
    assert (reaching(base, "openid-provider"), outward(base)) == (set(), set())
