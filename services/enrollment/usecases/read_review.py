"""Use case: what the client sees by an opened review link."""

from __future__ import annotations

from dataclasses import dataclass

from services.enrollment.domain.application import Application, is_open
from services.enrollment.domain.canonical_form import hash_form, read_canonical_form, write_canonical_form
from services.enrollment.domain.first_payment import MonthDue
from services.enrollment.domain.review_consent import ReviewedText
from services.enrollment.domain.review_links import ReviewLinks
from services.enrollment.domain.review_signing import ExpectedSigner, list_signers, list_texts
from services.enrollment.domain.reviewed_content import ReviewSection, list_review_sections
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.reviews import LinkCredentials, ReviewView, find_opened_review, view_review


@dataclass(frozen=True, slots=True)
class ShownReview:
    """``sections``: the application as it stands; of a signed review, as it was signed. ``months_due``: as of today.

    ``closed``: it can no longer be signed.
    """

    view: ReviewView
    application: Application
    sections: tuple[ReviewSection, ...]
    sha256: str
    texts: tuple[ReviewedText, ...]
    signers: tuple[ExpectedSigner, ...]
    months_due: tuple[MonthDue, ...]
    closed: bool


@dataclass(frozen=True, slots=True)
class ReadReview:
    service: ApplicationService
    links: ReviewLinks

    def __call__(self, credentials: LinkCredentials) -> ShownReview:
        """Raises NotFound for a link that does not work, and Forbidden when it has to be opened again."""
        service = self.service.begin()
        with service.transactions() as work:
            review, app = find_opened_review(service, work, self.links, credentials)
        sections = read_canonical_form(review.shown) or list_review_sections(app)
        digest = hash_form(write_canonical_form(app.record_number, sections))
        texts = review.consent.texts if review.consent else list_texts(app, service.circumstances(app).pack)
        view = view_review(review, app, service.now())
        due = app.months_due(app.today(service.now()))
        return ShownReview(view, app, sections, digest, texts, list_signers(app), due, not is_open(app, service.now()))
