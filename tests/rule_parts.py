"""Which part of the rules is the newest that ships, so that a test outlives the next one."""

from pathlib import Path

from services.enrollment.rulebook import PACKS


def newest_part(kind: str) -> Path:
    """``open_enrollment`` -> ``.../parts/open_enrollment.1.yaml``"""
    return max((PACKS / "parts").glob(f"{kind}.*.yaml"), key=_number)


def later_part(kind: str, by: int = 1) -> str:
    """The name that an operator gives a newer one: ``open_enrollment.2``."""
    return f"{kind}.{_number(newest_part(kind)) + by}"


def _number(path: Path) -> int:
    return int(path.stem.rpartition(".")[2])
