"""Sample requests of the enrollment service."""

from __future__ import annotations

from suite.common.v1 import common_pb2 as common
from suite.enrollment.v1 import after_submission_pb2 as after
from suite.enrollment.v1 import application_overview_pb2 as overview
from suite.enrollment.v1 import (
    application_pb2,
    cancellation_pb2,
    clients_pb2,
    plan_choice_pb2,
    reports_pb2,
    rules_pb2,
    steps_pb2,
    submission_pb2,
)
from suite.enrollment.v1 import client_review_pb2 as reviews
from suite.enrollment.v1 import enrollment_service_pb2 as pb

from deploy.local.demo.journey import STATE
from tests.sample_requests.records import GATEWAY, TODAY, SampleRecords, client_search, new_key
from tests.sample_requests.sample import Sample, Samples
from tests.suite_calls import FRITZ, service_caller

_MONTH = f"{TODAY:%Y-%m}"
_NEW = clients_pb2.EXISTING_APPLICATION_CHOICE_CREATE_NEW
_ASKED = clients_pb2.NEW_APPLICATION_REASON_CLIENT_ASKED


def _start_application(_: SampleRecords) -> Sample:
    return Sample(pb.StartApplicationRequest(idempotency_key=new_key(), writing_number=FRITZ.number))


def _start_enrollment(records: SampleRecords) -> Sample:
    request = pb.StartEnrollmentRequest(
        idempotency_key=new_key(), quote_id=records.quote().quote_id, choice=_NEW, reason=_ASKED
    )
    return Sample(request)


def _start_client_enrollment(records: SampleRecords) -> Sample:
    request = clients_pb2.StartClientEnrollmentRequest(
        idempotency_key=new_key(),
        client_id=records.client_id(),
        writing_number=FRITZ.number,
        choice=_NEW,
        reason=_ASKED,
    )
    return Sample(request)


def _save_step(records: SampleRecords) -> Sample:
    app = records.draft()
    household = steps_pb2.HouseholdStep()
    household.CopyFrom(app.household)
    household.home_address.street = "201 E Randolph St"
    request = pb.SaveStepRequest(record_number=app.record_number, version=app.version, household=household)
    return Sample(request)


def _set_effective_date(records: SampleRecords) -> Sample:
    app = records.draft()
    return Sample(pb.SetEffectiveDateRequest(record_number=app.record_number, version=app.version))


def _check_plan_change(records: SampleRecords) -> Sample:
    medical, dental = records.plans
    request = plan_choice_pb2.CheckPlanChangeRequest(
        record_number=records.draft().record_number, medical_plan_id=medical, dental_plan_id=dental
    )
    return Sample(request)


def _submit(records: SampleRecords) -> Sample:
    app = records.draft()
    request = pb.SubmitApplicationRequest(
        idempotency_key=new_key(), record_number=app.record_number, version=app.version
    )
    return Sample(request)


def _cancel(records: SampleRecords) -> Sample:
    request = cancellation_pb2.CancelApplicationRequest(
        idempotency_key=new_key(),
        record_number=records.submitted(ahead=True),
        reason=application_pb2.CANCEL_REASON_CHANGED_MIND,
        asked_by=application_pb2.CANCEL_PARTY_CLIENT,
    )
    return Sample(request)


def _terminate(records: SampleRecords) -> Sample:
    request = after.TerminateCoverageRequest(
        idempotency_key=new_key(),
        record_number=records.submitted(),
        coverages=[common.COVERAGE_DENTAL],
        last_day=f"{TODAY.year}-12-31",
        reason=application_pb2.TERMINATION_REASON_MOVED,
        asked_by=application_pb2.CANCEL_PARTY_CLIENT,
    )
    return Sample(request)


def _change_contact(records: SampleRecords) -> Sample:
    number = records.submitted()
    request = after.ChangeContactRequest(
        idempotency_key=new_key(),
        record_number=number,
        version=records.application(number).version,
        contact=steps_pb2.Contact(phone="312-555-0199", phone_type="mobile", email="ada@example.com"),
    )
    return Sample(request)


def _get_submission(records: SampleRecords) -> Sample:
    request = submission_pb2.GetSubmissionRequest(record_number=records.submitted(), carrier="sample-carrier")
    return Sample(request, service_caller("documents"))


def _confirm_payable(records: SampleRecords) -> Sample:
    request = cancellation_pb2.ConfirmPayableRequest(record_number=records.submitted())
    return Sample(request)


def _explain_duplicates(records: SampleRecords) -> Sample:
    app = records.draft()
    request = clients_pb2.ExplainDuplicatesRequest(record_number=app.record_number, version=app.version, reason=_ASKED)
    return Sample(request)


