"""Carrier profiles: their files. A carrier's own is laid over the shared one that it extends."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from chassis.yaml_file import BadYaml, load_mapping
from services.documents.domain.edi.carrier_profile import CarrierProfile
from services.documents.edi.profile_shape import ProfileShape

SHIPPED = Path(__file__).parent / "profiles"
_FILE_NAME = re.compile(r"([a-z0-9-]+)\.([1-9]\d*)")


class BadCarrierProfile(ValueError):
    """Names the file, the place in it and what is wrong there."""


def load_profile(path: Path) -> CarrierProfile:
    """Raises BadCarrierProfile."""
    name, version = _name_and_version(path)
    own = _load(path)
    whole = _lay_over(_load(_extended(path, own.pop("extends", None))), own) if "extends" in own else own
    try:
        return ProfileShape.model_validate(whole).to_domain(name, version)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise BadCarrierProfile(f"{path.name}: {place}: {first['msg']}") from None


def find_profile(carrier: str, folder: Path = SHIPPED) -> CarrierProfile:
    """The newest version of a carrier's. Raises BadCarrierProfile."""
    versions = {
        int(found[2]): path
        for path in folder.glob("*.yaml")
        if (found := _FILE_NAME.fullmatch(path.stem)) and found[1] == carrier
    }
    if not versions:
        raise BadCarrierProfile(f"there is no {carrier}.1.yaml in {folder}; name a carrier whose profile is there")
    return load_profile(versions[max(versions)])


def _name_and_version(path: Path) -> tuple[str, int]:
    found = _FILE_NAME.fullmatch(path.stem)
    if not found:
        raise BadCarrierProfile(f"{path.name}: a profile is named like sample-carrier.1.yaml, with its version")
    return found[1], int(found[2])


def _load(path: Path) -> dict[str, Any]:
    try:
        return load_mapping(path)
    except BadYaml as error:
        raise BadCarrierProfile(str(error)) from None


def _extended(path: Path, name: object) -> Path:
    """Beside the file, or else among the shipped ones."""
    if not (isinstance(name, str) and _FILE_NAME.fullmatch(name)):
        raise BadCarrierProfile(f"{path.name}: extends: name a profile such as individual-market.1")
    beside = path.with_name(f"{name}.yaml")
    return beside if beside.exists() else SHIPPED / beside.name


def _lay_over(shared: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """A mapping entry by entry, anything else as a whole."""
    merged = dict(shared)
    for key, value in own.items():
        below = merged.get(key)
        merged[key] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
    return merged
