"""What: a suite that ends under load is restored from dumps to another server, with another broker.

How: the processes are killed while the workers stand still, so that outboxes, queues and flows are full; six dumps,
drop, restore to a server of another version, where the machine has one. What was sent is sent again; migrate; relay on.
Invariant: every submission that was answered is there, those that were not are asked for again with their keys, and
each has one outcome, payment, assignment, PDF and event, with no record number given twice.

Control: without the sending, something is missing. ``make drill`` runs both: two starts of the whole suite each are too
long for every run of the tests.
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


def test_without_sending_again_what_lay_in_queues_is_lost(tmp_path: Path) -> None:
    """The control: the broker begins anew, and nobody marks what it held."""
    report = RestoreDrill(tmp_path, SUBMISSIONS, PATIENCE_SECONDS, sends_again=False).run()
    report.print()
    assert report.damage.lost
