"""Applications: lists, steps, effective dates, submission, cancellation, termination, timeline."""

from __future__ import annotations

from gateway.api.routing.route import (
    APPLICATION,
    PAGE,
    WHOLE,
    Route,
)
from gateway.edge.rpcs import ENROLLMENT, QUOTE

# What a list may be narrowed by in an address: nothing of it is personal.
_FILTER = {
    name: f"filter.{name}"
    for name in (
        "state",
        "writing_number",
        "record_number",
        "client_app_id",
        "payment_status",
        "current_step",
        "submitted_from",
        "submitted_to",
        "created_from",
        "created_to",
        "effective_from",
        "effective_to",
        "expires_from",
        "expires_to",
    )
}
# Filters and order of a plan search; everything else comes from the application.
_PLAN_SEARCH = (
    "coverage",
    "metal_levels",
    "plan_types",
    "network_ids",
    "premium_min",
    "premium_max",
    "deductible_max",
    "hsa_eligible",
    "issuer_id",
    "sort",
    "descending",
)
# "status" names the list, so the status within it needs another name.
_FILTER["application_status"] = "filter.status"
_ORDER = {"order": "order.by", "descending": "order.descending"}
# As people call the lists.
_LISTS = {"completed": "submitted"}
_LIST_WORDS = ("incomplete", "completed", "failed", "expired")
_REVIEWS = f"{APPLICATION}/reviews"


def _step(path: str, step: str, title: str) -> Route:
    return Route(
        "PUT",
        f"{APPLICATION}/steps/{path}",
        ENROLLMENT["SaveStep"],
        f"Save the step {title}",
        body=step,
        if_match_required=True,
    )


ROUTES = (
    Route(
        "GET",
        "/applications",
        ENROLLMENT["ListApplications"],
        "Completed, incomplete, failed or expired applications",
        query={"status": "status", **_ORDER, **_FILTER, **PAGE},
        aliases=_LISTS,
        words={"status": _LIST_WORDS},
    ),
    Route(
        "POST",
        "/application-searches",
        ENROLLMENT["SearchApplications"],
        "Search applications by applicant",
        body=WHOLE,
        aliases=_LISTS,
        words={"status": _LIST_WORDS},
    ),
    Route(
        "POST",
        "/applications",
        ENROLLMENT["StartApplication"],
        "Start an application",
        body=WHOLE,
        success=201,
        location="/applications/{0.record_number}",
    ),
    Route("GET", APPLICATION, ENROLLMENT["GetApplication"], "One application"),
    _step("general", "general", "General Information"),
    _step("household", "household", "Household"),
    _step("plans", "plans", "Plan Selection"),
    _step("other-coverage", "other_coverage", "Other Coverage"),
    _step("signatures", "signatures", "Signatures"),
    Route(
        "GET",
        f"{APPLICATION}/effective-dates",
        ENROLLMENT["ListEffectiveDates"],
        "Possible effective dates, and why others are not",
    ),
    Route(
        "POST",
        f"{APPLICATION}/effective-date",
        ENROLLMENT["SetEffectiveDate"],
        "Calculate or choose the effective date",
        body=WHOLE,
        body_optional=True,
        if_match_required=True,
    ),
    Route(
        "GET",
        f"{APPLICATION}/plans",
        QUOTE["SearchPlans"],
        "Plans and premiums for the household of an application",
        query={name: name for name in _PLAN_SEARCH} | PAGE,
        basis_rpc=ENROLLMENT["GetRatingBasis"],
    ),
    Route(
        "GET",
        f"{APPLICATION}/plan-change",
        ENROLLMENT["CheckPlanChange"],
        "What choosing plans would change: premium and primary care providers",
        query={"medical_plan_id": "medical_plan_id", "dental_plan_id": "dental_plan_id"},
    ),
    Route("GET", f"{APPLICATION}/readiness", ENROLLMENT["GetReadiness"], "What is missing before submission"),
    Route(
        "POST",
        f"{APPLICATION}/submission",
        ENROLLMENT["SubmitApplication"],
        "Submit an application",
    ),
    Route(
        "POST",
        f"{APPLICATION}/cancellation",
        ENROLLMENT["CancelApplication"],
        "Cancel a submitted application before its effective date",
        body=WHOLE,
    ),
    Route(
        "POST",
        f"{APPLICATION}/termination",
        ENROLLMENT["TerminateCoverage"],
        "Terminate coverage that has begun",
        body=WHOLE,
    ),
    Route(
        "PUT",
        f"{APPLICATION}/contact",
        ENROLLMENT["ChangeContact"],
        "Change contact details of a submitted application",
        body=WHOLE,
        if_match_required=True,
    ),
    Route("GET", _REVIEWS, ENROLLMENT["ListReviews"], "The client's reviews of an application"),
    Route(
        "POST",
        _REVIEWS,
        ENROLLMENT["SendForReview"],
        "Make a link by which the client reviews and signs an application",
        body=WHOLE,
        body_optional=True,
        success=201,
        location="/applications/{0.review.record_number}/reviews/{0.review.review_id}",
    ),
    Route("GET", f"{_REVIEWS}/{{review_id}}", ENROLLMENT["GetReview"], "One review, with what the client signed"),
    Route(
        "DELETE",
        f"{_REVIEWS}/{{review_id}}",
        ENROLLMENT["RevokeReview"],
        "Close a review link, or note that the client withdrew the consent",
        success=204,
    ),
    Route("GET", f"{APPLICATION}/timeline", ENROLLMENT["GetTimeline"], "Timeline of an application", query=PAGE),
)
