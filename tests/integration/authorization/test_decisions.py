"""Every operation of the API and every rpc, tried by everybody on the real suite: decided as the model decides, nothing
leaks, and what is somebody else's is answered like what there is not.

MODEL_DECISIONS of the environment: so many decisions by chance, besides all that each operation needs by itself (`make
authorization`); without it one of each kind. AUTHORIZATION_SEED repeats a run.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

import pytest
from rich.console import Console
from rich.table import Table

from deploy.local.ports import free_port
from gateway.api.starlette_routes import OWN
from tests.integration.authorization import without_ownership
from tests.integration.authorization.conftest import SEED
from tests.integration.authorization.operations import PARTS, Operation, every_route, every_rpc
from tests.integration.authorization.reference_model import (
    ANYBODY,
    PRODUCERS,
    RULES,
    SIGNED_IN,
    Caller,
    Decision,
    Model,
    Target,
)
from tests.integration.authorization.trial import BUS, GRPC, HTTP, Case, ServiceFault, Told, Trial
from tests.integration.authorization.world import ADA, BEN, Records, World

# The first test to ask for the suite waits for its start, and the world for submissions on a loaded machine.
pytestmark = [pytest.mark.timeout(int(os.environ.get("MODEL_SECONDS", "900"))), pytest.mark.once]
DECISIONS = int(os.environ.get("MODEL_DECISIONS", "0"))
MOST_SHOWN = 40
NOBODY = Caller()
SERVICES = ("quote", "enrollment", "pcp", "payment", "documents", "gateway")


@dataclass
class Outcome:
    """``alike``: for each transport and operation how each kind of refusal looks, of what is there and what is not."""

    decided: Counter[str] = field(default_factory=Counter)
    different: list[str] = field(default_factory=list)
    leaks: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    alike: dict[tuple[str, str, str], dict[bool, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: {True: set(), False: set()})
    )

    def take(self, case: Case, told: Told | ServiceFault, owner_of: Mapping[str, str], now: datetime) -> None:
        if isinstance(told, ServiceFault):
            self.faults.append(str(told))
            return
        self.decided[f"{case.transport}, {told.decision}"] += 1
        if told.decision is not case.expected:
            self.different.append(f"{case}: {told.decision}, and the model says {case.expected} {told.form}")
        is_mixed = bool(case.target.number) and not case.target.exists  # below one's own, of which one knows
        if told.decision in (Decision.NOT_FOUND, Decision.FORBIDDEN) and case.caller.person and not is_mixed:
            who = f"{told.decision} {case.caller.person.email if told.decision is Decision.FORBIDDEN else ''}"
            self.alike[case.transport, case.operation.name, who][case.target.exists].add(told.form)
        rule = RULES[case.operation.service][case.operation.rpc.name]
        if case.caller.person and rule.people:  # else it is the service's own call, whomever it serves meanwhile
            seen = case.caller.person.numbers("view", now)
            own = set(case.records.names())  # what somebody asked for may be said again
            foreign = {name for name in told.shown if name in owner_of and owner_of[name] not in seen}
            if leaked := foreign - (own if told.decision is not Decision.ADMITTED else set()):
                self.leaks.append(f"{case}: {sorted(leaked)}")

    @property
    def distinguishable(self) -> list[str]:
        return [
            f"{where}: {sorted(forms[True])} and {sorted(forms[False])}"
            for where, forms in self.alike.items()
            if forms[True] and forms[False] and forms[True] != forms[False]
        ]

    def print(self, seconds: float) -> None:
        table = Table("decisions", "", title_justify="left", show_header=False)
        for what, count in sorted(self.decided.items()):
            table.add_row(what, str(count))
        table.add_row("in all, in seconds", f"{sum(self.decided.values())}, {seconds:.0f}")
        table.add_row("different from the model", str(len(self.different)))
        table.add_row("leaks", str(len(self.leaks)))
        table.add_row("refusals that tell what is there", str(len(self.distinguishable)))
        table.add_row("faults", str(len(self.faults)))
        Console(width=110).print(table)
        for one in [*self.different, *self.leaks, *self.distinguishable, *self.faults][:MOST_SHOWN]:
            Console(width=400).print(one, markup=False)


@dataclass
class Cases:
    """Makes cases: for each operation those that it needs, and others by chance."""

    world: World
    model: Model

    def needed(self) -> Iterator[Case]:
        for operation in every_rpc():
            callers = list(self._callers(operation))
            for transport in (GRPC, BUS):
                if transport == BUS and operation.rpc.name == "PriceCensus":
                    continue
                for caller in callers:
                    if transport == GRPC and caller.service and caller.person:
                        continue  # no service calls another one over gRPC
                    for records, target in self._targets(operation, caller):
                        yield self._case(transport, caller, operation, records, target)
        for operation in every_route():
            for caller in self._people():
                for records, target in self._targets(operation, caller):
                    yield self._case(HTTP, caller, operation, records, target)

    def by_chance(self, chance: random.Random, count: int) -> Iterator[Case]:
        rpcs, routes = list(every_rpc()), list(every_route())
        people = [Caller(person) for person in self.world.people.values()]
        for _ in range(count):
            transport = chance.choice((GRPC, GRPC, BUS, HTTP))
            operation = chance.choice(routes if transport == HTTP else rpcs)
            if transport == BUS and operation.rpc.name == "PriceCensus":
                transport = GRPC
            caller = chance.choice(people)
            if transport != HTTP and chance.random() < 0.3:
                service = chance.choice(SERVICES)
                caller = Caller(caller.person if transport == BUS and chance.random() < 0.6 else None, service)
            if chance.random() < 0.03 and not (caller.service and caller.person):
                caller = replace(caller, believed=False)
            records, target = chance.choice(list(self._all_targets(operation)))
            yield self._case(transport, caller, operation, records, target)

    def _callers(self, operation: Operation) -> Iterator[Caller]:
        yield from self._people()
        rule = RULES[operation.service][operation.rpc.name]
        named = sorted(rule.services | rule.for_people)
        others = [service for service in SERVICES if service not in named]
        for service in (*named, others[len(operation.rpc.name) % len(others)]):
            yield Caller(service=service)
            yield Caller(self.world.people[BEN], service)
        yield Caller(service="enrollment", believed=False)

    def _people(self) -> Iterator[Caller]:
        yield NOBODY
        yield Caller(self.world.people[BEN], believed=False)
        for email in (BEN, ADA, "delegate1@authorization.example", "delegate2@authorization.example"):
            yield Caller(self.world.people[email])

    def _targets(self, operation: Operation, caller: Caller) -> Iterator[tuple[Records, Target]]:
        """Somebody's record, somebody else's, and what there is not; for who is not even heard one of them."""
        found = list(self._all_targets(operation))
        yield from found if caller.believed and (caller.person or caller.service) else found[:1]

    def _all_targets(self, operation: Operation) -> Iterator[tuple[Records, Target]]:
        if operation.rpc.name == "OpenSharedQuote" or not operation.kind:
            yield Records(), Target()
            return
        records = self.world.records
        for number in ("700000003", "700000001", "700000004"):
            yield records[number], Target(number)
        yield Records(), Target(exists=False)
        if part := PARTS.get(operation.rpc.name):  # another one's below one's own
            mixed = replace(records["700000003"], **{part: getattr(records["700000001"], part)})
            yield mixed, Target("700000003", exists=False)

    def _case(self, transport: str, caller: Caller, operation: Operation, records: Records, target: Target) -> Case:
        expected = self._decide(transport, caller, operation, target)
        return Case(transport, caller, operation, target, records, expected)

    def _decide(self, transport: str, caller: Caller, operation: Operation, target: Target) -> Decision:
        route, rpc = operation.route, operation.rpc.name
        if transport != HTTP or route is None:
            return self.model.decide(caller, operation.service, rpc, target)
        if route.public:
            return self.model.decide(Caller(service="gateway"), operation.service, rpc, target)
        before = [one for one in (route.basis_rpc, route.precondition_rpc) if one]
        for one in before:
            found = self.model.decide_over_http(caller, one.full_name.split(".")[1], one.name, target)
            if found is not Decision.ADMITTED:
                return found
        return self.model.decide_over_http(caller, operation.service, rpc, Target() if route.basis_rpc else target)


def one_of_each(cases: Sequence[Case]) -> list[Case]:
    """For each transport and operation one of each decision, of what there is and of what there is not."""
    found = {(one.transport, one.operation.name, one.expected, one.target.exists): one for one in cases}
    return list(found.values())


def run(world: World, cases: Sequence[Case], rpc_port: int = 0) -> Outcome:
    outcome, began, now = Outcome(), time.monotonic(), datetime.now(UTC)
    owner_of = world.owner_of
    for case, told in zip(cases, Trial(world, rpc_port).try_all(cases), strict=True):
        outcome.take(case, told, owner_of, now)
    outcome.print(time.monotonic() - began)
    return outcome


def test_every_decision_is_that_of_the_model(world: World) -> None:
    cases = Cases(world, Model(datetime.now(UTC)))
    chance = random.Random(SEED)
    tried = list(cases.needed())
    chance.shuffle(tried)
    tried = [*tried, *cases.by_chance(chance, DECISIONS)] if DECISIONS else one_of_each(tried)
    outcome = run(world, tried)
    assert outcome.faults == []
    assert outcome.different == []
    assert outcome.leaks == []
    assert outcome.distinguishable == []


def test_without_the_check_of_ownership_the_model_finds_leaks(world: World) -> None:
    cases = [case for case in Cases(world, Model(datetime.now(UTC))).needed() if case.transport == GRPC]
    looking = [case for case in cases if case.operation.rpc.name in ("GetQuote", "GetApplication", "GetPayment")]
    port = free_port()
    with without_ownership.served(world.suite, port):
        outcome = run(world, looking, port)
    assert outcome.different and outcome.leaks


def test_every_rpc_and_every_operation_has_a_rule_in_the_model() -> None:
    assert {(one.service, one.rpc.name) for one in every_rpc()} == {
        (service, rpc) for service, rules in RULES.items() for rpc in rules
    }
    own = {f"{verb} {path}" for path, verbs in OWN.items() for verb in verbs}
    assert own == ANYBODY | SIGNED_IN | PRODUCERS
