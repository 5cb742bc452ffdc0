"""Random acts on applications never break a law; and when a mechanism is off, the machine finds it.

MACHINE_EXAMPLES and MACHINE_STEPS give a bigger budget: `make fuzz`.
"""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, Verbosity, settings
from hypothesis.stateful import run_state_machine_as_test

from services.enrollment.domain import person_matching
from services.enrollment.domain.application import Application
from services.enrollment.domain.enums import Step
from services.enrollment.store.applications import ApplicationRepository
from services.enrollment.usecases import application_service
from tests.integration.application_machine.harness import ContractHarness, harness_on
from tests.integration.application_machine.state_machine import machine_on

# Together well under a minute on two cores.
EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "40"))
STEPS = int(os.environ.get("MACHINE_STEPS", "30"))
pytestmark = [pytest.mark.timeout(int(os.environ.get("MACHINE_SECONDS", "300"))), pytest.mark.once]

BUDGET = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,  # a step waits for a database that others use too
    print_blob=True,
    suppress_health_check=list(HealthCheck),  # a step is slow where the database is, and finds little to do at first
)
# For a mechanism that is off: the first break is enough, and always the same one is found.
HUNT = settings(
    BUDGET, max_examples=200, derandomize=True, database=None, phases=[Phase.generate], report_multiple_bugs=False,
    verbosity=Verbosity.quiet, print_blob=False,
)  # fmt: skip  # reads across, as a table
# A hunt for what one part of the acts can break leaves the others out: among all of them it takes up to ten times as
# long, and how long depends on chance (a second outcome: 2 to 80 s).
EDITING = (
    "enroll", "complete", "type_in", "swap_the_applicant_in_two_saves", "save_on_another_version", "come_as_a_stranger",
    "choose_the_date", "call_anything", "hear_of_a_quote", "hear_of_proof",
)  # fmt: skip  # reads across, as a table
WHAT_FOLLOWS = (
    "run_a_submission", "cancel", "terminate", "change_contact",
    "time_passes", "wait_for_the_first_day", "timers_run_twice", "hear_of_a_payment",
    "somebody_leaves_or_comes_back", "the_offer_changes", "call_anything", "hear_of_a_quote", "hear_of_proof",
)  # fmt: skip  # reads across, as a table


@pytest.fixture
def harness(database: str) -> Iterator[ContractHarness]:
    with harness_on(database) as opened:
        yield opened


def test_random_commands_never_break_an_invariant(harness: ContractHarness) -> None:
    run_state_machine_as_test(machine_on(harness), settings=BUDGET)


def test_the_machine_finds_a_submission_without_a_readiness_check(
    harness: ContractHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(application_service, "find_issues", lambda *_: ())

    with pytest.raises(AssertionError, match="submitted without being ready"):
        run_state_machine_as_test(machine_on(harness), settings=HUNT)


def test_the_machine_finds_versions_that_nobody_compares(
    harness: ContractHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = ApplicationRepository.save

    def saved(
        self: ApplicationRepository, app: Application, current_step: Step, *, read_version: int, **mark: Any
    ) -> None:
        found = self.get(app.record_number)
        compared(self, app, current_step, read_version=found.version if found else read_version, **mark)

    monkeypatch.setattr(Application, "must_be_version", lambda *_: None)
    monkeypatch.setattr(ApplicationRepository, "save", saved)

    with pytest.raises(AssertionError, match="another version is refused"):
        run_state_machine_as_test(machine_on(harness, ("draft", "ready"), without=WHAT_FOLLOWS), settings=HUNT)


def test_the_machine_finds_an_applicant_who_is_replaced(
    harness: ContractHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(person_matching, "_refuse_another_applicant", lambda *_: None)

    with pytest.raises(AssertionError, match="the applicant stays one person"):
        run_state_machine_as_test(machine_on(harness, ("draft", "ready"), without=WHAT_FOLLOWS), settings=HUNT)


def test_the_machine_finds_an_outcome_that_is_written_twice(
    harness: ContractHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Application, "awaits", lambda *_: True)

    with pytest.raises(AssertionError, match=r"published once|not run again"):
        run_state_machine_as_test(machine_on(harness, ("sent", "done"), without=EDITING), settings=HUNT)
