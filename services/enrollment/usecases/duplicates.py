"""Use cases: what else is known of the people of an application, and why it stands beside that (R14)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from chassis.kernel import Caller, InvalidInput, NotReady
from services.enrollment.domain.application import Application
from services.enrollment.domain.client import Profile
from services.enrollment.domain.duplicates import Duplicate, Explanation, NewApplicationReason
from services.enrollment.usecases.application_service import ApplicationService, ApplicationView
from services.enrollment.usecases.ports import EnrollmentUnitOfWork


class Choice(StrEnum):
    """The pop-up's two buttons (R14)."""

    CREATE_NEW = "create_new"
    RESUME = "resume"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was chosen; ``record_number`` names the one to resume, empty for the newest."""

    choice: Choice | None = None
    reason: NewApplicationReason | None = None
    record_number: str = ""


class Undecided(Exception):
    """Leaves the transaction without a trace, so that the idempotency key stays free for the answer."""

    def __init__(self, duplicates: list[Duplicate]) -> None:
        self.duplicates = duplicates


@dataclass(frozen=True, slots=True)
class ChoiceNeeded:
    """Nothing was started yet; ``duplicates`` are what to choose from."""

    duplicates: list[Duplicate]

    @property
    def newest_to_resume(self) -> str:
        return _newest_to_resume(self.duplicates)


def decide(
    work: EnrollmentUnitOfWork, writing_number: str, profile: Profile | None, quote_id: str, year: int, answer: Answer
) -> str | Explanation | None:
    """The record number to resume, or why a new application is started, or None when nothing stands in its way.

    Raises Undecided when it has to be asked, and InvalidInput when the reason for a new one is missing.
    """
    at_start = work.duplicates.at_start(writing_number, profile, quote_id)
    found = [one for one in at_start if one.asks_before(year)]
    if not found:
        return None
    if answer.choice is Choice.CREATE_NEW:
        if answer.reason is None:
            raise InvalidInput.at("reason", "Say why a second application for this person is needed.", rule="R14")
        return Explanation(answer.reason, tuple(one.record_number for one in found))
    resumable = {one.record_number for one in found if one.can_be_resumed}
    wanted = answer.record_number or _newest_to_resume(found)
    if answer.choice is Choice.RESUME and wanted in resumable:
        return wanted
    raise Undecided(found)


@dataclass(frozen=True, slots=True)
class FindDuplicates:
    service: ApplicationService

    def __call__(self, caller: Caller, record_number: str) -> tuple[list[Duplicate], Explanation | None]:
        """Surest first, quotes last; and how the application was explained, if it was."""
        with self.service.transactions() as work:
            app = self.service.find(work, caller, record_number)
            return work.duplicates.of(app), app.explained


@dataclass(frozen=True, slots=True)
class ExplainDuplicates:
    service: ApplicationService

    def __call__(
        self, caller: Caller, record_number: str, version: int, reason: NewApplicationReason | None
    ) -> ApplicationView:
        if reason is None:
            raise InvalidInput.at("reason", "Choose one of the reasons that are offered.", rule="R14")
        service = self.service.begin()
        with service.transactions() as work:
            app = service.find(work, caller, record_number, for_update=True)
            app.must_be_version(version)
            app.must_be_open(service.circumstances(app).today)
            explained = app.changed(service.now(), explained=_explanation(work, app, reason))
            missing = service.save(work, explained, read_version=version)
            summary = f"Kept {explained.explained}."
            service.record(work, caller.subject, explained, "application.explained", summary)
        return service.view(explained, missing)


def _explanation(work: EnrollmentUnitOfWork, app: Application, reason: NewApplicationReason) -> Explanation:
    others = [one.record_number for one in work.duplicates.of(app) if one.record_number]
    numbers = dict.fromkeys([*others, *(duplicate.record_number for duplicate in work.duplicates.sent(app))])
    if not numbers:
        raise NotReady("No other application with these people is known: there is nothing to explain.")
    return Explanation(reason, tuple(numbers))


def _newest_to_resume(found: list[Duplicate]) -> str:
    open_ones = [one.record_number for one in found if one.can_be_resumed]
    return max(open_ones, key=lambda number: int(number.removeprefix("A-")), default="")
