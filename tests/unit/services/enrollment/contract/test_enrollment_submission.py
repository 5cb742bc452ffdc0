"""Readiness, submission, and what payment tells (R84, R85, R100-R111)."""

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import steps_pb2

from chassis.kernel import AlreadyExists, Conflict, InvalidInput, NotReady, Stale, Unavailable
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.domain.events import ApplicationSubmitted, SubmissionFailed, SubmissionRequested
from tests.unit.services.enrollment import samples
from tests.unit.services.enrollment.harness import EnrollmentHarness


def kinds(harness: EnrollmentHarness, kind: type) -> int:
    return sum(isinstance(event, kind) for event in harness.work.events)


def test_a_blank_application_says_all_that_it_lacks(harness: EnrollmentHarness) -> None:
    missing = harness.missing(harness.start())
    assert (pb.STEP_GENERAL, "life_events") in missing
    assert (pb.STEP_HOUSEHOLD, "people") in missing
    assert (pb.STEP_HOUSEHOLD, "authorization") in missing
    assert (pb.STEP_SIGNATURES, "payment_choice") in missing
    assert missing == sorted(missing, key=lambda one: one[0])


def test_a_complete_application_lacks_nothing(harness: EnrollmentHarness) -> None:
    assert harness.missing(harness.complete()) == []


