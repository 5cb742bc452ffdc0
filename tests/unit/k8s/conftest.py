"""The base and both overlays, read once."""

import pytest

from tests.unit.k8s.cluster import K8S, Cluster, documents_of, files_of


@pytest.fixture(scope="session")
def base() -> Cluster:
    return Cluster([manifest for file in files_of(K8S / "base") for manifest in documents_of(file)])


@pytest.fixture(scope="session", params=["local", "production"])
def overlay(request: pytest.FixtureRequest) -> Cluster:
    files = files_of(K8S / "overlays" / request.param)
    return Cluster([manifest for file in files for manifest in documents_of(file)])
