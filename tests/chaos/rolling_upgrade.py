"""A rolling upgrade: each process of a suite is replaced by the next version's while producers go on working."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table

from deploy.local.demo.carrier import DemoCarrier
from deploy.local.keys import SERVICES
from deploy.local.ports import free_port
from deploy.local.preparation import run_preparations
from deploy.local.processes import COMMANDS, HOST, ROOT, ProcessSettings
from deploy.local.suite import LocalSuite
from deploy.local.waiting import is_ready, wait_until
from tests.bound_carrier import BoundCarrier
from tests.chaos.producers import Producers
from tests.chaos.storm_damage import Damage, count_work, find_damage
from tests.fault_proxy import FaultProxy
from tests.invariants import BrokenInvariant, find_broken

# Who answers comes before who asks: a gateway of the new version may call what an old service does not have.
ORDER = ("worker", "relay", "rpc", "page", "gateway")
# The variable that says where a process listens.
LISTENS = {"rpc": "RPC_PORT", "page": "PAYMENT_PAGE_PORT", "gateway": "PORT"}
PRODUCERS = 4
# Both versions of a process work in this time, long enough for some requests of each producer.
SIDE_BY_SIDE = 2.0
READY_WITHIN = 90.0
# A call whose answer was lost with its process is made again after half a minute by the timers; a loaded machine needs
# several times its usual seconds.
REST_WITHIN = 120.0
QUIET_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class UpgradeReport:
    """``failed``: what a producer saw that was no answer, after repeating."""

    before: str
    seconds: float
    submitted: int
    requests: int
    repeated: int
    failed: Sequence[str]
    damage: Damage
    broken: Sequence[BrokenInvariant]

    def print(self) -> None:
        table = Table("rolling upgrade", "", title_justify="left", show_header=False)
        for what, value in (
            ("from, to", f"{self.before}, this code"),
            ("seconds until each process was replaced", f"{self.seconds:.0f}"),
            ("applications submitted meanwhile", self.submitted),
            ("requests, repeated ones beside them", f"{self.requests}, {self.repeated}"),
            ("failed", len(self.failed)),
            ("load of the machine", f"{os.getloadavg()[0]:.1f}"),
            ("lost", {what: len(numbers) for what, numbers in self.damage.lost.items()} or 0),
            ("repeated effects", {what: len(numbers) for what, numbers in self.damage.repeated.items()} or 0),
            ("out of order", len(self.damage.out_of_order)),
            ("broken invariants", len(self.broken)),
        ):
            table.add_row(what, str(value))
        Console(width=110).print(table)


class RollingUpgrade:
    """``before``: the folder of the version that runs first; ``name``: what the report calls it; ``contraction``: SQL
    that takes from enrollment's database what the old version still uses.
    """

    def __init__(self, state: Path, before: Path, name: str, contraction: str = "") -> None:
        self._name, self._contraction = name, contraction
        # One address for whichever process serves now, as a Service of Kubernetes is one for its ready Pods.
        self._next_ports: dict[str, int] = {}
        self._addresses = {process: FaultProxy(partial(self._serving, process)) for process in LISTENS}
        self._suite = LocalSuite(state=state, tree=before, env=self._environment())
        self._producers = Producers(self._portal_url, PRODUCERS)

    def run(self) -> UpgradeReport:
        """Start the old version, have producers work, replace process after process, and count."""
        suite, producers = self._suite, self._producers
        suite.start()
        try:
            with closing(BoundCarrier(suite.broker.url, queue=f"upgrade.{uuid.uuid4()}")) as carrier:
                seconds = self._upgrade_under_load()
                damage = self._rest(carrier)
            asked, sent = producers.requests["asked"], producers.requests["sent"]
            broken = find_broken(suite.databases)
            return UpgradeReport(
                self._name, seconds, len(producers.numbers), asked, sent - asked, producers.failed, damage, broken
            )
        finally:
            suite.stop()
            for address in self._addresses.values():
                address.close()

    def _serving(self, process: str) -> tuple[str, int]:
        """Where new connections go; those that are open stay where they are."""
        ports = self._suite.ports
        first = {"rpc": ports.rpc, "page": ports.page, "gateway": ports.gateway}
        return HOST, self._next_ports.get(process, first[process])

    def _environment(self) -> dict[str, str]:
        """What all processes call each other by, whoever answers there at the time."""
        rpc = self._addresses["rpc"].address
        return {
            "PORTAL_URL": self._portal_url,
            "PAYMENT_PAGE_URL": f"http://localhost:{self._addresses['page'].port}",
            **{f"{service.upper()}_RPC_ADDRESS": rpc for service in SERVICES},
        }

    @property
    def _portal_url(self) -> str:
        return f"http://{self._addresses['gateway'].address}"

    def _upgrade_under_load(self) -> float:
        self._producers.start()
        began = time.monotonic()
        try:
            # Without the common parent, which forks what it imported: the code of the version before.
            next_version = replace(self._suite.settings, tree=ROOT, parent=None)
            migrations = [[spec for spec in specs if "migrate" in spec.argv] for specs in next_version.preparations()]
            run_preparations(migrations, self._suite.state.logs)
            if self._contraction:
                self._contract()
            for process in ORDER:
                self._replace(next_version, process)
            # The new version alone, for a while.
            time.sleep(SIDE_BY_SIDE)
            return time.monotonic() - began
        finally:
            self._producers.stop()

    def _contract(self) -> None:
        with psycopg.connect(self._suite.databases["enrollment"]) as connection:
            connection.execute(self._contraction)

    def _replace(self, settings: ProcessSettings, process: str) -> None:
        """Start the next version beside the old one, send what is new there, and have the old one end its work."""
        port, health = free_port(), free_port()
        spec = settings.spec(process, COMMANDS[process])
        own = {"HEALTH_PORT": str(health)} | ({LISTENS[process]: str(port)} if process in LISTENS else {})
        self._suite.supervisor.start(replace(spec, name=f"{process}.next", env={**spec.env, **own}))
        url = f"http://{HOST}:{port if process in ('gateway', 'page') else health}/readyz"
        if not wait_until(lambda: is_ready(url), READY_WITHIN):
            raise TimeoutError(f"the next version of {process} was not ready within {READY_WITHIN:.0f} s")
        if process in LISTENS:
            self._next_ports[process] = port
        time.sleep(SIDE_BY_SIDE)
        self._suite.supervisor.retire(process)

    def _rest(self, carrier: DemoCarrier) -> Damage:
        databases, give_up = self._suite.databases, time.monotonic() + REST_WITHIN
        before, since = (0, 0), time.monotonic()
        while time.monotonic() < give_up:
            work = count_work(databases, carrier)
            if work != before:
                before, since = work, time.monotonic()
            elif not work[0] and time.monotonic() - since > QUIET_SECONDS:
                break
            time.sleep(0.5)
        return find_damage(databases, self._producers.numbers, {}, carrier)
