"""Guides for producers: one YAML file for each in ``gateway/data/guides``, in the order of the files' names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from chassis.yaml_file import BadYaml, load_mapping

FOLDER = Path(__file__).parents[1] / "data" / "guides"


@dataclass(frozen=True, slots=True)
class GuideSection:
    """``steps`` are done in their order; ``items`` are things to know."""

    heading: str
    steps: tuple[str, ...]
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Guide:
    slug: str
    title: str
    summary: str
    sections: tuple[GuideSection, ...]


@cache
def read_guides(folder: Path = FOLDER) -> Mapping[str, Guide]:
    """By slug. Raises BadYaml for a file without a slug, title, summary or sections."""
    found = [_guide(path) for path in sorted(folder.glob("*.yaml"))]
    return {guide.slug: guide for guide in found}


def _guide(path: Path) -> Guide:
    found = load_mapping(path)
    slug, title, summary, sections = (found.get(name) for name in ("slug", "title", "summary", "sections"))
    if not (slug and title and summary and isinstance(sections, list)):
        raise BadYaml(f"{path} needs a slug, a title, a summary and a list of sections")
    return Guide(str(slug), str(title), str(summary), tuple(map(_section, sections)))


def _section(found: Mapping[str, Any]) -> GuideSection:
    steps, items = (tuple(map(str, found.get(name, ()))) for name in ("steps", "items"))
    return GuideSection(str(found["heading"]), steps, items)
