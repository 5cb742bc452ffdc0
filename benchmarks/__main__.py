"""``make bench``: the figures of docs/reference/performance.md, and last the table of all targets.

Every ratio is taken in one run on this machine. What takes another commit or an hour has its command in the table.
"""

from __future__ import annotations

import os
import platform
import sys
from datetime import UTC, datetime

from benchmarks import converting, documents, enrollment, enrollment_files, http, rating, submissions
from benchmarks.measurement import Target, print_targets
from benchmarks.targets import TARGETS
from chassis.settings import load_markets


def main() -> None:
    load_markets()
    print(f"{datetime.now(UTC):%Y-%m-%d}, {platform.platform()}, Python {platform.python_version()}, {_load()}\n")
    found: dict[Target, float] = {}
    found |= rating.main()
    converting.main()
    found |= enrollment_files.main()
    found |= documents.main()
    if "--no-enrollment" not in sys.argv:
        found |= enrollment.main()
    if "--no-http" not in sys.argv:
        found |= http.plan_searches()
        submissions.submissions()
    print_targets(TARGETS, found)
    print(f"\nAt the end {_load()}.")


def _load() -> str:
    return f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"


if __name__ == "__main__":
    main()
