"""Use case: keep what the client marks as wrong while the application is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from services.enrollment.domain.client_review import ReviewRemark, place_remark
from services.enrollment.domain.review_links import ReviewLinks
from services.enrollment.domain.reviewed_content import list_review_sections
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.reviews import LinkCredentials, find_opened_review


@dataclass(frozen=True, slots=True)
class ReviewField:
    """A section that was shown, and one of its fields; an empty field is the section as a whole."""

    section: str
    person: int
    field: str


@dataclass(frozen=True, slots=True)
class SaveReviewRemark:
    """One remark for each field; an empty one takes it back. The producer learns of them once they are sent."""

    service: ApplicationService
    links: ReviewLinks

    def __call__(self, credentials: LinkCredentials, place: ReviewField, remark: str) -> Sequence[ReviewRemark]:
        """All remarks of the review. Raises Conflict once it was answered and when the application can no longer be
        submitted, InvalidInput for a place not shown.
        """
        service = self.service.begin()
        with service.transactions() as work:
            review, app = find_opened_review(service, work, self.links, credentials, for_update=True)
            sections = list_review_sections(app)
            marked = review.mark(place_remark(sections, place.section, place.person, place.field, remark))
            app.must_be_open(app.today(service.now()))
            work.client_reviews.save(marked)
            return marked.remarks
