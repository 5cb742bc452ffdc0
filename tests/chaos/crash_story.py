"""Does what a suite can do, one act after the other, while its processes end once in each of them."""

from __future__ import annotations

import json
import os
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from google.protobuf.descriptor import MethodDescriptor
from rich.console import Console
from rich.table import Table
from sqlalchemy import text
from suite.payment.v1 import payment_service_pb2 as payment

from chassis.bus import publish
from chassis.failpoints import mark_of, return_of
from deploy.local.demo.api import Api
from deploy.local.suite import LocalSuite
from deploy.local.waiting import is_ready
from gateway.edge.rpcs import PAYMENT
from tests.chaos.crash_acts import BEFORE_ACK, FAILED, POINTS, list_acts
from tests.chaos.crash_portal import cancel_on_page, prove_client, use_api, use_commands, use_pages
from tests.chaos.patience import CUT_SHORT, PATIENCE_SECONDS, PAUSE_SECONDS, again
from tests.chaos.restarts import Restarts
from tests.invariants import connect
from tests.sample_requests.every_method import make_sample
from tests.sample_requests.records import SampleRecords
from tests.suite_calls import FRITZ, OK, Answer, GrpcCalls

# What says that the process is away, or that nobody knows what became of the call.
AWAY = ("UNAVAILABLE", "DEADLINE_EXCEEDED", "CANCELLED")
# Of nobody's application: a service passes over the event, or puts it aside.
UNKNOWN = "A-99999999"
# The goal, of which the table counts how often it was met; no test depends on it.
RECOVERY_GOAL_SECONDS = 5.0


class PatientCalls(GrpcCalls):
    """Makes a call again until there is an answer. ``recoveries``: seconds from the moment that the process said it was
    ready again to the answer, by the method that found it away.
    """

    def __init__(self, calls: GrpcCalls, ready_url: str) -> None:
        super().__init__(calls._channel, calls._tokens)
        self._ready_url = ready_url
        self.recoveries: list[tuple[str, float]] = []

    def send(self, method: MethodDescriptor, body: bytes, caller: Any) -> Answer:
        answer = super().send(method, body, caller)
        give_up, ready_at = time.monotonic() + PATIENCE_SECONDS, None
        was_away = answer.code in AWAY
        while answer.code in AWAY and time.monotonic() < give_up:
            time.sleep(PAUSE_SECONDS)
            if ready_at is None and is_ready(self._ready_url):
                ready_at = time.monotonic()
            answer = super().send(method, body, caller)
        if was_away:
            self.recoveries.append((method.name, time.monotonic() - (ready_at or time.monotonic())))
        return answer


@dataclass(frozen=True, slots=True)
class Return:
    """An act that came to a point again: after the restart of the process that had ended there, and how long then."""

    act: str
    restart_seconds: float
    then_seconds: float


