"""Production encrypts between its processes: every pod has the files that its settings name, and no key of another."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.unit.k8s.cluster import K8S, Cluster, Manifest, containers_of

pytestmark = pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl renders overlays; it is not here")
ENDS = {"quote-rpc", "enrollment-rpc", "pcp-rpc", "payment-rpc", "documents-rpc", "gateway"}
"""Those that serve or call over gRPC."""


@pytest.fixture(scope="module")
def production() -> Cluster:
    command = ["kubectl", "kustomize", str(K8S / "overlays" / "production")]
    rendered = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return Cluster(list(yaml.safe_load_all(rendered)))


def folders_of(container: Manifest) -> dict[str, str]:
    """Where each volume is mounted."""
    return {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}


def test_both_ends_of_grpc_have_a_certificate_of_their_own_and_nobody_else_has_one(production: Cluster) -> None:
    found = {
        name: volume["secret"]["secretName"]
        for name, pod in production.pods().items()
        for volume in pod["spec"]["volumes"]
        if "secret" in volume
    }
    assert found == {name: f"{name}-certificate" for name in ENDS}


def test_the_settings_name_files_of_the_certificate(production: Cluster) -> None:
    settings = production.config("suite-settings")
    named = {key: Path(value) for key, value in settings.items() if key.startswith("RPC_TLS_")}
    assert {path.name for path in named.values()} == {"ca.crt", "tls.crt", "tls.key"}  # as cert-manager calls them
    for name in ENDS:
        [container] = containers_of(production.pods()[name])
        assert {str(path.parent) for path in named.values()} == {folders_of(container)["certificate"]}


def test_the_gateway_calls_services_by_names_that_certificates_can_have(production: Cluster) -> None:
    addresses = {
        value.rpartition(":")[0]
        for key, value in production.config("gateway-settings").items()
        if key.endswith("_RPC_ADDRESS")
    }
    assert addresses == ENDS - {"gateway"}


def test_every_container_has_the_ca_of_broker_and_databases(production: Cluster) -> None:
    for name, pod in production.pods().items():
        for container in containers_of(pod):
            assert folders_of(container)["backing-ca"] == "/backing-ca", f"{name} {container['name']}"
