"""The bill of materials says what the locks say, in the form of its standard, and no license is let through unseen."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from importlib import resources
from typing import Any

import pytest
from jsonschema import Draft7Validator
from referencing import Registry, Resource

from deploy import bill_of_materials
from deploy.local.setup import SERVED


@pytest.fixture(scope="module")
def rules() -> bill_of_materials.LicenseRules:
    return bill_of_materials.read_rules()


@pytest.fixture(scope="module")
def packages(rules: bill_of_materials.LicenseRules) -> list[bill_of_materials.Package]:
    return bill_of_materials.read_packages(rules)


def find_schema_faults(bom: dict[str, Any]) -> list[str]:
    # the standard's own files, in the order of their references
    folder = resources.files("cyclonedx.schema") / "_res"
    read = {name: json.loads((folder / f"{name}.SNAPSHOT.schema.json").read_text()) for name in ("spdx", "jsf-0.82")}
    schema = json.loads((folder / "bom-1.6.SNAPSHOT.schema.json").read_text())
    base = schema["$id"].rpartition("/")[0]
    known = [(f"{base}/{name}.{end}", Resource.from_contents(one)) for name, one in read.items() for end in ENDINGS]
    registry: Registry[Any] = Registry().with_resources(known)
    return [error.message for error in Draft7Validator(schema, registry=registry).iter_errors(bom)]


ENDINGS = ("schema.json", "SNAPSHOT.schema.json")


def test_it_holds_every_package_of_the_locks_and_nothing_else(packages: list[bill_of_materials.Package]) -> None:
    pinned = set(re.findall(r"^([\w.-]+)==([^\s;\\]+)", bill_of_materials.PYTHON_LOCK.read_text(), re.MULTILINE))
    listed = [(one["purl"], one["version"]) for one in bill_of_materials.build_bill(packages)["components"]]
    of_python = {(purl.partition("/")[2].partition("@")[0], version) for purl, version in listed if "pypi" in purl}
    assert of_python == pinned and len(pinned) > 80
    assert len(listed) == len(set(listed))
    of_npm = {purl.rpartition("@")[0].removeprefix("pkg:npm/") for purl, _ in listed if "npm" in purl}
    assert of_npm == {"%40cmsgov/design-system", "htmx.org"}


def test_the_npm_packages_are_those_that_the_portal_serves(packages: list[bill_of_materials.Package]) -> None:
    served = {name for name in (one.name for one in packages if one.kind == "npm") if name in str(SERVED)}
    assert served == {one.name for one in packages if one.kind == "npm"}


def test_every_hash_of_the_lock_is_in_it(packages: list[bill_of_materials.Package]) -> None:
    in_lock = re.findall(r"--hash=sha256:([0-9a-f]{64})", bill_of_materials.PYTHON_LOCK.read_text())
    in_bom = [digest for one in packages for algorithm, digest in one.hashes if algorithm == "SHA-256"]
    assert sorted(in_bom) == sorted(in_lock)


def test_it_has_the_form_of_the_standard(packages: list[bill_of_materials.Package]) -> None:
    bom = bill_of_materials.build_bill(packages)
    assert find_schema_faults(bom) == []
    broken = bom | {"components": [{"name": "without a type"}]}
    assert find_schema_faults(broken) == ["'type' is a required property"]


def test_the_same_locks_give_the_same_file(packages: list[bill_of_materials.Package]) -> None:
    assert bill_of_materials.build_bill(packages) == bill_of_materials.build_bill(packages)
    other = [replace(packages[0], version="0"), *packages[1:]]
    assert bill_of_materials.build_bill(other)["serialNumber"] != bill_of_materials.build_bill(packages)["serialNumber"]


def test_every_license_is_allowed_or_an_exception_with_its_reason(
    rules: bill_of_materials.LicenseRules, packages: list[bill_of_materials.Package]
) -> None:
    assert list(rules.find_refused(packages)) == []
    names = {one.name for one in packages}
    assert set(rules.exceptions) <= names and set(rules.named) <= names, "a package is gone: take it off the list"
    bare = bill_of_materials.LicenseRules(rules.allowed)
    needed = {line.partition(" ")[0] for line in bare.find_refused(packages)}
    assert needed == set(rules.exceptions), "an exception is not needed"


@pytest.mark.parametrize("license_", ["GPL-3.0-only", "MIT AND GPL-3.0-only", "", "Some License"])
def test_another_license_is_refused_by_name(license_: str) -> None:
    rules = bill_of_materials.LicenseRules(frozenset({"MIT"}))
    package = bill_of_materials.Package("pypi", "stranger", "1.0", (), license_)
    assert [line.partition(":")[0] for line in rules.find_refused([package])] == ["stranger 1.0"]
    assert list(rules.find_refused([replace(package, license="MIT")])) == []
