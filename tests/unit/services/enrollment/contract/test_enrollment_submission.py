"""Readiness, submission, and what payment tells (R84, R85, R100-R111)."""

from typing import Any

import pytest
from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import steps_pb2

from chassis.kernel import AlreadyExists, Conflict, InvalidInput, NotReady, Stale, Unavailable
from services.enrollment.domain.enums import PaymentStatus
from services.enrollment.domain.events import ApplicationSubmitted, SubmissionFailed, SubmissionRequested


def kinds(office: Any, kind: type) -> int:
    return sum(isinstance(event, kind) for event in office.work.events)


def test_a_blank_application_says_all_that_it_lacks(office: Any) -> None:
    missing = office.missing(office.start())
    assert (pb.STEP_GENERAL, "life_events") in missing
    assert (pb.STEP_HOUSEHOLD, "people") in missing
    assert (pb.STEP_HOUSEHOLD, "authorization") in missing
    assert (pb.STEP_SIGNATURES, "payment_choice") in missing
    assert missing == sorted(missing, key=lambda one: one[0])


def test_a_complete_application_lacks_nothing(office: Any) -> None:
    assert office.missing(office.complete()) == []


def test_each_requirement_is_missed_where_it_belongs(office: Any, make: Any) -> None:
    app = office.complete()
    in_person = make.household(authorization=steps_pb2.AUTHORIZATION_IN_PERSON, hra=steps_pb2.Hra(kind="ICHRA"))
    app = office.save(app, household=in_person)
    app = office.save(app, plans=steps_pb2.PlansStep(medical_plan_id=make.hmo))
    app = office.save(app, other_coverage=steps_pb2.OtherCoverageStep(replaces_coverage=True, has_other_coverage=True))
    app = office.save(
        app, signatures=steps_pb2.SignaturesStep(authorized_representative=steps_pb2.Signer(first_name="Eve"))
    )
    assert {field for _, field in office.missing(app)} == {
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


def test_a_child_alone_needs_a_guardian(office: Any, make: Any) -> None:
    child = make.household().people[1]
    child.relationship = make.household().people[0].relationship
    app = office.complete(people=[child])
    assert office.missing(app) == [(pb.STEP_SIGNATURES, "guardian")]
    guardian = steps_pb2.Signer(first_name="Eve", last_name="Sample", relationship_to_applicant="Mother")
    signed = steps_pb2.SignaturesStep(guardian=guardian, payment_choice=steps_pb2.PAYMENT_CHOICE_PAY_LATER)
    app = office.save(app, signatures=signed)
    assert not office.missing(app)
    grown_up = make.household().people[0]
    grown_up.relationship, grown_up.first_name = common.RELATIONSHIP_OTHER_DEPENDENT, "Bea"
    app = office.save(app, household=make.household(people=[*app.household.people, grown_up]))
    assert not app.signatures.HasField("guardian")


@pytest.mark.parametrize(
    ("born", "event", "asked"),
    [
        ("2008-05-25", ("loss_of_coverage", "2026-05-31"), True),  # 17 on 20 May, 18 on 1 June
        ("2008-05-15", ("birth", "2026-05-10"), False),  # 18 on 20 May, 17 on 10 May
    ],
)
def test_who_is_a_minor_on_the_day_of_signing_needs_a_guardian_whenever_coverage_begins(
    office: Any, make: Any, born: str, event: tuple[str, str], asked: bool
) -> None:
    only = make.household().people[0]
    only.date_of_birth = born
    only.ClearField("tobacco_use")
    app = office.save(office.start(), general=make.general(event))
    app = office.save(office.calculate(app), household=make.household(people=[only]))
    app = office.save(app, plans=steps_pb2.PlansStep(medical_plan_id=make.hmo, dental_plan_id=make.dental))
    app = office.save(app, signatures=steps_pb2.SignaturesStep(payment_choice=steps_pb2.PAYMENT_CHOICE_PAY_NOW))
    assert ((pb.STEP_SIGNATURES, "guardian") in office.missing(app)) is asked


def test_where_an_adult_signs_there_is_no_guardian(office: Any, make: Any) -> None:
    guardian = steps_pb2.Signer(first_name="Eve", last_name="Sample", relationship_to_applicant="Mother")
    with pytest.raises(InvalidInput) as refused:
        office.save(office.complete(), signatures=steps_pb2.SignaturesStep(guardian=guardian))
    assert [(one.field, one.rule) for one in refused.value.problems] == [("guardian", "R81")]


def test_a_date_that_has_passed_by_has_to_be_calculated_again(office: Any, make: Any) -> None:
    app = office.complete()
    app = office.calculate(app, "2026-06-01")
    office.clock.set_day("2026-06-02")
    assert (pb.STEP_GENERAL, "effective_date") in office.missing(app)


def test_submitting_what_is_not_ready_names_every_gap_and_writes_nothing(office: Any) -> None:
    app = office.start()
    with pytest.raises(NotReady) as refused:
        office.submit(app)
    assert "signatures.payment_choice" in {problem.field for problem in refused.value.problems}
    assert office.get(app) == app
    assert kinds(office, SubmissionRequested) == 0


def test_a_ready_application_is_submitted_once(office: Any) -> None:
    app = office.complete()
    done = office.submit(app, key="the-same-key")
    again = office.submit(app, key="the-same-key")
    assert done.status == again.status == pb.APPLICATION_STATUS_SUBMITTED
    assert (done.submitted_on, done.expires_on, done.payment_status) == ("2026-05-20", "", "not_started")
    assert kinds(office, ApplicationSubmitted) == 1
    with pytest.raises(Conflict):
        office.submit(app)
    with pytest.raises(Conflict):
        office.save(done, signatures=steps_pb2.SignaturesStep())


def test_a_key_serves_one_application(office: Any) -> None:
    office.submit(office.complete(), key="the-same-key")
    with pytest.raises(AlreadyExists):
        office.submit(office.complete(), key="the-same-key")


def test_a_stale_version_is_not_submitted(office: Any) -> None:
    app = office.complete()
    with pytest.raises(Stale):
        office.submit(app, version=app.version - 1)


def test_without_a_worker_the_answer_is_that_it_runs(office: Any) -> None:
    office.worker_runs = False
    assert office.submit(office.complete()).status == pb.APPLICATION_STATUS_SUBMITTING


def test_the_request_may_be_delivered_many_times(office: Any) -> None:
    office.worker_runs = False
    app = office.submit(office.complete())
    for message in ("m-1", "m-1", "m-2", "m-3"):
        office.run("queue", message, app.record_number, 1)
    assert kinds(office, ApplicationSubmitted) == 1
    assert len(office.payments.opened) == 1


def test_a_crash_between_steps_goes_on_where_it_stopped(office: Any) -> None:
    office.worker_runs = False
    app = office.submit(office.complete())
    prices = office.quotes.calls
    office.payments.failure = Unavailable("away")
    with pytest.raises(Unavailable):
        office.run("queue", "m-1", app.record_number, 1)
    assert office.get(app).status == pb.APPLICATION_STATUS_SUBMITTING
    office.payments.failure = None
    office.run("queue", "m-1", app.record_number, 1)
    assert office.get(app).status == pb.APPLICATION_STATUS_SUBMITTED
    assert office.quotes.calls == prices + 1


def test_the_first_payment_covers_every_month_since_a_retroactive_date(office: Any) -> None:
    app = office.complete(event="2026-04-10")
    office.submit(app)
    [(amount, pay_now)] = office.payments.opened
    assert amount.cents == app.header.monthly_premium.cents * 2
    assert pay_now


def test_plans_with_providers_get_one_for_everybody_and_others_none(office: Any, make: Any) -> None:
    done = office.submit(office.complete())
    assert [pcp.auto_assigned for pcp in done.assigned_pcps] == [True, True]
    assert [wish.age for wish in office.providers.pcp_selections] == [38, 0]
    assert not office.submit(office.complete(plan=make.ppo)).assigned_pcps


def test_a_changed_premium_fails_the_submission_and_shows_the_new_one(office: Any) -> None:
    app = office.complete()
    office.quotes.surcharge = 5
    failed = office.submit(app)
    assert failed.status == pb.APPLICATION_STATUS_FAILED
    assert [(one.step, one.field) for one in failed.failures] == [(pb.STEP_PLANS, "monthly_premium")]
    assert failed.header.monthly_premium.cents == app.header.monthly_premium.cents + 2 * 2 * 500
    assert (failed.submitted_on, failed.expires_on) == ("2026-05-20", "2026-08-18")
    assert (kinds(office, SubmissionFailed), kinds(office, ApplicationSubmitted)) == (1, 0)
    assert office.submit(failed).status == pb.APPLICATION_STATUS_SUBMITTED
    assert (kinds(office, SubmissionFailed), kinds(office, ApplicationSubmitted)) == (1, 1)


def test_a_refused_provider_fails_at_the_choice_and_can_be_mended(office: Any, make: Any) -> None:
    app = office.complete()
    choices = [steps_pb2.PcpChoice(member_index=1, pcp_id="FULL")]
    plans = steps_pb2.PlansStep(medical_plan_id=make.hmo, dental_plan_id=make.dental, pcp_choices=choices)
    app = office.save(app, plans=plans)
    office.providers.failure = InvalidInput.at("members[1].pcp_id", "This provider takes no new patients.", rule="R69")
    failed = office.submit(app)
    assert [(one.step, one.field) for one in failed.failures] == [(pb.STEP_PLANS, "pcp_choices[0].pcp_id")]
    assert not office.payments.opened
    office.providers.failure = None
    mended = office.save(failed, plans=steps_pb2.PlansStep(medical_plan_id=make.hmo, dental_plan_id=make.dental))
    assert mended.status == pb.APPLICATION_STATUS_FAILED
    assert office.submit(mended).status == pb.APPLICATION_STATUS_SUBMITTED


def test_a_successful_payment_stays_successful(office: Any) -> None:
    app = office.submit(office.complete())
    for message, status in (("m-1", "failed"), ("m-2", "successful"), ("m-3", "failed"), ("m-4", "bill_later")):
        office.on_payment_changed("queue", message, app.record_number, PaymentStatus(status))
    assert office.get(app).payment_status == "successful"
    assert office.get(app).status == pb.APPLICATION_STATUS_SUBMITTED


def test_payment_may_speak_before_the_submission_ends(office: Any) -> None:
    office.worker_runs = False
    app = office.submit(office.complete())
    office.on_payment_changed("queue", "m-1", app.record_number, PaymentStatus.SUCCESSFUL)
    office.run("queue", "m-2", app.record_number, 1)
    assert office.get(app).payment_status == "successful"


def test_after_its_last_day_a_draft_is_neither_saved_nor_submitted(office: Any) -> None:
    app = office.complete()
    office.clock.set_day("2026-08-19")
    with pytest.raises(Conflict):
        office.submit(app)
    with pytest.raises(Conflict):
        office.save(app, signatures=steps_pb2.SignaturesStep())


def test_a_submitted_application_never_becomes_incomplete_again(office: Any) -> None:
    app = office.submit(office.complete())
    office.clock.set_day("2027-06-01")
    assert office.missing(app) == []
    assert office.get(app).current_step == pb.STEP_SIGNATURES
