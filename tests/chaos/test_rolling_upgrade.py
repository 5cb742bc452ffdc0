"""What: every process of the suite is replaced while producers work, by this version's and from the version before.

How: new processes start beside the old ones, an address leads to them, the old ones end their work and go.
Invariant: no request fails beyond those that are repeated with the same key, and nothing is lost or doubled.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chaos.previous_version import check_out, find_previous_version
from tests.chaos.rolling_upgrade import RollingUpgrade
from tests.chaos.storm_damage import Damage

# Two starts of the suite and a replacement of five processes, on a machine that does something else beside it.
pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def before(tmp_path: Path) -> tuple[str, Path]:
    """The version before, and the folder of its code."""
    ref = find_previous_version()
    if ref is None:
        pytest.skip("a clone without history has no version before (git fetch --unshallow)")
    return ref, check_out(ref, tmp_path / "before")


def test_upgrade_from_the_version_before_fails_no_request(tmp_path: Path, before: tuple[str, Path]) -> None:
    ref, code = before
    report = RollingUpgrade(tmp_path / "state", code, ref[:12]).run()
    report.print()
    assert report.failed == []
    assert report.submitted
    assert report.damage == Damage()
    assert report.broken == []


@pytest.mark.skipif(not os.environ.get("STORM_CONTROLS"), reason="make chaos runs the controls")
def test_a_migration_that_takes_what_the_old_version_uses_fails_requests(
    tmp_path: Path, before: tuple[str, Path]
) -> None:
    ref, code = before
    contraction = "alter table application rename column last_save to last_step_saved"
    report = RollingUpgrade(tmp_path / "state", code, ref[:12], contraction).run()
    report.print()
    assert report.failed