class CrashStory:
    """``folder`` is that of CHASSIS_CRASH_EACH."""

    def __init__(self, suite: LocalSuite, folder: Path, calls: PatientCalls, api: Api, restarts: Restarts) -> None:
        self._suite, self._folder, self._calls, self._api, self._restarts = suite, folder, calls, api, restarts
        self._records = SampleRecords(suite, api, calls)

    def call(self, methods: Sequence[MethodDescriptor]) -> None:
        """Each once, until there is an answer."""
        refused = {method.full_name: answer for method in methods if (answer := self._call(method))}
        assert refused == {}

    def _call(self, method: MethodDescriptor) -> str:
        """What it was refused for; empty when it was done."""
        try:
            sample = again(partial(make_sample, method, self._records))
        except CUT_SHORT as cut:
            return f"its sample could not be made: {cut}"
        before = len(self._calls.recoveries)
        answer = self._calls.send(method, sample.request.SerializeToString(deterministic=True), sample.caller)
        # a version that is no longer the newest says that the first try took effect
        was_repeated = len(self._calls.recoveries) > before
        done = answer.code == OK or (was_repeated and answer.code in ("ABORTED", "FAILED_PRECONDITION"))
        return "" if done else f"{answer.code} {answer.refusal}"

    def use_gateway(self) -> None:
        """What the gateway does by itself."""
        use_api(self._suite)
        use_pages(self._suite)
        use_commands(self._suite)
        prove_client(self._suite, again(self._records.sent_review)[1])

    def cancel_payment(self) -> None:
        """On the payment page, each time with another payment."""

        def cancel() -> None:
            request = payment.CreatePaymentLinkRequest(record_number=self._records.submitted())
            cancel_on_page(self._records.ask(PAYMENT["CreatePaymentLink"], request).url)

        again(cancel)

    def publish_to(self, queues: Iterable[str]) -> None:
        """An event of nobody's application where none came, then to each one that is none: a process has to end
        before each acknowledgement.
        """
        handled = self.find_ended(BEFORE_ACK)
        for queue in sorted(queues):
            if queue not in handled:
                body = json.dumps({"recordNumber": UNKNOWN, "writingNumber": FRITZ.number, "attempt": 1}).encode()
                self._publish(queue, body)
                self._await_end(BEFORE_ACK, queue)
            # the process that handles one may end at an earlier point of it, with no later one passed
            for point in FAILED:
                self._publish(queue, b"no event")
                self._await_end(point, queue)

    def rest(self, quiet_seconds: float) -> None:
        """Until every process is ready, nothing is unsent, and nothing was handled for so long."""
        urls = self._suite.ports.ready_urls().values()
        before: Any = None
        since = time.monotonic()
        give_up = since + PATIENCE_SECONDS + quiet_seconds
        while time.monotonic() - since < quiet_seconds and time.monotonic() < give_up:
            if (now := self._count()) != before or now[0] or not all(map(is_ready, urls)):
                before, since = now, time.monotonic()
            time.sleep(PAUSE_SECONDS)
        self._suite.wait_ready()

    @contextmanager
    def ending_at(self, points: Iterable[str]) -> Iterator[None]:
        """Every act ends a process once at each of these points."""
        (self._folder / "points").write_text("\n".join(points))
        yield
        (self._folder / "points").unlink()

    def find_ended(self, point: str) -> set[str]:
        """The acts in which a process ended there."""
        return {act for act in list_acts(point) if (self._folder / mark_of(point, act)).exists()}

    def find_returned(self, point: str) -> list[Return]:
        """Of those among them that got there again."""
        found = []
        for act in self.find_ended(point):
            ended, again_there = (self._folder / name(point, act) for name in (mark_of, return_of))
            if again_there.exists():
                at = ended.stat().st_mtime
                ready = max(at, self._restarts.ready_after(int(ended.read_text())) or at)
                found.append(Return(act, ready - at, max(0.0, again_there.stat().st_mtime - ready)))
        return found

    def report(self) -> None:
        """Print in how many acts a process ended at each point, and how long it took to get there again."""
        table = Table(title=f"Ends of processes; load {os.getloadavg()[0]:.0f}")
        for column in ("point", "ends", "came again", "restart", "longest", "then", "within 5 s", "longest", "of"):
            table.add_column(column, justify="left" if column in ("point", "of") else "right")
        for point in POINTS:
            if returned := sorted(self.find_returned(point), key=lambda one: one.then_seconds):
                restarts, then = [one.restart_seconds for one in returned], [one.then_seconds for one in returned]
                quick = sum(one <= RECOVERY_GOAL_SECONDS for one in then)
                seconds = (f"{one:.1f} s" for one in (median(restarts), max(restarts), median(then)))
                counts = str(len(self.find_ended(point))), str(len(returned))
                table.add_row(point, *counts, *seconds, str(quick), f"{then[-1]:.1f} s", returned[-1].act)
        Console(width=170).print(table)
        answered = sorted((took, method) for method, took in self._calls.recoveries) or [(0.0, "")]
        longest = f"{answered[-1][0]:.1f} s after the process was ready"
        Console(width=170).print(f"{len(self._calls.recoveries)} calls made again, answered at the latest {longest}")

    def _publish(self, queue: str, body: bytes) -> None:
        event_type = queue.split(".", 1)[1]
        headers = {"cloudEvents:id": (event_id := str(uuid.uuid4())), "cloudEvents:type": event_type}
        with publish.open_connection(self._suite.broker.url) as connection:
            publish.ConfirmedPublisher(connection).to_queue(queue, body, event_id, headers)

    def _await_end(self, point: str, act: str) -> None:
        give_up = time.monotonic() + PATIENCE_SECONDS
        while not (self._folder / mark_of(point, act)).exists():
            assert time.monotonic() < give_up, f"no process ended in {act} {point}"
            time.sleep(PAUSE_SECONDS)

    def _count(self) -> tuple[int, int]:
        unsent = done = 0
        for owner, url in self._suite.databases.items():
            if owner != "gateway":
                with connect(url) as connection:
                    unsent += connection.scalar(text("select count(*) from outbox where sent_at is null")) or 0
                    done += connection.scalar(text("select count(*) from inbox")) or 0
        return unsent, done
