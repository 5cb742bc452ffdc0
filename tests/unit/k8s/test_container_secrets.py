"""The secrets that are made for a trial are those that the manifests and the compose file refer to."""

import json
import stat
from pathlib import Path

import pytest
import yaml

from deploy.container_secrets import FOLDER, kubernetes, main
from deploy.local.keys import load_or_create_keys
from tests.unit.k8s.cluster import ROOT, Cluster, containers_of


def test_every_secret_that_a_pod_refers_to_is_made(overlay: Cluster, tmp_path: Path) -> None:
    made = [json.loads(text) for text in kubernetes(load_or_create_keys(tmp_path / "keys.json")).split("\n---\n")]
    keys = {(m["metadata"]["name"], key) for m in made for key in m.get("stringData", m.get("data", {}))}
    for name, pod in overlay.pods().items():
        for container in containers_of(pod):
            sources = [entry["valueFrom"] for entry in container["env"] if "valueFrom" in entry]
            for source in sources:
                (reference,) = source.values()
                assert reference.get("optional") or (reference["name"], reference["key"]) in keys, f"{name} {reference}"


def test_the_env_file_stands_where_compose_looks_and_is_its_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "containers"
    main(["compose"], folder)
    (env,) = [file for file in folder.iterdir() if file.suffix == ".env"]
    assert stat.S_IMODE(env.stat().st_mode) == 0o600
    services = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text())["services"]
    named = {(ROOT / "deploy" / service["env_file"]).resolve() for service in services.values()}
    assert named == {FOLDER / env.name}


def test_making_the_env_file_again_keeps_the_secrets_that_the_volumes_were_made_with(tmp_path: Path) -> None:
    main(["compose"], tmp_path)
    first = (tmp_path / "compose.env").read_text()
    main(["compose"], tmp_path)
    assert (tmp_path / "compose.env").read_text() == first


@pytest.mark.parametrize("arguments", [[], ["docker"], ["compose", "kubernetes"]])
def test_another_form_is_refused_with_a_sentence(arguments: list[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="Usage"):
        main(arguments, tmp_path)
