"""The toy service's processes."""

import chassis.eventlet_patch  # noqa: F401, I001  # has to be first

import os
import sys

from chassis.bus import topology
from chassis.cli import main
from chassis.relay import run_relay
from tests.integration.chassis.toy.service import PUBLISHES, SERVICE

if __name__ == "__main__":
    if ladder := os.environ.get("TOY_LADDER"):  # the real one takes more than an hour
        topology.RETRY_LADDER = tuple(int(step) for step in ladder.split(","))  # type: ignore[assignment]  # shorter for tests
    if sys.argv[1] == "worker":
        from tests.integration.chassis.toy import breakages

        breakages.arrange_in_worker()
    if sys.argv[1] == "relay":
        from tests.integration.chassis.toy import breakages

        breakages.arrange_in_relay()
        run_relay({SERVICE.name: PUBLISHES})
    else:
        main([SERVICE])
