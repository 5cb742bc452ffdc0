"""Use case: read a submitted application for one carrier, under its grant."""

from __future__ import annotations

from dataclasses import dataclass, replace

from chassis.kernel import Caller, NotFound, Unavailable
from services.enrollment.domain.carrier_grants import CarrierGrants, FieldGroup
from services.enrollment.domain.enums import Status
from services.enrollment.domain.submission import Submission, read_submission
from services.enrollment.usecases.application_service import ApplicationService
from services.enrollment.usecases.ports import PaymentService


@dataclass(frozen=True, slots=True)
class GetSubmission:
    """Every reading stands in the timeline. Numbers are unsealed for a carrier with a grant for them alone."""

    service: ApplicationService
    payments: PaymentService
    grants: CarrierGrants

    def __call__(self, caller: Caller, record_number: str, carrier: str) -> Submission:
        """Raises NotFound for what is none of the carrier's, as for what does not exist."""
        grant = self.grants.get(carrier)
        with self.service.transactions() as work:
            app = work.applications.get(record_number)
            if grant is None or app is None or app.status not in (Status.SUBMITTED, Status.CANCELLED):
                raise _not_found()
            ssns = work.applications.unseal_ssns(record_number) if FieldGroup.SSN in grant.field_groups else {}
            submission = read_submission(app, grant, ssns)
            if submission is None:
                raise _not_found()
            read = ", ".join(group.replace("_", " ") for group in submission.field_groups) or "no field groups"
            self.service.record(
                work, caller.subject, app, "submission.read", f"The submission was read for {carrier}: {read}."
            )
        return replace(submission, payment_transaction_id=self._find_payment(record_number))

    def _find_payment(self, record_number: str) -> str:
        """Outside the transaction: no lock is held while another service is asked."""
        try:
            return self.payments.find(record_number).transaction_id
        except (NotFound, Unavailable):
            return ""


def _not_found() -> NotFound:
    return NotFound("No submission with this record number is available to this carrier.")
