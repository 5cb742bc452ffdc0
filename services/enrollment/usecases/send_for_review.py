"""Use case: make a link by which the client reviews and signs an application."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.kernel import Command, NotReady, new_id, run_once
from services.enrollment.domain.application import Application
from services.enrollment.domain.client_review import ReviewProof, ReviewSettings, new_review, review_not_found
from services.enrollment.domain.review_links import ReviewLinks
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.ports import EnrollmentUnitOfWork
from services.enrollment.usecases.reviews import ReviewView, view_review

# How the application is authorized may be answered by the review itself, and its signature comes by it (R39-R41).
_AUTHORIZATION = ("household.authorization", "household.terms_version", "client_review")


@dataclass(frozen=True, slots=True)
class SentReview:
    """``url`` and ``code`` are told here alone; ``code`` is empty unless the proof is one."""

    view: ReviewView
    url: str
    code: str


@dataclass(frozen=True, slots=True)
class SendForReview:
    """For the application's own producer and delegates. Open links of before are closed: one is open at a time."""

    service: ApplicationService
    links: ReviewLinks

    def __call__(self, command: Command, record_number: str, settings: ReviewSettings) -> SentReview:
        """The same key gives the same link. Raises NotReady, with everything that is missing, and makes none then."""
        service = self.service.begin()
        with service.transactions() as work:
            app = service.find(work, command.caller, record_number, for_update=True)
            made = run_once(work, command, lambda: _send(service, work, app, command, settings))
            review = work.client_reviews.get(made)
            if review is None:
                raise review_not_found()
        code = self.links.make_code(review) if review.proof is ReviewProof.CODE else ""
        return SentReview(view_review(review, app, service.now()), self.links.make_url(review), code)


def _send(
    service: ApplicationService,
    work: EnrollmentUnitOfWork,
    app: Application,
    command: Command,
    settings: ReviewSettings,
) -> str:
    now, number = service.now(), app.producer.writing_number
    app.must_be_open(app.today(now))
    missing = [one for one in service.find_missing(work, app) if one.problem.field not in _AUTHORIZATION]
    if missing:
        message = "Complete the application first, then send it to the client. Nothing was sent."
        raise NotReady(message, problems=tuple(one.problem for one in missing))
    for earlier in work.client_reviews.of_application(app.record_number):
        if earlier.is_open(now) and earlier.consent is None:
            work.client_reviews.save(earlier.revoke(now))
    review = new_review(new_id(), app.record_number, number, command.caller.subject, now, settings)
    work.client_reviews.add(review)
    service.record(work, command.caller.subject, app, "review.sent", "Sent to the client for review.")
    return review.review_id
