"""What: a suite that ends under load is restored from dumps to another server, with another broker.

How: the processes are killed while the workers stand still, so that outboxes, queues and flows are full; six dumps,
drop, restore to a server of another version, where the machine has one. What was sent is sent again; migrate; relay on.
Invariant: every submission that was answered is there, those that were not are asked for again with their keys, and
each has one outcome, payment, assignment, PDF and event, with no record number given twice.

``make drill`` runs it: two starts of the whole suite are too long for every run of the tests.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.chaos.restore_drill import RestoreDrill
from tests.chaos.storm_damage import Damage

SUBMISSIONS = int(os.environ.get("DRILL_SUBMISSIONS", "0"))
# As in the storm: a submission whose step was lost is taken up again after a minute.
PATIENCE_SECONDS = float(os.environ.get("DRILL_PATIENCE", "150"))

pytestmark = [
    pytest.mark.timeout(900 + SUBMISSIONS * 2),
    pytest.mark.skipif(not SUBMISSIONS, reason="make drill runs it: minutes"),
]


def test_a_restore_from_dumps_loses_and_repeats_nothing(tmp_path: Path) -> None:
    report = RestoreDrill(tmp_path, SUBMISSIONS, PATIENCE_SECONDS).run()
    report.print()
    assert report.damage == Damage()
    assert list(report.broken) == []
    assert report.repeated
