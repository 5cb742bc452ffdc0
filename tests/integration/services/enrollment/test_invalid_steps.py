"""Each rule that forbids something: its field, its id and its sentence, and nothing half-saved."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2

import services.enrollment.domain.checks as checks
from chassis.kernel import Conflict, DomainError, InvalidInput, NotReady
from tests.integration.application_machine import step_contents
from tests.integration.application_machine.fake_services import HMO
from tests.integration.application_machine.harness import ContractHarness
from tests.integration.application_machine.invariants import refusal_is_sound
from tests.integration.services.enrollment.invalid_steps import (
    MISSING,
    NOT_BY_A_STEP,
    REFUSED,
    TEEN,
    Case,
    whole,
)

STEPS = ("general", "household", "plans", "other_coverage", "signatures")


@pytest.fixture
def harness(shared_harness: ContractHarness) -> ContractHarness:
    shared_harness.reset(date(2026, 5, 20))
    return shared_harness


def save(harness: ContractHarness, app: pb.Application, **step: Any) -> pb.Application:
    request = service.SaveStepRequest(record_number=app.record_number, version=app.version, **step)
    saved: pb.Application = harness.call("SaveStep", request).application
    return saved


def started(harness: ContractHarness, of: str) -> pb.Application:
    app: pb.Application
    if of.startswith("q-"):
        quoted = service.StartEnrollmentRequest(idempotency_key="key-number-1", quote_id=of)
        app = harness.call("StartEnrollment", quoted).application
    else:
        number = of if of.isdecimal() else "220002580"
        fresh = service.StartApplicationRequest(idempotency_key="key-number-1", writing_number=number)
        app = harness.call("StartApplication", fresh).application
        if not of.isdecimal():
            app = save(harness, app, household=steps_pb2.HouseholdStep(people=[TEEN]))
    return app


def ready(harness: ContractHarness, slip: Case) -> pb.Application:
    """An application to which nothing is missing, and then what the slip stands on."""
    app = started(harness, slip.of)
    app = save(harness, app, general=whole("general", app, harness))
    dated = service.SetEffectiveDateRequest(record_number=app.record_number, version=app.version)
    app = harness.call("SetEffectiveDate", dated).application
    for step in STEPS[1:]:
        app = save(harness, app, **{step: whole(step, app, harness)})
    for step, edit in slip.before:
        app = save(harness, app, **{step: edited(harness, app, step, edit)})
    return app


def edited(harness: ContractHarness, app: pb.Application, step: str, edit: Any) -> Any:
    """What stands in a step, with the edit; what was never said of a step counts as its whole."""
    typed = whole(step, app, harness)
    typed.CopyFrom(getattr(app, step))
    edit(typed)
    return typed


def told(refusal: DomainError, field: str, slip: Case) -> None:
    refusal_is_sound(refusal)
    found = [one for one in refusal.problems if (one.field, one.rule) == (field, slip.rule)]
    assert found, f"{field} {slip.rule} is not among {refusal.problems}"
    assert slip.words in found[0].message


@pytest.mark.parametrize("slip", REFUSED, ids=str)
def test_a_save_that_a_rule_forbids_is_refused_whole(harness: ContractHarness, slip: Case) -> None:
    app = ready(harness, slip)
    typed = edited(harness, app, slip.step, slip.edit)
    before = harness.snapshot()

    with pytest.raises((InvalidInput, Conflict)) as refused:
        save(harness, app, **{slip.step: typed})

    told(refused.value, slip.field, slip)
    assert harness.snapshot().text == before.text


@pytest.mark.parametrize("slip", MISSING, ids=str)
def test_a_field_that_a_draft_may_lack_is_required_for_submission(harness: ContractHarness, slip: Case) -> None:
    app = ready(harness, slip)
    save(harness, app, **{slip.step: edited(harness, app, slip.step, slip.edit)})
    before = harness.snapshot()

    with pytest.raises(NotReady) as refused:
        submit(harness, app)

    told(refused.value, f"{slip.where}.{slip.field}", slip)
    assert harness.snapshot().text == before.text


def submit(harness: ContractHarness, app: pb.Application) -> None:
    request = service.SubmitApplicationRequest(idempotency_key="key-number-9", record_number=app.record_number)
    harness.call("SubmitApplication", request)


def test_a_plan_that_was_withdrawn_stops_the_submission(harness: ContractHarness) -> None:
    app = ready(harness, MISSING[-1])
    harness.others.withdrawn = {HMO}
    child = steps_pb2.Person(
        relationship=common.RELATIONSHIP_CHILD, first_name="Quoka", date_of_birth=step_contents.BORN[2]
    )
    household = steps_pb2.HouseholdStep()
    household.CopyFrom(app.household)
    household.people.append(child)
    save(harness, app, household=household)

    with pytest.raises(NotReady) as refused:
        submit(harness, app)

    assert ("plans.medical_plan_id", "R67") in [(one.field, one.rule) for one in refused.value.problems]


def test_every_rule_that_the_steps_judge_by_has_its_row() -> None:
    code = "".join(path.read_text() for path in Path(checks.__file__).parent.glob("*.py"))
    judged = set(re.findall(r'"(R\d+[a-z]?)"', code))

    assert judged - NOT_BY_A_STEP <= {slip.rule for slip in (*REFUSED, *MISSING)}
