"""The migrations of every service stand one behind the other."""

from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[3] / "services"
FOLDERS = sorted(SERVICES.glob("*/store/migrations/versions"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.parts[-4])
def test_each_migration_follows_the_one_before(folder: Path) -> None:
    """Two with one number: give the later one the next free number, here and in its ``revision``."""
    found: list[tuple[str, str | None]] = []
    for path in sorted(folder.glob("[0-9]*.py")):
        names: dict[str, str | None] = {}
        exec(compile(path.read_text(), str(path), "exec"), names)  # noqa: S102  # what alembic does with it too
        assert names["revision"] == path.name[:4], path.name
        found.append((str(names["revision"]), names["down_revision"]))
    revisions = [revision for revision, _ in found]
    assert [down for _, down in found] == [None, *revisions[:-1]], revisions
