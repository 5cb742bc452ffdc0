"""With the component each service has a relay of its own that knows its database alone, and the common one is gone."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.unit.k8s.cluster import K8S, Cluster, Manifest, containers_of, documents_of, files_of
from tests.unit.k8s.test_policies import SERVICES, common_part, name_of

COMPONENT = K8S / "components" / "relay-by-service"


def relays(service: str = "*") -> list[Manifest]:
    found = [manifest for file in files_of(COMPONENT) for manifest in documents_of(file)]
    return [one for one in found if one["kind"] == "Deployment" and service in ("*", name_of(one).split("-")[0])]


@pytest.mark.parametrize("service", SERVICES)
def test_a_relay_of_one_service_is_the_common_one_but_for_the_databases(base: Cluster, service: str) -> None:
    (own,) = relays(service)
    (common,) = [manifest for manifest in base.of("Deployment") if name_of(manifest) == "relay"]
    (container,) = containers_of(own["spec"]["template"])
    assert container.pop("args") == ["chassis.relay", service]
    labels = {"app.kubernetes.io/name": service, "app.kubernetes.io/component": "relay"}
    assert own["spec"]["selector"]["matchLabels"] == labels
    variables = {entry["name"] for entry in container["env"]}
    assert variables == {f"{service.upper()}_DATABASE_URL", "AMQP_URL"}
    shape, wanted = common_part(own), common_part(common)
    wanted["pod"]["containers"][0].pop("args")
    assert (shape["strategy"], shape["pod"]) == (wanted["strategy"], wanted["pod"])


def test_every_service_has_one() -> None:
    assert sorted(name_of(one) for one in relays()) == sorted(f"{service}-relay" for service in SERVICES)


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl renders overlays; it is not here")
def test_the_common_relay_is_gone(tmp_path: Path) -> None:
    overlay = Path(shutil.copytree(K8S, tmp_path / "k8s")) / "overlays" / "production"
    with (overlay / "kustomization.yaml").open("a") as file:
        file.write("components: [../../components/relay-by-service]\n")
    command = ["kubectl", "kustomize", str(overlay)]
    rendered = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    there = {(m["kind"], m["metadata"]["name"]) for m in yaml.safe_load_all(rendered)}
    for kind in ("Deployment", "PodDisruptionBudget"):
        assert (kind, "relay") not in there
        assert (kind, "quote-relay") in there
