"""The Kubernetes manifests as the tests see them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[3]
K8S = ROOT / "deploy" / "k8s"

Manifest = dict[str, Any]


@dataclass(frozen=True)
class Cluster:
    """The manifests of the base, found by following kustomization files; and those that overlays add."""

    manifests: list[Manifest]

    def of(self, kind: str) -> list[Manifest]:
        return [manifest for manifest in self.manifests if manifest["kind"] == kind]

    def config(self, name: str) -> dict[str, str]:
        (data,) = [m["data"] for m in self.of("ConfigMap") if m["metadata"]["name"] == name]
        return dict(data)

    def pods(self) -> dict[str, Manifest]:
        """Pod templates by the name of their Deployment or Job."""
        owners = [*self.of("Deployment"), *self.of("Job")]
        return {owner["metadata"]["name"]: owner["spec"]["template"] for owner in owners}


def files_of(folder: Path) -> list[Path]:
    """Manifest files of a kustomization and those it takes in."""
    kustomization = yaml.safe_load((folder / "kustomization.yaml").read_text())
    found: list[Path] = []
    for name in kustomization.get("resources", ()):
        path = (folder / name).resolve()
        found += files_of(path) if path.is_dir() else [path]
    return found


def documents_of(file: Path) -> list[Manifest]:
    return list(yaml.safe_load_all(file.read_text()))


def containers_of(pod: Manifest) -> list[Manifest]:
    spec = pod["spec"]
    return [*spec.get("initContainers", []), *spec["containers"]]
