"""Catalogue: which file of a folder is which of the CMS public use files, under CMS's names or ours."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

from services.quote.domain.filing import BadRow, FilingRefused

# A file's name without its year, its "PUF" and everything that is no letter.
_NAMES = {
    "plan_attributes": {"planattributes", "planattribute"},
    "rates": {"rates", "rate"},
    "service_areas": {"serviceareas", "servicearea"},
    "networks": {"networks", "network"},
    "benefits": {"benefits", "benefitsandcostsharing", "benefitscostsharing", "benefitcostsharing"},
}


@dataclass(frozen=True, slots=True)
class PublicUseFiles:
    """``networks`` and ``benefits`` may be missing: plans then show no network name and no benefits."""

    plan_attributes: Path
    rates: Path
    service_areas: Path
    networks: Path | None
    benefits: Path | None

    @classmethod
    def from_folder(cls, folder: Path) -> PublicUseFiles:
        """Raises ``FilingRefused`` when one that is needed is not in the folder."""
        found = {_plain(path): path for path in sorted(folder.glob("*.csv"))}
        paths = {kind: next((found[name] for name in names if name in found), None) for kind, names in _NAMES.items()}
        plans, rates, areas = (paths[kind] or _missing(kind) for kind in ("plan_attributes", "rates", "service_areas"))
        return cls(plans, rates, areas, paths["networks"], paths["benefits"])

    def __iter__(self) -> Iterator[Path]:
        return (path for path in astuple(self) if path)


def _plain(path: Path) -> str:
    return re.sub(r"puf|[^a-z]", "", path.stem.lower())


def _missing(kind: str) -> Path:
    raise FilingRefused([BadRow(f"{kind}.csv", 0, "-", "the file is missing in the folder")])
