"""The timeline: one entry for each act, by whom and for whom, with what changed and without what was typed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2, cancellation_pb2
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2 as pb

from chassis.kernel import CallerKind, InvalidInput
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.usecases.retry_stuck_submissions import WAITS

# Typed somewhere in the application below, and nowhere else.
CANARIES = (
    "Canaryfirst",
    "Canarylast",
    "Canarystreet",
    "Canarycity",
    "canary@example.com",
    "5365550142",
    "536904399",
    "4399",
    "1987-06-14",
    "06/14/1987",
    "Canarymutual",
    "CANARYPOLICY",
    "Canaryguardian",
)


def entries(office: Any, app: application_pb2.Application, **page: Any) -> Any:
    request = service.GetTimelineRequest(record_number=app.record_number, page=common.Page(**page))
    return office.call("GetTimeline", request)


def actions(office: Any, app: application_pb2.Application) -> list[str]:
    return [entry.action for entry in entries(office, app).entries]


def test_each_act_leaves_exactly_one_entry(office: Any, make: Any) -> None:
    app = office.start()
    told = ["application.started"]
    assert actions(office, app) == told

    steps: list[dict[str, Any]] = [
        {"general": make.general(("birth", "2026-05-10"))},
        {"household": make.household()},
        {"plans": pb.PlansStep(medical_plan_id=make.hmo, dental_plan_id=make.dental)},
        {"other_coverage": pb.OtherCoverageStep()},
        {"signatures": pb.SignaturesStep(payment_choice=pb.PAYMENT_CHOICE_PAY_NOW)},
    ]
    for step in steps:
        app = office.save(app, **step)
        told.append("step.saved")
        assert actions(office, app) == told, step

    app = office.calculate(app, "2026-06-01")
    told.append("effective_date.calculated")
    assert actions(office, app) == told

    office.worker_runs = False
    office.submit(app)
    told.append("submission.requested")
    assert actions(office, app) == told
    office.worker_runs = True
    office.work_off()
    office.work_off()  # heard twice
    told.append("application.submitted")
    assert actions(office, app) == told

    office.on_payment_changed("payments", "paid-1", app.record_number, PaymentStatus.SUCCESSFUL)
    office.on_payment_changed("payments", "paid-1", app.record_number, PaymentStatus.SUCCESSFUL)
    told.append("payment.successful")
    assert actions(office, app) == told

    office.on_document_rendered("documents", "pdf-1", app.record_number)
    office.on_document_rendered("documents", "pdf-1", app.record_number)
    told.append("document.rendered")
    assert actions(office, app) == told

    office.on_proof_added("documents", "proof-1", app.record_number, "birth_certificate")
    office.on_proof_added("documents", "proof-1", app.record_number, "birth_certificate")
    told.append("proof.added")
    assert actions(office, app) == told

    office.call(
        "CancelApplication",
        cancellation_pb2.CancelApplicationRequest(
            idempotency_key=office.key(),
            record_number=app.record_number,
            reason=application_pb2.CANCEL_REASON_MOVED,
            asked_by=application_pb2.CANCEL_PARTY_CLIENT,
        ),
    )
    told.append("application.cancelled")
    assert actions(office, app) == told


def test_a_submission_that_failed_and_one_that_was_given_up_are_told(office: Any) -> None:
    app = office.complete()
    office.quotes.surcharge = 1
    office.submit(app)
    assert actions(office, app)[-2:] == ["submission.requested", "submission.failed"]

    other = office.complete()
    office.worker_runs = False
    office.submit(other)
    for wait in (*WAITS, WAITS[-1]):
        office.clock.advance(2 * wait)
        office.retry_stuck_submissions()
    assert actions(office, other)[-2:] == ["submission.requested", "submission.failed"]


@pytest.mark.parametrize("refused", ["stale", "unsound", "asking"])
def test_what_changes_nothing_leaves_no_entry(office: Any, make: Any, refused: str) -> None:
    app = office.complete()
    before = actions(office, app)
    if refused == "stale":
        with pytest.raises(Exception, match="saved"):
            office.save(application_pb2.Application(record_number=app.record_number, version=1), general=make.general())
    elif refused == "unsound":
        with pytest.raises(InvalidInput):
            office.save(app, household=make.household(people=[pb.Person(relationship=common.RELATIONSHIP_CHILD)] * 2))
    else:
        office.get(app)
        office.missing(app)
    assert actions(office, app) == before


def test_an_entry_says_who_acted_for_whom_and_what_changed(office: Any, make: Any) -> None:
    delegate = replace(make.producer, kind=CallerKind.DELEGATE, subject="delegate@example.com")
    app = office.start()
    request = service.SaveStepRequest(record_number=app.record_number, version=1, household=make.household())
    app = office.call("SaveStep", request, delegate).application
    first, saved = entries(office, app).entries
    assert (first.actor, saved.actor) == ("producer@example.com", "delegate@example.com")
    assert {first.on_behalf_of_writing_number, saved.on_behalf_of_writing_number} == {"220002580"}
    assert saved.at.ToDatetime() == office.clock.now().replace(tzinfo=None)
    assert {"Person 1 added", "Person 2 added", "Street of home address"} <= set(saved.changed_fields)
    ada = make.household().people[0]
    ada.first_name = "Eve"
    app = office.save(app, household=make.household(people=[ada, *make.household().people[1:]]))
    assert list(entries(office, app).entries[-1].changed_fields) == ["First name of person 1"]


def test_what_a_step_takes_along_is_told(office: Any, make: Any) -> None:
    app = office.complete()
    app = office.save(app, general=make.general(("marriage", "2026-05-15")))
    changed = list(entries(office, app).entries[-1].changed_fields)
    assert changed == ["Life event 1", "Effective date", "Monthly premium"]


def test_no_entry_holds_what_was_typed(office: Any, make: Any) -> None:
    ada = pb.Person(
        relationship=common.RELATIONSHIP_SELF,
        first_name="Canaryfirst",
        last_name="Canarylast",
        date_of_birth="1987-06-14",
        sex=common.SEX_FEMALE,
        ssn="536904399",
    )
    home = pb.Address(street="1 Canarystreet", city="Canarycity", state="IL", zip="60601")
    contact = pb.Contact(phone="536-555-0142", phone_type="mobile", email="canary@example.com")
    app = office.save(office.start(), household=make.household(people=[ada], home_address=home, contact=contact))
    replaced = pb.ReplacedCoverage(insurer="Canarymutual", policy_number="CANARYPOLICY", termination_date="2026-05-31")
    app = office.save(app, other_coverage=pb.OtherCoverageStep(replaces_coverage=True, replaced=[replaced]))
    guardian = pb.Signer(first_name="Canaryguardian", last_name="Canarylast", relationship_to_applicant="mother")
    app = office.save(app, signatures=pb.SignaturesStep(authorized_representative=guardian))
    said = str(entries(office, app))
    assert "Social security number" in str(
        entries(
            office,
            office.save(
                app,
                household=make.household(
                    people=[pb.Person(**{**_fields(ada), "ssn": "536904398"})], home_address=home, contact=contact
                ),
            ),
        )
    )
    said += str(entries(office, app))
    assert "Authorized representative" in said
    assert not [canary for canary in CANARIES if canary.lower() in said.lower()]


def _fields(person: pb.Person) -> dict[str, Any]:
    return {field.name: value for field, value in person.ListFields()}


def test_a_long_timeline_comes_in_pages(office: Any) -> None:
    app = office.complete()
    whole = [entry.action for entry in entries(office, app).entries]
    seen, token = [], ""
    while True:
        page = entries(office, app, size=2, token=token)
        seen += [entry.action for entry in page.entries]
        token = page.next_page_token
        if not token:
            break
    assert seen == whole


def test_a_page_token_of_another_timeline_is_refused(office: Any) -> None:
    app, other = office.complete(), office.complete()
    token = entries(office, app, size=2).next_page_token
    for bad in (token, "nonsense", "{}", token[:-4]):
        with pytest.raises(InvalidInput) as refusal:
            entries(office, other, size=2, token=bad)
        assert refusal.value.problems[0].field == "page.token"
