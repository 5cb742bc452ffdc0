"""The secrets that are made for a trial are those that the manifests refer to."""

import json
from pathlib import Path

from deploy.container_secrets import kubernetes
from deploy.local.keys import keep
from tests.unit.k8s.cluster import Cluster, containers_of


def test_every_secret_that_a_pod_refers_to_is_made(overlay: Cluster, tmp_path: Path) -> None:
    made = [json.loads(text) for text in kubernetes(keep(tmp_path / "keys.json")).split("\n---\n")]
    keys = {(m["metadata"]["name"], key) for m in made for key in m.get("stringData", m.get("data", {}))}
    for name, pod in overlay.pods().items():
        for container in containers_of(pod):
            sources = [entry["valueFrom"] for entry in container["env"] if "valueFrom" in entry]
            for source in sources:
                (reference,) = source.values()
                assert (reference["name"], reference["key"]) in keys, f"{name} {reference}"
