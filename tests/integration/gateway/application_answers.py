"""A whole application as the services tell it, in every state; everything is made up."""

from __future__ import annotations

from google.protobuf.timestamp_pb2 import Timestamp
from suite.common.v1 import common_pb2 as common
from suite.documents.v1 import proof_documents_pb2 as proofs
from suite.documents.v1 import texts_pb2 as texts
from suite.enrollment.v1 import application_pb2 as app
from suite.enrollment.v1 import enrollment_service_pb2 as enrollment
from suite.enrollment.v1 import records_pb2, rules_pb2, steps_pb2
from suite.payment.v1 import payment_pb2, payment_service_pb2

from tests.integration.gateway.harness import FakeServices
from tests.integration.gateway.page_answers import AT, application, money

NUMBER = "A-0638"
PEOPLE = [
    steps_pb2.Person(
        person_id="p-1",
        relationship=common.RELATIONSHIP_SELF,
        first_name="Jessica",
        last_name="Tester",
        date_of_birth="1986-03-14",
        sex=common.SEX_FEMALE,
        ssn_last_four="6789",
        tobacco_use=False,
    ),
    steps_pb2.Person(
        person_id="p-2",
        relationship=common.RELATIONSHIP_SPOUSE,
        first_name="Ann",
        last_name="Sample",
        suffix="Jr.",
        date_of_birth="1988-02-10",
        sex=common.SEX_FEMALE,
        tobacco_use=True,
    ),
    steps_pb2.Person(
        person_id="p-3",
        relationship=common.RELATIONSHIP_CHILD,
        first_name="Noa",
        last_name="Tester",
        date_of_birth="2026-05-10",
        sex=common.SEX_FEMALE,
    ),
]
HOUSEHOLD = steps_pb2.HouseholdStep(
    form_type=steps_pb2.FORM_TYPE_MEDICAL_DENTAL,
    authorization=steps_pb2.AUTHORIZATION_IN_PERSON,
    people=PEOPLE,
    home_address=steps_pb2.Address(
        street="1200 W Madison St", unit="Apt 4", city="Chicago", state="IL", zip="60601", county_name="Cook County"
    ),
    contact=steps_pb2.Contact(phone="312-555-0142", phone_type="mobile", email="jessica@example.com"),
)
RULES = rules_pb2.EnrollmentRules(
    state="IL",
    today="2026-05-20",
    life_events=[
        rules_pb2.LifeEventRule(
            kind="birth",
            label="Birth of a child",
            proofs=[rules_pb2.Choice(code="birth_certificate", label="Birth certificate")],
        )
    ],
    disclosures=[rules_pb2.Disclosure(kind="terms", title="Terms and Agreements", version="2026.1")],
)


def whole_application(
    status: app.ApplicationStatus.ValueType = app.APPLICATION_STATUS_SUBMITTED, record_number: str = NUMBER
) -> app.Application:
    found = application(status, record_number)
    found.household.CopyFrom(HOUSEHOLD)
    found.general.special_enrollment = True
    found.general.life_events.add(kind="birth", date="2026-05-10")
    found.effective_date_reason = "Birth: coverage begins on 5/10/2026, the day of the event."
    found.current_step = app.STEP_HOUSEHOLD
    found.acceptances.add(
        kind="terms",
        version="2026.1",
        accepted_at=AT,
        recorded_by="delegate@example.com",
        recorded_by_name="Dana Delegate",
        person_id="p-1",
    )
    for line in found.plan_lines:
        line.uses_pcp = line.plan_type == "HMO"
        for place, age in enumerate((40, 38, 0)):
            line.members.add(member_index=place, age=age, monthly_premium=money(10_000 + place))
    found.plans.pcp_choices.add(member_index=1, pcp_id="12345678", medical_group_id="207")
    found.proofs_asked.append("birth_certificate")
    if status == app.APPLICATION_STATUS_SUBMITTED:
        found.document_due_on = "2026-06-19"
        found.assigned_pcps.add(member_index=0, pcp_id="11", provider_name="Dr. Okafor", auto_assigned=True)
        found.assigned_pcps.add(member_index=2, auto_assigned=True, none_within_miles=60)
        found.assigned_pcps.add(member_index=1, pcp_id="12", provider_name="Dr. Lindqvist", medical_group_id="207")
    if status != app.APPLICATION_STATUS_SUBMITTED:
        found.cancellation_refusal = "Only a submitted application can be cancelled."
    if status == app.APPLICATION_STATUS_CANCELLED:
        found.cancellation_refusal = "This application was already cancelled on 5/21/2026, at the client's request."
        found.payment_status = "refund_due"
        found.submitted_on = "2026-05-20"
        found.cancellation.cancelled_on = "2026-05-21"
        found.cancellation.reason = app.CANCEL_REASON_OTHER_COVERAGE
        found.cancellation.asked_by = app.CANCEL_PARTY_CLIENT
    if status == app.APPLICATION_STATUS_FAILED:
        found.return_to.step = app.STEP_PLANS
        found.return_to.field = "pcp_choices[0].pcp_id"
        found.failure_class = app.FAILURE_CLASS_FIXABLE
    return found


