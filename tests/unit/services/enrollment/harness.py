"""Enrollment with everything real but its surroundings: store, quote, pcp and payment are stand-ins here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from suite.enrollment.v1 import application_pb2 as pb
from suite.enrollment.v1 import enrollment_service_pb2 as service
from suite.enrollment.v1 import steps_pb2

from chassis.kernel import Caller, FixedClock
from chassis.paging import PageTokens
from services.enrollment.__main__ import build_use_cases
from services.enrollment.contract.service import EnrollmentContract
from services.enrollment.contract.stored_bounds import find_stored_out_of_bounds
from services.enrollment.domain.carrier_grants import CarrierGrant
from services.enrollment.domain.events import SubmissionRequested
from services.enrollment.domain.review_links import ReviewLinks
from services.enrollment.domain.steps import Address
from services.enrollment.rulebook import Rulebook
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.on_document_rendered import OnDocumentRendered
from services.enrollment.usecases.on_payment_changed import OnPaymentChanged
from services.enrollment.usecases.on_policy_decided import OnPolicyDecided
from services.enrollment.usecases.on_proof_added import OnProofAdded
from services.enrollment.usecases.on_quote_created import OnQuoteCreated
from services.enrollment.usecases.retry_stuck_submissions import RetryStuckSubmissions
from services.enrollment.usecases.run_submission import RunSubmission
from tests.unit.services.enrollment.samples import DENTAL, HMO, PRODUCER, general, household
from tests.unit.services.enrollment.service_fakes import FakeOutcomes, FakePayments, FakeProviders, FakeQuotes
from tests.unit.services.enrollment.store_fakes import FakeWork, State

# Read once: parsing the packs takes longer than most tests.
BOOK = Rulebook().loaded()
LINKS = ReviewLinks(b"a made-up key of thirty-two bytes", "https://portal.example")


class EnrollmentHarness:
    """The contract on stand-ins, and short ways to call it."""

    def __init__(self, today: str) -> None:
        self.clock = FixedClock.at(today)
        self.work = FakeWork()
        self.quotes, self.providers, self.payments = FakeQuotes(), FakeProviders(), FakePayments()
        self.service = ApplicationService(self.work, self.clock, BOOK, "Call 800-555-0100.", find_stored_out_of_bounds)
        self.run = RunSubmission(self.service, self.quotes, self.providers, self.payments)
        self.on_payment_changed = OnPaymentChanged(self.service)
        self.queued = 0
        self.retry_stuck_submissions = RetryStuckSubmissions(self.service, lambda: self.queued)
        self.on_quote_created = OnQuoteCreated(self.service, self.quotes)
        self.on_proof_added, self.on_document_rendered = OnProofAdded(self.service), OnDocumentRendered(self.service)
        outcomes = FakeOutcomes(self.work_off)
        self.grants: dict[str, CarrierGrant] = {}
        self.on_policy_decided = OnPolicyDecided(self.service)
        others = self.quotes, self.providers, self.payments
        built = build_use_cases(self.service, *others, self.known_addresses, LINKS, self.grants, outcomes)
        submit = replace(built.submit_application, patience=0.2)
        use_cases = replace(built, submit_application=submit)
        self.contract = EnrollmentContract(use_cases, PageTokens.with_key(bytes(32)))
        self.worker_runs = True
        self.addresses: list[Address] = []
        self.keys = 0

    def known_addresses(self, text: str, state: str, limit: int) -> list[Address]:
        return self.addresses[:limit]

    @property
    def state(self) -> State:
        return self.work.state

    def work_off(self, _seconds: float = 0) -> None:
        """The worker: hears every submission that was asked for."""
        for place, event in enumerate(list(self.work.events)):
            if self.worker_runs and isinstance(event, SubmissionRequested):
                self.run("enrollment.submission", f"message-{place}", event.record_number, event.attempt)

    def key(self) -> str:
        self.keys += 1
        return f"key-{self.keys:08d}"

    def call(self, method: str, request: Any, caller: Caller = PRODUCER) -> Any:
        return self.contract.handle(self.contract.descriptor.methods_by_name[method], request, caller)

    def _application(self, method: str, request: Any, caller: Caller = PRODUCER) -> pb.Application:
        found: pb.Application = self.call(method, request, caller).application
        return found

    def start(self) -> pb.Application:
        request = service.StartApplicationRequest(idempotency_key=self.key(), writing_number="220002580")
        return self._application("StartApplication", request)

    def enroll(
        self, choice: Any = 0, caller: Caller = PRODUCER, key: str = "", **answer: Any
    ) -> service.StartEnrollmentResponse:
        request = service.StartEnrollmentRequest(
            idempotency_key=key or self.key(), quote_id="q-1", choice=choice, **answer
        )
        found: service.StartEnrollmentResponse = self.call("StartEnrollment", request, caller)
        return found

    def save(self, app: pb.Application, caller: Caller = PRODUCER, **step: Any) -> pb.Application:
        request = service.SaveStepRequest(record_number=app.record_number, version=app.version, **step)
        return self._application("SaveStep", request, caller)

    def calculate(self, app: pb.Application, wanted: str = "", **event: str) -> pb.Application:
        request = service.SetEffectiveDateRequest(
            record_number=app.record_number, version=app.version, effective_date=wanted, **event
        )
        return self._application("SetEffectiveDate", request)

    def get(self, app: pb.Application) -> pb.Application:
        return self._application("GetApplication", service.GetApplicationRequest(record_number=app.record_number))

    def missing(self, app: pb.Application) -> list[tuple[int, str]]:
        answer = self.call("GetReadiness", service.GetReadinessRequest(record_number=app.record_number))
        return [(one.step, one.field) for one in answer.missing]

    def submit(self, app: pb.Application, key: str = "", version: int = 0) -> pb.Application:
        request = service.SubmitApplicationRequest(
            idempotency_key=key or self.key(), record_number=app.record_number, version=version
        )
        return self._application("SubmitApplication", request)

    def complete(self, plan: str = HMO, event: str = "2026-05-10", **changes: Any) -> pb.Application:
        """An application to which nothing is missing: born on ``event``, seen on 20 May 2026."""
        app = self.start()
        app = self.save(app, general=general(("birth", event)))
        app = self.calculate(app)
        app = self.save(app, household=household(event, **changes))
        app = self.save(app, plans=steps_pb2.PlansStep(medical_plan_id=plan, dental_plan_id=DENTAL))
        return self.save(app, signatures=steps_pb2.SignaturesStep(payment_choice=steps_pb2.PAYMENT_CHOICE_PAY_NOW))
