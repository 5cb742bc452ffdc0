"""With the component for a bucket, documents reach it, and nobody else does."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.unit.k8s.cluster import K8S, Cluster
from tests.unit.k8s.test_network import labels_of, policies_for, reaching

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl renders overlays; it is not here")
DOCUMENTS = {"documents-rpc", "documents-worker"}


@pytest.fixture
def cluster(tmp_path: Path) -> Cluster:
    folder = Path(shutil.copytree(K8S, tmp_path / "k8s"))
    overlay = folder / "overlays" / "production"
    with (overlay / "kustomization.yaml").open("a") as file:
        file.write("components: [../../components/blob-store]\n")
    command = ["kubectl", "kustomize", str(overlay)]
    rendered = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return Cluster(list(yaml.safe_load_all(rendered)))


def test_documents_alone_reach_the_bucket_over_tls(cluster: Cluster) -> None:
    assert reaching(cluster, "blob-store") == DOCUMENTS
    outward = {
        (name, port["port"])
        for name in cluster.pods()
        for policy in policies_for(cluster, labels_of(cluster, name), "Egress")
        for rule in policy["spec"].get("egress", [])
        if any("ipBlock" in peer for peer in rule["to"])
        for port in rule["ports"]
        if name.startswith("documents")
    }
    assert outward == {(name, 443) for name in DOCUMENTS}


def test_they_have_the_settings_of_the_store_and_nobody_else_has_its_key(cluster: Cluster) -> None:
    given = {
        name
        for name, pod in cluster.pods().items()
        for container in pod["spec"]["containers"]
        if {"secretRef": {"name": "documents-blobs"}} in container["envFrom"]
    }
    assert given == DOCUMENTS


def test_without_it_documents_reach_nothing_outside(base: Cluster) -> None:
    """The control."""
    assert reaching(base, "blob-store") == set()
