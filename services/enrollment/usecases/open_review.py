"""Use case: open a review link with the client's proof."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from datetime import date

from chassis.kernel import InvalidInput, Problem
from services.enrollment.domain.application import Application
from services.enrollment.domain.client_review import ClientReview, ReviewProof, review_not_found
from services.enrollment.domain.review_links import ReviewLinks
from services.enrollment.domain.review_signing import is_applicant
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.ports import EnrollmentUnitOfWork
from services.enrollment.usecases.reviews import CLIENT


@dataclass(frozen=True, slots=True)
class GivenProof:
    """As the person typed it; what the review does not ask for is not read."""

    date_of_birth: date | None = field(default=None, repr=False)
    last_name: str = field(default="", repr=False)
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """``access`` is empty when no proof was given, which only asks what has to be."""

    review: ClientReview
    access: str


@dataclass(frozen=True, slots=True)
class OpenReview:
    """The gateway asks, in the name of whoever holds the link. Five wrong proofs in a row close it for good."""

    service: ApplicationService
    links: ReviewLinks

    def __call__(self, token: str, proof: GivenProof) -> OpenedReview:
        """Raises NotFound, always the same, for a link that does not work, InvalidInput for a wrong proof.

        A wrong proof is counted, and so committed, before it is refused.
        """
        service = self.service.begin()
        now = service.now()
        review_id = self.links.read_token(token, now)
        with service.transactions() as work:
            review = work.client_reviews.get(review_id, lock=True)
            app = work.applications.get(review.record_number) if review else None
            if review is None or app is None or not review.is_open(now):
                raise review_not_found()
            if not _is_given(review, proof):
                return OpenedReview(review, "")
            if self._is_right(review, app, proof):
                return OpenedReview(self._open(service, work, review, app), self.links.make_access(review, now))
            is_locked = _count(service, work, review, app)
        raise review_not_found() if is_locked else _wrong(review)

    def _is_right(self, review: ClientReview, app: Application, proof: GivenProof) -> bool:
        if review.proof is ReviewProof.CODE:
            digits = re.sub(r"[\s-]", "", proof.code)
            return hmac.compare_digest(self.links.make_code(review).encode(), digits.encode())
        return is_applicant(app, proof.date_of_birth, proof.last_name)

    @staticmethod
    def _open(
        service: ApplicationService, work: EnrollmentUnitOfWork, review: ClientReview, app: Application
    ) -> ClientReview:
        opened = review.open(service.now())
        work.client_reviews.save(opened)
        if review.opened_at is None:
            service.record(work, CLIENT, app, "review.opened", "The client opened the review link.")
        return opened


def _is_given(review: ClientReview, proof: GivenProof) -> bool:
    if review.proof is ReviewProof.CODE:
        return bool(proof.code)
    return bool(proof.date_of_birth or proof.last_name)


def _count(service: ApplicationService, work: EnrollmentUnitOfWork, review: ClientReview, app: Application) -> bool:
    """Whether this was one wrong proof too many."""
    counted = review.count_wrong_proof()
    work.client_reviews.save(counted)
    if counted.is_locked:
        summary = "The review link was closed after too many wrong answers. Check who has it, then send a new one."
        service.record(work, CLIENT, app, "review.locked", summary)
    return counted.is_locked


def _wrong(review: ClientReview) -> InvalidInput:
    """Which of the two is wrong is not said."""
    if review.proof is ReviewProof.CODE:
        return InvalidInput.at("code", "This is not the code. Check it and try again.", code="proof_differs")
    message = "Date of birth and last name do not match the application. Check both and try again."
    problems = Problem("date_of_birth", message), Problem("last_name", message)
    return InvalidInput(message, code="proof_differs", problems=problems)
