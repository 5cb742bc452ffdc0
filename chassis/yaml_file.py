"""YAML files that people write: one mapping, in which no key may stand twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


class BadYaml(ValueError):
    """Names the file and what is wrong in it."""


class _Loader(yaml.CSafeLoader):
    """Refuses a key that stands twice, of which YAML would silently keep the last.

    libyaml's parser reads all rule packs in a tenth of a second; the one in Python needs nearly one at every start.
    """


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    for place, key in enumerate(keys):
        if key in keys[:place]:
            raise BadYaml(f"{node.start_mark.name}: {key!r} appears twice")
    return loader.construct_mapping(node, deep=True)


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


def load_mapping(path: Path) -> dict[str, Any]:
    """One file. Raises BadYaml when it cannot be read as a mapping."""
    try:
        with path.open(encoding="utf-8") as file:
            found = yaml.load(file, _Loader)  # noqa: S506  # a safe loader that is stricter
    except BadYaml:
        raise
    except (OSError, ValueError, RecursionError, yaml.YAMLError) as error:  # ValueError: 30 February, or no UTF-8
        raise BadYaml(f"{path} cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise BadYaml(f"{path} holds no mapping")
    return found
