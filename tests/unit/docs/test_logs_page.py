"""docs/reference/logs.md is an inventory: it has every key, every act and every process, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from chassis.security_log import SecurityEvent
from chassis.telemetry import ALLOWED_KEYS

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs/reference/logs.md"


def first_cells(heading: str) -> list[str]:
    """What stands in the first column of a section's table."""
    section = PAGE.read_text().partition(f"## {heading}\n")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`.+?) \|", section, re.MULTILINE)
    return [word for row in rows for word in re.findall(r"`([^`]+)`", row)]


def test_every_key_that_a_line_may_have_is_described_once() -> None:
    assert sorted(first_cells("Keys")) == sorted(ALLOWED_KEYS)


def test_every_act_is_described_once() -> None:
    assert sorted(first_cells("Security events")) == sorted(SecurityEvent)


def test_every_process_of_the_cluster_is_named() -> None:
    """And those alone, but for the operator's command."""
    commands = set()
    for path in (ROOT / "deploy/k8s/base").glob("*/*.yaml"):
        for manifest in yaml.safe_load_all(path.read_text()):
            pod = manifest.get("spec", {}).get("template", {}).get("spec", {}) if manifest else {}
            for container in (*pod.get("initContainers", ()), *pod.get("containers", ())):
                module, command = (*container["args"], "")[:2]
                known = f"{re.sub(r'services[.](?!payment$).+|services[.]payment$', 'services.<service>', module)}"
                commands.add("chassis.relay" if module == "chassis.relay" else f"{known} {command}")
    commands = {command.replace("services.<service> page", "services.payment page") for command in commands}
    assert commands | {"portal dlq"} == set(first_cells("Where they go"))
