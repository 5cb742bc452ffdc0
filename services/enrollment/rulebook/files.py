"""Rulebook: the files of a pack. A pack is one file for a plan year; what packs share stands in parts that it names."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from services.enrollment.domain.self_identification import IdentityScheme
from services.enrollment.rulebook.form_shapes import SchemeShape

PACKS = Path(__file__).parents[1] / "domain" / "rules"


class BadRulePack(ValueError):
    """Names the file, the place in it and what is wrong there."""


class _Loader(yaml.CSafeLoader):
    """Refuses a key that stands twice, of which YAML would silently keep the last.

    libyaml's parser reads all packs in a tenth of a second; the one in Python needs nearly one at every start.
    """


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise BadRulePack(f"{node.start_mark.name}: {key!r} stands there twice")
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load(path: Path) -> dict[str, Any]:
    """One file. Raises BadRulePack when it cannot be read as a mapping."""
    try:
        with path.open(encoding="utf-8") as file:
            found = yaml.load(file, _Loader)  # noqa: S506  # a safe loader that is stricter
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadRulePack(f"{path} cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise BadRulePack(f"{path} holds no mapping")
    return found


def load_with_parts(path: Path) -> dict[str, Any]:
    """A pack's file over its parts: of a mapping such as life_events, single entries can be replaced or added."""
    own = load(path)
    whole: dict[str, Any] = {}
    for name in own.pop("parts", []):
        part = load(_beside(path, "parts", name))
        if twice := set(whole) & set(part):
            raise BadRulePack(f"{path}: two of its parts say {', '.join(sorted(twice))}")
        whole.update(part)
    for key, value in own.items():
        shared = whole.get(key)
        whole[key] = {**shared, **value} if isinstance(shared, dict) and isinstance(value, dict) else value
    return whole


def read_scheme(name: str, pack: Path = PACKS / "any.yaml") -> IdentityScheme:
    """One set of categories of language, ethnicity and identity; a file has the name of its scheme."""
    path = _beside(pack, "identity", name)
    return IdentityScheme(**dict(SchemeShape.model_validate(load(path))))


def _beside(pack: Path, folder: str, name: str) -> Path:
    """A pack that is tried out from another folder may bring parts of its own, and else takes the shipped ones."""
    own = pack.parent / folder / f"{name}.yaml"
    return own if own.exists() else PACKS / folder / f"{name}.yaml"