def _send_for_review(records: SampleRecords) -> Sample:
    request = reviews.SendForReviewRequest(
        idempotency_key=new_key(), record_number=records.draft().record_number, language="es", days=7
    )
    return Sample(request)


def _get_review(records: SampleRecords) -> Sample:
    review = records.signed_review()
    return Sample(reviews.GetReviewRequest(record_number=review.record_number, review_id=review.review_id))


def _revoke_review(records: SampleRecords) -> Sample:
    review, _ = records.sent_review()
    return Sample(reviews.RevokeReviewRequest(record_number=review.record_number, review_id=review.review_id))


def _open_review(records: SampleRecords) -> Sample:
    _, token = records.sent_review()
    request = reviews.OpenReviewRequest(token=token, date_of_birth="1987-06-14", last_name="Sample")
    return Sample(request, GATEWAY)


def _read_review(records: SampleRecords) -> Sample:
    return Sample(reviews.ReadReviewRequest(review=records.review().credentials), GATEWAY)


def _return_review(records: SampleRecords) -> Sample:
    return Sample(reviews.ReturnReviewRequest(review=records.marked_review().credentials), GATEWAY)


def _withdraw_review(records: SampleRecords) -> Sample:
    return Sample(reviews.WithdrawReviewRequest(review=records.signed_review().credentials), GATEWAY)


SAMPLES: Samples = {
    "StartApplication": _start_application,
    "StartEnrollment": _start_enrollment,
    "StartClientEnrollment": _start_client_enrollment,
    "GetApplication": lambda records: Sample(pb.GetApplicationRequest(record_number=records.draft().record_number)),
    "ListApplications": lambda _: Sample(
        overview.ListApplicationsRequest(status=application_pb2.APPLICATION_STATUS_SUBMITTED, page=common.Page(size=5))
    ),
    "SearchApplications": lambda _: Sample(
        overview.SearchApplicationsRequest(status=application_pb2.APPLICATION_STATUS_INCOMPLETE, applicant="Sample")
    ),
    "ListDeadlines": lambda _: Sample(overview.ListDeadlinesRequest(page=common.Page(size=5))),
    "SaveStep": _save_step,
    "GetEnrollmentRules": lambda _: Sample(rules_pb2.GetEnrollmentRulesRequest(state=STATE)),
    "ListEffectiveDates": lambda records: Sample(
        pb.ListEffectiveDatesRequest(record_number=records.draft().record_number)
    ),
    "SetEffectiveDate": _set_effective_date,
    "GetRatingBasis": lambda records: Sample(
        plan_choice_pb2.GetRatingBasisRequest(record_number=records.draft().record_number)
    ),
    "CheckPlanChange": _check_plan_change,
    "GetReadiness": lambda records: Sample(pb.GetReadinessRequest(record_number=records.draft().record_number)),
    "SubmitApplication": _submit,
    "CancelApplication": _cancel,
    "TerminateCoverage": _terminate,
    "ChangeContact": _change_contact,
    "ConfirmPayable": _confirm_payable,
    "GetSubmission": _get_submission,
    "GetTimeline": lambda records: Sample(pb.GetTimelineRequest(record_number=records.draft().record_number)),
    "SearchClients": lambda _: Sample(client_search()),
    "GetClient": lambda records: Sample(clients_pb2.GetClientRequest(client_id=records.client_id())),
    "ListApplicants": lambda records: Sample(
        overview.ListApplicantsRequest(record_numbers=[records.draft().record_number])
    ),
    "ListAwaitedReviews": lambda _: Sample(overview.ListAwaitedReviewsRequest(size=5)),
    "GetEnrollmentReport": lambda _: Sample(
        reports_pb2.GetEnrollmentReportRequest(first_month=_MONTH, last_month=_MONTH)
    ),
    "FindDuplicates": lambda records: Sample(
        clients_pb2.FindDuplicatesRequest(record_number=records.draft().record_number)
    ),
    "ExplainDuplicates": _explain_duplicates,
    "SearchAddresses": lambda _: Sample(pb.SearchAddressesRequest(text="1200 W Madison, Chi", state=STATE)),
    "SendForReview": _send_for_review,
    "ListReviews": lambda records: Sample(
        reviews.ListReviewsRequest(record_number=records.sent_review()[0].record_number)
    ),
    "GetReview": _get_review,
    "RevokeReview": _revoke_review,
    "OpenReview": _open_review,
    "ReadReview": _read_review,
    "SaveReviewRemark": lambda records: Sample(records.remark(records.review()), GATEWAY),
    "ReturnReview": _return_review,
    "SignReview": lambda records: Sample(records.signature(records.review()), GATEWAY),
    "WithdrawReview": _withdraw_review,
}
