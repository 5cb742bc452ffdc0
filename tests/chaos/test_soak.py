"""What: half an hour of work with faults; memory, connections, open files and queues stay flat.

How: producers work, every minute one process is killed, those beside it are watched. ``make soak`` alone runs it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chaos.soak import Soak
from tests.chaos.storm_damage import Damage

MINUTES = float(os.environ.get("SOAK_MINUTES", "0"))
FAULT_EVERY_SECONDS = 60.0
SEED = int(os.environ.get("SOAK_SEED", "1"))


@pytest.mark.skipif(not MINUTES, reason="make soak runs it: half an hour")
# Starting, the work itself, and coming to rest on a loaded machine.
@pytest.mark.timeout(MINUTES * 60 + 900)
def test_nothing_that_the_suite_holds_goes_on_growing(tmp_path: Path) -> None:
    report = Soak(tmp_path, MINUTES * 60, FAULT_EVERY_SECONDS, SEED).run()
    report.print()
    assert [trend for trend in report.trends if trend.grows] == []
    assert report.failed == []
    assert report.damage == Damage()
    assert report.broken == []
