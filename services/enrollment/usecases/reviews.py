"""Use cases: what all those of client reviews share."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from services.enrollment.domain.application import Application
from services.enrollment.domain.client_review import ClientReview, ReviewStatus, review_not_found
from services.enrollment.domain.review_consent import ReviewParty
from services.enrollment.domain.review_links import ReviewLinks
from services.enrollment.domain.review_signing import is_as_signed
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.ports import EnrollmentUnitOfWork

# Who acts in the timeline: the person who opened the link, known by the review alone.
CLIENT = "client"


@dataclass(frozen=True, slots=True)
class ReviewView:
    """A review as it stands now; its consent says whether the application still is as it was signed.

    ``state``: of the application.
    """

    review: ClientReview
    status: ReviewStatus
    state: str


@dataclass(frozen=True, slots=True)
class LinkCredentials:
    """What a client's call carries: the token of the link's address, and the access that opening it gave."""

    token: str
    access: str


def view_review(review: ClientReview, app: Application, now: datetime) -> ReviewView:
    consent = review.consent
    if consent is None:
        return ReviewView(review, review.status(now, holds=False), app.state)
    holds = is_as_signed(app, consent)
    as_held = replace(review, consent=replace(consent, holds=holds))
    return ReviewView(as_held, review.status(now, holds=holds), app.state)


def find_opened_review(
    service: ApplicationService,
    work: EnrollmentUnitOfWork,
    links: ReviewLinks,
    credentials: LinkCredentials,
    *,
    for_update: bool = False,
) -> tuple[ClientReview, Application]:
    """The review of a link that the client has opened, with its application; locked in that order: application first.

    Raises NotFound, always the same, for a link that does not work, and Forbidden when it has to be opened again.
    """
    now = service.now()
    review_id = links.read_token(credentials.token, now)
    found = work.client_reviews.get(review_id)
    app = work.applications.get(found.record_number, for_update=for_update) if found else None
    review = work.client_reviews.get(review_id, lock=True) if for_update else found
    if review is None or app is None or not review.is_open(now):
        raise review_not_found()
    links.check_access(credentials.access, review_id, now)
    return review, app


def withdraw_consent(
    service: ApplicationService, work: EnrollmentUnitOfWork, review: ClientReview, app: Application, by: ReviewParty
) -> Application | None:
    """Of the review, and of the application where that is the review that it was signed by; None when it was before."""
    now = service.now()
    withdrawn = review.withdraw(now, by)
    if withdrawn == review:
        return None
    work.client_reviews.save(withdrawn)
    held = app.client_review
    if held is None or held.review_id != review.review_id:
        return app
    changed = app.changed(now, client_review=held.withdraw(now, by))
    service.save(work, changed, read_version=app.version)
    return changed
