"""Rulebook: the files of a pack. A pack is one file for a plan year; what packs share is in parts that it names.

An operator may lay a folder over the shipped one: its parts with a higher number take the place of those that packs
name, its packs are read beside the shipped ones or, with the same file name, in place of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chassis.yaml_file import BadYaml, load_mapping
from services.enrollment.domain.self_identification import IdentityScheme
from services.enrollment.rulebook.form_shapes import SchemeShape

PACKS = Path(__file__).parents[1] / "domain" / "rules"


class BadRulePack(ValueError):
    """Names the file, the place in it and what is wrong there."""


def load(path: Path) -> dict[str, Any]:
    """One file. Raises BadRulePack when it cannot be read as a mapping."""
    try:
        return load_mapping(path)
    except BadYaml as error:
        raise BadRulePack(str(error)) from None


def pack_files(folder: Path, laid_over: Path | None) -> list[Path]:
    """The packs of a folder, and of the one that is laid over it. Raises BadRulePack when there is no such folder."""
    if laid_over is not None and not laid_over.is_dir():
        raise BadRulePack(f"{laid_over} is not a folder of rule packs")
    folders = (folder, laid_over) if laid_over else (folder,)
    return list({path.name: path for one in folders for path in sorted(one.glob("*.yaml"))}.values())


def load_with_parts(path: Path, laid_over: Path | None = None) -> dict[str, Any]:
    """A pack's file over its parts: of a mapping such as life_events, single entries can be replaced or added.

    ``laid_over`` holds the names of the operator's parts that took the place of shipped ones.
    """
    own = load(path)
    whole: dict[str, Any] = {}
    newer = []
    for name in _part_names(path, own):
        file = _beside(path, "parts", name)
        if found := newest_part(name, laid_over):
            file = found
            newer.append(found.stem)
        part = load(file)
        if twice := set(whole) & set(part):
            raise BadRulePack(f"{path}: two of its parts say {', '.join(sorted(twice))}")
        whole.update(part)
    for key, value in own.items():
        if key == "parts":
            continue
        shared = whole.get(key)
        whole[key] = {**shared, **value} if isinstance(shared, dict) and isinstance(value, dict) else value
    return {**whole, "laid_over": newer}


def refuse_unread_files(packs: list[Path], laid_over: Path | None) -> None:
    """Raises BadRulePack for an operator's file that no pack would take up: its days would be missed in silence."""
    for path in (*laid_over.glob("*.yml"), *laid_over.glob("parts/*.yml")) if laid_over else ():
        raise BadRulePack(f"{path} is not read; let its name end with .yaml")
    named = {_split(name)[0] for path in packs for name in _part_names(path, load(path))}
    for kind, _, path in _parts(laid_over):
        if kind not in named:
            raise BadRulePack(f"{path}: no pack has a part {kind}; there are {', '.join(sorted(named))}")


def _part_names(path: Path, pack: dict[str, Any]) -> list[str]:
    names = pack.get("parts", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise BadRulePack(f"{path}: parts has to be a list of names, such as [open_enrollment.1]")
    return names


def newest_part(name: str, laid_over: Path | None) -> Path | None:
    """The operator's part of the same kind with the highest number above this one's: "open_enrollment.2"."""
    found = [(number, path) for kind, number, path in _parts(laid_over) if kind == _split(name)[0]]
    number, path = max(found, default=(0, None))
    return path if number > _split(name)[1] else None


def _parts(laid_over: Path | None) -> Iterator[tuple[str, int, Path]]:
    for path in sorted((laid_over / "parts").glob("*.yaml")) if laid_over else ():
        kind, number = _split(path.stem)
        if not number:
            raise BadRulePack(f"{path}: a part is named like open_enrollment.2.yaml, with a number")
        yield kind, number, path


def _split(name: str) -> tuple[str, int]:
    found = re.fullmatch(r"(\w+)\.([1-9]\d*)", name)
    return (found[1], int(found[2])) if found else (name, 0)


def read_scheme(name: str, pack: Path = PACKS / "any.yaml") -> IdentityScheme:
    """One set of categories of language, ethnicity and identity; a file has the name of its scheme."""
    path = _beside(pack, "identity", name)
    return IdentityScheme(**dict(SchemeShape.model_validate(load(path))))


def _beside(pack: Path, folder: str, name: str) -> Path:
    """A pack that is tried out from another folder may bring parts of its own, and else takes the shipped ones."""
    own = pack.parent / folder / f"{name}.yaml"
    return own if own.exists() else PACKS / folder / f"{name}.yaml"
