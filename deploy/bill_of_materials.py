"""Writes the bill of materials of a release, CycloneDX 1.6, from the locks; refuses a license that is not allowed.

    python -m deploy.bill_of_materials  # writes sbom.cdx.json; names the packages whose license is refused, if any

It holds what a service imports (requirements.lock) and the two npm packages whose files the portal serves
(docs/adr/0010). The same locks give the same file.
"""

from __future__ import annotations

import base64
import json
import re
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

ROOT = Path(__file__).resolve().parents[1]
PYTHON_LOCK, NPM_LOCK, LICENSES = ROOT / "requirements.lock", ROOT / "package-lock.json", ROOT / "deploy/licenses.yaml"
TARGET = ROOT / "sbom.cdx.json"
_PINNED = re.compile(r"^([\w.-]+)==([^\s;\\]+)((?:.*\\\n)*.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Package:
    """One locked version. ``hashes`` are of its files, one for each platform: (CycloneDX's name, hexadecimal)."""

    kind: str
    name: str
    version: str
    hashes: tuple[tuple[str, str], ...]
    license: str

    @property
    def purl(self) -> str:
        return f"pkg:{self.kind}/{quote(self.name, safe='/')}@{self.version}"


@dataclass(frozen=True, slots=True)
class LicenseRules:
    """``deploy/licenses.yaml``."""

    allowed: frozenset[str]
    exceptions: dict[str, str] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)

    def find_refused(self, packages: list[Package]) -> Iterator[str]:
        for package in packages:
            identifiers = set(re.findall(r"[\w.+-]+", package.license)) - {"AND", "OR", "WITH"}
            if package.name not in self.exceptions and not (identifiers and identifiers <= self.allowed):
                yield f"{package.name} {package.version}: {package.license or 'no license is named'}"


def read_rules() -> LicenseRules:
    read = yaml.safe_load(LICENSES.read_text())
    return LicenseRules(frozenset(read["allowed"]), read["exceptions"], read["named"])


def read_python_lock(text: str, rules: LicenseRules) -> list[Package]:
    return [
        Package("pypi", name, version, tuple(("SHA-256", one) for one in hashes), _license_of(name, rules))
        for name, version, rest in _PINNED.findall(text)
        if (hashes := re.findall(r"--hash=sha256:([0-9a-f]{64})", rest))
    ]


def read_npm_lock(text: str, rules: LicenseRules) -> list[Package]:
    """Of the packages that the portal serves files of; what they would need in a React application is left out."""
    locked = json.loads(text)["packages"]
    found = []
    for name in sorted(locked[""]["dependencies"]):
        package = locked[f"node_modules/{name}"]
        digest = base64.b64decode(package["integrity"].removeprefix("sha512-")).hex()
        license_ = rules.named.get(name, package["license"])
        found.append(Package("npm", name, package["version"], (("SHA-512", digest),), license_))
    return found


def _license_of(name: str, rules: LicenseRules) -> str:
    """An SPDX expression; empty when neither the package nor the rules name one."""
    if name in rules.named:
        return rules.named[name]
    try:
        described = metadata.metadata(name)
    except metadata.PackageNotFoundError:  # of another platform, so that the rules have to name it
        return ""
    return next((described[key] for key in ("License-Expression", "License") if key in described), "")


def build_bill(packages: list[Package]) -> dict[str, Any]:
    content = json.dumps([_component(package) for package in packages])
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        # by its content, so that the same locks give the same file
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "producer-portal", "bom-ref": "producer-portal"}},
        "components": json.loads(content),
    }


def _component(package: Package) -> dict[str, Any]:
    group, _, name = package.name.rpartition("/")
    return {
        "type": "library",
        "bom-ref": package.purl,
        **({"group": group} if group else {}),
        "name": name,
        "version": package.version,
        "hashes": [{"alg": algorithm, "content": digest} for algorithm, digest in package.hashes],
        "licenses": [{"expression": package.license}],
        "purl": package.purl,
    }


def read_packages(rules: LicenseRules) -> list[Package]:
    return [*read_python_lock(PYTHON_LOCK.read_text(), rules), *read_npm_lock(NPM_LOCK.read_text(), rules)]


def main() -> None:
    rules = read_rules()
    packages = read_packages(rules)
    if refused := list(rules.find_refused(packages)):
        raise SystemExit("These licenses are not allowed by deploy/licenses.yaml:\n" + "\n".join(refused))
    TARGET.write_text(json.dumps(build_bill(packages), indent=2) + "\n")
    sys.stdout.write(f"{TARGET.name}: {len(packages)} packages\n")


if __name__ == "__main__":
    main()
