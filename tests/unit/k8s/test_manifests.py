"""Every manifest is what the Kubernetes API takes, and none is forgotten by its kustomization."""

import shutil
import subprocess
from pathlib import Path

import kubernetes_validate  # type: ignore[import-untyped]  # brings no types
import pytest
import yaml

from tests.unit.k8s.cluster import K8S, Cluster, documents_of, files_of

pytestmark = pytest.mark.slow  # it validates against the whole schema of Kubernetes

VERSION = kubernetes_validate.latest_version()
FILES = sorted(path for path in K8S.rglob("*.yaml") if path.name != "kustomization.yaml")


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(K8S)))
def test_a_manifest_is_valid_to_the_letter(file: Path) -> None:
    for manifest in documents_of(file):
        kubernetes_validate.validate(manifest, VERSION, strict=True)


def test_the_strict_check_finds_a_number_written_as_a_word(base: Cluster) -> None:
    deployment = base.of("Deployment")[0]
    wrong = deployment | {"spec": deployment["spec"] | {"replicas": "two"}}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSION, strict=True)


def test_every_manifest_file_is_taken_in_by_a_kustomization() -> None:
    """Overlays take in the base; operators write components into theirs."""
    folders = [*(K8S / "overlays").iterdir(), *(K8S / "components").iterdir()]
    taken = {file for folder in folders for file in files_of(folder)}
    assert taken == {file.resolve() for file in FILES}


def test_no_two_manifests_share_kind_and_name(overlay: Cluster) -> None:
    names = [(manifest["kind"], manifest["metadata"]["name"]) for manifest in overlay.manifests]
    assert len(names) == len(set(names))


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="kubectl renders overlays; it is not installed here")
@pytest.mark.parametrize("name", ["local", "production"])
def test_an_overlay_renders_to_valid_manifests(name: str) -> None:
    command = ["kubectl", "kustomize", str(K8S / "overlays" / name)]
    rendered = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    manifests = list(yaml.safe_load_all(rendered))
    for manifest in manifests:
        kubernetes_validate.validate(manifest, VERSION, strict=True)
        if manifest["kind"] != "Namespace":
            assert manifest["metadata"]["namespace"] == "producer-portal"
    replicas = {m["metadata"]["name"]: m["spec"].get("replicas") for m in manifests if m["kind"] == "Deployment"}
    if name == "local":
        assert set(replicas.values()) == {1}
    else:
        scaled = {m["metadata"]["name"] for m in manifests if m["kind"] == "HorizontalPodAutoscaler"}
        assert {replicas[deployment] for deployment in scaled} == {None}, "an autoscaler and a count fight"
