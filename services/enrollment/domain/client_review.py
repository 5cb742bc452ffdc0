"""Domain: one review of an application by its client: a link, the proof that opens it, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chassis.kernel import Conflict, InvalidInput, NotFound
from services.enrollment.domain.enums import Step
from services.enrollment.domain.review_consent import ReviewConsent, ReviewParty
from services.enrollment.domain.reviewed_content import ReviewSection

# Two weeks to read it; most life events leave 60 days in all.
DEFAULT_DAYS = 14
# A client mistypes a birth date once or twice; five guesses at a date of birth and a name, or at a million codes, are
# worth nothing to anybody else.
MOST_WRONG_PROOFS = 5
# Far more than the fields of most applications; a limit, so that no link fills the database.
MOST_REMARKS = 100


class ReviewProof(StrEnum):
    """How a client shows that the link reached the right person."""

    BIRTH_DATE_AND_LAST_NAME = "birth_date_and_last_name"
    CODE = "code"


class ReviewStatus(StrEnum):
    SENT = "sent"
    OPENED = "opened"
    RETURNED = "returned"
    SIGNED = "signed"
    OUTDATED = "outdated"
    WITHDRAWN = "withdrawn"
    REVOKED = "revoked"
    LOCKED = "locked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ReviewRemark:
    """Something that the client marked as wrong; an empty ``field`` is the section as a whole."""

    step: Step
    field: str
    section: str
    person: int
    remark: str

    @property
    def place(self) -> tuple[str, int, str]:
        return self.section, self.person, self.field


def review_not_found() -> NotFound:
    """The same for a link that expired, was revoked, was locked or never was."""
    return NotFound("This link has expired or was withdrawn. Please ask your producer whether you need a new one.")


@dataclass(frozen=True, slots=True)
class ClientReview:
    """What opens the link is not kept: token and code are worked out from the id."""

    review_id: str
    record_number: str
    writing_number: str
    language: str
    proof: ReviewProof
    sent_at: datetime
    sent_by: str
    expires_at: datetime
    wrong_proofs: int = 0
    opened_at: datetime | None = None
    answered_at: datetime | None = None
    revoked_at: datetime | None = None
    remarks: tuple[ReviewRemark, ...] = ()
    consent: ReviewConsent | None = None
    # The canonical form of what was shown when it was signed; empty until then.
    shown: str = ""

    @property
    def is_locked(self) -> bool:
        return self.wrong_proofs >= MOST_WRONG_PROOFS

    def is_open(self, now: datetime) -> bool:
        return self.revoked_at is None and not self.is_locked and now < self.expires_at

    def status(self, now: datetime, *, holds: bool) -> ReviewStatus:
        """``holds``: the application still is as it was signed."""
        if self.consent:
            return self._signed(self.consent, holds)
        if self.answered_at:
            return ReviewStatus.RETURNED
        if self.revoked_at:
            return ReviewStatus.REVOKED
        if self.is_locked:
            return ReviewStatus.LOCKED
        if now >= self.expires_at:
            return ReviewStatus.EXPIRED
        return ReviewStatus.OPENED if self.opened_at else ReviewStatus.SENT

    @staticmethod
    def _signed(consent: ReviewConsent, holds: bool) -> ReviewStatus:
        if consent.withdrawn_at:
            return ReviewStatus.WITHDRAWN
        return ReviewStatus.SIGNED if holds else ReviewStatus.OUTDATED

    def count_wrong_proof(self) -> ClientReview:
        return replace(self, wrong_proofs=self.wrong_proofs + 1)

    def open(self, now: datetime) -> ClientReview:
        """With the right proof; who gave it may mistype it again another day."""
        return replace(self, wrong_proofs=0, opened_at=self.opened_at or now)

    def must_be_unanswered(self) -> None:
        if self.answered_at:
            message = "You have already answered by this link. If something has changed, ask your producer."
            raise Conflict(message, code="review_answered")

    def mark(self, remark: ReviewRemark) -> ClientReview:
        """With the remark in place of an earlier one on the same field; without text, without it."""
        self.must_be_unanswered()
        kept = [one for one in self.remarks if one.place != remark.place]
        if remark.remark:
            kept.append(remark)
        if len(kept) > MOST_REMARKS:
            message = f"You have made {MOST_REMARKS} remarks. Send these, or call your producer."
            raise Conflict(message, code="too_many_remarks")
        return replace(self, remarks=tuple(kept))

    def return_with_remarks(self, now: datetime) -> ClientReview:
        self.must_be_unanswered()
        if not self.remarks:
            raise Conflict("Nothing is marked as wrong yet. Mark it, or confirm the application.", code="no_remarks")
        return replace(self, answered_at=now)

    def sign(self, consent: ReviewConsent, shown: str) -> ClientReview:
        """``shown``: the canonical form of what the client saw."""
        return replace(self, answered_at=consent.signed_at, consent=consent, shown=shown)

    def must_have_no_remark(self) -> None:
        self.must_be_unanswered()
        if self.remarks:
            message = "Something is marked as wrong. Send your remarks, or remove them before you sign."
            raise Conflict(message, code="remarks_open")

    def revoke(self, now: datetime) -> ClientReview:
        """A second time changes nothing."""
        return self if self.revoked_at else replace(self, revoked_at=now)

    def withdraw(self, now: datetime, by: ReviewParty) -> ClientReview:
        if self.consent is None:
            message = "The application was not signed by this link, so there is no consent to withdraw."
            raise Conflict(message, code="review_not_signed")
        return replace(self, consent=self.consent.withdraw(now, by))


def new_review(
    review_id: str, record_number: str, writing_number: str, sent_by: str, now: datetime, settings: ReviewSettings
) -> ClientReview:
    """The link's last moment is a whole second, since its token holds no less."""
    expires = now.replace(microsecond=0) + timedelta(days=settings.days or DEFAULT_DAYS)
    language, proof = settings.language or "en", settings.proof
    return ClientReview(review_id, record_number, writing_number, language, proof, now, sent_by, expires)


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """How a link is made; an empty language is English, 0 days are the default."""

    language: str = ""
    proof: ReviewProof = ReviewProof.BIRTH_DATE_AND_LAST_NAME
    days: int = 0


def place_remark(
    sections: tuple[ReviewSection, ...], section: str, person: int, field: str, remark: str
) -> ReviewRemark:
    """Raises InvalidInput unless the section, and the field in it, is one that was shown."""
    for one in sections:
        if (one.key, one.person) == (section, person) and (not field or one.has_field(field)):
            step = next((line.step for line in one.lines if line.field == field), one.lines[0].step)
            return ReviewRemark(step, field, section, person, remark)
    raise InvalidInput.at("field", "This part of the application is not there any more. Reload the page.")
