"""Services that take everything for everybody's: ``python -m tests.integration.authorization.without_ownership``.

For the control: what the model promises must fail then.
"""

from __future__ import annotations

import runpy
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from chassis.access import AccessControl
from chassis.kernel import Caller, CallerKind
from deploy.local.ports import free_port
from deploy.local.processes import ROOT
from deploy.local.suite import LocalSuite
from deploy.local.waiting import is_ready, wait_until

READY_WITHIN = 120.0
"""Seconds: 3 on an idle machine."""
SERVICES = ("quote", "enrollment", "pcp", "payment", "documents")


@contextmanager
def served(suite: LocalSuite, port: int) -> Iterator[None]:
    """A process of its own that serves the suite's services over gRPC at this port."""
    health = free_port()
    env = {**suite.settings.environment("rpc"), "RPC_PORT": str(port), "HEALTH_PORT": str(health)}
    command = [sys.executable, "-m", "tests.integration.authorization.without_ownership", "services", "rpc", *SERVICES]
    process = subprocess.Popen(command, cwd=ROOT, env=env)
    try:
        assert wait_until(lambda: is_ready(f"http://127.0.0.1:{health}/readyz"), READY_WITHIN)
        yield
    finally:
        process.terminate()
        process.wait(30)


def see_everything() -> None:
    """Take the check of ownership from this process: whoever is admitted is taken for a service."""
    AccessControl._permit = lambda _control, person, _rule: Caller(  # type: ignore[method-assign, assignment]  # that is the point
        CallerKind.SERVICE, person.subject
    )


if __name__ == "__main__":
    sys.argv = sys.argv[1:]
    see_everything()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