def payment(
    status: payment_pb2.PaymentStatus.ValueType,
    *,
    confirmation_number: str = "",
    method: str = "",
    failure_reason: str = "",
    autopay: payment_pb2.Autopay | None = None,
    overdue_since: str = "",
) -> payment_service_pb2.GetPaymentResponse:
    made = payment_pb2.Payment(
        record_number=NUMBER,
        status=status,
        amount=money(300_515),
        updated_at=AT,
        confirmation_number=confirmation_number,
        method=method,
        failure_reason=failure_reason,
        autopay=autopay,
        due_on=overdue_since,
        overdue=bool(overdue_since),
    )
    return payment_service_pb2.GetPaymentResponse(payment=made)


def proof(number: int = 1) -> proofs.ProofDocument:
    return proofs.ProofDocument(
        document_id=f"d-{number}",
        record_number=NUMBER,
        kind="birth_certificate",
        media_type="application/pdf",
        size=183_400,
        pages=2,
        added_at=AT,
        added_by="delegate@example.com",
    )


def tell_application(fake_services: FakeServices, found: app.Application) -> None:
    """One application, whichever number is asked for, and what stands beside it."""
    missing = [
        app.Shortcoming(step=app.STEP_GENERAL, field="life_events", message="Add a life event.", rule="R28"),
        app.Shortcoming(step=app.STEP_HOUSEHOLD, field="people[1].last_name", message="Enter a last name."),
        app.Shortcoming(step=app.STEP_HOUSEHOLD, field="home_address.street", message="Enter the street."),
        app.Shortcoming(step=app.STEP_SIGNATURES, field="payment_choice", message="Choose Pay Now or Pay Later."),
    ]
    entries = [
        records_pb2.TimelineEntry(at=AT, actor="producer@example.com", summary="Application started."),
        records_pb2.TimelineEntry(
            at=Timestamp(seconds=AT.seconds + 60),
            actor="delegate@example.com",
            summary="Applicant Information saved.",
            changed_fields=["Date of birth of person 2", "Street of home address"],
        ),
        records_pb2.TimelineEntry(at=AT, actor="enrollment", summary="Application submitted."),
    ]
    fake_services.answers |= {
        "GetApplication": enrollment.GetApplicationResponse(application=found),
        "GetReadiness": enrollment.GetReadinessResponse(ready=False, missing=missing),
        "GetTimeline": enrollment.GetTimelineResponse(entries=entries),
        "GetEnrollmentRules": rules_pb2.GetEnrollmentRulesResponse(rules=RULES),
        "GetPayment": payment(payment_pb2.PAYMENT_STATUS_NOT_STARTED),
        "GetText": texts.GetTextResponse(
            text=texts.LegalText(
                kind="terms",
                version="2026.1",
                state="IL",
                title="Terms and Agreements",
                sections=[
                    texts.TextSection(
                        heading="What you agree to",
                        paragraphs=[
                            texts.TextParagraph(text="Sample paragraph."),
                            texts.TextParagraph(text="Sample item.", item=True),
                        ],
                    )
                ],
                sample_notice="This wording is a sample.",
            )
        ),
    }