def test_each_requirement_is_missed_where_it_belongs(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    in_person = samples.household(authorization=steps_pb2.AUTHORIZATION_IN_PERSON, hra=steps_pb2.Hra(kind="ICHRA"))
    app = harness.save(app, household=in_person)
    app = harness.save(app, plans=steps_pb2.PlansStep(medical_plan_id=samples.HMO))
    app = harness.save(app, other_coverage=steps_pb2.OtherCoverageStep(replaces_coverage=True, has_other_coverage=True))
    app = harness.save(
        app, signatures=steps_pb2.SignaturesStep(authorized_representative=steps_pb2.Signer(first_name="Eve"))
    )
    assert {field for _, field in harness.missing(app)} == {
        "terms_version",
        "hra.start_date",
        "hra.employer_name",
        "hra.monthly_contribution",
        "pediatric_dental_attested",
        "replaced",
        "replacement_rights_shown",
        "others",
        "authorized_representative.last_name",
        "authorized_representative.relationship_to_applicant",
        "payment_choice",
    }


def test_a_child_alone_needs_a_guardian(harness: EnrollmentHarness) -> None:
    child = samples.household().people[1]
    child.relationship = samples.household().people[0].relationship
    app = harness.complete(people=[child])
    assert harness.missing(app) == [(pb.STEP_SIGNATURES, "guardian")]
    guardian = steps_pb2.Signer(first_name="Eve", last_name="Sample", relationship_to_applicant="Mother")
    signed = steps_pb2.SignaturesStep(guardian=guardian, payment_choice=steps_pb2.PAYMENT_CHOICE_PAY_LATER)
    app = harness.save(app, signatures=signed)
    assert not harness.missing(app)
    grown_up = samples.household().people[0]
    grown_up.relationship, grown_up.first_name = common.RELATIONSHIP_OTHER_DEPENDENT, "Bea"
    app = harness.save(app, household=samples.household(people=[*app.household.people, grown_up]))
    assert not app.signatures.HasField("guardian")


@pytest.mark.parametrize(
    ("born", "event", "asked"),
    [
        ("2008-05-25", ("loss_of_coverage", "2026-05-31"), True),  # 17 on 20 May, 18 on 1 June
        ("2008-05-15", ("birth", "2026-05-10"), False),  # 18 on 20 May, 17 on 10 May
    ],
)
def test_a_minor_on_the_day_of_signing_needs_a_guardian_whenever_coverage_begins(
    harness: EnrollmentHarness, born: str, event: tuple[str, str], asked: bool
) -> None:
    only = samples.household().people[0]
    only.date_of_birth = born
    only.ClearField("tobacco_use")
    app = harness.save(harness.start(), general=samples.general(event))
    app = harness.save(harness.calculate(app), household=samples.household(people=[only]))
    app = harness.save(app, plans=steps_pb2.PlansStep(medical_plan_id=samples.HMO, dental_plan_id=samples.DENTAL))
    app = harness.save(app, signatures=steps_pb2.SignaturesStep(payment_choice=steps_pb2.PAYMENT_CHOICE_PAY_NOW))
    assert ((pb.STEP_SIGNATURES, "guardian") in harness.missing(app)) is asked


def test_where_an_adult_signs_there_is_no_guardian(harness: EnrollmentHarness) -> None:
    guardian = steps_pb2.Signer(first_name="Eve", last_name="Sample", relationship_to_applicant="Mother")
    with pytest.raises(InvalidInput) as refused:
        harness.save(harness.complete(), signatures=steps_pb2.SignaturesStep(guardian=guardian))
    assert [(one.field, one.rule) for one in refused.value.problems] == [("guardian", "R81")]


def test_a_date_that_has_passed_by_has_to_be_calculated_again(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    app = harness.calculate(app, "2026-06-01")
    harness.clock.set_day("2026-06-02")
    assert (pb.STEP_GENERAL, "effective_date") in harness.missing(app)


def test_submitting_what_is_not_ready_names_every_gap_and_writes_nothing(harness: EnrollmentHarness) -> None:
    app = harness.start()
    with pytest.raises(NotReady) as refused:
        harness.submit(app)
    assert "signatures.payment_choice" in {problem.field for problem in refused.value.problems}
    assert harness.get(app) == app
    assert kinds(harness, SubmissionRequested) == 0


def test_a_ready_application_is_submitted_once(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    done = harness.submit(app, key="the-same-key")
    again = harness.submit(app, key="the-same-key")
    assert done.status == again.status == pb.APPLICATION_STATUS_SUBMITTED
    assert (done.submitted_on, done.expires_on, done.payment_status) == ("2026-05-20", "", "not_started")
    assert kinds(harness, ApplicationSubmitted) == 1
    with pytest.raises(Conflict):
        harness.submit(app)
    with pytest.raises(Conflict):
        harness.save(done, signatures=steps_pb2.SignaturesStep())


def test_a_key_serves_one_application(harness: EnrollmentHarness) -> None:
    harness.submit(harness.complete(), key="the-same-key")
    with pytest.raises(AlreadyExists):
        harness.submit(harness.complete(), key="the-same-key")


def test_a_stale_version_is_not_submitted(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    with pytest.raises(Stale):
        harness.submit(app, version=app.version - 1)


def test_without_a_worker_the_answer_is_that_it_runs(harness: EnrollmentHarness) -> None:
    harness.worker_runs = False
    assert harness.submit(harness.complete()).status == pb.APPLICATION_STATUS_SUBMITTING


def test_the_request_may_be_delivered_many_times(harness: EnrollmentHarness) -> None:
    harness.worker_runs = False
    app = harness.submit(harness.complete())
    for message in ("m-1", "m-1", "m-2", "m-3"):
        harness.run("queue", message, app.record_number, 1)
    assert kinds(harness, ApplicationSubmitted) == 1
    assert len(harness.payments.opened) == 1


def test_a_crash_between_steps_runs_them_again_and_opens_one_payment(harness: EnrollmentHarness) -> None:
    harness.worker_runs = False
    app = harness.submit(harness.complete())
    harness.payments.failure = Unavailable("away")
    with pytest.raises(Unavailable):
        harness.run("queue", "m-1", app.record_number, 1)
    assert harness.get(app).status == pb.APPLICATION_STATUS_SUBMITTING
    harness.payments.failure = None
    harness.run("queue", "m-1", app.record_number, 1)
    assert harness.get(app).status == pb.APPLICATION_STATUS_SUBMITTED
    assert len(harness.payments.opened) == 1


def test_the_first_payment_covers_every_month_since_a_retroactive_date(harness: EnrollmentHarness) -> None:
    app = harness.complete(event="2026-04-10")
    harness.submit(app)
    [(amount, pay_now)] = harness.payments.opened
    assert amount.cents == app.header.monthly_premium.cents * 2
    assert pay_now


def test_plans_with_providers_get_one_for_everybody_and_others_none(harness: EnrollmentHarness) -> None:
    done = harness.submit(harness.complete())
    assert [pcp.auto_assigned for pcp in done.assigned_pcps] == [True, True]
    assert [wish.age for wish in harness.providers.pcp_selections] == [38, 0]
    assert not harness.submit(harness.complete(plan=samples.PPO)).assigned_pcps


def test_a_changed_premium_fails_the_submission_and_shows_the_new_one(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    harness.quotes.surcharge = 5
    failed = harness.submit(app)
    assert failed.status == pb.APPLICATION_STATUS_FAILED
    assert [(one.step, one.field) for one in failed.failures] == [(pb.STEP_PLANS, "monthly_premium")]
    assert failed.header.monthly_premium.cents == app.header.monthly_premium.cents + 2 * 2 * 500
    assert (failed.submitted_on, failed.expires_on) == ("2026-05-20", "2026-08-18")
    assert (kinds(harness, SubmissionFailed), kinds(harness, ApplicationSubmitted)) == (1, 0)
    assert harness.submit(failed).status == pb.APPLICATION_STATUS_SUBMITTED
    assert (kinds(harness, SubmissionFailed), kinds(harness, ApplicationSubmitted)) == (1, 1)


def test_a_refused_provider_fails_at_the_choice_and_can_be_mended(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    choices = [steps_pb2.PcpChoice(member_index=1, pcp_id="FULL")]
    plans = steps_pb2.PlansStep(medical_plan_id=samples.HMO, dental_plan_id=samples.DENTAL, pcp_choices=choices)
    app = harness.save(app, plans=plans)
    harness.providers.failure = InvalidInput.at("members[1].pcp_id", "This provider takes no new patients.", rule="R69")
    failed = harness.submit(app)
    assert [(one.step, one.field) for one in failed.failures] == [(pb.STEP_PLANS, "pcp_choices[0].pcp_id")]
    assert not harness.payments.opened
    harness.providers.failure = None
    mended = harness.save(failed, plans=steps_pb2.PlansStep(medical_plan_id=samples.HMO, dental_plan_id=samples.DENTAL))
    assert mended.status == pb.APPLICATION_STATUS_FAILED
    assert harness.submit(mended).status == pb.APPLICATION_STATUS_SUBMITTED


def test_a_successful_payment_stays_successful(harness: EnrollmentHarness) -> None:
    app = harness.submit(harness.complete())
    for message, status in (("m-1", "failed"), ("m-2", "successful"), ("m-3", "failed"), ("m-4", "bill_later")):
        harness.on_payment_changed("queue", message, app.record_number, PaymentStatus(status))
    assert harness.get(app).payment_status == "successful"
    assert harness.get(app).status == pb.APPLICATION_STATUS_SUBMITTED


def test_payment_may_speak_before_the_submission_ends(harness: EnrollmentHarness) -> None:
    harness.worker_runs = False
    app = harness.submit(harness.complete())
    harness.on_payment_changed("queue", "m-1", app.record_number, PaymentStatus.SUCCESSFUL)
    harness.run("queue", "m-2", app.record_number, 1)
    assert harness.get(app).payment_status == "successful"


def test_after_its_last_day_a_draft_is_neither_saved_nor_submitted(harness: EnrollmentHarness) -> None:
    app = harness.complete()
    harness.clock.set_day("2026-08-19")
    with pytest.raises(Conflict):
        harness.submit(app)
    with pytest.raises(Conflict):
        harness.save(app, signatures=steps_pb2.SignaturesStep())


def test_a_submitted_application_never_becomes_incomplete_again(harness: EnrollmentHarness) -> None:
    app = harness.submit(harness.complete())
    harness.clock.set_day("2027-06-01")
    assert harness.missing(app) == []
    assert harness.get(app).current_step == pb.STEP_SIGNATURES


def test_somebody_far_from_every_doctor_is_left_to_the_carrier_and_the_timeline_says_so(
    harness: EnrollmentHarness,
) -> None:
    harness.providers.none_within_miles = 60
    done = harness.submit(harness.complete())
    assert [(one.pcp_id, one.none_within_miles) for one in done.assigned_pcps] == [("", 60), ("", 60)]
    submitted = next(row.summary for row in harness.work.audit if row.action == "application.submitted")
    assert "assign 2 people a primary care provider: nobody who fits is within 60 miles" in submitted
    harness.providers.none_within_miles = 0
    harness.submit(harness.complete())
    assert harness.work.audit[-1].summary == "Application submitted."
