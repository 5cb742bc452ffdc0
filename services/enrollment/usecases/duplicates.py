"""What the use cases that start an application share: resume a duplicate, or start another one (R14)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel import InvalidInput
from services.enrollment.domain.client import ClientProfile
from services.enrollment.domain.duplicates import Duplicate, DuplicateExplanation, NewApplicationReason
from services.enrollment.usecases.ports import EnrollmentUnitOfWork


class DuplicateChoice(StrEnum):
    """The pop-up's two buttons (R14)."""

    CREATE_NEW = "create_new"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class DuplicateAnswer:
    """What was chosen; ``record_number`` names the one to resume, empty for the newest."""

    choice: DuplicateChoice | None = None
    reason: NewApplicationReason | None = None
    record_number: str = ""


class DuplicatesUndecided(Exception):
    """Leaves the transaction without a trace, so that the idempotency key stays free for the answer."""

    def __init__(self, duplicates: list[Duplicate]) -> None:
        self.duplicates = duplicates


@dataclass(frozen=True, slots=True)
class DuplicateChoiceNeeded:
    """Nothing was started yet; ``duplicates`` are what to choose from."""

    duplicates: list[Duplicate]

    @property
    def newest_to_resume(self) -> str:
        return _newest_to_resume(self.duplicates)


def decide_on_duplicates(
    work: EnrollmentUnitOfWork,
    writing_number: str,
    profile: ClientProfile | None,
    quote_id: str,
    year: int,
    answer: DuplicateAnswer,
) -> str | DuplicateExplanation | None:
    """The record number to resume, or why a new application is started, or None when nothing stands in its way.

    Raises DuplicatesUndecided when it has to be asked, and InvalidInput when the reason for a new one beside a
    submitted one is missing; beside one that was only started the guide asks for none.
    """
    at_start = work.duplicates.at_start(writing_number, profile, quote_id)
    found = [one for one in at_start if one.asks_before(year)]
    if not found:
        return None
    if answer.choice is DuplicateChoice.CREATE_NEW:
        if answer.reason is None and any(one.was_sent for one in found):
            message = "An application for this person was submitted already. Choose the reason for a second one."
            raise InvalidInput.at("reason", message, rule="R14")
        reason = answer.reason or NewApplicationReason.OTHER
        return DuplicateExplanation(reason, tuple(one.record_number for one in found))
    resumable = {one.record_number for one in found if one.can_be_resumed}
    wanted = answer.record_number or _newest_to_resume(found)
    if answer.choice is DuplicateChoice.RESUME and wanted in resumable:
        return wanted
    raise DuplicatesUndecided(found)


def _newest_to_resume(found: list[Duplicate]) -> str:
    open_ones = [one.record_number for one in found if one.can_be_resumed]
    return max(open_ones, key=lambda number: int(number.removeprefix("A-")), default="")
