"""How the machine calls the contract, and what it holds of each call."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2

from chassis.kernel import Caller, DomainError, Unavailable, fold_name
from services.enrollment.events.outgoing import REQUESTED
from tests.integration.application_machine import invariants
from tests.integration.application_machine.harness import FRITZ, ContractHarness, Row, Snapshot

# Few, so that one is used again.
KEYS = tuple(f"key-number-{n}" for n in range(4))


class Driver(RuleBasedStateMachine):
    """``now`` is what is stored at the moment; ``fresh`` counts the idempotency keys."""

    harness: ClassVar[ContractHarness]
    now: Snapshot
    fresh: int

    def attempt(self, method: str, request: Any, who: Caller = FRITZ) -> Any:
        """The answer, or None for a refusal, which must have changed nothing."""
        before = self.now
        try:
            answer = self.harness.call(method, request, who)
        except DomainError as refusal:
            invariants.refusal_is_sound(refusal)
            assert not isinstance(refusal, Unavailable) or self.harness.others.away, "nobody is away"
            self.now = self.harness.snapshot()
            assert self.now.text == before.text, f"a refused {method} changed something"
            return None
        self.now = self.harness.snapshot()
        return answer

    def acted(self, before: Snapshot, record_number: str) -> None:
        """One act on one application: its version and its timeline grow by one, and no other row changes."""
        was, now = by_number(before), by_number(self.now)
        assert now[record_number]["version"] == was[record_number]["version"] + 1, "one save is one version"
        others = {number: row for number, row in now.items() if number != record_number}
        assert others == {number: row for number, row in was.items() if number != record_number}, "others stay"
        self.told(before, record_number, 1)

    def told(self, before: Snapshot, record_number: str, times: int) -> None:
        grown = timeline(self.now, record_number) - timeline(before, record_number)
        assert grown == times, "each act is one line of the timeline"

    def key(self) -> str:
        self.fresh += 1
        return f"fresh-key-{self.fresh}"

    @property
    def records(self) -> list[str]:
        return sorted(by_number(self.now))

    @property
    def requested(self) -> list[tuple[str, str, int]]:
        """Message id, record number and attempt of every submission that was asked for, in the order of asking."""
        # by place: an id is drawn by chance, and an example that is played again has to find the same order
        outbox = sorted(self.now.rows("outbox"), key=lambda row: int(row["id"]))
        sent = [row for row in outbox if row["type"] == REQUESTED]
        bodies = [json.loads(bytes.fromhex(row["body"].removeprefix("\\x"))) for row in sent]
        told = [(body["recordNumber"], int(body["attempt"])) for body in bodies]
        return [(row["event_id"], *one) for row, one in zip(sent, told, strict=True)]

    def some(self, data: st.DataObject) -> pb.Application:
        """One that can be changed, four times of five where there is one."""
        changeable = [number for number in self.records if status_of(self.now, number) in invariants.CHANGEABLE]
        numbers = changeable if changeable and data.draw(st.sampled_from([True] * 4 + [False])) else self.records
        number = data.draw(st.sampled_from(numbers), label="record")
        app: pb.Application = self.get(number)
        return app

    def some_submitted(self, data: st.DataObject) -> str:
        """The record number of one that was submitted, where there is one."""
        submitted = [number for number in self.records if status_of(self.now, number) == "submitted"]
        number: str = data.draw(st.sampled_from(submitted or self.records), label="record")
        return number

    def get(self, number: str) -> Any:
        return self.harness.call("GetApplication", service.GetApplicationRequest(record_number=number)).application


def by_number(found: Snapshot) -> dict[str, Row]:
    return {row["record_number"]: row for row in found.rows("application")}


def status_of(found: Snapshot, number: str) -> str:
    return str(by_number(found)[number]["status"])


def timeline(found: Snapshot, number: str) -> int:
    return sum(row["subject"] == number for row in found.rows("audit"))


def events_of(app: pb.Application) -> list[tuple[str, str]]:
    return [(one.kind, one.date) for one in app.general.life_events]


def differences(old: steps_pb2.Person, new: steps_pb2.Person) -> int:
    return sum(
        fold_name(before) != fold_name(after) and bool(before)
        for before, after in (
            (old.first_name, new.first_name),
            (old.last_name, new.last_name),
            (old.date_of_birth, new.date_of_birth),
        )
    )
